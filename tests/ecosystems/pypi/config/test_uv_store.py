"""uv's own store of credentials: what it gives, to whom. The cases were tried with uv 0.13."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from support.pypi_configs import index, machine, referred

URL = "https://registry.example/team/simple/"
RIGHT = "Basic " + b64encode(b"u:p").decode()


def entry(service, user="u", password="p"):
    return f'[[credential]]\nservice = "{service}"\nusername = "{user}"\npassword = "{password}"\n'


def sent(folder: Path, text: str, url=URL, *, tool="uv", environ=None, **fields):
    (folder / "credentials.toml").write_text(text, encoding="utf-8")
    around = machine({"UV_CREDENTIALS_DIR": str(folder), **(environ or {})})
    found = referred(index(url, **fields), tools=(tool,), around=around)
    return found.authorization.value if found.authorization is not None else None


@pytest.mark.parametrize("service", [URL, URL.rstrip("/"), "https://registry.example"])
def test_what_is_stored_for_an_address_goes_to_all_below_it(service, tmp_path):
    assert sent(tmp_path, entry(service)) == RIGHT


@pytest.mark.parametrize(
    "service",
    [
        "http://registry.example",
        "https://registry.example:8443",
        "https://other.example",
        "https://example",
        "https://registry.example/tea",
        "https://registry.example/team/simple/left",
        "registry.example",
        "",
    ],
)
def test_and_to_no_other(service, tmp_path):
    assert sent(tmp_path, entry(service)) is None


def test_the_nearest_address_counts(tmp_path):
    wrong, right = entry("https://registry.example", "x", "y"), entry(URL)
    assert sent(tmp_path, wrong + right) == RIGHT
    assert sent(tmp_path, right + wrong) == RIGHT


def test_of_several_users_the_one_that_the_address_names_counts(tmp_path):
    text = entry(URL, "x", "y") + entry(URL)
    assert sent(tmp_path, text) is None
    assert sent(tmp_path, text, URL.replace("//", "//u@")) == RIGHT


def test_what_else_is_said_stands_over_it(tmp_path):
    text = entry(URL, "x", "y")
    assert sent(tmp_path, text, URL.replace("//", "//u:p@")) == RIGHT
    netrc = tmp_path / "netrc"
    netrc.write_text("machine registry.example login u password p\n")
    assert sent(tmp_path, text, environ={"NETRC": str(netrc)}) == RIGHT


def test_a_token_is_shown_as_one(tmp_path):
    text = f'[[credential]]\nservice = "{URL}"\nscheme = "bearer"\ntoken = "t0ken"\n'
    assert sent(tmp_path, text) == "Bearer t0ken"
    assert sent(tmp_path, text.replace("t0ken", r"t\r\nx: y")) is None
    assert sent(tmp_path, text.replace("bearer", "other")) is None


@pytest.mark.parametrize("tool", ["pip", "poetry", "pdm", "pipenv"])
def test_no_other_tool_looks_into_it(tool, tmp_path):
    assert sent(tmp_path, entry(URL), tool=tool) is None


@pytest.mark.parametrize("text", ["[[credential", "credential = 1", "credential = [1]", "\x00"])
def test_one_that_cannot_be_read_says_nothing(text, tmp_path):
    assert sent(tmp_path, text) is None


@pytest.mark.parametrize(
    ("platform", "folder"),
    [
        ("linux", ".local/share/uv/credentials"),
        ("darwin", ".local/share/uv/credentials"),
        ("win32", "AppData/Roaming/uv/data/credentials"),
    ],
)
def test_where_it_is(platform, folder, tmp_path):
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "credentials.toml").write_text(entry(URL))
    around = machine(home=tmp_path, platform=platform)
    assert referred(index(URL), tools=("uv",), around=around).authorization.value == RIGHT


def test_an_index_that_never_authenticates_gets_what_its_address_has_alone(tmp_path):
    never = {"is_credentialed": False}
    assert sent(tmp_path, entry(URL), **never) is None
    assert sent(tmp_path, "", URL.replace("//", "//u:p@"), **never) == RIGHT
    netrc = tmp_path / "netrc"
    netrc.write_text("machine registry.example login u password p\n")
    assert sent(tmp_path, "", environ={"NETRC": str(netrc)}, **never) is None

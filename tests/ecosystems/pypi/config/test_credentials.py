"""Whom a credential goes to, and whom never."""

from __future__ import annotations

from base64 import b64encode

import pytest

from registry_lsp.core.packages import Transport
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import REQUIREMENTS
from registry_lsp.endpoints import PYPI_INDEX
from support.pypi_configs import arrange, index, machine, referred

URL = "https://registry.example/simple/"
TOOLS = ["pip", "uv", "poetry", "pdm", "pipenv"]
NETRC = "machine registry.example login u password n3trc\ndefault login any password d3fault\n"


def header(user, password):
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def sent(url=URL, *, tool="pip", name=None, to=None, **fields):
    """The header that goes to an index of the manifest's."""
    found = referred(index(url, name=name), tools=(tool,), around=machine(**fields), to=to)
    return found.authorization.value if found.authorization is not None else None


def of_user(tool, url):
    """An environment in which the user's own word names *url*."""
    variables = {"pip": "PIP_INDEX_URL", "uv": "UV_DEFAULT_INDEX", "pdm": "PDM_PYPI_URL"}
    return {variables[tool]: url}


# --- netrc ------------------------------------------------------------------------------------


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("file", [".netrc", "_netrc"])
def test_the_netrc_has_credentials_by_host(tool, file, tmp_path):
    (tmp_path / file).write_text(NETRC)
    assert sent(tool=tool, home=tmp_path) == header("u", "n3trc")
    assert sent("https://other.example/simple/", tool=tool, home=tmp_path) is None


def test_the_environment_names_another_netrc(tmp_path):
    (tmp_path / "mine").write_text(NETRC)
    assert sent(environ={"NETRC": str(tmp_path / "mine")}) == header("u", "n3trc")


def test_the_netrcs_default_goes_where_the_users_own_word_leads_only(tmp_path):
    (tmp_path / ".netrc").write_text(NETRC)
    other = "https://other.example/simple/"
    around = machine(of_user("pip", other), home=tmp_path)
    found = referred(tools=("pip",), around=around)
    assert found.authorization.value == header("any", "d3fault")
    assert sent(other, home=tmp_path) is None
    assert sent(other, home=tmp_path, trusted=True) == header("any", "d3fault")


def test_a_strangers_address_leads_the_netrc_over_no_line_that_others_read(tmp_path):
    (tmp_path / ".netrc").write_text(NETRC + "machine 127.0.0.1 login u password l00p\n")
    plain = URL.replace("https", "http")
    assert sent(plain, home=tmp_path) is None
    assert sent(plain, home=tmp_path, trusted=True) == header("u", "n3trc")
    around = machine(of_user("pip", plain), home=tmp_path)
    assert referred(tools=("pip",), around=around).authorization.value == header("u", "n3trc")
    assert sent("http://127.0.0.1:8080/simple/", home=tmp_path) == header("u", "l00p")


@pytest.mark.parametrize("text", ["machine", "machine x login", "\x00", "macdef x"])
def test_a_netrc_that_cannot_be_read_says_nothing(text, tmp_path):
    (tmp_path / ".netrc").write_text(text)
    assert sent(home=tmp_path) is None


def test_what_stands_in_the_address_stands_over_the_netrc(tmp_path):
    (tmp_path / ".netrc").write_text(NETRC)
    url = URL.replace("//", "//{}@")
    assert sent(url.format("a:b"), home=tmp_path) == header("a", "b")
    assert sent(url.format("u"), home=tmp_path) == header("u", "n3trc")
    assert sent(url.format("other"), home=tmp_path) == header("other", "")


@pytest.mark.parametrize(
    ("url", "is_sent"),
    [
        ("https://registry.example/simple/more/", True),
        ("https://registry.example/simpler/", False),
        ("https://registry.example/", False),
        ("http://registry.example/simple/more/", False),
        ("https://registry.example:8443/simple/more/", False),
        ("https://other.example/simple/more/", False),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_pip_has_an_indexs_credential_for_another_one_below_it(url, is_sent, is_first):
    own = index(url, role="extra")
    environ = {"PIP_INDEX_URL": URL.replace("//", "//u:p@"), "PIP_EXTRA_INDEX_URL": ""}
    if not is_first:
        environ["PIP_EXTRA_INDEX_URL"] = environ["PIP_INDEX_URL"]
        environ["PIP_INDEX_URL"] = "https://third.example/simple/"
    found = referred(own, tools=("pip",), around=machine(environ))
    *_, last = found.in_turn()
    assert last.url == url
    assert (last.authorization is not None) is is_sent


# --- what is set for a name -------------------------------------------------------------------

BY_NAME = {
    "uv": {"UV_INDEX_MY_CORP_USERNAME": "u", "UV_INDEX_MY_CORP_PASSWORD": "s3cret"},
    "poetry": {
        "POETRY_HTTP_BASIC_MY_CORP_USERNAME": "u",
        "POETRY_HTTP_BASIC_MY_CORP_PASSWORD": "s3cret",
    },
}


@pytest.mark.parametrize("tool", BY_NAME)
@pytest.mark.parametrize("to", [None, "my-corp"])
def test_a_stranger_gets_no_credential_for_calling_its_index_by_a_known_name(tool, to):
    fields = {"tool": tool, "name": "my-corp", "environ": BY_NAME[tool], "to": to}
    assert sent(**fields) is None
    assert sent(**fields, trusted=True) == header("u", "s3cret")
    withheld = referred(
        index(URL, name="my-corp"), tools=(tool,), around=machine(BY_NAME[tool]), to=to
    )
    assert withheld.is_withheld  # and it can be told
    other = referred(index(URL, name="other"), tools=(tool,), around=machine(BY_NAME[tool]))
    assert not other.is_withheld


def test_uvs_credential_goes_to_the_index_that_the_users_own_word_calls_so(tmp_path):
    around = machine({"UV_INDEX": f"my.corp={URL}", **BY_NAME["uv"]})
    assert referred(tools=("uv",), around=around).authorization.value == header("u", "s3cret")
    text = f'[[index]]\nname = "my-corp"\nurl = "{URL}"\n'
    arrange(tmp_path, home___DOT_config__uv__uv_DOT_toml=text)
    around = machine(BY_NAME["uv"], home=tmp_path / "home")
    assert referred(tools=("uv",), around=around).authorization.value == header("u", "s3cret")
    arrange(tmp_path, project__uv_DOT_toml=text)
    around = machine(BY_NAME["uv"], folder=tmp_path / "project")
    assert referred(tools=("uv",), around=around).authorization is None


def test_pdms_credential_goes_to_the_address_that_it_stands_with(tmp_path):
    text = f'[pypi.corp]\nurl = "{URL}"\nusername = "u"\npassword = "s3cret"\n'
    arrange(tmp_path, _DOT_config__pdm__config_DOT_toml=text)
    fields = {"tool": "pdm", "name": "corp", "home": tmp_path}
    assert sent(URL, **fields) == header("u", "s3cret")
    assert sent("https://evil.example/simple/", **fields) is None
    assert sent("https://evil.example/simple/", trusted=True, **fields) is None
    arrange(tmp_path, _DOT_config__pdm__config_DOT_toml=text.replace(f'url = "{URL}"\n', ""))
    assert sent(URL, **fields) is None
    assert sent(URL, trusted=True, **fields) == header("u", "s3cret")


def test_a_projects_own_file_may_say_who_one_is_to_its_own_source(tmp_path):
    arrange(
        tmp_path,
        pyproject_DOT_toml="",
        poetry_DOT_toml='[http-basic.corp]\nusername = "u"\npassword = "open"\n',
        pdm_DOT_toml='[pypi.corp]\nusername = "u"\npassword = "open"\n',
    )
    for tool in ("poetry", "pdm"):
        assert sent(tool=tool, name="corp", folder=tmp_path) == header("u", "open")


# --- how servers are reached ------------------------------------------------------------------


def reached(*indexes, tool, **fields):
    found = referred(*indexes, tools=(tool,), around=machine(**fields))
    return found.transport


@pytest.mark.parametrize(
    ("tool", "files"),
    [
        (
            "pip",
            {
                "_DOT_venv__pyvenv_DOT_cfg": "",
                "_DOT_venv__pip_DOT_conf": "[global]\ntrusted-host = registry.example\n"
                "proxy = http://evil.example\ncert = /evil.pem\nclient-cert = /evil.pem\n",
            },
        ),
        (
            "uv",
            {"uv_DOT_toml": f'allow-insecure-host = ["registry.example"]\nindex-url = "{URL}"\n'},
        ),
        ("uv", {"pyproject_DOT_toml": '[tool.uv]\nallow-insecure-host = ["registry.example"]\n'}),
        (
            "poetry",
            {
                "pyproject_DOT_toml": "",
                "poetry_DOT_toml": "[certificates.corp]\ncert = false\n",
            },
        ),
        (
            "pdm",
            {
                "pyproject_DOT_toml": "",
                "pdm_DOT_toml": f'[pypi.corp]\nurl = "{URL}"\nverify_ssl = false\n',
            },
        ),
    ],
)
def test_a_strangers_file_has_no_say_in_how_servers_are_reached(tool, files, tmp_path):
    arrange(tmp_path, **files)
    own = index(URL, name="corp")
    assert reached(own, tool=tool, folder=tmp_path) is None
    assert not reached(own, tool=tool, folder=tmp_path, trusted=True).verify


@pytest.mark.parametrize("tool", ["pdm", "pipenv"])
def test_a_source_that_is_not_verified_is_so_where_the_workspace_is_trusted(tool):
    own = index(URL, name="corp", is_verified=False)
    assert reached(own, tool=tool) is None
    assert not reached(own, tool=tool, trusted=True).verify


def test_hosts_that_a_requirements_file_has_pip_trust_are_so_where_the_workspace_is_trusted(
    tmp_path,
):
    manifest = REQUIREMENTS.parse(
        f"-i {URL}\n--trusted-host registry.example\n--trusted-host other.example:8080\n"
        "left\n"
        "--extra-index-url https://other.example/simple/\n"
    )
    for trusted, verified in ((False, [True, True]), (True, [False, True])):
        found = referred(*manifest.indexes, tools=("pip",), around=machine(trusted=trusted))
        assert [(each.transport or Transport()).verify for each in found.in_turn()] == verified


BUNDLES = {"REQUESTS_CA_BUNDLE": "/srv/company.pem", "CURL_CA_BUNDLE": "/srv/other.pem"}


@pytest.mark.parametrize("tool", TOOLS)
def test_tools_that_use_requests_trust_what_that_is_told_of(tool):
    found = reached(index(URL), tool=tool, environ=BUNDLES)
    expected = Transport(more_authorities=("/srv/company.pem",))
    assert found == (expected if tool in ("pip", "pipenv", "poetry") else None)
    other = reached(index(URL), tool="pip", environ={"CURL_CA_BUNDLE": "/srv/other.pem"})
    assert other.more_authorities == ("/srv/other.pem",)


def test_but_not_where_something_else_is_said_of_certificates():
    cert = reached(index(URL), tool="pip", environ={**BUNDLES, "PIP_CERT": "/srv/own.pem"})
    assert cert == Transport(authorities=("/srv/own.pem",))
    environ = {**BUNDLES, "PIP_TRUSTED_HOST": "registry.example"}
    assert reached(index(URL), tool="pip", environ=environ) == Transport(verify=False)


# --- the keyring ------------------------------------------------------------------------------


def vaults(url=URL, *, tool, name=None, **fields):
    found = referred(index(url, name=name), tools=(tool,), around=machine(**fields))
    return found.vaults


def test_each_tool_has_its_own_names_in_the_keyring():
    host = "registry.example"
    assert vaults(tool="pip") == ((URL, None), (host, None))
    assert vaults(URL.replace("//", "//u@"), tool="pipenv") == ((URL, "u"), (host, "u"))
    fields = {"name": "corp", "trusted": True}
    poetry = vaults(tool="poetry", **fields)
    assert poetry == (("poetry-repository-corp", None), (URL, None), (host, None))
    assert vaults(tool="pdm", **fields) == ((URL, None), (host, None), ("pdm-pypi-corp", None))


@pytest.mark.parametrize("tool", ["poetry", "pdm"])
def test_a_stranger_gets_nothing_from_the_keyring_by_name(tool):
    assert vaults(tool=tool, name="corp") == ((URL, None), ("registry.example", None))


def test_a_stranger_gets_nothing_from_the_keyring_over_a_line_that_others_read():
    assert vaults(URL.replace("https", "http"), tool="pip") == ()


def test_uv_asks_the_keyring_where_it_is_told_to_and_knows_the_users_name():
    environ = {"UV_KEYRING_PROVIDER": "subprocess"}
    named = URL.replace("//", "//u@")
    assert vaults(named, tool="uv", environ=environ) == ((URL, "u"), ("registry.example", "u"))
    assert vaults(tool="uv", environ=environ) == vaults(named, tool="uv") == ()


@pytest.mark.parametrize("tool", TOOLS)
def test_nobody_asks_the_keyring_for_the_public_index(tool):
    assert vaults(PYPI_INDEX, tool=tool) == ()


def test_where_poetrys_keyring_is_off_it_is_not_asked():
    assert vaults(tool="poetry", environ={"POETRY_KEYRING_ENABLED": "false"}) == ()


# --- where a credential would be set -----------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "name", "place"),
    [
        ("pip", None, "~/.netrc (machine registry.example)"),
        ("uv", None, "~/.netrc (machine registry.example)"),
        ("uv", "corp-x", "UV_INDEX_CORP_X_USERNAME and UV_INDEX_CORP_X_PASSWORD"),
        ("poetry", "corp", "Poetry's auth.toml (poetry config http-basic.corp)"),
        (
            "pdm",
            "corp",
            "PDM's config.toml (pdm config pypi.corp.username and pypi.corp.password)",
        ),
        ("pipenv", "corp", "~/.netrc (machine registry.example)"),
    ],
)
def test_it_is_known_where_the_tool_would_have_a_credential_from(tool, name, place):
    found = referred(index(URL, name=name), tools=(tool,), around=machine())
    assert found.credential_place == place

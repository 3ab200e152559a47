"""Real indexes, asked by an editor and by ``check`` with nothing configured but what pip and uv
read.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest

from support import commands
from support.commands import codes_of
from support.dists import READER, YANKED
from support.editor import editor
from support.loopback import serve_in_thread
from support.registries import PypiProject, PypiRelease, Registries

REQUIREMENTS = "demo-plain==1.0.0\nnever-there\n"
PYPROJECT = (
    '[project]\nname = "x"\ndependencies = ["demo-plain==1.0.0", "never-there"]\n[tool.uv]\n'
)


@pytest.fixture
def project(tmp_path):
    """A project's folder; the home folder of who works in it is beside it."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def environ(project):
    home = str(project.parent / "home")
    return {"HOME": home, "USERPROFILE": home}


def allowed(url, password=READER[1]):
    return url.replace("//", f"//{READER[0]}:{quote(password, safe='')}@")


def netrc(url, password=READER[1]):
    return f"machine {urlsplit(url).hostname} login {READER[0]} password {password}\n"


async def shown_in(project, name, text, expected):
    """The hover and the completion of the first dependency, once the editor shows the *expected*
    codes of findings by what they lie on.
    """
    write(project, name, text)
    async with editor(project, environ=environ(project)) as it:
        uri = it.open(name, text)

        def codes(found):
            return {(it.text_at(uri, each.range), each.code) for each in found}

        await it.diagnostics(uri, until=lambda found: codes(found) == expected)
        hover = await it.hover(uri, "demo-|plain")
        offered = await it.complete(uri, "==1.|0")
        return hover.contents.value, [each.label for each in offered.items]


async def checked(project, *arguments):
    """What ``check`` says of the folder: the rows by name, and all that it wrote."""
    return await commands.checked(project, environ(project), *arguments)


def arranged(project, kind, url):
    """Configure *url* as the project's only index; the name of the manifest, and its text."""
    pip = project.parent / "home" / ".config" / "pip"
    if kind == "pip.conf":
        write(pip, "pip.conf", f"[global]\nindex-url = {allowed(url)}\n")
        return "requirements.txt", REQUIREMENTS
    if kind != "bare":
        write(project.parent, "home/.netrc", netrc(url))
    if kind in ("netrc", "bare"):
        write(pip, "pip.conf", f"[global]\nindex-url = {url}\n")
        return "requirements.txt", REQUIREMENTS
    write(project, "uv.toml", f'[[index]]\nname = "own"\nurl = "{url}"\ndefault = true\n')
    return "pyproject.toml", PYPROJECT


KINDS = ("pip.conf", "netrc", "uv.toml")


@pytest.mark.parametrize("kind", KINDS)
async def test_an_index_with_a_password_is_found_without_configuration_of_ours(
    project, pypiserver, kind
):
    name, text = arranged(project, kind, pypiserver)
    expected = {("==1.0.0", "outdated-minor"), ("never-there", "package-not-found")}
    hover, labels = await shown_in(project, name, text, expected)
    assert "1.1.0" in hover
    assert labels[:2] == ["1.1.0", "1.0.0"]
    rows, said = await checked(project)
    assert codes_of(rows["demo-plain"]) == ["outdated-minor"]
    assert codes_of(rows["never-there"]) == ["package-not-found"]
    for each in (READER[1], quote(READER[1], safe="")):
        assert each not in hover + said


SHOWN = {
    "pypiserver": {("==1.0.0", "outdated-minor")},
    "devpi": {("==1.0.0", "outdated-minor")},
    "dumb_pypi": {("==1.0.0", "yanked"), ("==1.0.0", "outdated-minor")},
    "simple_repository": {("==1.0.0", "outdated-minor")},
    "mirror": {("==1.0.0", "yanked"), ("==1.0.0", "outdated-minor")},
    "proxpi": {("==1.0.0", "yanked"), ("==1.0.0", "outdated-minor")},
}
"""What each index leads to, asked for a release that one of them knows to be yanked."""
TOLD = {
    "devpi": ("runs on Python `>=3.8`",),
    "dumb_pypi": (YANKED, "2023-11-18", "`demo-dep >=1`"),
    "simple_repository": ("fixture demo-plain", "licence MIT", "`demo-dep >=1`"),
    "mirror": (YANKED,),
    "proxpi": ("1.0.0 was yanked",),
}
"""What a hover tells with them, beside the versions."""


@pytest.mark.parametrize("kind", SHOWN)
async def test_each_index_is_whole_in_an_editor_with_nothing_but_pips_configuration(
    project, request, kind
):
    url = request.getfixturevalue(kind)
    arranged(project, "netrc" if kind == "pypiserver" else "bare", url)
    expected = SHOWN[kind] | {("never-there", "package-not-found")}
    hover, labels = await shown_in(project, "requirements.txt", REQUIREMENTS, expected)
    assert "latest `1.1.0`" in hover
    for said in TOLD.get(kind, ()):
        assert said in hover
    assert labels[:2] == ["1.1.0", "1.0.0"]


@pytest.mark.parametrize(("password", "status"), [(None, 401), ("wrong", 403)])
async def test_an_index_that_refuses_is_said_to_and_no_other_is_asked(
    project, pypiserver, password, status
):
    url = allowed(pypiserver, password) if password else pypiserver
    write(project, "uv.toml", f'[[index]]\nname = "own"\nurl = "{url}"\n')
    write(project, "pyproject.toml", PYPROJECT)
    rows, said = await checked(project)
    assert codes_of(rows["demo-plain"]) == codes_of(rows["never-there"]) == ["unauthorized"]
    assert f"({status})" in said
    assert "wrong" not in said


async def test_pip_takes_the_best_of_two_indexes_and_a_confused_name_is_found(project, pypiserver):
    own = Registries(
        pypi={
            "demo-plain": PypiProject(releases={"1.0.5": PypiRelease()}),
            "only-ours": PypiProject(releases={"0.1": PypiRelease()}),
        }
    )
    with serve_in_thread(own) as server:
        lines = [
            "[global]",
            f"index-url = {allowed(pypiserver)}",
            f"extra-index-url = {server.url}simple/",
        ]
        write(project.parent, "home/.config/pip/pip.conf", "\n".join(lines))
        text = "demo-plain==1.0.5\nonly-ours\nnever-there\n"
        expected = {
            ("==1.0.5", "outdated-minor"),
            ("demo-plain", "dependency-confusion"),
            ("never-there", "package-not-found"),
        }
        hover, labels = await shown_in(project, "requirements.txt", text, expected)
        assert urlsplit(server.url).netloc in hover
        assert labels[:2] == ["1.1.0", "1.0.5"]
        asked = {request.path for request in server.requests}
        assert {"/simple/demo-plain/", "/simple/only-ours/", "/simple/never-there/"} <= asked
        assert all("authorization" not in each.headers for each in server.requests)


async def test_an_index_of_several_that_fails_is_told_and_hides_none_of_the_others(
    project, dumb_pypi, pypiserver
):
    lines = ["[global]", f"index-url = {dumb_pypi}", f"extra-index-url = {pypiserver}"]
    write(project.parent, "home/.config/pip/pip.conf", "\n".join(lines))
    write(project, "requirements.txt", "demo-plain>=9\nnever-there\n")
    rows, said = await checked(project)
    assert (rows["demo-plain"]["latest"], codes_of(rows["demo-plain"])) == ("1.1.0", [])
    assert codes_of(rows["never-there"]) == ["unauthorized"]
    assert f"{urlsplit(pypiserver).netloc} wants credentials" in said


async def test_uv_asks_the_next_index_only_for_what_the_first_lacks(project, pypiserver):
    public = Registries(pypi={"demo-plain": PypiProject(releases={"9.0": PypiRelease()})})
    with serve_in_thread(public) as server:
        text = (
            f'[[index]]\nname = "own"\nurl = "{allowed(pypiserver)}"\n'
            f'[[index]]\nname = "all"\nurl = "{server.url}simple/"\ndefault = true\n'
        )
        write(project, "uv.toml", text)
        write(project, "pyproject.toml", PYPROJECT)
        rows, _ = await checked(project)
        assert rows["demo-plain"]["latest"] == "1.1.0"
        assert {each.path for each in server.requests if "demo-plain" in each.path} == set()
        assert {each.path for each in server.requests if "never-there" in each.path} != set()

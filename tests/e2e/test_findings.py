"""Findings on what is written, over stdio and on the command line alike."""

from __future__ import annotations

import pytest

from e2e.test_check import check, write
from support.editor import editor
from support.registries import PypiProject, PypiRelease

PACKAGE_JSON = (
    '{\n  "dependencies": {"react": "^18.2.0"},\n  "devDependencies": {"react": "18.2.0"}\n}\n'
)


def codes(diagnostics):
    return [each.code for each in diagnostics]


@pytest.mark.parametrize("client", ["vscode", "emacs"])
async def test_a_second_entry_leads_to_the_first(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        (found,) = await it.diagnostics(uri, until=lambda found: len(found) == 1)
        assert found.code == "duplicate-dependency"
        assert found.message == "react stands in dependencies too: keep one of the entries"
        assert it.text_at(uri, found.range) == "react"
        assert found.range.start.line == 2
        related = found.related_information
        if client == "emacs":  # which shows no other places
            assert related is None
            return
        (other,) = related
        assert other.location.uri == uri
        assert it.text_at(uri, other.location.range) == "react"
        assert other.location.range.start.line == 1
        assert other.message == "react in dependencies"


async def test_check_tells_where_the_first_entry_is(stage):
    write(stage, "package.json", PACKAGE_JSON)
    ended = await check(stage, "--json")
    assert ended.code == 1
    (found,) = ended.rows["react"]["findings"]
    assert found["code"] == "duplicate-dependency"
    assert found["related"] == {"line": 2, "column": 21}


UVICORN = PypiProject(
    releases={"0.30.0": PypiRelease(requires=("click", "uvloop; extra == 'standard'"))},
    info={"provides_extra": ["standard"]},
)
EXTRAS = {
    "requirements.txt": "uvicorn[Standard, nope]==0.30.0\nuvicorn-like[x]\n",
    "pyproject.toml": (
        '[project]\nname = "own"\ndependencies = ["uvicorn[standard,\\u006eope]==0.30.0"]\n'
        '[tool.poetry.group.dev.dependencies]\nuvicorn = {extras = ["nope"], version = "^0.30"}\n'
    ),
}


@pytest.mark.parametrize("name", EXTRAS)
async def test_an_extra_that_the_release_lacks_is_told_where_it_stands(stage, name):
    stage.registries.pypi["uvicorn"] = UVICORN
    async with editor(stage.folder, client="neovim", options=stage.options) as it:
        uri = it.open(name, EXTRAS[name])
        found = await it.diagnostics(uri, until=lambda found: "unknown-extra" in codes(found))
        told = [each for each in found if each.code == "unknown-extra"]
        assert {it.text_at(uri, each.range) for each in told} <= {"nope", "\\u006eope"}
        assert {each.message for each in told} == {
            "uvicorn 0.30.0 has no extra nope; its extras are standard"
        }
        assert len(told) == (1 if name == "requirements.txt" else 2)


async def test_check_tells_of_extras_too_and_keeps_what_it_has_learned(stage):
    stage.registries.pypi["uvicorn"] = UVICORN
    write(stage, "requirements.txt", "uvicorn[nope]==0.30.0\n")
    asked = []
    for _ in range(2):
        ended = await check(stage, "--json")
        (found,) = ended.rows["uvicorn"]["findings"]
        assert found["code"] == "unknown-extra"
        asked.append(sum(each.path.startswith("/pypi/") for each in stage.server.requests))
    assert asked[0] == asked[1] > 0


async def test_nothing_is_said_of_extras_where_nobody_tells_them(stage):
    write(stage, "requirements.txt", "idna[nope]==3.7\n")
    ended = await check(stage, "--json")
    assert ended.rows["idna"]["findings"] == []


BARE = PypiProject(
    releases={
        "0.29.0": PypiRelease(requires=("click", "watchgod; extra == 'standard'")),
        "0.30.0": PypiRelease(requires=("click", "uvloop; extra == 'standard'")),
    },
    info={"provides_extra": ["standard"]},
)


async def test_a_mirror_that_describes_the_latest_release_only_tells_of_its_extras(stage):
    stage.registries.pypi["uvicorn"] = BARE
    stage.registries.describes_releases = False
    text = "uvicorn[standard,standrad]>=0.29\n"
    async with editor(stage.folder, client="neovim", options=stage.options) as it:
        uri = it.open("requirements.txt", text)
        await it.diagnostics(uri, until=lambda found: "unknown-extra" in codes(found))
        said = "uvicorn 0.30.0 has no extra standrad; its extras are standard"
        hover = await it.hover(uri, "stan|drad")
        assert said in hover.contents.value
        assert "Remove extra standrad" in await it.actions(uri, "stan|drad")
        assert "uvloop" in (await it.hover(uri, "stan|dard")).contents.value
        it.change(uri, "uvicorn[]>=0.29\n")
        found = await it.complete(uri, "uvicorn[|]>=")
        assert [each.label for each in found.items] == ["standard"]
    write(stage, "requirements.txt", text)
    ended = await check(stage, "--json")
    (found,) = ended.rows["uvicorn"]["findings"]
    assert (found["code"], found["message"]) == ("unknown-extra", said)


async def test_of_an_older_release_a_mirror_tells_no_extras_and_nobody_makes_them_up(stage):
    stage.registries.pypi["uvicorn"] = BARE
    stage.registries.describes_releases = False
    async with editor(stage.folder, client="neovim", options=stage.options) as it:
        uri = it.open("requirements.txt", "uvicorn[standard,nope]==0.29.0\n")
        found = await it.diagnostics(uri, until=lambda found: "outdated-minor" in codes(found))
        assert "unknown-extra" not in codes(found)
        for place in ("stan|dard", "no|pe"):
            text = (await it.hover(uri, place)).contents.value
            assert "what it adds to `0.29.0` is not known" in text
        assert not [each for each in await it.actions(uri, "no|pe") if " extra " in each]

"""Findings on what is written, over stdio and on the command line alike."""

from __future__ import annotations

import json

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
    assert found["related"] == {"path": None, "line": 2, "column": 21}


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


CATALOG = "# 😀\npackages: ['packages/*']\ncatalog:\n  request: 2.88.2\n"
USE = '{"name": "a", "dependencies": {"request": "catalog:", "react": "17.0.1"}}\n'
BUN = (
    '{\n  "workspaces": {"packages": ["packages/*"], "catalog": {"request": "2.88.2"}},\n'
    '  "dependencies": {"request": "catalog:"}\n}\n'
)
DEPRECATED = "request is deprecated: use got"


@pytest.mark.parametrize("client", ["vscode", "emacs"])
async def test_what_can_only_be_mended_in_the_catalog_leads_there(stage, client):
    write(stage, "pnpm-workspace.yaml", CATALOG)
    async with editor(stage.folder, client=client, options=stage.options) as it:
        catalog = it.open("pnpm-workspace.yaml", CATALOG)
        (there,) = await it.diagnostics(catalog, until=lambda found: len(found) == 1)
        uri = it.open("packages/a/package.json", USE)
        found = await it.diagnostics(uri, until=lambda found: len(found) == 2)
        (here,) = (each for each in found if each.code == "deprecated")
        assert (there.severity, here.severity) == (2, 4)
        place = "its version stands in line 4 of ../../pnpm-workspace.yaml"
        assert here.message == f"{there.message}; {place}"
        assert it.text_at(uri, here.range) == "catalog:"
        if client == "emacs":  # which shows no other places
            assert here.related_information is None
            return
        (entry,) = here.related_information
        assert entry.location.uri == catalog
        assert it.text_at(catalog, entry.location.range) == "request"
        assert entry.message == "the entry of request"


async def test_an_entry_of_the_same_file_is_led_to_as_well(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", BUN)
        found = await it.diagnostics(uri, until=lambda found: len(found) == 2)
        there, here = sorted(found, key=lambda each: each.range.start.line)
        assert (there.severity, here.severity) == (2, 4)
        assert here.message.endswith("; its version stands in line 2")
        (entry,) = here.related_information
        assert entry.location.uri == uri
        assert entry.location.range.start.line == there.range.start.line
        assert it.text_at(uri, entry.location.range) == "request"


async def test_check_counts_once_what_is_found_of_an_entry(stage):
    write(stage, "pnpm-workspace.yaml", CATALOG)
    for each in ("a", "b"):
        write(stage, f"packages/{each}/package.json", USE.replace('"a"', f'"{each}"'))
    ended = await check(stage, "--json")
    assert ended.code == 1
    document = json.loads(ended.out)
    assert document["summary"]["findings"] == {
        "error": 0,
        "warning": 1,
        "information": 0,
        "hint": 2,
    }
    uses = [
        found
        for file in document["files"]
        for row in file["dependencies"]
        for found in row["findings"]
        if found["code"] == "deprecated" and file["path"] != "pnpm-workspace.yaml"
    ]
    assert [each["severity"] for each in uses] == ["hint", "hint"]
    assert all(
        each["related"] == {"path": "pnpm-workspace.yaml", "line": 4, "column": 3} for each in uses
    )


async def test_check_counts_what_it_does_not_see_the_entry_of(stage):
    write(stage, "pnpm-workspace.yaml", CATALOG)
    write(stage, "packages/a/package.json", USE)
    ended = await check(stage, "--json", "packages/a/package.json")
    assert ended.code == 1
    (found,) = ended.rows["request"]["findings"]
    assert found["severity"] == "warning"
    assert found["message"].endswith("; its version stands in line 4 of ../../pnpm-workspace.yaml")


async def test_an_ignore_in_the_catalog_counts_for_who_asks_for_it(stage):
    ignored = CATALOG.replace("2.88.2", "2.88.2 # registry-lsp: ignore[deprecated]")
    write(stage, "pnpm-workspace.yaml", ignored)
    write(stage, "packages/a/package.json", USE)
    ended = await check(stage)
    assert ended.code == 0, ended.out

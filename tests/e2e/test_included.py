"""Files of any name that a requirements file includes, over stdio and on the command line."""

from __future__ import annotations

import pytest

from e2e.test_check import check, write
from support.clients import CLIENTS
from support.editor import editor

BASE = "# 😀\r\nrequests==2.30.0\r\n"


def codes(diagnostics):
    return [each.code for each in diagnostics]


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_file_that_another_includes_is_one_in_the_editor(stage, client):
    write(stage, "requirements.txt", "-r base.txt\n")
    write(stage, "base.txt", BASE)
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("base.txt", BASE)
        assert codes(await it.diagnostics(uri, until=bool)) == ["outdated-minor"]
        assert "2.32.3" in (await it.hover(uri, "requests")).contents.value


async def test_what_is_typed_meanwhile_counts(stage):
    write(stage, "requirements.txt", "-c limits.cfg\n")
    async with editor(stage.folder, client="vscode", options=stage.options) as it:
        uri = it.open("limits.cfg", BASE)
        it.change(uri, BASE + "nope\n")
        found = await it.diagnostics(uri, until=lambda found: len(found) == 2)
        assert codes(found) == ["outdated-minor", "package-not-found"]


@pytest.mark.parametrize("language", ["pip-requirements", "requirements", "requirementstxt"])
async def test_the_language_says_it_too(stage, language):
    async with editor(stage.folder, client="vscode", options=stage.options) as it:
        uri = it.open("needed.list", BASE, language)
        assert codes(await it.diagnostics(uri, until=bool)) == ["outdated-minor"]


async def test_files_to_include_are_offered_that_do_not_come_back(stage):
    write(stage, "dev.txt", "-r requirements.txt\n")
    write(stage, "base.txt", BASE)
    write(stage, "notes.txt", "Nothing that pip could read\n")
    async with editor(stage.folder, client="vscode", options=stage.options) as it:
        uri = it.open("requirements.txt", "-r \n")
        found = await it.complete(uri, "-r ")
        assert [each.label for each in found.items if not each.label.endswith("/")] == ["base.txt"]


async def test_check_takes_what_is_included(stage):
    write(stage, "requirements.txt", "-r base.txt\n")
    write(stage, "base.txt", BASE)
    ended = await check(stage, "--json")
    assert [each["code"] for each in ended.rows["requests"]["findings"]] == ["outdated-minor"]

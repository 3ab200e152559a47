"""Constraints files, over stdio and on the command line alike."""

from __future__ import annotations

import pytest

from e2e.test_check import check, write
from support.clients import CLIENTS
from support.editor import editor

TEXT = "# 😀\r\nidna>=3\r\nuvicorn==0.29.0\r\n-c constraints.txt\r\n"
LIMITS = "idna<3.7\nuvicorn<0.30\nlost<2\n"


def codes(diagnostics):
    return [each.code for each in diagnostics]


@pytest.mark.parametrize("client", CLIENTS)
async def test_what_a_constraint_rules_out_is_neither_wanted_nor_offered(stage, client):
    write(stage, "constraints.txt", LIMITS)
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("requirements.txt", TEXT)
        assert await it.diagnostics(uri, until=lambda found: not found) == []
        said = (await it.hover(uri, "idna")).contents.value
        assert "wanted and latest" in said
        assert "3.6" in said
        assert "<3.7" in said
        assert "in constraints.txt" in said
        titles = await it.actions(uri, "idna")
        assert [each for each in titles if "3.7" in each] == []
        assert any("3.6" in each for each in titles)


async def test_a_constraints_file_that_changes_is_followed(stage):
    write(stage, "constraints.txt", LIMITS)
    async with editor(stage.folder, client="vscode", options=stage.options) as it:
        uri = it.open("requirements.txt", TEXT)
        await it.diagnostics(uri, until=lambda found: not found)
        write(stage, "constraints.txt", "idna<3.6\n")
        found = await it.diagnostics(uri, until=lambda found: len(found) == 2)
        assert sorted(codes(found)) == ["no-matching-version", "outdated-minor"]
        assert "within <3.6, the constraint in constraints.txt" in found[0].message


async def test_constraints_that_are_not_saved_yet_count_while_they_are_open(stage):
    write(stage, "constraints.txt", LIMITS)
    async with editor(stage.folder, client="vscode", options=stage.options) as it:
        uri = it.open("requirements.txt", TEXT)
        await it.diagnostics(uri, until=lambda found: not found)
        limits = it.open("constraints.txt", "idna<3.6\n")
        found = await it.diagnostics(uri, until=lambda found: len(found) == 2)
        assert sorted(codes(found)) == ["no-matching-version", "outdated-minor"]
        it.close(limits)
        await it.diagnostics(uri, until=lambda found: not found)


async def test_check_has_what_would_be_installed(stage):
    write(stage, "constraints.txt", LIMITS)
    write(stage, "requirements.txt", TEXT)
    ended = await check(stage, "--json")
    rows = ended.rows
    assert (rows["idna"]["wanted"], rows["idna"]["latest"]) == ("3.6", "3.6")

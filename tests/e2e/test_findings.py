"""Findings on what is written, over stdio and on the command line alike."""

from __future__ import annotations

import pytest

from e2e.test_check import check, write
from support.editor import editor

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

"""Inlay hints under the capabilities of real editors: what is shown, where, and what it does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest
from lsprotocol import types

from support.clients import CLIENTS
from support.editor import editor
from support.events import until

FILES = {
    "package.json": (
        '{"name": "😀", "dependencies": {\r\n\t"react": "^17.0.1", "@scope/tool": "1.0.1" }}\r\n',
        [('"react": "^17.0.1"', "latest 18.2.0")],
        ('"^17.0.1"', '"^18.2.0"'),
    ),
    "requirements.txt": (
        "# 😀\r\nrequests>=2.30\r\nuvicorn~=0.29.0  # why\r\nidna==3.6\r\n",
        [("uvicorn~=0.29.0", "latest 0.30.0"), ("idna==3.6", "latest 3.7")],
        ("uvicorn~=0.29.0", "uvicorn~=0.30.0"),
    ),
    "pyproject.toml": (
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["uvicorn~=0.29.0", "idna"] # 😀\n',
        [('"uvicorn~=0.29.0"', "latest 0.30.0")],
        ("uvicorn~=0.29.0", "uvicorn~=0.30.0"),
    ),
}


async def hints(it, uri, lines=(0, 100)):
    found = await it.client.text_document_inlay_hint_async(
        types.InlayHintParams(
            types.TextDocumentIdentifier(uri),
            types.Range(types.Position(lines[0], 0), types.Position(lines[1], 0)),
        )
    )
    return found or []


def before(it, uri, hint) -> str:
    """What stands before a hint on its line."""
    start = types.Position(hint.position.line, 0)
    return it.text_at(uri, types.Range(start, hint.position)).strip()


def _outdated(shown: Sequence[types.Diagnostic]) -> int:
    return sum(str(each.code).startswith("outdated") for each in shown)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", FILES)
async def test_a_hint_stands_behind_its_dependency_and_can_be_accepted(stage, client, name):
    text, expected, (old, new) = FILES[name]
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open(name, text)
        await it.diagnostics(uri, lambda shown: _outdated(shown) == len(expected))
        found = await hints(it, uri)
        assert [each.label for each in found] == [label for _, label in expected]
        for hint, (end, _) in zip(found, expected, strict=True):
            assert before(it, uri, hint).endswith(end)
        hint = found[0]
        if hint.text_edits is None:
            hint = await it.client.inlay_hint_resolve_async(hint)
        assert "latest: " in hint.tooltip
        (edit,) = hint.text_edits
        assert it.applied(uri, edit) == text.replace(old, new)


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
async def test_a_hint_stands_on_no_line_of_another(stage, eol):
    text = "catalog:\n  react: >-\n    17.0.1\n  '@scope/tool': 1.0.0\n".replace("\n", eol)
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("pnpm-workspace.yaml", text)
        await it.diagnostics(uri, lambda shown: len(shown) == 2)
        found = await hints(it, uri)
        assert [before(it, uri, each) for each in found] == ["17.0.1", "'@scope/tool': 1.0.0"]


async def test_only_what_is_in_sight_is_sent(stage):
    text = FILES["requirements.txt"][0]
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", text)
        await it.diagnostics(uri, lambda shown: len(shown) == 2)
        assert [each.label for each in await hints(it, uri, (3, 4))] == ["latest 3.7"]


async def test_what_a_lock_file_lags_behind_is_wanted(stage):
    (stage.folder / "package-lock.json").write_text(
        json.dumps(
            {
                "lockfileVersion": 3,
                "packages": {"": {}, "node_modules/react": {"version": "17.0.1"}},
            }
        ),
        "utf-8",
    )
    async with editor(stage.folder, client="vscode", options=stage.options) as it:
        uri = it.open("package.json", '{"dependencies": {"react": ">=17.0.1"}}\n')
        asked = 0
        while not (found := await hints(it, uri)):
            await until(lambda n=asked: it.refreshed["inlay hints"] > n)
            asked = it.refreshed["inlay hints"]
        assert [each.label for each in found] == ["wanted 18.2.0"]


async def test_nothing_is_shown_where_the_settings_say_so(stage):
    configuration = stage.options | {"inlayHints": {"enabled": False}}
    async with editor(stage.folder, configuration=configuration) as it:
        uri = it.open("requirements.txt", FILES["requirements.txt"][0])
        await it.diagnostics(uri, bool)
        assert await hints(it, uri) == []
        off = {"outdated-minor": "off"}
        it.configure(stage.options | {"diagnostics": {"severity": off}})
        await it.diagnostics(uri, lambda shown: not shown)
        assert await hints(it, uri) == []


async def test_a_client_that_can_is_asked_to_look_again_when_there_is_news(stage):
    async with editor(stage.folder, client="vscode", options=stage.options) as it:
        it.open("requirements.txt", FILES["requirements.txt"][0])
        await until(lambda: it.refreshed["inlay hints"])


@pytest.mark.parametrize("client", ["emacs", "helix"])
async def test_a_client_that_cannot_be_told_to_look_again_waits_for_all(stage, client):
    stage.server.latency = 0.4
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("requirements.txt", FILES["requirements.txt"][0])
        assert [each.label for each in await hints(it, uri)] == ["latest 0.30.0", "latest 3.7"]


async def test_who_waits_for_hints_of_a_text_that_is_changed_is_told_of_none(stage):
    stage.server.latency = 1.5
    async with editor(stage.folder, client="helix", options=stage.options) as it:
        uri = it.open("requirements.txt", "idna==3.6\n")
        waiting = asyncio.ensure_future(hints(it, uri))
        await until(lambda: stage.server.requests)
        it.change(uri, "# why\nidna==3.6\n")
        assert await waiting == []

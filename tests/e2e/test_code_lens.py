"""Code lenses under the capabilities of real editors."""

from __future__ import annotations

import re

import pytest
from lsprotocol import types

from support.clients import CLIENTS
from support.editor import editor
from support.events import until

PACKAGE_JSON = (
    '{"name": "😀",\r\n  "dependencies": {\r\n    "react": "^17.0.1"\r\n  },\r\n'
    '  "devDependencies": {\r\n    "@scope/tool": "1.0.0"\r\n  },\r\n'
    '  "peerDependencies": {\r\n    "request": "*"\r\n  }\r\n}\r\n'
)
REQUIREMENTS = "# why\nuvicorn~=0.29.0\nidna==3.6\n"
FINE = '[project]\nname = "x"\nversion = "1"\ndependencies = ["idna"]\n'


async def lenses(it, uri):
    found = await it.client.text_document_code_lens_async(
        types.CodeLensParams(types.TextDocumentIdentifier(uri))
    )
    return [(it.text_at(uri, each.range), each.command) for each in found or []]


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_manifest_and_its_sections_say_what_could_be_done(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        await it.diagnostics(uri, lambda shown: len(shown) == 3)
        found = await lenses(it, uri)
        assert [(text, command.title) for text, command in found] == [
            ("", "Update 1 (safe)"),
            ("", "Update all 2 (1 may break)"),
            ("dependencies", "Update 1 (may break)"),
            ("devDependencies", "Update 1 (safe)"),
        ]
        assert {command.command for _, command in found} == {"registry-lsp.updateAll"}
        assert [list(command.arguments) for _, command in found] == [
            [{"uri": uri, "tier": "safe"}],
            [{"uri": uri, "tier": "all"}],
            [{"uri": uri, "section": "dependencies", "tier": "all"}],
            [{"uri": uri, "section": "devDependencies", "tier": "safe"}],
        ]


async def test_one_section_says_nothing_twice(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", REQUIREMENTS)
        await it.diagnostics(uri, lambda shown: len(shown) == 2)
        titles = [command.title for _, command in await lenses(it, uri)]
        assert titles == ["Update 1 (safe)", "Update all 2 (1 may break)"]


COUNTED = {
    "requirements.txt": "uvicorn~=0.29.0\r\nidna==3.6\r\nrequests==2.32.0\r\n",
    "package.json": (
        '{"overrides": {"react": "17.0.1"}, "peerDependencies": {"@scope/tool": "1.0.0"}}'
    ),
    "pyproject.toml": (
        '[project]\nname = "x"\ndependencies = ["idna==3.6", "uvicorn~=0.29.0"]\n'
        '[dependency-groups]\n"a.b" = ["requests==2.30.0"]\n'
    ),
    "pnpm-workspace.yaml": "catalog: {react: 17.0.1}\ncatalogs:\n  '😀':\n    react: 17.0.1\n",
}


@pytest.mark.parametrize("client", ["vscode", "neovim"])
async def test_a_lens_does_for_as_many_as_it_counts(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        for name, text in COUNTED.items():
            uri = it.open(name, text)
            await it.diagnostics(uri, lambda shown: len(shown) > 1)
            found = await lenses(it, uri)
            assert found
            for _, command in found:
                answer = await it.client.workspace_execute_command_async(
                    types.ExecuteCommandParams(command.command, command.arguments)
                )
                count = int(re.search(r"\d+", command.title)[0])
                assert (command.title, answer["updated"]) == (command.title, count)
                it.change(uri, text)
                await it.diagnostics(uri, lambda shown: len(shown) > 1)


async def test_what_no_command_may_write_is_only_counted(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", "idna==3.6 --hash=sha256:00\n")
        await it.diagnostics(uri, bool)
        ((_, command),) = await lenses(it, uri)
        assert (command.title, command.command) == ("1 outdated", "")


async def test_a_lens_tells_of_nothing_that_the_settings_leave_out(stage):
    severity = {"outdated-major": "off", "outdated-patch": "off"}
    options = stage.options | {"diagnostics": {"severity": severity}}
    async with editor(stage.folder, options=options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        await it.diagnostics(uri, lambda shown: [each.code for each in shown] == ["deprecated"])
        assert await lenses(it, uri) == []


async def test_where_there_is_nothing_to_do_there_is_nothing_to_see(stage):
    async with editor(stage.folder, configuration=stage.options) as it:
        uri = it.open("pyproject.toml", FINE)
        await it.diagnostics(uri)
        assert await lenses(it, uri) == []
        other = it.open("requirements.txt", REQUIREMENTS)
        await it.diagnostics(other, lambda shown: len(shown) == 2)
        it.configure(
            stage.options
            | {
                "codeLens": {"enabled": False},
                "diagnostics": {"severity": {"outdated-minor": "error"}},
            }
        )
        await it.diagnostics(other, lambda shown: shown and shown[0].severity == 1)
        assert await lenses(it, other) == []


async def test_a_client_that_can_is_asked_to_look_again_when_there_is_news(stage):
    async with editor(stage.folder, client="vscode", options=stage.options) as it:
        it.open("requirements.txt", REQUIREMENTS)
        await until(lambda: it.refreshed["code lenses"])

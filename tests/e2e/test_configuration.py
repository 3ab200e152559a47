"""Settings, folders and files that change while documents are open."""

from __future__ import annotations

import pytest
from lsprotocol import types

from support.clients import CLIENTS
from support.editor import editor
from support.events import until

OUTDATED = '{"dependencies": {"@scope/tool": "1.0.0"}}\n'
REQUIREMENTS = "uvicorn~=0.29.0\n"


def codes(shown) -> set[str]:
    return {each.code for each in shown}


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_change_of_settings_holds_at_once(stage, client):
    async with editor(stage.folder, client=client, configuration=stage.options) as it:
        uri = it.open("package.json", OUTDATED)
        (found,) = await it.diagnostics(uri, bool)
        assert found.severity is types.DiagnosticSeverity.Information
        severity = {"outdated-patch": "error"}
        it.configure({**stage.options, "diagnostics": {"severity": severity}})
        (found,) = await it.diagnostics(
            uri, lambda shown: shown and shown[0].severity is types.DiagnosticSeverity.Error
        )
        it.configure({**stage.options, "diagnostics": {"enabled": False}})
        await it.diagnostics(uri, lambda shown: not shown)
        it.configure({**stage.options, "ignore": ["npm:@scope/*"]})
        it.configure(stage.options)
        await it.diagnostics(uri, bool)
        asked = [each.path for each in stage.server.requests if each.method == "GET"]
        assert len(asked) == 1, "what is on disk is not asked for again"


async def test_what_is_pushed_holds_where_the_client_is_not_asked(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", OUTDATED)
        await it.diagnostics(uri, bool)
        for settings in ({"registry-lsp": {"ignore": ["npm:*"]}}, {"ignore": ["@scope/tool"]}):
            it.client.workspace_did_change_configuration(
                types.DidChangeConfigurationParams(settings=settings)
            )
            await it.diagnostics(uri, lambda shown: not shown)
            it.client.workspace_did_change_configuration(
                types.DidChangeConfigurationParams(settings={"registry-lsp": {}})
            )
            await it.diagnostics(uri, bool)


async def test_what_is_wrong_is_told_once(stage):
    wrong = {**stage.options, "network": {"timeoutSeconds": "soon"}}
    async with editor(stage.folder, configuration=wrong) as it:
        uri = it.open("package.json", OUTDATED)
        await it.diagnostics(uri, bool)
        it.configure({**wrong, "diagnostics": {"severity": {"outdated-patch": "error"}}})
        await it.diagnostics(uri, lambda shown: shown and shown[0].severity == 1)
        (message,) = (each.message for each in it.client.messages)
        assert "network.timeoutSeconds" in message


async def test_what_is_no_object_is_told_once_with_where_it_stands(stage):
    async with editor(stage.folder, options=stage.options, configuration=3) as it:
        uri = it.open("package.json", OUTDATED)
        await it.diagnostics(uri, bool)
        for settings in ({"registry-lsp": 3}, {"registry-lsp": ["a"]}, ["a"], 3):
            it.client.workspace_did_change_configuration(
                types.DidChangeConfigurationParams(settings=settings)
            )
        await until(lambda: len(it.client.messages) == 2)
        said = 'registry-lsp: The settings in {} are no object, such as {{"ignore": []}}, and are '
        assert [each.message for each in it.client.messages] == [
            said.format(place) + "left out."
            for place in (
                "the section registry-lsp of the configuration",
                "workspace/didChangeConfiguration",
            )
        ]
        await it.diagnostics(uri, bool)


async def test_each_folder_has_its_own_settings(stage):
    one, two = stage.folder / "one", stage.folder / "two"
    for folder in (one, two):
        folder.mkdir()
    options = stage.options
    async with editor(stage.folder, configuration=options, folders=[one, two]) as it:
        first = it.open("one/requirements.txt", REQUIREMENTS)
        second = it.open("two/requirements.txt", REQUIREMENTS)
        for uri in (first, second):
            await it.diagnostics(uri, bool)
        it.configure({**options, "ignore": ["uvicorn"]}, folder=two)
        await it.diagnostics(second, lambda shown: not shown)
        assert codes(await it.diagnostics(first)) == {"outdated-minor"}
        it.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(
                event=types.WorkspaceFoldersChangeEvent(
                    added=[], removed=[types.WorkspaceFolder(uri=two.as_uri(), name="two")]
                )
            )
        )
        await it.diagnostics(second, bool)


async def test_a_document_moves_with_what_is_typed_in_it(stage):
    async with editor(stage.folder, configuration=stage.options) as it:
        uri = it.open("requirements.txt", REQUIREMENTS)
        await it.diagnostics(uri, bool)
        it.change(uri, "uvicorn~=0.29.0\nrequests==2.32.0\n")
        it.configure({**stage.options, "ignore": ["uvicorn"]})
        found = await it.diagnostics(uri, lambda shown: "yanked" in codes(shown))
        assert codes(found) == {"yanked", "outdated-patch"}
        hover = await it.hover(uri, "reques|ts")
        assert "2.32.3" in hover.contents.value


async def test_files_are_looked_at_when_the_client_tells_of_them(stage):
    async with editor(stage.folder, client="vscode", configuration=stage.options) as it:
        registered = await it.registrations(2)
        by_method = {each.method: each.register_options for each in registered}
        watchers = by_method[types.WORKSPACE_DID_CHANGE_WATCHED_FILES]["watchers"]
        assert any(".npmrc" in each["globPattern"] for each in watchers)
        assert by_method[types.WORKSPACE_DID_CHANGE_CONFIGURATION] == {"section": "registry-lsp"}
        uri = it.open("requirements.txt", "requests\n")
        await it.diagnostics(uri, lambda shown: not shown)
        lock = stage.folder / "pylock.toml"
        lock.write_text(
            'lock-version = "1.0"\n[[packages]]\nname = "requests"\nversion = "2.32.0"\n', "utf-8"
        )
        it.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams(
                changes=[types.FileEvent(uri=lock.as_uri(), type=types.FileChangeType.Created)]
            )
        )
        found = await it.diagnostics(uri, bool)
        assert codes(found) == {"yanked"}

"""Who says what at which time, of what: the order in which a client may speak, documents of all
kinds of addresses, and clients that can do little.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from support.clients import CLIENTS
from support.editor import PATIENCE
from support.wire import Wire, bare_wire, initialization, wire

NOT_INITIALIZED, INVALID_REQUEST, INVALID_PARAMS, NO_METHOD = -32002, -32600, -32602, -32601
TEXT = '{"dependencies": {"react": "17.0.2", "@scope/tool": "1.0.0"}}'
REQUIREMENTS = "requests==2.32.0\nidna==3.6\n"


def whole(uri: str) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}}


def at(uri: str, column: int = TEXT.index("react") + 2) -> dict[str, Any]:
    return {**whole(uri), "position": {"line": 0, "character": column}}


async def code(it: Wire, method: str, params: object) -> int:
    """The code of the error that answers."""
    return int((await it.ask(method, params))["error"]["code"])


# --- when what is said ------------------------------------------------------------------------


async def test_before_initialize_and_after_shutdown_every_question_is_refused(stage):
    uri = (stage.folder / "package.json").as_uri()
    async with bare_wire(stage.folder) as it:
        assert await code(it, "textDocument/hover", at(uri)) == NOT_INITIALIZED
        assert await code(it, "shutdown", None) == NOT_INITIALIZED
        it.open(uri, TEXT)  # of which nothing is heard
        params = initialization(stage.folder, initializationOptions=stage.options)
        await it.initialize(params)
        assert await code(it, "initialize", params) == INVALID_REQUEST
        it.notify("initialized", {})
        assert (await it.ask("textDocument/hover", at(uri)))["result"] is None
        it.open(uri, TEXT)
        await it.diagnostics(uri, 2)
        await it.ask("shutdown", None)
        it.change(uri, "{}", 2)
        assert await code(it, "textDocument/hover", at(uri)) == INVALID_REQUEST
        it.notify("exit", None)
        await asyncio.wait_for(it.process.wait(), PATIENCE)
        assert it.process.returncode == 0
    assert it.stderr == ""


async def test_what_is_said_before_initialized_is_kept(stage):
    uri, other = ((stage.folder / name).as_uri() for name in ("package.json", "requirements.txt"))
    async with bare_wire(stage.folder) as it:
        params = initialization(stage.folder, initializationOptions=stage.options)
        await it.initialize(params)
        it.open(uri, "{}")
        it.change(uri, TEXT, 2)
        it.change(other, REQUIREMENTS, 2)  # which was never opened
        _, answer = it.begin("textDocument/hover", at(uri))
        it.notify("initialized", {})
        await it.diagnostics(uri, 2)
        said = (await asyncio.wait_for(answer, PATIENCE))["result"]
        assert "react" in said["contents"]["value"]
        assert (await it.ask("textDocument/documentSymbol", whole(other)))["result"] is None
        await it.end()
    assert it.stderr == ""


async def test_what_cannot_be_read_is_refused_and_the_rest_answered(stage):
    uri = (stage.folder / "package.json").as_uri()
    async with wire(stage.folder, options=stage.options) as it:
        it.open(uri, TEXT)
        it.notify("textDocument/didChange", {"textDocument": 3})
        it.notify("$/aNotificationOfTomorrow", {"whatever": 1})
        it.notify("telemetry/whatever", None)
        assert await code(it, "textDocument/hover", {"position": "here"}) == INVALID_PARAMS
        assert await code(it, "$/aRequestOfTomorrow", {}) == NO_METHOD
        unknown = {"command": "registry-lsp.nothing", "arguments": []}
        assert await code(it, "workspace/executeCommand", unknown) == INVALID_PARAMS
        assert await code(it, "codeAction/resolve", {"title": "x", "data": [1]}) < 0
        await it.diagnostics(uri, 2)
    assert it.stderr == ""


async def test_who_waits_for_an_answer_that_cannot_be_read_waits_no_more(stage):
    uri = (stage.folder / "package.json").as_uri()
    async with wire(stage.folder, options=stage.options) as it:
        it.answers = {"window/showDocument": None, "workspace/applyEdit": ["yes"]}
        it.open(uri, TEXT)
        await it.diagnostics(uri, 2)
        parameters = {"registry": "npm", "name": "react"}
        page = {"command": "registry-lsp.openPage", "arguments": [parameters]}
        said = (await it.ask("workspace/executeCommand", page))["result"]
        assert said == {"url": "https://react.example/"}
        update = {"command": "registry-lsp.updateAll", "arguments": [{"uri": uri}]}
        said = (await it.ask("workspace/executeCommand", update))["result"]
        assert said["error"]["code"] == "refused"
        shown = [each for each in it.told if each["method"] == "window/showMessage"]
        assert len(shown) == 2, "of each the user is told what became of it"


# --- which documents --------------------------------------------------------------------------


RANGE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 9}}
QUESTIONS: dict[str, dict[str, Any]] = {
    "hover": {"position": {"line": 0, "character": 9}},
    "completion": {"position": {"line": 0, "character": 9}},
    "definition": {"position": {"line": 0, "character": 9}},
    "references": {
        "position": {"line": 0, "character": 9},
        "context": {"includeDeclaration": True},
    },
    "documentSymbol": {},
    "documentLink": {},
    "codeLens": {},
    "inlayHint": {"range": RANGE},
    "codeAction": {"range": RANGE, "context": {"diagnostics": []}},
}


@pytest.mark.parametrize("client", CLIENTS)
async def test_the_life_of_a_document(stage, client):
    path = stage.folder / "package.json"
    path.write_text(TEXT)
    uri = path.as_uri()
    newer = TEXT.replace("1.0.0", "1.0.1")
    async with wire(stage.folder, client=client, options=stage.options) as it:
        # What is not open is nobody's, even if there is such a file.
        for method, params in QUESTIONS.items():
            assert not (await it.ask(f"textDocument/{method}", {**whole(uri), **params}))["result"]
        it.change(uri, TEXT, 2)
        it.notify("textDocument/didSave", whole(uri))
        it.close(uri)
        # The last text counts, whatever its number.
        it.open(uri, TEXT, version=7)
        await it.diagnostics(uri, 2)
        it.change(uri, newer, 3)
        await it.diagnostics(uri, 1)
        assert it.pulls or it.published[uri]["version"] == 3
        it.open(uri, TEXT, version=9)  # without having closed it
        await it.diagnostics(uri, 2)
        assert it.pulls or it.published[uri]["version"] == 9
        # It is what is open, even if there is no such file any more.
        path.unlink()
        it.notify("workspace/didDeleteFiles", {"files": [{"uri": uri}]})
        changes = [{"uri": uri, "type": 3}]
        it.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        it.change(uri, newer, 10)
        await it.diagnostics(uri, 1)
        it.close(uri)
        it.close(uri)
        await it.diagnostics(uri, 0)
        assert (await it.ask("textDocument/hover", at(uri)))["result"] is None
    assert it.stderr == ""


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_file_that_gets_another_name(stage, client):
    old, new = ((stage.folder / name).as_uri() for name in ("notes.txt", "requirements.txt"))
    async with wire(stage.folder, client=client, options=stage.options) as it:
        it.open(old, REQUIREMENTS)
        (stage.folder / "requirements.txt").write_text(REQUIREMENTS)
        it.close(old)
        it.open(new, REQUIREMENTS)
        await it.diagnostics(new, 3)
        it.notify("workspace/didRenameFiles", {"files": [{"oldUri": new, "newUri": old}]})
        it.close(new)
        it.open(old, REQUIREMENTS)
        await it.diagnostics(new, 0)
        assert old not in it.published
    assert it.stderr == ""


async def test_what_a_document_is_its_name_says(stage):
    lie, pypi = "python", '[project]\ndependencies = ["idna==3.6"]\n'
    files = {
        (stage.folder / "package.json").as_uri(): (TEXT, lie, 2),
        (stage.folder / "requirements.txt").as_uri(): (REQUIREMENTS, "json", 3),
        (stage.folder / "pyproject.toml").as_uri(): (pypi, "", 1),
        "untitled:package.json": (TEXT, "json", 2),
        "untitled:Untitled-1": (TEXT, "json", 2),
        "buffer:3": (pypi, "toml", 1),
        "untitled:Untitled-4": (REQUIREMENTS, "pip-requirements", 3),
        "file://": (REQUIREMENTS, "requirements", 3),
        "untitled:pyproject.toml": (pypi, "toml", 1),
        "untitled:/nowhere/at/all/requirements.txt": (REQUIREMENTS, "pip-requirements", 3),
        "inmemory://model/1/package.json": (TEXT, "json", 2),
        "buffer:///package.json": (TEXT, "json", 2),
        "vscode-vfs://github/a/b/package.json": (TEXT, "json", 2),
        "package.json": (TEXT, "json", 2),
    }
    none = ("untitled:notes.txt", "untitled:Untitled-2", "", "file:///", "http://[/package.json")
    async with wire(stage.folder, options=stage.options) as it:
        for uri in none:
            language = "plaintext" if uri == "untitled:Untitled-2" else "json"
            it.open(uri, TEXT, language=language)
        for uri, (text, language, _) in files.items():
            it.open(uri, text, language=language)
        for uri, (_, _, count) in files.items():
            await it.diagnostics(uri, count)
            assert (await it.ask("textDocument/documentSymbol", whole(uri)))["result"]
            it.notify("textDocument/didSave", whole(uri))
            it.close(uri)
            await it.diagnostics(uri, 0)
        for uri in none:
            assert (await it.ask("textDocument/hover", at(uri)))["result"] is None
            assert uri not in it.published
    assert it.stderr == ""


@pytest.mark.parametrize("uri", ["untitled:package.json", "package.json"])
async def test_what_is_not_saved_yet_has_the_registries_of_the_workspace(stage, uri):
    (stage.folder / "package.json").write_text('{"dependencies": {"ours": "file:../ours"}}')
    (stage.folder / ".npmrc").write_text("@corp:registry=http://127.0.0.1:9/\n")
    text = '{"dependencies": {"react": "17.0.2", "@corp/ui": "1.0.0", "ours": "1.0.0"}}'
    async with wire(stage.folder, environ=stage.environ) as it:
        it.open(uri, text, language="json")
        await it.shown(uri, lambda found: "outdated-major" in {each["code"] for each in found})
        said = await it.ask("textDocument/hover", at(uri, text.index("@corp/ui") + 2))
        assert "127.0.0.1:9" in said["result"]["contents"]["value"]
    paths = [each.path for each in stage.server.requests]
    assert any("react" in each for each in paths)
    assert not any("corp" in each or "ours" in each for each in paths)
    assert it.stderr == ""


@pytest.mark.parametrize("client", ["vscode", "neovim"])
async def test_what_has_no_name_yet_is_known_by_what_is_typed(stage, client):
    (stage.folder / ".npmrc").write_text("@corp:registry=http://127.0.0.1:9/\n")
    uri, typed = "untitled:Untitled-1", '{"dependencies": {'
    async with wire(stage.folder, client=client, environ=stage.environ) as it:
        it.open(uri, "", language="json")
        it.change(uri, typed, 2)
        assert (await it.ask("textDocument/documentSymbol", whole(uri)))["result"] is None
        text = typed + '"react": "17.0.2", "@corp/ui": "1.0.0"}}'
        it.change(uri, text, 3)
        await it.shown(uri, lambda found: "outdated-major" in {each["code"] for each in found})
        said = await it.ask("textDocument/hover", at(uri, text.index("@corp/ui") + 2))
        assert "127.0.0.1:9" in said["result"]["contents"]["value"]
        it.change(uri, typed, 4)  # and stays so
        assert (await it.ask("textDocument/documentSymbol", whole(uri)))["result"] == []
        it.close(uri)
        it.open(uri, "react==17.0.2\n", language="plaintext")
        assert (await it.ask("textDocument/documentSymbol", whole(uri)))["result"] is None
    assert not any("corp" in each.path for each in stage.server.requests)
    assert it.stderr == ""


async def test_a_folder_that_goes_away_with_all_that_is_in_it(stage):
    inner = stage.folder / "inner"
    inner.mkdir()
    (inner / ".npmrc").write_text(f"registry={stage.server.url}npm/\n")
    async with wire(stage.folder, environ=stage.environ) as it:
        uri = (inner / "package.json").as_uri()
        it.open(uri, TEXT)
        await it.diagnostics(uri, 2)
        (inner / ".npmrc").unlink()
        inner.rmdir()
        changes = [{"uri": (inner / ".npmrc").as_uri(), "type": 3}]
        it.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        it.change(uri, TEXT.replace("1.0.0", "1.0.1"), 2)
        await it.diagnostics(uri, 1)
    assert it.stderr == ""


# --- which workspace, which client ------------------------------------------------------------


@pytest.mark.parametrize(
    "params",
    [
        {"rootUri": None},
        {"rootUri": None, "workspaceFolders": []},
        {"rootUri": "file:///", "workspaceFolders": [{"uri": "file:///", "name": "/"}]},
        {"rootUri": None, "workspaceFolders": [{"uri": "vscode-vfs://github/a", "name": "a"}]},
        {"rootUri": None, "rootPath": "FOLDER"},
        {"rootUri": "file:///nowhere/at/all"},
    ],
    ids=json.dumps,
)
async def test_any_workspace_will_do(stage, params):
    params = {key: str(stage.folder) if each == "FOLDER" else each for key, each in params.items()}
    root = Path(stage.folder.anchor)
    async with wire(stage.folder, options=stage.options, cwd=root, **params) as it:
        uri = (stage.folder / "package.json").as_uri()
        it.open(uri, TEXT)
        await it.diagnostics(uri, 2)
        asked = {"registry": "npm", "name": "react"}
        command = {"command": "registry-lsp.package", "arguments": [asked]}
        said = await it.ask("workspace/executeCommand", command)
        assert said["result"].get("version") == "18.2.0"
    assert it.stderr == ""


async def test_a_client_of_many_folders_is_answered_in_each(stage):
    names = ("one", "two", "a folder 100% ü")
    for name in names:
        (stage.folder / name).mkdir()
        (stage.folder / name / ".npmrc").write_text(f"registry={stage.server.url}npm/\n")
    folders = [{"uri": (stage.folder / each).as_uri(), "name": each} for each in names]
    async with wire(stage.folder, workspaceFolders=folders[:2], environ=stage.environ) as it:
        event = {"added": folders[2:], "removed": folders[:1]}
        it.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        uris = [(stage.folder / each / "package.json").as_uri() for each in names]
        for uri in uris:
            it.open(uri, TEXT)
        for uri in uris:
            await it.diagnostics(uri, 2)
    assert it.stderr == ""


def kinds(shown: Sequence[dict[str, Any]]) -> set[str]:
    return {key for each in shown for key in each}


async def test_a_client_that_knows_only_the_basics_is_told_only_these(stage):
    async with wire(stage.folder, client=None, options=stage.options) as it:
        assert it.result["capabilities"].get("positionEncoding", "utf-16") == "utf-16"
        uri = (stage.folder / "package.json").as_uri()
        it.open(uri, TEXT)
        await it.diagnostics(uri, 2)
        hover = (await it.ask("textDocument/hover", at(uri)))["result"]
        assert hover["contents"]["kind"] == "plaintext"
        assert "**" not in hover["contents"]["value"]
        place = at(uri, TEXT.index("17.0.2") + 2)
        found = (await it.ask("textDocument/completion", place))["result"]["items"]
        assert {each.get("insertTextFormat", 1) for each in found} == {1}
        assert not kinds(found) & {"tags", "labelDetails", "commitCharacters"}
        told = (await it.ask("completionItem/resolve", found[0]))["result"].get("documentation")
        assert told is None or isinstance(told, str) or told["kind"] == "plaintext"
        lenses = (await it.ask("textDocument/codeLens", whole(uri)))["result"]
        assert all(not each["command"]["command"] for each in lenses)  # it applies no edits
        symbols = (await it.ask("textDocument/documentSymbol", whole(uri)))["result"]
        assert "location" in symbols[0]
        requests = [each for each in it.told if "id" in each]
        assert requests == []
    assert it.stderr == ""

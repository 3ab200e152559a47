"""What a client takes back: it is told at once that it did, and nothing goes on for its sake."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.clients import CLIENTS
from support.editor import PATIENCE
from support.events import until
from support.loopback import SILENCE, Act, Request, serve_in_thread
from support.registries import ABBREVIATED, NpmPackage, Registries
from support.wire import Wire, bare_wire, initialization, wire

CANCELLED = -32800  # RequestCancelled, by LSP 3.17
TEXT = '{"dependencies": {"react": "17.0.2", "other": "1.0.0"}}'
AT = {"line": 0, "character": TEXT.index("17.0") + 2}
RANGE = {"start": AT, "end": AT}


def whole(uri: str) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}}


def at(uri: str) -> dict[str, Any]:
    return {**whole(uri), "position": AT}


ASKED: dict[str, dict[str, Callable[[str], object]]] = {
    "hoverProvider": {"textDocument/hover": at},
    "completionProvider": {
        "textDocument/completion": at,
        "completionItem/resolve": lambda uri: {"label": "1", "data": {"uri": uri}},
    },
    "codeActionProvider": {
        "textDocument/codeAction": lambda uri: {
            **whole(uri),
            "range": RANGE,
            "context": {"diagnostics": []},
        },
        "codeAction/resolve": lambda uri: {"title": "x", "data": {"uri": uri}},
    },
    "inlayHintProvider": {"textDocument/inlayHint": lambda uri: {**whole(uri), "range": RANGE}},
    "codeLensProvider": {"textDocument/codeLens": whole},
    "documentLinkProvider": {"textDocument/documentLink": whole},
    "documentSymbolProvider": {"textDocument/documentSymbol": whole},
    "definitionProvider": {"textDocument/definition": at},
    "referencesProvider": {
        "textDocument/references": lambda uri: {
            **at(uri),
            "context": {"includeDeclaration": True},
        }
    },
    "diagnosticProvider": {
        "textDocument/diagnostic": whole,
        "workspace/diagnostic": lambda _: {"previousResultIds": []},
    },
    "executeCommandProvider": {},
}
"""How a server is asked that has these capabilities."""
AT_ONCE = {"registry-lsp.refresh"}
"""Commands that wait for nothing, so that they cannot be taken back."""


def command(command: str, /, **given: str) -> dict[str, Any]:
    return {"command": command, "arguments": [given]}


def questions(capabilities: dict[str, Any], uri: str) -> list[tuple[str, object]]:
    """Every question that a server of these *capabilities* answers."""
    offered = {name: each for name, each in capabilities.items() if name.endswith("Provider")}
    assert set(offered) <= set(ASKED), "say above how it is asked"
    found: list[tuple[str, object]] = []
    for name, offer in offered.items():
        for method, params in ASKED[name].items():
            if method == "workspace/diagnostic" and not offer["workspaceDiagnostics"]:
                continue
            found.append((method, params(uri)))
    commands = offered["executeCommandProvider"]["commands"]
    assert set(commands) >= AT_ONCE
    found += [
        ("workspace/executeCommand", command(name, uri=uri, name="x"))
        for name in commands
        if name not in AT_ONCE
    ]
    return found


async def taken_back(it: Wire, method: str, params: object) -> int:
    """The code of the error that answers a request which is taken back at once."""
    number, answer = it.begin(method, params)
    it.notify("$/cancelRequest", {"id": number})
    return int((await asyncio.wait_for(answer, PATIENCE))["error"]["code"])


@pytest.mark.parametrize("client", CLIENTS)
async def test_every_question_can_be_taken_back(client: str, tmp_path: Path):
    uri = (tmp_path / "package.json").as_uri()
    async with bare_wire(tmp_path) as it:
        await it.initialize(initialization(tmp_path, client))
        it.open(uri, TEXT)
        # Until the client is initialised everything has to wait, so that all comes in time.
        for method, params in questions(it.result["capabilities"], uri):
            assert await taken_back(it, method, params) == CANCELLED, (method, params)
        it.notify("$/cancelRequest", {"id": 10_000})
        it.notify("initialized", {})
        assert "result" in await it.ask("textDocument/documentSymbol", whole(uri))
        await it.end()
    assert it.stderr == ""


class Peer:
    """A registry that tells what documents need, and says nothing to who wants to know more."""

    def __init__(self) -> None:
        versions: dict[str, dict[str, Any]] = {"17.0.2": {}, "18.2.0": {}}
        self.registries = Registries(npm={"react": NpmPackage(versions=versions)})

    async def __call__(self, request: Request) -> Act:
        is_brief = request.headers.get("accept", "").startswith(ABBREVIATED)
        if request.method == "GET" and not (is_brief and "react" in request.path):
            return SILENCE
        return await self.registries(request)


@pytest.mark.parametrize("client", CLIENTS)
async def test_nothing_is_asked_any_more_for_a_question_that_is_taken_back(
    client: str, tmp_path: Path
):
    text = TEXT.replace(', "other": "1.0.0"', "")
    with serve_in_thread(Peer()) as server:
        options = {"registries": {"npm": {"url": server.url + "npm/"}}}
        async with wire(tmp_path, client=client, options=options) as it:
            uri = (tmp_path / "package.json").as_uri()
            it.open(uri, text)
            await it.diagnostics(uri, 1)
            await until(lambda: not server.answering)
            for method, params in (
                ("textDocument/hover", at(uri)),
                (
                    "workspace/executeCommand",
                    command("registry-lsp.package", registry="npm", name="other"),
                ),
                (
                    "workspace/executeCommand",
                    command("registry-lsp.search", registry="npm", query="other"),
                ),
            ):
                number, answer = it.begin(method, params)
                await until(lambda: server.answering)
                it.notify("$/cancelRequest", {"id": number})
                said = await asyncio.wait_for(answer, PATIENCE)
                assert said["error"]["code"] == CANCELLED, (params, said)
                await until(lambda: not server.answering)
    assert it.stderr == ""


async def test_what_a_document_asks_for_goes_on_when_a_question_is_taken_back(tmp_path: Path):
    may_answer = threading.Event()

    async def late(request: Request) -> Act:
        await asyncio.to_thread(may_answer.wait, PATIENCE)
        return await Peer().registries(request)

    with serve_in_thread(late) as server:
        options = {"registries": {"npm": {"url": server.url + "npm/"}}}
        async with wire(tmp_path, options=options) as it:
            uri = (tmp_path / "package.json").as_uri()
            it.open(uri, TEXT.replace(', "other": "1.0.0"', ""))
            await until(lambda: server.answering)
            assert await taken_back(it, "textDocument/completion", at(uri)) == CANCELLED
            may_answer.set()
            await it.diagnostics(uri, 1)
            asked = [each.headers["accept"] for each in server.requests if "react" in each.path]
            assert len([each for each in asked if each.startswith(ABBREVIATED)]) == 1

"""A client that speaks plain JSON, and knows when the bytes of an answer were there: what it waits
for is the server's work, and not its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from lsprotocol import converters

from support.clients import capabilities
from support.editor import PATIENCE, server_environ

REFRESH = "workspace/diagnostic/refresh"
_WARNINGS = ("-W", "error", "-W", "ignore::ResourceWarning")
"""A connection that is open when the client says ``exit`` the system closes."""


class Wire:
    """One server's standard streams; made by :func:`wire`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self._out, self._in, self._errors = process.stdin, process.stdout, process.stderr
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.came: dict[int, float] = {}
        self._numbers = count(1)
        self.published: dict[str, Any] = {}
        """The newest diagnostics of each URI."""
        self.heard = 0
        """How often the server has said or asked something of its own accord."""
        self.told: list[dict[str, Any]] = []
        """What else the server has said or asked."""
        self.result: dict[str, Any] = {}
        """What has answered ``initialize``."""
        self.stderr = ""
        self.settings: object = None
        """What is answered to ``workspace/configuration``."""
        self.answers: dict[str, object] = {}
        """What is answered to other requests, by their methods; null to those that are not here."""
        self._news = asyncio.Event()

    def notify(self, method: str, params: object) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    async def ask(self, method: str, params: object) -> dict[str, Any]:
        """Send a request; the message that answers it."""
        answer, _ = await self.timed(method, params)
        return answer

    async def timed(self, method: str, params: object) -> tuple[dict[str, Any], float]:
        """Send a request; the message that answers it, and the seconds until all of its bytes were
        there: what this client makes of them is not counted.
        """
        began = time.perf_counter()
        number, answer = self.begin(method, params)
        message = await asyncio.wait_for(answer, PATIENCE)
        return message, self.came.pop(number) - began

    def begin(self, method: str, params: object) -> tuple[int, asyncio.Future[dict[str, Any]]]:
        """Send a request; its id, and the message that will answer it."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, "method": method, "params": params})
        return number, answer

    async def diagnostics(self, uri: str, count: int) -> list[dict[str, Any]]:
        """The diagnostics of *uri*, once they are so many."""
        return await self.shown(uri, lambda found: len(found) == count)

    async def shown(
        self, uri: str, until: Callable[[list[dict[str, Any]]], object] = lambda _: True
    ) -> list[dict[str, Any]]:
        """The newest diagnostics of *uri*, once *until* holds of them: asked for, and again
        whenever the server says so, where the client asks; else as they are sent.
        """
        found: list[dict[str, Any]] = []

        def sent() -> object:
            found[:] = self.published.get(uri, {}).get("diagnostics", ())
            return until(found)

        if not self.pulls:
            await self.until(sent)
            return found
        while True:
            refreshed = self.refreshed
            params = {"textDocument": {"uri": uri}}
            found = (await self.ask("textDocument/diagnostic", params))["result"]["items"]
            if until(found):
                return found
            await self.until(lambda n=refreshed: self.refreshed > n)

    @property
    def pulls(self) -> bool:
        """Whether this client asks this server for diagnostics."""
        return "diagnosticProvider" in self.result.get("capabilities", {})

    @property
    def refreshed(self) -> int:
        """How often the server has asked to be asked for diagnostics anew."""
        return len([each for each in self.told if each["method"] == REFRESH])

    async def until(self, condition: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until *condition* holds, which is looked at whenever the server says something.
        Raises TimeoutError where it says nothing for so many seconds.
        """
        while not condition():
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), patience)

    async def initialize(self, params: object) -> None:
        """Say who the client is, and keep what the server says of itself."""
        self.result = (await self.ask("initialize", params))["result"]

    def open(self, uri: str, text: str, *, version: int = 1, language: str = "plaintext") -> None:
        """Open a buffer."""
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, text: str, version: int) -> None:
        """Replace a buffer's text."""
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": version},
                "contentChanges": [{"text": text}],
            },
        )

    def close(self, uri: str) -> None:
        """Close a buffer."""
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    async def end(self) -> None:
        """Have the server end, as an editor does it."""
        await self.ask("shutdown", None)
        self.notify("exit", None)
        await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def hear_errors(self) -> None:
        """Take what comes on the stream for errors, until nothing does."""
        while line := await self._errors.readline():
            self.stderr += line.decode()

    async def listen(self) -> None:
        """Take what comes, until nothing does."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                header = await self._in.readuntil(b"\r\n\r\n")
                length = int(header.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                self._take(await self._in.readexactly(length))

    def _take(self, body: bytes) -> None:
        came = time.perf_counter()
        message = json.loads(body)
        self.heard += "method" in message
        if "method" not in message:
            self.came[message["id"]] = came
            self._waiting.pop(message["id"]).set_result(message)
        elif message["method"] == "textDocument/publishDiagnostics":
            self.published[message["params"]["uri"]] = message["params"]
        else:
            self.told.append(message)
        if "id" in message and "method" in message:
            items = (message.get("params") or {}).get("items")
            result = self.answers.get(message["method"])
            if items is not None:
                result = [self.settings] * len(items)
            self._send({"id": message["id"], "result": result})
        self._news.set()

    def _send(self, message: Mapping[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._out.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)


@asynccontextmanager
async def bare_wire(
    home: Path, *, cwd: Path | None = None, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Wire]:
    """A server that nobody has said anything to yet, whose home is in *home* and that is started in
    *cwd*. It is killed in the end if nobody has ended it.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *_WARNINGS, "-m", "registry_lsp"),
        env=server_environ(home, environ),
        cwd=cwd,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    it = Wire(process)
    listening = [asyncio.create_task(each) for each in (it.listen(), it.hear_errors())]
    try:
        yield it
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await asyncio.gather(*listening)


def initialization(
    folder: Path, client: str | None = "vscode", **params: object
) -> dict[str, object]:
    """What a *client*, by its name or one that can do nothing, says to begin with; *params* are put
    in the place of the usual ones.
    """
    can = converters.get_converter().unstructure(capabilities(client)) if client else {}
    return {"processId": None, "rootUri": folder.as_uri(), "capabilities": can, **params}


@asynccontextmanager
async def wire(
    folder: Path,
    *,
    client: str | None = "vscode",
    options: object = None,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    **params: object,
) -> AsyncIterator[Wire]:
    """A server for the project in *folder*, started, initialised and ended; see
    :func:`initialization`.
    """
    said = initialization(folder, client, **{"initializationOptions": options, **params})
    async with bare_wire(folder, environ=environ, cwd=cwd) as it:
        await it.initialize(said)
        it.notify("initialized", {})
        yield it
        await it.end()

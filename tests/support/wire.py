"""A client that speaks plain JSON, and knows when the bytes of an answer were there: what it waits
for is the server's work, and not its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from lsprotocol import converters

from support.clients import capabilities
from support.editor import PATIENCE, server_environ


class Wire:
    """One server's standard streams; made by :func:`wire`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._out, self._in = process.stdin, process.stdout
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.came: dict[int, float] = {}
        self._last = 0
        self.published: dict[str, Any] = {}
        """The newest diagnostics of each URI."""
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
        self._last += 1
        number = self._last
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self._send({"id": number, "method": method, "params": params})
        message = await asyncio.wait_for(answer, PATIENCE)
        return message, self.came.pop(number) - began

    async def diagnostics(self, uri: str, count: int) -> None:
        """Wait until *uri* has so many diagnostics."""
        while len(self.published.get(uri, {}).get("diagnostics", ())) != count:
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), PATIENCE)

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
        if "method" not in message:
            self.came[message["id"]] = came
            self._waiting.pop(message["id"]).set_result(message)
        elif "id" in message:
            items = (message.get("params") or {}).get("items")
            result = None if items is None else [None] * len(items)
            self._send({"id": message["id"], "result": result})
        elif message["method"] == "textDocument/publishDiagnostics":
            self.published[message["params"]["uri"]] = message["params"]
            self._news.set()

    def _send(self, message: Mapping[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._out.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)


@asynccontextmanager
async def wire(
    folder: Path, *, client: str = "vscode", options: object = None
) -> AsyncIterator[Wire]:
    """A server for the project in *folder*, started, initialised and ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "registry_lsp"),
        env=server_environ(folder),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    it = Wire(process)
    listening = asyncio.create_task(it.listen())
    try:
        params = {
            "processId": None,
            "rootUri": folder.as_uri(),
            "capabilities": converters.get_converter().unstructure(capabilities(client)),
            "initializationOptions": options,
        }
        await it.ask("initialize", params)
        it.notify("initialized", {})
        yield it
        await it.ask("shutdown", None)
        it.notify("exit", None)
        await asyncio.wait_for(process.wait(), PATIENCE)
    finally:
        listening.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()

"""A small real HTTP/1.1 server on 127.0.0.1, standard library only, for whatever asks a registry.

In a test that has a loop::

    async with LoopbackServer(paths({"/left-pad": as_json({"name": "left-pad"})})) as server:
        await client.get(server.url + "left-pad", accept="application/json")
    assert [request.path for request in server.requests] == ["/left-pad"]

For a child process, from a test without one::

    with serve_in_thread(handler) as server:
        subprocess.run([..., server.url])

It speaks keep-alive and bodies with a Content-Length; that is all that the clients under test
send.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
)
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias, final

from support.listening import Listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it arrived. ``path`` is the target as sent, with any query; header names
    are lower-case.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


Body: TypeAlias = bytes | Iterable[bytes] | AsyncIterable[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer. Bytes go with a Content-Length (unless the headers give one), an iterator of
    chunks goes as chunked transfer, each chunk flushed before the next is asked for.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body = b""


@dataclass(frozen=True, slots=True)
class Raw:
    """These bytes and nothing more, then the connection is closed."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer at all: the connection stays open until the client or the server ends."""


HANG_UP = Raw(b"")
"""The connection is closed at once, with no answer."""

SILENCE = Silence()

Act: TypeAlias = Reply | Raw | Silence
Handler: TypeAlias = Callable[[Request], Awaitable[Act]]


def as_json(document: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply whose body is *document* as JSON; *headers* may name another type."""
    return Reply(
        status=status,
        headers={"content-type": "application/json"}
        | {name.lower(): value for name, value in (headers or {}).items()},
        body=json.dumps(document).encode(),
    )


def cut_short(body: bytes, *, promised: int) -> Raw:
    """A 200 that promises more bytes than it sends before the connection is closed."""
    return Raw(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (promised, body))


async def dribble(
    until: asyncio.Event, *, chunk: bytes = b" ", every: float = 0.02
) -> AsyncIterator[bytes]:
    """A body that comes a little at a time, *every* so many seconds, until the event is set."""
    while not until.is_set():
        yield chunk
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(until.wait(), every)


def paths(replies: Mapping[str, Act], *, otherwise: Act | None = None) -> Handler:
    """A handler that answers by the request's target, and with 404 where none is named."""
    fallback = otherwise or Reply(status=404)

    async def handle(request: Request) -> Act:
        return replies.get(request.path, fallback)

    return handle


@final
class LoopbackServer(Listener):
    """The server. ``latency`` is seconds that each answer waits; ``tls`` makes it https.

    ``requests`` holds every request in the order of arrival, ``answering`` is how many are being
    answered, and ``peak`` the most that were at the same time. Leaving it cancels whatever is still
    being answered.
    """

    def __init__(
        self, handler: Handler, *, latency: float = 0.0, tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(tls=tls)
        self._handler = handler
        self.latency = latency
        self.answering = 0
        self.requests: list[Request] = []
        self.peak = 0

    @property
    def url(self) -> str:
        """The server's base address, ending in a slash."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/"

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection stays open for another."""
        request = await _read(reader)
        self.requests.append(request)
        self.answering += 1
        self.peak = max(self.peak, self.answering)
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            act = await self._handler(request)
            return await _answer(act, reader, writer)
        finally:
            self.answering -= 1


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method=method, path=path, headers=headers, body=body)


async def _answer(act: Act, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    match act:
        case Raw(data):
            writer.write(data)
            if data:
                await writer.drain()
                writer.close()
                await writer.wait_closed()
            return False
        case Silence():
            await reader.read()
            return False
        case Reply():
            await _send(act, writer)
            return True


async def _send(reply: Reply, writer: asyncio.StreamWriter) -> None:
    headers = dict(reply.headers)
    given = {name.lower() for name in headers}
    if isinstance(reply.body, bytes):
        if "content-length" not in given:
            headers["content-length"] = str(len(reply.body))
        writer.write(_head(reply.status, headers) + reply.body)
        await writer.drain()
        return
    if "content-length" not in given:
        headers["transfer-encoding"] = "chunked"
    writer.write(_head(reply.status, headers))
    async for chunk in _each(reply.body):
        if chunk:
            framed = chunk if "content-length" in given else b"%x\r\n%b\r\n" % (len(chunk), chunk)
            writer.write(framed)
            await writer.drain()
    if "content-length" not in given:
        writer.write(b"0\r\n\r\n")
        await writer.drain()


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Reply", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _each(chunks: Iterable[bytes] | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(chunks, AsyncIterable):
        async for chunk in chunks:
            yield chunk
    else:
        for chunk in chunks:
            yield chunk


@contextmanager
def serve_in_thread(
    handler: Handler, *, latency: float = 0.0, tls: ssl.SSLContext | None = None
) -> Iterator[LoopbackServer]:
    """The same server on a loop and thread of its own, for tests that start processes."""
    server = LoopbackServer(handler, latency=latency, tls=tls)
    started = threading.Event()
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        async with server:
            stop = asyncio.Event()
            loops.append((asyncio.get_running_loop(), stop))
            started.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="loopback")
    thread.start()
    try:
        assert started.wait(10), "the loopback server did not start"
        yield server
    finally:
        for loop, stop in loops:
            loop.call_soon_threadsafe(stop.set)
        thread.join()

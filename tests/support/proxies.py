"""A small proxy on 127.0.0.1 that opens ways to other servers, as a company's does."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from contextlib import suppress
from typing import final

from support.listening import Listener


@final
class TunnelProxy(Listener):
    """Answers CONNECT (RFC 9110, 9.3.6), where *password* is ``name:word`` to those alone who
    give it. ``asked`` holds whom each request wanted to reach; ``refusal`` is the status that all
    get instead of a way. Where there is a port *beyond*, all ways lead to that one on 127.0.0.1.
    """

    def __init__(
        self, *, password: str | None = None, refusal: int | None = None, beyond: int | None = None
    ) -> None:
        super().__init__()
        self._beyond = beyond
        self._wanted = None if password is None else b64encode(password.encode()).decode()
        self._refusal = refusal
        self.asked: list[str] = []

    def url(self, user: str = "") -> str:
        """The proxy's address, with the user information *user*."""
        return f"http://{user}{'@' if user else ''}127.0.0.1:{self.port}"

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                if (target := await self._target(reader, writer)) is not None:
                    host, _, port = target.rpartition(":")
                    if self._beyond is not None:
                        host, port = "127.0.0.1", str(self._beyond)
                    await _join(reader, writer, *await asyncio.open_connection(host, int(port)))
        finally:
            writer.transport.abort()

    async def _target(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str | None:
        """Whom the client may reach; None where it is refused."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split(" ", 2)
        assert method == "CONNECT"
        self.asked.append(target)
        status = self._refusal or (200 if self._is_welcome(head) else 407)
        writer.write(f"HTTP/1.1 {status} Proxy\r\n\r\n".encode())
        await writer.drain()
        if status == 200:
            return target
        writer.close()
        await writer.wait_closed()
        return None

    def _is_welcome(self, head: str) -> bool:
        return self._wanted is None or f"proxy-authorization: basic {self._wanted}".lower() in (
            head.lower()
        )


async def _join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    beyond: asyncio.StreamReader,
    onward: asyncio.StreamWriter,
) -> None:
    try:
        await asyncio.gather(_copy(reader, onward), _copy(beyond, writer))
    finally:
        onward.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
        writer.close()

"""A peer that speaks HTTP/2 over TLS, with the same handlers as the other one."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import final

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

from support.listening import Listener
from support.loopback import SILENCE, Handler, Reply, Request


@final
class Http2Server(Listener):
    """Answers GETs with Replies whose body is bytes, 60,000 at most; ``SILENCE`` resets the
    stream. ``tls`` holds the certificate; HTTP/2 is the only protocol that it offers.
    """

    def __init__(self, handler: Handler, *, tls: ssl.SSLContext) -> None:
        super().__init__(tls=tls)
        tls.set_alpn_protocols(["h2"])
        self._handler = handler
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        """The server's base address, ending in a slash."""
        return f"https://127.0.0.1:{self.port}/"

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        try:
            with suppress(OSError):
                while True:
                    writer.write(connection.data_to_send())
                    await writer.drain()
                    data = await reader.read(65_536)
                    if not data:
                        return
                    for event in connection.receive_data(data):
                        if isinstance(event, RequestReceived):
                            await self._answer(connection, event)
        finally:
            writer.transport.abort()

    async def _answer(self, connection: H2Connection, event: RequestReceived) -> None:
        headers = dict(event.headers)
        request = Request(method=headers[":method"], path=headers[":path"], headers=headers)
        self.requests.append(request)
        act = await self._handler(request)
        if act is SILENCE:
            connection.reset_stream(event.stream_id)
            return
        assert isinstance(act, Reply)
        assert isinstance(act.body, bytes)
        connection.send_headers(
            event.stream_id, [(":status", str(act.status)), *act.headers.items()]
        )
        for at in range(0, len(act.body), 16_000):
            connection.send_data(event.stream_id, act.body[at : at + 16_000])
        connection.end_stream(event.stream_id)

"""All the hosts of the internet, on loopback: whomever a process asks, and what of, is seen.

A proxy leads every way to one server, which has certificates for all of its hosts from an
authority of the test's own. So the product's own addresses are asked as they are, and nothing
leaves the machine.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from support.loopback import Act, Handler, LoopbackServer, Reply, Request
from support.proxies import TunnelProxy


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request that went out."""

    host: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = b""

    @property
    def authorization(self) -> str | None:
        return self.headers.get("authorization")


@dataclass(kw_only=True)
class World:
    """The hosts by name, each with who answers there; whoever else is asked has nothing."""

    hosts: Mapping[str, Handler]
    seen: list[Seen] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    proxy: TunnelProxy | None = None

    async def __call__(self, request: Request) -> Act:
        host = request.headers["host"]
        self.seen.append(
            Seen(host=host, path=request.path, headers=request.headers, body=request.body)
        )
        answer = self.hosts.get(host)
        return Reply(status=404) if answer is None else await answer(request)

    def to(self, host: str) -> list[Seen]:
        """What *host* was asked."""
        return [each for each in self.seen if each.host == host]


@contextmanager
def world(hosts: Mapping[str, Handler], folder: Path) -> Iterator[World]:
    """The hosts, while the test runs; a process sees them that has ``environ``."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*hosts).configure_cert(context)
    it = World(hosts=hosts)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    ready, ends = threading.Event(), []

    async def serve() -> None:
        async with (
            LoopbackServer(it, tls=context) as server,
            TunnelProxy(beyond=server.port) as proxy,
        ):
            stop = asyncio.Event()
            ends.append((asyncio.get_running_loop(), stop))
            it.proxy = proxy
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="world")
    thread.start()
    try:
        assert ready.wait(10), "the world did not begin"
        assert it.proxy is not None
        it.environ = {
            "HTTPS_PROXY": it.proxy.url(),
            "HTTP_PROXY": it.proxy.url(),
            "SSL_CERT_FILE": str(file),
        }
        yield it
    finally:
        for loop, stop in ends:
            loop.call_soon_threadsafe(stop.set)
        thread.join()


def below(prefix: str, handler: Handler) -> Handler:
    """*handler*, that answers at a host's root what it has below *prefix*."""

    async def answer(request: Request) -> Act:
        return await handler(
            Request(
                method=request.method,
                path=prefix + request.path,
                headers=request.headers,
                body=request.body,
            )
        )

    return answer

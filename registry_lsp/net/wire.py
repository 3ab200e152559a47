"""One request over the wire and its answer: where the network library is, and nothing else is."""

from __future__ import annotations

import asyncio
import logging
import ssl
from dataclasses import replace
from http.cookiejar import CookieJar, DefaultCookiePolicy

import anyio.lowlevel
import httpx

from registry_lsp.core.packages import Trouble, Unavailable
from registry_lsp.core.ports import Response
from registry_lsp.net.bodies import Body, BodyError
from registry_lsp.net.budget import Budget
from registry_lsp.net.patience import TRANSIENT
from registry_lsp.net.requests import Request, location

BODIES = 2
"""How many bodies of the largest size may be in memory before the next one has to wait."""

_log = logging.getLogger("registry_lsp.net")


class Wire:
    """Connections, by the environment's proxies and certificates.

    *timeout* is the seconds that may pass without progress, *concurrency* the most connections,
    *max_body* the cap on one body's decoded bytes; all that are under way share BODIES times that.
    """

    def __init__(self, *, user_agent: str, timeout: float, concurrency: int, max_body: int) -> None:
        self._user_agent = user_agent
        self._timeout = timeout
        self._concurrency = concurrency
        self._max_body = max_body
        self._budget = Budget(BODIES * max_body)
        self._opening = asyncio.Lock()
        self._client: httpx.AsyncClient | Trouble | None = None

    async def open(self) -> httpx.AsyncClient | Trouble:
        """Make ready, at the first use: certificates take a while, so not on the event loop.

        The trouble is one with the environment, which nobody need ask a second time.
        """
        async with self._opening:
            if self._client is None:
                # The library would look for its own loop's backend at the first connection.
                await anyio.lowlevel.checkpoint()
                self._client = await asyncio.to_thread(
                    _connect, self._user_agent, self._timeout, self._concurrency
                )
            return self._client

    async def aclose(self) -> None:
        """Close all connections."""
        if isinstance(self._client, httpx.AsyncClient):
            await self._client.aclose()

    async def exchange(self, asked: Request) -> Response | Unavailable:
        """Send *asked* and read the answer; of a body only what somebody may want.

        Redirects and statuses that are worth another attempt come back without one.
        """
        client = await self.open()
        if isinstance(client, Trouble):
            return asked.unavailable(client)
        try:
            async with client.stream("GET", asked.url, headers=asked.headers()) as response:
                return await self._receive(asked, response)
        except BodyError as error:
            trouble = error.trouble
        except httpx.TimeoutException:
            trouble = Trouble.TIMEOUT
        except Exception as error:  # noqa: BLE001 - a broken answer can come out of the library as any error at all, and must not end the server
            trouble = Trouble.INSECURE if _is_insecure(error) else Trouble.UNREACHABLE
        return asked.unavailable(trouble)

    async def _receive(self, asked: Request, response: httpx.Response) -> Response:
        answer = Response(
            status=response.status_code,
            url=str(asked.url),
            headers=dict(response.headers),
            body=b"",
        )
        if answer.status >= 500 or answer.status in TRANSIENT or location(answer) is not None:
            return answer
        body = Body(
            encoding=answer.headers.get("content-encoding", ""),
            length=answer.headers.get("content-length", ""),
            limit=self._max_body,
        )
        with self._budget.share() as share:
            async for chunk in response.aiter_raw():
                await share.room()
                body.add(chunk)
                share.grow(body.size)
            return replace(answer, body=body.complete())


def _connect(user_agent: str, timeout: float, concurrency: int) -> httpx.AsyncClient | Trouble:
    """A client, or what is wrong with the environment that it would obey.

    The environment's values are not logged: a proxy's address may hold a password.
    """
    for name in ("httpx", "httpcore", "hpack", "h2"):
        # set to debug these would write whole addresses and headers, credentials among them
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        context = httpx.create_ssl_context()
    except (OSError, ValueError) as error:
        _log.warning("SSL_CERT_FILE or SSL_CERT_DIR cannot be used: %s", type(error).__name__)
        return Trouble.INSECURE
    try:
        return httpx.AsyncClient(
            http2=True,
            verify=context,
            timeout=timeout,
            limits=httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
            headers={"User-Agent": user_agent},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # nobody is followed
        )
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        _log.warning(
            "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY cannot be used: %s", type(error).__name__
        )
        return Trouble.UNREACHABLE


def _is_insecure(error: BaseException) -> bool:
    """Whether TLS itself was refused, and the connection not merely lost on the way."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return not isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError))
        cause = cause.__cause__ or cause.__context__
    return False

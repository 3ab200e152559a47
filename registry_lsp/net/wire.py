"""One request over the wire and its answer: where the network library is, and nothing else is."""

from __future__ import annotations

import re
import ssl
from contextlib import suppress
from dataclasses import replace

import httpx

from registry_lsp.core.packages import Trouble, Unavailable
from registry_lsp.core.ports.http import Response
from registry_lsp.net.bodies import Body, BodyError
from registry_lsp.net.budget import Budget
from registry_lsp.net.clients import Clients
from registry_lsp.net.patience import TRANSIENT
from registry_lsp.net.requests import Request, location
from registry_lsp.net.transports import Manners, UnusableError

BODIES = 2
"""How many bodies of the largest size may be in memory before the next one has to wait."""

_STATUS = re.compile(r"\A[1-5][0-9]{2}\b")


class Wire:
    """Connections, by a registry's own proxies and certificates or the environment's.

    *timeout* is the seconds that may pass without progress, *concurrency* the most connections,
    *max_body* the cap on one body's decoded bytes; all that are under way share BODIES times that.
    """

    def __init__(self, *, user_agent: str, timeout: float, concurrency: int, max_body: int) -> None:
        self._max_body = max_body
        self._budget = Budget(BODIES * max_body)
        self._clients = Clients(
            Manners(user_agent=user_agent, timeout=timeout, concurrency=concurrency)
        )

    async def prepare(self) -> None:
        """Begin with what takes a while: certificates, of which the environment's are read."""
        with suppress(UnusableError):  # whoever asks will hear of it
            await self._clients.prepare()

    async def refusal(self, asked: Request) -> Unavailable | None:
        """Why *asked* cannot be sent at all, whoever it goes to; None where it can."""
        try:
            await self._clients.check(asked.transport)
        except UnusableError as error:
            return asked.unavailable(error.trouble, detail=error.detail)
        return None

    async def aclose(self) -> None:
        """Close all connections."""
        await self._clients.aclose()

    async def exchange(self, asked: Request) -> Response | Unavailable:
        """Send *asked* and read the answer; of a body only what somebody may want.

        Redirects and statuses that are worth another attempt come back without one.
        """
        try:
            async with (
                self._clients.lease(asked.transport) as client,
                client.stream(
                    asked.method, asked.url, headers=asked.headers(), content=asked.body
                ) as response,
            ):
                return await self._receive(asked, response)
        except UnusableError as error:
            return asked.unavailable(error.trouble, detail=error.detail)
        except BodyError as error:
            trouble = error.trouble
        except httpx.TimeoutException:
            trouble = Trouble.TIMEOUT
        except httpx.ProxyError as error:
            return _refused_by_proxy(asked, error)
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


def _is_insecure(error: BaseException) -> bool:
    """Whether TLS itself was refused, and the connection not merely lost on the way."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return not isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError))
        cause = cause.__cause__ or cause.__context__
    return False


def _refused_by_proxy(asked: Request, error: httpx.ProxyError) -> Unavailable:
    """What a proxy means that opens no way: the library has its status in the words alone."""
    said = _STATUS.search(str(error))
    status = int(said[0]) if said else None
    if status is not None and status >= 500:  # it has nobody there either
        return asked.unavailable(Trouble.UNREACHABLE)
    return asked.unavailable(Trouble.PROXY, status=status)

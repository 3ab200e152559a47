"""The one HTTP client: bounded, patient for a while, and discreet.

Nothing that the network does raises: every ending is a Response or an Unavailable. Importing
this module imports the network library, so the app does it after ``initialize``.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from registry_lsp.core.packages import Secret, Transport, Trouble, Unavailable
from registry_lsp.core.ports.http import Pause, Response, Validators
from registry_lsp.net.addresses import host_of
from registry_lsp.net.answers import garbage, no_answer
from registry_lsp.net.gates import LONGEST_HOLD, SHORT_WAIT, SHUT, Gates, Turn
from registry_lsp.net.patience import Patience
from registry_lsp.net.requests import Request, location, redirected, request
from registry_lsp.net.times import retry_after
from registry_lsp.net.wire import Wire

MAX_BODY = 64 * 2**20
"""The default cap on a decoded body, in bytes: the largest documents of real registries have
some 20 MB.
"""

MAX_REDIRECTS = 5
"""How many redirects a question may follow."""

_log = logging.getLogger("registry_lsp.net")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What time and chance are made of. ``jitter`` gives 0 to 1, ``monotonic`` and ``wall``
    seconds, the latter since the epoch.
    """

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time


REAL = Timing()
"""Time and chance as they are."""


class HttpClient:
    """Asks every registry and service; implements the port ``Http``.

    *timeout* is the seconds without any progress after which a question has failed; one that is
    answered, but slowly or with errors first, takes at most *timeout* times *retries* + 1, its turn
    not counted. At
    most *concurrency* requests are in flight; *max_body* is in decoded bytes. *offline* answers
    everything with ``OFFLINE`` and touches no network.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        timeout: float = 10.0,
        concurrency: int = 16,
        max_body: int = MAX_BODY,
        retries: int = 2,
        offline: bool = False,
        timing: Timing = REAL,
    ) -> None:
        self._wire = Wire(
            user_agent=user_agent, timeout=timeout, concurrency=concurrency, max_body=max_body
        )
        self._timeout = timeout
        self._retries = retries
        self._offline = offline
        self._timing = timing
        self._slots = asyncio.Semaphore(concurrency)
        self._gates = Gates(timing.monotonic)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def prepare(self) -> None:
        """Begin to make ready what the first question would otherwise wait for."""
        if not self._offline and not self._closed:
            task = asyncio.get_running_loop().create_task(self._wire.prepare())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @property
    def paused(self) -> list[Pause]:
        """The servers that nobody asks now."""
        return self._gates.paused

    def reopen(self) -> None:
        """Ask those as well who were not there a moment ago, which else are left alone a while."""
        self._gates.reopen()

    async def get(
        self,
        url: str,
        *,
        accept: str,
        authorization: Secret | None = None,
        within: str | None = None,
        validators: Validators | None = None,
        transport: Transport | None = None,
    ) -> Response | Unavailable:
        """The answer to a GET, whatever its status below 500 (429 aside), or why there is none.

        *authorization* goes to what lies *within* that address (to *url* alone, where that is
        None), and the client's certificate that *transport* has to its origin; *url*'s user
        information is not sent. Raises RuntimeError once the client is closed, and ends as
        cancelled where it is closed meanwhile.
        """
        asked = request(
            url,
            accept=accept,
            authorization=authorization,
            within=within,
            validators=validators,
            transport=transport,
        )
        return await self._answer(url, asked)

    async def post(
        self,
        url: str,
        *,
        body: bytes,
        accept: str,
        content_type: str,
        authorization: Secret | None = None,
        within: str | None = None,
        transport: Transport | None = None,
    ) -> Response | Unavailable:
        """The answer to a POST that may be repeated, as :meth:`get` has it of a GET.

        Redirects are followed where they keep the method (307 and 308), and else refused.
        """
        asked = request(
            url,
            accept=accept,
            authorization=authorization,
            within=within,
            transport=transport,
            body=body,
            content_type=content_type,
        )
        return await self._answer(url, asked)

    async def _answer(self, url: str, asked: Request | None) -> Response | Unavailable:
        if self._closed:
            raise RuntimeError("the HTTP client is closed")
        if asked is None:
            return Unavailable(trouble=Trouble.MALFORMED, host=host_of(url))
        if self._offline:
            return asked.unavailable(Trouble.OFFLINE)
        return await self._within(None, self._pursue(asked))

    async def aclose(self) -> None:
        """End everything that is under way, and the connections."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._wire.aclose()

    async def _pursue(self, asked: Request) -> Response | Unavailable:
        """One question, by way of its redirects."""
        if refusal := await self._wire.refusal(asked):
            return refusal
        seconds = self._timeout * (self._retries + 1)
        patience = Patience(seconds=seconds, retries=self._retries)
        seen = {asked.url}
        while True:
            answer = await self._ask(asked, patience)
            if isinstance(answer, Unavailable):
                return answer
            if (target := location(answer)) is None:
                return self._settle(asked, answer)
            onward = redirected(asked, target, status=answer.status)
            if isinstance(onward, Trouble):
                return asked.unavailable(onward, status=answer.status)
            if onward.url in seen or len(seen) > MAX_REDIRECTS:
                return asked.unavailable(Trouble.REDIRECTS, status=answer.status)
            asked = onward
            seen.add(asked.url)

    def _settle(self, asked: Request, answer: Response) -> Response | Unavailable:
        """The answer as callers see it: a server that has given up is none."""
        if answer.status == 304 and not asked.is_conditional:
            return garbage(answer)
        if answer.status == 429:  # it has been asked politely several times by now
            self._gates.refused(asked.origin, str(asked.url), no_answer(answer), SHUT)
        if answer.status >= 500:
            self._gates.erred(asked.origin, str(asked.url))
        if answer.status == 429 or answer.status >= 500:
            return no_answer(answer)
        return answer

    async def _ask(self, asked: Request, patience: Patience) -> Response | Unavailable:
        """One hop, with its retries. Nobody holds a slot while waiting."""
        origin, address = asked.origin, str(asked.url)
        failure: Unavailable | None = None
        while True:
            async with self._slots:
                wait: Turn | Response
                wait = self._gates.admit(origin, address, patience.seconds, failure)
                if wait == 0.0:
                    answer = await self._attempt(asked, patience)
                    failure = answer if isinstance(answer, Unavailable) else None
                    wait = self._pause(asked, answer, patience)
            if isinstance(wait, asyncio.Event):
                await wait.wait()
                continue
            if not isinstance(wait, float):
                return wait
            patience.seconds -= wait
            await self._timing.sleep(wait)

    def _pause(
        self, asked: Request, answer: Response | Unavailable, patience: Patience
    ) -> float | Response | Unavailable:
        """As Patience.pause; nobody asks twice for what the server would answer with an error."""
        is_error = isinstance(answer, Response) and answer.status >= 500
        if is_error and self._gates.is_erring(asked.origin):
            return answer
        return patience.pause(answer, self._timing.jitter())

    async def _attempt(self, asked: Request, patience: Patience) -> Response | Unavailable:
        """One request, within the seconds that are left, and what the gates learn from it."""
        try:
            return self._heed(asked, await self._exchange(asked, patience))
        finally:
            self._gates.released(asked.origin, str(asked.url))

    async def _exchange(self, asked: Request, patience: Patience) -> Response | Unavailable:
        began = self._timing.monotonic()
        answer: Response | Unavailable
        try:
            answer = await self._within(patience.seconds, self._wire.exchange(asked))
        except asyncio.TimeoutError:
            answer = asked.unavailable(Trouble.TIMEOUT)
        spent = self._timing.monotonic() - began
        patience.seconds -= spent
        said = answer.status if isinstance(answer, Response) else answer.trouble.value
        _log.debug("%s %s %s %.0f ms", asked.method, asked.place, said, spent * 1000)
        return answer

    def _heed(self, asked: Request, answer: Response | Unavailable) -> Response | Unavailable:
        """Remember what the answer means for whoever asks the same server next."""
        match answer:
            case Unavailable(trouble=Trouble.UNREACHABLE | Trouble.TIMEOUT):
                self._gates.failed(asked.origin, str(asked.url), answer)
                return answer
            case Unavailable(trouble=Trouble.UNUSABLE | Trouble.PROXY):
                return answer  # which says nothing of the server
            case Response(status=429 | 503):
                wait = min(retry_after(answer.headers, self._timing.wall()) or 0.0, LONGEST_HOLD)
                if wait or answer.status == 429:
                    return self._refused(asked, answer, wait)
        is_error = isinstance(answer, Response) and answer.status >= 500
        self._gates.answered(
            asked.origin, is_error=is_error
        )  # even a certificate that is refused is somebody's
        return answer

    def _refused(self, asked: Request, answer: Response, wait: float) -> Response | Unavailable:
        """What becomes of a question that the server wants to be asked *wait* seconds later."""
        reason = asked.unavailable(
            Trouble.RATE_LIMITED, status=answer.status, retry_after=wait or None
        )
        self._gates.refused(asked.origin, str(asked.url), reason, wait)
        return reason if wait > SHORT_WAIT else answer

    async def _within(self, seconds: float | None, work: Coroutine[Any, Any, T]) -> T:
        """*work*'s result; raises asyncio.TimeoutError after so many *seconds*.

        It runs as a task of the client's own, which has ended when this does, however it does.
        """
        task = asyncio.create_task(work)
        self._tasks.add(task)
        try:
            done, _ = await asyncio.wait({task}, timeout=seconds)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._tasks.discard(task)
        if not done:
            raise asyncio.TimeoutError
        return task.result()

"""What is asked beside the packages: each question once at a time, kept in memory and on disk.

Nobody waits for these answers longer than a moment, and for those of a service that was slow or
down a moment ago not at all: what comes later is there when it is asked for again. That something
is not known there is an answer too, and kept like one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from registry_lsp.core.clock import onward
from registry_lsp.core.packages import Missing, Trouble, Unauthorized, Unavailable
from registry_lsp.core.ports.answers import Fetched, Refusal
from registry_lsp.core.ports.http import Pause
from registry_lsp.net.addresses import host_of
from registry_lsp.net.cache import DiskCache, Entry

GRACE = 0.3
"""Seconds that a hover waits for what is asked beside the package itself."""

LATE = 60.0
"""Seconds for which nobody waits for a service that was late, or could not be asked."""
FAILURE_FRESH = 60.0
"""Seconds that a failure stands before the same question is asked again."""
MUTED = 300.0
LONGEST_MUTED = 3600.0
"""Seconds that a service is not asked at all which wants fewer questions: where it does not say
how long, and at most.
"""

_FORM = "1"
_REMEMBERED = 4096
_STILL_GOOD = 2  # times as long as it is fresh, an answer may be shown where no newer one came
_LOG = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[T]):
    """Something to ask of the *service* at that address, whose questions are late together.

    ``key`` tells it from all other questions, in the cache too, and holds no credential;
    ``kind`` is the type of its answer, which is good for ``lasting`` seconds.
    """

    service: str
    key: str
    kind: type[T]
    ask: Callable[[], Awaitable[Fetched[T] | Refusal]]
    lasting: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    answer: Any
    fresh_until: float
    good_until: float


class Answers:
    """Everything that was asked, and how to ask. Lives on one event loop; *clock* gives seconds
    since the epoch.
    """

    def __init__(self, cache: DiskCache, *, clock: Callable[[], float] = onward) -> None:
        self._cache = cache
        self._clock = clock
        self._heard: dict[str, _Heard] = {}
        self.turn = 0
        """How often what is known has changed."""
        self._flights: dict[str, asyncio.Task[None]] = {}
        self._late: dict[str, float] = {}
        self._muted: dict[str, float] = {}

    def peek(self, question: Question[T]) -> T | None:
        """What is known in memory, as long as it is good; None where that is nothing."""
        heard = self._heard.get(question.key)
        if heard is None or self._clock() >= heard.good_until:
            return None
        return heard.answer if isinstance(heard.answer, question.kind) else None

    async def recall(self, questions: Iterable[Question[Any]]) -> None:
        """Bring what the disk knows into memory, and ask nobody."""
        for each in questions:
            await self._recall(each)

    def begin(self, questions: Iterable[Question[Any]]) -> None:
        """Ask what is due, and wait for nothing."""
        for question in questions:
            self._flight(question)

    async def wait(self, questions: Iterable[Question[Any]], grace: float = GRACE) -> None:
        """Ask what is due, and wait for it at most *grace* seconds; not for a service that was
        late or could not be asked. One that is late now is not waited for again for a while.
        """
        flights = {each: flight for each in questions if (flight := self._flight(each)) is not None}
        awaited = [
            flight for each, flight in flights.items() if not self._is(self._late, each.service)
        ]
        if not awaited:
            return
        await asyncio.wait(awaited, timeout=grace)
        for each, flight in flights.items():
            if not flight.done():
                self._late[each.service] = self._clock() + LATE

    async def answer(self, question: Question[T]) -> T | Refusal:
        """The answer, however long it takes: for who has asked for nothing else."""
        flight = self._flight(question)
        if flight is not None:
            await asyncio.shield(flight)
        heard = self._heard.get(question.key)
        if heard is None or self._clock() >= max(heard.good_until, heard.fresh_until):
            left = self._muted.get(question.service, 0.0) - self._clock()
            host = host_of(question.service)
            return Unavailable(trouble=Trouble.RATE_LIMITED, host=host, retry_after=max(1.0, left))
        return heard.answer  # type: ignore[no-any-return]  # of the kind that its question names

    @property
    def paused(self) -> list[Pause]:
        """The services that are not asked now, since they want fewer questions."""
        now = self._clock()
        return [
            Pause(
                reason=Unavailable(trouble=Trouble.RATE_LIMITED, host=host_of(service), status=429),
                seconds=until - now,
            )
            for service, until in self._muted.items()
            if until > now
        ]

    def clear(self) -> None:
        """Forget what is in memory, and who was late or could not be asked."""
        self.turn += 1
        for each in (self._heard, self._late, self._muted):
            each.clear()

    async def aclose(self) -> None:
        """End what is under way."""
        flights = tuple(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    def _flight(self, question: Question[Any]) -> asyncio.Task[None] | None:
        """The task that asks; None where nothing need be asked, or nothing may be."""
        key = question.key
        heard = self._heard.get(key)
        if heard is not None and self._clock() < heard.fresh_until:
            return None
        if key not in self._flights:
            task = asyncio.create_task(self._learn(question), name=f"ask {question.service}")
            self._flights[key] = task
            task.add_done_callback(lambda _: self._flights.pop(key, None))
        return self._flights[key]

    async def _learn(self, question: Question[Any]) -> None:
        await self._recall(question)
        heard = self._heard.get(question.key)
        is_known = heard is not None and self._clock() < heard.fresh_until
        if is_known or self._is(self._muted, question.service):
            return
        began = self._clock()
        try:
            said = await question.ask()
        except Exception:  # noqa: BLE001 - what else is known is shown without it
            _LOG.exception("asking %s failed", host_of(question.service))
            said = Unavailable(trouble=Trouble.GARBAGE, host=host_of(question.service))
        self._hear(question, said, took=self._clock() - began)

    def _hear(self, question: Question[Any], said: Fetched[Any] | Refusal, *, took: float) -> None:
        now = self._clock()
        if isinstance(said, Fetched | Missing):
            answer = said.value if isinstance(said, Fetched) else said
            if took <= GRACE:
                self._late.pop(question.service, None)
            self._hold(question, answer, now)
            payload = msgspec.msgpack.encode(None if isinstance(said, Missing) else answer)
            self._cache.put(
                Entry(
                    key=_stored(question),
                    payload=payload,
                    fetched_at=now,
                    fresh_until=now + question.lasting,
                )
            )
            return
        wait = FAILURE_FRESH
        if isinstance(said, Unavailable) and said.trouble is Trouble.RATE_LIMITED:
            wait = min(said.retry_after or MUTED, LONGEST_MUTED)
            self._muted[question.service] = now + wait
        else:
            self._late[question.service] = now + LATE
        # What was known is still the best that is known, for as long as it is good.
        known = self._heard.get(question.key)
        answer, good = said, now + wait
        if known is not None and now < known.good_until and _is_certain(known.answer):
            answer, good = known.answer, known.good_until
        self._keep(question.key, _Heard(answer=answer, fresh_until=now + wait, good_until=good))

    async def _recall(self, question: Question[Any]) -> None:
        """Bring what the disk knows into memory, unless that knows already."""
        if question.key in self._heard:
            return
        name = _stored(question)
        entry = (await self._cache.get_many((name,))).get(name)
        if entry is None or entry.fetched_at > self._clock():
            return  # a clock that was wrong wrote it from the future
        try:
            answer = msgspec.msgpack.decode(entry.payload, type=question.kind | None)
        except msgspec.MsgspecError:
            return
        self._hold(question, Missing() if answer is None else answer, entry.fetched_at)

    def _hold(self, question: Question[Any], answer: object, at: float) -> None:
        lasting = question.lasting
        self._keep(
            question.key,
            _Heard(answer=answer, fresh_until=at + lasting, good_until=at + _STILL_GOOD * lasting),
        )

    def _keep(self, key: str, heard: _Heard) -> None:
        self.turn += 1
        self._heard.pop(key, None)
        self._heard[key] = heard
        if len(self._heard) > _REMEMBERED:
            del self._heard[next(iter(self._heard))]

    def _is(self, until: dict[str, float], service: str) -> bool:
        return self._clock() < until.get(service, 0.0)


def _is_certain(answer: object) -> bool:
    return not isinstance(answer, Unauthorized | Unavailable)


def _stored(question: Question[Any]) -> str:
    return "\n".join(("service", _FORM, question.service, question.key))

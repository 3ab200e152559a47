"""The packages that anybody asks for: what is known of them, and how the registries are asked.

What has gone stale is shown at once, and its registry is asked behind it, each name once at a time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry_lsp.core.clock import onward
from registry_lsp.core.keys import KeyOf
from registry_lsp.core.packages import (
    Found,
    Lookup,
    Metadata,
    Missing,
    PackageId,
    Trouble,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.core.ports.registry import PackageAnswer, Registry
from registry_lsp.net.cache import DiskCache
from registry_lsp.net.entries import Statistics
from registry_lsp.session.known import Known, Question
from registry_lsp.session.nearby import Nearby
from registry_lsp.session.several import Held, apart, has_ended

AT_ONCE = 12
"""How many packages one document asks for at the same time: fewer than the network's own bound,
so that a hover finds a free place."""

_REMEMBERED = 32_768
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Flight:
    task: asyncio.Task[None]
    waiting: int = 0
    unwanted: bool = True
    """Whether it ends with the last who waits for it; a document's goes on, as it comes back."""


class PackageIndex:
    """Every package that anybody asked for, and how to ask. Lives on one event loop."""

    def __init__(
        self,
        registries: Mapping[str, Registry],
        cache: DiskCache,
        *,
        keys: Mapping[str, KeyOf] = MappingProxyType({}),
        clock: Callable[[], float] = onward,
    ) -> None:
        """*registries* and *keys* are by ecosystem; one without a key takes no releases of several
        registries together.
        """
        self._registries = registries
        self._cache = cache
        self._clock = clock
        self._known = Known(cache, keys, clock)
        self._flights: dict[Question, _Flight] = {}
        self.heard: Callable[[PackageId], None] = lambda _: None
        """Told of every package that a registry has said something of."""
        self._metadata: dict[tuple[PackageId, str], Metadata | None] = {}
        self._nearby = Nearby(lambda: self._known.ids, self.peek)

    @property
    def turn(self) -> int:
        """How often what is known has changed."""
        return self._known.turn

    # --- what is known ------------------------------------------------------------------------

    def now(self) -> float:
        """The moment, in seconds since the epoch."""
        return self._clock()

    def peek(self, id: PackageId, *, full: bool = False) -> Lookup | None:
        """What is known in memory, however old. A full answer serves as a brief one while it is
        fresh; then the later of the two does.
        """
        held = self._known.best(id, full=full)
        return held.lookup if held is not None else None

    def near(self, id: PackageId) -> tuple[str, ...]:
        """The names that may be meant by that of *id*, by what is known in memory."""
        return self._nearby.of(id)

    def is_due(self, id: PackageId, *, full: bool = False) -> bool:
        """Whether the registry should be asked: nothing is known, or it has gone stale."""
        return self._known.is_due(id, full=full)

    def failed_until(self, ids: Iterable[PackageId]) -> float | None:
        """Seconds until the first of those *ids* whose registry could not be asked is due again;
        None where there is none.
        """
        return self._known.failed_until(ids)

    async def recall(self, ids: Iterable[PackageId], *, full: bool = False) -> None:
        """Bring what the disk knows of *ids* into memory, with one query."""
        await self._known.recall(ids, full=full)

    # --- asking -------------------------------------------------------------------------------

    async def fetch(self, id: PackageId, *, full: bool = False) -> Lookup:
        """The package, asked for where it is due. One request serves all who wait for it, and ends
        where nobody does any more.
        """
        key = (id, full)
        if self.is_due(id, full=full):
            await self.recall((id,), full=full)
        if self.is_due(id, full=full):
            await self._join(key)
        lookup = self.peek(id, full=full)
        # The answer may have been pushed out by thousands of others in between.
        return lookup or Unavailable(trouble=Trouble.UNREACHABLE, host=id.registry.host)

    async def refresh(
        self,
        ids: Iterable[PackageId],
        arrived: Callable[[PackageId], None],
        *,
        full: Container[PackageId] = (),
    ) -> None:
        """Ask for those of *ids* that are due, a dozen at a time; tell of each as it arrives.

        *full* are those that a brief answer does not do for.
        """
        queue = iter(tuple(ids))

        async def work() -> None:
            for id in queue:
                if self.is_due(id, full=id in full):
                    await self._join((id, id in full), is_kept=True)
                arrived(id)

        workers = [asyncio.create_task(work()) for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()

    async def metadata(self, id: PackageId, version: str) -> Metadata | None:
        """What one version says of itself, None where that cannot be had."""
        key = (id, version)
        if key in self._metadata:
            return self._metadata[key]
        try:
            answer = await self._registries[id.ecosystem].metadata(id, version)
        except Exception:  # noqa: BLE001 - what else is known is shown without it
            _LOG.exception("reading %s %s failed", id.name, version)
            return None
        if not isinstance(answer, Fetched | Missing):
            return None
        if len(self._metadata) >= _REMEMBERED:
            del self._metadata[next(iter(self._metadata))]
        self._metadata[key] = answer.value if isinstance(answer, Fetched) else None
        return self._metadata[key]

    def abandon(self, ids: Iterable[PackageId]) -> None:
        """Stop asking for *ids*, each as soon as nobody waits for it any more."""
        every = (each for id in ids for group in apart(id) for each in (id, *group))
        for id in every:
            for key in ((id, False), (id, True)):
                if (flight := self._flights.get(key)) is not None:
                    flight.unwanted = True
                    self._land(key, flight)

    def expire(self, ids: Iterable[PackageId]) -> None:
        """Have *ids* asked for anew by whoever wants them next; what is known stands until then."""
        known = [each for id in ids for group in apart(id) for each in (id, *group)]
        self._known.expire(known)
        gone = frozenset(known)
        self._metadata = {key: each for key, each in self._metadata.items() if key[0] not in gone}

    async def statistics(self) -> Statistics:
        """How much is kept on disk."""
        return await self._cache.statistics()

    @property
    def cache_trouble(self) -> str | None:
        """Why nothing is kept on disk although it should be; None where all is well so far."""
        return self._cache.trouble

    async def clear(self) -> None:
        """Forget everything, on disk too."""
        self._metadata.clear()
        await self._known.clear()

    def save(self) -> None:
        """Have the cache write what waits to be written, without waiting for it."""
        self._cache.save()

    async def flush(self) -> None:
        """Have the cache write what waits to be written, and wait for it."""
        await self._cache.flush()

    async def aclose(self) -> None:
        """End what is under way."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _join(self, key: Question, *, is_kept: bool = False) -> None:
        flight = self._flights.get(key)
        if flight is None:
            flight = _Flight(asyncio.create_task(self._ask(key), name=f"ask {key[0].name}"))
            self._flights[key] = flight
            landed = flight
            flight.task.add_done_callback(lambda _: self._forget(key, landed))
        if is_kept:
            flight.unwanted = False
        flight.waiting += 1
        try:
            # Whoever stops waiting (a buffer that changed) leaves the flight to the others.
            await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            self._land(key, flight)

    def _land(self, key: Question, flight: _Flight) -> None:
        """End a flight that nobody waits for and nobody would miss; who comes now starts anew."""
        if flight.unwanted and not flight.waiting:
            self._forget(key, flight)
            flight.task.cancel()

    def _forget(self, key: Question, flight: _Flight) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]

    async def _ask(self, key: Question) -> None:
        if not key[0].registry.is_alone:
            await self._ask_several(key)
            return
        known = self._known.held(key)
        try:
            answer = await self._ask_one(key, known)
        except Exception:  # noqa: BLE001 - one package's fault must not silence the others
            _LOG.exception("reading %s failed", key[0].name)
            answer = Unavailable(trouble=Trouble.GARBAGE, host=key[0].registry.host)
        self._known.take(key, known, answer)
        self.heard(key[0])

    async def _ask_one(self, key: Question, known: Held | None) -> PackageAnswer:
        id, full = key
        is_found = known is not None and isinstance(known.lookup, Found)
        validators = known.validators if known is not None and is_found else None
        return await self._registries[id.ecosystem].package(id, full=full, known=validators)

    async def _ask_several(self, key: Question) -> None:
        """Ask the registries of a package: those of one group at the same time, and the next
        group only for what that one lacks.

        Each is asked and remembered as if it were alone, with validators of its own.
        """
        id, full = key
        for group in apart(id):
            await asyncio.gather(*(self.fetch(each, full=full) for each in group))
            if has_ended(group, lambda each: self._known.best(each, full=full)):
                break
        self._known.combine(key)
        self.heard(id)

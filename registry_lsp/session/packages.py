"""The packages that are known: in memory, then on disk, then by asking, each name once at a time.

An answer that has gone stale is still an answer: it is shown at once, and the registry is asked
behind it. A failure is remembered for a little while only, and never displaces what was known.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NoReturn, TypeAlias

from registry_lsp.core.keys import KeyOf
from registry_lsp.core.packages import (
    Found,
    Lookup,
    Metadata,
    Missing,
    PackageId,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched, NotModified
from registry_lsp.core.ports.http import Validators
from registry_lsp.core.ports.registry import PackageAnswer, Registry
from registry_lsp.net.cache import DiskCache, Entry
from registry_lsp.session import records
from registry_lsp.session.several import Held, apart, has_ended, together

AT_ONCE = 12
"""How many packages one document asks for at the same time: fewer than the network's own bound,
so that a hover finds a free place."""

LEAST_FRESH = 60.0
"""Seconds that an answer stands whatever its registry says: some call every answer stale, and
nobody wants to be asked again at each pause in the typing."""
MISSING_FRESH = 600.0
FAILURE_FRESH = 30.0
"""Seconds that a 'not found' and a failure stand before the registry is asked again."""

_REMEMBERED = 32_768
_LOG = logging.getLogger(__name__)

_Key: TypeAlias = tuple[PackageId, bool]


@dataclass(slots=True)
class _Flight:
    task: asyncio.Task[None]
    waiting: int = 0
    unwanted: bool = False


class PackageIndex:
    """Every package that anybody asked for, and how to ask. Lives on one event loop."""

    def __init__(
        self,
        registries: Mapping[str, Registry],
        cache: DiskCache,
        *,
        keys: Mapping[str, KeyOf] = MappingProxyType({}),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """*registries* and *keys* are by ecosystem; one without a key takes no releases of several
        registries together.
        """
        self._registries = registries
        self._keys = keys
        self._cache = cache
        self._clock = clock
        self._held: dict[_Key, Held] = {}
        self._flights: dict[_Key, _Flight] = {}
        self.heard: Callable[[PackageId], None] = lambda _: None
        """Told of every package that a registry has said something of."""
        self._metadata: dict[tuple[PackageId, str], Metadata | None] = {}

    # --- what is known ------------------------------------------------------------------------

    def now(self) -> float:
        """The moment, in seconds since the epoch."""
        return self._clock()

    def peek(self, id: PackageId, *, full: bool = False) -> Lookup | None:
        """What is known in memory, however old. A full answer serves as a brief one while it is
        fresh; then the later of the two does.
        """
        held = self._best(id, full=full)
        return held.lookup if held is not None else None

    def _best(self, id: PackageId, *, full: bool) -> Held | None:
        fuller, brief = self._held.get((id, True)), self._held.get((id, False))
        if fuller is None or full or brief is None:
            return fuller if full else fuller or brief
        if _is_sound(fuller.lookup) and self._clock() < fuller.fresh_until:
            return fuller
        if _is_sound(brief.lookup) and not _is_sound(fuller.lookup):
            return brief
        return max(fuller, brief, key=lambda each: each.at)

    def failed_until(self, ids: Iterable[PackageId]) -> float | None:
        """Seconds until the first of those *ids* whose registry could not be asked is due again;
        None where there is none.
        """
        waits = [
            held.fresh_until
            for id in ids
            for full in (True, False)
            if (held := self._held.get((id, full))) is not None and _is_failure(held.lookup)
        ]
        return max(0.0, min(waits) - self._clock()) if waits else None

    def is_due(self, id: PackageId, *, full: bool = False) -> bool:
        """Whether the registry should be asked: nothing is known, or it has gone stale."""
        now = self._clock()
        keys = ((id, True),) if full else ((id, True), (id, False))
        return not any((held := self._held.get(key)) and now < held.fresh_until for key in keys)

    async def recall(self, ids: Iterable[PackageId], *, full: bool = False) -> None:
        """Bring what the disk knows of *ids* into memory, with one query."""
        unknown = [
            id
            for id in ids
            if (id, full) not in self._held and (full or (id, True) not in self._held)
        ]
        wanted = {
            records.key(each, full=full): each
            for id in unknown
            for group in apart(id)
            for each in group
            if (each, full) not in self._held
        }
        if wanted:
            await self._recall(wanted, full=full)
        for id in unknown:
            if not id.registry.is_alone:
                self._combine((id, full))

    async def _recall(self, wanted: Mapping[str, PackageId], *, full: bool) -> None:
        entries = await self._cache.get_many(tuple(wanted))
        for key, entry in entries.items():
            id = wanted[key]
            lookup = records.decode(entry.payload, id, entry.fetched_at)
            if lookup is not None and (id, full) not in self._held:
                # What a clock that was wrong wrote from the future is as old as can be.
                is_sound = entry.fetched_at <= self._clock()
                self._hold(
                    (id, full),
                    Held(
                        lookup=lookup,
                        at=entry.fetched_at if is_sound else 0.0,
                        fresh_until=entry.fresh_until if is_sound else 0.0,
                        validators=entry.validators,
                    ),
                )

    # --- asking -------------------------------------------------------------------------------

    async def fetch(self, id: PackageId, *, full: bool = False) -> Lookup:
        """The package, asked for where it is due. One request serves all who wait for it."""
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
                    await self._join((id, id in full))
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

    async def clear(self) -> None:
        """Forget everything, on disk too."""
        self._held.clear()
        self._metadata.clear()
        await self._cache.clear()

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

    async def _join(self, key: _Key) -> None:
        flight = self._flights.get(key)
        if flight is None:
            flight = _Flight(asyncio.create_task(self._ask(key), name=f"ask {key[0].name}"))
            self._flights[key] = flight
            landed = flight
            flight.task.add_done_callback(lambda _: self._forget(key, landed))
        flight.unwanted = False
        flight.waiting += 1
        try:
            # Whoever stops waiting (a buffer that changed) leaves the flight to the others.
            await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            self._land(key, flight)

    def _land(self, key: _Key, flight: _Flight) -> None:
        """End a flight that nobody waits for and nobody would miss; who comes now starts anew."""
        if flight.unwanted and not flight.waiting:
            self._forget(key, flight)
            flight.task.cancel()

    def _forget(self, key: _Key, flight: _Flight) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]

    async def _ask(self, key: _Key) -> None:
        if not key[0].registry.is_alone:
            await self._ask_several(key)
            return
        known = self._held.get(key)
        try:
            answer = await self._ask_one(key, known)
        except Exception:  # noqa: BLE001 - one package's fault must not silence the others
            _LOG.exception("reading %s failed", key[0].name)
            answer = Unavailable(trouble=Trouble.GARBAGE, host=key[0].registry.host)
        held = self._weigh(key, known, answer)
        self._hold(key, held)
        self.heard(key[0])
        self._keep(key, held, answer)

    async def _ask_one(self, key: _Key, known: Held | None) -> PackageAnswer:
        id, full = key
        is_found = known is not None and isinstance(known.lookup, Found)
        validators = known.validators if known is not None and is_found else None
        return await self._registries[id.ecosystem].package(id, full=full, known=validators)

    async def _ask_several(self, key: _Key) -> None:
        """Ask the registries of a package: those of one group at the same time, and the next
        group only for what that one lacks.

        Each is asked and remembered as if it were alone, with validators of its own.
        """
        id, full = key
        for group in apart(id):
            await asyncio.gather(*(self.fetch(each, full=full) for each in group))
            if has_ended(group, lambda each: self._best(each, full=full)):
                break
        self._combine(key)
        self.heard(id)

    def _combine(self, key: _Key) -> None:
        """Hold what the registries of a package come to, where enough is held of each. A failure
        never displaces what was known.
        """
        id, full = key
        known = self._held.get(key)
        try:
            held = together(
                id,
                lambda each: self._best(each, full=full),
                self._keys.get(id.ecosystem, _unsorted),
            )
        except Exception:  # noqa: BLE001 - one package's fault must not silence the others
            _LOG.exception("taking the registries of %s together failed", id.name)
            return
        if held is None:
            return
        before = known.lookup if known is not None else None
        if isinstance(before, Found):
            if isinstance(held.lookup, Unauthorized | Unavailable):
                held = replace(held, lookup=replace(before, trouble=held.lookup))
            elif isinstance(held.lookup, Found) and held.lookup.package == before.package:
                # who has judged it need not judge it again
                held = replace(held, lookup=replace(held.lookup, package=before.package))
        self._hold(key, held)

    def _weigh(self, key: _Key, known: Held | None, answer: PackageAnswer) -> Held:
        """What is held from now on, given what was held and what the registry answered."""
        now = self._clock()
        held = known.lookup if known is not None else None
        before = held if isinstance(held, Found) else self.peek(key[0])
        if isinstance(answer, Fetched):
            return Held(
                lookup=Found(package=answer.value, asked_at=now),
                at=now,
                fresh_until=now + max(LEAST_FRESH, answer.fresh_for),
                validators=answer.validators,
            )
        if isinstance(answer, NotModified):
            if known is None or not isinstance(known.lookup, Found):
                trouble = Unavailable(trouble=Trouble.GARBAGE, host=key[0].registry.host)
                return Held(lookup=trouble, at=now, fresh_until=now + FAILURE_FRESH)
            found = replace(known.lookup, asked_at=now, trouble=None)
            return replace(
                known, lookup=found, at=now, fresh_until=now + max(LEAST_FRESH, answer.fresh_for)
            )
        if isinstance(answer, Missing):
            return Held(lookup=answer, at=now, fresh_until=now + MISSING_FRESH)
        wait = getattr(answer, "retry_after", None) or FAILURE_FRESH
        if isinstance(before, Found):
            validators = known.validators if known else Validators()
            kept = replace(before, trouble=answer)
            return Held(lookup=kept, at=now, fresh_until=now + wait, validators=validators)
        return Held(lookup=answer, at=now, fresh_until=now + wait)

    def _hold(self, key: _Key, held: Held) -> None:
        self._held.pop(key, None)
        self._held[key] = held
        if len(self._held) > _REMEMBERED:
            del self._held[next(iter(self._held))]

    def _keep(self, key: _Key, held: Held, answer: PackageAnswer) -> None:
        name = records.key(key[0], full=key[1])
        if isinstance(answer, NotModified) and isinstance(held.lookup, Found):
            self._cache.touch((name,), held.lookup.asked_at, held.fresh_until)
        elif isinstance(answer, Missing) and answer.or_no_access:
            pass  # other credentials may see it: another process must not believe this
        elif isinstance(answer, Fetched | Missing) and isinstance(held.lookup, Found | Missing):
            self._cache.put(
                Entry(
                    key=name,
                    payload=records.encode(held.lookup),
                    validators=held.validators,
                    fetched_at=self._clock(),
                    fresh_until=held.fresh_until,
                )
            )


def _unsorted(version: str) -> NoReturn:
    raise LookupError(f"nobody has said how {version} is sorted")


def _is_sound(lookup: Lookup) -> bool:
    return isinstance(lookup, Found) and lookup.trouble is None


def _is_failure(lookup: Lookup) -> bool:
    trouble = lookup.trouble if isinstance(lookup, Found) else lookup
    return isinstance(trouble, Unauthorized | Unavailable)

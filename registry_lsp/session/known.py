"""What is known of packages: in memory, then on disk; and what an answer makes of it.

An answer that has gone stale is still an answer. A failure is remembered for a little while only,
and never displaces what was known.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import NoReturn, TypeAlias

from registry_lsp.core.keys import KeyOf
from registry_lsp.core.packages import (
    Found,
    Lookup,
    Missing,
    PackageId,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched, NotModified
from registry_lsp.core.ports.http import Validators
from registry_lsp.core.ports.registry import PackageAnswer
from registry_lsp.net.cache import DiskCache, Entry
from registry_lsp.session import records
from registry_lsp.session.several import Held, apart, together

LEAST_FRESH = 60.0
"""Seconds that an answer stands whatever its registry says: some call every answer stale, and
nobody wants to be asked again at each pause in the typing."""
MISSING_FRESH = 600.0
FAILURE_FRESH = 30.0
"""Seconds that a 'not found' and a failure stand before the registry is asked again."""

_REMEMBERED = 32_768
_LOG = logging.getLogger(__name__)

Question: TypeAlias = tuple[PackageId, bool]
"""A package, and whether its full document is asked for."""


class Known:
    """What was said of packages, and until when it stands."""

    def __init__(
        self, cache: DiskCache, keys: Mapping[str, KeyOf], clock: Callable[[], float]
    ) -> None:
        """*keys* are by ecosystem; one without a key takes no releases of several registries
        together. *clock* gives seconds since the epoch.
        """
        self._cache = cache
        self._keys = keys
        self._clock = clock
        self._held: dict[Question, Held] = {}
        self._ids: dict[PackageId, None] = {}
        self.turn = 0
        """How often what is known has changed."""

    @property
    def ids(self) -> Collection[PackageId]:
        """The packages of which anything was said, the latest last."""
        return self._ids

    def best(self, id: PackageId, *, full: bool) -> Held | None:
        """What is held in memory, however old. A full answer serves as a brief one while it is
        fresh; then the later of the two does.
        """
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
                self.combine((id, full))

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

    def held(self, key: Question) -> Held | None:
        """What is held of that very question."""
        return self._held.get(key)

    def take(self, key: Question, before: Held | None, answer: PackageAnswer) -> None:
        """Hold and keep what a registry has answered, which was asked when *before* was held."""
        held = self._weigh(key, before, answer)
        self._hold(key, held)
        self._keep(key, held, answer)

    def expire(self, ids: Iterable[PackageId]) -> None:
        """Have the answers on *ids* stand no longer; they are known all the same."""
        for key in [(id, full) for id in ids for full in (False, True)]:
            if (held := self._held.get(key)) is not None:
                self._held[key] = replace(held, fresh_until=0.0)

    async def clear(self) -> None:
        """Forget everything, on disk too."""
        self.turn += 1
        self._held.clear()
        self._ids.clear()
        await self._cache.clear()

    def combine(self, key: Question) -> None:
        """Hold what the registries of a package come to, where enough is held of each. A failure
        never displaces what was known.
        """
        id, full = key
        known = self._held.get(key)
        try:
            held = together(
                id,
                lambda each: self.best(each, full=full),
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

    def _weigh(self, key: Question, known: Held | None, answer: PackageAnswer) -> Held:
        """What is held from now on, given what was held and what the registry answered."""
        now = self._clock()
        held = known.lookup if known is not None else None
        before = held if isinstance(held, Found) else self._brief(key[0])
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

    def _brief(self, id: PackageId) -> Lookup | None:
        held = self.best(id, full=False)
        return held.lookup if held is not None else None

    def _hold(self, key: Question, held: Held) -> None:
        self.turn += 1
        self._held.pop(key, None)
        self._held[key] = held
        if len(self._ids) >= _REMEMBERED:
            self._ids.clear()
        self._ids.setdefault(key[0])
        if len(self._held) > _REMEMBERED:
            del self._held[next(iter(self._held))]

    def _keep(self, key: Question, held: Held, answer: PackageAnswer) -> None:
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

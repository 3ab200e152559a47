"""What is known against releases: in memory, then on disk, then by asking, many in one question.

As with packages, an answer that has gone stale is still an answer, and a failure displaces none.
Nobody who types waits for this: what is not known is not said. Why it could not be had is told to
who asks (``trouble``): a report must not read as if there were none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from registry_lsp.core.advisories import Advisory
from registry_lsp.core.clock import onward
from registry_lsp.core.findings import Assessment
from registry_lsp.core.packages import (
    PackageId,
    ReleaseId,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.core.ports.registry import Advisories, AdvisoriesAnswer
from registry_lsp.core.ports.services import AskedService
from registry_lsp.net.addresses import host_of
from registry_lsp.net.cache import DiskCache, Entry
from registry_lsp.services.advisories import kept
from registry_lsp.session import records

PATIENCE = 30.0
"""Seconds that a question about many releases may take where nobody waits for the answer."""
COMMAND_PATIENCE = 10.0
"""Seconds that it may take where somebody does: a report waits no longer for what is known against
releases, once everything else is known.
"""

FAILURE_FRESH = 60.0
"""Seconds after which one that failed is asked again."""
SILENT_FRESH = 3600.0
"""Seconds after which one that keeps no advisories, or will not tell, is asked again."""

_REMEMBERED = 32_768
_LONGEST_WAIT = 3600.0
_PASSING = frozenset({Trouble.OFFLINE, Trouble.UNREACHABLE, Trouble.TIMEOUT, Trouble.RATE_LIMITED})
_LOG = logging.getLogger(__name__)


class Service(AskedService, Advisories, Protocol):
    """A service that may not hear of everything."""

    def may_hear(self, id: PackageId) -> bool:
        """Whether it is asked about a package."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What was said, None where nothing was; it stands until ``fresh_until`` (epoch seconds).
    ``trouble`` is why nothing newer could be had from one who keeps advisories, and ``has_failed``
    says that it would be asked for again if somebody waited for it.
    """

    advisories: tuple[Advisory, ...] | None
    fresh_until: float
    trouble: Unauthorized | Unavailable | None = None
    has_failed: bool = False


class AdvisoryIndex:
    """Every release that anybody asked about. Lives on one event loop.

    The *service* is asked about the packages that it may hear of, and the package's own registry
    about all others: that one knows the name already. *registries* are by ecosystem. *clock* gives
    seconds since the epoch.
    """

    def __init__(
        self,
        registries: Mapping[str, Advisories],
        cache: DiskCache,
        *,
        service: Service | None = None,
        clock: Callable[[], float] = onward,
        patience: float = PATIENCE,
    ) -> None:
        self._registries = registries
        self._cache = cache
        self.service = service
        self._clock = clock
        self._patience = patience
        self._held: dict[ReleaseId, _Held] = {}
        self.turn = 0
        """How often what is known has changed."""
        self._flights: dict[ReleaseId, asyncio.Task[None]] = {}

    @classmethod
    def nobody(cls) -> AdvisoryIndex:
        """One that asks nobody and knows nothing."""
        return cls({}, DiskCache(None))

    def peek(self, release: ReleaseId) -> tuple[Advisory, ...]:
        """What is known in memory against *release*, however old."""
        held = self._held.get(release)
        return (held.advisories or ()) if held is not None else ()

    def is_known(self, release: ReleaseId) -> bool:
        """Whether somebody has told what is known against *release*, and that still stands."""
        held = self._held.get(release)
        if held is None or held.advisories is None or held.trouble is not None:
            return False
        return self._clock() < held.fresh_until

    def trouble(self, release: ReleaseId) -> Unauthorized | Unavailable | None:
        """Why it could not be asked what is known against *release*; None where it could be, or
        where nobody keeps advisories of it.
        """
        held = self._held.get(release)
        return held.trouble if held is not None else None

    def untold(self, assessment: Assessment) -> Unauthorized | Unavailable | None:
        """Why it could not be asked what is known against the releases that *assessment* is of;
        None where it could be.
        """
        troubles = (self.trouble(each) for each in assessment.in_use)
        return next((each for each in troubles if each is not None), None)

    def failed_until(self, releases: Iterable[ReleaseId]) -> float | None:
        """Seconds until the first of *releases* that could not be asked about is due again; None
        where there is none.
        """
        held = (self._held.get(each) for each in releases)
        waits = [each.fresh_until for each in held if each is not None and each.has_failed]
        return max(0.0, min(waits) - self._clock()) if waits else None

    async def recall(self, releases: Iterable[ReleaseId]) -> bool:
        """Bring what the disk knows of *releases* into memory, with one query; whether there is
        anything new.
        """
        unknown = (each for each in releases if each not in self._held and self._is_asked(each))
        wanted = {self._key(each): each for each in unknown}
        if not wanted:
            return False
        for key, entry in (await self._cache.get_many(tuple(wanted))).items():
            advisories = kept.decode(entry.payload)
            if advisories is not None and wanted[key] not in self._held:
                is_sound = entry.fetched_at <= self._clock()
                fresh_until = entry.fresh_until if is_sound else 0.0
                self._hold(wanted[key], _Held(advisories=advisories, fresh_until=fresh_until))
        return any(self.peek(each) for each in wanted.values())

    async def refresh(self, releases: Iterable[ReleaseId]) -> bool:
        """Ask about those of *releases* that are due, all together; whether anybody was asked.

        Who stops waiting leaves the question to the next one who has it.
        """
        due = [each for each in dict.fromkeys(releases) if self._is_due(each)]
        new = [each for each in due if each not in self._flights]
        if new:
            task = asyncio.create_task(self._ask(new), name="ask about advisories")
            self._flights |= dict.fromkeys(new, task)
            task.add_done_callback(lambda _: self._land(new))
        flights = {self._flights[each] for each in due}
        if flights:
            await asyncio.wait(flights)
        return bool(due)

    def expire(self, releases: Iterable[ReleaseId]) -> None:
        """Have *releases* asked about anew; what is known stands until then."""
        for each in releases:
            if (held := self._held.get(each)) is not None:
                self._hold(each, replace(held, fresh_until=0.0))

    def clear(self) -> None:
        """Forget what is in memory."""
        self.turn += 1
        self._held.clear()

    async def aclose(self) -> None:
        """End what is under way."""
        tasks = set(self._flights.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_asked(self, release: ReleaseId) -> bool:
        """Whether there is anybody to ask, and so whether anything was ever kept."""
        return self._is_told(release) or release.package.ecosystem in self._registries

    def _is_due(self, release: ReleaseId) -> bool:
        """Whether there is somebody to ask, and nothing that stands."""
        if not self._is_asked(release):
            return False
        held = self._held.get(release)
        return held is None or self._clock() >= held.fresh_until

    def _land(self, releases: Sequence[ReleaseId]) -> None:
        for each in releases:
            self._flights.pop(each, None)

    def _is_told(self, release: ReleaseId) -> bool:
        return self.service is not None and self.service.may_hear(release.package)

    async def _ask(self, releases: Sequence[ReleaseId]) -> None:
        """Ask the service and the registries, all at the same time."""
        told = [each for each in releases if self._is_told(each)]
        questions: list[tuple[Advisories, list[ReleaseId]]] = []
        if self.service is not None and told:
            questions.append((self.service, told))
        by_ecosystem: dict[str, list[ReleaseId]] = {}
        for each in releases:
            if not self._is_told(each):
                by_ecosystem.setdefault(each.package.ecosystem, []).append(each)
        questions += [(self._registries[name], some) for name, some in by_ecosystem.items()]
        await asyncio.gather(*(self._ask_one(who, some) for who, some in questions))

    async def _ask_one(self, who: Advisories, releases: Sequence[ReleaseId]) -> None:
        answers: Mapping[ReleaseId, AdvisoriesAnswer] = {}
        try:
            answers = await asyncio.wait_for(who.advisories(releases), self._patience)
        except asyncio.TimeoutError:
            _LOG.info("nobody has told in time of advisories")
        except Exception:  # noqa: BLE001 - what else is known is shown without it
            _LOG.exception("asking about advisories failed")
        service = self.service if who is self.service else None
        for each in releases:
            host = host_of(service.url) if service is not None else each.package.registry.host
            failure = Unavailable(trouble=Trouble.TIMEOUT, host=host)
            self._weigh(each, answers.get(each, failure), is_service=service is not None)

    def _weigh(self, release: ReleaseId, answer: AdvisoriesAnswer, *, is_service: bool) -> None:
        """Hold what is known from now on.

        A registry that has no such question says so in many ways, of which some are errors: only
        what passes is asked again soon. A service has it.
        """
        now, known = self._clock(), self._held.get(release)
        before = known.advisories if known is not None else None
        if isinstance(answer, Fetched):
            advisories = answer.value
            if advisories == before:
                advisories = before  # who has judged it need not judge it again
            held = _Held(advisories=advisories, fresh_until=now + answer.fresh_for)
            payload, key = kept.encode(advisories), self._key(release)
            self._cache.put(
                Entry(key=key, payload=payload, fetched_at=now, fresh_until=held.fresh_until)
            )
        elif isinstance(answer, Unavailable) and (is_service or answer.trouble in _PASSING):
            wait = min(answer.retry_after or FAILURE_FRESH, _LONGEST_WAIT)
            fresh_until = now + wait
            held = _Held(
                advisories=before, fresh_until=fresh_until, trouble=answer, has_failed=True
            )
        else:
            trouble = answer if is_service and isinstance(answer, Unauthorized) else None
            held = _Held(advisories=before, fresh_until=now + SILENT_FRESH, trouble=trouble)
        self._hold(release, held)

    def _hold(self, release: ReleaseId, held: _Held) -> None:
        self.turn += 1
        self._held.pop(release, None)
        self._held[release] = held
        if len(self._held) > _REMEMBERED:
            del self._held[next(iter(self._held))]

    def _key(self, release: ReleaseId) -> str:
        """The cache's key of what is known: by the service, or by the registry for who asks it."""
        if self.service is not None and self._is_told(release):
            place = kept.place(self.service.url)
        else:
            place = records.place(release.package.registry)
        id = release.package
        return "\n".join(("known", kept.FORM, place, id.ecosystem, id.name, release.version))

"""The client of the Open Source Vulnerabilities database (OSV, its API v1).

A batch of queries tells which advisories are about which release, by id and moment of change; what
an advisory says is then asked for by its id, once for each change.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry_lsp.core.advisories import Advisory, merged
from registry_lsp.core.clock import onward
from registry_lsp.core.packages import Missing, PackageId, ReleaseId, Trouble, Unavailable
from registry_lsp.core.ports.answers import Fetched, Refusal
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.http import Http
from registry_lsp.core.ports.registry import AdvisoriesAnswer
from registry_lsp.core.services import may_tell
from registry_lsp.endpoints import OSV
from registry_lsp.net.addresses import host_of
from registry_lsp.net.cache import DiskCache, Entry
from registry_lsp.services.advisories import kept
from registry_lsp.services.advisories.records import (
    Mark,
    Matches,
    Subject,
    read_batch,
    read_record,
    unread,
)
from registry_lsp.services.asking import Service, T

FRESH_FOR = 4 * 3600.0
"""Seconds that what is known against a release stands before it is asked for again."""
UNREAD_FRESH_FOR = 300.0
"""Seconds that it stands where some of the advisories could not be had."""
MOST_QUERIES = 1000
"""The most queries of one batch: OSV refuses more."""
PATIENCE = 24.0
"""Seconds after which the records that have not come are waited for no longer."""
AT_ONCE = 8
"""How many advisories are asked for at the same time, at most."""

_MOST_PAGES = 20
_MOST_SPLITS = 40
_REFUSED = 400
_NOT_FOUND = 404
_ASKABLE = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class _Query:
    """A release with the page to go on from."""

    release: ReleaseId
    page: str | None = None


class Osv(Service):
    """Asks OSV for what it knows against releases. *ecosystems* are by name; *cache* keeps what
    an advisory says until it changes. *clock* gives seconds since the epoch. Of advisories whose
    records have not come *patience* seconds after the question, the ids alone are told.
    """

    name = "osv"

    def __init__(
        self,
        http: Http,
        url: str | None = None,
        *,
        ecosystems: Iterable[Ecosystem],
        cache: DiskCache,
        clock: Callable[[], float] = onward,
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(http, url, OSV)
        self._patience = patience
        self._ecosystems = {each.name: each for each in ecosystems if each.osv_name is not None}
        self._cache = cache
        self._clock = clock
        self._places = asyncio.Semaphore(AT_ONCE)

    def may_hear(self, id: PackageId) -> bool:
        """Whether it is asked about a package: it keeps advisories of its ecosystem, and may know
        its name.
        """
        return id.ecosystem in self._ecosystems and may_tell(id, is_own=self.is_own)

    async def advisories(
        self, releases: Sequence[ReleaseId]
    ) -> Mapping[ReleaseId, AdvisoriesAnswer]:
        """What is known against each of *releases*; nothing of those that it may not hear of.

        One that is malformed would have a whole batch refused: it is not asked about, and nobody
        keeps advisories of it.
        """
        until = time.monotonic() + self._patience
        heard = [each for each in releases if self.may_hear(each.package)]
        asked = [each for each in heard if _is_askable(each)]
        answers: dict[ReleaseId, AdvisoriesAnswer] = dict.fromkeys(heard, Missing())
        matches: dict[ReleaseId, tuple[Mark, ...]] = {}
        for chunk in _chunks(asked):
            for release, said in (await self._matches(chunk)).items():
                if isinstance(said, tuple):
                    matches[release] = said
                else:
                    answers[release] = said
        read = await self._read(matches, until)
        for release, marks in matches.items():
            answers[release] = _told(read[release, mark] for mark in marks)
        return answers

    # --- which advisories ---------------------------------------------------------------------

    async def _matches(
        self, releases: Sequence[ReleaseId]
    ) -> Mapping[ReleaseId, tuple[Mark, ...] | Refusal]:
        """The advisories about each of *releases*, of all pages."""
        found: dict[ReleaseId, tuple[Mark, ...] | Refusal] = {}
        queries = [_Query(each) for each in releases]
        splits = iter(range(_MOST_SPLITS))
        for _ in range(_MOST_PAGES):
            onward = []
            for query, said in zip(queries, await self._batch(queries, splits), strict=True):
                before = found.get(query.release, ())
                if not isinstance(said, Matches):
                    found[query.release] = said
                    continue
                if isinstance(before, tuple):
                    found[query.release] = tuple(dict.fromkeys((*before, *said.marks)))
                if said.next_page:
                    onward.append(replace(query, page=said.next_page))
            if not onward:
                break
            queries = onward
        return found

    async def _batch(
        self, queries: Sequence[_Query], splits: Iterator[int]
    ) -> list[Matches | Refusal]:
        """One batch. Where it is refused for one of its queries, that one is found by halves, as
        long as there are *splits*.
        """
        body = {"queries": [self._query(each) for each in queries]}
        said = await self.post("v1/querybatch", body, lambda it: read_batch(it, len(queries)))
        host = host_of(self.url)
        if isinstance(said, Fetched):
            unread = Unavailable(trouble=Trouble.GARBAGE, host=host)
            return [unread if each is None else each for each in said.value]
        if isinstance(said, Missing):  # the database is not there: that says nothing of releases
            said = Unavailable(trouble=Trouble.REFUSED, host=host, status=_NOT_FOUND)
        is_refused = isinstance(said, Unavailable) and said.status == _REFUSED
        if not is_refused or len(queries) == 1 or next(splits, None) is None:
            return [said] * len(queries)
        middle = len(queries) // 2
        parts = (queries[:middle], queries[middle:])
        return [each for part in parts for each in await self._batch(part, splits)]

    def _query(self, query: _Query) -> dict[str, Any]:
        package = query.release.package
        named = {"name": package.name, "ecosystem": self._ecosystems[package.ecosystem].osv_name}
        page = {"page_token": query.page} if query.page else {}
        return {"package": named, "version": query.release.version, **page}

    # --- what they say ------------------------------------------------------------------------

    async def _read(
        self, matches: Mapping[ReleaseId, tuple[Mark, ...]], until: float
    ) -> Mapping[tuple[ReleaseId, Mark], Advisory | Mark | None]:
        """What each advisory says of each package; itself where it could not be had by *until*."""
        keys = {
            (release, mark): self._key(release.package, mark)
            for release, marks in matches.items()
            for mark in marks
        }
        held = await self._held(set(keys.values()))
        missing: dict[Mark, dict[str, PackageId]] = {}
        for (release, mark), key in keys.items():
            if key not in held:
                missing.setdefault(mark, {})[key] = release.package
        for each in await _in_time(
            [self._fetch(mark, packages) for mark, packages in missing.items()], until
        ):
            held |= each
        return {(release, mark): held.get(key, mark) for (release, mark), key in keys.items()}

    async def _held(self, keys: Iterable[str]) -> dict[str, Advisory | None]:
        """What the disk has of *keys*."""
        entries = await self._cache.get_many(tuple(keys))
        read = {key: kept.decode(entry.payload) for key, entry in entries.items()}
        return {key: next(iter(each), None) for key, each in read.items() if each is not None}

    async def _fetch(
        self, mark: Mark, packages: Mapping[str, PackageId]
    ) -> dict[str, Advisory | None]:
        """What one advisory says of each of *packages*, by the key that it is kept under; nothing
        where it could not be had.
        """
        subjects = {key: self._subject(id) for key, id in packages.items()}

        def read(body: bytes) -> dict[str, Advisory | None]:
            return {key: read_record(body, mark.id, each) for key, each in subjects.items()}

        async with self._places:
            said = await self.get(f"v1/vulns/{mark.id}", read)
        if not isinstance(said, Fetched):
            return {}
        now = self._clock()
        for key, advisory in said.value.items() if mark.modified else ():
            payload = kept.encode((advisory,) if advisory is not None else ())
            self._cache.put(Entry(key=key, payload=payload, fetched_at=now, fresh_until=now))
        return said.value

    def _subject(self, id: PackageId) -> Subject:
        ecosystem = self._ecosystems[id.ecosystem]
        return Subject(
            ecosystem=ecosystem.osv_name or "",
            name=id.name,
            normalise=ecosystem.normalise,
            key=ecosystem.key,
        )

    def _key(self, id: PackageId, mark: Mark) -> str:
        """What an advisory is kept under."""
        place = kept.place(self.url)
        parts = ("osv", kept.FORM, place, mark.id, mark.modified, id.ecosystem, id.name)
        return "\n".join(parts)


def _told(read: Iterable[Advisory | Mark | None]) -> Fetched[tuple[Advisory, ...]]:
    """What is known against a release. Of what could not be had the id alone is told, and soon
    asked for again; what was withdrawn is left out.
    """
    read = tuple(read)
    is_whole = not any(isinstance(each, Mark) for each in read)
    found = (unread(each.id) if isinstance(each, Mark) else each for each in read)
    return Fetched(
        value=merged(each for each in found if each is not None),
        fresh_for=FRESH_FOR if is_whole else UNREAD_FRESH_FOR,
    )


async def _in_time(work: Iterable[Coroutine[Any, Any, T]], until: float) -> list[T]:
    """What has come of *work* by *until* (as ``time.monotonic`` tells it); the rest is ended."""
    tasks = [asyncio.ensure_future(each) for each in work]
    if not tasks:
        return []
    try:
        await asyncio.wait(tasks, timeout=max(0.0, until - time.monotonic()))
    finally:
        late = [each for each in tasks if not each.done()]
        for each in late:
            each.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return [each.result() for each in tasks if not each.cancelled()]


def _is_askable(release: ReleaseId) -> bool:
    texts = (release.package.name, release.version)
    return all(_ASKABLE.fullmatch(text) for text in texts)


def _chunks(releases: Sequence[ReleaseId]) -> Iterator[Sequence[ReleaseId]]:
    for at in range(0, len(releases), MOST_QUERIES):
        yield releases[at : at + MOST_QUERIES]

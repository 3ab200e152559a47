"""Where queries are answered: from what is known, else by asking the project's own registries."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import (
    Found,
    Metadata,
    Missing,
    Package,
    PackageId,
    RegistryRef,
    Release,
)
from registry_lsp.core.ports.answers import Fetched, Refusal
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.registry import Registry
from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.core.services import Downloads
from registry_lsp.core.text import Span, printable
from registry_lsp.features import wording
from registry_lsp.queries import records
from registry_lsp.queries.errors import (
    UNAVAILABLE,
    UNSUPPORTED,
    VERSION_NOT_FOUND,
    QueryError,
    refused,
)
from registry_lsp.queries.parameters import Query, read
from registry_lsp.queries.records import Record
from registry_lsp.queries.whereabouts import Kept, Whereabouts
from registry_lsp.session.packages import PackageIndex

_WORDS = re.compile(r"@?[\w.~-]+(?:/[\w.~-]+)?")
"""What may be a name, in any ecosystem."""
_WITH_MORE = re.compile(r"[^/@\s]\s*[@=<>~!^\[]")


class Counts(Protocol):
    """Who counts downloads."""

    def has_periods(self, ecosystem: str) -> bool:
        """Whether it counts for the period that is asked for, and not for periods of its own."""
        ...

    async def downloads(self, package: Package, period: str) -> Downloads | Refusal | None:
        """How often a package is downloaded; None where it may not be asked, or counts none."""
        ...


class Desk:
    """Answers queries, for the project of some folder."""

    def __init__(
        self,
        *,
        ecosystems: Sequence[Ecosystem],
        packages: PackageIndex,
        registries: Mapping[str, Registry],
        whereabouts: Whereabouts,
        counts: Counts,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ecosystems = tuple(ecosystems)
        self._packages = packages
        self._registries = registries
        self._whereabouts = whereabouts
        self._counts = counts
        self._clock = clock

    async def respond(self, operation: str, parameters: object, folder: Path | None) -> Record:
        """The record that answers, or that says why there is none."""
        try:
            return await self.answer(operation, parameters, folder)
        except QueryError as error:
            return error.record()

    async def answer(self, operation: str, parameters: object, folder: Path | None) -> Record:
        """The record that answers, for the project in *folder*. Raises :class:`QueryError`."""
        query = read(operation, parameters, self._ecosystems)
        answers = {
            "package": self._package,
            "versions": self._versions,
            "version": self._version,
            "dependencies": self._dependencies,
            "downloads": self._downloads,
            "maintainer": self._maintainer,
            "search": self._search,
        }
        return await answers[operation](query, folder)

    async def _package(self, query: Query, folder: Path | None) -> Record:
        found = await self._found(query, folder)
        latest = _latest(query, found.package)
        said = await self._said(found.package, latest) if latest is not None else None
        metadata = said if isinstance(said, Metadata) else found.package.metadata
        page = query.ecosystem.package_page(found.package.id, None)
        return records.package(found, latest, metadata, page=page, now=self._clock())

    async def _versions(self, query: Query, folder: Path | None) -> Record:
        found = await self._found(query, folder)
        return records.versions(
            found,
            _scheme(query),
            page=query.page,
            page_size=query.page_size,
            now=self._clock(),
        )

    async def _version(self, query: Query, folder: Path | None) -> Record:
        found = await self._found(query, folder)
        release = _release(query, found.package)
        said = await self._said(found.package, release)
        if not isinstance(said, Metadata | Missing):
            raise refused(_name(query), said, asked=found.package.id.registry)
        page = query.ecosystem.package_page(found.package.id, release.version)
        metadata = said if isinstance(said, Metadata) else None
        now = self._clock()
        return records.version(found, release, metadata, _scheme(query), page=page, now=now)

    async def _dependencies(self, query: Query, folder: Path | None) -> Record:
        found = await self._found(query, folder)
        release = _release(query, found.package)
        said = await self._said(found.package, release)
        kinds = query.ecosystem.dependency_kinds
        if isinstance(said, Missing):  # the registry tells of the release, but not of this
            return records.dependencies(found, release, None, kinds, now=self._clock())
        if not isinstance(said, Metadata):
            raise refused(_name(query), said, asked=found.package.id.registry)
        return records.dependencies(found, release, said, kinds, now=self._clock())

    async def _downloads(self, query: Query, folder: Path | None) -> Record:
        found = await self._found(query, folder)
        counts = await self._counts.downloads(found.package, query.period)
        if counts is None:
            host = printable(found.package.id.registry.host, 100)
            text = f"No service counts downloads of {_name(query)} from {host}, or may hear of it."
            raise QueryError(UNSUPPORTED, text)
        if not isinstance(counts, Downloads):
            raise refused(f"the number of downloads of {_name(query)}", counts)
        has_periods = self._counts.has_periods(query.ecosystem.name)
        return records.downloads(found, counts, query.period if has_periods else None)

    async def _maintainer(self, query: Query, folder: Path | None) -> Record:
        found = await self._found(query, folder)
        metadata = found.package.metadata
        if metadata is None and (latest := _latest(query, found.package)) is not None:
            said = await self._said(found.package, latest)
            metadata = said if isinstance(said, Metadata) else None
        return records.maintainer(found, metadata, now=self._clock())

    async def _search(self, query: Query, folder: Path | None) -> Record:
        registry = await self._registry(query, folder)
        answer = await self._registries[query.ecosystem.name].search(
            registry,
            query.query,
            size=query.page_size,
            start=(query.page - 1) * query.page_size,
        )
        if answer is None:
            text = f"{printable(registry.host, 100)} has no search for packages."
            raise QueryError(UNSUPPORTED, text)
        if not isinstance(answer, Fetched):
            raise refused(f"what matches '{printable(query.query, 100)}'", answer, asked=registry)
        found = answer.value
        return records.search(
            query.ecosystem.name,
            query.query,
            found.hits,
            found.total,
            page=query.page,
            page_size=query.page_size,
        )

    async def _found(self, query: Query, folder: Path | None) -> Found:
        """The package, from its full document. Raises :class:`QueryError`."""
        id = PackageId(
            ecosystem=query.ecosystem.name,
            name=query.ecosystem.normalise(query.name),
            registry=await self._registry(query, folder),
        )
        lookup = await self._packages.fetch(id, full=True)
        if not isinstance(lookup, Found):
            raise refused(_name(query), lookup, asked=id.registry, hint=_hint(query))
        return lookup

    async def _registry(self, query: Query, folder: Path | None) -> RegistryRef:
        """The registry that the project's installer would ask. Raises :class:`QueryError`."""
        names = [_dependency(query, each) for each in _names(query)]
        registry = await self._whereabouts.registry_for_all(query.ecosystem, names, folder)
        if isinstance(registry, Kept):
            raise QueryError(UNAVAILABLE, f"Nobody is asked about {_name(query)}: {registry.why}.")
        return registry

    async def _said(self, package: Package, release: Release) -> Metadata | Refusal:
        """What *release* says of itself."""
        held = package.metadata
        if held is not None and held.version == release.version:
            return held
        registry = self._registries[package.id.ecosystem]
        answer = await registry.metadata(package.id_of(release.version), release.version)
        return answer.value if isinstance(answer, Fetched) else answer


def _names(query: Query) -> tuple[str, ...]:
    """The names that the text of a question may hold, itself first: a search has several words, and
    a version or an extra is soon written behind a name. None of them goes further than its own.
    """
    text = query.name or query.query
    words = _WORDS.findall(text)
    parts = (part for each in words if not each.startswith("@") for part in each.split("/"))
    spelled = [text, *(it for each in (*words, *parts) if each for it in (each, each.lower()))]
    return tuple(dict.fromkeys(query.ecosystem.normalise(each) for each in spelled))


def _dependency(query: Query, name: str) -> Dependency:
    """The package *name* as if a manifest named it, which is what routes are asked about."""
    nowhere = Span(0, 0)
    return Dependency(
        name=name,
        display_name=name,
        name_span=nowhere,
        specifier="",
        specifier_span=None,
        span=nowhere,
        section="",
        dialect=next(iter(query.ecosystem.schemes)),
    )


def _scheme(query: Query) -> VersionScheme:
    """How its ecosystem reads versions: that of its first dialect, as all of them agree."""
    return next(iter(query.ecosystem.schemes.values()))


def _latest(query: Query, package: Package) -> Release | None:
    scheme = _scheme(query)
    return scheme.latest(scheme.parse(""), package, None)


def _release(query: Query, package: Package) -> Release:
    """The release that is asked for: by its version, however it is spelled, or by a dist-tag;
    the latest, where none is named. Raises :class:`QueryError`.
    """
    if not query.version:
        latest = _latest(query, package)
        if latest is None:
            raise QueryError(VERSION_NOT_FOUND, f"{_name(query)} has no releases.")
        return latest
    wanted = package.tagged(query.version) or query.version
    exact = package.release(wanted)
    if exact is not None:
        return exact
    scheme = _scheme(query)
    key = scheme.key(wanted)
    alike = (
        each for each in package.releases if key is not None and scheme.key(each.version) == key
    )
    release = next(alike, None)
    if release is None:
        latest = _latest(query, package)
        rest = f" The latest is {printable(latest.version, 80)}." if latest is not None else ""
        version = printable(query.version, 80)
        if (gone := package.gone(query.version)) is not None:
            said = f"{_name(query)} {version} {wording.gone(gone)}.{rest}"
            raise QueryError(VERSION_NOT_FOUND, said)
        raise QueryError(VERSION_NOT_FOUND, f"{_name(query)} has no version {version}.{rest}")
    return release


def _hint(query: Query) -> str:
    """What else might have been meant by a name that nobody has: ``one@2`` and ``one==2`` are how
    installers take a version.
    """
    if _WITH_MORE.search(query.name) is None:
        return ""
    return " Is a version or an extra written behind the name? 'version' takes a version apart."


def _name(query: Query) -> str:
    return printable(query.name or query.query, 100)

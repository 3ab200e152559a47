"""What is known of a package beyond its registry's documents: of whom that is asked, and when.

A service hears only of packages that were found, and only where it may (``may_tell``); nothing is
asked before somebody looks at that very package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from registry_lsp.core.packages import Metadata, Package, PackageId, Release
from registry_lsp.core.ports.answers import Refusal
from registry_lsp.core.ports.http import Pause
from registry_lsp.core.ports.registry import Registry
from registry_lsp.core.ports.services import (
    AskedService,
    Companions,
    DirectoryService,
    DownloadService,
)
from registry_lsp.core.services import Downloads, Extras, Listing, Provenance, may_tell
from registry_lsp.net.cache import DiskCache
from registry_lsp.session import records
from registry_lsp.session.answers import Answers, Question
from registry_lsp.session.descriptions import Descriptions
from registry_lsp.session.names import Names

DAY = 86_400.0
WEEK = 7 * DAY
"""Seconds for which answers are good: counts change every day, and who has published a release
hardly ever.
"""
PERIOD = "last-week"
"""The period whose downloads a hover tells."""


class Services:
    """Asks the registries and the companions of each ecosystem, by its name."""

    def __init__(
        self,
        answers: Answers,
        *,
        registries: Mapping[str, Registry],
        companions: Mapping[str, Companions],
    ) -> None:
        self._answers = answers
        self._registries = registries
        self._companions = companions
        self.descriptions = Descriptions(answers, registries)
        self.names = Names(answers, registries)

    @classmethod
    def nobody(cls) -> Services:
        """Those of a session that asks nobody but its registries for packages."""
        return cls(Answers(DiskCache(None)), registries={}, companions={})

    @property
    def asked(self) -> tuple[AskedService, ...]:
        """The services that are asked, of all ecosystems."""
        some = (
            service
            for each in self._companions.values()
            for service in (each.downloads, each.directory)
        )
        return tuple(each for each in some if each is not None)

    @property
    def paused(self) -> list[Pause]:
        """The services that are not asked now, since they want fewer questions."""
        return self._answers.paused

    # --- for a hover --------------------------------------------------------------------------

    def begin(self, package: Package, release: Release | None, metadata: Metadata | None) -> None:
        """Ask what is due of a package that is looked at, and wait for nothing."""
        self._answers.begin(self._questions(package, release, metadata))

    async def extras(
        self, package: Package, release: Release | None, metadata: Metadata | None
    ) -> None:
        """Ask what is due, and wait for it a moment."""
        await self._answers.wait(tuple(self._questions(package, release, metadata)))

    def known(self, package: Package, release: Release | None, metadata: Metadata | None) -> Extras:
        """What is known of a package, and of the *release* that its hover is about."""
        found: dict[type[Any], Any] = {
            each.kind: self._answers.peek(each)
            for each in self._questions(package, release, metadata)
        }
        return Extras(
            downloads=found.get(Downloads),
            listing=found.get(Listing),
            provenance=found.get(Provenance),
        )

    def _questions(
        self, package: Package, release: Release | None, metadata: Metadata | None
    ) -> Iterator[Question[Any]]:
        companions = self._companions.get(package.id.ecosystem, Companions())
        counts, directory = companions.downloads, companions.directory
        if counts is not None and _may_tell(package, counts):
            yield _downloads(counts, package.id, PERIOD)
        if directory is not None and _may_tell(package, directory):
            classifiers = metadata.classifiers if metadata is not None else ()
            if directory.concerns(package.id.name, classifiers):
                yield _listing(directory, package.id)
        registry = self._registries.get(package.id.ecosystem)
        if registry is not None and release is not None and release.provenance is not None:
            yield _provenance(registry, package.id_of(release.version), release)

    # --- for whoever asks for nothing else ----------------------------------------------------

    def has_periods(self, ecosystem: str) -> bool:
        """Whether downloads are counted for the period that is asked for."""
        counts = self._companions.get(ecosystem, Companions()).downloads
        return counts is None or counts.has_periods

    async def downloads(self, package: Package, period: str) -> Downloads | Refusal | None:
        """How often *package* was downloaded in a period (last-day, last-week, last-month,
        last-year); None where nobody counts that, or may be told.
        """
        counts = self._companions.get(package.id.ecosystem, Companions()).downloads
        if counts is None or not _may_tell(package, counts):
            return None
        return await self._answers.answer(_downloads(counts, package.id, period))

    def clear(self) -> None:
        """Forget what is in memory."""
        self._answers.clear()

    async def aclose(self) -> None:
        """End what is under way."""
        await self._answers.aclose()


def _may_tell(package: Package, service: DownloadService | DirectoryService) -> bool:
    """Whether *service* may hear of the package, wherever else it is too."""
    ids = (package.id, *(replace(package.id, registry=it.registry) for it in package.places))
    return all(may_tell(id, is_own=service.is_own) for id in ids)


def _downloads(counts: DownloadService, id: PackageId, period: str) -> Question[Downloads]:
    told = period if counts.has_periods else ""
    return Question(
        service=counts.url,
        key="\n".join(("downloads", id.ecosystem, id.name, told)),
        kind=Downloads,
        ask=lambda: counts.downloads(id.name, period),
        lasting=DAY,
    )


def _listing(directory: DirectoryService, id: PackageId) -> Question[Listing]:
    return Question(
        service=directory.url,
        key="\n".join(("listing", id.ecosystem, id.name)),
        kind=Listing,
        ask=lambda: directory.listing(id.name),
        lasting=DAY,
    )


def _provenance(registry: Registry, id: PackageId, release: Release) -> Question[Provenance]:
    return Question(
        service=id.registry.url,
        key="\n".join(("provenance", records.key(id, full=False), release.version)),
        kind=Provenance,
        ask=lambda: registry.provenance(id, release),
        lasting=WEEK,
    )

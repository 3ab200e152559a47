"""The seam to a registry: the questions that an ecosystem's adapter asks, and their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

from registry_lsp.core.advisories import Advisory
from registry_lsp.core.names import NameList
from registry_lsp.core.packages import (
    Metadata,
    Package,
    PackageId,
    RegistryRef,
    Release,
    ReleaseId,
    SearchPage,
)
from registry_lsp.core.ports.answers import Fetched, NotModified, Refusal
from registry_lsp.core.ports.http import Validators
from registry_lsp.core.services import Provenance

PackageAnswer: TypeAlias = Fetched[Package] | NotModified | Refusal
MetadataAnswer: TypeAlias = Fetched[Metadata] | Refusal
ProvenanceAnswer: TypeAlias = Fetched[Provenance] | Refusal
SearchAnswer: TypeAlias = Fetched[SearchPage] | Refusal | None
NamesAnswer: TypeAlias = Fetched[NameList] | Refusal | None
AdvisoriesAnswer: TypeAlias = Fetched[tuple[Advisory, ...]] | Refusal


class Advisories(Protocol):
    """Somebody who knows of advisories: a service, or a registry."""

    async def advisories(
        self, releases: Sequence[ReleaseId]
    ) -> Mapping[ReleaseId, AdvisoriesAnswer]:
        """What is known against each of *releases*, each fault once and the gravest first.

        Missing where nobody keeps advisories. A release that is left out was not asked about.
        """
        ...


class Registry(Advisories, Protocol):
    """An adapter: asks the registry that a :class:`PackageId` names."""

    async def package(
        self, id: PackageId, *, full: bool, known: Validators | None = None
    ) -> PackageAnswer:
        """The package with its releases; with ``metadata`` and dates too where *full*.

        *known* are the validators of an earlier answer of the same fullness.
        """
        ...

    async def metadata(self, id: PackageId, version: str) -> MetadataAnswer:
        """What one version says of itself."""
        ...

    async def provenance(self, id: PackageId, release: Release) -> ProvenanceAnswer:
        """Who has published *release*, as the registry says that it has verified; Missing where
        it says nothing of it.
        """
        ...

    async def search(
        self, registry: RegistryRef, text: str, *, size: int, start: int
    ) -> SearchAnswer:
        """*size* of the packages that match *text*, from the one at *start* (from 0); None where
        registries of this kind have no search.
        """
        ...

    async def names(self, registry: RegistryRef) -> NamesAnswer:
        """The names of all packages that it has; None where registries of this kind do not tell."""
        ...

"""The seam to the services that know more of a package than its registry does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from registry_lsp.core.packages import Unauthorized, Unavailable
from registry_lsp.core.ports.answers import Fetched, Refusal
from registry_lsp.core.services import Downloads, Listing


class AskedService(Protocol):
    """Somebody who is asked beside the registries."""

    @property
    def name(self) -> str:
        """What its setting is called."""
        ...

    @property
    def url(self) -> str:
        """Its base address, without user information."""
        ...

    @property
    def trouble(self) -> Unauthorized | Unavailable | None:
        """Why it did not answer when it was last asked; None where it did, or was not asked yet."""
        ...


class DownloadService(AskedService, Protocol):
    """Counts how often the packages of an ecosystem are downloaded."""

    @property
    def is_own(self) -> bool:
        """Whether the user has set it in the public one's place."""
        ...

    @property
    def has_periods(self) -> bool:
        """Whether it counts for the period that is asked for, and not for periods of its own."""
        ...

    async def downloads(self, name: str, period: str) -> Fetched[Downloads] | Refusal:
        """How often *name* was downloaded in *period*: last-day, last-week, last-month or
        last-year. Missing where it does not know the package.
        """
        ...


class DirectoryService(AskedService, Protocol):
    """Lists packages of an ecosystem with what people who compare them want to know."""

    @property
    def is_own(self) -> bool:
        """Whether the user has set it in the public one's place."""
        ...

    def concerns(self, name: str, classifiers: Iterable[str]) -> bool:
        """Whether it might list a package of that normalised name and those classifiers."""
        ...

    async def listing(self, name: str) -> Fetched[Listing] | Refusal:
        """Its entry; Missing where it has none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Companions:
    """The services that know the packages of an ecosystem; None for one that is not asked."""

    downloads: DownloadService | None = None
    directory: DirectoryService | None = None

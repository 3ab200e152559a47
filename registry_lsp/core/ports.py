"""The seams: what an ecosystem is made of, and what the network gives it.

An :class:`Ecosystem` is a record of parts, not a base class. Each folder under ``ecosystems/``
offers one as ``ECOSYSTEM``, and nothing else in the package names an ecosystem.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Generic, Protocol, TypeAlias, TypeVar

from registry_lsp.core.advisories import Advisory
from registry_lsp.core.findings import Code
from registry_lsp.core.gates import Gate
from registry_lsp.core.keys import Key
from registry_lsp.core.manifests import Dependency, Locked, Manifest, Problem
from registry_lsp.core.packages import (
    Metadata,
    Missing,
    Package,
    PackageId,
    RegistryRef,
    Release,
    ReleaseId,
    SearchPage,
    Secret,
    Transport,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.services import Downloads, Listing, Provenance

# --- the network ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask again with: the ETag and Last-Modified headers, verbatim."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A complete answer. Header names are lower-case; ``body`` is decoded of its transfer
    encodings; ``url`` is the address that answered, after redirects.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type, lower-case and without parameters; empty where none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Http(Protocol):
    """One client for every registry and service."""

    async def get(
        self,
        url: str,
        *,
        accept: str,
        authorization: Secret | None = None,
        within: str | None = None,
        validators: Validators | None = None,
        transport: Transport | None = None,
    ) -> Response | Unavailable:
        """The answer to a GET, whatever its status below 500 (429 aside), or why there is none.

        *authorization* goes to what lies *within* that address (its scheme, host, port and path)
        and nowhere else; to *url* alone, where that is None. *transport* is how it is reached,
        None where the environment says.
        Retries, redirects, time-outs and the cap on bodies happen inside. A 304 comes back as
        such, and only where *validators* were given.
        """
        ...

    async def post(
        self,
        url: str,
        *,
        body: bytes,
        accept: str,
        content_type: str,
        authorization: Secret | None = None,
        within: str | None = None,
        transport: Transport | None = None,
    ) -> Response | Unavailable:
        """The answer to a POST that is only a question, and so may be asked again: as of a GET.

        It is asked again at another address where a redirect says so with 307 or 308; any other
        redirect is refused, since it would make another question of it.
        """
        ...


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(Generic[T]):
    """A registry's document, read. ``fresh_for`` is seconds that it need not be asked again."""

    value: T
    validators: Validators = field(default_factory=Validators)
    fresh_for: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """What is held is still right, for ``fresh_for`` seconds more."""

    fresh_for: float


Refusal: TypeAlias = Missing | Unauthorized | Unavailable
PackageAnswer: TypeAlias = Fetched[Package] | NotModified | Refusal
MetadataAnswer: TypeAlias = Fetched[Metadata] | Refusal
ProvenanceAnswer: TypeAlias = Fetched[Provenance] | Refusal
SearchAnswer: TypeAlias = Fetched[SearchPage] | Refusal | None
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


class DownloadService(Protocol):
    """Counts how often the packages of an ecosystem are downloaded."""

    @property
    def url(self) -> str:
        """Its base address."""
        ...

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


class DirectoryService(Protocol):
    """Lists packages of an ecosystem with what people who compare them want to know."""

    @property
    def url(self) -> str:
        """Its base address."""
        ...

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


# --- meaning ----------------------------------------------------------------------------------


class InvalidRequirementError(ValueError):
    """A specifier that its installer would refuse. The message is a sentence for the user."""


class Requirement(Protocol):
    """A specifier, understood."""

    @property
    def pinned(self) -> str | None:
        """The one version that it names, where it admits no other."""
        ...

    @property
    def tag(self) -> str | None:
        """The dist-tag that it is, if it is one."""
        ...

    @property
    def named(self) -> Sequence[str]:
        """The versions that its text names, in no particular order."""
        ...

    def admits(self, version: str) -> bool:
        """Whether its installer would take *version* for it, prereleases judged as written."""
        ...


class VersionScheme(Protocol):
    """How one dialect of requirements reads versions. All of it is pure."""

    def parse(self, specifier: str, *, prereleases: bool | None = None) -> Requirement:
        """Read a specifier. Raises :class:`InvalidRequirementError`.

        *prereleases* is whether the project takes them, None where the specifier alone decides.
        """
        ...

    def key(self, version: str) -> Key | None:
        """A key that sorts versions as the installer does; None for what is no version."""
        ...

    def is_prerelease(self, version: str) -> bool:
        """Whether *version* is a prerelease (or a development release)."""
        ...

    def segments(self, version: str) -> tuple[int, ...]:
        """The epoch (0 where there is none), then the release numbers."""
        ...

    def wanted(
        self, requirement: Requirement, package: Package, runtime: str | None
    ) -> Release | None:
        """The release that the installer would take for *requirement* today.

        *runtime* is the project's own requirement on its runtime: releases that it rules out
        are passed over, unless nothing else matches. None where nothing matches at all.
        """
        ...

    def latest(
        self, requirement: Requirement, package: Package, runtime: str | None
    ) -> Release | None:
        """The newest release that the project could use at all."""
        ...

    @property
    def misfit(self) -> Code:
        """The code of the finding that a release does not run where the project does."""
        ...

    def runs(self, release: Release, runtime: str) -> bool:
        """Whether *release* runs wherever a project does that requires *runtime*."""
        ...

    def replace(self, specifier: str, version: str) -> str:
        """*specifier* as its author would write it for *version*: operator and style kept.

        An empty specifier gives what the dialect's users write by default.
        """
        ...


class ManifestFormat(Protocol):
    """One kind of manifest."""

    @property
    def name(self) -> str:
        """Its name for people, such as ``package.json``."""
        ...

    @property
    def patterns(self) -> Sequence[str]:
        """Glob patterns of its files, as LSP document selectors write them."""
        ...

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one."""
        ...

    def holds(self, text: str) -> bool:
        """Whether a file of such a path is one by its *text*: of most formats every file is."""
        ...

    def decode(self, raw: bytes) -> str:
        """The text of a file of these bytes, as its installer decodes it. Raises
        :class:`UnicodeDecodeError`.
        """
        ...

    def parse(self, text: str) -> Manifest:
        """Read it, tolerantly: never raises, and loses only what is broken."""
        ...

    def fault(self, text: str) -> Problem | None:
        """Why no installer could read it at all; None for what is well-formed.

        While it is typed a file is often in this state, and an editor need not be told so.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an ecosystem's configuration is read from.

    ``folder`` is the manifest's own, None for a buffer without a file; ``registry_url`` is the
    setting ``registries.<ecosystem>.url``, which stands over all else: where no address can be
    read in it (it is empty where the user's own word was refused), nobody is asked in its place.
    ``root`` is what the machine's own configuration lies below, ``platform`` as in
    :data:`sys.platform`.
    """

    folder: Path | None
    home: Path
    environ: Mapping[str, str] = field(hash=False, repr=False)
    registry_url: str | None = None
    trusted: bool = False
    root: Path = Path("/")
    platform: str = sys.platform


class Files(Protocol):
    """The files around a manifest, as they are on disk. What is asked for is remembered, so that
    the project is surveyed anew when any of it changes.
    """

    def read(self, path: Path, reader: Callable[[bytes], T]) -> T | None:
        """What *reader* makes of a file's bytes, kept for as long as the file is the same one.

        None where there is no such file, or none that can be read or that is of a size that
        anybody would read; and where *reader* raises ValueError. It runs outside the event loop,
        and may not hold the interpreter for more than a few milliseconds at a time.
        """
        ...

    def names(self, folder: Path) -> tuple[str, ...]:
        """The names in a folder, sorted; none where there is no such folder."""
        ...

    def gathered(self, folder: Path, gather: Callable[[Path, Files], T]) -> T:
        """What *gather* makes of the files in and below *folder*, kept for all who ask until any
        file that it has asked for changes: for what takes many files, as a workspace's members.
        """
        ...


class Project(Protocol):
    """What the files around a manifest say of it. Pure, and quick enough for each keystroke."""

    def resolve(self, manifest: Manifest) -> Manifest:
        """*manifest* with what stands elsewhere put in: the specifiers of catalogs, the indexes
        of the files that include it, problems with what it refers to. The dependencies remain
        the same ones in the same order.
        """
        ...

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """The versions of a (resolved) dependency that are locked, else installed: several where
        that depends on markers, none where nobody knows.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """The project of a manifest that has no files around it."""

    def resolve(self, manifest: Manifest) -> Manifest:
        """*manifest* itself."""
        return manifest

    def locked(self, _dependency: Dependency) -> tuple[Locked, ...]:
        """None."""
        return ()


class Routes(Protocol):
    """Which registry serves a dependency, by a project's configuration."""

    def registry_for(self, dependency: Dependency, manifest: Manifest) -> RegistryRef | None:
        """The registry that *dependency* may be asked of; None where none may be."""
        ...

    def gate_for(self, dependency: Dependency, manifest: Manifest) -> Gate | None:
        """How old a release of *dependency* must be for its installer; None where any will do."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecosystem:
    """A package ecosystem, as the record of its parts."""

    name: str
    """The key in settings and answers, such as ``npm``."""
    aliases: tuple[str, ...]
    """What else people call its registry."""
    runtime_name: str
    """What its packages run on, as people call it: ``Python``, ``Node.js``."""
    formats: tuple[ManifestFormat, ...]
    schemes: Mapping[str, VersionScheme]
    """By dialect, as dependencies name it."""
    normalise: Callable[[str], str]
    routes: Callable[[Surroundings], Routes]
    survey: Callable[[Path, Manifest, Files], Project]
    """Reads what lies around the manifest of an absolute path; *manifest* is what it says
    itself. Equal surroundings give equal projects."""
    registry: Callable[[Http], Registry]
    dependency_kinds: tuple[str, ...]
    """The kinds of :class:`~registry_lsp.core.packages.Requires` that its packages declare."""
    services: frozenset[str] = frozenset()
    """The services that know its packages, by the names of their settings."""
    package_page: Callable[[PackageId, str | None], str | None]
    """Where people read about a package (and a version of it); None where nobody knows."""
    osv_name: str | None = None
    """What the Open Source Vulnerabilities database calls it; None where it is not in there."""
    samples: Mapping[str, str]
    """By file name, a small valid manifest of each format: what the contract tests read."""

    def key(self, version: str) -> Key | None:
        """A key that sorts versions, in whichever dialect: all of them sort alike."""
        return next(iter(self.schemes.values())).key(version)

"""What a registry knows: packages, releases, people, and how a lookup can end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from registry_lsp.endpoints import PUBLIC_REGISTRIES


@dataclass(frozen=True, slots=True)
class Secret:
    """A credential: it works as a header's value and shows itself to nobody."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """How a registry is reached, where its configuration says it and not the environment.

    ``verify`` is whether its certificate is looked at; ``authorities`` are the certificates (PEM
    texts, or paths of PEM files) that are trusted in the system's place, and ``more_authorities``
    those that are trusted beside these, as far as they can be read. ``certificate`` and ``key``
    are the client's own, each a PEM text or the path of a PEM file: they are shown to the
    registry's own scheme, host and port and to nobody that it leads to. ``proxy`` is the address
    of one, which may hold a password: empty for none, None where the environment says.
    ``unproxied`` are the hosts, each with all below it, that are reached without that proxy.
    """

    verify: bool = True
    authorities: tuple[str, ...] = ()
    more_authorities: tuple[str, ...] = ()
    certificate: str | None = field(default=None, repr=False)
    key: Secret | None = None
    proxy: Secret | None = None
    unproxied: tuple[str, ...] = ()

    @property
    def elsewhere(self) -> Transport:
        """How those are reached to whom the registry leads: the client's own certificate is not
        for them.
        """
        return replace(self, certificate=None, key=None) if self.certificate else self


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryRef:
    """One registry, as a project's configuration names it.

    ``url`` is its base address without user information, ending in a slash; ``authorization`` is
    the value of an Authorization header that goes to this scheme, host, port and path alone.
    ``transport`` is None where the environment says how it is reached. ``otherwise`` is who is
    asked next: for a package that this one does not have, and for no other; or, where this one
    ``is_merged``, for every package, and the releases of all of them count (as with pip).
    ``is_bound`` says that it serves only a part of the project's packages (a scope, a source, an
    index beside the default one): their names are told to nobody else, and to no service.
    ``overlooked`` are HTTP statuses that count as its not having a package. Where it ``is_partial``
    packages come from places as well that nobody can be asked about (a folder, a page of links):
    what is not found need not be missing; ``archives`` are the versions of the package that lie in
    folders beside it, and are installed from there. ``vaults`` are the services, each with a user's
    name or None, under which the system's keyring may have a credential for it, for where it wants
    one. Where it ``is_credentialed`` it is not asked without one: it might ask others itself then.
    ``is_withheld`` says that a credential is set for it and not sent, for a file that nobody trusts
    gives it the name, or the variable, that the credential is under; it is still the same registry.
    ``unset_variable`` is an environment variable that its credential is written with and that is
    not set, so that the credential cannot be a good one. ``credential_place`` is where the
    project's own tool would have one from, in words: a file and a key of it, or variables.
    """

    url: str
    authorization: Secret | None = None
    transport: Transport | None = None
    otherwise: RegistryRef | None = None
    is_merged: bool = False
    is_bound: bool = False
    overlooked: tuple[int, ...] = ()
    is_partial: bool = False
    archives: tuple[str, ...] = ()
    vaults: tuple[tuple[str, str | None], ...] = ()
    is_credentialed: bool = False
    is_withheld: bool = field(default=False, compare=False)
    unset_variable: str | None = field(default=None, compare=False)
    credential_place: str = field(default="", compare=False)

    def __hash__(self) -> int:
        """Of the address alone: a package is looked up by its registry thousands of times at each
        keystroke, and few share an address and differ in the rest.
        """
        return hash(self.url)

    @property
    def is_public(self) -> bool:
        """Whether it is an ecosystem's public registry, whose names everybody knows."""
        return self.url in PUBLIC_REGISTRIES

    @property
    def host(self) -> str:
        """The host, with its port where the address names one; a folder has none."""
        return self.url.partition("://")[2].partition("/")[0] or "a folder"

    @property
    def alone(self) -> RegistryRef:
        """Itself, as if a package could come from nowhere else."""
        return replace(self, otherwise=None, is_merged=False, is_partial=False, archives=())

    @property
    def is_alone(self) -> bool:
        """Whether its own answer is all that there is to say."""
        return self.otherwise is None and not self.is_partial and not self.archives

    def in_turn(self) -> Iterator[RegistryRef]:
        """Itself, and those that are asked after it."""
        ref: RegistryRef | None = self
        while ref is not None:
            yield ref
            ref = ref.otherwise

    def groups(self) -> Iterator[tuple[RegistryRef, ...]]:
        """Those that are asked at the same time, one group after the other."""
        group: list[RegistryRef] = []
        for ref in self.in_turn():
            group.append(ref)
            if not ref.is_merged or ref.otherwise is None:
                yield tuple(group)
                group = []


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageId:
    """A package by its normalised name in the registry that it resolves to: the cache's key."""

    ecosystem: str
    name: str
    registry: RegistryRef

    def __hash__(self) -> int:
        """Of the name alone, for the same reason."""
        return hash(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseId:
    """A version of a package, which its registry need not have (any more)."""

    package: PackageId
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One released version. A field that the registry does not give is None, never invented.

    ``published`` is seconds since the epoch, UTC. ``runtime`` is the requirement on the
    language's own runtime: ``requires-python`` for PyPI, ``engines.node`` for npm.
    ``provenance`` is the address at which the registry tells who has published it. One that
    ``is_local`` lies in a folder, and no registry says anything of it.
    """

    version: str
    published: float | None = None
    yanked: bool | None = None
    yanked_reason: str | None = None
    deprecated: str | None = None
    runtime: str | None = None
    provenance: str | None = None
    is_local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who made or keeps a package; ``role`` is 'author', 'maintainer' or 'owner'."""

    name: str | None = None
    email: str | None = None
    url: str | None = None
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requires:
    """One dependency that a release declares.

    ``kind`` is 'runtime', 'development', 'peer' or 'optional'; ``marker`` is a PEP 508 marker as
    the release gives it, or None.
    """

    name: str
    specifier: str
    kind: str = "runtime"
    marker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What one version of a package says of itself. Links are http(s) addresses or None."""

    version: str
    summary: str | None = None
    license: str | None = None
    homepage: str | None = None
    repository: str | None = None
    documentation: str | None = None
    changelog: str | None = None
    issues: str | None = None
    funding: str | None = None
    keywords: tuple[str, ...] = ()
    authors: tuple[Person, ...] = ()
    maintainers: tuple[Person, ...] = ()
    requires: tuple[Requires, ...] = ()
    extras: tuple[str, ...] = ()
    runtime: str | None = None
    classifiers: tuple[str, ...] = ()


ACTIVE = "active"
ARCHIVED = "archived"
QUARANTINED = "quarantined"
OBSOLETE = "deprecated"
"""The statuses that a project can have (PEP 792)."""
SECURITY_HOLDING = "security-holding"
"""What npm's registry makes of a package that was taken away because it was malicious: a name
that it holds itself, with an empty placeholder.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One of several registries that have a package, with its ``versions``, newest first, and
    its ``tracks`` and ``alternates`` as in :class:`Package`.
    """

    registry: RegistryRef
    versions: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package as its registry lists it.

    ``releases`` are newest first in the ecosystem's own order of versions, and hold only
    versions that this order can read. ``dist_tags`` are pairs of tag and version. ``status`` is
    one of the words above, or None where the registry does not say. ``created`` is when it was
    made, in seconds since the epoch. ``unpublished`` are releases that it had once, newest first,
    as far as the registry says so. ``metadata`` is that of the newest
    version, where the registry was asked for it. ``places`` are the registries that have it, in
    their order, where the releases of several are taken together; ``id`` has the first of them
    then.

    ``tracks`` are the addresses of the same project in the registries that this one follows,
    ``alternates`` of where else it is by its owners' word: names that agree in both are one
    project, and no confusion of two (PEP 708).
    """

    id: PackageId
    display_name: str
    releases: tuple[Release, ...] = ()
    dist_tags: tuple[tuple[str, str], ...] = ()
    status: str | None = None
    status_reason: str | None = None
    created: float | None = None
    unpublished: tuple[Release, ...] = ()
    tracks: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()
    metadata: Metadata | None = None
    places: tuple[Place, ...] = ()

    def id_of(self, version: str) -> PackageId:
        """The package in the registry that *version* comes from: the first that has it."""
        place = next((each for each in self.places if version in each.versions), None)
        return self.id if place is None else replace(self.id, registry=place.registry)

    def release(self, version: str) -> Release | None:
        """The release whose version is spelled exactly *version*."""
        return next((each for each in self.releases if each.version == version), None)

    def gone(self, version: str) -> Release | None:
        """The unpublished release whose version is spelled exactly *version*."""
        return next((each for each in self.unpublished if each.version == version), None)

    def tagged(self, tag: str) -> str | None:
        """The version that the dist-tag *tag* names."""
        return next((version for name, version in self.dist_tags if name == tag), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A package that a search has found; ``version`` is its newest. ``published`` is that
    version's moment, in seconds since the epoch.
    """

    name: str
    version: str | None = None
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    published: float | None = None
    homepage: str | None = None
    repository: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Some of the packages that match, the best first, and how many there are in all."""

    hits: tuple[SearchHit, ...] = ()
    total: int = 0


class Trouble(Enum):
    """Why a registry could not be asked: each has words of its own."""

    NOWHERE = "nowhere"
    """The project's configuration does not say, or not so that it may be read, who has it."""
    OFFLINE = "offline"
    """The settings forbid the network."""
    UNREACHABLE = "unreachable"
    """No connection: refused, reset, or the host's name is unknown."""
    INSECURE = "insecure"
    """The TLS handshake or the certificate was refused."""
    UNUSABLE = "unusable"
    """What the configuration has it reached with (certificates, a key, a proxy) cannot be used."""
    PROXY = "proxy"
    """The proxy on the way there refuses, or wants a password."""
    TIMEOUT = "timeout"
    """No answer in time."""
    RATE_LIMITED = "rate-limited"
    """429, and the wait that it asks for is longer than anybody would wait."""
    SERVER_ERROR = "server-error"
    """5xx, after the retries."""
    REFUSED = "refused"
    """Any other status that is no answer."""
    MALFORMED = "malformed"
    """The address or the credential, as configured, can be sent to nobody."""
    REDIRECTS = "redirects"
    """More redirects than a registry has reason for."""
    TOO_LARGE = "too-large"
    """A body over the cap."""
    GARBAGE = "garbage"
    """An answer that is not the document that was asked for."""
    UNSUPPORTED = "unsupported"
    """An answer in a version of the registry's protocol that nobody here can read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The package, as its registry had it at ``asked_at`` (seconds since the epoch).

    ``trouble`` is why no newer answer could be had, where one was due. Where it ``is_partial``
    another place that counts as well could not be asked: what is not here may be there.
    """

    package: Package
    asked_at: float
    trouble: Unavailable | Unauthorized | None = None
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The registry says that there is no such package. ``detail`` is its own word, such as
    'unpublished', where it has one; ``or_no_access`` where it says the same to the uninvited.
    """

    detail: str | None = None
    or_no_access: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unauthorized:
    """The registry wants credentials (``status`` 401) or refuses those it got (403)."""

    status: int
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """The registry could not be asked: nothing is known of the package.

    ``host`` is whom we asked, ``status`` its HTTP status where it gave one, ``retry_after`` the
    seconds that it asks us to wait. ``detail`` says of what is UNUSABLE what it is and why.
    """

    trouble: Trouble
    host: str
    status: int | None = None
    retry_after: float | None = None
    detail: str | None = None


Lookup: TypeAlias = Found | Missing | Unauthorized | Unavailable
"""How asking for a package can end: a failed fetch can never read as 'does not exist'."""

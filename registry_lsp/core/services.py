"""What services know of a package beyond its registry: how much it is used, and how it is kept;
and of which packages they may hear.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry_lsp.core.packages import PackageId


def may_tell(id: PackageId, *, is_own: bool = False) -> bool:
    """Whether a service may hear the name of a package that was found as *id*.

    Everybody knows what a public registry has, but for one thing: where it was asked with
    credentials, a name within somebody's scope (``@scope/name``) may be theirs alone. A service
    that the user has chosen (*is_own*) may hear those, and the names of the project's default
    registry. What is bound to a registry is told to nobody else.
    """
    if id.registry.is_bound:
        return False
    is_open = id.registry.authorization is None and not id.registry.vaults
    is_for_all = is_open or "/" not in id.name
    return is_own or (id.registry.is_public and is_for_all)


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloads:
    """How often a package was downloaded in the period that ended last; None where unknown."""

    last_day: int | None = None
    last_week: int | None = None
    last_month: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a directory: what it is called and where it is (http(s), or None)."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A package as a directory of packages lists it.

    ``stars`` and ``forks`` are its repository's; ``commits`` are counts by week, the oldest
    first; ``participants`` is how many people have committed. ``grids`` are some of the
    ``grids_in_all`` in which it is compared with others. ``updated`` is the moment of the last
    commit, in seconds since the epoch.
    """

    directory: str
    page: Page
    stars: int | None = None
    forks: int | None = None
    commits: tuple[int, ...] = ()
    participants: int | None = None
    category: Page | None = None
    grids: tuple[Page, ...] = ()
    grids_in_all: int = 0
    updated: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Who built and published a release's files, by an attestation that the registry has checked.

    ``publisher`` is the service that built it, such as 'GitHub'; ``repository`` the address of
    the source (http(s), or None), ``workflow`` the file that describes the build.
    """

    publisher: str
    repository: str | None = None
    workflow: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a hover tells of a package beyond its registry's documents; None where unknown."""

    downloads: Downloads | None = None
    listing: Listing | None = None
    provenance: Provenance | None = None

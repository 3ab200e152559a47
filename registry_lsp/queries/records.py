"""The records that queries are answered with: the same keys for every registry.

Keys are in snake_case, moments in ISO 8601 (UTC). What a registry does not tell is None, and an
empty list says that it told of none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, TypeAlias

from registry_lsp.core.packages import (
    Found,
    Metadata,
    Package,
    Person,
    Release,
    Requires,
    SearchHit,
)
from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.core.services import Downloads

Record: TypeAlias = dict[str, Any]

_SAID = (
    "license",
    "homepage",
    "repository",
    "documentation",
    "changelog",
    "issues",
    "funding",
)


def package(
    found: Found, latest: Release | None, metadata: Metadata | None, *, page: str | None, now: float
) -> Record:
    """All of a package. *latest* is its newest release, *metadata* what that says of itself, and
    *page* where people read about it.
    """
    subject = found.package
    return {
        **_head(subject),
        "version": latest.version if latest is not None else None,
        **described(metadata),
        "page": page,
        "published_at": moment(latest.published) if latest is not None else None,
        "created_at": moment(subject.created),
        "release_count": len(subject.releases),
        "dist_tags": dict(subject.dist_tags) or None,
        "yanked": latest.yanked if latest is not None else None,
        "yanked_reason": latest.yanked_reason if latest is not None else None,
        "deprecated": latest.deprecated if latest is not None else None,
        "status": subject.status,
        "status_reason": subject.status_reason,
        "requires": _runtime(latest, metadata) if latest is not None else None,
        **age(found, now),
    }


def versions(
    found: Found, scheme: VersionScheme, *, page: int, page_size: int, now: float
) -> Record:
    """One page of a package's releases, newest first; beyond the last page there are none."""
    releases = found.package.releases
    start = (page - 1) * page_size
    return {
        **_head(found.package),
        **paging(len(releases), page=page, page_size=page_size),
        "versions": [release(each, scheme) for each in releases[start : start + page_size]],
        **age(found, now),
    }


def version(
    found: Found,
    subject: Release,
    metadata: Metadata | None,
    scheme: VersionScheme,
    *,
    page: str | None,
    now: float,
) -> Record:
    """One release, with what it says of itself."""
    return {
        **_head(found.package),
        **release(subject, scheme),
        "requires": _runtime(subject, metadata),
        **described(metadata),
        "page": page,
        **age(found, now),
    }


def dependencies(
    found: Found, subject: Release, metadata: Metadata | None, kinds: Sequence[str], *, now: float
) -> Record:
    """What a release depends on, by kind; None for what its ecosystem does not have among its
    *kinds*, and throughout where nobody tells.
    """
    listed = {
        kind: [requires(each) for each in metadata.requires if each.kind == kind]
        if metadata is not None and kind in kinds
        else None
        for kind in ("runtime", "development", "peer", "optional")
    }
    return {**_head(found.package), "version": subject.version, **listed, **age(found, now)}


def maintainer(found: Found, metadata: Metadata | None, *, now: float) -> Record:
    """The people of a package, each with a role."""
    people = (*metadata.authors, *metadata.maintainers) if metadata is not None else None
    return {
        **_head(found.package),
        "people": persons(people) if people is not None else None,
        **age(found, now),
    }


def downloads(found: Found, counts: Downloads, period: str | None) -> Record:
    """How often a package is downloaded; *period* is None where its service gives its own."""
    return {
        **_head(found.package),
        "period": period,
        "last_day": counts.last_day,
        "last_week": counts.last_week,
        "last_month": counts.last_month,
        "last_year": counts.last_year,
    }


def search(
    ecosystem: str, query: str, hits: Sequence[SearchHit], total: int, *, page: int, page_size: int
) -> Record:
    """One page of the packages that match."""
    return {
        "registry": ecosystem,
        "query": query,
        **paging(total, page=page, page_size=page_size),
        "packages": [
            {
                "name": each.name,
                "version": each.version,
                "description": each.summary,
                "keywords": list(each.keywords),
                "published_at": moment(each.published),
                "homepage": each.homepage,
                "repository": each.repository,
            }
            for each in hits
        ],
    }


def release(subject: Release, scheme: VersionScheme) -> Record:
    """What is known of a release from its registry's list."""
    return {
        "version": subject.version,
        "published_at": moment(subject.published),
        "prerelease": scheme.is_prerelease(subject.version),
        "yanked": subject.yanked,
        "yanked_reason": subject.yanked_reason,
        "deprecated": subject.deprecated,
        "requires": subject.runtime,
    }


def _runtime(subject: Release, metadata: Metadata | None) -> str | None:
    """What *subject* requires of the runtime: what the list leaves out its own metadata tell."""
    if subject.runtime is None and metadata is not None and metadata.version == subject.version:
        return metadata.runtime
    return subject.runtime


def described(metadata: Metadata | None) -> Record:
    """What a release says of itself; None throughout where nobody tells."""
    if metadata is None:
        lists = dict.fromkeys(("keywords", "authors", "maintainers"))
        return {"description": None, **dict.fromkeys(_SAID), **lists}
    return {
        "description": metadata.summary,
        **{name: getattr(metadata, name) for name in _SAID},
        "keywords": list(metadata.keywords),
        "authors": persons(metadata.authors),
        "maintainers": persons(metadata.maintainers),
    }


def persons(people: Iterable[Person]) -> list[Record]:
    """People, each once for each of their roles."""
    records = (
        {"name": each.name, "email": each.email, "url": each.url, "role": each.role}
        for each in dict.fromkeys(people)
    )
    return list(records)


def requires(each: Requires) -> Record:
    """One dependency of a release."""
    return {"name": each.name, "specifier": each.specifier, "marker": each.marker}


def paging(total: int, *, page: int, page_size: int) -> Record:
    """Where a page stands among all."""
    return {
        "page": page,
        "page_size": page_size,
        "total": total,
        "pages": math.ceil(total / page_size),
    }


def moment(epoch: float | None) -> str | None:
    """A moment as programs read it."""
    if epoch is None:
        return None
    when = datetime.fromtimestamp(epoch, timezone.utc)
    return when.isoformat(timespec="seconds").replace("+00:00", "Z")


def age(found: Found, now: float) -> Mapping[str, float | None]:
    """So many seconds ago the registry said it; None where it is as fresh as it need be."""
    old = round(max(0.0, now - found.asked_at)) if found.trouble is not None else None
    return {"age_seconds": old}


def _head(subject: Package) -> Record:
    return {
        "registry": subject.id.ecosystem,
        "registry_url": subject.id.registry.url,
        "name": subject.display_name,
    }

"""What is known of the faults of a release: advisories, and how grave they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Rating(IntEnum):
    """How grave an advisory is, as the databases rate it."""

    LOW = 1
    MODERATE = 2
    HIGH = 3
    CRITICAL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A stretch of versions that an advisory is about: from ``introduced`` (None: from the
    first) up to ``fixed``, which is sound, or to ``last``, which is the last one that is not;
    without either it has no end yet.
    """

    introduced: str | None = None
    fixed: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """One fault, by whatever names it has.

    ``id`` is the name to show, ``aliases`` are all others of the same fault. ``rating`` is None
    where nobody has rated it; ``score`` is that of its CVSS vector, 0 to 10. ``is_malware`` says
    that the release itself was made to do harm. ``versions`` are affected beside the ``ranges``.
    ``url`` is where people read about it.
    """

    id: str
    aliases: tuple[str, ...] = ()
    summary: str | None = None
    rating: Rating | None = None
    score: float | None = None
    is_malware: bool = False
    ranges: tuple[Affected, ...] = ()
    versions: tuple[str, ...] = ()
    url: str | None = None

"""What is known of the faults of a release: advisories, and how grave they are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from registry_lsp.core.keys import Key, KeyOf
from registry_lsp.core.packages import Release


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
    that the release itself was made to do harm. ``versions`` are affected beside the ``ranges``;
    where there are neither, nobody knows where it ends. ``url`` is where people read about it.
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

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the fault, the one to show first."""
        return (self.id, *self.aliases)

    @property
    def size(self) -> int:
        """How many stretches and versions it is about; 0 where nobody has said which."""
        return len(self.ranges) + len(self.versions)

    def affects(self, version: str, key: KeyOf) -> bool:
        """Whether it is about *version*; a text that is no version it is about as well."""
        return Reach(self.ranges, self.versions, key).holds(version, key(version))


class Reach:
    """Which versions stretches and single versions come to, read once for many questions.

    An end that is no version is none: more is affected then, and not less.
    """

    __slots__ = ("_places", "_stretches", "_texts")

    def __init__(self, ranges: Iterable[Affected], versions: Iterable[str], key: KeyOf) -> None:
        def read(text: str | None) -> Key | None:
            return key(text) if text is not None else None

        self._stretches = [(read(it.introduced), read(it.fixed), read(it.last)) for it in ranges]
        self._texts = frozenset(versions)
        self._places = [place for place in map(read, self._texts) if place is not None]

    def holds(self, version: str, place: Key | None) -> bool:
        """Whether *version* is among them, whose key is *place*; what is no version always is."""
        if place is None or version in self._texts:
            return True
        for start, fixed, last in self._stretches:
            if start is not None and place < start:
                continue
            if fixed is not None and not place < fixed:
                continue
            if last is None or not place > last:
                return True
        return any(each == place for each in self._places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """An advisory about a version in use, and the lowest release above that which it is not
    about; None where there is none that an installer would take, or nobody knows. It ``is_endless``
    where it is known to be about every release above.
    """

    advisory: Advisory
    fixed: str | None = None
    is_endless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """What is known against ``version``, which is in use: ``exposures``, the gravest first.

    ``fix`` is the lowest release above it that none of them is about, None where there is none
    or nobody knows. ``held_by`` is the project's gate where that release has not passed it yet.
    """

    version: str
    exposures: tuple[Exposure, ...]
    fix: Release | None = None
    held_by: str | None = None


def merged(advisories: Iterable[Advisory]) -> tuple[Advisory, ...]:
    """Each fault once, the gravest first: what shares a name, directly or by way of others, is
    one. It is rated as the gravest of its advisories, and about what any of them is about.
    """
    groups: list[tuple[set[str], list[Advisory]]] = []
    for each in advisories:
        names, members = set(each.names), [each]
        apart = []
        for group in groups:
            if names.isdisjoint(group[0]):
                apart.append(group)
            else:
                names |= group[0]
                members = [*group[1], *members]
        groups = [*apart, (names, members)]
    return tuple(sorted((_one(names, members) for names, members in groups), key=_gravest))


def _one(names: set[str], members: Sequence[Advisory]) -> Advisory:
    id = min(names, key=_familiarity)
    members = sorted(members, key=lambda each: _familiarity(each.id))
    return Advisory(
        id=id,
        aliases=tuple(sorted(names - {id}, key=_familiarity)),
        summary=next((each.summary for each in members if each.summary), None),
        rating=max((each.rating for each in members if each.rating), default=None),
        score=max((each.score for each in members if each.score is not None), default=None),
        is_malware=any(each.is_malware for each in members),
        ranges=tuple(dict.fromkeys(part for each in members for part in each.ranges)),
        versions=tuple(dict.fromkeys(part for each in members for part in each.versions)),
        url=next((each.url for each in members if each.url), None),
    )


MALWARE = "MAL-"
"""What the names of advisories on malicious packages begin with."""
_FAMILIAR = (MALWARE, "GHSA-", "CVE-", "PYSEC-")


def _familiarity(name: str) -> tuple[int, str]:
    """Sorts names by how well people know them; that a package is malicious matters most."""
    place = (at for at, prefix in enumerate(_FAMILIAR) if name.startswith(prefix))
    return next(place, len(_FAMILIAR)), name


def _gravest(advisory: Advisory) -> tuple[bool, int, float, str]:
    """Sorts the gravest first; what nobody has rated comes after what is rated."""
    return (
        not advisory.is_malware,
        -(advisory.rating or 0),
        -(advisory.score or 0.0),
        advisory.id,
    )

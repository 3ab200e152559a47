"""Ranges of versions, as npm's ``semver`` package reads them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from registry_lsp.ecosystems.npm.versions.semver import (
    LOOSE,
    SPACES,
    STRICT,
    SortKey,
    Version,
    parse_version,
)
from registry_lsp.ecosystems.npm.versions.shorthand import LOOSE_SHORTHAND, NEVER, STRICT_SHORTHAND

LONGEST_RANGE = 2048
"""The most characters of a range. npm knows no limit; nobody writes one of this length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparator:
    """One bound: an operator (``<``, ``<=``, ``>``, ``>=``, or empty for equality), a version."""

    operator: str
    version: Version

    def __str__(self) -> str:
        return f"{self.operator}{self.version}"

    def admits(self, version: Version) -> bool:
        """Whether *version* lies on the right side of the bound."""
        return _COMPARE[self.operator](version.key, self.version.key)


_COMPARE: MappingProxyType[str, Callable[[SortKey, SortKey], bool]] = MappingProxyType(
    {
        "": operator.eq,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Alternatives, of which one must hold; all comparators of an alternative hold together.

    An alternative without comparators admits everything.
    """

    alternatives: tuple[tuple[Comparator, ...], ...]
    include_prerelease: bool = False

    def __str__(self) -> str:
        return "||".join(" ".join(map(str, each)) for each in self.alternatives) or "*"

    def admits(self, version: Version) -> bool:
        """Whether *version* satisfies the range.

        A prerelease does only where a comparator names a prerelease of the same three numbers,
        unless the range includes all prereleases.
        """
        return any(self._holds(each, version) for each in self.alternatives)

    def _holds(self, comparators: tuple[Comparator, ...], version: Version) -> bool:
        if not all(each.admits(version) for each in comparators):
            return False
        if not version.prerelease or self.include_prerelease:
            return True
        return any(
            each.version.prerelease and each.version.release == version.release
            for each in comparators
        )


def parse_range(
    text: str, *, loose: bool = False, include_prerelease: bool = False
) -> Range | None:
    """The range that *text* is; None where it is none.

    Loose, what is no comparator is passed over, as long as something remains.
    """
    if len(text) > LONGEST_RANGE:
        return None
    return _parse(text, loose, include_prerelease)


def satisfies(
    version: str, range_text: str, *, loose: bool = False, include_prerelease: bool = False
) -> bool:
    """Whether *version* satisfies the range; what cannot be read does not."""
    parsed = parse_range(range_text, loose=loose, include_prerelease=include_prerelease)
    candidate = parse_version(version, loose=loose)
    return parsed is not None and candidate is not None and parsed.admits(candidate)


def max_satisfying(versions: Iterable[str], wanted: Range, *, loose: bool = False) -> str | None:
    """The greatest of *versions* that *wanted* admits, the first of equal ones; or None."""
    best: tuple[SortKey, str] | None = None
    for text in versions:
        version = parse_version(text, loose=loose)
        if version is None or not wanted.admits(version):
            continue
        if best is None or version.key > best[0]:
            best = version.key, text
    return best[1] if best else None


def min_version(wanted: Range) -> Version | None:
    """The least version that *wanted* admits; None where it admits none."""
    zero = Version(major=0, minor=0, patch=0)
    least = Version(major=0, minor=0, patch=0, prerelease=(0,))
    for version in (zero, least):
        if wanted.admits(version):
            return version
    floors = [floor for each in wanted.alternatives if (floor := _floor(each)) is not None]
    lowest = min(floors, key=lambda version: version.key, default=None)
    return lowest if lowest is not None and wanted.admits(lowest) else None


def _floor(comparators: tuple[Comparator, ...]) -> Version | None:
    bounds = (_least(each) for each in comparators if not each.operator.startswith("<"))
    return max(bounds, key=lambda version: version.key, default=None)


def _least(comparator: Comparator) -> Version:
    version = comparator.version
    if comparator.operator != ">":
        return version
    if version.prerelease:
        after, patch = (*version.prerelease, 0), version.patch
    else:
        after, patch = (), version.patch + 1
    return Version(major=version.major, minor=version.minor, patch=patch, prerelease=after)


# --- reading ----------------------------------------------------------------------------------


class _UnreadableError(ValueError):
    """The range is none."""


_SPACE = re.compile(f"[{SPACES}]+")
_STRICT_COMPARATOR = re.compile(rf"([<>]?=?) ?({STRICT.version})")
_LOOSE_COMPARATOR = re.compile(rf"([<>]?=?) ?({LOOSE.version})")


@lru_cache(maxsize=4096)
def _parse(
    text: str,
    loose: bool,  # noqa: FBT001 - a part of the cache's key
    include_prerelease: bool,  # noqa: FBT001 - as above
) -> Range | None:
    lowest = "-0" if include_prerelease else ""
    shorthand = LOOSE_SHORTHAND if loose else STRICT_SHORTHAND
    parts = _SPACE.sub(" ", text.strip(SPACES)).split("||")
    try:
        read = [
            _alternative(shorthand.spell_out(part.strip(" "), lowest), loose=loose)
            for part in parts
        ]
    except _UnreadableError:
        return None
    alternatives = [each for each in read if each is not None]
    if not alternatives:
        return None
    if len(alternatives) > 1:
        possible = [each for each in alternatives if not _is_never(each)]
        alternatives = possible or alternatives[:1]
    if () in alternatives:
        alternatives = [()]
    return Range(alternatives=tuple(alternatives), include_prerelease=include_prerelease)


def _is_never(comparators: tuple[Comparator, ...]) -> bool:
    return bool(comparators) and str(comparators[0]) == NEVER


def _alternative(clauses: list[str], *, loose: bool) -> tuple[Comparator, ...] | None:
    """The comparators that *clauses* are, each once; None where none of them can be read."""
    found: dict[str, Comparator] = {}
    for clause in filter(None, clauses):
        comparator = _comparator(clause, loose=loose)
        if comparator is not None:
            found[str(comparator)] = comparator
    if NEVER in found:
        return (found[NEVER],)
    return tuple(found.values()) if found or "" in clauses else None


def _comparator(clause: str, *, loose: bool) -> Comparator | None:
    """The comparator that *clause* is; None for what loose reading passes over."""
    match = (_LOOSE_COMPARATOR if loose else _STRICT_COMPARATOR).fullmatch(clause)
    if match is None and loose:
        return None
    version = parse_version(match[2], loose=loose) if match else None
    if match is None or version is None:
        raise _UnreadableError
    return Comparator(operator="" if match[1] == "=" else match[1], version=version)

"""Unions of version ranges with Poetry's arithmetic.

The bounds follow PEP 440 where it has exceptions: a post-release of V is not above ``>V``, and a
local version counts as its public one where the bound is not local itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from packaging.version import Version


class Range(NamedTuple):
    """Versions from ``low`` to ``high``; None is without bound. The flags say whether a bound
    lies in the range itself. A range from a version to itself is that version.
    """

    low: Version | None = None
    high: Version | None = None
    has_low: bool = False
    has_high: bool = False

    @property
    def point(self) -> Version | None:
        """The one version that it is, if it is one."""
        return self.low if self.low is not None and self.low == self.high else None


Ranges: TypeAlias = tuple[Range, ...]
"""Ranges in ascending order that do not touch each other."""

ANYTHING: Ranges = (Range(),)


def exactly(version: Version) -> Range:
    """The range of one version."""
    return Range(version, version, has_low=True, has_high=True)


def outside(low: Version, high: Version, *, edges: bool) -> Ranges:
    """What lies below *low* and above *high*. With *edges*, *high* itself too."""
    return (Range(high=low), Range(low=high, has_low=edges))


def allows(ranges: Ranges, version: Version) -> bool:
    """Whether *version* lies in one of *ranges*."""
    if len(ranges) == 2:
        below, above = ranges
        hole = below.high
        if hole is not None and hole == above.low and below.low is above.high is None:
            # All but one version: its post-releases are let in, unlike above a bare '>'.
            return not _holds(exactly(hole), version)
    return any(_holds(each, version) for each in ranges)


def intersection(one: Ranges, other: Ranges) -> Ranges:
    """What lies in both."""
    found: list[Range] = []
    at, beside = 0, 0
    while at < len(one) and beside < len(other):
        both = _common(one[at], other[beside])
        if both is not None:
            found.append(both)
        if _ends_higher(other[beside], one[at]):
            at += 1
        else:
            beside += 1
    return union(found)


def union(ranges: Iterable[Range]) -> Ranges:
    """What lies in any of *ranges*, with those that touch made one."""
    merged: list[Range] = []
    for each in sorted(ranges, key=_order):
        if each.low is None and each.high is None:
            return ANYTHING
        if merged and _touch(merged[-1], each):
            merged[-1] = _hull(merged[-1], each)
        else:
            merged.append(each)
    return tuple(merged)


def _holds(bounds: Range, version: Version) -> bool:
    low, high = bounds.low, bounds.high
    if low is not None:
        other = version
        if not bounds.has_low and low.post is None and other.post is not None:
            other = _without(other, post=True)
        if low.local is None and other.local is not None:
            other = _without(other)
        if other < low or (not bounds.has_low and other == low):
            return False
    if high is not None:
        other = version if high.local is not None or version.local is None else _without(version)
        if other > high or (not bounds.has_high and other == high):
            return False
    return True


@lru_cache(maxsize=4096)
def _without(version: Version, *, post: bool = False) -> Version:
    """*version* without its local part, or with *post* without its post-release instead."""
    if not post:
        return Version(version.public)
    numbers = ".".join(map(str, version.release))
    pre = "" if version.pre is None else f"{version.pre[0]}{version.pre[1]}"
    local = "" if version.local is None else f"+{version.local}"
    return Version(f"{version.epoch}!{numbers}{pre}{local}")


def _common(one: Range, other: Range) -> Range | None:
    if other.point is None:
        one, other = other, one
    point = other.point
    if point is not None:
        return _common_with_point(one, point)
    if _is_below(one, other) or _is_below(other, one):
        return None
    low = other if _starts_lower(one, other) else one
    high = other if _ends_higher(one, other) else one
    return Range(low.low, high.high, low.has_low, high.has_high)


def _common_with_point(bounds: Range, point: Version) -> Range | None:
    if _holds(bounds, point):
        return exactly(point)
    low = bounds.low
    if low is None or low.local is None or not _holds(exactly(point), low):
        return None
    if bounds.point is not None:
        return bounds
    # Above 1.0+local there are only other local versions of what '1.0' admits.
    return Range(low, next_patch(point), bounds.has_low)


def next_patch(version: Version) -> Version:
    """The release after *version*, counted up in its third number."""
    major, minor, patch = (*version.release, 0, 0)[:3]
    return Version(f"{version.epoch}!{major}.{minor}.{patch + 1}")


def _starts_lower(one: Range, other: Range) -> bool:
    if one.low is None or other.low is None:
        return one.low is None and other.low is not None
    return one.low < other.low or (one.low == other.low and one.has_low and not other.has_low)


def _ends_higher(one: Range, other: Range) -> bool:
    if one.high is None or other.high is None:
        return one.high is None and other.high is not None
    return one.high > other.high or (one.high == other.high and one.has_high and not other.has_high)


def _is_below(one: Range, other: Range) -> bool:
    """Whether *one* ends before *other* begins."""
    if one.high is None or other.low is None:
        return False
    return one.high < other.low or (one.high == other.low and not (one.has_high and other.has_low))


_FIRST = Version("0.dev0")


def _order(bounds: Range) -> tuple[bool, Version, bool, bool, Version, bool]:
    return (
        bounds.low is not None,
        bounds.low or _FIRST,
        not bounds.has_low,
        bounds.high is None,
        bounds.high or _FIRST,
        bounds.has_high,
    )


def _touch(one: Range, other: Range) -> bool:
    """Whether both make one range. *other* does not begin before *one*."""
    meet = one.high is not None and one.high == other.low and one.has_high != other.has_low
    if meet:
        return True
    for bounds, point in ((one, other.point), (other, one.point)):
        if point is not None:
            return _common_with_point(bounds, point) is not None
    return not (_is_below(one, other) or _is_below(other, one))


def _hull(one: Range, other: Range) -> Range:
    low = one if _starts_lower(one, other) else other
    high = one if _ends_higher(one, other) else other
    return Range(low.low, high.high, low.has_low, high.has_high)

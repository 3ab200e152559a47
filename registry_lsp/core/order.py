"""Versions compared, as their scheme orders them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from operator import itemgetter

from registry_lsp.core.packages import Package, Release
from registry_lsp.core.ports.versions import VersionScheme


class Tier(Enum):
    """Which part of a version an update changes, as Semantic Versioning names them."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


_TIERS = (Tier.MAJOR, Tier.MAJOR, Tier.MINOR)  # an epoch comes first


def is_newer(scheme: VersionScheme, one: str, other: str) -> bool:
    """Whether *one* is above *other*; a text that is no version is above nothing."""
    key, base = scheme.key(one), scheme.key(other)
    return key is not None and base is not None and key > base


def newest_of(scheme: VersionScheme, versions: Sequence[str]) -> str | None:
    """The newest of *versions*, None where there are none."""
    newest: str | None = None
    for version in versions:
        if newest is None or is_newer(scheme, version, newest):
            newest = version
    return newest


def newest_first(scheme: VersionScheme, versions: Iterable[str]) -> tuple[str, ...]:
    """*versions* in their order, but for texts that are none."""
    keyed = [(key, each) for each in versions if (key := scheme.key(each)) is not None]
    return tuple(each for _, each in sorted(keyed, key=itemgetter(0), reverse=True))


def listed(scheme: VersionScheme, package: Package, version: str) -> Release | None:
    """The release that *version* is, however it is spelled; None where *package* has none."""
    exact = package.release(version)
    if exact is not None:
        return exact
    key = scheme.key(version)
    if key is None:
        return None
    return next((each for each in package.releases if scheme.key(each.version) == key), None)


def tier(scheme: VersionScheme, old: str, new: str) -> Tier:
    """Which kind of update leads from *old* to *new*: the first release segment that differs."""
    before, after = scheme.segments(old), scheme.segments(new)
    width = max(len(before), len(after))
    padded = zip(_pad(before, width), _pad(after, width), strict=True)
    place = next((at for at, (a, b) in enumerate(padded) if a != b), width)
    return _TIERS[place] if place < len(_TIERS) else Tier.PATCH


def is_compatible(scheme: VersionScheme, old: str, new: str) -> bool:
    """Whether the update from *old* to *new* breaks nothing by the rules of Semantic Versioning, as
    npm's caret reads them: the first number that is not zero stays (of ``1.2.3`` the 1, of
    ``0.2.3`` the 2), and *old* is no prerelease.
    """
    if scheme.is_prerelease(old):
        return False
    before, after = scheme.segments(old), scheme.segments(new)
    width = max(len(before), len(after))
    before, after = _pad(before, width), _pad(after, width)
    first = next((at for at, number in enumerate(before) if at and number), width)
    return before[: first + 1] == after[: first + 1]


def _pad(segments: tuple[int, ...], width: int) -> tuple[int, ...]:
    return segments + (0,) * (width - len(segments))

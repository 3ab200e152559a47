"""Versions compared, as their scheme orders them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from registry_lsp.core.packages import Package, Release
from registry_lsp.core.ports.versions import VersionScheme


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


def listed(scheme: VersionScheme, package: Package, version: str) -> Release | None:
    """The release that *version* is, however it is spelled; None where *package* has none."""
    exact = package.release(version)
    if exact is not None:
        return exact
    key = scheme.key(version)
    if key is None:
        return None
    return next((each for each in package.releases if scheme.key(each.version) == key), None)

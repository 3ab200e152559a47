"""What a project's constraints leave of a package. Pure, and blind to ecosystems."""

from __future__ import annotations

from dataclasses import replace

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import Package
from registry_lsp.core.ports.versions import InvalidRequirementError, VersionScheme
from registry_lsp.core.remembering import ByIdentity

_LEFT: ByIdentity[Package, Package] = ByIdentity(most=256)


def admits(dependency: Dependency, version: str, scheme: VersionScheme) -> bool:
    """Whether the constraint on *dependency* admits *version*, a prerelease too."""
    constraint = dependency.constraint
    if constraint is None:
        return True
    try:
        return scheme.parse(constraint.specifier, prereleases=True).admits(version)
    except InvalidRequirementError:
        return True


def within(package: Package, dependency: Dependency, scheme: VersionScheme) -> Package:
    """*package* with the releases that the constraint on *dependency* admits: the others its
    installer would not take, whatever the manifest asks for. The same one again for the same.
    """
    constraint = dependency.constraint
    if constraint is None:
        return package

    def left() -> Package:
        releases = tuple(
            each for each in package.releases if admits(dependency, each.version, scheme)
        )
        return replace(package, releases=releases)

    return _LEFT.get(package, (scheme, constraint.specifier), left)

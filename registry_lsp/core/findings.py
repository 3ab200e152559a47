"""Findings: what is to be said of a dependency. The words for them live with the features."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import TypeAlias

from registry_lsp.core.advisories import Exposed
from registry_lsp.core.gates import Gate
from registry_lsp.core.manifests import Dependency, Locked, Part
from registry_lsp.core.packages import (
    Found,
    Lookup,
    PackageId,
    Release,
    ReleaseId,
    Unauthorized,
    Unavailable,
)


class Severity(IntEnum):
    """How grave a finding is; the numbers are those of the Language Server Protocol."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 3
    HINT = 4

    @property
    def repeated(self) -> Severity:
        """How grave it is to be told again where nothing can be done about it: what an installer
        stops at is still listed by editors that list no hints.
        """
        return Severity.INFORMATION if self is Severity.ERROR else Severity.HINT


class Code(Enum):
    """What a finding says."""

    __hash__ = object.__hash__
    """There is one of each, and an enumeration's own takes ten times as long: codes are looked up
    by the thousand at each keystroke."""

    OUTDATED_PATCH = "outdated-patch"
    """A newer patch exists than the requirement admits."""
    OUTDATED_MINOR = "outdated-minor"
    """A newer minor version exists than the requirement admits."""
    OUTDATED_MAJOR = "outdated-major"
    """A newer major version exists than the requirement admits."""
    YANKED = "yanked"
    """The release that is pinned, locked or alone admitted has been yanked."""
    DEPRECATED = "deprecated"
    """The release in use, or the whole package, is deprecated."""
    NO_MATCHING_VERSION = "no-matching-version"
    """No release matches the requirement."""
    PACKAGE_NOT_FOUND = "package-not-found"
    """The registry knows no package of this name."""
    INVALID_REQUIREMENT = "invalid-requirement"
    """The installer cannot read what is written."""
    INCOMPATIBLE_PYTHON = "incompatible-python"
    """The release does not run on a Python that the project supports."""
    INCOMPATIBLE_ENGINE = "incompatible-engine"
    """The release does not run on an engine that the project supports."""
    PROJECT_ARCHIVED = "project-archived"
    """The project is archived: no release will follow."""
    PROJECT_QUARANTINED = "project-quarantined"
    """The index has put the project in quarantine."""
    REGISTRY_UNAVAILABLE = "registry-unavailable"
    """The registry could not be asked."""
    UNAUTHORIZED = "unauthorized"
    """The registry wants a credential, or another one."""
    DEPENDENCY_CONFUSION = "dependency-confusion"
    """A private package has a namesake with a higher version where anybody may publish."""
    VULNERABLE = "vulnerable"
    """Advisories are known against the release in use."""
    DUPLICATE_DEPENDENCY = "duplicate-dependency"
    """The manifest asks for the same package twice where both would be installed."""
    UNKNOWN_EXTRA = "unknown-extra"
    """The release does not provide an extra that is asked of it."""
    UNUSED_IGNORE = "unused-ignore"
    """The manifest wants something not to be told that is not found."""


DEFAULT_SEVERITY = MappingProxyType(
    {
        Code.OUTDATED_PATCH: Severity.INFORMATION,
        Code.OUTDATED_MINOR: Severity.INFORMATION,
        Code.OUTDATED_MAJOR: Severity.HINT,
        Code.YANKED: Severity.WARNING,
        Code.DEPRECATED: Severity.WARNING,
        Code.NO_MATCHING_VERSION: Severity.ERROR,
        Code.PACKAGE_NOT_FOUND: Severity.ERROR,
        Code.INVALID_REQUIREMENT: Severity.ERROR,
        Code.INCOMPATIBLE_PYTHON: Severity.WARNING,
        Code.INCOMPATIBLE_ENGINE: Severity.WARNING,
        Code.PROJECT_ARCHIVED: Severity.WARNING,
        Code.PROJECT_QUARANTINED: Severity.WARNING,
        Code.REGISTRY_UNAVAILABLE: Severity.INFORMATION,
        Code.UNAUTHORIZED: Severity.INFORMATION,
        Code.DEPENDENCY_CONFUSION: Severity.WARNING,
        Code.VULNERABLE: Severity.WARNING,
        Code.DUPLICATE_DEPENDENCY: Severity.WARNING,
        Code.UNKNOWN_EXTRA: Severity.WARNING,
        Code.UNUSED_IGNORE: Severity.HINT,
    }
)
"""How grave a finding is, unless it says so itself or the settings say otherwise."""

_OF_ITS_PLACE = frozenset(
    {
        Code.INCOMPATIBLE_PYTHON,
        Code.INCOMPATIBLE_ENGINE,
        Code.INVALID_REQUIREMENT,
        Code.DUPLICATE_DEPENDENCY,
        Code.UNKNOWN_EXTRA,
        Code.UNUSED_IGNORE,
    }
)
"""Codes of what is found of where a dependency stands, whatever is found of the entry that it has
its version from."""

Arg: TypeAlias = str | bool | Unauthorized | Unavailable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to be said: a code, the part of the dependency it lies on, and what the words
    need, by name. ``severity`` is its own, where it is not that of every finding of its code.
    """

    code: Code
    part: Part
    severity: Severity | None = None
    args: tuple[tuple[str, Arg], ...] = ()

    def arg(self, name: str) -> Arg:
        """The argument *name*, None where the finding has none."""
        return next((value for key, value in self.args if key == name), None)

    def is_of_entry(self, dependency: Dependency) -> bool:
        """Whether it is found of the entry as well that *dependency* has its version from, and
        nothing can be done about it where *dependency* stands.
        """
        return dependency.entry is not None and self.code not in _OF_ITS_PLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a dependency's requirement means against what its registry has, in npm's words.

    ``current`` is the version that is locked or pinned, ``wanted`` the newest release that the
    requirement admits, ``latest`` the newest that the project could use at all; ``newer`` is a
    newer one still that the project's runtime rules out or, where it ``is_bound``, the constraint
    on the dependency. ``waiting`` is what would be the latest if ``gate`` did not hold it back, the
    project's rule on how old a release must be; None where that holds nothing back.
    """

    current: str | None = None
    wanted: Release | None = None
    latest: Release | None = None
    newer: Release | None = None
    is_bound: bool = False
    waiting: Release | None = None
    gate: Gate | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A dependency with its verdict.

    ``id`` is None where no registry may be asked; ``lookup`` is None while the registry has not
    answered. ``locked`` are the versions that are locked or installed; ``in_use`` are the releases
    that advisories count of, and ``exposed`` is what is known against them; ``described`` is the
    release whose own word is needed, for what is asked of it beside its version, None where that is
    nothing. ``unsaid`` are the findings that the manifest wants not to be told; where it wants any
    such thing, ``pending`` are the codes of those that may be found yet. ``twin`` is the dependency
    that asks for the same before it, None where none does. Of a package that was not found ``near``
    are the names that may be meant, as far as they are known.
    """

    dependency: Dependency
    id: PackageId | None = None
    lookup: Lookup | None = None
    locked: tuple[Locked, ...] = ()
    in_use: tuple[ReleaseId, ...] = ()
    exposed: tuple[Exposed, ...] = ()
    described: ReleaseId | None = None
    twin: Dependency | None = None
    unsaid: tuple[Finding, ...] = ()
    pending: frozenset[Code] = frozenset()
    near: tuple[str, ...] = ()
    verdict: Verdict

    @property
    def current(self) -> str | None:
        """The version that is locked, installed or pinned: not a pin that no release is, as is
        found of it.
        """
        current, lookup = self.verdict.current, self.lookup
        if current is None or self.locked or not isinstance(lookup, Found):
            return current
        codes = {each.code for each in (*self.verdict.findings, *self.unsaid)}
        is_there = lookup.package.release(current) is not None
        return current if is_there or Code.NO_MATCHING_VERSION not in codes else None

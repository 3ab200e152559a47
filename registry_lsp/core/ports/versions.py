"""The seam to what versions and specifiers mean, in one dialect of an ecosystem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from registry_lsp.core.findings import Code
from registry_lsp.core.keys import Key
from registry_lsp.core.packages import Package, Release


class InvalidRequirementError(ValueError):
    """A specifier that its installer would refuse. The message is a sentence for the user."""


class Requirement(Protocol):
    """A specifier, understood."""

    @property
    def pinned(self) -> str | None:
        """The one version that it names, where it admits no other."""
        ...

    @property
    def tag(self) -> str | None:
        """The dist-tag that it is, if it is one."""
        ...

    @property
    def named(self) -> Sequence[str]:
        """The versions that its text names, in no particular order."""
        ...

    def admits(self, version: str) -> bool:
        """Whether its installer would take *version* for it, prereleases judged as written."""
        ...

    def excludes(self, version: str) -> bool:
        """Whether its text rules *version* out itself (``!=2.0``), and not by a bound."""
        ...


class VersionScheme(Protocol):
    """How one dialect of requirements reads versions. All of it is pure."""

    def parse(self, specifier: str, *, prereleases: bool | None = None) -> Requirement:
        """Read a specifier. Raises :class:`InvalidRequirementError`.

        *prereleases* is whether the project takes them, None where the specifier alone decides.
        """
        ...

    def key(self, version: str) -> Key | None:
        """A key that sorts versions as the installer does; None for what is no version."""
        ...

    def is_prerelease(self, version: str) -> bool:
        """Whether *version* is a prerelease (or a development release)."""
        ...

    def segments(self, version: str) -> tuple[int, ...]:
        """The epoch (0 where there is none), then the release numbers."""
        ...

    def wanted(
        self, requirement: Requirement, package: Package, runtime: str | None
    ) -> Release | None:
        """The release that the installer would take for *requirement* today.

        *runtime* is the project's own requirement on its runtime: releases that it rules out
        are passed over where :attr:`passes_misfits_over`, unless nothing else matches. None where
        nothing matches at all.
        """
        ...

    def latest(
        self, requirement: Requirement, package: Package, runtime: str | None
    ) -> Release | None:
        """The newest release that the project could use at all."""
        ...

    @property
    def misfit(self) -> Code:
        """The code of the finding that a release does not run where the project does."""
        ...

    @property
    def passes_misfits_over(self) -> bool:
        """Whether the installer passes over what does not run there. Where it does not, what it
        has locked may be such a release.
        """
        ...

    def runs(self, release: Release, runtime: str) -> bool:
        """Whether *release* runs wherever a project does that requires *runtime*."""
        ...

    def replace(self, specifier: str, version: str) -> str:
        """*specifier* as its author would write it for *version*: operator and style kept.

        An empty specifier gives what the dialect's users write by default.
        """
        ...

    def pin(self, version: str) -> str:
        """The specifier that admits *version* alone."""
        ...

    def widen(self, specifier: str, version: str) -> str | None:
        """*specifier* so that it admits *version* beside all that it admits already; None where it
        does already, names one version only, or the dialect has no form for that.
        """
        ...

    def ranges(self, version: str) -> Sequence[str]:
        """The ways in which the dialect's users ask for *version*, the usual one first: what is
        compatible with it, and it alone. Some of them may not admit it.
        """
        ...

    def ceilings(self, version: str) -> Sequence[str]:
        """What the dialect's users write behind ``<`` to admit *version*, the usual one first: the
        next major version, and the next minor one. Nothing where it has no such operator.
        """
        ...

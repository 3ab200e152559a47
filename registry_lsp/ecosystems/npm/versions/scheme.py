"""How npm's dialect of requirements reads versions: ranges, exact versions and dist-tags."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from registry_lsp.core.findings import Code
from registry_lsp.core.packages import Package, Release
from registry_lsp.core.ports.versions import InvalidRequirementError, Requirement
from registry_lsp.core.text import printable
from registry_lsp.ecosystems.npm.versions.ranges import (
    LONGEST_RANGE,
    Range,
    min_version,
    parse_range,
)
from registry_lsp.ecosystems.npm.versions.rewriting import rewrite, widen
from registry_lsp.ecosystems.npm.versions.semver import SPACES, SortKey, Version, parse_version

_ALIAS = "npm:"
_LATEST = "latest"
_TAG = re.compile(r"[0-9A-Za-z._!~*'()-]+")  # what encodeURIComponent leaves as it is
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmRequirement:
    """A specifier as npm understands it: an exact version, a range or a dist-tag.

    ``text`` is the specifier without white space around it; ``range`` is None for a tag.
    """

    text: str
    range: Range | None = None
    pinned: str | None = None
    tag: str | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The versions that its comparators name, but for those that lie beyond it (``<2``)."""
        if self.range is None:
            return ()
        comparators = (each for some in self.range.alternatives for each in some)
        return tuple(str(each.version) for each in comparators if each.operator != "<")

    def admits(self, version: str) -> bool:
        """Whether npm would take *version* for it; of a tag nobody can say, so it is no."""
        parsed = parse_version(version, loose=True)
        return self.range is not None and parsed is not None and self.range.admits(parsed)

    def excludes(self, version: str) -> bool:
        """Never: there is no way to say so to npm."""
        return False


class NpmScheme:
    """The version scheme of npm. Versions and ranges are read loosely, as npm reads them."""

    def parse(self, specifier: str, *, prereleases: bool | None = None) -> NpmRequirement:
        """Read a specifier: what is no range may still be a dist-tag.

        Raises :class:`InvalidRequirementError` where npm would refuse it. npm has no setting for
        *prereleases*.
        """
        if len(specifier) > LONGEST_RANGE:
            raise InvalidRequirementError(
                f"This version range is longer than {LONGEST_RANGE:,} characters."
            )
        return _parse(specifier.strip(SPACES))

    def key(self, version: str) -> SortKey | None:
        """A key that sorts versions as npm does; None for what is no version."""
        parsed = parse_version(version, loose=True)
        return parsed.key if parsed else None

    def is_prerelease(self, version: str) -> bool:
        """Whether *version* has a prerelease part."""
        parsed = parse_version(version, loose=True)
        return parsed is not None and bool(parsed.prerelease)

    def segments(self, version: str) -> tuple[int, ...]:
        """An epoch of 0, then major, minor and patch; zeros for what is no version."""
        parsed = parse_version(version, loose=True)
        return (0, *(parsed.release if parsed else (0, 0, 0)))

    def wanted(
        self, requirement: Requirement, package: Package, _runtime: str | None
    ) -> Release | None:
        """The release that npm would install today, by the rule of its ``npm-pick-manifest``.

        The ``latest`` dist-tag's release where it satisfies and is not deprecated; else the
        newest that satisfies, what is deprecated coming last. Of Node.js npm asks which one it
        runs on itself, which nobody knows here, and never what the project declares.
        """
        if requirement.tag is not None:
            return _tagged(package, requirement.tag)
        if requirement.pinned is not None:
            return package.release(requirement.pinned)
        default = _tagged(package, _LATEST)
        if (
            default is not None
            and (_is_any(requirement) or requirement.admits(default.version))
            and default.deprecated is None
        ):
            return default
        return _best((each for each in package.releases if requirement.admits(each.version)), None)

    def latest(
        self, requirement: Requirement, package: Package, runtime: str | None
    ) -> Release | None:
        """The ``latest`` dist-tag's release or, where *runtime* rules it out, the newest stable
        one below it that runs: not a deprecated one, if there is another.

        A registry without that tag is taken to mean its newest stable release, or its newest if
        none is stable. Where nothing runs, that is what would be latest without *runtime*.
        """
        floor = _floor(runtime)
        tagged = _tagged(package, _LATEST)
        if tagged is not None and _runs(tagged, floor):
            return tagged
        releases = package.releases
        if tagged is not None:  # they are newest first
            releases = releases[releases.index(tagged) :]
        best = _best((each for each in releases if not self.is_prerelease(each.version)), floor)
        if tagged is not None:
            return best if best is not None and _runs(best, floor) else tagged
        return best or _best(releases, floor)

    @property
    def misfit(self) -> Code:
        """``engines.node`` rules it out."""
        return Code.INCOMPATIBLE_ENGINE

    @property
    def passes_misfits_over(self) -> bool:
        """Never: npm warns of what the project's ``engines`` rule out, and takes it."""
        return False

    def runs(self, release: Release, runtime: str) -> bool:
        """Whether the release's ``engines.node`` admits the lowest version of *runtime*."""
        return _runs(release, _floor(runtime))

    def replace(self, specifier: str, version: str) -> str:
        """*specifier* as its author would write it for *version*; it admits *version*.

        See :func:`registry_lsp.ecosystems.npm.versions.rewriting.rewrite`.
        """
        return rewrite("" if _is_alias(specifier) else specifier, version)

    def pin(self, version: str) -> str:
        """*version* itself."""
        return version

    def widen(self, specifier: str, version: str) -> str | None:
        """*specifier* with a higher ceiling where it has one, else with an alternative more.

        See :func:`registry_lsp.ecosystems.npm.versions.rewriting.widen`.
        """
        requirement = self.parse(specifier)
        if requirement.range is None or requirement.pinned or requirement.admits(version):
            return None
        return widen(specifier, version)

    def ranges(self, version: str) -> tuple[str, ...]:
        """What is compatible by Semantic Versioning, then patches, then *version* alone."""
        return (f"^{version}", f"~{version}", version)

    def ceilings(self, version: str) -> tuple[str, ...]:
        """The next major and minor version, as partial ones: ``3`` and ``2.5`` above ``2.4.1``."""
        parsed = parse_version(version, loose=True)
        if parsed is None:
            return ()
        major, minor, _ = parsed.release
        return (f"{major + 1}", f"{major}.{minor + 1}")


def _is_alias(text: str) -> bool:
    """Whether *text* begins as an alias does; a whole one never comes here."""
    return text.strip(SPACES).lower().startswith(_ALIAS)


@lru_cache(maxsize=4096)
def _parse(text: str) -> NpmRequirement:
    if _is_alias(text):
        raise InvalidRequirementError(
            f"'{printable(text, _SHOWN)}' is not an alias: write npm:<name>@<range>."
        )
    exact = parse_version(text, loose=True)
    parsed = parse_range(text, loose=True)
    if parsed is not None:
        return NpmRequirement(text=text, range=parsed, pinned=str(exact) if exact else None)
    if _TAG.fullmatch(text):
        return NpmRequirement(text=text, tag=text)
    raise InvalidRequirementError(_refusal(text))


def _refusal(text: str) -> str:
    sentence = f"'{printable(text, _SHOWN)}' is neither a version range nor a dist-tag's name."
    if "," in text:
        return f"{sentence} Comparators are separated by spaces, not by commas."
    if text.startswith(("~=", "!=")):
        return f"{sentence} npm has no operator '{text[:2]}'."
    return sentence


def _is_any(requirement: Requirement) -> bool:
    """Whether it is written ``*`` or left empty, for which npm takes even a prerelease."""
    return isinstance(requirement, NpmRequirement) and requirement.text in {"", "*"}


def _tagged(package: Package, tag: str) -> Release | None:
    version = package.tagged(tag)
    return package.release(version) if version is not None else None


def _best(releases: Iterable[Release], floor: Version | None) -> Release | None:
    """Of *releases*, newest first, the newest of the best: one that runs and is not deprecated,
    else one that runs, else one that is not deprecated, else any.
    """
    newest: dict[tuple[bool, bool], Release] = {}
    for release in releases:
        rank = _runs(release, floor), release.deprecated is None
        if all(rank):
            return release
        newest.setdefault(rank, release)
    return newest[max(newest)] if newest else None


def _floor(runtime: str | None) -> Version | None:
    """The lowest version of the project's range of runtimes; None where nothing can be said."""
    parsed = parse_range(runtime) if runtime is not None else None
    return min_version(parsed) if parsed else None


def _runs(release: Release, floor: Version | None) -> bool:
    """Whether the release runs there, by its ``engines``: read strictly, prereleases included."""
    if floor is None or release.runtime is None:
        return True
    parsed = parse_range(release.runtime, include_prerelease=True)
    return parsed is None or parsed.admits(floor)

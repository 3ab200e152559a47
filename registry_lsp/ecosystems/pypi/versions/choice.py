"""How releases of a Python project are ordered and chosen, whatever dialect asks.

pip and Poetry sort by PEP 440 and agree on the rest: prereleases only where the requirement names
one or nothing else matches, yanked releases (PEP 592) only where one is pinned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from packaging.version import Version

from registry_lsp.core.findings import Code
from registry_lsp.core.packages import Package, Release
from registry_lsp.core.ports.versions import Requirement
from registry_lsp.ecosystems.pypi.versions.markers import floor, runs_on

_MAX_VERSION = 200

BEYOND = frozenset({"<", "!="})
"""The operators whose version is no update's beginning: nobody who wrote ``<2`` has 2. One who
wrote ``<=2`` may, and who wrote ``>2`` has nothing older.
"""


@lru_cache(maxsize=32_768)
def parse_version(text: str) -> Version | None:
    """*text* as PEP 440 reads it, None for what is no version (or an absurdly long one)."""
    if len(text) > _MAX_VERSION:
        return None
    try:
        return Version(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonRequirement:
    """A specifier of either dialect, understood.

    ``contains`` says whether a version lies in the range, prereleases included;
    ``takes_prereleases`` whether the specifier names one, and so admits them;
    ``prefers_finals`` whether its installer takes a final release all the same where one matches.
    ``pinned`` and ``named`` are versions as written, those behind :data:`BEYOND` left out;
    ``but_for`` are what its ``!=`` let through, one by one.
    """

    contains: Callable[[Version], bool]
    takes_prereleases: bool = False
    prefers_finals: bool = False
    pinned: str | None = None
    named: tuple[str, ...] = ()
    tag: str | None = None
    but_for: tuple[Callable[[Version], bool], ...] = ()

    def taking(self, *, prereleases: bool | None) -> PythonRequirement:
        """The requirement, where the project says whether it takes *prereleases*: pip's ``--pre``,
        Poetry's ``allow-prereleases``. None leaves it as it is. Who takes them prefers no final
        release.
        """
        prefers_finals = self.prefers_finals and not prereleases
        said = (self.takes_prereleases, self.prefers_finals)
        if prereleases is None or (prereleases, prefers_finals) == said:
            return self
        return replace(self, takes_prereleases=prereleases, prefers_finals=prefers_finals)

    def admits(self, version: str) -> bool:
        """Whether the installer would take *version* for it where there are others too."""
        parsed = parse_version(version)
        if parsed is None or (parsed.is_prerelease and not self.takes_prereleases):
            return False
        return self.contains(parsed)

    def excludes(self, version: str) -> bool:
        """Whether *version* is one of those that ``!=`` rules out."""
        parsed = parse_version(version)
        return parsed is not None and not all(lets(parsed) for lets in self.but_for)


class PythonVersions:
    """The part of a version scheme that both dialects share."""

    def key(self, version: str) -> Version | None:
        """The version itself, which sorts as PEP 440 says; None for what is none."""
        return parse_version(version)

    def is_prerelease(self, version: str) -> bool:
        """Whether *version* is a prerelease or a development release."""
        parsed = parse_version(version)
        return parsed is not None and parsed.is_prerelease

    def segments(self, version: str) -> tuple[int, ...]:
        """The epoch, then the release numbers; nothing for what is no version."""
        parsed = parse_version(version)
        return () if parsed is None else (parsed.epoch, *parsed.release)

    def wanted(
        self, requirement: Requirement, package: Package, runtime: str | None
    ) -> Release | None:
        """The newest release that *requirement* admits and the floor of *runtime* can run; the
        newest admitted where it can run none.
        """
        own = _own(requirement)
        lowest = None if runtime is None else floor(runtime)
        found = _pick(own, _runnable(package, lowest))
        return _pick(own, package.releases) if found is None and lowest is not None else found

    def latest(
        self, requirement: Requirement, package: Package, runtime: str | None
    ) -> Release | None:
        """The newest release, not yanked, that the floor of *runtime* can run: a prerelease only
        where *requirement* takes them or there is nothing else.
        """
        takes_prereleases = _own(requirement).takes_prereleases
        fallback = None
        for release in _runnable(package, None if runtime is None else floor(runtime)):
            if release.yanked:
                continue
            if takes_prereleases or not self.is_prerelease(release.version):
                return release
            fallback = fallback or release
        return fallback

    @property
    def misfit(self) -> Code:
        """``requires-python`` rules it out."""
        return Code.INCOMPATIBLE_PYTHON

    @property
    def passes_misfits_over(self) -> bool:
        """Always."""
        return True

    def runs(self, release: Release, runtime: str) -> bool:
        """Whether the floor of *runtime* can run the release."""
        lowest = floor(runtime)
        return lowest is None or runs_on(release.runtime, lowest)

    def pin(self, version: str) -> str:
        """An equality, which all dialects have."""
        return f"=={version}"

    def ceilings(self, version: str) -> tuple[str, ...]:
        """The next major and minor version in few numbers: ``3`` and ``2.5`` above ``2.4.1``."""
        parsed = parse_version(version)
        if parsed is None:
            return ()
        epoch = f"{parsed.epoch}!" if parsed.epoch else ""
        return (f"{epoch}{parsed.major + 1}", f"{epoch}{parsed.major}.{parsed.minor + 1}")


def _own(requirement: Requirement) -> PythonRequirement:
    if not isinstance(requirement, PythonRequirement):
        raise TypeError("The requirement was parsed by another ecosystem's scheme.")
    return requirement


def _runnable(package: Package, lowest: Version | None) -> Iterable[Release]:
    if lowest is None:
        return package.releases
    return (each for each in package.releases if runs_on(each.runtime, lowest))


def _pick(requirement: PythonRequirement, releases: Iterable[Release]) -> Release | None:
    """The one of *releases*, newest first, that pip would take.

    pip judges prereleases before it drops the yanked: a yanked final release that matches keeps
    prereleases out. Where all that match are yanked, it takes one only for a pin.
    """
    takes_all = requirement.takes_prereleases and not requirement.prefers_finals
    yanked: list[Release] = []
    prereleases: list[Release] = []
    for release in releases:
        parsed = parse_version(release.version)
        if parsed is None or not requirement.contains(parsed):
            continue
        if parsed.is_prerelease and not takes_all:
            prereleases.append(release)
        elif release.yanked:
            yanked.append(release)
        else:
            return release
    matching = yanked or prereleases
    found = next((each for each in matching if not each.yanked), None)
    if found is None and matching and requirement.pinned is not None:
        return matching[0]
    return found

"""What a dependency could be updated to, and how that is written. Pure, and blind to ecosystems.

An update is kept to its word: with the specifier that it writes, the installer takes that very
release. It starts from the version that is in use (locked or pinned), else from the one that would
be installed, so that what a lock file lags behind is an update and the width of a range is none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry_lsp.core.advisories import Advisory, Reach
from registry_lsp.core.edits import Edit, rewrite
from registry_lsp.core.findings import Assessment
from registry_lsp.core.gates import passed
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.order import Tier, newest_of, tier
from registry_lsp.core.packages import Found, Package, Release
from registry_lsp.core.ports.versions import InvalidRequirementError, Requirement, VersionScheme

_RANKS = {step: at for at, step in enumerate(reversed(Tier))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A ``release`` to go to, which kind of step that is, and the ``edit`` that writes it.

    It ``is_admitted`` where the old specifier admits the release as well: the installer would
    bring it without the edit, once it is asked for what is new.
    """

    release: Release
    tier: Tier
    edit: Edit
    is_admitted: bool


def updates(assessment: Assessment, scheme: VersionScheme, now: float) -> tuple[Update, ...]:
    """The newest patch, minor and major release to go to, the smallest step first; each only where
    there is one. None for a dependency without a specifier, on a dist-tag, or that is not known.

    *scheme* is the one of its dialect, and *now* the moment in seconds since the epoch. Only what
    the project could use is taken: nothing that is newer than ``latest``, yanked or deprecated,
    that its runtime or its release-age gate rules out, or that an advisory against what is in use
    is about as well, unless that is about all there is. Prereleases come in only for who is on one
    or where ``latest`` is one.
    """
    dependency, lookup, verdict = assessment.dependency, assessment.lookup, assessment.verdict
    latest = verdict.latest
    if not isinstance(lookup, Found) or latest is None or not dependency.specifier.strip():
        return ()
    try:
        requirement = scheme.parse(dependency.specifier, prereleases=dependency.prereleases)
    except InvalidRequirementError:
        return ()
    base = _base(assessment, requirement, scheme)
    if base is None or requirement.tag is not None:
        return ()
    left = passed(lookup.package, verdict.gate, now, scheme.is_prerelease).package
    candidates = _Candidates(left, dependency.runtime, scheme, base, latest.version)
    known = [each.advisory for some in assessment.exposed for each in some.exposures]
    newest: dict[Tier, Release] = {}
    for step, release in candidates.sound(known) if known else candidates.usable():
        newest.setdefault(step, release)
    made = (
        _update(newest[step], step, dependency, requirement, left, scheme)
        for step in Tier
        if step in newest
    )
    return tuple(each for each in made if each is not None)


def _base(assessment: Assessment, requirement: Requirement, scheme: VersionScheme) -> str | None:
    """The version that an update starts from; None where nobody knows one. A lock file that has
    something else than is asked for now says nothing.
    """
    verdict = assessment.verdict
    if verdict.current is not None and requirement.admits(verdict.current):
        return verdict.current
    return verdict.wanted.version if verdict.wanted else newest_of(scheme, requirement.named)


class _Candidates:
    """The releases above a version that a project could use."""

    def __init__(
        self,
        package: Package,
        runtime: str | None,
        scheme: VersionScheme,
        base: str,
        latest: str,
    ) -> None:
        self._package = package
        self._runtime = runtime
        self._scheme = scheme
        self._base = base
        self._latest = latest

    def usable(self) -> Iterator[tuple[Tier, Release]]:
        """The newest of each tier, newest first."""
        above = list(self._above())
        at = 0
        while at < len(above):
            step = self._tier(above[at])
            # The nearer they come to the base, the smaller are the steps.
            end = bisect_right(above, _RANKS[step], at, key=lambda each: _RANKS[self._tier(each)])
            newest = next(filter(self._is_usable, above[at:end]), None)
            if newest is not None:
                yield step, newest
            at = end

    def sound(self, known: Iterable[Advisory]) -> Iterator[tuple[Tier, Release]]:
        """Those that no advisory is about which another one of them would be rid of."""
        key = self._scheme.key
        usable = [(each, key(each.version)) for each in self._above() if self._is_usable(each)]
        reaches = [
            reach
            for reach in (Reach(each.ranges, each.versions, key) for each in known)
            if not all(reach.holds(release.version, place) for release, place in usable)
        ]
        for release, place in usable:
            if not any(reach.holds(release.version, place) for reach in reaches):
                yield self._tier(release), release

    def _tier(self, release: Release) -> Tier:
        return tier(self._scheme, self._base, release.version)

    def _above(self) -> Iterator[Release]:
        """The releases above the base and not above the latest, newest first. Who is on a
        prerelease goes on to the next ones, and to the release that they are for.
        """
        scheme = self._scheme
        floor, ceiling = scheme.key(self._base), scheme.key(self._latest)
        if floor is None or ceiling is None:
            return
        is_early = scheme.is_prerelease(self._base)
        segments = scheme.segments(self._base)
        for release in self._package.releases:
            key = scheme.key(release.version)
            if key is None:
                continue
            if not key > floor:
                return
            is_next = is_early and scheme.segments(release.version) == segments
            if key > ceiling and not is_next:
                continue
            if is_early or key == ceiling or not scheme.is_prerelease(release.version):
                yield release

    def _is_usable(self, release: Release) -> bool:
        if release.yanked or release.deprecated is not None:
            return False
        return self._runtime is None or self._scheme.runs(release, self._runtime)


def _update(
    release: Release,
    step: Tier,
    dependency: Dependency,
    requirement: Requirement,
    package: Package,
    scheme: VersionScheme,
) -> Update | None:
    """The update to *release*; None where it cannot be written so that it would be installed."""
    specifier = scheme.replace(dependency.specifier, release.version)
    edit = rewrite(dependency, specifier)
    if edit is None or specifier == dependency.specifier:
        return None
    try:
        written = scheme.parse(specifier, prereleases=dependency.prereleases)
    except InvalidRequirementError:
        return None
    taken = scheme.wanted(written, package, dependency.runtime)
    if taken is None or scheme.key(taken.version) != scheme.key(release.version):
        return None
    return Update(
        release=release,
        tier=step,
        edit=edit,
        is_admitted=requirement.admits(release.version),
    )

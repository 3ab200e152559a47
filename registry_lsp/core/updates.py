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
from registry_lsp.core.constraints import within
from registry_lsp.core.edits import Edit, rewrite
from registry_lsp.core.findings import Assessment
from registry_lsp.core.gates import GATES_OPEN, passed
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.order import (
    Tier,
    is_compatible,
    is_newer,
    listed,
    newest_first,
    newest_of,
    tier,
)
from registry_lsp.core.packages import Found, Package, Release
from registry_lsp.core.ports.versions import InvalidRequirementError, Requirement, VersionScheme
from registry_lsp.core.remembering import ByIdentity

_RANKS = {step: at for at, step in enumerate(reversed(Tier))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A ``release`` to go to, which kind of step that is, and the ``edit`` that writes it.

    It ``is_safe`` where it breaks nothing by the rules of Semantic Versioning, and ``is_admitted``
    where the old specifier admits the release as well: the installer would bring it without the
    edit, once it is asked for what is new.
    """

    release: Release
    tier: Tier
    edit: Edit
    is_safe: bool
    is_admitted: bool


_REMEMBERED: ByIdentity[Assessment, tuple[Update, ...]] = ByIdentity(most=2048)


def updates(assessment: Assessment, scheme: VersionScheme, now: float) -> tuple[Update, ...]:
    """The newest patch, minor and major release to go to, the smallest step first; each only where
    there is one. None for a dependency without a specifier, on a dist-tag, or that is not known.

    *scheme* is the one of its dialect, and *now* the moment in seconds since the epoch. Only what
    the project could use is taken: nothing that is newer than ``latest``, yanked or deprecated,
    that its runtime or its release-age gate rules out, or that an advisory against what is in use
    is about as well, unless that is about all there is. Prereleases come in only for who is on one
    or where ``latest`` is one.
    """
    way = (scheme, now // GATES_OPEN)
    return _REMEMBERED.get(assessment, way, lambda: _updates(assessment, scheme, now))


def _updates(assessment: Assessment, scheme: VersionScheme, now: float) -> tuple[Update, ...]:
    dependency, lookup, verdict = assessment.dependency, assessment.lookup, assessment.verdict
    latest = verdict.latest
    if not isinstance(lookup, Found) or latest is None:
        return ()
    requirement = _requirement(dependency, scheme)
    if requirement is None:
        return ()
    bases = _bases(assessment, lookup.package, requirement, scheme)
    if not bases:
        return ()
    base = bases[-1]  # a step is as large as it is for whoever takes the largest
    usable = within(lookup.package, dependency, scheme)
    left = passed(usable, verdict.gate, now, scheme.is_prerelease).package
    candidates = _Candidates(left, dependency.runtime, scheme, base, latest.version)
    known = known_against(assessment)
    newest: dict[Tier, Release] = {}
    for step, release in candidates.sound(known) if known else candidates.usable():
        newest.setdefault(step, release)
    made = (
        _update(newest[step], step, dependency, requirement, base, left, scheme)
        for step in Tier
        if step in newest
    )
    return tuple(each for each in made if each is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What leads away from ``old``, the version in use, which ``is_yanked`` or else is known to be
    vulnerable: to ``release``, the lowest that is neither, by ``edit``, a step of ``tier``.

    With what is written the installer takes ``taken``, which is neither as well, and is another
    release where a range admits a newer one.
    """

    old: str
    is_yanked: bool
    release: Release
    taken: Release
    tier: Tier
    edit: Edit


def replacement(assessment: Assessment, scheme: VersionScheme, now: float) -> Replacement | None:
    """What to have instead of a version that was yanked, or that advisories are about; None where
    it is neither, nothing that the project could use is better, or nobody knows.

    What is left is above it, but for a yanked release above which there is nothing: then it is
    ``latest``. *scheme* and *now* are as for :func:`updates`.
    """
    dependency, lookup, verdict = assessment.dependency, assessment.lookup, assessment.verdict
    requirement = _requirement(dependency, scheme)
    if not isinstance(lookup, Found) or requirement is None or verdict.latest is None:
        return None
    locked = _bases(assessment, lookup.package, requirement, scheme, is_anywhere=True)
    found = (_instead_of(each, assessment, lookup, requirement, scheme, now) for each in locked)
    return next((each for each in found if each is not None), None)


def _instead_of(
    base: str,
    assessment: Assessment,
    lookup: Found,
    requirement: Requirement,
    scheme: VersionScheme,
    now: float,
) -> Replacement | None:
    """What to have instead of the version *base*, which is in use."""
    dependency, verdict = assessment.dependency, assessment.verdict
    latest = verdict.latest
    used = listed(scheme, lookup.package, base)
    against = [each for each in assessment.exposed if used is not None and each.version == base]
    if latest is None or used is None or not (used.yanked or against):
        return None
    if any(each.fix is None or each.held_by is not None for each in against):
        return None
    known = known_against(assessment)
    usable = within(lookup.package, dependency, scheme)
    left = passed(usable, verdict.gate, now, scheme.is_prerelease).package
    candidates = _Candidates(left, dependency.runtime, scheme, base, latest.version)
    better = [each for _, each in candidates.sound(known, is_strict=True)]
    if not better and used.yanked and is_newer(scheme, base, latest.version):
        better = candidates.unaffected((latest,), known)
    better = [each for each in better if not requirement.excludes(each.version)]
    if not better:
        return None
    lowest = better[-1]
    specifier = scheme.replace(dependency.specifier, lowest.version)
    edit, taken = written(specifier, dependency, left, scheme)
    if edit is None or taken is None or taken.version not in {each.version for each in better}:
        return None
    return Replacement(
        old=used.version,
        is_yanked=bool(used.yanked),
        release=lowest,
        taken=taken,
        tier=tier(scheme, base, lowest.version),
        edit=edit,
    )


def _requirement(dependency: Dependency, scheme: VersionScheme) -> Requirement | None:
    """What is required; None where nothing is that could be updated."""
    if not dependency.specifier.strip():
        return None
    try:
        requirement = scheme.parse(dependency.specifier, prereleases=dependency.prereleases)
    except InvalidRequirementError:
        return None
    return requirement if requirement.tag is None else None


def known_against(assessment: Assessment) -> list[Advisory]:
    """What is known against the versions in use."""
    return [each.advisory for some in assessment.exposed for each in some.exposures]


def _bases(
    assessment: Assessment,
    package: Package,
    requirement: Requirement,
    scheme: VersionScheme,
    *,
    is_anywhere: bool = False,
) -> tuple[str, ...]:
    """The versions that an update starts from, newest first; none where nobody knows one. Where
    markers decide which of several is locked, those count that are in use on the project's own
    runtime, unless *is_anywhere*. A lock file that has something else than is asked for now says
    nothing.
    """
    verdict = assessment.verdict
    locked = [each.version for each in assessment.locked if is_anywhere or not each.is_elsewhere]
    if len(assessment.locked) < 2:
        locked = [verdict.current] if verdict.current is not None else []
    known = ((listed(scheme, package, each), each) for each in locked if requirement.admits(each))
    found = [release.version if release is not None else each for release, each in known]
    if found:
        return newest_first(scheme, found)
    base = verdict.wanted.version if verdict.wanted else newest_of(scheme, requirement.named)
    return (base,) if base is not None else ()


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

    def sound(
        self, known: Iterable[Advisory], *, is_strict: bool = False
    ) -> Iterator[tuple[Tier, Release]]:
        """Those that no advisory is about, newest first; one that is about all of them rules none
        out, unless it *is_strict*.
        """
        key = self._scheme.key
        usable = [(each, key(each.version)) for each in self._above() if self._is_usable(each)]
        reaches = [
            reach
            for reach in self._reaches(known)
            if is_strict
            or not all(reach.holds(release.version, place) for release, place in usable)
        ]
        for release, place in usable:
            if not any(reach.holds(release.version, place) for reach in reaches):
                yield self._tier(release), release

    def unaffected(self, releases: Iterable[Release], known: Iterable[Advisory]) -> list[Release]:
        """Those of *releases* that are usable and that no advisory is about."""
        key, reaches = self._scheme.key, self._reaches(known)
        return [
            each
            for each in releases
            if self._is_usable(each)
            and not any(reach.holds(each.version, key(each.version)) for reach in reaches)
        ]

    def _reaches(self, known: Iterable[Advisory]) -> list[Reach]:
        return [Reach(each.ranges, each.versions, self._scheme.key) for each in known]

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
    base: str,
    package: Package,
    scheme: VersionScheme,
) -> Update | None:
    """The update to *release*; None where it cannot be written so that it would be installed."""
    if requirement.excludes(release.version):
        return None
    specifier = scheme.replace(dependency.specifier, release.version)
    edit, taken = written(specifier, dependency, package, scheme)
    if edit is None or taken is None or scheme.key(taken.version) != scheme.key(release.version):
        return None
    return Update(
        release=release,
        tier=step,
        edit=edit,
        is_safe=is_compatible(scheme, base, release.version),
        is_admitted=requirement.admits(release.version),
    )


def written(
    specifier: str, dependency: Dependency, package: Package, scheme: VersionScheme
) -> tuple[Edit | None, Release | None]:
    """The edit that writes *specifier*, and what the installer would take of *package* then; None
    where it is written already, or cannot be.
    """
    edit = rewrite(dependency, specifier)
    if edit is None or specifier == dependency.specifier:
        return None, None
    try:
        read = scheme.parse(specifier, prereleases=dependency.prereleases)
    except InvalidRequirementError:
        return None, None
    return edit, scheme.wanted(read, package, dependency.runtime)

"""Which versions of a dependency are in use, and what is known against them. Pure, and blind to
ecosystems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from registry_lsp.core.advisories import Advisory, Exposed, Exposure, Rating, Reach
from registry_lsp.core.findings import Arg, Code, Finding, Severity, Verdict
from registry_lsp.core.gates import passed
from registry_lsp.core.keys import Key, KeyOf
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.order import is_newer, listed
from registry_lsp.core.packages import Package, Release, ReleaseId
from registry_lsp.core.ports.versions import InvalidRequirementError, VersionScheme

MOST = 5
"""How many advisories of one version have a finding each; one more speaks of the rest."""

_MOST_COMPARED = 2_000_000
"""Comparisons of versions that nobody should wait for: more advisories on more releases there are
of no package.
"""
_GRAVE = (Rating.HIGH, Rating.CRITICAL)
_LOCAL = "+"

_Candidate: TypeAlias = tuple[Release, Key | None]


def in_use(
    verdict: Verdict, package: Package, scheme: VersionScheme, locked: Sequence[str]
) -> tuple[ReleaseId, ...]:
    """The releases to ask about: those that are locked or pinned, else the one that is wanted.

    Nobody is asked about a text that is no version, or about a build of the project's own, which
    a ``+`` tells of: only what the registry has is known under it.
    """
    if locked:
        versions = tuple(locked)
    elif verdict.current is not None:
        versions = (verdict.current,)
    else:
        versions = (verdict.wanted.version,) if verdict.wanted is not None else ()
    found = []
    for version in versions:
        release = listed(scheme, package, version)
        if release is not None:
            version = release.version  # noqa: PLW2901 - as the registry spells it
        elif scheme.key(version) is None or _LOCAL in version:
            continue
        source = package.id_of(version)
        alone = replace(source, registry=source.registry.alone)
        found.append(ReleaseId(package=alone, version=version))
    return tuple(dict.fromkeys(found))


def exposed(
    dependency: Dependency,
    package: Package,
    scheme: VersionScheme,
    version: str,
    advisories: Sequence[Advisory],
    verdict: Verdict,
    now: float,
) -> Exposed:
    """What *advisories* say against *version*, which is in use and which all of them are about.

    What fixes them is the lowest release above it that none of them is about, and that the
    installer would take: none that is too new for the project's gate at *now* (seconds since the
    epoch), yanked, deprecated or not for the project's runtime, as long as there is another.
    """
    newer = [each for each in package.releases if is_newer(scheme, each.version, version)]
    if sum(each.size for each in advisories) * len(newer) > _MOST_COMPARED:
        return Exposed(version=version, exposures=tuple(Exposure(advisory=it) for it in advisories))
    reaches = [_reach(each, version, scheme.key) for each in advisories]
    usable = _usable(dependency, package, scheme, newer)
    left = passed(replace(package, releases=usable), verdict.gate, now, scheme.is_prerelease)
    ready, late, every = (
        _by_choice(some, dependency.runtime, scheme)
        for some in (left.package.releases, usable, newer)
    )
    fix = _fix(reaches, ready)
    held = _fix(reaches, late) if fix is None and left.gate is not None else None
    return Exposed(
        version=version,
        exposures=tuple(
            _exposure(each, _fix([reach], ready) or _fix([reach], late), reach, every)
            for each, reach in zip(advisories, reaches, strict=True)
        ),
        fix=fix or held,
        held_by=left.gate.by if left.gate is not None and held is not None else None,
    )


def _exposure(
    advisory: Advisory, fix: Release | None, reach: Reach | None, every: Sequence[_Candidate]
) -> Exposure:
    """*advisory* with what fixes it, or whether nothing does of *every* release above."""
    if fix is not None:
        return Exposure(advisory=advisory, fixed=fix.version)
    is_endless = reach is not None and _fix([reach], every) is None
    return Exposure(advisory=advisory, is_endless=is_endless)


def _usable(
    dependency: Dependency, package: Package, scheme: VersionScheme, newer: Sequence[Release]
) -> tuple[Release, ...]:
    """Those of the *newer* releases that an installer might take, lowest first: prereleases only
    where the requirement admits them or there is nothing else.
    """
    try:
        requirement = scheme.parse(dependency.specifier, prereleases=dependency.prereleases)
    except InvalidRequirementError:
        return ()
    stable = {each.version for each in package.releases if not scheme.is_prerelease(each.version)}
    return tuple(
        each
        for each in reversed(newer)
        if not stable or each.version in stable or requirement.admits(each.version)
    )


def _by_choice(
    releases: Sequence[Release], runtime: str | None, scheme: VersionScheme
) -> list[_Candidate]:
    """*releases* with their keys, those first that nothing speaks against, each in its order."""

    def objections(release: Release) -> tuple[bool, bool, bool]:
        is_out = runtime is not None and not scheme.runs(release, runtime)
        return bool(release.yanked), is_out, release.deprecated is not None

    return [(each, scheme.key(each.version)) for each in sorted(releases, key=objections)]


def _reach(advisory: Advisory, version: str, key: KeyOf) -> Reach | None:
    """What *advisory* is about. None where it does not say, or says, as far as can be read here,
    that it is not about *version*: then it cannot be relied on for others.
    """
    reach = Reach(advisory.ranges, advisory.versions, key)
    return reach if advisory.size and reach.holds(version, key(version)) else None


def _fix(reaches: Sequence[Reach | None], candidates: Sequence[_Candidate]) -> Release | None:
    """The first of *candidates* that none of the *reaches* holds; None too where one of them is not
    known.
    """
    known = [each for each in reaches if each is not None]
    if len(known) < len(reaches):
        return None
    sound = (
        release
        for release, place in candidates
        if not any(each.holds(release.version, place) for each in known)
    )
    return next(sound, None)


def vulnerable(dependency: Dependency, exposed: Exposed) -> tuple[Finding, ...]:
    """The findings on a version in use: one for each of the gravest advisories, and one for all
    the others.
    """
    fix = exposed.fix.version if exposed.fix is not None else None
    common: dict[str, Arg] = {"version": exposed.version, "fix": fix, "held_by": exposed.held_by}
    is_many = len(exposed.exposures) > MOST
    told = exposed.exposures[: MOST - 1] if is_many else exposed.exposures
    rest = [each.advisory for each in exposed.exposures[len(told) :]]
    findings = []
    for each in told:
        advisory = each.advisory
        findings.append(
            _finding(
                dependency,
                advisory,
                id=advisory.id,
                summary=advisory.summary,
                rating=advisory.rating.name.lower() if advisory.rating else None,
                is_malware=advisory.is_malware,
                url=advisory.url,
                fixed=each.fixed,
                is_endless=each.is_endless,
                **common,
            )
        )
    if rest:
        gravest = rest[0].rating
        findings.append(
            _finding(
                dependency,
                rest[0],
                more=str(len(rest)),
                rating=gravest.name.lower() if gravest else None,
                **common,
            )
        )
    return tuple(findings)


def _finding(dependency: Dependency, advisory: Advisory, **args: Arg) -> Finding:
    is_grave = advisory.is_malware or advisory.rating in _GRAVE
    return Finding(
        code=Code.VULNERABLE,
        part=dependency.version_part,
        severity=Severity.ERROR if is_grave else Severity.WARNING,
        args=tuple(args.items()),
    )

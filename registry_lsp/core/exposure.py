"""Which versions of a dependency are in use, and what is known against them. Pure, and blind to
ecosystems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from registry_lsp.core.advisories import Advisory, Exposed, Exposure, Rating
from registry_lsp.core.findings import Arg, Code, Finding, Severity, Verdict
from registry_lsp.core.gates import passed
from registry_lsp.core.keys import KeyOf
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.order import is_newer, listed
from registry_lsp.core.packages import Package, Release, ReleaseId
from registry_lsp.core.ports import InvalidRequirementError, VersionScheme

MOST = 5
"""How many advisories of one version have a finding each; one more speaks of the rest."""

_GRAVE = (Rating.HIGH, Rating.CRITICAL)
_LOCAL = "+"


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
    above = _above(dependency, package, scheme, version)
    kept = passed(replace(package, releases=above), verdict.gate, now, scheme.is_prerelease)
    candidates = _by_choice(kept.package.releases, dependency.runtime, scheme)
    fix = _fix(advisories, version, candidates, scheme.key)
    held_by = None
    if fix is None and verdict.gate is not None:
        fix = _fix(advisories, version, _by_choice(above, dependency.runtime, scheme), scheme.key)
        held_by = verdict.gate.by if fix is not None else None
    exposures = ((each, _fix((each,), version, candidates, scheme.key)) for each in advisories)
    return Exposed(
        version=version,
        exposures=tuple(
            Exposure(advisory=each, fixed=fixed.version if fixed is not None else None)
            for each, fixed in exposures
        ),
        fix=fix,
        held_by=held_by,
    )


def _above(
    dependency: Dependency, package: Package, scheme: VersionScheme, version: str
) -> tuple[Release, ...]:
    """The releases above *version*, lowest first: prereleases only where the requirement admits
    them or there is nothing else.
    """
    try:
        requirement = scheme.parse(dependency.specifier, prereleases=dependency.prereleases)
    except InvalidRequirementError:
        return ()
    stable = {each.version for each in package.releases if not scheme.is_prerelease(each.version)}
    return tuple(
        each
        for each in reversed(package.releases)
        if is_newer(scheme, each.version, version)
        and (not stable or each.version in stable or requirement.admits(each.version))
    )


def _by_choice(
    releases: Sequence[Release], runtime: str | None, scheme: VersionScheme
) -> list[Release]:
    """*releases*, those first that nothing speaks against, each kind in its order."""

    def objections(release: Release) -> tuple[bool, bool, bool]:
        is_out = runtime is not None and not scheme.runs(release, runtime)
        return release.yanked, is_out, release.deprecated is not None

    return sorted(releases, key=objections)


def _fix(
    advisories: Sequence[Advisory], version: str, candidates: Sequence[Release], key: KeyOf
) -> Release | None:
    """The first of *candidates* that none of *advisories* is about. None too where one of them
    does not say what it is about, or says, as far as can be read here, that it is not *version*:
    then it cannot be relied on for the others.
    """
    if not all(each.is_bounded and each.affects(version, key) for each in advisories):
        return None
    sound = (
        each
        for each in candidates
        if not any(advisory.affects(each.version, key) for advisory in advisories)
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

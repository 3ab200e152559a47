"""The judgement: a dependency, what its registry has, and what follows. Pure, and blind to
ecosystems.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from registry_lsp.core.confusion import confused
from registry_lsp.core.constraints import admits, within
from registry_lsp.core.findings import Arg, Code, Finding, Verdict
from registry_lsp.core.gates import Gate, Passed, passed
from registry_lsp.core.manifests import Dependency, Part
from registry_lsp.core.order import Tier, is_newer, listed, newest_of, tier
from registry_lsp.core.packages import (
    ARCHIVED,
    OBSOLETE,
    QUARANTINED,
    SECURITY_HOLDING,
    Found,
    Lookup,
    Missing,
    Package,
    Release,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.ports.versions import InvalidRequirementError, Requirement, VersionScheme

_STANDINGS = MappingProxyType(
    {
        ARCHIVED: Code.PROJECT_ARCHIVED,
        QUARANTINED: Code.PROJECT_QUARANTINED,
        SECURITY_HOLDING: Code.PROJECT_QUARANTINED,
        OBSOLETE: Code.DEPRECATED,
    }
)
_OUTDATED = MappingProxyType(
    {
        Tier.PATCH: Code.OUTDATED_PATCH,
        Tier.MINOR: Code.OUTDATED_MINOR,
        Tier.MAJOR: Code.OUTDATED_MAJOR,
    }
)


def assess(
    dependency: Dependency,
    lookup: Lookup | None,
    scheme: VersionScheme,
    *,
    locked: Sequence[str] = (),
    gate: Gate | None = None,
    now: float = 0.0,
) -> Verdict:
    """What is to be said of *dependency*.

    *lookup* is None while its registry has not answered (or is never asked): only what the
    specifier says by itself is judged then. *locked* are the versions that a lock file names (or
    that are installed): the newest of them is the current one, and each is held to be in use.
    *gate* is the project's rule on how old a release must be at *now* (seconds since the epoch).
    """
    try:
        own = scheme.parse(dependency.specifier, prereleases=dependency.prereleases)
        requirement = own
        if dependency.constraint is not None:
            requirement = scheme.parse(dependency.effective, prereleases=dependency.prereleases)
    except InvalidRequirementError as error:
        invalid = _finding(Code.INVALID_REQUIREMENT, dependency.version_part, reason=str(error))
        trouble = _lookup_findings(lookup) if not isinstance(lookup, Found) else ()
        return Verdict(findings=(invalid, *trouble))
    used = tuple(locked) or ((requirement.pinned,) if requirement.pinned is not None else ())
    if not isinstance(lookup, Found):
        findings = _lookup_findings(lookup)
        return Verdict(current=newest_of(scheme, used), findings=findings)
    left = passed(lookup.package, gate, now, scheme.is_prerelease)
    return _judge(dependency, left, lookup.package, scheme, (own, requirement), used)


def _judge(
    dependency: Dependency,
    left: Passed,
    whole: Package,
    scheme: VersionScheme,
    read: tuple[Requirement, Requirement],
    used: Sequence[str],
) -> Verdict:
    """The verdict by what the project's gate has *left* of the *whole* package. *read* is what the
    dependency requires itself, and what its installer makes of that with what constrains it.
    """
    own, requirement = read
    package, runtime = within(left.package, dependency, scheme), dependency.runtime
    wanted = scheme.wanted(requirement, package, runtime)
    if wanted is None and left.gate is not None and left.gate.is_lenient:
        wanted = _lowest(whole, requirement)
    latest = scheme.latest(requirement, package, runtime)
    newest = scheme.latest(requirement, left.package, None)
    if newest is None or latest is None or not is_newer(scheme, newest.version, latest.version):
        newest = None
    findings = [
        *_standing(whole),
        *_matching(dependency, whole, read, wanted, left.gate),
        *_marks(dependency, whole, scheme, used, wanted),
        *_misfits(dependency, whole, scheme, used, wanted),
        *_outdated(dependency, scheme, own, package, wanted, latest),
        *confused(scheme, whole),
    ]
    return Verdict(
        current=_current(scheme, whole, used),
        wanted=wanted,
        latest=latest,
        newer=newest,
        is_bound=newest is not None and not admits(dependency, newest.version, scheme),
        waiting=_waiting(scheme, requirement, within(whole, dependency, scheme), runtime, latest)
        if left.gate
        else None,
        gate=left.gate,
        findings=tuple(findings),
    )


def _current(scheme: VersionScheme, whole: Package, used: Sequence[str]) -> str | None:
    """The newest of those that are *used*, as its registry spells it where it has it."""
    current = newest_of(scheme, used)
    release = listed(scheme, whole, current) if current is not None else None
    return release.version if release is not None else current


def _waiting(
    scheme: VersionScheme,
    requirement: Requirement,
    whole: Package,
    runtime: str | None,
    latest: Release | None,
) -> Release | None:
    """What would be the latest if no gate held it back."""
    newest = scheme.latest(requirement, whole, runtime)
    if newest is None or (latest and not is_newer(scheme, newest.version, latest.version)):
        return None
    return newest


def _lowest(package: Package, requirement: Requirement) -> Release | None:
    """The lowest release that *requirement* admits: pnpm's choice where none is old enough."""
    admitted = (each for each in reversed(package.releases) if requirement.admits(each.version))
    return next(admitted, None)


def _matching(
    dependency: Dependency,
    package: Package,
    read: tuple[Requirement, Requirement],
    wanted: Release | None,
    gate: Gate | None,
) -> list[Finding]:
    """That nothing matches of the whole *package*, of which *gate* (where it does) holds some.
    *read* is as in :func:`_judge`: where something matches but for what constrains it, that is
    named.

    Of a project whose registry keeps all releases back, that alone is to be said.
    """
    is_withdrawn = package.status == QUARANTINED and not package.releases
    if wanted is not None or is_withdrawn:
        return []
    own, requirement = read
    matching = next((each for each in package.releases if requirement.admits(each.version)), None)
    is_bound = matching is None and dependency.constraint is not None
    gone = next((each for each in package.unpublished if requirement.admits(each.version)), None)
    return [
        _finding(
            Code.NO_MATCHING_VERSION,
            dependency.version_part,
            name=dependency.display_name,
            specifier=dependency.specifier,
            tag=requirement.tag,
            withdrawn=matching.version if matching and matching.yanked else None,
            held=matching.version if matching and not matching.yanked and gate else None,
            gate=gate.by if gate else None,
            undated=matching is not None and _is_undated(matching, package, gate),
            unpublished=gone.version if gone and not matching else None,
            empty=not package.releases,
            constrained=is_bound and any(own.admits(each.version) for each in package.releases),
        )
    ]


def _is_undated(release: Release, package: Package, gate: Gate | None) -> bool:
    """Whether *release* is held for want of a moment: its own, or that of another of *package*."""
    is_whole = gate is not None and gate.is_whole
    return any(each.published is None for each in (package.releases if is_whole else (release,)))


def _standing(package: Package) -> list[Finding]:
    """What is to be said of the project as a whole, whichever of its releases is used."""
    code = _STANDINGS.get(package.status or "")
    if code is None:
        return []
    return [
        _finding(
            code,
            Part.NAME,
            status=package.status,
            reason=package.status_reason,
            empty=not package.releases,
        )
    ]


def _marks(
    dependency: Dependency,
    package: Package,
    scheme: VersionScheme,
    used: Sequence[str],
    wanted: Release | None,
) -> list[Finding]:
    """What is to be said of the releases that are in use, or else would be."""
    if used:
        found = dict.fromkeys(listed(scheme, package, version) for version in used)
        releases = [each for each in found if each is not None]
    else:
        releases = [wanted] if wanted is not None else []
    findings = []
    for release in releases:
        marks = (
            (Code.YANKED, release.yanked, release.yanked_reason),
            (Code.DEPRECATED, release.deprecated is not None, release.deprecated),
        )
        findings += [
            _finding(code, dependency.version_part, version=release.version, reason=reason)
            for code, is_so, reason in marks
            if is_so
        ]
    return findings


def _misfits(
    dependency: Dependency,
    package: Package,
    scheme: VersionScheme,
    used: Sequence[str],
    wanted: Release | None,
) -> list[Finding]:
    """What does not run where the project does: of the release that would be installed and, where
    its installer heeds no runtime, of those that are in use.
    """
    runtime = dependency.runtime
    if runtime is None:
        return []
    at_work = () if scheme.passes_misfits_over else used
    found = dict.fromkeys((*(listed(scheme, package, each) for each in at_work), wanted))
    return [
        _finding(
            scheme.misfit,
            dependency.version_part,
            version=each.version,
            needs=each.runtime,
            runtime=runtime,
        )
        for each in found
        if each is not None and not scheme.runs(each, runtime)
    ]


def _outdated(
    dependency: Dependency,
    scheme: VersionScheme,
    requirement: Requirement,
    package: Package,
    wanted: Release | None,
    latest: Release | None,
) -> list[Finding]:
    if latest is None or requirement.tag is not None or requirement.admits(latest.version):
        return []
    if wanted is not None:
        base: str | None = wanted.version
    else:
        base = newest_of(scheme, requirement.named)
    if base is None or not is_newer(scheme, latest.version, base):
        return []
    if _admits_newer(scheme, requirement, package, latest):
        return []
    if requirement.excludes(latest.version):
        return []  # whoever has written it knows of it
    return [
        _finding(
            _OUTDATED[tier(scheme, base, latest.version)],
            dependency.version_part,
            name=dependency.display_name,
            wanted=wanted.version if wanted and requirement.pinned is None else None,
            latest=latest.version,
        )
    ]


def _admits_newer(
    scheme: VersionScheme, requirement: Requirement, package: Package, latest: Release
) -> bool:
    """Whether the requirement admits something above *latest*: it stands beyond it already."""
    for release in package.releases:
        if not is_newer(scheme, release.version, latest.version):
            return False
        if not release.yanked and requirement.admits(release.version):
            return True
    return False


def _lookup_findings(lookup: Lookup | None) -> tuple[Finding, ...]:
    match lookup:
        case Missing(detail=detail, or_no_access=or_no_access):
            args: dict[str, Arg] = {"detail": detail, "or_no_access": or_no_access}
            return (_finding(Code.PACKAGE_NOT_FOUND, Part.NAME, **args),)
        case Unauthorized():
            return (_finding(Code.UNAUTHORIZED, Part.NAME, trouble=lookup),)
        case Unavailable():
            return (_finding(Code.REGISTRY_UNAVAILABLE, Part.NAME, trouble=lookup),)
    return ()


def _finding(code: Code, part: Part, **args: Arg) -> Finding:
    return Finding(code=code, part=part, args=tuple(args.items()))

"""What to have where nothing that is asked for is there, or would run: an older release. Pure, and
blind to ecosystems.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry_lsp.core.advisories import Reach
from registry_lsp.core.constraints import within
from registry_lsp.core.edits import Edit, rewrite
from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.gates import passed
from registry_lsp.core.names import is_near
from registry_lsp.core.order import Tier, is_compatible, is_newer, newest_of, tier
from registry_lsp.core.packages import Found, Package, Release
from registry_lsp.core.ports.versions import InvalidRequirementError, Requirement, VersionScheme
from registry_lsp.core.updates import known_against, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """A ``release`` to go back to, and the ``edit`` that has the installer take it.

    ``base`` is the version that it is below, and ``tier`` which part of that it changes; without
    them it is the latest. It ``is_misfit`` where what is asked for is there and does not run, and
    ``is_safe`` where it differs from that by a patch.
    """

    release: Release
    edit: Edit
    is_misfit: bool
    base: str | None = None
    tier: Tier | None = None

    def is_safe(self, scheme: VersionScheme) -> bool:
        """Whether it breaks nothing by the rules of Semantic Versioning: a minor version back takes
        away what may be in use.
        """
        base = self.base
        if base is None or self.tier is not Tier.PATCH:
            return False
        return is_compatible(scheme, base, self.release.version)


def fallback(assessment: Assessment, scheme: VersionScheme, now: float) -> Fallback | None:
    """The newest release below what is asked for that the project can use, where nothing matches or
    what matches does not run; of a dist-tag that there is not, the latest. None where there is
    none, or it cannot be written.

    *scheme* is the one of the dependency's dialect, and *now* the moment in seconds since the
    epoch. What is above stands among the updates.
    """
    dependency, lookup, verdict = assessment.dependency, assessment.lookup, assessment.verdict
    codes = {each.code for each in verdict.findings}
    is_misfit = Code.NO_MATCHING_VERSION not in codes
    if not isinstance(lookup, Found) or (is_misfit and not _is_misfit(assessment, scheme)):
        return None
    try:
        requirement = scheme.parse(dependency.specifier, prereleases=dependency.prereleases)
    except InvalidRequirementError:
        return None
    usable = within(lookup.package, dependency, scheme)
    left = passed(usable, verdict.gate, now, scheme.is_prerelease).package
    base = _base(assessment, requirement, scheme)
    for release in _usable(assessment, requirement, left, scheme, base):
        edit = _edit(release, assessment, requirement, left, scheme)
        if edit is not None:
            step = tier(scheme, base, release.version) if base is not None else None
            return Fallback(release=release, edit=edit, is_misfit=is_misfit, base=base, tier=step)
        return None
    return None


def near_tags(assessment: Assessment, scheme: VersionScheme) -> dict[str, Edit]:
    """The dist-tags that may be meant by one that there is not, each with what writes it."""
    dependency, lookup = assessment.dependency, assessment.lookup
    missing = next(
        (each for each in assessment.verdict.findings if each.code is Code.NO_MATCHING_VERSION),
        None,
    )
    tag = missing.arg("tag") if missing is not None else None
    if not isinstance(lookup, Found) or not isinstance(tag, str):
        return {}
    found = {}
    for name, _ in lookup.package.dist_tags:
        specifier = dependency.specifier.replace(tag, name)
        edit = rewrite(dependency, specifier)
        if edit is not None and is_near(tag, name) and _tag(scheme, specifier) == name:
            found[name] = edit
    return found


def _tag(scheme: VersionScheme, specifier: str) -> str | None:
    """The tag that *specifier* is read as: names of tags are a stranger's words."""
    try:
        return scheme.parse(specifier).tag
    except InvalidRequirementError:
        return None


def _is_misfit(assessment: Assessment, scheme: VersionScheme) -> bool:
    """Whether what would be installed does not run."""
    wanted = assessment.verdict.wanted
    return wanted is not None and any(
        each.code is scheme.misfit and each.arg("version") == wanted.version
        for each in assessment.verdict.findings
    )


def _base(assessment: Assessment, requirement: Requirement, scheme: VersionScheme) -> str | None:
    wanted = assessment.verdict.wanted
    return wanted.version if wanted is not None else newest_of(scheme, requirement.named)


def _usable(
    assessment: Assessment,
    requirement: Requirement,
    package: Package,
    scheme: VersionScheme,
    base: str | None,
) -> Iterator[Release]:
    """The releases of *package* below *base* that the project can use, newest first."""
    latest, runtime = assessment.verdict.latest, assessment.dependency.runtime
    if latest is None:
        return
    key = scheme.key
    reaches = [Reach(each.ranges, each.versions, key) for each in known_against(assessment)]
    for release in package.releases:
        version = release.version
        is_latest = key(version) == key(latest.version)
        if is_newer(scheme, version, latest.version):
            continue
        if base is not None and not is_newer(scheme, base, version):
            continue
        if scheme.is_prerelease(version) and not is_latest:
            continue
        if release.yanked or release.deprecated is not None or requirement.excludes(version):
            continue
        if runtime is not None and not scheme.runs(release, runtime):
            continue
        if not any(reach.holds(version, key(version)) for reach in reaches):
            yield release


def _edit(
    release: Release,
    assessment: Assessment,
    requirement: Requirement,
    package: Package,
    scheme: VersionScheme,
) -> Edit | None:
    """What has the installer take *release*: in the style of what is there, else it alone, where
    that style would let in what is above.
    """
    dependency = assessment.dependency
    style = "" if requirement.tag is not None else dependency.specifier
    for specifier in (scheme.replace(style, release.version), scheme.pin(release.version)):
        edit, taken = written(specifier, dependency, package, scheme)
        if edit is not None and taken is not None and taken.version == release.version:
            return edit
    return None

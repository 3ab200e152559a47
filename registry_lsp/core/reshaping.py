"""A requirement in another shape: one version alone, or wide enough for the latest. Pure, and blind
to ecosystems.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry_lsp.core.edits import Edit, rewrite
from registry_lsp.core.findings import Assessment
from registry_lsp.core.order import is_newer, listed, newest_of
from registry_lsp.core.packages import Found, Release
from registry_lsp.core.ports.versions import InvalidRequirementError, Requirement, VersionScheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshaped:
    """A ``specifier`` that lets ``release`` be installed, and the ``edit`` that writes it."""

    specifier: str
    release: Release
    edit: Edit


def in_use_everywhere(assessment: Assessment, scheme: VersionScheme) -> str | None:
    """The version in use; where markers decide which of several, the newest that runs wherever the
    project does, if there is one.
    """
    runtime, lookup = assessment.dependency.runtime, assessment.lookup
    versions = {each.version for each in assessment.locked}
    if len(versions) < 2 or runtime is None or not isinstance(lookup, Found):
        return assessment.verdict.current
    known = (listed(scheme, lookup.package, each) for each in versions)
    running = [each.version for each in known if each is not None and scheme.runs(each, runtime)]
    return newest_of(scheme, running) or assessment.verdict.current


def pinned(assessment: Assessment, scheme: VersionScheme) -> Reshaped | None:
    """The version that is in use (locked or installed), of several the one that is so everywhere,
    else the one that would be installed, alone. None for what is pinned already, for a dist-tag,
    and where no release is known of it or it was yanked. *scheme* is the one of the dependency's
    dialect.
    """
    lookup, verdict = assessment.lookup, assessment.verdict
    requirement = _read(assessment, assessment.dependency.specifier, scheme)
    if not isinstance(lookup, Found) or requirement is None or requirement.pinned is not None:
        return None
    version = in_use_everywhere(assessment, scheme)
    taken = _read(assessment, assessment.dependency.effective, scheme)
    if version is None or taken is None or not taken.admits(version):
        version = verdict.wanted.version if verdict.wanted is not None else None
    release = listed(scheme, lookup.package, version) if version is not None else None
    if release is None or release.yanked:
        return None
    specifier = scheme.pin(release.version)
    exact = _read(assessment, specifier, scheme)
    if exact is None or exact.pinned is None:
        return None
    return _reshaped(assessment, specifier, release)


def widened(assessment: Assessment, scheme: VersionScheme) -> Reshaped | None:
    """The requirement, wide enough for the latest release that the project could use, and admitting
    all that it did; None where it does already or stands above it, or its dialect has no form for
    that.
    """
    lookup, latest = assessment.lookup, assessment.verdict.latest
    written = assessment.dependency.specifier
    requirement = _read(assessment, written, scheme)
    if not isinstance(lookup, Found) or latest is None or requirement is None:
        return None
    if requirement.excludes(latest.version):
        return None
    wanted = assessment.verdict.wanted
    base = wanted.version if wanted is not None else newest_of(scheme, requirement.named)
    if base is None or not is_newer(scheme, latest.version, base):
        return None
    specifier = scheme.widen(written, latest.version)
    wider = _read(assessment, specifier, scheme) if specifier is not None else None
    if specifier is None or wider is None or not wider.admits(latest.version):
        return None
    versions = (each.version for each in lookup.package.releases)
    if any(requirement.admits(each) and not wider.admits(each) for each in versions):
        return None
    return _reshaped(assessment, specifier, latest)


def _read(assessment: Assessment, specifier: str, scheme: VersionScheme) -> Requirement | None:
    try:
        read = scheme.parse(specifier, prereleases=assessment.dependency.prereleases)
    except InvalidRequirementError:
        return None
    return read if read.tag is None else None


def _reshaped(assessment: Assessment, specifier: str, release: Release) -> Reshaped | None:
    edit = rewrite(assessment.dependency, specifier)
    return Reshaped(specifier=specifier, release=release, edit=edit) if edit is not None else None

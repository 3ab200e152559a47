"""What a version is typed for, and what is said of a release there. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from registry_lsp.core.constraints import admits
from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.order import Tier, is_newer, tier
from registry_lsp.core.packages import Package, Release
from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.core.remembering import ByIdentity
from registry_lsp.core.settings import Prereleases
from registry_lsp.core.text import printable
from registry_lsp.features import times
from registry_lsp.features.completions.rest import Left

IN_USE = "in use"
OLDER = "older"
_STEPS = {Tier.PATCH: "patch", Tier.MINOR: "minor", Tier.MAJOR: "major"}
_KNOWN_STEPS: ByIdentity[Package, dict[str, str]] = ByIdentity(most=16)
"""Of each package, by version, what is said again at each key that is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a version is typed for: the *dependency*, its *package* as far as the project may use
    it, and the *scheme* of its dialect.

    ``base`` is the version in use, locked or admitted, that others are compared with; None where
    nobody knows. ``locked`` are all that are in use where markers decide. ``latest`` is
    the newest release that the project could use. ``styles`` are the specifiers of its section.
    ``now`` is epoch seconds.
    """

    dependency: Dependency
    package: Package
    scheme: VersionScheme
    runtime_name: str
    prereleases: Prereleases = Prereleases.AUTO
    base: str | None = None
    locked: Sequence[str] = ()
    latest: Release | None = None
    styles: Sequence[str] = ()
    now: float


def styles(manifest: Manifest, dependency: Dependency) -> tuple[str, ...]:
    """The specifiers of the others in the section of *dependency*, in its dialect."""
    return tuple(
        each.specifier
        for each in manifest.dependencies
        if each.section == dependency.section
        and each.dialect == dependency.dialect
        and each.source.is_looked_up
        and each.name != dependency.name
        and each.specifier.strip()
    )


def runs_of(subject: Subject) -> Callable[[Release], bool]:
    """Whether a release runs wherever the project does: what it needs is read once, however many
    releases need the same.
    """
    runtime, scheme = subject.dependency.runtime, subject.scheme
    known: dict[str | None, bool] = {}

    def runs(release: Release) -> bool:
        if runtime is None:
            return True
        if release.runtime not in known:
            known[release.runtime] = scheme.runs(release, runtime)
        return known[release.runtime]

    return runs


def _step(subject: Subject, release: Release) -> str:
    """What the release would change against what is in use, worked out once for each."""
    base = subject.base
    if base is None:
        return ""
    way = (subject.scheme, base, tuple(subject.locked))
    known = _KNOWN_STEPS.get(subject.package, way, dict)
    step = known.get(release.version)
    if step is None:
        known[release.version] = step = _compared(subject, release, base)
    return step


def _compared(subject: Subject, release: Release, base: str) -> str:
    scheme = subject.scheme
    if release.version in subject.locked:
        return IN_USE
    if is_newer(scheme, release.version, base):
        return _STEPS[tier(scheme, base, release.version)]
    return OLDER if is_newer(scheme, base, release.version) else IN_USE


def said(
    subject: Subject,
    release: Release,
    runs: Callable[[Release], bool],
    left: Left | None = None,
) -> dict[str, Any]:
    """What an offer of the release says of it, beside a rest of which is *left* what is."""
    notes = []
    if release.published is not None and release.published <= subject.now:
        notes.append(f"{times.duration(subject.now - release.published)} ago")
    if release.runtime is not None and not runs(release):
        notes.append(f"needs {subject.runtime_name} {printable(release.runtime, 40)}")
    constraint = subject.dependency.constraint
    if constraint and not admits(subject.dependency, release.version, subject.scheme):
        notes.append(f"ruled out by {printable(constraint.by, 40)}")
    if left is not None and (objection := left.objection(release.version, subject.scheme)):
        notes.append(objection)
    if release.yanked:
        notes.append("yanked")
    if release.deprecated is not None:
        notes.append("deprecated")
    return {
        "step": _step(subject, release),
        "note": ", ".join(notes),
        "is_withdrawn": bool(release.yanked) or release.deprecated is not None,
        "about": (subject.package.id.name, release.version),
    }

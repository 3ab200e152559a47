"""Release-age gates: a project's own rule that a release must have stood a while before it is
installed. Pure, and blind to ecosystems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from registry_lsp.core.packages import Package, Release

GATES_OPEN = 60.0
"""Seconds after which a release that waits may have come of age, and what was worked out before is
worked out anew.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A release passes once it is ``age`` seconds old, and where it was published before the
    moment ``before`` (seconds since the epoch); None for either that does not count.

    ``by`` is the setting that says so and where it stands, for people. ``exempt`` are versions
    that pass whatever their age. Where it ``is_lenient`` the installer takes a release that has
    not passed for a requirement that nothing else matches; where it ``is_strict`` none whose moment
    nobody tells. Where it ``is_whole`` one such release stands for all of its package's: none of
    them passes, or, where the gate is not strict, each of them does. ``by_registry`` are pairs of
    a registry's address and what holds for what comes from there, in the place of all the rest;
    None lets every release pass.
    """

    age: float | None = None
    before: float | None = None
    by: str
    exempt: tuple[str, ...] = ()
    is_lenient: bool = False
    is_strict: bool = False
    is_whole: bool = False
    by_registry: tuple[tuple[str, Gate | None], ...] = ()

    def of(self, url: str) -> Gate | None:
        """What holds for what comes from the registry at *url*."""
        for each, gate in self.by_registry:
            if each == url:
                return gate
        return self

    def cutoff(self, now: float) -> float:
        """The moment until which a release must have been published to pass at *now*."""
        cutoffs = [now - self.age] if self.age is not None else []
        cutoffs += [self.before] if self.before is not None else []
        return min(cutoffs, default=float("inf"))

    def passes(self, release: Release, now: float, *, is_dated: bool = True) -> bool:
        """Whether *release* passes at *now*; *is_dated* says whether the moments of all releases
        of its package are known.
        """
        if release.is_local or release.version in self.exempt:
            return True
        if release.published is None or (self.is_whole and not is_dated):
            return not self.is_strict
        return release.published <= self.cutoff(now)

    def opens_at(self, published: float) -> float | None:
        """When a release of that moment passes; None where never."""
        if self.before is not None and published > self.before:
            return None
        return published + (self.age or 0.0)


def both(one: Gate | None, other: Gate | None) -> Gate | None:
    """A gate that lets pass what passes *one* and *other*; it is by that which holds longer."""
    if one is None or other is None:
        return one or other
    urls = dict.fromkeys(url for each in (one, other) for url, _ in each.by_registry)
    whole = [each for each in (one, other) if each.is_whole]
    longer = max(one, other, key=lambda each: (each.age or 0.0, -(each.before or float("inf"))))
    return Gate(
        age=max((each.age for each in (one, other) if each.age is not None), default=None),
        before=min((each.before for each in (one, other) if each.before is not None), default=None),
        by=longer.by,
        exempt=tuple(each for each in one.exempt if each in other.exempt),
        is_lenient=one.is_lenient and other.is_lenient,
        is_strict=one.is_strict or other.is_strict,
        is_whole=len(whole) == 2 or any(each.is_strict for each in whole),
        by_registry=tuple((url, both(one.of(url), other.of(url))) for url in urls),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """A project's gates. ``special`` are pairs of a pattern (a package's name, with ``*`` for
    anything) and what holds for the packages that it fits, in the place of the ``general`` one;
    the first that fits counts, and None lets every release pass.
    """

    general: Gate | None = None
    special: tuple[tuple[str, Gate | None], ...] = ()

    def of(self, name: str) -> Gate | None:
        """The gate for the package *name*."""
        return next(self._special(name), self.general)

    def is_special(self, name: str) -> bool:
        """Whether the package *name* has a gate of its own, be it that it is let pass."""
        return any(True for _ in self._special(name))

    def _special(self, name: str) -> Iterator[Gate | None]:
        for pattern, gate in self.special:
            if pattern == name or ("*" in pattern and _fits(name, pattern)):
                yield gate


def _fits(name: str, pattern: str) -> bool:
    """Whether *pattern* fits, in time that its length bounds: no expression is made of it."""
    first, *rest = pattern.split("*")
    if not name.startswith(first):
        return False
    at = len(first)
    *middle, last = rest
    for part in middle:
        found = name.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(name) - len(last) >= at and name.endswith(last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What a gate leaves of a package: the releases that have passed, with the dist-tags that
    the installer would read then. ``gate`` is None where it holds none of them back.
    """

    package: Package
    gate: Gate | None = None


def passed(
    package: Package, gate: Gate | None, now: float, is_prerelease: Callable[[str], bool]
) -> Passed:
    """What *gate* leaves of *package* at *now* (seconds since the epoch).

    A release whose moment nobody tells passes where the gate is not strict. A dist-tag on a
    release that waits leads to the newest one below it that has passed, stable if the tagged one
    is, and not deprecated if there is another (npm-pick-manifest; pnpm agrees).
    """
    if gate is None:
        return Passed(package=package)
    is_dated = all(each.published is not None for each in package.releases)
    left = tuple(
        release
        for release in package.releases
        if any(
            each is None or each.passes(release, now, is_dated=is_dated)
            for each in _gates(gate, package, release)
        )
    )
    if len(left) == len(package.releases):
        return Passed(package=package)
    versions = {each.version for each in left}
    tags = (
        (tag, version if version in versions else _below(package, version, versions, is_prerelease))
        for tag, version in package.dist_tags
    )
    kept = tuple((tag, version) for tag, version in tags if version is not None)
    holding = gate.of(package.id.registry.url) or gate
    return Passed(package=replace(package, releases=left, dist_tags=kept), gate=holding)


def _gates(gate: Gate, package: Package, release: Release) -> Iterator[Gate | None]:
    """What holds in each of the registries that have *release*."""
    if not gate.by_registry:
        yield gate
        return
    having = [each.registry for each in package.places if release.version in each.versions]
    for registry in having or (package.id.registry,):
        yield gate.of(registry.url)


def _below(
    package: Package, version: str, passed: set[str], is_prerelease: Callable[[str], bool]
) -> str | None:
    """The newest of the *passed* versions below *version*, of its own kind."""
    at = next((at for at, each in enumerate(package.releases) if each.version == version), None)
    if at is None:
        return None
    kind = is_prerelease(version)
    below = [
        each
        for each in package.releases[at:]
        if each.version in passed and (kind or not is_prerelease(each.version))
    ]
    sound = (each for each in below if each.deprecated is None and not each.yanked)
    best = next(sound, None) or next(iter(below), None)
    return best.version if best is not None else None

"""One package out of those that several registries have. Pure, and blind to ecosystems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from registry_lsp.core.keys import Key, KeyOf
from registry_lsp.core.packages import Package, PackageId, Place, Release


def merged(id: PackageId, packages: Sequence[Package], key: KeyOf) -> Package:
    """The releases of all *packages* as those of one, by the *id*; *packages* are in the order of
    their registries.

    Of a version that several have, the first's release counts, unless that was yanked and
    another was not (pip's ``CandidateEvaluator`` has it so). What the package says of itself is
    taken from the registry whose newest version is the newest of all.
    """
    releases: dict[Key, Release] = {}
    leader = packages[0]
    newest: Key | None = None
    for package in packages:
        for release in package.releases:
            place = key(release.version)
            if place is None:
                continue
            held = releases.get(place)
            if held is None or (held.yanked and not release.yanked):
                releases[place] = release
            if newest is None or place > newest:
                newest, leader = place, package
    described = leader if leader.metadata is not None else _described(packages) or leader
    return replace(
        leader,
        id=id,
        display_name=packages[0].display_name,
        releases=tuple(releases[place] for place in sorted(releases, reverse=True)),
        metadata=described.metadata,
        places=tuple(
            Place(
                registry=each.id.registry,
                versions=tuple(release.version for release in each.releases),
                tracks=each.tracks,
                alternates=each.alternates,
            )
            for each in packages
        ),
    )


def _described(packages: Sequence[Package]) -> Package | None:
    return next((each for each in packages if each.metadata is not None), None)

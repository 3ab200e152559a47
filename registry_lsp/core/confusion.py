"""Whether a private package could be confused with a public one of its name. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from registry_lsp.core.findings import Code, Finding
from registry_lsp.core.manifests import Part
from registry_lsp.core.order import is_newer
from registry_lsp.core.packages import Package, Place
from registry_lsp.core.ports.versions import VersionScheme


def confused(scheme: VersionScheme, package: Package) -> tuple[Finding, ...]:
    """That anybody could take the place of a private package: it is in the index that everybody
    may publish to as well, with a higher version, and the installer takes the best of both.

    That is the public index, or where it is not asked the default one, which serves all names.
    """
    public = [each for each in package.places if each.registry.is_public]
    public = public or [each for each in package.places if not each.registry.is_bound]
    private = [each for each in package.places if each not in public]
    higher = _newest_of(scheme, package, public)
    own = _newest_of(scheme, package, private)
    if higher is None or own is None or not is_newer(scheme, higher[1], own[1]):
        return ()
    if _is_one_project(package.id.name, own[0], higher[0]):
        return ()
    return (
        Finding(
            code=Code.DEPENDENCY_CONFUSION,
            part=Part.NAME,
            args=(
                ("private", own[0].registry.host),
                ("held", own[1]),
                ("public", higher[0].registry.host),
                ("higher", higher[1]),
            ),
        ),
    )


def _is_one_project(name: str, private: Place, public: Place) -> bool:
    """Whether *private* says that it follows *public*, or both say that they have one project
    (PEP 708: what an index tracks its operator says, other locations its owners must in both).
    """
    here, there = (f"{each.registry.url}{name}" for each in (private, public))

    def says(addresses: Sequence[str], page: str) -> bool:
        return any(each.rstrip("/") == page for each in addresses)

    if says(private.tracks, there):
        return True
    return says(private.alternates, there) and says(public.alternates, here)


def _newest_of(
    scheme: VersionScheme, package: Package, places: Sequence[Place]
) -> tuple[Place, str] | None:
    """The newest version of those *places*, with whose it is: no prerelease where there is another,
    and nothing that was yanked.
    """
    withdrawn = {scheme.key(each.version) for each in package.releases if each.yanked}
    sound = [
        (place, version)
        for place in places
        for version in place.versions
        if scheme.key(version) not in withdrawn
    ]
    stable = [each for each in sound if not scheme.is_prerelease(each[1])]
    found: tuple[Place, str] | None = None
    for each in stable or sound:
        if found is None or is_newer(scheme, each[1], found[1]):
            found = each
    return found

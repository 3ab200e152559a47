"""What several registries come to that may have the same package, each with its own answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from registry_lsp.core.keys import KeyOf
from registry_lsp.core.merging import merged
from registry_lsp.core.packages import (
    Found,
    Lookup,
    Missing,
    Package,
    PackageId,
    RegistryRef,
    Release,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.ports.http import Validators

_FOLDER = "file:///"
"""Where that is from which no registry has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What was said at the moment ``at`` and stands until ``fresh_until``, both in seconds since
    the epoch.
    """

    lookup: Lookup
    at: float
    fresh_until: float
    validators: Validators = field(default_factory=Validators)


Look = Callable[[PackageId], "Held | None"]
"""What is held of a package in one registry alone; None where nothing is."""


def apart(id: PackageId) -> Iterator[tuple[PackageId, ...]]:
    """The package in each of its registries alone: those that are asked at the same time
    together, one group after the other.
    """
    for group in id.registry.groups():
        yield tuple(replace(id, registry=ref.alone) for ref in group)


def has_ended(group: Sequence[PackageId], look: Look) -> bool:
    """Whether nobody is asked after *group*: one of it has the package, or one could not be asked
    and so may have it.
    """
    held = [(each, look(each)) for each in group]
    return any(
        it is not None and not isinstance(_heeded(each.registry, it.lookup), Missing)
        for each, it in held
    )


def together(id: PackageId, look: Look, key: KeyOf) -> Held | None:
    """What the registries of *id* come to: the releases of the first group in which any has the
    package, or why there are none; None where not all is held that it takes to say so.

    One that fails beside others that have the package leaves a trouble on what is found, as pip
    goes on without it. Where no other has it, one that fails means that nothing is known.
    """
    heard: list[Held] = []
    for group in id.registry.groups():
        held = [look(replace(id, registry=ref.alone)) for ref in group]
        said = [each for each in held if each is not None]
        if len(said) < len(held):
            return None
        heard += said
        lookups = [_heeded(ref, each.lookup) for ref, each in zip(group, said, strict=True)]
        lookup = _of_group(id, group, lookups, key)
        if not isinstance(lookup, Missing):
            return _held(_with_archives(lookup, id, key), heard)
    if id.registry.archives:
        return _held(_archived(id, heard, key), heard)
    if any(ref.is_partial for ref in id.registry.in_turn()):
        why = "no index has it, and where else archives are looked for (find-links) is not read"
        return _held(Unavailable(trouble=Trouble.NOWHERE, host=id.registry.host, detail=why), heard)
    return _held(_missing([each.lookup for each in heard]), heard)


def _heeded(ref: RegistryRef, lookup: Lookup) -> Lookup:
    """What *lookup* counts as, by whom it comes from."""
    status = lookup.status if isinstance(lookup, Unauthorized | Unavailable) else None
    return Missing(or_no_access=True) if status in ref.overlooked else lookup


def _of_group(
    id: PackageId, group: Sequence[RegistryRef], lookups: Sequence[Lookup], key: KeyOf
) -> Lookup:
    """What those come to that are asked at the same time; Missing where none has the package."""
    found = [
        (ref, each) for ref, each in zip(group, lookups, strict=True) if isinstance(each, Found)
    ]
    failures = [each for each in lookups if isinstance(each, Unauthorized | Unavailable)]
    if not found:
        return failures[0] if failures else Missing()
    troubles = [*failures, *(each.trouble for _, each in found if each.trouble is not None)]
    first = replace(found[0][0], otherwise=group[-1].otherwise, is_merged=False)
    own = replace(id, registry=first)
    packages = [each.package for _, each in found]
    if len(group) > 1:
        package = merged(own, packages, key)
    else:
        package = packages[0] if packages[0].id == own else replace(packages[0], id=own)
    return Found(
        package=package,
        asked_at=min(each.asked_at for _, each in found),
        trouble=troubles[0] if troubles else None,
        is_partial=bool(failures) or any(ref.is_partial for ref in group),
    )


def _with_archives(lookup: Lookup, id: PackageId, key: KeyOf) -> Lookup:
    """What is found together with what lies in folders beside the registries."""
    if not isinstance(lookup, Found) or not id.registry.archives:
        return lookup
    package = lookup.package
    listed = {key(each.version) for each in package.releases}
    local = (each for each in _local(id) if key(each.version) not in listed)
    releases = _sorted((*package.releases, *local), key)
    return replace(lookup, package=replace(package, releases=releases))


def _archived(id: PackageId, heard: Sequence[Held], key: KeyOf) -> Found:
    """A package that no registry has, and a folder does: it is nobody else's to know."""
    own = replace(id, registry=replace(id.registry.alone, url=_FOLDER, is_bound=True))
    return Found(
        package=Package(id=own, display_name=id.name, releases=_sorted(_local(id), key)),
        asked_at=min(each.at for each in heard),
        is_partial=any(ref.is_partial for ref in id.registry.in_turn()),
    )


def _local(id: PackageId) -> Iterator[Release]:
    return (Release(version=each, is_local=True) for each in id.registry.archives)


def _sorted(releases: Iterable[Release], key: KeyOf) -> tuple[Release, ...]:
    keyed = [(place, each) for each in releases if (place := key(each.version)) is not None]
    return tuple(each for _, each in sorted(keyed, key=lambda it: it[0], reverse=True))


def _missing(lookups: Sequence[Lookup]) -> Missing:
    """That none of them has it, in the words of the last one that has any."""
    said = [each for each in lookups if isinstance(each, Missing)]
    detail = next((each.detail for each in reversed(said) if each.detail), None)
    or_no_access = len(said) < len(lookups) or any(each.or_no_access for each in said)
    return Missing(detail=detail, or_no_access=or_no_access)


def _held(lookup: Lookup, heard: Sequence[Held]) -> Held:
    """*lookup*, which stands as long as all does that it was made of."""
    return Held(
        lookup=lookup,
        at=min(each.at for each in heard),
        fresh_until=min(each.fresh_until for each in heard),
    )

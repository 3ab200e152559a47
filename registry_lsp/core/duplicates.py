"""What a manifest asks for twice. Pure, and blind to ecosystems."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from registry_lsp.core.findings import Code, Finding
from registry_lsp.core.manifests import Dependency, Part, Source


def duplicates(
    dependencies: Sequence[Dependency], slot: Callable[[Dependency], Hashable | None]
) -> dict[int, Dependency]:
    """By its place in *dependencies* each one that asks for what another has asked for before it,
    with the first that has.

    *slot* tells what a dependency fills where it is installed: two that fill the same one are
    duplicates, and None fills nothing. What is settled elsewhere (a reference) asks for nothing
    itself, and the alternatives under one name are one entry.
    """
    first: dict[Hashable, Dependency] = {}
    found = {}
    for at, dependency in enumerate(dependencies):
        place = slot(dependency) if dependency.source is not Source.REFERENCE else None
        if place is None or not dependency.name:
            continue
        other = first.setdefault(place, dependency)
        if other.name_span != dependency.name_span:
            found[at] = other
    return found


def duplicate(dependency: Dependency, twin: Dependency) -> Finding:
    """That *dependency* asks for what *twin* asks for."""
    return Finding(
        code=Code.DUPLICATE_DEPENDENCY,
        part=Part.NAME,
        args=(("section", dependency.section), ("other", twin.section)),
    )

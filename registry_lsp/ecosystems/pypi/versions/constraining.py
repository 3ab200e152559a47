"""What constraints make of a requirement: pip's constraints files, uv's constraints and overrides.

As pip has it, what is taken lies in the requirement and in every constraint on its name, as if all
of their clauses stood in one specifier; an override of uv's stands in the requirement's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from registry_lsp.core.manifests import Constraint, Dependency, Source
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.versions.marker_overlap import is_covered
from registry_lsp.ecosystems.pypi.versions.markers import floor
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme

_SCHEME = Pep440Scheme()
_MOST_CLAUSES = 50
"""Constraints on one name that are heeded: nobody has as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One constraint: a ``specifier`` or, where ``source`` is another than a registry, where the
    project of that ``name`` comes from (``target``, ``link``), where ``marker`` holds. ``by`` says
    where it stands; it ``is_override`` where it stands in a requirement's place.
    """

    name: str
    specifier: str
    marker: str
    by: str
    source: Source = Source.REGISTRY
    target: str = ""
    link: str = ""
    is_override: bool = False


Lines: TypeAlias = Mapping[str, tuple[Line, ...]]
"""Constraints by the normalised name that they are on."""
NONE: Lines = MappingProxyType({})


def by_name(lines: Iterable[Line]) -> Lines:
    """*lines* by their names, each once and in their order."""
    found: dict[str, dict[Line, None]] = {}
    for each in lines:
        found.setdefault(each.name, {})[each] = None
    return {name: tuple(some) for name, some in found.items()}


def constrained(dependency: Dependency, lines: Sequence[Line]) -> Dependency:
    """*dependency* with those of *lines*, which are on its name, that hold wherever it is
    installed. Those of which nobody knows whether they hold say nothing.
    """
    if dependency.source is not Source.REGISTRY or dependency.dialect != "pep440":
        return dependency
    holding = [each for each in lines if _holds(each.marker, dependency)]
    elsewhere = next((each for each in holding if each.source is not Source.REGISTRY), None)
    if elsewhere is not None:
        return replace(
            dependency,
            source=elsewhere.source,
            target=elsewhere.target,
            link=elsewhere.link,
            via=elsewhere.by,
        )
    read = [each for each in holding if each.specifier.strip() and _is_read(each.specifier)]
    if not read:
        return dependency
    is_override = any(each.is_override for each in read)
    specifiers = dict.fromkeys(_bare(each.specifier) for each in read[:_MOST_CLAUSES])
    specifier = ",".join(specifiers)
    own = "" if is_override else _bare(dependency.specifier)
    together = ",".join(filter(None, (own, specifier)))
    if not _is_read(together):
        return dependency  # what is written is at fault itself, or too long
    return replace(
        dependency,
        constraint=Constraint(
            specifier=specifier,
            together=together,
            by=", ".join(dict.fromkeys(each.by for each in read)),
            is_override=is_override,
        ),
    )


def _holds(marker: str, dependency: Dependency) -> bool:
    """Whether *marker* holds wherever *dependency* is installed, on the oldest Python of these."""
    if not marker:
        return True
    lowest = floor(dependency.runtime) if dependency.runtime is not None else None
    place = dependency.marker
    if lowest is not None:
        python = f'python_version == "{lowest.major}.{lowest.minor}"'
        place = f"({place}) and {python}" if place else python
    return is_covered(place, (marker,))


def _is_read(specifier: str) -> bool:
    try:
        _SCHEME.parse(specifier)
    except InvalidRequirementError:
        return False
    return True


def _bare(specifier: str) -> str:
    return specifier.strip().rstrip(",").rstrip()

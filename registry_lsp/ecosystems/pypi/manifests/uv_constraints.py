"""What uv's constraints and overrides make of the requirements of a project (*Settings*,
``constraint-dependencies``, ``override-dependencies``, ``build-constraint-dependencies``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from registry_lsp.core.manifests import Dependency
from registry_lsp.ecosystems.pypi.manifests.reading import strings
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.versions.constraining import Line, by_name, constrained
from registry_lsp.syntax.nodes import TableNode
from registry_lsp.syntax.requirements.specifier import scan_requirement

BUILD = "build-constraint-dependencies"
_LISTS = ("constraint-dependencies", "override-dependencies", BUILD)
_BUILDS = "build-system."
_RESOLVED = ("project.", "dependency-groups.", "tool.uv.dev-dependencies")
_SCRIPT = "dependencies"


def read_uv_constraints(root: TableNode) -> Iterator[tuple[str, Line]]:
    """The constraints and overrides of ``tool.uv``, each with the name of its list. Those on
    addresses say where a project comes from, which its sources have already.
    """
    uv = root.section("tool", "uv")
    if uv is None:
        return
    for key in _LISTS:
        for requirement in strings(uv.get(key)):
            scanned = scan_requirement(requirement, 0, len(requirement))
            if scanned is None or scanned.url:
                continue
            yield (
                key,
                Line(
                    name=normalise(scanned.name),
                    specifier=scanned.specifier,
                    marker=scanned.marker,
                    by=f"tool.uv.{key}",
                    is_override=key == "override-dependencies",
                ),
            )


def held_by_uv(
    dependencies: Iterable[Dependency], said: Iterable[tuple[str, Line]]
) -> tuple[Dependency, ...]:
    """*dependencies* of a project with what is *said* of their versions, and nothing else: those
    that a build needs are constrained by a list of their own.
    """
    said = tuple(said)
    building = by_name(line for key, line in said if key == BUILD)
    installing = by_name(line for key, line in said if key != BUILD)
    found = []
    for each in dependencies:
        if each.section.startswith(_BUILDS):
            lines = building.get(each.name, ())
        elif each.section == _SCRIPT or each.section.startswith(_RESOLVED):
            lines = installing.get(each.name, ())
        else:
            lines = ()
        bare = replace(each, constraint=None) if each.constraint is not None else each
        found.append(constrained(bare, lines) if lines else bare)
    return tuple(found)

"""The sections that catalogs are, in whichever manifest they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from registry_lsp.core.manifests import Dependency, Problem
from registry_lsp.core.text import printable
from registry_lsp.ecosystems.npm.manifests.entries import SHOWN, Found, Section, entries
from registry_lsp.syntax.nodes import Node, TableNode

CATALOG, CATALOGS = "catalog", "catalogs"
"""The fields of the default catalog, and of those with names."""
DEFAULT = "default"
"""The name of the catalog that has none."""
RECURSIVE = "An entry of a catalog cannot ask for a catalog itself."

_SECTION = re.compile(r"(?:workspaces\.)?catalogs?(?:\.(.+))?")


def catalog_entries(text: str, value: Node, section: Section) -> Iterator[Found]:
    """The entries of the field that *section* is called after, whose *value* is a node of *text*.

    Those of a catalog with a name are in the section ``catalogs.<name>``.
    """
    if not isinstance(value, TableNode):
        return
    if section.name.endswith(CATALOG):
        yield from entries(text, value, section)
        return
    for key, catalog in value.members:
        if isinstance(catalog, TableNode):
            name = f"{section.name}.{printable(key.value, SHOWN)}"
            yield from entries(text, catalog, replace(section, name=name))


def repetitions(holder: TableNode) -> Iterator[Problem]:
    """The entries that the default catalog has twice, which Bun refuses: in ``catalog`` and in
    ``catalogs.default`` of *holder*.
    """
    unnamed, named = holder.table(CATALOG), holder.table(CATALOGS, DEFAULT)
    if unnamed is None or named is None:
        return
    names = {key.value for key, _ in unnamed.members}
    for key, _ in named.members:
        if key.value and key.value in names:
            reason = f"Bun refuses it: '{CATALOG}' has '{printable(key.value, SHOWN)}' already."
            yield Problem(span=key.inner, reason=reason, by="bun")


def has_root_catalogs(root: TableNode) -> bool:
    """Whether Bun reads the catalogs at the top of a package.json, whose tree is *root*: where
    there are workspaces to use them that have none of their own, be it an empty one.
    """
    workspaces = root.get("workspaces")
    if not isinstance(workspaces, TableNode):
        return workspaces is not None
    return workspaces.get(CATALOG) is None and workspaces.get(CATALOGS) is None


def catalog_of(dependency: Dependency) -> str | None:
    """The name of the catalog that *dependency* is an entry of, None where it is of none."""
    section = _SECTION.fullmatch(dependency.section)
    return (section[1] or DEFAULT) if section else None


def problem_of(dependency: Dependency, reason: str) -> Problem:
    """A problem with what stands in the version's place of *dependency*."""
    return Problem(span=dependency.written_span or dependency.name_span, reason=reason)

"""The sections that catalogs are, in whichever manifest they stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from registry_lsp.core.text import printable
from registry_lsp.ecosystems.npm.manifests.entries import SHOWN, Found, Section, entries
from registry_lsp.syntax.nodes import Node, TableNode

CATALOG, CATALOGS = "catalog", "catalogs"
"""The fields of the default catalog, and of those with names."""


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

"""Where the sections of a manifest begin: the keys that lead to its dependencies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from registry_lsp.core.manifests import Dependency, Heading
from registry_lsp.syntax.nodes import StringNode, TableNode, tables_in


def headings(root: TableNode, dependencies: Iterable[Dependency]) -> tuple[Heading, ...]:
    """The headings of the sections of *dependencies*, each of which is called by the keys that
    lead to it from *root*, joined by dots. One that is written in several places has several.
    """
    names = sorted({each.section for each in dependencies})
    found = (Heading(section=name, span=key.inner) for name, key in _found(root, names))
    return tuple(sorted(found, key=lambda each: each.span))


def _found(root: TableNode, names: list[str]) -> Iterator[tuple[str, StringNode]]:
    tables = [("", root)]
    while tables:
        prefix, table = tables.pop()
        for key, value in table.members:
            path = prefix + key.value
            at = bisect_left(names, path)
            if at < len(names) and names[at] == path:
                yield path, key
            below = f"{path}."
            at = bisect_left(names, below)
            if at < len(names) and names[at].startswith(below):
                tables += [(below, each) for each in tables_in(value)]

"""``packageExtensions`` of pnpm and Yarn: dependencies that a project gives to packages of others,
which forgot them. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from registry_lsp.ecosystems.npm.entries import Found, Section, entries
from registry_lsp.syntax.nodes import Node, TableNode

_PEER = "peerDependencies"
_KINDS = ("dependencies", "optionalDependencies", _PEER)


def package_extensions(text: str, value: Node | None, section: Section) -> Iterator[Found]:
    """The dependencies of all extensions in *value*, a node of *text*; they are in *section*."""
    for _, extension in value.members if isinstance(value, TableNode) else ():
        if not isinstance(extension, TableNode):
            continue
        for kind in _KINDS:
            table = extension.table(kind)
            if table is not None:
                yield from entries(
                    text,
                    table,
                    replace(
                        section,
                        is_optional=kind == "optionalDependencies",
                        optional_names=optional_peers(extension) if kind == _PEER else frozenset(),
                    ),
                )


def optional_peers(table: TableNode) -> frozenset[str]:
    """The peers that ``peerDependenciesMeta`` of *table* calls optional."""
    meta = table.table("peerDependenciesMeta")
    return frozenset(
        member.key.value
        for member in (meta.members if meta is not None else ())
        if isinstance(member.value, TableNode) and member.value.is_true("optional")
    )

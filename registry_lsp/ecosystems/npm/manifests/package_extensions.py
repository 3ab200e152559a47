"""``packageExtensions`` of pnpm and Yarn: dependencies that a project gives to packages of others,
which forgot them. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from registry_lsp.ecosystems.npm.manifests.entries import Found, Section, entries
from registry_lsp.syntax.nodes import Node, TableNode

_PEER = "peerDependencies"
_OPTIONAL = "optionalDependencies"
_KINDS = frozenset({"dependencies", _OPTIONAL, _PEER})


def package_extensions(text: str, value: Node | None, section: Section) -> Iterator[Found]:
    """The dependencies of all extensions in *value*, a node of *text*; they are in *section*."""
    extensions = value.members if isinstance(value, TableNode) else ()
    for extension in (each for _, each in extensions if isinstance(each, TableNode)):
        for kind, table in extension.members:
            if kind.value in _KINDS and isinstance(table, TableNode):
                peers = optional_peers(extension) if kind.value == _PEER else frozenset()
                is_optional = kind.value == _OPTIONAL
                own = replace(section, is_optional=is_optional, optional_names=peers)
                yield from entries(text, table, own)


def optional_peers(table: TableNode) -> frozenset[str]:
    """The peers that ``peerDependenciesMeta`` of *table* calls optional."""
    meta = table.table("peerDependenciesMeta")
    return frozenset(
        member.key.value
        for member in (meta.members if meta is not None else ())
        if isinstance(member.value, TableNode) and member.value.is_true("optional")
    )

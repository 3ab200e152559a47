"""The sections of ``package.json`` in which a project's own dependencies stand, and what counts
where a name stands in several of them. Pure.
"""

from __future__ import annotations

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.npm.manifests.replacements import ELSEWHERE
from registry_lsp.ecosystems.npm.manifests.specifier import classify
from registry_lsp.syntax.nodes import StringNode, TableNode

PEER = "peerDependencies"
OPTIONAL = "optionalDependencies"
DEVELOPMENT = "devDependencies"

DIRECT_SECTIONS = (PEER, "dependencies", OPTIONAL, DEVELOPMENT)
"""Where a project's own dependencies stand; of a name that stands in several the last of these
counts (``@npmcli/arborist``, ``node.js``).
"""


def direct(root: TableNode) -> dict[str, tuple[str, str]]:
    """The section and the specifier of each direct dependency that counts, in the package.json
    whose tree is *root*.
    """
    return {
        key.value: (name, value.value)
        for name, table in _tables(root)
        for key, value in table.members
        if isinstance(value, StringNode)
    }


def direct_specifiers(root: TableNode) -> dict[str, str]:
    """The specifiers of the direct dependencies that count."""
    return {name: specifier for name, (_, specifier) in direct(root).items()}


def from_elsewhere(root: TableNode) -> dict[str, str]:
    """Of the names that stand in several sections those that one of them takes from elsewhere
    than a registry, each with that section: whoever installs asks no registry for them.
    """
    tables = _tables(root)
    seen: set[str] = set()
    repeated: set[str] = set()
    for _, table in tables:
        names = {key.value for key, _ in table.members}
        repeated |= seen & names
        seen |= names
    return {
        key.value: name
        for name, table in tables
        for key, value in (table.members if repeated else ())
        if key.value in repeated
        and isinstance(value, StringNode)
        and classify(value.value).source in ELSEWHERE
    }


def peer_aliases(root: TableNode) -> dict[str, str]:
    """Of the names of peers those that another section takes from another package, each with that
    section: the peer's range is for others, and that package is what is installed.
    """
    peers = root.table(PEER)
    names = {key.value for key, _ in peers.members} if peers is not None else set()
    return {
        key.value: name
        for name, table in _tables(root)
        for key, value in (table.members if names and name != PEER else ())
        if key.value in names and isinstance(value, StringNode) and _is_other(key.value, value)
    }


def _is_other(name: str, value: StringNode) -> bool:
    """Whether it is an alias of another package than *name*."""
    means = classify(value.value)
    return means.source is Source.ALIAS and means.name not in {"", name}


def _tables(root: TableNode) -> list[tuple[str, TableNode]]:
    tables = ((name, root.table(name)) for name in DIRECT_SECTIONS)
    return [(name, table) for name, table in tables if table is not None]

"""What a scanned tree says, in the words of ``json.loads`` and ``tomli.loads``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode


def plain(node: Node | None, scalar: Callable[[str], Any]) -> Any:
    """The tree in dicts, lists and values; *scalar* reads what is no string."""
    if isinstance(node, StringNode):
        return node.value
    if isinstance(node, ScalarNode):
        return scalar(node.text)
    if isinstance(node, ArrayNode):
        return [plain(item, scalar) for item in node.items]
    if isinstance(node, TableNode):
        return {key.value: plain(value, scalar) for key, value in node.members}
    return None


def strings(node: Node | None) -> Iterator[StringNode]:
    """Every string and key of the tree."""
    if isinstance(node, StringNode):
        yield node
    for item in node.items if isinstance(node, ArrayNode) else ():
        yield from strings(item)
    for key, value in node.members if isinstance(node, TableNode) else ():
        yield key
        yield from strings(value)

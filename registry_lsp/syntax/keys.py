"""Which key, or which string, stands at a place of a tree, and what else could stand there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from registry_lsp.core.text import Span
from registry_lsp.core.words import Sort, Words
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode, tables_in
from registry_lsp.syntax.reading import line_at

Vocabulary: TypeAlias = Mapping[tuple[str, ...], tuple[str, ...]]
"""The keys that a format knows, by the path of the table that they stand in; ``*`` is any key."""

_FILL = "x"
_HEADER = re.compile(r"[ \t]*\[[^\]={}]*")
_BEFORE_A_KEY = frozenset("{[,.")


class Spot(NamedTuple):
    """A key or a string: the ``path`` of keys that leads to it (a key's own is not in it, and
    arrays are none), the ``table`` that it stands in, and whether it ``is_key``.
    """

    path: tuple[str, ...]
    node: StringNode
    table: TableNode | None
    is_key: bool


def spot_at(root: Node | None, offset: int) -> Spot | None:
    """What is typed at *offset*."""
    todo: list[tuple[tuple[str, ...], Node | None, TableNode | None]] = [((), root, None)]
    while todo:
        path, node, table = todo.pop()
        if isinstance(node, StringNode):
            if node.inner_start <= offset <= node.inner_end:
                return Spot(path, node, table, is_key=False)
        elif isinstance(node, ArrayNode):
            todo += [(path, each, table) for each in node.items]
        elif isinstance(node, TableNode):
            for key, value in node.members:
                if key.inner_start <= offset <= key.inner_end:
                    return Spot(path, key, node, is_key=True)
                if value is not None:
                    todo.append(((*path, key.value), value, node))
    return None


def keys_at(
    text: str,
    offset: int,
    scan: Callable[[str], Node | None],
    vocabulary: Vocabulary,
    *,
    is_once: bool = True,
) -> Words | None:
    """The keys that may be typed at *offset* of *text*, which *scan* reads. *is_once* says that no
    table is named twice, as headers do.
    """
    spot = spot_at(scan(text), offset)
    if spot is None:  # nothing is typed yet: what would it be if something were?
        if not _may_begin(text, offset):
            return None
        spot = spot_at(scan(text[:offset] + _FILL + text[offset:]), offset)
        if spot is None or spot.node.value != _FILL:
            return None
        span = Span(offset, offset)
    else:
        span = spot.node.inner
    if not spot.is_key:
        return None
    known = next((words for path, words in vocabulary.items() if _fits(spot.path, path)), ())
    members = spot.table.members if spot.table is not None else ()
    is_header = not is_once and _HEADER.fullmatch(text, line_at(text, span.start)[0], span.start)
    taken = {
        key.value
        for key, value in members
        if key is not spot.node and value is not None and not (is_header and tables_in(value))
    }
    words = tuple(each for each in known if each not in taken)
    return Words(sort=Sort.KEY, span=span, words=words) if words else None


def _may_begin(text: str, offset: int) -> bool:
    """Whether a key may begin at *offset*: not where its line has begun with something else."""
    before = text[line_at(text, offset)[0] : offset].rstrip(" \t")
    return not before or before[-1] in _BEFORE_A_KEY


def _fits(path: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    return len(path) == len(pattern) and all(
        part in ("*", step) for step, part in zip(path, pattern, strict=True)
    )

"""YAML that is broken: what its lines were, or are becoming."""

from __future__ import annotations

import re

from registry_lsp.syntax.nodes import Member, StringNode
from registry_lsp.syntax.reading import end_of
from registry_lsp.syntax.yaml.lines import KEY, MEMBER, LineScanner
from registry_lsp.syntax.yaml.scalars import BREAK

_LEAST_INDENT = 2
_WIDEST_GAP = 64
_LINE = re.compile(r"[^\r\n]*")
_BLANKS = re.compile(r"[ \t]*")
_ODD_KEY = re.compile(r"[^\r\n:#][^\r\n:]*(?::(?=[^ \t\r\n])[^\r\n:]*){0,100}(?=:(?:[ \t\r\n]|\Z))")
_KEY_BELOW = re.compile(rf"(?:[ \t]*(?:#[^\r\n]*)?{BREAK}){{1,100}}( *){KEY}")
_ITEM = re.compile(r"-(?=[ \t\r\n]|\Z)")
_STARTS = frozenset("\"'[{&*!|>")
"""What begins a value that tells its own end."""


class LineMender(LineScanner):
    """A reading of a text that is known to be broken: it believes the layout."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        super().__init__(text, trusting=False)

    def _is_next_line(self, at: int) -> bool:
        """See :class:`LineScanner`. How many blanks there are says how deep it was indented."""
        text, top = self._text, self._blocks.top
        before = text[max(0, at - _WIDEST_GAP) : at]
        end = end_of(_BLANKS, text, at)
        column = end - at + len(before) - len(before.rstrip(" "))
        if top is None or not (MEMBER.match(text, end) or _ITEM.match(text, end)):
            return False
        is_child = top.value is None and column > top.indent
        if column < _LEAST_INDENT or not (is_child or self._blocks.is_indent(column)):
            return False
        self._at, self._column = end, column
        return True

    def _is_odd_key(self, at: int, column: int) -> bool:
        """See :class:`LineScanner`. A quote that is missing on its left is taken off its right."""
        text = self._text
        odd = _ODD_KEY.match(text, at) if text[at] not in _STARTS else None
        if odd is None:
            return False
        name = odd[0].rstrip(" \t\"'")
        self._reader.at = odd.end()
        self._keyed(StringNode(name, at, at + len(name), at, at + len(name)), at, column)
        return True

    def _is_above_key(self, at: int, column: int) -> bool:
        """See :class:`LineScanner`. At the top of a text any line is becoming a key."""
        below = _KEY_BELOW.match(self._text, end_of(_LINE, self._text, at))
        return self._blocks.top is None or (below is not None and len(below[1]) >= column)

    def _half_typed(self, key: StringNode, column: int) -> None:
        """See :class:`LineScanner`. Among items it is one that has lost its '-', or the blank
        behind that.
        """
        top = self._blocks.top
        is_dashed = key.is_bare and key.value.startswith("-")
        is_item = is_dashed or (top is not None and not top.is_map and column == top.indent)
        home = self._blocks.home(column, key.start, is_map=not is_item)
        if is_dashed:
            start, end = key.start + 1, key.end
            key = StringNode(key.value[1:], start, end, start, end)
        if home is not None:
            home.add(key if is_item else Member(key, None))

"""JSON as it stands in an editor: positioned, and whole even where the text is not.

A first reading trusts the brackets. Where it meets damage (a bracket or quote that is missing, a
key without a value) a second one believes the layout too: a string ends with its line, a key
that stands no deeper than the keys around its object ends that object. Comments, trailing or
missing commas and a byte order mark are no damage.

Both readings are linear in the text, and neither recurses. On a valid document the tree says
what :func:`json.loads` says, with duplicate keys kept.
"""

from __future__ import annotations

import re

from registry_lsp.syntax.json.strings import decode, length_unclosed
from registry_lsp.syntax.nodes import (
    ArrayNode,
    Member,
    Node,
    ScalarNode,
    StringNode,
    TableNode,
)
from registry_lsp.syntax.reading import MAX_DEPTH, DamageError, column, end_of, read_twice
from registry_lsp.syntax.strings import quoted_end

_BETWEEN = re.compile(r"[\s,\ufeff]*")
_WITHIN = re.compile(r"\s*")
_LINE = re.compile(r"[^\r\n]*")
_LINE_END = re.compile(r"[\r\n]")
_COLON = re.compile(r"\s*:")
_MEMBER = re.compile(r'[\s,\ufeff]*"([^"\\\r\n]*)"\s*:\s*(?:"([^"\\\r\n]*)"(?=[ \t]*[,}\r\n]))?')
"""A key, its colon and, where it is plain and whole, a string after it."""
_SCALAR = re.compile(r"(?:-?(?:[0-9][0-9.eE+-]*|Infinity)|true|false|null|NaN)(?=[\s,}\]/]|\Z)")
_BARE_KEY = re.compile(r'[^\s"{}\[\],:][^"\r\n{}\[\],:]{0,255}')
_BARE_VALUE = re.compile(r'[^"\r\n{}\[\],]*"?')
_VALUE_AHEAD = re.compile(r'[{\[]|"[^"\\\r\n]*"(?!\s*:)')
_STRING_END = re.compile(r'[\s,:}\]"/]|\Z')
"""What may stand behind a string."""


def scan_json(text: str) -> Node | None:
    """The tree of a JSON text; None where nothing is in it. Never raises."""
    return read_twice(lambda *, trusting: _Scanner(text, trusting=trusting).scan())


class _Open:
    """An object or array whose end is still to come.

    ``indent`` is the column of the first key that begins a line, None while there is none;
    ``lead`` is what stands before it, from the line end on.
    """

    __slots__ = ("indent", "is_table", "items", "key", "lead", "members", "start")

    def __init__(self, key: StringNode | None, start: int, *, is_table: bool) -> None:
        self.key = key
        self.start = start
        self.is_table = is_table
        self.indent: int | None = None
        self.lead = ""
        self.members: list[Member] = []
        self.items: list[Node] = []


class _Scanner:
    """One reading of one text."""

    __slots__ = ("_arrays", "_at", "_has_block_ends", "_root", "_stack", "_text", "_trusting")

    def __init__(self, text: str, *, trusting: bool) -> None:
        self._text = text
        self._trusting = trusting
        self._at = 0
        self._stack: list[_Open] = []
        self._arrays = 0
        self._root: Node | None = None
        self._has_block_ends = True

    def scan(self) -> Node | None:
        self._skip(_BETWEEN)
        self._value(None)
        while self._stack:
            top = self._stack[-1]
            if top.is_table:
                self._members(top)
            else:
                self._item()
            if self._at >= len(self._text) and self._stack:
                self._damage()
                self._close()
        self._skip(_BETWEEN)
        if self._at < len(self._text):
            self._damage()
        return self._root

    def _damage(self) -> None:
        if self._trusting:
            raise DamageError

    def _skip(self, blanks: re.Pattern[str]) -> str:
        """Go past *blanks* and comments; the character that stands there, '' at the end."""
        text = self._text
        while True:
            self._at = end_of(blanks, text, self._at)
            if text.startswith("/*", self._at) and self._has_block_ends:
                end = text.find("*/", self._at + 2)
                self._has_block_ends = end >= 0
                self._at = end + 2 if end >= 0 else self._at
            elif text.startswith(("//", "/*"), self._at):
                self._at = end_of(_LINE, text, self._at)
            else:
                return text[self._at : self._at + 1]

    # --- objects and arrays ---------------------------------------------------------------------

    def _open(self, key: StringNode | None, *, is_table: bool) -> None:
        self._stack.append(_Open(key, self._at, is_table=is_table))
        self._arrays += not is_table
        if len(self._stack) > MAX_DEPTH:
            self._at = len(self._text)

    def _close(self) -> None:
        top = self._stack.pop()
        self._arrays -= not top.is_table
        if top.is_table:
            self._attach(top.key, TableNode(tuple(top.members), top.start, self._at))
        else:
            self._attach(top.key, ArrayNode(tuple(top.items), top.start, self._at))

    def _attach(self, key: StringNode | None, node: Node | None) -> None:
        if not self._stack:
            self._root = node
        elif not self._stack[-1].is_table:
            if node is not None:
                self._stack[-1].items.append(node)
        elif key is not None:
            self._stack[-1].members.append(Member(key, node))

    def _members(self, top: _Open) -> None:
        """Read members as long as they are plain, then one that is not."""
        text, append = self._text, top.members.append
        while (match := _MEMBER.match(text, self._at)) is not None:
            start, end = match.span(1)
            if not self._trusting and self._closed_by_layout(start - 1):
                return
            key = StringNode(match[1], start - 1, end + 1, start, end)
            value = match[2]
            self._at = match.end()
            if value is None:
                self._value(key)
                return
            start, end = match.span(2)
            append(Member(key, StringNode(value, start - 1, end + 1, start, end)))
        self._member()

    def _member(self) -> None:
        """Read what stands in an object and is no plain member."""
        char = self._skip(_BETWEEN)
        if char == "}":
            self._at += 1
            if self._trusting or len(self._stack) > 1 or not self._is_more_to_come():
                self._close()
        elif char == "]":
            self._damage()
            if self._arrays:
                self._close()
            else:
                self._at += 1
        elif char in {"{", "["}:
            self._damage()
            self._open(None, is_table=char == "{")
            self._at += 1
        elif char == ":":
            self._damage()
            self._at += 1
        elif char and (self._trusting or not self._closed_by_layout(self._at)):
            self._keyed(self._string(is_key=True) if char == '"' else self._bare_key())

    def _keyed(self, key: StringNode) -> None:
        """Read what follows *key*: a colon and a value, if all is well."""
        if self._skip(_WITHIN) == ":":
            self._at += 1
            self._value(key)
            return
        self._damage()
        if self._on_one_line(key.end, self._at) and _VALUE_AHEAD.match(self._text, self._at):
            self._value(key)
        else:
            self._attach(key, None)

    def _bare_key(self) -> StringNode:
        """A key whose opening quote is missing."""
        self._damage()
        start, end = self._at, end_of(_BARE_KEY, self._text, self._at)
        self._at = end + self._text.startswith('"', end)
        return StringNode(self._text[start:end].rstrip(), start, end, start, end)

    def _item(self) -> None:
        """Read one item of an array, or its end."""
        char = self._skip(_BETWEEN)
        if char == "]":
            self._at += 1
            self._close()
        elif char == "}":
            self._damage()
            self._at += len(self._stack) == self._arrays  # no object is open that it could end
            self._close()
        elif char == ":":
            self._damage()
            self._at += 1
        elif char == '"':
            string = self._string(is_key=False)
            if _COLON.match(self._text, self._at):  # a key: the array's bracket is missing
                self._damage()
                self._at = string.start
                self._close()
            else:
                self._attach(None, string)
        elif char:
            self._value(None)

    # --- values ---------------------------------------------------------------------------------

    def _value(self, key: StringNode | None) -> None:
        """Read the value of *key*, or one that has no key."""
        char = self._skip(_WITHIN)
        if char in {"{", "["}:
            self._open(key, is_table=char == "{")
            self._at += 1
        elif char == '"':
            self._string_value(key)
        elif (match := _SCALAR.match(self._text, self._at)) is not None:
            self._at = match.end()
            self._attach(key, ScalarNode(match.group(), match.start(), match.end()))
        else:
            self._damage()
            start, self._at = self._at, end_of(_BARE_VALUE, self._text, self._at)
            raw = self._text[start : self._at].rstrip()
            self._attach(key, ScalarNode(raw, start, start + len(raw)) if raw else None)

    def _string_value(self, key: StringNode | None) -> None:
        string = self._string(is_key=False)
        if not string.is_closed or not _COLON.match(self._text, self._at):
            self._attach(key, string)
            return
        self._damage()
        self._at = string.start
        if self._stands_below(key, string):
            self._open(key, is_table=True)  # its brace is missing
        else:
            self._attach(key, None)

    def _string(self, *, is_key: bool) -> StringNode:
        text, start = self._text, self._at
        inner_end = quoted_end(text, start + 1)
        end = inner_end + text.startswith('"', inner_end)
        if end == inner_end or _STRING_END.match(text, end) is None:
            self._damage()
            raw, quote = text[start + 1 : inner_end], text[inner_end:end]
            length = length_unclosed(raw, quote, is_key=is_key)
            if length is not None:
                inner_end = end = start + 1 + length
        self._at = end
        return StringNode(decode(text[start + 1 : inner_end]), start, end, start + 1, inner_end)

    # --- layout ---------------------------------------------------------------------------------

    def _is_more_to_come(self) -> bool:
        at, more = self._at, self._skip(_BETWEEN) != ""
        self._at = at
        return more

    def _on_one_line(self, start: int, end: int) -> bool:
        return _LINE_END.search(self._text, start, end) is None

    def _stands_below(self, key: StringNode | None, string: StringNode) -> bool:
        """Whether *string*, a key where the value of *key* should be, belongs into that value."""
        if key is None or self._on_one_line(key.end, string.start):
            return True
        outer, inner = column(self._text, key.start), column(self._text, string.start)
        return outer is not None and inner is not None and inner > outer

    def _closed_by_layout(self, at: int) -> bool:
        """Whether the key at *at* stands too far left for the innermost object: that is closed."""
        top = self._stack[-1]
        if top.lead and self._text.startswith(top.lead, at - len(top.lead)):
            return False
        indent = column(self._text, at)
        if indent is None:
            return False
        outer = next((each.indent for each in reversed(self._stack[:-1]) if each.is_table), None)
        if outer and indent <= outer and top.indent != outer:
            self._close()
            return True
        if top.indent is None:
            top.indent = indent
            top.lead = self._text[at - indent - 1 : at] if at > indent else ""
        return False

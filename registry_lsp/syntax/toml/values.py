"""The keys and values of TOML, scanned with their positions.

A :class:`ValueReader` is a cursor over the text, which the statements of
:mod:`registry_lsp.syntax.toml.scanner` move on. It does not recurse: arrays and inline tables that
are open wait on a stack.
"""

from __future__ import annotations

import re

from registry_lsp.syntax.nodes import ArrayNode, Member, Node, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.reading import MAX_DEPTH, DamageError, column, end_of
from registry_lsp.syntax.toml.strings import BLOCKS, decode, length_unclosed, string_end
from registry_lsp.syntax.toml.tables import TableBuilder

_BARE = "[A-Za-z0-9_-]+"
QUOTED = r'"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*){0,100}"' + r"|'[^'\r\n]*'"
KEY = rf"(?:{_BARE}|{QUOTED})"
_BARE_KEY = re.compile(rf"({_BARE})[ \t]*(?==)")
_PART = re.compile(rf"[ \t]*({KEY})[ \t]*")
MOST_PARTS = 100
"""A key of more parts is not read: nobody writes one, and each part is a table within the last."""

HEADER = (
    rf"\[{{1,2}}[ \t]*[A-Za-z_][A-Za-z0-9_-]*[ \t]*(?:\.[ \t]*{KEY}[ \t]*){{0,{MOST_PARTS}}}"
    r"\]{1,2}[ \t]*(?=[#\r\n]|\Z)"
)
ASSIGNMENT = rf"{KEY}[ \t]*(?:\.[ \t]*{KEY}[ \t]*){{0,{MOST_PARTS}}}=(?!=)"
_STATEMENT = re.compile(rf"(?P<header>{HEADER})|{ASSIGNMENT}")
_HEADER_LINE = re.compile(rf"^[ \t]*{HEADER}", re.MULTILINE)
_STATEMENT_LINE = re.compile(rf"^[ \t]*(?:{HEADER}|{ASSIGNMENT})", re.MULTILINE)

_BLANKS = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n,]+|#[^\r\n]*){1,1000}")  # more at a time would cost memory
_GAP_START = frozenset(" \t\r\n,#")
_PLAIN_ITEM = re.compile(r"""[ \t\r\n,]*(?:"([^"\\\r\n]*)"|'([^'\r\n]*)')(?=[ \t]*[,\]\r\n#])""")
"""A whole string without escapes, as an item of an array."""
_PLAIN_STRING = r"""(?:"[^"\\\r\n]*"|'[^'\r\n]*')"""
_STRINGS = rf"\[[ \t]*(?:{_PLAIN_STRING}[ \t]*(?:,[ \t]*|(?=\]))){{0,100}}\]"
_PLAIN_ENTRY = re.compile(
    rf"""({_BARE})[ \t]*=[ \t]*(?:"([^"\\\r\n]*)"|'([^'\r\n]*)'|(true|false)|({_STRINGS}))"""
)
_ENTRY = rf"{_BARE}[ \t]*=[ \t]*(?:{_PLAIN_STRING}|true|false|{_STRINGS})"
_PLAIN_TABLE = re.compile(rf"\{{(?:[ \t]*{_ENTRY}[ \t]*(?:,|(?=\}}))){{0,100}}[ \t]*\}}")
"""An inline table on one line, of bare keys, each with such a string, with several of them in an
array, or with a boolean.
"""
_SCALAR = re.compile(
    r"(?:true|false|[+-]?(?:inf|nan|[0-9][0-9A-Za-z_.:+-]*"
    r"(?: [0-9]{2}:[0-9:.]+(?:[zZ]|[+-][0-9:]+)?)?))(?=[ \t]*(?:[,\]}\r\n#]|\Z))"
)
_WITHOUT_OPENING_QUOTE = re.compile(
    r"""(?:(?!,[ \t]{0,9}["'])[^\r\n]){0,200}?["'](?=[ \t]*(?:[,\]}\r\n#]|\Z))"""
)
_END_OF_ARRAY = re.compile(rf"\][ \t]*(?:[,\]}}#\r\n]|\Z|{ASSIGNMENT})")
_BRACKET_IN_WORD = re.compile(r"""(?<=["'])\[""")
"""What begins an extra, behind a quote that is too many: ``"name"[extra]>=1"``."""
_BARE_VALUE = re.compile(r"""[^,\]}\r\n#"']*""")
_BARE_REST = re.compile(r"[^\r\n#]*")


class _Open:
    """An array, or with a ``table`` an inline table, whose end is still to come.

    ``keys`` are those whose value is being read.
    """

    __slots__ = ("items", "keys", "start", "table")

    def __init__(self, start: int, table: TableBuilder | None) -> None:
        self.start = start
        self.table = table
        self.items: list[Node] = []
        self.keys: tuple[StringNode, ...] = ()


class ValueReader:
    """A cursor that reads keys and values; ``at`` is the offset where it stands."""

    __slots__ = ("_arrays", "_margin", "_result", "_stack", "at", "text", "trusting")

    def __init__(self, text: str, *, trusting: bool) -> None:
        self.text = text
        self.trusting = trusting
        self.at = 0
        self._stack: list[_Open] = []
        self._arrays = 0
        self._margin = 0
        self._result: Node | None = None

    def damage(self) -> None:
        """Something is here that no valid document holds: the end of a trusting reading."""
        if self.trusting:
            raise DamageError

    def keys(self) -> tuple[StringNode, ...]:
        """Read a key with its dots; empty where none is here. The blanks behind it are read too."""
        only = _BARE_KEY.match(self.text, self.at)
        if only is not None:
            start, end = only.span(1)
            self.at = only.end()
            return (StringNode(only[1], start, end, start, end),)
        parts: list[StringNode] = []
        match = _PART.match(self.text, self.at)
        while match is not None and len(parts) < MOST_PARTS:
            start, end = match.span(1)
            quotes = self.text[start] in "\"'"
            raw = self.text[start + quotes : end - quotes]
            value = decode(raw) if self.text[start] == '"' else raw
            parts.append(StringNode(value, start, end, start + quotes, end - quotes))
            self.at = match.end()
            has_more = self.text.startswith(".", self.at)
            match = _PART.match(self.text, self.at + 1) if has_more else None
        return tuple(parts)

    def value(self, margin: int = 0, *, has_bracket: bool = True) -> Node | None:
        """Read the value that begins here; None where there is none.

        *margin* is the column of its statement: in a reading that believes the layout, a key
        that begins a line at or left of it is a statement and no part of an inline table.
        Without its *has_bracket*, the value is an array whose first item is here.
        """
        self._margin = margin
        self._result = None
        if has_bracket:
            self._begin()
        else:
            self._open(None)
        while self._stack:
            before = self.at
            self._skip_gap()
            if self.at >= len(self.text) or self._is_ended_by_layout():
                self.damage()
                self.at = min(before, len(self.text))
                while self._stack:
                    self._close()
            elif self._stack[-1].table is None:
                self._item(self._stack[-1])
            else:
                self._entry(self._stack[-1])
        return self._result

    def _skip_gap(self) -> None:
        at = self.at
        if self.text[at : at + 1] not in _GAP_START:
            return
        while (end := end_of(_GAP, self.text, at)) != at:
            at = end
        self.at = at

    def _is_ended_by_layout(self) -> bool:
        """Whether a statement begins here, at the beginning of a line. What is quoted there, deeper
        than the statement that is being read, is an item with a quote too many.
        """
        if self.trusting or (match := _STATEMENT.match(self.text, self.at)) is None:
            return False
        indent = column(self.text, self.at)
        if indent is None:
            return False
        is_bare_in_array = self._stack[-1].table is None and match[0][0] not in "\"'"
        return bool(match["header"]) or is_bare_in_array or indent <= self._margin

    # --- arrays and inline tables -----------------------------------------------------------------

    def _open(self, table: TableBuilder | None) -> None:
        self._stack.append(_Open(self.at, table))
        self._arrays += table is None
        if len(self._stack) > MAX_DEPTH:
            self.at = len(self.text)

    def _close(self) -> None:
        top = self._stack.pop()
        if top.table is None:
            self._arrays -= 1
            self._attach(ArrayNode(tuple(top.items), top.start, self.at))
        else:
            top.table.end = self.at
            self._attach(top.table.freeze())

    def _attach(self, node: Node | None) -> None:
        if not self._stack:
            self._result = node
        elif (table := self._stack[-1].table) is not None:
            table.put(self._stack[-1].keys, node)
        elif node is not None:
            self._stack[-1].items.append(node)

    def _item(self, top: _Open) -> None:
        """Read what stands in an array: plain strings as many as there are, or one other thing."""
        text, append = self.text, top.items.append
        while (match := _PLAIN_ITEM.match(text, self.at)) is not None:
            start, end = match.span(match.lastindex or 0)
            append(StringNode(text[start:end], start - 1, end + 1, start, end))
            self.at = match.end()
            if not self.trusting:
                return  # the layout is looked at before each
        char = text[self.at : self.at + 1]
        if not self.trusting and self._is_bracket_of_word(char):
            self.at += 1
        elif char == "]":
            self.at += 1
            self._close()
        elif char == "}":
            self.damage()
            self._end_or_skip(is_open=len(self._stack) > self._arrays)
        elif char == "=":
            self.damage()
            self.at += 1
        elif char not in _GAP_START:
            self._begin()

    def _is_bracket_of_word(self, char: str) -> bool:
        """Whether the bracket *char* here is that of an extra and no array's, as what stands
        before or behind it says.
        """
        if char == "]":
            return _END_OF_ARRAY.match(self.text, self.at) is None
        return char == "[" and _BRACKET_IN_WORD.match(self.text, self.at) is not None

    def _entry(self, top: _Open) -> None:
        """Read what stands in an inline table: a key with its value, or the end."""
        char = self.text[self.at]
        if char == "}":
            self.at += 1
            self._close()
        elif char in {"]", "{"}:
            self.damage()  # the end of an array that is around, or the next item of it
            self._end_or_skip(is_open=self._arrays > 0)
        elif keys := self.keys():
            self._keyed(top, keys)
        else:
            self.damage()
            self.at = max(self.at + 1, end_of(_BARE_VALUE, self.text, self.at))

    def _keyed(self, top: _Open, keys: tuple[StringNode, ...]) -> None:
        top.keys = keys
        if self.text.startswith("=", self.at):
            self.at = end_of(_BLANKS, self.text, self.at + 1)
            self._begin()
            return
        self.damage()
        if self._arrays and not keys[0].is_bare:
            self.at = keys[0].start  # the next item of the array around: a brace is missing
            self._close()
        else:
            self._attach(None)

    def _end_or_skip(self, *, is_open: bool) -> None:
        """At a bracket of the wrong kind: where one *is_open* that it ends, all within ends too."""
        if is_open:
            self._close()
        else:
            self.at += 1

    # --- values -----------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Read a value, or the bracket that begins it."""
        char = self.text[self.at : self.at + 1]
        if char == "[":
            self._open(None)
            self.at += 1
        elif (match := _PLAIN_TABLE.match(self.text, self.at)) is not None:
            self._attach(self._plain_table(match))
        elif char == "{":
            self._open(TableBuilder(self.at))
            self.at += 1
        elif char in {'"', "'"}:
            self._attach(self._string(char))
        elif (match := _SCALAR.match(self.text, self.at)) is not None:
            self.at = match.end()
            self._attach(ScalarNode(match.group(), match.start(), match.end()))
        else:
            self.damage()
            self._bare_value()

    def _plain_table(self, whole: re.Match[str]) -> TableNode:
        text, members = self.text, []
        for match in _PLAIN_ENTRY.finditer(text, whole.start(), whole.end()):
            start, end = match.span(1)
            key = StringNode(match[1], start, end, start, end)
            start, end = match.span(match.lastindex or 0)
            value: Node
            if match.lastindex == 5:
                value = self._plain_array(start, end)
            elif match.lastindex == 4:
                value = ScalarNode(text[start:end], start, end)
            else:
                value = StringNode(text[start:end], start - 1, end + 1, start, end)
            members.append(Member(key, value))
        self.at = whole.end()
        return TableNode(tuple(members), whole.start(), whole.end())

    def _plain_array(self, at: int, end: int) -> ArrayNode:
        items = []
        for match in _PLAIN_ITEM.finditer(self.text, at + 1, end):
            start, stop = match.span(match.lastindex or 0)
            items.append(StringNode(match[match.lastindex or 0], start - 1, stop + 1, start, stop))
        return ArrayNode(tuple(items), at, end)

    def _bare_value(self) -> None:
        start = self.at
        if not self._stack:
            self.at = end_of(_BARE_REST, self.text, start)
        else:
            self.at = end_of(_WITHOUT_OPENING_QUOTE, self.text, start)
            if self.at == start:
                self.at = end_of(_BARE_VALUE, self.text, start)
        raw = self.text[start : self.at].rstrip()
        self._attach(ScalarNode(raw, start, start + len(raw)) if raw else None)

    def _string(self, quote: str) -> StringNode:
        text, start = self.text, self.at
        if text.startswith(quote * 3, start):
            return self._block(quote)
        inner_end = string_end(text, start + 1, quote)
        end = inner_end + text.startswith(quote, inner_end)
        after = text[end : end + 1]
        if end == inner_end or (self._stack and after and after not in ",]}# \t\r\n"):
            self.damage()
            in_table = bool(self._stack) and self._stack[-1].table is not None
            raw = text[start + 1 : inner_end]
            length = length_unclosed(raw, text[inner_end:end], in_table=in_table)
            if length is not None:
                inner_end = end = start + 1 + length
        self.at = end
        raw = text[start + 1 : inner_end]
        value = decode(raw) if quote == '"' else raw
        return StringNode(value, start, end, start + 1, inner_end)

    def _block(self, quote: str) -> StringNode:
        """Read a string between triple quotes."""
        text, start = self.text, self.at
        block = BLOCKS[quote]
        inner_start, inner_end = block.inner(text, start + 3)
        end = min(inner_end + 3, len(text))
        is_closed = text.startswith(quote * 3, inner_end)
        if not is_closed:
            self.damage()
        if not self.trusting:
            statement = _HEADER_LINE if is_closed else _STATEMENT_LINE
            match = statement.search(text, inner_start, inner_end)
            if match is not None:
                inner_end = end = max(inner_start, match.start() - 1)
        self.at = end
        value = block.escapes.decode(text[inner_start:inner_end])
        return StringNode(value, start, end, inner_start, inner_end)

"""TOML 1.1 as it stands in an editor: positioned, and whole even where the text is not.

A first reading trusts the brackets. Where it meets damage (a bracket or quote that is missing, a
key without a value) a second one believes the layout too: a string ends with its line, and a
line that looks like a header or like ``key =`` ends what is still open.

Both readings are linear in the text, and neither recurses over it. On a valid document the tree
says what ``tomli.loads`` says. What TOML forbids without being damage (a key given twice) is
kept as written.
"""

from __future__ import annotations

import re

from registry_lsp.syntax.nodes import StringNode, TableNode
from registry_lsp.syntax.reading import column, end_of, read_twice
from registry_lsp.syntax.toml.tables import TableBuilder
from registry_lsp.syntax.toml.values import ASSIGNMENT, HEADER, QUOTED, ValueReader

_BETWEEN = re.compile(r"(?:[ \t\r\n\ufeff]+|#[^\r\n]*){1,1000}")  # more would cost memory
_BLANKS = re.compile(r"[ \t]*")
_LINE = re.compile(r"[^\r\n]*")
_LINE_END = re.compile(r"[ \t]*(?:\Z|(?=[\r\n#]))")
_PLAIN = re.compile(
    r"""[ \t\r\n]*([A-Za-z0-9_-]+)[ \t]*=[ \t]*(?:"([^"\\\r\n]*)"|'([^'\r\n]*)')(?=[ \t]*[\r\n#])"""
)
"""A bare key with a whole string without escapes, alone on its line."""
_OPENING = re.compile(r"\[{1,2}")
_CLOSING = re.compile(r"\]{1,2}")
_NEXT_STATEMENT = re.compile(rf"[ \t]*(?:{HEADER}|{ASSIGNMENT})")
_HALF_QUOTED_KEY = re.compile(r"""["']?([A-Za-z0-9_.-]+)["']?[ \t]*(?==)""")
_STRING = rf"(?:{QUOTED})[ \t]*"
_ITEMS = re.compile(rf"{_STRING}[,\]]|[ \t]*[\r\n][ \t\r\n]*(?={_STRING}[,\]\r\n])")
"""Items of an array whose bracket is missing, on the line of their key or below it."""


def scan_toml(text: str) -> TableNode:
    """The tree of a TOML text: its root table. Never raises."""
    return read_twice(lambda *, trusting: _Scanner(text, trusting=trusting).scan())


class _Scanner:
    """One reading of one text, statement by statement."""

    __slots__ = ("_reader", "_root", "_table", "_text")

    def __init__(self, text: str, *, trusting: bool) -> None:
        self._text = text
        self._reader = ValueReader(text, trusting=trusting)
        self._root = TableBuilder(0, len(text))
        self._table = self._root

    def scan(self) -> TableNode:
        text, reader = self._text, self._reader
        while True:
            self._plain_statements()
            while (end := end_of(_BETWEEN, text, reader.at)) != reader.at:
                reader.at = end
            if reader.at >= len(text):
                return self._root.freeze()
            if text[reader.at] == "[":
                self._header()
            elif keys := reader.keys():
                self._statement(keys)
            else:
                self._unreadable()
            self._end_line()

    def _plain_statements(self) -> None:
        text, reader, add = self._text, self._reader, self._table.add
        while (match := _PLAIN.match(text, reader.at)) is not None:
            start, end = match.span(1)
            key = StringNode(match[1], start, end, start, end)
            start, end = match.span(2 if match[3] is None else 3)
            add(key, StringNode(text[start:end], start - 1, end + 1, start, end))
            reader.at = match.end()

    def _header(self) -> None:
        """Read ``[keys]`` or ``[[keys]]``."""
        start = self._reader.at
        self._reader.at = end_of(_OPENING, self._text, start)
        opening = self._reader.at - start
        self._enter(self._reader.keys(), opening)

    def _enter(self, keys: tuple[StringNode, ...], opening: int) -> None:
        """Make the table of a header the current one; so many opening brackets were there."""
        reader = self._reader
        start, reader.at = reader.at, end_of(_CLOSING, self._text, reader.at)
        closing = reader.at - start
        if opening != closing:
            reader.damage()
        if not keys:
            self._table = TableBuilder(start)  # nobody knows whose the keys below are
        elif 2 in {opening, closing}:
            self._table = self._root.append(keys)
        else:
            self._table = self._root.at(keys)

    def _statement(self, keys: tuple[StringNode, ...]) -> None:
        """Read what follows the *keys* that begin a statement."""
        text, reader = self._text, self._reader
        if not text.startswith("=", reader.at):
            reader.damage()
            if (match := _HALF_QUOTED_KEY.match(text, keys[0].start)) is not None:
                keys = self._half_quoted(match)
            elif text.startswith("]", reader.at):
                self._enter(keys, 0)
                return
        has_sign = text.startswith("=", reader.at)
        reader.at = end_of(_BLANKS, text, reader.at + has_sign)
        if not has_sign and not text.startswith(("[", "{", '"', "'"), reader.at):
            self._table.put(keys, None)
            return
        if reader.trusting:
            self._table.put(keys, reader.value())
            return
        margin = column(text, keys[0].start) or 0
        has_bracket = _ITEMS.match(text, reader.at) is None
        self._table.put(keys, reader.value(margin, has_bracket=has_bracket))

    def _unreadable(self) -> None:
        """Read a line that begins with nothing that a key or header begins with."""
        self._reader.damage()
        match = _HALF_QUOTED_KEY.match(self._text, self._reader.at)
        if match is None:
            self._reader.at = end_of(_LINE, self._text, self._reader.at)
        else:
            self._statement(self._half_quoted(match))

    def _half_quoted(self, match: re.Match[str]) -> tuple[StringNode, ...]:
        """A key that lacks one of its quotes."""
        self._reader.at = match.end()
        start, end = match.span(1)
        return (StringNode(match[1], start, end, start, end),)

    def _end_line(self) -> None:
        """Go to the end of the line: nothing but a comment may stand behind a statement."""
        text, reader = self._text, self._reader
        if _LINE_END.match(text, reader.at) is None:
            reader.damage()
            if _NEXT_STATEMENT.match(text, reader.at) is None:
                reader.at = end_of(_LINE, text, reader.at)

"""The lines of YAML: keys and items, and the values that stand on their lines or below."""

from __future__ import annotations

import re

from registry_lsp.syntax.nodes import Member, Node, ScalarNode, StringNode
from registry_lsp.syntax.reading import end_of
from registry_lsp.syntax.yaml.blocks import Block, Blocks
from registry_lsp.syntax.yaml.flow import key_of, read_flow
from registry_lsp.syntax.yaml.scalars import (
    BREAK,
    IN_BLOCK,
    MARKER,
    PLAIN_REST,
    PLAIN_START,
    plain_node,
)
from registry_lsp.syntax.yaml.values import Properties, ValueReader

_COMMENT = r"#[^\r\n]*"
_NOTHING = re.compile(rf"(?:[ \t]*(?:{_COMMENT})?{BREAK}){{1,100}}|[ \t]*(?:{_COMMENT})?\Z")
"""Lines with nothing on them but comments."""
_LINE_REST = re.compile(rf"[ \t]*(?:(?<=[ \t]){_COMMENT})?(?:{BREAK}|\Z)")
_JUNK = re.compile(rf"[^\r\n]*(?:{BREAK}|\Z)")
_LINE = re.compile(r"[^\r\n]*")
_BLANKS = re.compile(r"[ \t]*")
KEY = (
    rf"(?:({PLAIN_START}{PLAIN_REST})|'([^'\r\n]*)'[ \t]*|\"([^\"\\\r\n]*)\"[ \t]*)"
    r":(?=[ \t\r\n]|\Z)"
)
"""A key that is plain and whole, with its colon, as a pattern of three groups: the last that
matches is the key, blanks behind it included.
"""
MEMBER = re.compile(
    rf"( *)(?!(?:---|\.\.\.)(?:[ \t\r\n]|\Z)){KEY}[ \t]*"
    rf"(?:(?:({PLAIN_START}{PLAIN_REST})|'([^'\r\n]*)'|\"([^\"\\\r\n]*)\")?{_LINE_REST.pattern})?"
)
"""A line with a key and, where that is plain and whole, a scalar behind it."""
_PLAIN_VALUE = 5
_VALUES = frozenset({_PLAIN_VALUE, 6, 7})
"""The groups of a value."""
_INDICATOR = re.compile(r"[-?:](?=[ \t\r\n]|\Z)")
_ENTRY = re.compile(rf"-[ ]|{KEY}")
_TAB = "A tab cannot indent: spaces must."
_COLON = re.compile(r"[ \t]*:(?=[ \t\r\n]|\Z)")
_BLANK = frozenset(" \t")
_NEVER_CONTINUED = frozenset("\"'*|>")


class LineScanner:
    """One reading of one text, line by line, which trusts that its lines are whole.

    ``_column`` is where the offset ``_at`` stands: 0 at the beginning of a line.
    """

    __slots__ = (
        "_at",
        "_blocks",
        "_column",
        "_documents",
        "_first_end",
        "_has_begun",
        "_reader",
        "_text",
    )

    def __init__(self, text: str, *, trusting: bool = True) -> None:
        self._text = text
        self._reader = ValueReader(text, trusting=trusting)
        self._at = 1 if text.startswith("\ufeff") else 0
        self._column = 0
        self._documents: list[Node | None] = []
        self._first_end: int | None = None
        self._has_begun = False
        self._blocks = Blocks(self._reader)

    def scan(self) -> tuple[Node | None, ...]:
        """The values of all documents, one at least."""
        end = len(self._text)
        while self._at < end and not self._blocks.is_too_deep:
            match = self._plain_members()
            if match is not None:
                self._member(match)
            elif self._at < end:
                self._line()
        self._end_document()
        return tuple(self._documents) or (None,)

    @property
    def first_end(self) -> int | None:
        """The offset of the mark that ends the first of several documents, once it is read; None
        where there are not several.
        """
        return self._first_end if len(self._documents) > 1 else None

    # --- lines ----------------------------------------------------------------------------------

    def _plain_members(self) -> re.Match[str] | None:
        """Read members of the innermost mapping as long as they are plain; the match of the first
        line that is another, None where it is no plain member at all.
        """
        text, top = self._text, self._blocks.top
        match = MEMBER.match(text, self._at)
        if top is None or not top.is_map or self._column:
            return match
        margin, add = " " * top.indent, top.add
        while match is not None and match.lastindex in _VALUES and match[1] == margin:
            add(Member(_key_of(match), _value_of(match)))
            self._at = match.end()
            match = MEMBER.match(text, self._at)
        return match

    def _member(self, match: re.Match[str]) -> None:
        """Read a key, and the value that stands on its line."""
        at, end, kind = match.end(1), match.end(), match.lastindex
        column = self._column + at - match.start()
        self._column = 0
        top = self._blocks.top
        if top is None or top.indent != column or not top.is_map:
            top = self._blocks.home(column, at, is_map=True)
            if top is None:
                self._pass_by(at)
                return
        value = _value_of(match) if kind in _VALUES else None
        top.add(Member(_key_of(match), value))
        if value is None and end < len(self._text) and self._text[end - 1] not in "\r\n":
            self._value(top, end)
        else:
            self._at = end

    def _line(self) -> None:
        """Read what is no plain member, from ``_at`` on."""
        text = self._text
        if not self._column:
            end = end_of(_NOTHING, text, self._at)
            if end != self._at:
                self._at = end
                return
        at = end_of(_BLANKS, text, self._at)
        column = self._column + at - self._at
        tab = -1 if self._column or self._blocks.top is None else text.find("\t", self._at, at)
        self._column = 0
        if not column and MARKER.match(text, at):
            self._marker(at)
        elif not column and text[at] == "%" and not self._is_in_document:
            self._pass_by(at)
        elif self._continues(at, column):
            self._end_line()
        else:
            if tab >= 0:
                # before a value alone it may be white space like any other
                is_sure = _ENTRY.match(text, at) is not None
                self._reader.damage(tab, _TAB if is_sure else "")
            read = self._indicator if _INDICATOR.match(text, at) else self._node
            read(at, column)

    def _marker(self, at: int) -> None:
        """Begin a document (``---``), or end one (``...``)."""
        if self._is_in_document:
            self._end_document()
            self._first_end = at if self._first_end is None else self._first_end
        self._has_begun = self._text[at] == "-"
        self._behind(at + 3, 3)

    @property
    def _is_in_document(self) -> bool:
        blocks = self._blocks
        return self._has_begun or blocks.top is not None or blocks.root is not None

    def _end_document(self) -> None:
        if self._is_in_document:
            self._documents.append(self._blocks.finish())
        self._blocks = Blocks(self._reader)
        self._has_begun = False
        self._reader.forget()

    def _indicator(self, at: int, column: int) -> None:
        """Read the ``-`` of an item, or the ``?`` or ``:`` of a member, and go behind it."""
        char, top = self._text[at], self._blocks.top
        if char != ":":
            top = self._blocks.home(column, at, is_map=char == "?")
        elif top is None or not top.is_map or top.indent != column or top.value is not None:
            self._reader.damage(at, "")
            top = top if top is not None and top.value is None else None
        if top is None:
            self._pass_by(at)
        elif char == "?":
            self._long_key(top, at + 1)
        else:
            if char == "-":
                top.add_empty(at + 1)
            self._behind(at + 1, column + 1)

    def _long_key(self, top: Block, at: int) -> None:
        """Read the key behind a ``?``."""
        text, reader = self._text, self._reader
        reader.at = end_of(_BLANKS, text, at)
        properties = reader.properties()
        is_there = _LINE_REST.match(text, reader.at) is None
        node = self._inline(top.indent, properties) if is_there else None
        top.add(Member(key_of(text, node or ScalarNode("", at, at)), None))
        self._end_line()

    def _behind(self, at: int, column: int) -> None:
        """Go to what stands behind an indicator, or to the next line."""
        rest = _LINE_REST.match(self._text, at)
        if rest is not None:
            self._at = rest.end()
            return
        self._at = end_of(_BLANKS, self._text, at)
        self._column = column + self._at - at

    def _pass_by(self, at: int) -> None:
        """Go to the next line."""
        self._at = end_of(_JUNK, self._text, at)

    # --- nodes ----------------------------------------------------------------------------------

    def _node(self, at: int, column: int) -> None:
        """Read a line that begins with a value, or with a key that is not plain."""
        text, reader, blocks = self._text, self._reader, self._blocks
        has_room = blocks.has_room(column)
        reader.at = at
        properties = reader.properties()
        if properties.is_any and has_room and self._is_held(properties):
            return
        match = MEMBER.match(text, reader.at) if properties.is_any else None
        if match is not None:
            reader.remember(properties.anchor, _key_of(match))
            self._column = column
            self._member(match)
            return
        if self._is_odd_key(at, column):
            return
        parent = column if not has_room else blocks.top.indent if blocks.top is not None else -1
        node = self._inline(parent, properties)
        colon = _COLON.match(text, reader.at)
        if colon is not None and node is not None and end_of(_LINE, text, at) >= reader.at:
            self._keyed(key_of(text, node), at, column)
        elif has_room and not self._is_above_key(at, column):
            blocks.fill(node)
            self._end_line()
        else:
            reader.damage(at, "A ':' is missing here, or what stands before this value.")
            if node is not None:
                self._half_typed(key_of(text, node), column)
            self._pass_by(at)

    def _keyed(self, key: StringNode, at: int, column: int) -> None:
        """Read on behind *key*, which stands at *at* and is not plain."""
        text = self._text
        end = end_of(_COLON, text, self._reader.at)
        top = self._blocks.home(column, at, is_map=True)
        if top is None:
            self._pass_by(end)
            return
        top.add(Member(key, None))
        rest = _LINE_REST.match(text, end)
        if rest is not None:
            self._at = rest.end()
        else:
            self._value(top, end_of(_BLANKS, text, end))

    def _value(self, top: Block, at: int) -> None:
        """Read the value at *at*, on the line of the last key of *top*."""
        reader = self._reader
        reader.at = at
        properties = reader.properties()
        if (properties.is_any and self._is_held(properties)) or self._is_next_line(reader.at):
            return
        top.fill(self._inline(top.indent, properties))
        self._end_line()

    def _is_held(self, properties: Properties) -> bool:
        """Whether the *properties* that have been read are those of what stands below."""
        rest = _LINE_REST.match(self._text, self._reader.at)
        if rest is not None:
            self._blocks.hold(properties)
            self._has_begun = True
            self._at = rest.end()
        return rest is not None

    def _inline(self, parent: int, properties: Properties) -> Node | None:
        """Read a value that begins on this line."""
        reader = self._reader
        if reader.text[reader.at : reader.at + 1] in {"[", "{"}:
            node = read_flow(reader, parent)
        else:
            node = reader.scalar(parent, IN_BLOCK)
        return reader.made(node, properties)

    def _continues(self, at: int, column: int) -> bool:
        """Whether the line at *at* goes on with the plain scalar above it, which is read then."""
        reader, top = self._reader, self._blocks.top
        if top is None or column <= top.indent:
            return False
        value = top.value
        if not isinstance(value, StringNode | ScalarNode):
            return False
        if self._text[value.start] in _NEVER_CONTINUED:
            return False
        reader.at = value.start
        node = reader.scalar(top.indent, IN_BLOCK)
        if reader.at <= at:
            return False
        top.fill(node)
        return True

    def _end_line(self) -> None:
        """Go to the next line: nothing but a comment may stand behind a value."""
        text, at = self._text, self._reader.at
        rest = _LINE_REST.match(text, at)
        if rest is not None:
            self._at = rest.end()
        elif text[at - 1] in "\r\n":
            self._at = at  # a block ends with its last line
        else:
            self._reader.damage(at, "Nothing but a comment may stand behind a value.")
            if not self._is_next_line(at):
                self._pass_by(at)

    # --- what only a broken text needs ------------------------------------------------------------

    def _is_odd_key(self, at: int, column: int) -> bool:
        """Whether a key that no key may look like stood at *at*, and has been read."""
        return False

    def _is_above_key(self, at: int, column: int) -> bool:
        """Whether the line at *at* stands above a key that is as deep as it or deeper: then it is
        one itself, and no value.
        """
        return False

    def _half_typed(self, key: StringNode, column: int) -> None:
        """Take *key*, which no colon follows, for what it is becoming."""

    def _is_next_line(self, at: int) -> bool:
        """Whether what stands at *at*, behind a key or a value, is a line of its own that has
        lost the line end before it: ``_at`` is there then.
        """
        return False


def _key_of(match: re.Match[str]) -> StringNode:
    """The key of a match of ``MEMBER``."""
    kind = 2 if match[2] is not None else 3 if match[3] is not None else 4
    name = match[kind]
    start, end = match.span(kind)
    if kind > 2:
        return StringNode(name, start - 1, end + 1, start, end)
    if name[-1] in _BLANK:
        name = name.rstrip(" \t")
        end = start + len(name)
    return StringNode(name, start, end, start, end)


def _value_of(match: re.Match[str]) -> Node:
    """The value of a match of ``MEMBER`` that has one."""
    kind = match.lastindex or 0
    raw = match[kind]
    start, end = match.span(kind)
    if kind > _PLAIN_VALUE:
        return StringNode(raw, start - 1, end + 1, start, end)
    if raw[-1] in _BLANK:
        end = start + len(raw.rstrip(" \t"))
    return plain_node(match.string, start, end)

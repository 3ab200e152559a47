"""YAML 1.2 as package managers write it and people edit it: positioned, and whole even where the
text is not.

A first reading trusts quotes and brackets. Where it meets damage (a quote that is missing, a key
without a colon, a line that stands nowhere) a second one believes the layout instead: a quoted
scalar ends with its line, a bracket before a line that stands too far left, and a line that is
indented wrong belongs to the collection it is nearest to.

Both readings are linear in the text, and neither recurses over it. On a valid document the tree
says what a YAML library says with the core schema. What is not kept: tags (but for ``!!str``),
and collections as keys, which become their text. An alias of a string stands where the alias
does, one of a collection is that collection itself.
"""

from __future__ import annotations

import re

from registry_lsp.core.manifests import Problem
from registry_lsp.core.text import Span
from registry_lsp.syntax.nodes import ArrayNode, Member, Node, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.reading import MAX_DEPTH, end_of, read_twice
from registry_lsp.syntax.yaml_flow import key_of, read_flow
from registry_lsp.syntax.yaml_scalars import (
    BREAK,
    IN_BLOCK,
    MARKER,
    PLAIN_REST,
    PLAIN_START,
    plain_node,
)
from registry_lsp.syntax.yaml_values import Properties, ValueReader, YamlDamageError

_NOTHING = re.compile(rf"(?:[ \t]*(?:#[^\r\n]*)?{BREAK}){{1,100}}|[ \t]*(?:#[^\r\n]*)?\Z")
"""Lines with nothing on them but comments."""
_LINE_REST = re.compile(rf"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?:{BREAK}|\Z)")
_JUNK = re.compile(rf"[^\r\n]*(?:{BREAK}|\Z)")
_LINE = re.compile(r"[^\r\n]*")
_BLANKS = re.compile(r"[ \t]*")
_KEY = (
    rf"(?:({PLAIN_START}{PLAIN_REST})|'([^'\r\n]*)'[ \t]*|\"([^\"\\\r\n]*)\"[ \t]*)"
    r":(?=[ \t\r\n]|\Z)"
)
_MEMBER = re.compile(
    rf"( *)(?!(?:---|\.\.\.)(?:[ \t\r\n]|\Z)){_KEY}[ \t]*"
    rf"(?:(?:({PLAIN_START}{PLAIN_REST})|'([^'\r\n]*)'|\"([^\"\\\r\n]*)\")?{_LINE_REST.pattern})?"
)
"""A line with a key and, where that is plain and whole, a scalar behind it."""
_WIDEST_GAP = 64
_ENTRY = re.compile(r"[-?:](?=[ \t\r\n]|\Z)")
_COLON = re.compile(r"[ \t]*:(?=[ \t\r\n]|\Z)")
_ODD_KEY = re.compile(r"[^\r\n:#][^\r\n:]*(?::(?=[^ \t\r\n])[^\r\n:]*){0,100}(?=:(?:[ \t\r\n]|\Z))")
_NEXT_KEY = re.compile(rf"(?:[ \t]*(?:#[^\r\n]*)?{BREAK}){{1,100}}( *){_KEY}")


def scan_yaml(text: str) -> Node | None:
    """The tree of a YAML text, of its first document where it has several; None where nothing is
    in it. Never raises.
    """
    return scan_yaml_documents(text)[0]


def scan_yaml_documents(text: str) -> tuple[Node | None, ...]:
    """The trees of all documents of a YAML text, one at least. Never raises."""
    return read_twice(lambda *, trusting: _Scanner(text, trusting=trusting).scan())


def yaml_fault(text: str) -> Problem | None:
    """Why *text* is no YAML."""
    try:
        _Scanner(text, trusting=True).scan()
    except YamlDamageError as damage:
        at = min(damage.at, len(text))
        return Problem(span=Span(at, at), reason=f"It is not valid YAML: {damage.reason}")
    return None


class _Open:
    """A block collection that may go on.

    ``indent`` is the column of its entries, ``items`` are members or nodes; ``anchor`` is what
    it is called.
    """

    __slots__ = ("anchor", "indent", "is_map", "items", "start")

    def __init__(self, indent: int, start: int, anchor: str, *, is_map: bool) -> None:
        self.indent = indent
        self.start = start
        self.anchor = anchor
        self.is_map = is_map
        self.items: list[Member | Node] = []

    @property
    def value(self) -> Node | None:
        """The value of its last entry, None where that is still to come."""
        last = self.items[-1] if self.items else None
        if isinstance(last, Member):
            return last.value
        return None if isinstance(last, ScalarNode) and last.start == last.end else last

    def fill(self, node: Node | None) -> None:
        """Give the last entry its value."""
        last = self.items[-1]
        if isinstance(last, Member):
            self.items[-1] = Member(last.key, node)
        elif node is not None:
            self.items[-1] = node

    def close(self) -> Node:
        """The node of the whole."""
        last = self.items[-1]
        if isinstance(last, Member):
            end = last.key.end if last.value is None else max(last.key.end, last.value.end)
            members = tuple(each for each in self.items if isinstance(each, Member))
            return TableNode(members, self.start, end)
        items = tuple(each for each in self.items if not isinstance(each, Member))
        return ArrayNode(items, self.start, max(self.start, last.end))


def _key(match: re.Match[str]) -> StringNode:
    """The key of a match of ``_MEMBER``."""
    start, end = match.span(2)
    if start >= 0:
        name = match[2].rstrip(" \t")
        end = start + len(name)
        return StringNode(name, start, end, start, end)
    kind = 3 if match[4] is None else 4
    start, end = match.span(kind)
    return StringNode(match[kind], start - 1, end + 1, start, end)


class _Scanner:
    """One reading of one text, line by line.

    ``_column`` is where the offset ``_at`` stands: 0 at the beginning of a line.
    """

    __slots__ = (
        "_anchor",
        "_at",
        "_column",
        "_documents",
        "_end",
        "_has_begun",
        "_reader",
        "_root",
        "_stack",
        "_text",
    )

    def __init__(self, text: str, *, trusting: bool) -> None:
        self._text = text
        self._reader = ValueReader(text, trusting=trusting)
        self._at = 1 if text.startswith("\ufeff") else 0
        self._column = 0
        self._end = len(text)
        self._documents: list[Node | None] = []
        self._has_begun = False
        self._root: Node | None = None
        self._stack: list[_Open] = []
        self._anchor: tuple[str, _Open | None, int] | None = None

    def scan(self) -> tuple[Node | None, ...]:
        text = self._text
        while self._at < self._end:
            match = _MEMBER.match(text, self._at)
            if match is None:
                self._line()
            else:
                self._member(match)
        self._end_document()
        return tuple(self._documents) or (None,)

    # --- lines ----------------------------------------------------------------------------------

    def _member(self, match: re.Match[str]) -> None:
        """Read a key, and the value that stands on its line."""
        text = self._text
        at, kind, end = match.end(1), match.lastindex or 0, match.end()
        column = self._column + at - match.start()
        self._column = 0
        top = self._stack[-1] if self._stack else None
        if top is None or top.indent != column or not top.is_map:
            top = self._home(column, at, is_map=True)
            if top is None:
                self._at = end_of(_JUNK, text, at)
                return
        if kind > 4:
            start, stop = match.span(kind)
            value: Node | None
            if kind == 5:
                value = plain_node(text, start, start + len(match[5].rstrip(" \t")))
            else:
                value = StringNode(match[kind], start - 1, stop + 1, start, stop)
        else:
            value = None
        top.items.append(Member(_key(match), value))
        if value is None and end < len(text) and text[end - 1] not in "\r\n":
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
        if "\t" in text[self._at : at] and not self._column:
            self._reader.damage(at, "Tabs cannot indent.")
        self._column = 0
        if not column and MARKER.match(text, at):
            self._marker(at)
        elif not column and text[at] == "%" and not (self._has_begun or self._stack):
            self._at = end_of(_JUNK, text, at)
        elif _ENTRY.match(text, at):
            self._indicator(at, column)
        else:
            self._node(at, column)

    def _marker(self, at: int) -> None:
        """Begin a document (``---``), or end one (``...``)."""
        is_begin = self._text[at] == "-"
        if self._has_begun or self._stack or self._root is not None:
            self._end_document()
        self._has_begun = is_begin
        self._behind(at + 3, 3)

    def _end_document(self) -> None:
        while self._stack:
            self._close()
        if self._has_begun or self._root is not None:
            self._documents.append(self._root)
        self._root, self._anchor, self._has_begun = None, None, False
        self._reader.forget()

    def _indicator(self, at: int, column: int) -> None:
        """Read the ``-`` of an item, or the ``?`` or ``:`` of a member, and go behind it."""
        text, reader = self._text, self._reader
        char = text[at]
        top = self._stack[-1] if self._stack else None
        if self._continues(top, at, column):
            return
        if char == ":":
            if top is None or not top.is_map or top.indent != column or top.value is not None:
                reader.damage(at, "No key stands before this ':'.")
                self._at = end_of(_JUNK, text, at)
                return
        else:
            top = self._home(column, at, is_map=char == "?")
            if top is None:
                self._at = end_of(_JUNK, text, at)
                return
        if char == "-":
            top.items.append(ScalarNode("", at + 1, at + 1))
        elif char == "?":
            self._long_key(top, at + 1)
            return
        self._behind(at + 1, column + 1)

    def _long_key(self, top: _Open, at: int) -> None:
        """Read the key behind a ``?``."""
        reader = self._reader
        reader.at = end_of(_BLANKS, self._text, at)
        properties = reader.properties()
        is_there = reader.at < len(self._text) and self._text[reader.at] not in "\r\n#"
        node = self._inline(top.indent, properties) if is_there else None
        top.items.append(Member(key_of(self._text, node or ScalarNode("", at, at)), None))
        self._end_line()

    def _behind(self, at: int, column: int) -> None:
        """Go to what stands behind an indicator, or to the next line."""
        end = end_of(_LINE_REST, self._text, at)
        if end != at:
            self._at = end
            return
        self._at = end_of(_BLANKS, self._text, at)
        self._column = column + self._at - at

    # --- nodes ----------------------------------------------------------------------------------

    def _node(self, at: int, column: int) -> None:
        """Read a line that begins with a value, or with a key that is not plain."""
        text, reader = self._text, self._reader
        top = self._stack[-1] if self._stack else None
        if self._continues(top, at, column):
            return
        has_room = self._root is None if top is None else top.value is None and column > top.indent
        reader.at = at
        properties = reader.properties()
        if properties.is_any:
            if has_room and _LINE_REST.match(text, reader.at):
                self._hold(properties)
                self._at = end_of(_LINE_REST, text, reader.at)
                return
            match = _MEMBER.match(text, reader.at)
            if match is not None:
                self._column = column
                self._at = reader.at
                reader.remember(properties.anchor, _key(match))
                self._member(match)
                return
        if not reader.trusting and self._is_half_typed(at, column, has_room=has_room):
            self._half_typed(at, column)
            return
        parent = top.indent if top is not None else -1
        node = self._inline(parent if has_room else column, properties)
        if _COLON.match(text, reader.at) and node is not None and self._on_one_line(at, reader.at):
            self._keyed(node, at, column)
        elif has_room:
            self._fill(node)
            self._end_line()
        else:
            reader.damage(at, "A key without a ':', or a value that nothing stands before.")
            self._at = end_of(_JUNK, text, at)

    def _keyed(self, node: Node, at: int, column: int) -> None:
        """Read on behind the *node* at *at* that turned out to be a key."""
        text = self._text
        end = end_of(_COLON, text, self._reader.at)
        top = self._home(column, at, is_map=True)
        if top is None:
            self._at = end_of(_JUNK, text, end)
            return
        top.items.append(Member(key_of(text, node), None))
        rest = end_of(_LINE_REST, text, end)
        if rest != end:
            self._at = rest
        else:
            self._value(top, end_of(_BLANKS, text, end))

    def _inline(self, parent: int, properties: Properties) -> Node | None:
        """Read a value that begins on this line."""
        reader = self._reader
        if reader.text[reader.at : reader.at + 1] in {"[", "{"}:
            node = read_flow(reader, parent)
        else:
            node = reader.scalar(parent, IN_BLOCK)
        return reader.made(node, properties)

    def _value(self, top: _Open, at: int) -> None:
        """Read the value at *at*, on the line of the last key of *top*."""
        text, reader = self._text, self._reader
        reader.at = at
        properties = reader.properties()
        end = end_of(_LINE_REST, text, reader.at)
        if properties.is_any and end != reader.at:
            self._hold(properties)
            self._at = end
        elif reader.trusting or not self._is_next_line(reader.at):
            self._fill(self._inline(top.indent, properties))
            self._end_line()

    def _fill(self, node: Node | None) -> None:
        if self._stack:
            self._stack[-1].fill(node)
        else:
            self._root = node

    def _hold(self, properties: Properties) -> None:
        """Keep an anchor for the collection on the next lines."""
        top = self._stack[-1] if self._stack else None
        self._anchor = properties.anchor, top, len(top.items) if top is not None else 0

    def _end_line(self) -> None:
        """Go to the next line: nothing but a comment may stand behind a value."""
        text, at = self._text, self._reader.at
        end = end_of(_LINE_REST, text, at)
        if end == at and at < len(text) and not (at and text[at - 1] in "\r\n"):
            self._reader.damage(at, "Nothing but a comment may stand behind a value.")
            if self._is_next_line(at):
                return
            end = end_of(_JUNK, text, at)
        self._at = end

    def _continues(self, top: _Open | None, at: int, column: int) -> bool:
        """Whether the line at *at* goes on with the plain scalar above it, which is read then."""
        reader = self._reader
        if top is None or column <= top.indent or (value := top.value) is None:
            return False
        if not isinstance(value, (StringNode, ScalarNode)) or self._text[value.start] in "\"'*|>":
            return False
        reader.at = value.start
        node = reader.scalar(top.indent, IN_BLOCK)
        if reader.at <= at:
            return False
        top.fill(node)
        self._end_line()
        return True

    def _on_one_line(self, start: int, end: int) -> bool:
        return end_of(_LINE, self._text, start) >= end

    # --- layout ---------------------------------------------------------------------------------

    def _home(self, column: int, at: int, *, is_map: bool) -> _Open | None:
        """The collection that an entry at *column* belongs to, which may begin with it.

        None where there is none, which no valid text has.
        """
        reader = self._reader
        while self._stack:
            top = self._stack[-1]
            outer = self._stack[-2].indent if len(self._stack) > 1 else -1
            if column > top.indent:
                if top.value is None:
                    break
                reader.damage(at, "This line is indented deeper than the ones around it.")
                return top if top.is_map == is_map else None
            if column == top.indent:
                if top.is_map == is_map:
                    return top
                if top.is_map and top.value is None:
                    break
                if top.is_map or outer != column:
                    reader.damage(at, "Items and keys are mixed here.")
                    if top.is_map or len(self._stack) > 1:
                        return None
                self._close()
            elif column > outer:
                reader.damage(at, "This line is indented less than the ones that it belongs to.")
                is_nearer = outer < 0 or top.indent - column <= column - outer
                column = top.indent if is_nearer else outer
            else:
                self._close()
        return self._open(column, at, is_map=is_map)

    def _open(self, column: int, at: int, *, is_map: bool) -> _Open:
        top = self._stack[-1] if self._stack else None
        if top is None and self._root is not None:
            self._reader.damage(at, "A document has only one value.")
        name = ""
        if self._anchor is not None:
            anchor, owner, count = self._anchor
            name = anchor if owner is top and (top is None or len(top.items) == count) else ""
            self._anchor = None
        opened = _Open(column, at, name, is_map=is_map)
        self._stack.append(opened)
        if len(self._stack) > MAX_DEPTH:
            self._end = 0
        return opened

    def _close(self) -> None:
        top = self._stack.pop()
        node = top.close()
        self._reader.remember(top.anchor, node)
        self._fill(node)

    # --- damage ---------------------------------------------------------------------------------

    def _is_next_line(self, at: int) -> bool:
        """Whether what stands at *at* was the next line before its line end was lost: then it is
        read as that.
        """
        if not self._stack:
            return False
        text, top = self._text, self._stack[-1]
        before = text[max(0, at - _WIDEST_GAP) : at]
        end = end_of(_BLANKS, text, at)
        column = end - at + len(before) - len(before.rstrip(" "))
        is_child = top.value is None and column > top.indent
        if not _MEMBER.match(text, end) or not (
            is_child or (column > 1 and any(each.indent == column for each in self._stack))
        ):
            return False
        self._at, self._column = end, column
        return True

    def _is_half_typed(self, at: int, column: int, *, has_room: bool) -> bool:
        """Whether the line at *at* is a key that lacks its ':', or that no key may begin like."""
        text = self._text
        if text[at] in "\"'[{&*!|>":
            return False
        if _ODD_KEY.match(text, at) or not has_room or not self._stack:
            return True
        following = _NEXT_KEY.match(text, end_of(_LINE, text, at))
        return following is not None and len(following[1]) == column

    def _half_typed(self, at: int, column: int) -> None:
        text = self._text
        match = _ODD_KEY.match(text, at)
        end = match.end() if match is not None else IN_BLOCK.line_end(text, at)
        name = text[at:end].rstrip(" \t\"'")
        key = StringNode(name, at, at + len(name), at, at + len(name))
        top = self._stack[-1] if self._stack else None
        if top is not None and not top.is_map and column == top.indent:
            top.items.append(key)
            self._at = end_of(_JUNK, text, at)
        elif match is not None:
            self._reader.at = end
            self._keyed(key, at, column)
        else:
            home = self._home(column, at, is_map=True)
            if home is not None:
                home.items.append(Member(key, None))
            self._at = end_of(_JUNK, text, at)

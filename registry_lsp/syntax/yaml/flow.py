"""The collections of YAML in brackets, ``{a: b}`` and ``[a, b]``."""

from __future__ import annotations

import re

from registry_lsp.syntax.nodes import ArrayNode, Member, Node, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.reading import MAX_DEPTH, end_of
from registry_lsp.syntax.yaml.scalars import IN_FLOW
from registry_lsp.syntax.yaml.values import Properties, ValueReader

_BLANKS = re.compile(r"[ \t]*")
_SPACES = re.compile(r" *")
_QUERY = re.compile(r"\?(?=[ \t\r\n])")
_COLON = re.compile(r":(?=[ \t\r\n,\[\]{}]|\Z)")
_COMMENT = re.compile(r"#[^\r\n]*")


class _Open:
    """A collection whose closing bracket is still to come.

    ``node`` is what has been read behind the last comma, or behind the colon of ``key``.
    """

    __slots__ = ("has_key", "items", "key", "members", "node", "outer", "start")

    def __init__(self, start: int, outer: Properties, *, is_table: bool) -> None:
        self.start = start
        self.outer = outer
        self.members: list[Member] | None = [] if is_table else None
        self.items: list[Node] = []
        self.key: StringNode | None = None
        self.node: Node | None = None


def read_flow(reader: ValueReader, parent: int) -> Node | None:
    """Read the collection whose bracket *reader* stands at, up to behind its closing one.

    *parent* is the indentation of what it stands in: where the reading trusts no brackets, a line
    that is not indented deeper ends it.
    """
    return _Flow(reader, parent).read()


class _Flow:
    """One collection in brackets with all that is in it."""

    __slots__ = ("_parent", "_reader", "_root", "_stack")

    def __init__(self, reader: ValueReader, parent: int) -> None:
        self._reader = reader
        self._parent = parent
        self._stack: list[_Open] = []
        self._root: Node | None = None

    def read(self) -> Node | None:
        reader = self._reader
        self._open(Properties())
        while self._stack:
            char = self._skip()
            if not char or len(self._stack) > MAX_DEPTH:
                reader.damage(reader.at, "A closing bracket is missing.")
                while self._stack:
                    self._close()
            elif char in "]}":
                self._closing(char)
            else:
                self._entry(char)
        return self._root

    def _skip(self) -> str:
        """Go past blanks, line ends and comments; the character that stands there, '' where the
        collection ends for want of brackets.
        """
        reader, text = self._reader, self._reader.text
        while True:
            start = reader.at
            reader.at = end_of(_BLANKS, text, start)
            char = text[reader.at : reader.at + 1]
            if char == "#" and (reader.at > start or text[start - 1] in "\r\n,[]{}"):
                reader.at = end_of(_COMMENT, text, reader.at)
            elif char and char in "\r\n":
                if not reader.trusting and self._ends_before_next_line():
                    return ""
                reader.at += 1
            else:
                return char

    def _ends_before_next_line(self) -> bool:
        """Whether the next line stands too far left to belong to it."""
        text = self._reader.text
        at = self._reader.at + 1
        end = end_of(_SPACES, text, at)
        return end - at <= self._parent and text[end : end + 1] not in {"\r", "\n", "]", "}", ""}

    def _open(self, properties: Properties) -> None:
        reader = self._reader
        self._stack.append(_Open(reader.at, properties, is_table=reader.text[reader.at] == "{"))
        reader.at += 1

    def _closing(self, char: str) -> None:
        reader, top = self._reader, self._stack[-1]
        if (char == "}") != (top.members is not None):
            reader.damage(reader.at, f"No bracket is open that '{char}' could close.")
        reader.at += 1
        self._close()

    def _close(self) -> None:
        self._comma()
        top = self._stack.pop()
        end = self._reader.at
        if top.members is None:
            node: Node = ArrayNode(tuple(top.items), top.start, end)
        else:
            node = TableNode(tuple(top.members), top.start, end)
        self._reader.made(node, top.outer)
        self._put(node)

    def _put(self, node: Node | None) -> None:
        if not self._stack:
            self._root = node
            return
        top = self._stack[-1]
        if top.node is not None:
            self._reader.damage(self._reader.at, "A comma is missing.")
            self._comma()
        top.node = node

    def _comma(self) -> None:
        """Put what has been read into the innermost collection."""
        top = self._stack[-1]
        key, node = top.key, top.node
        top.key = top.node = None
        if top.members is None:
            if key is not None:
                end = node.end if node is not None else key.end
                top.items.append(TableNode((Member(key, node),), key.start, max(key.end, end)))
            elif node is not None:
                top.items.append(node)
        elif key is not None:
            top.members.append(Member(key, node))
        elif node is not None:
            top.members.append(Member(key_of(self._reader.text, node), None))

    def _entry(self, char: str) -> None:
        """Read a comma, a colon or a node."""
        reader, top = self._reader, self._stack[-1]
        if char == ",":
            if top.key is None and top.node is None:
                reader.damage(reader.at, "Nothing stands before this comma.")
            self._comma()
            reader.at += 1
        elif char == ":" and self._is_colon(top):
            if top.key is not None:
                reader.damage(reader.at, "A comma is missing.")
            start = reader.at
            top.key = key_of(reader.text, top.node or ScalarNode("", start, start))
            top.node = None
            reader.at += 1
        elif char == "?" and _QUERY.match(reader.text, reader.at):
            reader.at += 1
        else:
            self._node()

    def _is_colon(self, top: _Open) -> bool:
        """Whether the ':' here parts a key from its value."""
        reader = self._reader
        if _COLON.match(reader.text, reader.at):
            return True
        node = top.node
        if node is None or top.key is not None:
            return False
        return not isinstance(node, StringNode) or not node.is_bare

    def _node(self) -> None:
        reader = self._reader
        properties = reader.properties()
        char = self._skip() if properties.is_any else reader.text[reader.at]
        if char in {"[", "{"}:
            self._open(properties)
        elif char in {"", ",", "]", "}"}:
            self._put(reader.made(ScalarNode("", reader.at, reader.at), properties))
        else:
            self._put(reader.made(reader.scalar(self._parent, IN_FLOW), properties))


def key_of(text: str, node: Node) -> StringNode:
    """*node* as the key of a member: its text as written, where it is no string."""
    if isinstance(node, StringNode):
        return node
    start, end = node.start, node.end
    value = node.text if isinstance(node, ScalarNode) else text[start:end]
    return StringNode(value, start, end, start, end)

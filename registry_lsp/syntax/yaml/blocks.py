"""The collections of YAML that the layout makes, while they are still open."""

from __future__ import annotations

from registry_lsp.syntax.nodes import ArrayNode, Member, Node, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.reading import MAX_DEPTH
from registry_lsp.syntax.yaml.values import Properties, ValueReader

_WIDEST_INDENT = 64


class Block:
    """A mapping or sequence that may go on; ``indent`` is the column of its entries.

    It has one entry at least once it is closed.
    """

    __slots__ = ("_anchor", "_items", "indent", "is_map", "start")

    def __init__(self, indent: int, start: int, anchor: str, *, is_map: bool) -> None:
        self.indent = indent
        self.start = start
        self.is_map = is_map
        self._anchor = anchor
        self._items: list[Member | Node] = []

    def __len__(self) -> int:
        return len(self._items)

    @property
    def value(self) -> Node | None:
        """The value of its last entry, None where that is still to come."""
        last = self._items[-1] if self._items else None
        if isinstance(last, Member):
            return last.value
        return None if isinstance(last, ScalarNode) and last.start == last.end else last

    def add(self, entry: Member | Node) -> None:
        """Add an entry."""
        self._items.append(entry)

    def add_empty(self, at: int) -> None:
        """Add an item whose value is still to come."""
        self._items.append(ScalarNode("", at, at))

    def fill(self, node: Node | None) -> None:
        """Give the last entry its value, or take it away."""
        last = self._items[-1]
        if isinstance(last, Member):
            self._items[-1] = Member(last.key, node)
        elif node is not None:
            self._items[-1] = node

    def close(self, reader: ValueReader) -> Node:
        """The node of the whole, which *reader* remembers by its anchor."""
        last = self._items[-1]
        node: Node
        if isinstance(last, Member):
            end = last.key.end if last.value is None else max(last.key.end, last.value.end)
            members = tuple(each for each in self._items if isinstance(each, Member))
            node = TableNode(members, self.start, end)
        else:
            items = tuple(each for each in self._items if not isinstance(each, Member))
            node = ArrayNode(items, self.start, max(self.start, last.end))
        reader.remember(self._anchor, node)
        return node


class Blocks:
    """What is open in one document; ``root`` is its value, once that is whole.

    ``is_too_deep`` where more is open than anybody nests.
    """

    __slots__ = ("_held", "_reader", "_stack", "is_too_deep", "root", "top")

    def __init__(self, reader: ValueReader) -> None:
        self._reader = reader
        self._stack: list[Block] = []
        self._held: tuple[str, Block | None, int] = ("", None, 0)
        self.top: Block | None = None
        self.root: Node | None = None
        self.is_too_deep = False

    def has_room(self, column: int) -> bool:
        """Whether a value may stand at *column*: the last entry, or the document, has none yet."""
        if self.top is None:
            return self.root is None
        return column > self.top.indent and self.top.value is None

    def is_indent(self, column: int) -> bool:
        """Whether the entries of any open collection stand at *column*."""
        return any(each.indent == column for each in self._stack)

    def fill(self, node: Node | None) -> None:
        """Give the last entry, or the document, its value."""
        if self.top is None:
            self.root = node
        else:
            self.top.fill(node)

    def hold(self, properties: Properties) -> None:
        """Keep the anchor of the collection that begins on a line below."""
        self._held = properties.anchor, self.top, len(self.top) if self.top is not None else 0

    def finish(self) -> Node | None:
        """Close all that is open: the value of the document."""
        while self._stack:
            self._close()
        return self.root

    def home(self, column: int, at: int, *, is_map: bool) -> Block | None:
        """The collection that the entry at the offset *at* belongs to, which may begin with it.

        None where there is none, which no valid text has.
        """
        reader = self._reader
        while self.top is not None:
            top = self.top
            outer = self._stack[-2].indent if len(self._stack) > 1 else -1
            if column > top.indent:
                if top.value is None:
                    break
                reader.damage(at, "This line is indented deeper than the ones that it follows.")
                if top.is_map == is_map:
                    return top
                return self._with_first_item(top, column) if top.is_map else None
            if column == top.indent:
                if top.is_map == is_map:
                    return top
                if top.is_map and top.value is None:
                    break  # a sequence at the column of its own key
                if top.is_map or outer != column:
                    reader.damage(at, "Keys and items are mixed here.")
                    if top.is_map:
                        return self._with_first_item(top, column)
                self._close()
            elif outer < column:
                reader.damage(at, "This line is indented less than the ones that it follows.")
                if outer < 0:
                    top.indent = column
                column = top.indent if top.indent - column <= column - outer else outer
            else:
                self._close()
        return self._open(column, at, is_map=is_map)

    def _with_first_item(self, top: Block, column: int) -> Block | None:
        """The sequence whose first item has lost its '-' and so become the value of *top*, if it
        stands on a line of its own.
        """
        value, text = top.value, self._reader.text
        if not isinstance(value, StringNode | ScalarNode):
            return None
        line = text[max(0, value.start - _WIDEST_INDENT) : value.start]
        if line.rstrip(" \t-")[-1:] not in {"\n", "\r"}:
            return None
        top.fill(None)
        opened = self._open(column, value.start, is_map=False)
        opened.add(value)
        return opened

    def _open(self, column: int, at: int, *, is_map: bool) -> Block:
        if self.top is None and self.root is not None:
            self._reader.damage(at, "A document has only one value.")
        anchor, owner, count = self._held
        is_held = owner is self.top and (owner is None or len(owner) == count)
        self._held = ("", None, 0)
        self.top = Block(column, at, anchor if is_held else "", is_map=is_map)
        self._stack.append(self.top)
        self.is_too_deep = len(self._stack) > MAX_DEPTH
        return self.top

    def _close(self) -> None:
        node = self._stack.pop().close(self._reader)
        self.top = self._stack[-1] if self._stack else None
        self.fill(node)

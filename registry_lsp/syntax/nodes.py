"""The trees that the scanners of JSON, TOML and YAML yield.

The nodes are named tuples and not dataclasses: as immutable, and made three times as fast, which
a buffer of thousands of them feels. All offsets are code points of the scanned text.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from registry_lsp.core.text import Span


class StringNode(NamedTuple):
    """A string or a key; ``value`` is decoded.

    ``start`` and ``end`` enclose its quotes, ``inner_start`` and ``inner_end`` what stands
    between them. A bare one has no quotes, an unclosed one no closing one.
    """

    value: str
    start: int
    end: int
    inner_start: int
    inner_end: int

    @property
    def span(self) -> Span:
        """The string with its quotes."""
        return Span(self.start, self.end)

    @property
    def inner(self) -> Span:
        """The string without its quotes."""
        return Span(self.inner_start, self.inner_end)

    @property
    def is_bare(self) -> bool:
        """Whether it has no opening quote."""
        return self.start == self.inner_start

    @property
    def is_closed(self) -> bool:
        """Whether the closing quote is there, which a bare key does not lack."""
        return self.end > self.inner_end or self.is_bare

    @property
    def is_verbatim(self) -> bool:
        """Whether the value stands in the text as it is, without an escape."""
        return self.inner_end - self.inner_start == len(self.value)


class ScalarNode(NamedTuple):
    """A number, date, boolean or null, or what stands in the place of one: ``text`` as written."""

    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    @property
    def as_string(self) -> StringNode:
        """It as the bare string that its text would be."""
        return StringNode(self.text, self.start, self.end, self.start, self.end)


class ArrayNode(NamedTuple):
    """An array, its brackets (or, without them, its items) enclosed by ``start`` and ``end``."""

    items: tuple[Node, ...]
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class TableNode(NamedTuple):
    """A JSON object, a TOML table or a YAML mapping: its members in order of writing, duplicates
    kept.

    ``start`` and ``end`` enclose its braces; a TOML table without braces has the span of the key
    that first names it, a YAML mapping without them encloses its entries.
    """

    members: tuple[Member, ...]
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    def get(self, name: str) -> Node | None:
        """The value of the last member called *name* that has one, None where there is none."""
        for member in reversed(self.members):
            if member.key.value == name and member.value is not None:
                return member.value
        return None

    def table(self, *path: str) -> TableNode | None:
        """The table at the end of *path*, None where there is none."""
        node: TableNode | None = self
        for name in path:
            value = node.get(name) if node is not None else None
            node = value if isinstance(value, TableNode) else None
        return node

    def tables(self, name: str) -> tuple[TableNode, ...]:
        """The tables called *name*: those of an array of tables, and single ones, as that is what
        an array of tables looks like while its header is being typed.
        """
        values = (value for key, value in self.members if key.value == name)
        return tuple(table for value in values for table in tables_in(value))

    def section(self, *path: str) -> TableNode | None:
        """All that stands at the end of *path* as one table, None where no table is there.

        Unlike :meth:`table` it takes together what is called alike, and the tables of an array:
        half a header, ``[[tool``, puts what stands below it into an array, or beside what stands
        above, and must not hide either.
        """
        found: tuple[TableNode, ...] = (self,)
        for name in path:
            found = tuple(table for each in found for table in each.tables(name))
        if len(found) < 2:
            return found[0] if found else None
        members = tuple(member for each in found for member in each.members)
        return TableNode(members, found[0].start, found[0].end)

    def string(self, name: str) -> str:
        """The string called *name*, empty where there is none."""
        value = self.get(name)
        return value.value if isinstance(value, StringNode) else ""

    def is_true(self, name: str) -> bool:
        """Whether the member called *name* is the boolean true."""
        value = self.get(name)
        return isinstance(value, ScalarNode) and value.text == "true"


Node: TypeAlias = StringNode | ScalarNode | ArrayNode | TableNode


def tables_in(value: Node | None) -> tuple[TableNode, ...]:
    """The tables that *value* consists of: itself if it is one, or the items of an array."""
    if isinstance(value, TableNode):
        return (value,)
    items = value.items if isinstance(value, ArrayNode) else ()
    return tuple(each for each in items if isinstance(each, TableNode))


class Member(NamedTuple):
    """A key and its value; the value is None where it is still to be typed."""

    key: StringNode
    value: Node | None

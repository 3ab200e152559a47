"""TOML's tables while they are being put together, a key here and a header there."""

from __future__ import annotations

from collections.abc import Iterable

from registry_lsp.syntax.nodes import ArrayNode, Member, Node, StringNode, TableNode


class TableBuilder:
    """A table that may still grow; ``start`` and ``end`` are offsets of its first mention.

    What contradicts itself is kept as written: a key that is given twice has two members, and a
    table of the name of another value is a member beside it.
    """

    __slots__ = ("_growing", "_members", "end", "start")

    def __init__(self, start: int, end: int | None = None) -> None:
        self.start = start
        self.end = start if end is None else end
        self._members: list[Member] = []
        self._growing: dict[str, tuple[int, TableBuilder | _TablesBuilder]] = {}

    def add(self, key: StringNode, node: Node | None) -> None:
        """Give *key* a value in this table."""
        self._members.append(Member(key, node))

    def put(self, keys: tuple[StringNode, ...], node: Node | None) -> None:
        """Give the last of *keys* a value, in the table that the others lead to."""
        (self.at(keys[:-1]) if len(keys) > 1 else self).add(keys[-1], node)

    def at(self, keys: Iterable[StringNode]) -> TableBuilder:
        """The table that *keys* lead to, made where it is not there yet."""
        table = self
        for key in keys:
            table = table.child(key)
        return table

    def append(self, keys: tuple[StringNode, ...]) -> TableBuilder:
        """A further table of the array of tables that *keys* lead to."""
        return self.at(keys[:-1]).further(keys[-1])

    def child(self, key: StringNode) -> TableBuilder:
        """The table called *key*: of an array of tables the last."""
        known = self._growing.get(key.value)
        if known is not None:
            table = known[1]
            return table if isinstance(table, TableBuilder) else table.tables[-1]
        table = TableBuilder(key.start, key.end)
        self._growing[key.value] = len(self._members), table
        self.add(key, None)
        return table

    def further(self, key: StringNode) -> TableBuilder:
        """A new table at the end of the array of tables called *key*.

        Where a table is called so already, it becomes the array's first: a header that is being
        typed, ``[[tool`` or ``[tool.uv.index``, must not hide what stands on its other side.
        """
        table = TableBuilder(key.start, key.end)
        place, known = self._growing.get(key.value, (len(self._members), None))
        if isinstance(known, _TablesBuilder):
            known.tables.append(table)
            return table
        if known is None:
            self.add(key, None)
        before = [] if known is None else [known]
        self._growing[key.value] = place, _TablesBuilder(key, [*before, table])
        return table

    def freeze(self) -> TableNode:
        """The table as it stands now."""
        members = self._members
        for at, value in self._growing.values():
            members[at] = Member(members[at].key, value.freeze())
        return TableNode(tuple(members), self.start, self.end)


class _TablesBuilder:
    """An array of tables that may still grow; it has at least one."""

    __slots__ = ("_key", "tables")

    def __init__(self, key: StringNode, tables: list[TableBuilder]) -> None:
        self._key = key
        self.tables = tables

    def freeze(self) -> ArrayNode:
        tables = tuple(table.freeze() for table in self.tables)
        return ArrayNode(tables, self._key.start, self._key.end)

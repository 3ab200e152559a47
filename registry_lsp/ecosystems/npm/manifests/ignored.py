"""The key of ``package.json`` that says which findings are not to be told, for JSON has no
comments: ``"registry-lsp": {"ignore": {"left-pad": ["deprecated"], "@ours/*": true}}``. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from registry_lsp.core.edits import Edit
from registry_lsp.core.ignores import IGNORE, Ignoring, Unused, unread
from registry_lsp.core.manifests import Dependency, Ignore, Manifest
from registry_lsp.core.removal import extents
from registry_lsp.core.text import Span
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode

_PATH = ("registry-lsp", IGNORE)
_LINE_BEFORE = re.compile(r"(?:\r\n|\n|\r)[ \t]*\Z")
_COMMA = re.compile(r"\s*,")
_NO_TABLE = "'ignore' must be an object of names and codes"
_NO_CODES = "a name needs a list of codes behind it, or true for all"


def ignores(root: TableNode) -> Iterator[Ignore]:
    """What *root* leaves unsaid, by patterns of names."""
    outer = root.table(_PATH[0])
    said = outer.get(_PATH[1]) if outer is not None else None
    for key, _ in outer.members if outer is not None else ():
        if key.value and key.value != _PATH[1]:
            other = unread(key.inner, key.value, key.inner)
            yield other if said is None else replace(other, word=None)
    if not isinstance(said, TableNode):
        if said is not None:
            yield Ignore(span=said.span, fault=_NO_TABLE)
        return
    for key, value in said.members:
        if key.value and value is not None:
            yield _ignore(key, value)


def _ignore(key: StringNode, value: Node) -> Ignore:
    span = key.inner
    if isinstance(value, ScalarNode) and value.text == "true":
        return Ignore(span=span, pattern=key.value)
    items = value.items if isinstance(value, ArrayNode) else ()
    codes = tuple((each.value, each.inner) for each in items if isinstance(each, StringNode))
    if not codes or len(codes) < len(items):
        return Ignore(span=span, pattern=key.value, fault=_NO_CODES)
    return Ignore(span=span, pattern=key.value, codes=codes)


def _ignoring(text: str, root: TableNode, name: str, code: str) -> Edit | None:
    """The edit that leaves *code* unsaid of *name* in *text*, whose tree is *root*; None where all
    is left unsaid of it already, or something else stands in the place.
    """
    word = json.dumps(code)
    entry = f"{json.dumps(name, ensure_ascii=False)}: [{word}]"
    outer = root.get(_PATH[0])
    if outer is None:
        return _added(text, root, f'"{_PATH[0]}": {{"{_PATH[1]}": {{{entry}}}}}')
    if not isinstance(outer, TableNode):
        return None
    said = outer.get(_PATH[1])
    if said is None:
        return _added(text, outer, f'"{_PATH[1]}": {{{entry}}}')
    if not isinstance(said, TableNode):
        return None
    codes = said.get(name)
    if codes is None:
        return _added(text, said, entry)
    if not isinstance(codes, ArrayNode):
        return None
    if not codes.items:
        return Edit(span=Span(codes.start + 1, codes.start + 1), text=word)
    end = codes.items[-1].end
    return Edit(span=Span(end, end), text=f", {word}")


def _without(text: str, root: TableNode, unused: Unused) -> Iterator[Edit]:
    """The edits that may take *unused* out of *text*, whose tree is *root*: a code, and with the
    last one its name, and with the last of these the whole key.
    """
    levels = []
    table: Node = root
    for name in _PATH:
        member = _member(table, name)
        if member is None:
            return
        levels.append((table, Span(member[0].start, member[1].end)))
        table = member[1]
    if table.span != unused.span:
        levels += _place(table, unused.span)
    for outer, extent in reversed(levels):
        if _count(outer) > 1 or outer is root:
            yield from (Edit(span=each, text="") for each in extents(text, extent))
            return


def _member(table: Node, name: str) -> tuple[StringNode, Node] | None:
    if not isinstance(table, TableNode):
        return None
    found = [(key, value) for key, value in table.members if key.value == name]
    key, value = found[-1] if found else (None, None)
    return (key, value) if key is not None and value is not None else None


def _place(said: Node, span: Span) -> list[tuple[Node, Span]]:
    """What stands at *span* in the names and codes that are *said*, and what that stands in."""
    for key, value in said.members if isinstance(said, TableNode) else ():
        if value is None:
            continue
        entry = (said, Span(key.start, value.end))
        if key.inner == span:
            return [entry]
        for each in value.items if isinstance(value, ArrayNode) else ():
            if isinstance(each, StringNode) and each.inner == span:
                return [entry, (value, each.span)]
    return []


def _count(node: Node) -> int:
    """How much stands in it."""
    if isinstance(node, TableNode):
        return len(node.members)
    return len(node.items) if isinstance(node, ArrayNode) else 0


def _added(text: str, table: TableNode, member: str) -> Edit | None:
    """The edit that adds *member* to *table* as its last, on a line of its own where the last one
    has that; None where the table, or its last member, is half typed.
    """
    key, value = table.members[-1] if table.members else (None, table)
    is_closed = text[table.end - 1 : table.end] == "}"
    if value is None or not is_closed or (key is not None and value.end == table.end):
        return None
    if key is None:
        return Edit(span=Span(table.start + 1, table.start + 1), text=member)
    end = value.end
    line = _LINE_BEFORE.search(text, max(0, key.start - 400), key.start)
    gap = line[0] if line is not None else " "
    comma = _COMMA.match(text, end)
    if comma is not None:  # some tools take one behind the last
        return Edit(span=Span(comma.end(), comma.end()), text=f"{gap}{member},")
    return Edit(span=Span(end, end), text=f",{gap}{member}")


class NamedIgnores:
    """Words on all of a name, under a key of their own, as the way to leave findings unsaid."""

    def add(
        self, text: str, _manifest: Manifest, dependency: Dependency, code: str
    ) -> Ignoring | None:
        """A word on all of its name, None where it is none."""
        if not dependency.name:
            return None
        root = scan_json(text)
        edit = _ignoring(text, root, dependency.name, code) if isinstance(root, TableNode) else None
        return Ignoring(edit=edit) if edit is not None else None

    def remove(self, text: str, _manifest: Manifest, unused: Unused) -> Iterable[Edit]:
        """Without the word, and without what is empty then."""
        root = scan_json(text)
        return _without(text, root, unused) if isinstance(root, TableNode) else ()


NAMED = NamedIgnores()

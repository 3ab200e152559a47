"""What the manifests in YAML have in common: how their nodes become dependencies. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from registry_lsp.core.manifests import Dependency, Link, Manifest
from registry_lsp.ecosystems.npm.manifests.entries import Found, Section, gathered
from registry_lsp.syntax.nodes import ArrayNode, Member, Node, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.remarks import outside, remarks
from registry_lsp.syntax.yaml.scalars import YAML_ESCAPES
from registry_lsp.syntax.yaml.scanner import scan_yaml

MERGE = "<<"
"""The key of YAML 1.1 that takes in the members of another table."""
_MOST_TAKEN_IN = 10_000
_BREAKS = frozenset("\r\n")

Read: TypeAlias = Iterator[Found | Link]
Reader: TypeAlias = Callable[[str, TableNode, Member], Read]
"""Reads one field: the text, the whole tree, and the field's key and value."""


def parse_fields(
    text: str,
    readers: Mapping[str, Reader],
    finish: Callable[[TableNode, Read], Read] = lambda _, found: found,
) -> Manifest:
    """The manifest that the fields of *text* with *readers* make up, and what *finish* makes of
    that for the whole tree.
    """
    root = scan_yaml(text)
    if not isinstance(root, TableNode):
        return Manifest()
    manifest = gathered(root, finish(root, _read(text, root, readers)))
    is_outside = outside(lambda _: root, text)
    ignores = remarks(text, lambda at: (at == 0 or text[at - 1].isspace()) and is_outside(at))
    return replace(manifest, ignores=ignores)


def without_merges(table: TableNode) -> TableNode:
    """*table* without its merge keys (``<<: *shared``), whose entries stand where they are
    anchored.
    """
    members = tuple(member for member in table.members if member.key.value != MERGE)
    return table if len(members) == len(table.members) else table._replace(members=members)


def merged(table: TableNode) -> Iterator[Member]:
    """The members of *table* behind those that its merge keys take from other tables, as js-yaml
    and its like do: of one name the last counts.
    """
    yield from islice(_taken_in(table), _MOST_TAKEN_IN)
    yield from without_merges(table).members


def _taken_in(table: TableNode) -> Iterator[Member]:
    for key, value in table.members:
        if key.value != MERGE:
            continue
        sources = value.items if isinstance(value, ArrayNode) else (value,)
        for source in reversed(sources):
            yield from source.members if isinstance(source, TableNode) else ()


def yaml_section(name: str) -> Section:
    """The section *name* of a text in YAML."""
    return Section(name=name, escapes=YAML_ESCAPES, is_bare=True)


def is_null(value: Node | None) -> bool:
    """Whether *value* says nothing."""
    return value is None or (isinstance(value, ScalarNode) and value.text in {"null", "~"})


def _read(text: str, root: TableNode, readers: Mapping[str, Reader]) -> Read:
    for member in root.members:
        reader = readers.get(member.key.value)
        if reader is None or is_null(member.value) or _is_half_typed(text, member):
            continue
        for found in reader(text, root, member):
            if isinstance(found, Dependency) and not _is_as_written(text, found):
                yield replace(found, specifier_span=None)
            else:
                yield found


def _is_half_typed(text: str, member: Member) -> bool:
    """Whether the value is the beginning of the first entry, on the line below its key."""
    key, value = member
    if not isinstance(value, StringNode) or not value.is_bare:
        return False
    return "\n" in text[key.end : value.start] or "\r" in text[key.end : value.start]


def _is_as_written(text: str, dependency: Dependency) -> bool:
    """Whether another version can be written in the place of its own: not where that is an
    alias's, or stands on several lines.
    """
    span = dependency.written_span
    if span is None or text.startswith(dependency.written, span.start):
        return True
    is_quoted = text[span.start - 1 : span.start] in {"'", '"'}
    return is_quoted and _BREAKS.isdisjoint(span.slice(text))

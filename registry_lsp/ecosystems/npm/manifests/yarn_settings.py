"""``.yarnrc.yml``: the catalogs of Yarn 4.10 and newer, and its package extensions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

from registry_lsp.core.manifests import Manifest, Problem
from registry_lsp.core.ports.manifest import IgnoreSyntax
from registry_lsp.core.text import Span, utf8
from registry_lsp.core.words import Words
from registry_lsp.ecosystems.npm.manifests.catalog_sections import (
    CATALOG,
    CATALOGS,
    catalog_entries,
)
from registry_lsp.ecosystems.npm.manifests.package_extensions import package_extensions
from registry_lsp.ecosystems.npm.manifests.yaml_entries import (
    Read,
    Reader,
    parse_fields,
    yaml_section,
)
from registry_lsp.syntax.half_typed import with_yaml_value
from registry_lsp.syntax.keys import keys_at
from registry_lsp.syntax.nodes import Member, Node, ScalarNode, TableNode
from registry_lsp.syntax.quoting import Writer, in_yaml
from registry_lsp.syntax.remarks import REMARKS
from registry_lsp.syntax.yaml.scanner import scan_yaml, yaml_fault

YARN_SETTINGS = ".yarnrc.yml"
"""What the file is called."""

_EXTENSIONS = "packageExtensions"
_FIELDS = re.compile(rf"^[\"']?(?:{CATALOG}|{CATALOGS}|{_EXTENSIONS})\b", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class YarnSettings:
    """The format of files called ``.yarnrc.yml``, and of no others.

    Yarn reads every scalar as a string (YAML's failsafe schema): ``1.0`` is a version there.
    """

    name: str = YARN_SETTINGS
    patterns: Sequence[str] = (f"**/{YARN_SETTINGS}",)
    decode: Callable[[bytes], str] = utf8
    completed: Callable[[str, int, str], str] = with_yaml_value
    quoting: Callable[[str, Span], Writer] = in_yaml
    ignoring: IgnoreSyntax = REMARKS

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one."""
        return path.name == YARN_SETTINGS

    def holds(self, text: str) -> bool:
        """Only one with dependencies in it is: every project of Yarn's has such a file."""
        return _FIELDS.search(text) is not None

    def parse(self, text: str) -> Manifest:
        """Read it, tolerantly: never raises, and loses only what is broken."""
        return parse_fields(text, _READERS)

    def words_at(self, text: str, offset: int) -> Words | None:
        """The fields that are read."""
        return keys_at(text, offset, scan_yaml, {(): tuple(_READERS)})

    def fault(self, text: str) -> Problem | None:
        """Why it is no YAML, which Yarn asks for."""
        return yaml_fault(text)


def _catalogs(text: str, _root: TableNode, field: Member) -> Read:
    name, value = field.key.value, field.value
    if value is not None:
        yield from catalog_entries(text, _with_strings(value), yaml_section(name))


def _extensions(text: str, _root: TableNode, field: Member) -> Read:
    yield from package_extensions(text, field.value, yaml_section(field.key.value))


def _with_strings(value: Node, depth: int = 2) -> Node:
    """*value* with strings for the scalars in it, as deep as catalogs go."""
    if isinstance(value, ScalarNode):
        return value.as_string
    if not isinstance(value, TableNode) or not depth:
        return value
    members = (
        Member(key, None if each is None else _with_strings(each, depth - 1))
        for key, each in value.members
    )
    return TableNode(tuple(members), value.start, value.end)


_READERS: Mapping[str, Reader] = MappingProxyType(
    {CATALOG: _catalogs, CATALOGS: _catalogs, _EXTENSIONS: _extensions}
)

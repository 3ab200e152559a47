"""``pnpm-workspace.yaml``: the members of pnpm's workspace, its catalogs and its overrides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import MappingProxyType

from registry_lsp.core.manifests import Dependency, Manifest, Problem, Source
from registry_lsp.core.ports.manifest import IgnoreSyntax
from registry_lsp.core.text import Span, printable, utf8
from registry_lsp.core.words import Words
from registry_lsp.ecosystems.npm.manifests.catalog_sections import (
    CATALOG,
    CATALOGS,
    DEFAULT,
    RECURSIVE,
    catalog_entries,
    catalog_of,
    problem_of,
)
from registry_lsp.ecosystems.npm.manifests.entries import SHOWN, not_a_section
from registry_lsp.ecosystems.npm.manifests.overrides import flat_overrides
from registry_lsp.ecosystems.npm.manifests.package_extensions import package_extensions
from registry_lsp.ecosystems.npm.manifests.package_manager import EXACT_DIALECT
from registry_lsp.ecosystems.npm.manifests.replacements import (
    PNPMS,
    Override,
    flat,
    replacements,
)
from registry_lsp.ecosystems.npm.manifests.selectors import pnpm_selector
from registry_lsp.ecosystems.npm.manifests.specifier import is_valid_name
from registry_lsp.ecosystems.npm.manifests.workspaces_field import members
from registry_lsp.ecosystems.npm.manifests.yaml_entries import (
    Read,
    Reader,
    is_null,
    parse_fields,
    without_merges,
    yaml_section,
)
from registry_lsp.syntax.half_typed import with_yaml_value
from registry_lsp.syntax.keys import keys_at
from registry_lsp.syntax.nodes import ArrayNode, Member, StringNode, TableNode
from registry_lsp.syntax.quoting import Writer, in_yaml
from registry_lsp.syntax.remarks import REMARKS
from registry_lsp.syntax.yaml.scanner import scan_yaml, yaml_fault

PNPM_WORKSPACE = "pnpm-workspace.yaml"
"""What the file is called."""

CONFIGURATION = "configDependencies"
"""The section of packages that pnpm takes its settings from."""

OLDER_PNPM = "pnpm 11"
"""Who alone takes no unquoted number for a version: pnpm up to there."""

_OVERRIDES = "overrides"
_MOST_TABLES = 10_000
_UNSHARED = re.compile(r"link:|file:")
_REFUSED = frozenset({Source.CATALOG, Source.PATH})
"""Where an entry of a catalog cannot come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PnpmWorkspace:
    """The format of files called ``pnpm-workspace.yaml``, and of no others.

    What pnpm refuses is what its ``workspace-manifest-reader`` and its catalogs refuse. An entry
    without a value is still being typed, and nothing is said of it.
    """

    name: str = PNPM_WORKSPACE
    patterns: Sequence[str] = (f"**/{PNPM_WORKSPACE}",)
    decode: Callable[[bytes], str] = utf8
    completed: Callable[[str, int, str], str] = with_yaml_value
    quoting: Callable[[str, Span], Writer] = in_yaml
    ignoring: IgnoreSyntax = REMARKS

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one."""
        return path.name == PNPM_WORKSPACE

    def holds(self, _text: str) -> bool:
        """Every file of that name is one."""
        return True

    def parse(self, text: str) -> Manifest:
        """Read it, tolerantly: never raises, and loses only what is broken."""
        return parse_fields(text, _READERS, _finish)

    def words_at(self, text: str, offset: int) -> Words | None:
        """The fields that are read."""
        return keys_at(text, offset, scan_yaml, {(): tuple(_READERS)})

    def fault(self, text: str) -> Problem | None:
        """Why it is no YAML, or more than one document of it: pnpm asks for one."""
        return yaml_fault(text, is_single=True)


def pnpm_overrides(root: TableNode) -> Iterator[Override]:
    """The overrides of the file whose tree is *root*."""
    return flat(root.table(_OVERRIDES), pnpm_selector, _OVERRIDES, PNPMS)


def _finish(root: TableNode, found: Read) -> Read:
    """What was *found*, where the overrides do not replace it; and what pnpm refuses of *root*.

    What an override refers to stands in the package.json beside this file.
    """
    replaced = replacements([("", pnpm_overrides(root))], {}, "").applier()
    for each in found:
        if isinstance(each, Dependency) and catalog_of(each) is not None:
            yield replaced(each)
        else:
            yield each
    yield from _repetitions(root)


def _repetitions(root: TableNode) -> Iterator[Problem]:
    """The keys that are there twice, which js-yaml refuses."""
    tables, looked = [root], 0
    while tables and looked < _MOST_TABLES:
        table = tables.pop()
        looked += 1
        if len({key.value for key, _ in table.members}) < len(table.members):
            seen: set[str] = set()
            for key, _ in table.members:
                if key.value in seen:
                    reason = f"'{printable(key.value, SHOWN)}' is there twice: pnpm refuses that."
                    yield Problem(span=key.inner, reason=reason)
                seen.add(key.value)
        tables += [value for _, value in table.members if isinstance(value, TableNode)]


def _packages(_text: str, _root: TableNode, field: Member) -> Read:
    """The members that are named without a pattern, as links."""
    key, value = field
    if isinstance(value, ArrayNode):
        yield from members(value)
    elif value is not None:
        yield Problem(span=value.span, reason=f"'{key.value}' must be a list of paths.")


def _catalogs(text: str, root: TableNode, field: Member) -> Read:
    name, value = field.key.value, field.value
    if not isinstance(value, TableNode):
        if value is not None:
            yield not_a_section(name, value)
        return
    if name == CATALOGS:
        yield from _misshapen(root, value)
        members = (
            Member(key, without_merges(each) if isinstance(each, TableNode) else each)
            for key, each in value.members
        )
        value = value._replace(members=tuple(members))
    section = replace(yaml_section(name), refuses_numbers=OLDER_PNPM)
    for found in catalog_entries(text, without_merges(value), section):
        yield found
        if isinstance(found, Dependency) and found.source in _REFUSED:
            yield from _refusal(found)


def _misshapen(root: TableNode, catalogs: TableNode) -> Read:
    """The catalogs that are none, and one that is there twice."""
    for key, value in without_merges(catalogs).members:
        if value is not None and not isinstance(value, TableNode):
            yield not_a_section(f"{CATALOGS}.{printable(key.value, SHOWN)}", value)
        if key.value == DEFAULT and not is_null(value) and not is_null(root.get(CATALOG)):
            reason = f"'{CATALOG}' is the default catalog already, and only one may be."
            yield Problem(span=key.inner, reason=reason)


def _refusal(entry: Dependency) -> Read:
    """What cannot stand in a catalog (pnpm's ``resolveFromCatalog``)."""
    if entry.source is Source.CATALOG:
        yield problem_of(entry, RECURSIVE)
    elif (protocol := _UNSHARED.match(entry.written)) is not None:
        yield problem_of(entry, f"pnpm takes no '{protocol[0]}' from a catalog.")


def _overrides(text: str, _root: TableNode, field: Member) -> Read:
    name, value = field.key.value, field.value
    if isinstance(value, TableNode):
        section = yaml_section(name)
        # '$name' refers to the package.json beside this file
        yield from flat_overrides(text, value, section, select=pnpm_selector, direct=None)
    elif value is not None:
        yield not_a_section(name, value)


def _extensions(text: str, _root: TableNode, field: Member) -> Read:
    yield from package_extensions(text, field.value, yaml_section(field.key.value))


def _configuration(_text: str, _root: TableNode, field: Member) -> Read:
    """Packages that pnpm takes settings from: exact versions, which the file's older form pins
    by a hash behind a '+'.
    """
    table = field.value if isinstance(field.value, TableNode) else None
    for key, value in table.members if table is not None else ():
        if not isinstance(value, StringNode) or not value.is_verbatim:
            continue
        version, plus, _ = value.value.partition("+")
        if not version or not is_valid_name(key.value):
            continue
        at = Span(value.inner_start, value.inner_start + len(version))
        yield Dependency(
            name=key.value,
            display_name=key.value,
            name_span=key.inner,
            specifier=version,
            specifier_span=at,
            span=Span(key.start, value.end),
            section=field.key.value,
            dialect=EXACT_DIALECT,
            hashes=(Span(at.end, value.inner_end),) if plus else (),
            written=version,
            written_span=at,
        )


_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "packages": _packages,
        CATALOG: _catalogs,
        CATALOGS: _catalogs,
        _OVERRIDES: _overrides,
        "packageExtensions": _extensions,
        CONFIGURATION: _configuration,
    }
)

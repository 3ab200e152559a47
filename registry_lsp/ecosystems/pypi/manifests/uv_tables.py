"""uv's own tables: lists of requirements, and the sources of names."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from registry_lsp.core.manifests import Dependency, Link, Role
from registry_lsp.ecosystems.pypi.manifests.origins import origin_of
from registry_lsp.ecosystems.pypi.manifests.reading import Reading, entries, trimmed, values
from registry_lsp.ecosystems.pypi.manifests.requirement_lists import RequirementReader
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode, tables_in

_LISTS = (
    "dev-dependencies",
    "constraint-dependencies",
    "override-dependencies",
    "build-constraint-dependencies",
)
_BUILD = "build-constraint-dependencies"
_EXCLUDED = "exclude-dependencies"
_REVISIONS = frozenset({"rev", "tag", "branch"})
_INSTALLING = frozenset({"editable", "package"})
_KINDS = MappingProxyType(
    {
        "git": _INSTALLING,
        "url": _INSTALLING | _REVISIONS,
        "path": _REVISIONS,
        "index": _INSTALLING | _REVISIONS,
        "workspace": _REVISIONS | {"package"},
    }
)
"""By the key that says where a dependency comes from, what cannot stand beside it: in an entry of
``tool.uv.sources``, by uv's own error messages.
"""
_KEYS = frozenset({"subdirectory", "lfs", "marker", "extra", "group"}).union(
    _KINDS, _INSTALLING, _REVISIONS
)

_NO_KIND = "A source needs one of 'git', 'url', 'path', 'index' and 'workspace'."


def uv_prereleases(root: TableNode) -> bool | None:
    """Whether uv takes prereleases, None where its setting leaves that to the specifiers."""
    uv = root.section("tool", "uv")
    setting = uv.string("prerelease") if uv is not None else ""
    return {"allow": True, "disallow": False}.get(setting)


def read_uv(root: TableNode, reader: RequirementReader) -> None:
    """Take in ``tool.uv``."""
    uv = root.section("tool", "uv")
    if uv is None:
        return
    # What uv builds with is chosen without its setting for prereleases.
    build = replace(reader, prereleases=None)
    for key, value in entries(uv):
        section = f"tool.uv.{key.value}"
        if key.value in _LISTS:
            (build if key.value == _BUILD else reader).read(section, value)
        elif key.value == _EXCLUDED:
            _excluded(section, value, reader)
    for key, value in entries(uv.section("extra-build-dependencies")):
        _extra_build(f"tool.uv.extra-build-dependencies.{key.value}", value, build)
    for key, value in entries(uv.section("sources")):
        _check_source(key, value, reader.reading)


def _excluded(section: str, value: Node, reader: RequirementReader) -> None:
    """Names that are left out of what is installed: no version of them is wanted."""
    for string in reader.strings(section, value):
        name, span = trimmed(reader.text, string)
        if not is_valid_name(name):
            reason = "Only the name of a project can be excluded, without a version."
            reader.reading.complain(string.inner, reason)
            continue
        origin = reader.bindings.of(normalise(name))
        reader.reading.dependencies.append(
            Dependency(
                name=normalise(name),
                display_name=name,
                name_span=span,
                specifier="",
                specifier_span=None,
                span=string.span,
                section=section,
                dialect="pep440",
                source=origin.source,
                target=origin.target,
                index=origin.index,
                link=origin.link,
            )
        )


def _extra_build(section: str, value: Node, reader: RequirementReader) -> None:
    """Requirements, or tables of one and how it is matched with what is installed."""

    def take(item: Node) -> None:
        requirement = item.get("requirement") if isinstance(item, TableNode) else None
        if isinstance(requirement, StringNode):
            if requirement.value:
                reader.requirement(section, requirement)
        elif not isinstance(item, TableNode) or item.members:
            reason = "It must be a requirement, or a table such as {requirement = 'name'}."
            reader.reading.complain(item.span, reason)

    for string in reader.strings(section, value, take):
        reader.requirement(section, string)


def _check_source(key: StringNode, value: Node, reading: Reading) -> None:
    """Link what one entry of ``sources`` names, and complain of what uv refuses in it."""
    if not is_valid_name(key.value):
        reading.complain(key.inner, "No Python project can have this name.")
    if not isinstance(value, (TableNode, ArrayNode)):
        reading.complain(value.span, "A source must be a table, or a list of tables.")
        return
    tables = tables_in(value)
    for table in tables:
        _check_keys(table, reading)
        origin = origin_of(table)
        if origin.link and origin.place is not None:
            reading.links.append(Link(span=origin.place.inner, target=origin.link, role=Role.PAGE))
    if len(tables) > 1 and all(table.members for table in tables):
        for table in tables:
            if not any(table.get(name) for name in ("marker", "extra", "group")):
                reason = f"Of several sources of '{key.value}' each needs a 'marker'."
                reading.complain(table.span, reason)


def _check_keys(table: TableNode, reading: Reading) -> None:
    said = values(table)
    kind = next((name for name in _KINDS if name in said), None)
    revision: str | None = None
    for key, value in entries(table):
        name = key.value
        if name not in _KEYS:
            reading.complain(key.inner, f"uv knows no '{name}' here.")
        elif kind is not None and name != kind and (name in _KINDS or name in _KINDS[kind]):
            reading.complain(key.inner, f"'{name}' cannot stand beside '{kind}'.")
        elif name in _REVISIONS:
            if revision is not None:
                reading.complain(key.inner, f"'{name}' cannot stand beside '{revision}'.")
            revision = name
        elif name == "marker":
            reading.check_marker(value)
    if kind is None and said and _KEYS.issuperset(key.value for key, _ in table.members):
        reading.complain(table.span, _NO_KIND)

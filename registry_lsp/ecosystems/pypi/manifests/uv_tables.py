"""uv's own tables: what it requires, and the sources of names."""

from __future__ import annotations

from types import MappingProxyType

from registry_lsp.core.manifests import Link, Role
from registry_lsp.ecosystems.pypi.manifests.origins import origin_of
from registry_lsp.ecosystems.pypi.manifests.reading import Reading, entries, values
from registry_lsp.ecosystems.pypi.manifests.requirement_lists import RequirementReader
from registry_lsp.ecosystems.pypi.manifests.uv_lists import read_uv_lists
from registry_lsp.ecosystems.pypi.names import is_valid_name
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode, tables_in

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
    read_uv_lists(uv, reader)
    for key, value in entries(uv.section("sources")):
        _check_source(key, value, reader.reading)


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

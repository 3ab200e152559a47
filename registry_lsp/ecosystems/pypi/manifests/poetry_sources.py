"""What Poetry refuses in ``tool.poetry.source``, by its schema and its own error messages."""

from __future__ import annotations

from registry_lsp.ecosystems.pypi.manifests.project_indexes import POETRY_ROLES
from registry_lsp.ecosystems.pypi.manifests.reading import Reading, entries
from registry_lsp.syntax.nodes import Node, StringNode, TableNode

_KEYS = frozenset({"name", "url", "priority", "links", "indexed"})
_BEFORE_2 = frozenset({"default", "secondary"})
"""Keys that stood for a priority before there was one."""
_PUBLIC = "pypi"
_PRIMARY = frozenset({"", "primary", "default"})

_NO_PRIORITY = "The priority of a source is 'primary', 'supplemental' or 'explicit'."
_NO_NAME = "A source needs a 'name'."
_NO_URL = "A source needs a 'url'."
_PUBLIC_URL = "The public index is known to Poetry, and cannot have another 'url'."


def read_sources(poetry: TableNode, reading: Reading) -> frozenset[str]:
    """The lower-case names of the sources that a dependency may come from; complains of what is
    wrong with them. The public index is one that need not be listed, unless a primary one stands
    in for it. An empty string or table is still being typed.
    """
    tables = tuple(poetry.tables("source"))
    names: set[str] = set()
    for table in tables:
        if table.members:
            _check_source(table, names, reading)
        names.add(table.string("name").lower())
    is_primary = (table.string("priority").lower() in _PRIMARY for table in tables)
    return frozenset(names if any(is_primary) else names | {_PUBLIC})


def check_named(value: Node, known: frozenset[str], reading: Reading) -> None:
    """Complain of a dependency that is to come from a source which is not *known*."""
    source = value.get("source") if isinstance(value, TableNode) else None
    if isinstance(source, StringNode) and source.value and source.value.lower() not in known:
        reason = f"The project has no source called '{source.value}'."
        reading.complain(source.inner, reason)


def _check_source(table: TableNode, names: set[str], reading: Reading) -> None:
    """Check one source; *names* are those of the sources before it."""
    for key, _ in entries(table):
        if key.value not in _KEYS and key.value not in _BEFORE_2:
            reading.complain(key.inner, f"Poetry knows no '{key.value}' here.")
    name, url, priority = table.get("name"), table.get("url"), table.get("priority")
    known = name.value.lower() if isinstance(name, StringNode) else ""
    if name is None:
        reading.complain(table.span, _NO_NAME)
    elif known and known in names:
        reading.complain(name.span, f"Another source is called '{known}', too.")
    if url is None and name is not None and known not in {"", _PUBLIC}:
        reading.complain(table.span, _NO_URL)
    elif url is not None and known == _PUBLIC:
        reading.complain(url.span, _PUBLIC_URL)
    if isinstance(priority, StringNode) and priority.value not in {"", *POETRY_ROLES}:
        reading.complain(priority.inner, _NO_PRIORITY)

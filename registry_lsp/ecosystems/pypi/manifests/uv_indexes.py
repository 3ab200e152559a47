"""What uv refuses in ``tool.uv.index``, by its own error messages."""

from __future__ import annotations

import re

from registry_lsp.ecosystems.pypi.manifests.reading import Reading
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_FORMATS = ("simple", "flat")

_BAD_NAME = "The name of an index has letters, digits, '-', '_' and '.' only."
_NO_NAME = "An explicit index needs a 'name': only what names it comes from there."
_NO_URL = "An index needs a 'url'."
_SECOND_DEFAULT = "Another index is the default one already."
_NO_LIST = "uv needs a list of tables here: '[[tool.uv.index]]'."
_BAD_FORMAT = "The format of an index is 'simple' or 'flat'."


def check_indexes(uv: TableNode, reading: Reading) -> None:
    """Complain of the indexes in ``tool.uv``, which is *uv*. An empty string or table is still
    being typed.
    """
    _check_kind(uv.get("index"), reading)
    names: set[str] = set()
    has_default = False
    for table in uv.tables("index"):
        if not table.members:
            continue
        _check_name(table, names, reading)
        if table.get("url") is None:
            reading.complain(table.span, _NO_URL)
        kind, default = table.get("format"), table.get("default")
        if isinstance(kind, StringNode) and kind.value and kind.value not in _FORMATS:
            reading.complain(kind.inner, _BAD_FORMAT)
        for each in ("default", "explicit"):
            flag = table.get(each)
            if flag is not None and not _is_boolean(flag):
                reading.complain(flag.span, f"'{each}' must be true or false.")
        if default is not None and table.is_true("default"):
            if has_default:
                reading.complain(default.span, _SECOND_DEFAULT)
            has_default = True


def _check_kind(value: Node | None, reading: Reading) -> None:
    """Complain of a single table, and of what is no table in the list."""
    if isinstance(value, ArrayNode):
        for item in value.items:
            if not isinstance(item, TableNode):
                reading.complain(item.span, "An index must be a table.")
    elif value is not None and not (isinstance(value, TableNode) and not value.members):
        reading.complain(value.span, _NO_LIST)


def _is_boolean(value: Node) -> bool:
    return isinstance(value, ScalarNode) and value.text in {"true", "false"}


def _check_name(table: TableNode, names: set[str], reading: Reading) -> None:
    """Check the name of one index; *names* are those of the indexes before it."""
    name, explicit = table.get("name"), table.get("explicit")
    if isinstance(name, StringNode) and name.value:
        if _NAME.fullmatch(name.value) is None:
            reading.complain(name.inner, _BAD_NAME)
        elif name.value in names:
            reading.complain(name.inner, f"Another index is called '{name.value}', too.")
        names.add(name.value)
    elif name is None and explicit is not None and table.is_true("explicit"):
        reading.complain(explicit.span, _NO_NAME)

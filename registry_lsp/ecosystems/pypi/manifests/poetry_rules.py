"""What the table of one dependency may say, by Poetry's own schema: which keys stand together,
and what their values are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from registry_lsp.ecosystems.pypi.manifests.reading import Reading, entries
from registry_lsp.ecosystems.pypi.versions.poetry import PoetryScheme
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode

_SCHEME = PoetryScheme()

_COMMON = frozenset({"python", "platform", "markers", "optional", "extras"})
_PRERELEASES = frozenset({"allow-prereleases", "allows-prereleases"})
_REVISIONS = frozenset({"branch", "tag", "rev"})
_KINDS = MappingProxyType(
    {
        "version": _COMMON | _PRERELEASES | {"source"},
        "git": _COMMON | _PRERELEASES | _REVISIONS | {"subdirectory", "develop"},
        "file": _COMMON | {"subdirectory"},
        "path": _COMMON | {"subdirectory", "develop"},
        "url": _COMMON | {"subdirectory"},
    }
)
"""By the key that says what is required, the keys that may stand beside it."""
_ALONE = frozenset({"python", "platform", "markers", "allow-prereleases", "source", "develop"})
"""What may be said of a dependency that ``project.dependencies`` lists."""
_KEYS = frozenset(_KINDS).union(_ALONE, *_KINDS.values())
_IN_GROUPS = frozenset({"optional", "include-groups", "dependencies"})
_ADDRESS_MARK = re.compile(r"[:/]")
_BOOLEANS = _PRERELEASES | {"optional", "develop"}


def is_known(key: str) -> bool:
    """Whether Poetry knows a *key* in the table of a dependency."""
    return key in _KEYS


def check_group(group: TableNode, reading: Reading) -> None:
    """Complain of what Poetry knows nothing of in the table of one *group*."""
    for key, _ in entries(group):
        if key.value not in _IN_GROUPS:
            reading.complain(key.inner, f"Poetry knows no '{key.value}' here.")


def check_table(table: TableNode, said: Mapping[str, Node], reading: Reading) -> None:
    """Complain of what Poetry refuses in the *table* of one dependency; *said* are its values."""
    kind = next((name for name in _KINDS if name in said), "")
    allowed = _KINDS[kind] if kind else _ALONE
    for key, value in entries(table):
        name = key.value
        if name == kind or name in allowed:
            _check_value(name, value, reading)
        elif name not in _KEYS:
            reading.complain(key.inner, f"Poetry knows no '{name}' here.")
        else:
            beside = f"stand beside '{kind}'" if kind else "stand without a 'version'"
            reading.complain(key.inner, f"'{name}' cannot {beside}.")


def _check_value(name: str, value: Node, reading: Reading) -> None:
    if name in _BOOLEANS:
        if not (isinstance(value, ScalarNode) and value.text in {"true", "false"}):
            reading.complain(value.span, f"'{name}' must be true or false.")
    elif name == "extras":
        if not (
            isinstance(value, ArrayNode) and all(isinstance(it, StringNode) for it in value.items)
        ):
            reading.complain(value.span, "'extras' must be a list of strings.")
    elif not isinstance(value, StringNode):
        reading.complain(value.span, f"'{name}' must be a string.")
    elif name == "python":
        reading.check_specifier(value, _SCHEME)
    elif name == "markers":
        reading.check_marker(value)
    elif name == "git" and value.value and _ADDRESS_MARK.search(value.value) is None:
        reading.complain(value.inner, "Poetry cannot take this for the address of a repository.")

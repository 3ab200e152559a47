"""The tables and keys of Python's manifests that say what is installed, for whoever types one."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from registry_lsp.core.words import Sort, Words
from registry_lsp.ecosystems.pypi.manifests.reading import entries, strings, text_of
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.syntax.keys import Vocabulary, spot_at
from registry_lsp.syntax.nodes import TableNode, tables_in
from registry_lsp.syntax.toml.scanner import scan_toml

_INCLUDING = frozenset({"include-group", "include-groups", "default-groups"})
_POETRY_ENTRY = (
    "version",
    "extras",
    "optional",
    "markers",
    "python",
    "source",
    "allow-prereleases",
    "git",
    "path",
    "url",
)
_UV = {
    ("tool", "uv"): (
        "sources",
        "index",
        "constraint-dependencies",
        "override-dependencies",
        "exclude-dependencies",
        "build-constraint-dependencies",
        "dev-dependencies",
        "default-groups",
        "dependency-groups",
        "workspace",
        "conflicts",
        "exclude-newer",
        "prerelease",
    ),
    ("tool", "uv", "sources", "*"): (
        "index",
        "workspace",
        "git",
        "path",
        "url",
        "editable",
        "marker",
    ),
    ("tool", "uv", "index"): ("name", "url", "default", "explicit"),
    ("tool", "uv", "workspace"): ("members", "exclude"),
}
_HATCH_ENVIRONMENT = ("dependencies", "extra-dependencies", "features", "python")

PYPROJECT_KEYS: Vocabulary = MappingProxyType(
    {
        (): ("project", "dependency-groups", "build-system", "tool"),
        ("project",): (
            "name",
            "version",
            "requires-python",
            "dependencies",
            "optional-dependencies",
            "dynamic",
        ),
        ("dependency-groups", "*"): ("include-group",),
        ("build-system",): ("requires", "build-backend"),
        ("tool",): ("uv", "poetry", "pdm", "hatch"),
        ("tool", "poetry"): ("dependencies", "group", "extras", "source"),
        ("tool", "poetry", "dependencies", "*"): _POETRY_ENTRY,
        ("tool", "poetry", "group", "*"): ("dependencies", "include-groups", "optional"),
        ("tool", "poetry", "group", "*", "dependencies", "*"): _POETRY_ENTRY,
        ("tool", "poetry", "source"): ("name", "url", "priority"),
        ("tool", "pdm"): ("dev-dependencies", "resolution", "source"),
        ("tool", "hatch"): ("envs", "metadata"),
        ("tool", "hatch", "envs", "*"): _HATCH_ENVIRONMENT,
        **_UV,
    }
)
PIPFILE_KEYS: Vocabulary = MappingProxyType(
    {
        (): ("packages", "dev-packages", "requires", "source", "pipenv"),
        ("packages", "*"): ("version", "extras", "markers", "index", "git", "path", "editable"),
        ("dev-packages", "*"): ("version", "extras", "markers", "index", "git", "path", "editable"),
        ("requires",): ("python_version", "python_full_version"),
        ("source",): ("name", "url", "verify_ssl"),
    }
)
HATCH_KEYS: Vocabulary = MappingProxyType(
    {(): ("envs", "metadata"), ("envs", "*"): _HATCH_ENVIRONMENT}
)
SCRIPT_KEYS: Vocabulary = MappingProxyType(
    {(): ("dependencies", "requires-python", "tool"), ("tool",): ("uv",), **_UV}
)


def groups_at(text: str, offset: int) -> Words | None:
    """The groups that may be included at *offset* of the pyproject.toml *text*, but for the one
    that it stands in, and those that include it in the end.
    """
    root = scan_toml(text)
    spot = spot_at(root, offset)
    if spot is None or spot.is_key or not _INCLUDING.intersection(spot.path[-1:]):
        return None
    own = {normalise(each) for each in spot.path}
    poetry = root.section("tool", "poetry")
    tables = (root.section("dependency-groups"), _groups(poetry))
    names = dict.fromkeys(key.value for table in tables for key, _ in entries(table))
    above = _including(own, tables)
    words = tuple(each for each in names if normalise(each) not in above)
    return Words(sort=Sort.GROUP, span=spot.node.inner, words=words) if words else None


def _including(own: set[str], tables: Iterable[TableNode | None]) -> set[str]:
    """The groups *own*, and those of *tables* that include one of them in the end."""
    includes: dict[str, set[str]] = {}
    for table in tables:
        for key, group in entries(table):
            found = includes.setdefault(normalise(key.value), set())
            found |= {normalise(text_of(it.get("include-group"))) for it in tables_in(group)}
            if isinstance(group, TableNode):
                found |= set(map(normalise, strings(group.get("include-groups"))))
    above, last = set(own), 0
    while len(above) > last:
        last = len(above)
        above |= {name for name, others in includes.items() if others & above}
    return above


def _groups(poetry: TableNode | None) -> TableNode | None:
    return poetry.section("group") if poetry is not None else None

"""What uv refuses in ``tool.uv.sources``, by its own error messages; and the links there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias

from registry_lsp.core.manifests import Link, Role
from registry_lsp.ecosystems.pypi.manifests.origins import origin_of
from registry_lsp.ecosystems.pypi.manifests.reading import (
    Reading,
    entries,
    strings,
    values,
)
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.ecosystems.pypi.versions.marker_overlap import do_meet
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode, tables_in
from registry_lsp.syntax.requirements.specifier import scan_requirement

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
"""By the key that says where a dependency comes from, what cannot stand beside it."""
_PARTS = ("extra", "group")
_KEYS = frozenset({"subdirectory", "lfs", "marker"}).union(_KINDS, _INSTALLING, _REVISIONS, _PARTS)
_ONE_OF = (_REVISIONS, frozenset(_PARTS))
"""Keys of which only one can stand in an entry."""
_MOST_PARTS = 100
"""That are looked into, for a group may include all others."""
_MOST_PAIRS = 100
"""Of markers that are held against each other, for each takes up to some milliseconds."""

_NO_KIND = "A source needs one of 'git', 'url', 'path', 'index' and 'workspace'."
_OVERLAP = "This marker holds at places where that of the source before it does, too."


def check_sources(root: TableNode, sources: TableNode | None, reading: Reading) -> None:
    """Link what the entries of ``sources`` name, and complain of what uv refuses in them."""
    parts, tries = _Parts.of(root), iter(range(_MOST_PAIRS))
    for key, value in entries(sources):
        if not is_valid_name(key.value):
            reading.complain(key.inner, "No Python project can have this name.")
        if not isinstance(value, (TableNode, ArrayNode)):
            reading.complain(value.span, "A source must be a table, or a list of tables.")
            continue
        tables = tables_in(value)
        for table in tables:
            _check_keys(table, reading)
            parts.check(normalise(key.value), table, reading)
            origin = origin_of(table)
            if origin.link and origin.place is not None:
                link = Link(span=origin.place.inner, target=origin.link, role=Role.PAGE)
                reading.links.append(link)
        if all(table.members for table in tables):
            _check_markers(key.value, tables, reading, tries)


def _check_keys(table: TableNode, reading: Reading) -> None:
    said = values(table)
    kind = next((name for name in _KINDS if name in said), None)
    chosen: dict[frozenset[str], str] = {}
    for key, value in entries(table):
        name = key.value
        if name not in _KEYS:
            reading.complain(key.inner, f"uv knows no '{name}' here.")
        elif kind is not None and name != kind and (name in _KINDS or name in _KINDS[kind]):
            reading.complain(key.inner, f"'{name}' cannot stand beside '{kind}'.")
        elif name == "marker":
            reading.check_marker(value)
        else:
            alike = next((each for each in _ONE_OF if name in each), frozenset({name}))
            other = chosen.setdefault(alike, name)
            if other != name:
                reading.complain(key.inner, f"'{name}' cannot stand beside '{other}'.")
    if kind is None and said and _KEYS.issuperset(key.value for key, _ in table.members):
        reading.complain(table.span, _NO_KIND)


def _check_markers(
    name: str, tables: Sequence[TableNode], reading: Reading, tries: Iterator[int]
) -> None:
    """Complain where several sources are for the same part and their markers do not tell them
    apart. As uv does, each is held against the one before it only, while there are *tries*.
    """
    bare: dict[int, TableNode] = {}
    for one, other in pairwise(tables):
        if any(normalise(one.string(part)) != normalise(other.string(part)) for part in _PARTS):
            continue
        bare.update({each.start: each for each in (one, other) if each.get("marker") is None})
        marker, before = other.get("marker"), one.string("marker")
        if not isinstance(marker, StringNode) or not marker.value or not before:
            continue
        if next(tries, None) is not None and do_meet(before, marker.value):
            reading.complain(marker.inner, _OVERLAP)
    for table in bare.values():
        reading.complain(table.span, f"Of several sources of '{name}' each needs a 'marker'.")


_Lists: TypeAlias = Mapping[str, Sequence[Node]]
"""What is listed for each extra, or group, by its normalised name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The extras and groups of a project: what a source is for must stand in the part that it is
    for. ``kinds`` are empty where uv does not look, ``names`` what has been found in a part.
    """

    kinds: Mapping[str, _Lists]
    names: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: TableNode) -> _Parts:
        """Those of the project that *root* describes. Without a ``project`` table uv does not
        look; extras that the build tells (``dynamic``) are not known here.
        """
        project, uv = root.section("project"), root.section("tool", "uv")
        if project is None:
            return cls(kinds={})
        groups = _lists(root.section("dependency-groups"))
        older = uv.get("dev-dependencies") if uv is not None else None
        if older is not None:
            groups.setdefault("dev", []).append(older)
        kinds: dict[str, _Lists] = {"group": groups}
        if "optional-dependencies" not in strings(project.get("dynamic")):
            kinds["extra"] = _lists(project.section("optional-dependencies"))
        return cls(kinds=kinds)

    def check(self, name: str, table: TableNode, reading: Reading) -> None:
        """Complain of a part that the *table* of the project *name* is for, if there is none or
        if *name* is not in it.
        """
        for kind, lists in self.kinds.items():
            part = table.get(kind)
            if not isinstance(part, StringNode) or not part.value:
                continue
            if normalise(part.value) not in lists:
                reading.complain(part.inner, f"The project has no {kind} called '{part.value}'.")
            elif len(self.names) < _MOST_PARTS and name not in self._in(kind, part.value):
                reason = f"The {kind} '{part.value}', which this source is for, has no '{name}'."
                reading.complain(part.inner, reason)

    def _in(self, kind: str, part: str) -> frozenset[str]:
        key = kind, normalise(part)
        if key not in self.names:
            self.names[key] = _listed(key[1], self.kinds[kind])
        return self.names[key]


def _lists(table: TableNode | None) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for key, value in entries(table):
        found.setdefault(normalise(key.value), []).append(value)
    return found


def _listed(part: str, lists: _Lists) -> frozenset[str]:
    """The normalised names in a *part*, and in all that it includes."""
    names: set[str] = set()
    left, seen = [part], {part}
    while left:
        for value in lists.get(left.pop(), ()):
            for text in strings(value):
                scanned = scan_requirement(text, 0, len(text))
                if scanned is not None:
                    names.add(normalise(scanned.name))
            included = {normalise(each.string("include-group")) for each in tables_in(value)}
            left += included - seen
            seen |= included
    return frozenset(names)

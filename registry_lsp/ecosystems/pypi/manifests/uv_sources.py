"""What uv refuses in ``tool.uv.sources``, by its own error messages; and the links there."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

from registry_lsp.core.manifests import Dependency, Link, Role
from registry_lsp.ecosystems.pypi.manifests.origins import origin_of
from registry_lsp.ecosystems.pypi.manifests.reading import (
    Reading,
    entries,
    strings,
    values,
)
from registry_lsp.ecosystems.pypi.manifests.scopes import Scope, scope_of
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.ecosystems.pypi.versions.marker_overlap import do_meet
from registry_lsp.syntax.nodes import (
    ArrayNode,
    Node,
    ScalarNode,
    StringNode,
    TableNode,
    tables_in,
)

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
_MOST_PARTS = 32
"""Of which it is found out what they include, for each may include all others."""
_MOST_PAIRS = 100
"""Of markers that are held against each other, for each takes up to some milliseconds."""

_BOOLEANS = _INSTALLING | {"lfs"}
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ARCHIVE = re.compile(
    r"(?!git\+)[^?#]*\.(?:whl|zip|tgz|tbz|txz|tlz|tar(?:\.(?:gz|bz2|xz|lz|lzma|zst))?)(?:[?#]|\Z)",
    re.IGNORECASE,
)
"""What uv downloads is known by the end of its name."""

_NO_ADDRESS = "uv needs a whole address here, such as 'https://…' or 'ssh://…'."
_NO_ARCHIVE = "uv takes only the address of an archive here, which ends in '.whl', '.zip' or alike."
_NOT_FALSE = "uv does not support 'workspace = false': leave the source out."
_NO_KIND = "A source needs one of 'git', 'url', 'path', 'index' and 'workspace'."
_NO_SOURCE = "A source must be a table, or a list of tables."
_OVERLAP = "This marker holds at places where that of the source before it does, too."


def check_sources(root: TableNode, sources: TableNode, reading: Reading) -> None:
    """Link what the entries of ``sources`` name, and complain of what uv refuses in them. The
    project's dependencies have been read.
    """
    parts, tries = _Parts.of(root, reading.dependencies), iter(range(_MOST_PAIRS))
    for key, value in entries(sources):
        if not is_valid_name(key.value):
            reading.complain(key.inner, "No Python project can have this name.")
        if not isinstance(value, (TableNode, ArrayNode)):
            reading.complain(value.span, _NO_SOURCE)
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
            _check_value(name, value, reading)
            alike = next((each for each in _ONE_OF if name in each), frozenset({name}))
            other = chosen.setdefault(alike, name)
            if other != name:
                reading.complain(key.inner, f"'{name}' cannot stand beside '{other}'.")
    if kind is None and said and _KEYS.issuperset(key.value for key, _ in table.members):
        reading.complain(table.span, _NO_KIND)


def _check_value(name: str, value: Node, reading: Reading) -> None:
    """Check the value of the key *name*; an empty string is still being typed."""
    boolean = value.text if isinstance(value, ScalarNode) else ""
    if name in _BOOLEANS:
        if boolean not in {"true", "false"}:
            reading.complain(value.span, f"'{name}' must be true or false.")
    elif name == "workspace" and boolean in {"true", "false"}:
        if boolean == "false":
            reading.complain(value.span, _NOT_FALSE)
    elif not isinstance(value, StringNode):
        reading.complain(value.span, f"'{name}' must be a string.")
    elif name in {"git", "url"} and value.value:
        if _ADDRESS.match(value.value) is None:
            reading.complain(value.inner, _NO_ADDRESS)
        elif name == "url" and _ARCHIVE.match(value.value) is None:
            reading.complain(value.inner, _NO_ARCHIVE)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The extras and groups of a project: what a source is for must stand in the part that it is
    for. ``kinds`` are the normalised names of each kind, none where uv does not look; ``own`` the
    names that stand in a part, ``included`` the groups that a group includes, and ``names`` what
    has been found in a part with those.
    """

    kinds: Mapping[str, Container[str]]
    own: Mapping[Scope, Collection[str]] = field(default_factory=dict)
    included: Mapping[str, Collection[str]] = field(default_factory=dict)
    names: dict[Scope, Collection[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: TableNode, dependencies: Iterable[Dependency]) -> _Parts:
        """Those of the project that *root* describes, whose *dependencies* have been read. Without
        a ``project`` table uv does not look; extras that the build tells are not known here.
        """
        project, uv = root.section("project"), root.section("tool", "uv")
        if project is None:
            return cls(kinds={})
        included: dict[str, set[str]] = {}
        for key, value in entries(root.section("dependency-groups")):
            names = {normalise(each.string("include-group")) for each in tables_in(value)}
            included.setdefault(normalise(key.value), set()).update(names)
        if uv is not None and uv.get("dev-dependencies") is not None:
            included.setdefault("dev", set())
        kinds: dict[str, Container[str]] = {"group": included.keys()}
        if "optional-dependencies" not in strings(project.get("dynamic")):
            extras = project.section("optional-dependencies")
            kinds["extra"] = {normalise(key.value) for key, _ in entries(extras)}
        own: dict[Scope, set[str]] = {}
        for each in dependencies:
            scope = scope_of(each.section)
            if scope is not None:
                own.setdefault(scope, set()).add(each.name)
        return cls(kinds=kinds, own=own, included=included)

    def check(self, name: str, table: TableNode, reading: Reading) -> None:
        """Complain of a part that the *table* of the project *name* is for, if there is none or
        if *name* is not in it.
        """
        for kind, known in self.kinds.items():
            part = table.get(kind)
            if not isinstance(part, StringNode) or not part.value:
                continue
            if normalise(part.value) not in known:
                reading.complain(part.inner, f"The project has no {kind} called '{part.value}'.")
            elif not self._may_have(name, Scope(**{kind: normalise(part.value)})):
                reason = f"The {kind} '{part.value}', which this source is for, has no '{name}'."
                reading.complain(part.inner, reason)

    def _may_have(self, name: str, scope: Scope) -> bool:
        """Whether *name* stands in *scope* or in what that includes, for all that is looked at."""
        if name in self.own.get(scope, ()):
            return True
        if scope not in self.names and len(self.names) < _MOST_PARTS:
            self.names[scope] = self._all_in(scope)
        return name in self.names.get(scope, (name,))

    def _all_in(self, scope: Scope) -> Collection[str]:
        scopes = {scope: None}
        left = [scope]
        while left:
            more = self.included.get(left.pop().group, ())
            new = {Scope(group=each) for each in more}.difference(scopes)
            scopes.update(dict.fromkeys(new))
            left += new
        return {name for each in scopes for name in self.own.get(each, ())}

"""``Pipfile``: Pipenv's tables of packages, its sources and the Python that it requires."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry_lsp.core.manifests import Index, Manifest
from registry_lsp.ecosystems.pypi.manifests.keyed_tables import Details, KeyedTable
from registry_lsp.ecosystems.pypi.manifests.origins import (
    ANYWHERE,
    NOWHERE,
    Origin,
    address_origin,
    origin_of,
)
from registry_lsp.ecosystems.pypi.manifests.reading import Reading, entries, places, strings
from registry_lsp.ecosystems.pypi.manifests.toml_file import TomlFile
from registry_lsp.ecosystems.pypi.manifests.vocabulary import PIPFILE_KEYS
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.ecosystems.pypi.versions.markers import narrowed
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode, tables_in
from registry_lsp.syntax.requirements.specifier import marker_complaint, scan_requirement
from registry_lsp.syntax.toml.scanner import scan_toml

_NO_CATEGORIES = frozenset({"build-system", "pipenv", "pipfile", "requires", "scripts", "source"})
_VARIABLES = frozenset(
    {
        *("os_name", "sys_platform", "platform_machine", "platform_python_implementation"),
        *("platform_release", "platform_system", "platform_version", "python_version"),
        *("python_full_version", "implementation_name", "implementation_version"),
    }
)
"""Markers that may be written as keys: ``sys_platform = "== 'win32'"``."""
_KEYS = _VARIABLES | {
    *("git", "svn", "hg", "bzr", "ref", "subdirectory", "path", "file"),
    *("name", "version", "extras", "editable", "markers", "os_markers", "hashes", "index"),
    *("no_binary", "pip_args", "skip_resolver"),
}
"""What Pipenv knows in the table of a package; it refuses the table for anything else."""
_STRINGS = frozenset({"version", "git", "svn", "hg", "bzr", "ref", "path", "file", "index"})
_CONTROLLED = ("git+", "svn+", "hg+", "bzr+")
_PYTHON = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}")


def read_pipfile(text: str) -> Manifest:
    """What a ``Pipfile`` says."""
    root = scan_toml(text)
    categories = tuple(_categories(root))
    runtime = _runtime(root)
    settings = root.section("pipenv")
    reader = _Reader(
        text=text,
        reading=Reading(),
        runtime=runtime,
        bound=_bound(categories),
        prereleases=True if settings and settings.is_true("allow_prereleases") else None,
    )
    _check_sources(root, reader.reading)
    for section, table in categories:
        reader.read(KeyedTable(text=text, section=section, dialect="pipenv"), table)
    return reader.reading.manifest(
        root, indexes=tuple(_indexes(root)), runtime=runtime, installers=("pipenv",)
    )


PIPFILE = TomlFile(name="Pipfile", read=read_pipfile, vocabulary=PIPFILE_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads the tables of one text. ``bound`` are by normalised name the indexes that names are
    bound to, wherever they are listed.
    """

    text: str
    reading: Reading
    runtime: str | None
    bound: Mapping[str, Origin]
    prereleases: bool | None

    def read(self, keyed: KeyedTable, table: TableNode) -> None:
        """Take in one table of packages."""
        for written, value in entries(table):
            key, extras = _named(written)
            if not is_valid_name(key.value):
                self.reading.complain(key.inner, "No Python project can have this name.")
            elif isinstance(value, StringNode):
                self._plain(keyed, key, value, extras)
            elif isinstance(value, TableNode):
                self._table(keyed, key, value, extras)
            else:
                reason = "A package needs a version in quotes, or a table."
                self.reading.complain(value.span, reason)

    def _plain(
        self, keyed: KeyedTable, key: StringNode, value: StringNode, extras: tuple[str, ...]
    ) -> None:
        origin = self.bound.get(normalise(key.value), ANYWHERE)
        if value.value.startswith(_CONTROLLED):
            origin = address_origin(value.value, value)
        version, marker = _parted(value) if origin.place is None else (None, "")
        if marker and (complaint := marker_complaint(marker)) is not None:
            self.reading.complain(value.inner, complaint)
        runtime, runtime_by = narrowed(self.runtime, marker)
        details = Details(
            origin=origin,
            extras=extras,
            marker=marker,
            runtime=runtime,
            runtime_by=runtime_by,
            prereleases=self.prereleases,
        )
        self.reading.dependencies.append(keyed.dependency(key, version, details))

    def _table(
        self, keyed: KeyedTable, key: StringNode, table: TableNode, named: tuple[str, ...]
    ) -> None:
        self._check(table)
        origin = origin_of(table)
        if origin is ANYWHERE:
            is_half = any(name.value not in _KEYS for name, _ in table.members)
            origin = NOWHERE if is_half else self.bound.get(normalise(key.value), ANYWHERE)
        version, marker = table.get("version"), _marker(table)
        runtime, runtime_by = narrowed(self.runtime, marker)
        details = Details(
            origin=origin,
            extras=(*named, *strings(table.get("extras"))),
            extra_spans=() if named else places(table.get("extras")),
            marker=marker,
            runtime=runtime,
            runtime_by=runtime_by,
            prereleases=self.prereleases,
        )
        if not isinstance(version, StringNode):
            version = None
        # a table with a header of its own ends with that, and its version stands below
        self.reading.dependencies.append(keyed.dependency(key, version, details, end=table.end))

    def _check(self, table: TableNode) -> None:
        for key, value in entries(table):
            name = key.value
            if name not in _KEYS:
                self.reading.complain(key.inner, f"Pipenv knows no '{name}' here.")
            elif name in _STRINGS and not isinstance(value, StringNode):
                self.reading.complain(value.span, f"'{name}' must be a string.")
            elif name == "extras" and not isinstance(value, ArrayNode):
                self.reading.complain(value.span, "'extras' must be a list of strings.")
            elif name == "editable" and not _is_boolean(value):
                self.reading.complain(value.span, "'editable' must be true or false.")
            elif name == "markers":
                self.reading.check_marker(value)
            elif name in _VARIABLES and not _is_condition(name, value):
                reason = "It must be an operator and a value in quotes of its own, \"== 'x'\"."
                self.reading.complain(value.span, reason)


def _named(key: StringNode) -> tuple[StringNode, tuple[str, ...]]:
    """The name in *key*, and the extras that Pipenv takes behind it."""
    scanned = scan_requirement(key.value, 0, len(key.value)) if "[" in key.value else None
    if scanned is None or scanned.complaint or scanned.specifier or scanned.marker or scanned.url:
        return key, ()
    end = key.inner_start + len(scanned.name)
    return key._replace(value=scanned.name, inner_end=end), scanned.extras


def _parted(value: StringNode) -> tuple[StringNode, str]:
    """The version in *value*, and the marker that Pipenv takes behind a semicolon."""
    version, semicolon, marker = value.value.partition(";")
    if not semicolon or not value.is_verbatim:
        return value, ""
    end = value.inner_start + len(version)
    return value._replace(value=version, inner_end=end), marker.strip()


def _is_condition(variable: str, value: Node) -> bool:
    """Whether *value* makes a marker of *variable*, or may once it is typed."""
    if not isinstance(value, StringNode):
        return False
    return not value.value or marker_complaint(f"{variable} {value.value}") is None


def _is_boolean(value: Node) -> bool:
    return isinstance(value, ScalarNode) and value.text in {"true", "false"}


def _categories(root: TableNode) -> Iterator[tuple[str, TableNode]]:
    """The tables of packages: of any name that has no other meaning."""
    for key, value in entries(root):
        if key.value not in _NO_CATEGORIES:
            for table in tables_in(value):
                yield key.value, table


def _bound(categories: Sequence[tuple[str, TableNode]]) -> dict[str, Origin]:
    """What names are bound to: Pipenv has the index of one category hold in all of them."""
    found: dict[str, Origin] = {}
    for _, table in categories:
        for key, value in table.members:
            if isinstance(value, TableNode):
                origin = origin_of(value)
                if origin.index is not None:
                    found.setdefault(normalise(key.value), origin)
    return found


def _marker(table: TableNode) -> str:
    """All its conditions in one."""
    own = table.string("markers")
    rest = [
        f"{key.value} {value.value}"
        for key, value in entries(table)
        if key.value in _VARIABLES and isinstance(value, StringNode)
    ]
    if not rest:
        return own
    return " and ".join([f"({own})"] * bool(own) + rest)


def _runtime(root: TableNode) -> str | None:
    """The one Python that it requires, as a requirement."""
    requires = root.section("requires")
    if requires is None:
        return None
    full, version = requires.string("python_full_version"), requires.string("python_version")
    if _PYTHON.fullmatch(full):
        return f"=={full}"
    return f"=={version}.*" if _PYTHON.fullmatch(version) else version or None


def _check_sources(root: TableNode, reading: Reading) -> None:
    """Complain of what Pipenv refuses of its sources. An empty one is still being typed."""
    source = root.get("source")
    if isinstance(source, TableNode) and source.members:
        reading.complain(source.span, "Pipenv needs a list of tables here: '[[source]]'.")
    for table in root.tables("source"):
        for name in ("name", "url"):
            value = table.get(name)
            if value is None and table.members:
                reading.complain(table.span, f"A source needs a '{name}'.")
            elif value is not None and not isinstance(value, StringNode):
                reading.complain(value.span, f"'{name}' must be a string.")
        verified = table.get("verify_ssl")
        if verified is not None and not _is_boolean(verified):
            reading.complain(verified.span, "'verify_ssl' must be true or false.")


def _is_off(value: Node | None) -> bool:
    return isinstance(value, ScalarNode) and value.text == "false"


def _indexes(root: TableNode) -> Iterator[Index]:
    """Its sources: the first is the default one, and another serves only what names it (since
    Pipenv 2022.3.23, *Specifying Package Indexes*).
    """
    for at, table in enumerate(root.tables("source")):
        yield Index(
            name=table.string("name") or None,
            url=table.string("url"),
            role="explicit" if at else "default",
            span=table.span,
            is_verified=not _is_off(table.get("verify_ssl")),
        )

"""Poetry's own tables of dependencies: ``tool.poetry.dependencies``, its groups, its plugins and
its constraints on what builds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from registry_lsp.ecosystems.pypi.manifests.keyed_tables import Details, KeyedTable
from registry_lsp.ecosystems.pypi.manifests.origins import ANYWHERE, NOWHERE, Origin, origin_of
from registry_lsp.ecosystems.pypi.manifests.poetry_rules import check_group, check_table, is_known
from registry_lsp.ecosystems.pypi.manifests.poetry_sources import check_named, read_sources
from registry_lsp.ecosystems.pypi.manifests.reading import (
    Reading,
    entries,
    is_true,
    places,
    strings,
    text_of,
    values,
)
from registry_lsp.ecosystems.pypi.manifests.scopes import Scope, scope_of
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.ecosystems.pypi.versions.markers import narrowed, stricter
from registry_lsp.ecosystems.pypi.versions.poetry import PoetryScheme, lies_within
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode, tables_in

_PYTHON = "python"
_SCHEME = PoetryScheme()


def poetry_runtime(root: TableNode) -> str | None:
    """The constraint on Python, in Poetry's dialect."""
    table = root.section("tool", "poetry", "dependencies")
    value = table.get(_PYTHON) if table is not None else None
    if isinstance(value, TableNode):
        value = value.get("version")
    return value.value or None if isinstance(value, StringNode) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoetryReader:
    """Reads the tables of one text into ``reading``. ``runtime`` is the project's requirement on
    Python; ``origins`` are, by normalised name, those that the tables give.
    """

    text: str
    runtime: str | None
    reading: Reading = field(default_factory=Reading)
    origins: dict[str, Origin] = field(default_factory=dict)

    def read(self, root: TableNode) -> None:
        """Take in all of Poetry's tables."""
        poetry = root.section("tool", "poetry")
        if poetry is None:
            return
        known = read_sources(poetry, self.reading)
        for _, value in entries(poetry.section("group")):
            for group in tables_in(value):
                check_group(group, self.reading)
        for section, table in _tables(poetry):
            self._table(section, table, known)
        self._extras(root, poetry)
        self._python(root, poetry)
        self.reading.check_specifier(poetry.get("requires-poetry"), _SCHEME)

    def prereleases(self) -> dict[tuple[Scope, str], bool]:
        """Whether prereleases are taken of a normalised name in a part of the project, where the
        tables say so: since Poetry 2 this holds for the standard lists of that part, too.
        """
        found: dict[tuple[Scope, str], set[bool | None]] = {}
        for each in self.reading.dependencies:
            scope = scope_of(each.section)
            if scope is not None:
                found.setdefault((scope, each.name), set()).add(each.prereleases)
        settled = {key: next(iter(said)) for key, said in found.items() if len(said) == 1}
        return {key: said for key, said in settled.items() if said is not None}

    def _table(self, section: str, table: TableNode, known: frozenset[str]) -> None:
        keyed = KeyedTable(text=self.text, section=section, dialect="poetry")
        plain = Details(runtime=self.runtime)
        for key, value in entries(table):
            if key.value.lower() == _PYTHON:
                self.reading.check_specifier(value, _SCHEME)
            elif not is_valid_name(key.value):
                self.reading.complain(key.inner, "No Python project can have this name.")
            elif isinstance(value, StringNode):
                self.reading.dependencies.append(keyed.dependency(key, value, plain))
            elif isinstance(value, ArrayNode):
                start = key.start
                for item in value.items:
                    self._constraint(keyed, key, item, start)
                    check_named(item, known, self.reading)
                    start = item.end
            else:
                self._constraint(keyed, key, value, key.start)
                check_named(value, known, self.reading)

    def _constraint(self, keyed: KeyedTable, key: StringNode, value: Node, start: int) -> None:
        """One constraint on a project; it is given the text from *start* on."""
        if isinstance(value, StringNode):
            plain = Details(runtime=self.runtime)
            found = keyed.dependency(key, value, plain, start=start)
        elif isinstance(value, TableNode):
            said = values(value)
            check_table(value, said, self.reading)
            version, details = said.get("version"), self._details(value, said)
            if not isinstance(version, StringNode):
                version = None
            # a table with a header of its own ends with that, and its version stands below
            found = keyed.dependency(key, version, details, start=start, end=value.end)
            if self.origins.get(found.name, ANYWHERE).index is None:
                self.origins[found.name] = details.origin
        else:
            self.reading.complain(value.span, "A constraint must be a string or a table.")
            return
        self.reading.dependencies.append(found)

    def _details(self, table: TableNode, said: Mapping[str, Node]) -> Details:
        runtime = stricter(self.runtime, text_of(said.get(_PYTHON)))
        marker = text_of(said.get("markers"))
        origin = origin_of(table)
        if origin is ANYWHERE and not all(is_known(key.value) for key, _ in table.members):
            origin = NOWHERE  # half a 'source', for all that anybody knows
        prereleases = said.get("allow-prereleases")
        runtime, runtime_by = narrowed(runtime, marker)
        return Details(
            origin=origin,
            extras=strings(said["extras"]) if "extras" in said else (),
            extra_spans=places(said["extras"]) if "extras" in said else (),
            marker=marker,
            is_optional=is_true(said.get("optional")),
            prereleases=None if prereleases is None else is_true(prereleases),
            runtime=runtime,
            runtime_by=runtime_by,
        )

    def _python(self, root: TableNode, poetry: TableNode) -> None:
        """Check that Poetry's Python lies within that of the project, for which it locks."""
        project, table = root.section("project"), poetry.section("dependencies")
        outer = text_of(project.get("requires-python")) if project is not None else ""
        inner = table.get(_PYTHON) if table is not None else None
        if isinstance(inner, TableNode):
            inner = inner.get("version")
        if outer and isinstance(inner, StringNode) and lies_within(inner.value, outer) is False:
            reason = f"It must lie within the project's 'requires-python', which is '{outer}'."
            self.reading.complain(inner.inner, reason)

    def _extras(self, root: TableNode, poetry: TableNode) -> None:
        """Check what Poetry's extras name. Where the project has standard ones, or any standard
        dependencies, Poetry looks at none of these.
        """
        extras, project = poetry.section("extras"), root.section("project")
        standard = ("dependencies", "optional-dependencies")
        is_standard = project is not None and any(project.get(name) for name in standard)
        if extras is None or is_standard:
            return
        known = {normalise(key.value) for key, _ in entries(poetry.section("dependencies"))}
        for _, value in entries(extras):
            for item in value.items if isinstance(value, ArrayNode) else ():
                if not isinstance(item, StringNode):
                    reason = "An extra lists the names of dependencies."
                    self.reading.complain(item.span, reason)
                elif item.value and normalise(item.value) not in known:
                    reason = f"'{item.value}' is none of the project's dependencies."
                    self.reading.complain(item.inner, reason)


def _tables(poetry: TableNode) -> Iterator[tuple[str, TableNode]]:
    """The tables of dependencies, each with its name for people."""
    for name in ("dependencies", "dev-dependencies", "requires-plugins"):
        table = poetry.section(name)
        if table is not None:
            yield f"tool.poetry.{name}", table
    for key, value in entries(poetry.section("group")):
        for group in tables_in(value):
            table = group.section("dependencies")
            if table is not None:
                yield f"tool.poetry.group.{key.value}.dependencies", table
    for key, value in entries(poetry.section("build-constraints")):
        for table in tables_in(value):
            yield f"tool.poetry.build-constraints.{key.value}", table

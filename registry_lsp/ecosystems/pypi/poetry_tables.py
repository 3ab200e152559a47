"""Poetry's own tables of dependencies, ``tool.poetry.dependencies`` and its groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry_lsp.core.manifests import Dependency, Problem
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.markers import floor, narrow
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.ecosystems.pypi.project_indexes import ANYWHERE, NOWHERE, Origin, origin_of
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode, tables_in
from registry_lsp.syntax.toml_strings import escapes_of

_PYTHON = "python"


def poetry_sections(root: TableNode) -> Iterator[tuple[str, TableNode]]:
    """Poetry's tables of dependencies, each with its name for people."""
    poetry = root.section("tool", "poetry")
    if poetry is None:
        return
    for name in ("dependencies", "dev-dependencies"):
        table = poetry.section(name)
        if table is not None:
            yield f"tool.poetry.{name}", table
    groups = poetry.section("group")
    for key, value in groups.members if groups is not None else ():
        for group in tables_in(value):
            table = group.section("dependencies")
            if table is not None:
                yield f"tool.poetry.group.{key.value}.dependencies", table


def poetry_runtime(root: TableNode) -> str | None:
    """The constraint on Python, in Poetry's dialect."""
    table = root.section("tool", "poetry", "dependencies")
    value = table.get(_PYTHON) if table is not None else None
    if isinstance(value, TableNode):
        value = value.get("version")
    return value.value or None if isinstance(value, StringNode) else None


_KEYS = frozenset(
    {
        *("version", "python", "platform", "markers", "extras", "optional", "develop"),
        *("allow-prereleases", "allows-prereleases", "subdirectory", "branch", "tag", "rev"),
    }
)
"""What a dependency's table may say, by Poetry's schema, without saying where it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Details:
    """What is said of a dependency besides its version."""

    origin: Origin = ANYWHERE
    extras: tuple[str, ...] = ()
    marker: str = ""
    is_optional: bool = False
    runtime: str | None = None
    """The project's requirement on Python, narrowed by the table's own and by its markers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoetryReader:
    """Reads the tables of one text. ``runtime`` is the project's requirement on Python."""

    text: str
    runtime: str | None

    def read(self, section: str, table: TableNode) -> Iterator[Dependency | Problem]:
        """The dependencies of one table, and what Poetry would refuse.

        An entry without a name or value is still being typed, and nothing is said of it.
        """
        plain = _Details(runtime=self.runtime)
        for key, value in table.members:
            if not key.value or value is None or key.value.lower() == _PYTHON:
                continue
            if not is_valid_name(key.value):
                reason = "No Python project can have this name."
                yield Problem(span=key.inner, reason=reason)
                continue
            if isinstance(value, StringNode):
                span = Span(key.start, value.end)
                yield self._dependency(section, key, value, plain, span)
            else:
                yield from self._entry(section, key, value)

    def _entry(self, section: str, key: StringNode, value: Node) -> Iterator[Dependency | Problem]:
        if isinstance(value, TableNode):
            yield self._constraint(section, key, value, key.start)
        elif isinstance(value, ArrayNode):
            start = key.start
            for item in value.items:
                yield self._alternative(section, key, item, start)
                start = item.end
        else:
            yield Problem(span=value.span, reason="A constraint must be a string or a table.")

    def _alternative(
        self, section: str, key: StringNode, item: Node, start: int
    ) -> Dependency | Problem:
        """One of several constraints on a project; it is given the text from *start* on."""
        if isinstance(item, TableNode):
            return self._constraint(section, key, item, start)
        reason = "A list of constraints holds tables, such as {version = '^1.0'}."
        return Problem(span=item.span, reason=reason)

    def _constraint(
        self, section: str, key: StringNode, table: TableNode, start: int
    ) -> Dependency | Problem:
        version = table.get("version")
        if version is not None and not isinstance(version, StringNode):
            return Problem(span=version.span, reason="A version must be a string.")
        # a table with a header of its own ends with that, and its version stands below
        end = max(key.end, table.end, version.end if version is not None else 0)
        return self._dependency(section, key, version, self._details(table), Span(start, end))

    def _dependency(
        self,
        section: str,
        key: StringNode,
        version: StringNode | None,
        details: _Details,
        span: Span,
    ) -> Dependency:
        return Dependency(
            name=normalise(key.value),
            display_name=key.value,
            name_span=key.inner,
            specifier=version.value.strip() if version is not None else "",
            specifier_span=self._specifier_span(version) if version is not None else None,
            span=span,
            section=section,
            dialect="poetry",
            source=details.origin.source,
            extras=details.extras,
            marker=details.marker,
            target=details.origin.target,
            index=details.origin.index,
            optional=details.is_optional,
            runtime=details.runtime,
        )

    def _specifier_span(self, version: StringNode) -> Span:
        value = version.value
        length = len(value.strip())
        if length == len(value):
            return version.inner
        start = len(value) - len(value.lstrip()) if length else 0
        return escapes_of(self.text, version).locate(self.text, version, start, start + length)

    def _details(self, table: TableNode) -> _Details:
        own, marker = table.string(_PYTHON), table.string("markers")
        runtime = self.runtime
        if own and _is_floor_above(own, runtime):
            runtime = own
        extras = table.get("extras")
        origin = origin_of(table)
        if origin is ANYWHERE and any(key.value not in _KEYS for key, _ in table.members):
            origin = NOWHERE  # half a 'source', for all that anybody knows
        return _Details(
            origin=origin,
            extras=_strings(extras) if extras is not None else (),
            marker=marker,
            is_optional=table.is_true("optional"),
            runtime=narrow(runtime, marker) if marker else runtime,
        )


def _is_floor_above(own: str, runtime: str | None) -> bool:
    lowest = floor(own)
    known = floor(runtime) if runtime is not None else None
    return lowest is not None and (known is None or lowest > known)


def _strings(value: Node | None) -> tuple[str, ...]:
    items = value.items if isinstance(value, ArrayNode) else ()
    return tuple(each.value for each in items if isinstance(each, StringNode))

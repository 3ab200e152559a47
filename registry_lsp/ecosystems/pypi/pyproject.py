"""``pyproject.toml``: the standard tables of dependencies, and Poetry's.

The standards are PEP 621 (``project``), PEP 735 (``dependency-groups``) and PEP 518
(``build-system``); uv's own ``dev-dependencies`` are written alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from registry_lsp.core.manifests import Dependency, Manifest, Problem
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.direct import source_of
from registry_lsp.ecosystems.pypi.markers import narrow
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.poetry_tables import (
    PoetryReader,
    poetry_runtime,
    poetry_sections,
)
from registry_lsp.ecosystems.pypi.project_indexes import (
    ANYWHERE,
    Origin,
    read_indexes,
    read_origins,
)
from registry_lsp.syntax.faults import toml_fault
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode
from registry_lsp.syntax.requirements import RequirementText, scan_requirement
from registry_lsp.syntax.toml import scan_toml
from registry_lsp.syntax.toml_strings import escapes_of

_LISTS = (
    ("project", "dependencies"),
    ("build-system", "requires"),
    ("tool", "uv", "dev-dependencies"),
)
_TABLES_OF_LISTS = (("project", "optional-dependencies"), ("dependency-groups",))


@dataclass(frozen=True, slots=True, kw_only=True)
class PyprojectToml:
    """The format of files called ``pyproject.toml``, and of no others.

    What is still being typed (a key without a value, an empty string) is passed over in silence.
    """

    name: str = "pyproject.toml"
    patterns: Sequence[str] = ("**/pyproject.toml",)

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one."""
        return path.name == "pyproject.toml"

    def holds(self, _text: str) -> bool:
        """Every file of that name is one."""
        return True

    def decode(self, raw: bytes) -> str:
        """UTF-8, with or without a mark at its beginning. Raises :class:`UnicodeDecodeError`."""
        return raw.decode("utf-8-sig")

    def parse(self, text: str) -> Manifest:
        """Read it, tolerantly: never raises, and loses only what is broken."""
        root = scan_toml(text)
        poetry = tuple(poetry_sections(root))
        project = root.section("project")
        runtime = project.string("requires-python") if project is not None else ""
        reader = _Reader(
            text=text,
            runtime=runtime or poetry_runtime(root),
            origins=read_origins(root, (table for _, table in poetry)),
        )
        found = list(reader.read(root))
        poetry_reader = PoetryReader(text=text, runtime=poetry_runtime(root) or reader.runtime)
        for section, table in poetry:
            found += poetry_reader.read(section, table)
        return Manifest(
            dependencies=tuple(each for each in found if isinstance(each, Dependency)),
            problems=tuple(each for each in found if isinstance(each, Problem)),
            indexes=read_indexes(root),
            runtime=reader.runtime,
        )

    def fault(self, text: str) -> Problem | None:
        """Why it is no TOML."""
        return toml_fault(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads the lists of requirements of one text."""

    text: str
    runtime: str | None
    origins: Mapping[str, Origin]

    def read(self, root: TableNode) -> Iterator[Dependency | Problem]:
        for *path, name in _LISTS:
            table = root.section(*path)
            for key, value in table.members if table is not None else ():
                if key.value == name:
                    yield from self._list(".".join((*path, name)), value)
        for section in _TABLES_OF_LISTS:
            table = root.section(*section)
            for key, value in table.members if table is not None else ():
                yield from self._list(".".join((*section, key.value)), value)

    def _list(self, section: str, value: Node | None) -> Iterator[Dependency | Problem]:
        if value is None:
            return
        if not isinstance(value, ArrayNode):
            yield Problem(span=value.span, reason=f"'{section}' must be a list of requirements.")
            return
        has_includes = section.startswith("dependency-groups.")
        for item in value.items:
            if isinstance(item, StringNode):
                if item.value:
                    yield from self._requirement(section, item)
            elif not has_includes:
                yield Problem(span=item.span, reason="A requirement must be a string.")
            elif not _may_include(item):
                reason = "A group holds requirements and {include-group = 'name'} tables."
                yield Problem(span=item.span, reason=reason)

    def _requirement(self, section: str, string: StringNode) -> Iterator[Dependency | Problem]:
        scanned = self._scan(string)
        if scanned is None:
            reason = "A requirement begins with the name of a project, which this does not."
            yield Problem(span=string.inner, reason=reason)
            return
        if scanned.complaint is not None:
            span = scanned.complaint_span or string.inner
            yield Problem(span=span, reason=scanned.complaint)
        name = normalise(scanned.name)
        origin = self.origins.get(name, ANYWHERE)
        has_address = scanned.url_span is not None
        if has_address:
            origin = Origin(source=source_of(scanned.url), target=scanned.url)
        yield Dependency(
            name=name,
            display_name=scanned.name,
            name_span=scanned.name_span,
            specifier=scanned.specifier,
            specifier_span=None if has_address else scanned.specifier_span,
            span=Span(string.start, string.end),
            section=section,
            dialect="pep440",
            source=origin.source,
            extras=scanned.extras,
            marker=scanned.marker,
            target=origin.target,
            index=origin.index,
            runtime=narrow(self.runtime, scanned.marker) if scanned.marker else self.runtime,
        )

    def _scan(self, string: StringNode) -> RequirementText | None:
        """The requirement in *string*, its spans being those of the text: what an escape means is
        scanned, and where it is written is told.
        """
        if string.is_verbatim:
            return scan_requirement(self.text, string.inner_start, string.inner_end)
        scanned = scan_requirement(string.value, 0, len(string.value))
        if scanned is None:
            return None
        escapes = escapes_of(self.text, string)

        def place(span: Span) -> Span:
            return escapes.locate(self.text, string, span.start, span.end)

        complained = scanned.complaint_span
        return scanned._replace(
            name_span=place(scanned.name_span),
            specifier_span=place(scanned.specifier_span),
            complaint_span=place(complained) if complained is not None else None,
        )


def _may_include(item: Node) -> bool:
    """Whether it includes another group, or may once it has been typed."""
    return isinstance(item, TableNode) and (
        not item.members
        or any(key.value == "include-group" or value is None for key, value in item.members)
    )

"""What a ``pyproject.toml`` binds names to: uv's and Hatch's ``sources``, PDM's patterns, and
Poetry's tables, which say where ``project.dependencies`` come from (since Poetry 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi.manifests.choices import (
    Choice,
    Rivals,
    choices_in,
    choose,
    read_rivals,
)
from registry_lsp.ecosystems.pypi.manifests.origins import (
    ANYWHERE,
    NOWHERE,
    Origin,
    address_origin,
)
from registry_lsp.ecosystems.pypi.manifests.reading import entries, strings, text_of
from registry_lsp.ecosystems.pypi.manifests.scopes import ANY_NAME, NO_PART, scope_of
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.requirements.direct import is_url
from registry_lsp.syntax.nodes import Node, StringNode, TableNode, tables_in
from registry_lsp.syntax.requirements.specifier import scan_requirement

_PUBLIC = "pypi"
_MOST_PATTERNS = 20
"""Each name is held against each of them: more of them are read as matching everything."""
_MOST_CHOSEN = 100
"""Dependencies whose markers are held against those of their sources."""
_WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindings:
    """Where names come from: ``named`` by normalised name, before it ``sources`` by pattern.
    ``shared`` are the normalised names of the groups that others include, and which may so be
    installed as a part of those. ``rivals`` are the parts that
    conflict, None where nobody knows. ``replaced`` are the normalised names that an override or a
    constraint takes from an address, with the section where. ``chosen`` is what markers have been
    tried for.
    """

    named: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    sources: tuple[PatternedSource, ...] = ()
    shared: frozenset[str] = frozenset()
    rivals: Rivals | None = None
    replaced: Mapping[str, str] = field(default_factory=dict)
    chosen: dict[tuple[str, str, str], Origin] = field(default_factory=dict, compare=False)

    def of(
        self, name: str, section: str, *, marker: str = "", runtime: str | None = None
    ) -> Origin:
        """The origin of the normalised *name*, as a dependency in a *section* of the manifest has
        it with a *marker*, in a project that requires *runtime*.
        """
        choices = self.named.get(name)
        if choices is None and name in self.replaced and scope_of(section) is not None:
            return Origin(source=Source.REFERENCE, target=self.replaced[name])
        if choices is None:
            return _of_sources(name, self.sources) if self.sources else ANYWHERE
        if len(choices) == 1 and choices[0].is_for_all:
            return choices[0].origin
        part, rivals = scope_of(section), self.rivals
        scope = part or NO_PART
        if part is None:  # it is installed by itself
            rivals = None
        elif part.group in self.shared:
            scope = part._replace(group=ANY_NAME)
        key = name, section, marker
        if key not in self.chosen:
            if len(self.chosen) >= _MOST_CHOSEN:
                return choose(choices, scope, rivals, marker=None, runtime=runtime)
            found = choose(choices, scope, rivals, marker=marker, runtime=runtime)
            self.chosen[key] = found
        return self.chosen[key]


UNBOUND = Bindings()
"""Nothing is said of any name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Normalised names, and shell patterns of such."""

    exact: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.exact or self.patterns)

    def __contains__(self, name: str) -> bool:
        return name in self.exact or any(fnmatchcase(name, each) for each in self.patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternedSource:
    """One of PDM's sources: the names that only such sources serve, and those that this one does
    not.
    """

    name: str
    included: Names = field(default_factory=Names)
    excluded: Names = field(default_factory=Names)


def read_bindings(root: TableNode, poetry: Mapping[str, Origin]) -> Bindings:
    """All that *root* says; *poetry* are the origins that Poetry's tables give, by name."""
    # What says nothing takes back no binding.
    of_poetry = {
        name: (Choice(origin=origin),) for name, origin in poetry.items() if origin is not ANYWHERE
    }
    named = {**of_poetry, **dict(_uv(root)), **dict(_hatch(root))}
    return Bindings(
        named=named,
        sources=_pdm(root),
        shared=_shared(root),
        rivals=read_rivals(root.section("tool", "uv"), project_name(root)),
        replaced=dict(_replaced(root)),
    )


def project_name(root: TableNode) -> str:
    """The project's own name, normalised; empty where it has none."""
    name = name_in(root)
    return normalise(name.value) if name is not None else ""


def name_in(root: TableNode) -> StringNode | None:
    """Where the project's own name stands; None where it has none."""
    for path in (("project",), ("tool", "poetry")):
        table = root.section(*path)
        name = table.get("name") if table is not None else None
        if isinstance(name, StringNode) and name.value:
            return name
    return None


def hatch_sources(root: TableNode) -> Iterator[TableNode]:
    """Hatch's tables of sources: the project's, and those of its environments."""
    hatch = root.section("tool", "hatch")
    if hatch is None:
        return
    tables = [hatch.section("sources")]
    for _, environment in entries(hatch.section("envs")):
        tables += (each.section("sources") for each in tables_in(environment))
    yield from (table for table in tables if table is not None)


def _uv(root: TableNode) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    sources = root.section("tool", "uv", "sources")
    for key, value in sources.members if sources is not None else ():
        yield normalise(key.value), choices_in(value)


def _hatch(root: TableNode) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    for table in hatch_sources(root):
        for key, value in entries(table):
            if isinstance(value, StringNode):
                origin = address_origin(value.value, value)
                yield normalise(key.value), (Choice(origin=origin),)
            else:
                yield normalise(key.value), choices_in(value)


def _replaced(root: TableNode) -> Iterator[tuple[str, str]]:
    """The names that uv's overrides and constraints, and PDM's overrides, take from an address."""
    uv = root.section("tool", "uv")
    for key in ("constraint-dependencies", "override-dependencies"):
        for requirement in strings(uv.get(key)) if uv is not None else ():
            scanned = scan_requirement(requirement, 0, len(requirement))
            if scanned is not None and scanned.url:
                yield normalise(scanned.name), f"tool.uv.{key}"
    for name, value in entries(root.section("tool", "pdm", "resolution", "overrides")):
        if is_url(text_of(value).strip()):
            yield normalise(name.value), "tool.pdm.resolution.overrides"


def _shared(root: TableNode) -> frozenset[str]:
    included = (
        text_of(item.get("include-group"))
        for _, group in entries(root.section("dependency-groups"))
        for item in tables_in(group)
    )
    return frozenset(map(normalise, included))


def _pdm(root: TableNode) -> tuple[PatternedSource, ...]:
    """PDM's sources, if any of them has patterns. The public index need not be listed."""
    pdm = root.section("tool", "pdm")
    found = [
        PatternedSource(
            name=table.string("name"),
            included=_names(table.get("include_packages")),
            excluded=_names(table.get("exclude_packages")),
        )
        for table in (pdm.tables("source") if pdm is not None else ())
    ]
    if not any(each.included or each.excluded for each in found):
        return ()
    if all(each.name.lower() != _PUBLIC for each in found):
        found.append(PatternedSource(name=_PUBLIC))
    return tuple(found)


def _names(value: Node | None) -> Names:
    names = {normalise(each) for each in strings(value)}
    patterns = sorted(each for each in names if _WILD.search(each))
    if len(patterns) > _MOST_PATTERNS:
        return Names(patterns=("*",))
    return Names(exact=frozenset(names.difference(patterns)), patterns=tuple(patterns))


def _of_sources(name: str, sources: Iterable[PatternedSource]) -> Origin:
    """PDM takes a name from the sources that include it, else from those that do not exclude it.

    Where that leaves several of them but not all, nobody can be named who has it.
    """
    sources = tuple(sources)
    left = [each for each in sources if name in each.included] or [
        each for each in sources if name not in each.excluded
    ]
    if len(left) == len(sources):
        return ANYWHERE
    return Origin(index=left[0].name) if len(left) == 1 else NOWHERE

"""The sections of ``package.json`` that say what is installed, each with its own rules. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from registry_lsp.core.manifests import Dependency, Link, Problem, Source
from registry_lsp.core.text import printable
from registry_lsp.ecosystems.npm.manifests.catalog_sections import (
    CATALOG,
    CATALOGS,
    catalog_entries,
    has_root_catalogs,
    repetitions,
)
from registry_lsp.ecosystems.npm.manifests.direct_sections import (
    DEVELOPMENT,
    DIRECT_SECTIONS,
    OPTIONAL,
    PEER,
    direct,
    direct_specifiers,
    from_elsewhere,
    peer_aliases,
)
from registry_lsp.ecosystems.npm.manifests.entries import (
    DIALECT,
    SHOWN,
    Found,
    Section,
    entries,
    not_a_section,
)
from registry_lsp.ecosystems.npm.manifests.overrides import flat_overrides, npm_overrides
from registry_lsp.ecosystems.npm.manifests.package_extensions import (
    optional_peers,
    package_extensions,
)
from registry_lsp.ecosystems.npm.manifests.package_manager import (
    development_engines,
    manager_of,
    package_manager,
)
from registry_lsp.ecosystems.npm.manifests.replacements import (
    package_overrides,
    replacements,
)
from registry_lsp.ecosystems.npm.manifests.selectors import (
    Selector,
    pnpm_selector,
    resolution_selector,
)
from registry_lsp.ecosystems.npm.manifests.workspaces_field import members
from registry_lsp.ecosystems.npm.versions.ranges import parse_range
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode

_RESOLUTIONS = "resolutions"
_NPM, _BUN = "npm", "bun"
_NONE_OF_NPM = frozenset({"pnpm", "yarn", _BUN})

_Read: TypeAlias = Iterator[Found | Link]


@dataclass(frozen=True, kw_only=True)
class _Package:
    """What the readers of the sections need to know of the whole file.

    Not slotted: what many sections ask for is worked out once, or a file of nothing but sections
    would take the square of their number.
    """

    text: str
    root: TableNode
    runtime: str | None

    @cached_property
    def direct(self) -> dict[str, tuple[str, str]]:
        """The section and the specifier of each direct dependency that counts."""
        return direct(self.root)

    @cached_property
    def specifiers(self) -> dict[str, str]:
        """The specifiers of the direct dependencies."""
        return direct_specifiers(self.root)

    @cached_property
    def elsewhere(self) -> dict[str, str]:
        """Of the names that stand in several sections those that one of them takes from
        elsewhere than a registry, and that section.
        """
        return from_elsewhere(self.root)

    @cached_property
    def peer_aliases(self) -> dict[str, str]:
        """The names of peers that another section takes from another package, and that section."""
        return peer_aliases(self.root)

    @cached_property
    def replaced(self) -> Callable[[Dependency], Dependency] | None:
        """What refers the dependencies that come from elsewhere to the override that says so, and
        puts the packages that others are replaced by in their places; None where there are no
        overrides.
        """
        stated = tuple(package_overrides(self.root, self.manager))
        if not stated:
            return None
        return replacements([("", stated)], self.specifiers, self.manager).applier()

    @cached_property
    def optional_peers(self) -> frozenset[str]:
        """The names of the peers that may be absent."""
        return optional_peers(self.root)

    @cached_property
    def manager(self) -> str:
        """The package manager that is named, empty where none is."""
        return manager_of(self.root)

    @cached_property
    def has_root_catalogs(self) -> bool:
        """Whether the catalogs at the top count."""
        return has_root_catalogs(self.root)


def read(text: str, root: TableNode) -> _Read:
    """All that *root*, the tree of *text*, says of what is installed."""
    package = _Package(text=text, root=root, runtime=runtime_of(root))
    for key, value in root.members:
        reader = _READERS.get(key.value)
        if reader is not None and value is not None:
            yield from reader(package, key.value, value)


def runtime_of(root: TableNode) -> str | None:
    """The range of ``engines.node``, None where none is said."""
    engines = root.table("engines")
    return engines.string("node") or None if engines is not None else None


def _is_null(value: Node) -> bool:
    return isinstance(value, ScalarNode) and value.text == "null"


def _is_empty(value: Node) -> bool:
    """Whether a section says nothing by *value*, though it is no object: npm, pnpm and Yarn take
    an empty list for an empty object, and so does Bun but for ``overrides``.
    """
    return _is_null(value) or (isinstance(value, ArrayNode) and not value.items)


# --- the project's own dependencies -----------------------------------------------------------


def _dependencies(package: _Package, name: str, value: Node) -> _Read:
    if not isinstance(value, TableNode):
        if not _is_empty(value):
            yield not_a_section(name, value)
        return
    # ``engines`` says where the package runs, not where it is developed.
    runtime = None if name == DEVELOPMENT else package.runtime
    section = Section(
        name=name,
        runtime=runtime,
        is_optional=name == OPTIONAL,
        optional_names=package.optional_peers if name == PEER else frozenset(),
    )
    replaced, elsewhere = package.replaced, package.elsewhere
    if name == PEER:
        elsewhere = package.peer_aliases | elsewhere
    if replaced is None and not elsewhere:
        yield from entries(package.text, value, section)
        return
    for found in entries(package.text, value, section):
        if not isinstance(found, Dependency):
            yield found
        elif found.source.is_looked_up and found.display_name in elsewhere:
            # A peer, mostly, that is developed against: whoever installs asks no registry for it.
            target = elsewhere[found.display_name]
            yield replace(found, source=Source.REFERENCE, target=target)
        else:
            yield found if replaced is None else replaced(found)


def _bundled(package: _Package, name: str, value: Node) -> _Read:
    """The names of what is packed along: each refers to the section that it stands in.

    What stands in none npm passes over, and so it does what is no name.
    """
    items = value.items if isinstance(value, ArrayNode) else ()
    for item in items:
        if isinstance(item, StringNode) and item.value in package.direct:
            yield Dependency(
                name=item.value,
                display_name=item.value,
                name_span=item.inner,
                specifier="",
                specifier_span=None,
                span=item.span,
                section=name,
                dialect=DIALECT,
                source=Source.REFERENCE,
                target=package.direct[item.value][0],
            )


# --- overrides --------------------------------------------------------------------------------


def _overrides(package: _Package, name: str, value: Node) -> _Read:
    """Those of npm; Bun reads the outermost of them too, without npm's conditions."""
    if isinstance(value, TableNode):
        direct = package.specifiers if package.manager not in _NONE_OF_NPM else None
        section = Section(name=name, runtime=package.runtime)
        yield from npm_overrides(package.text, value, section, direct=direct)
    elif not _is_empty(value) or (package.manager == _BUN and not _is_null(value)):
        yield not_a_section(name, value)


def _resolutions(package: _Package, name: str, value: Node) -> _Read:
    yield from _flat(package, name, value, resolution_selector)


def _flat(
    package: _Package, name: str, value: Node, select: Callable[[str], Selector | None]
) -> _Read:
    if isinstance(value, TableNode):
        section = Section(name=name, runtime=package.runtime)
        yield from flat_overrides(
            package.text, value, section, select=select, direct=package.specifiers
        )
    elif not _is_empty(value):
        yield not_a_section(name, value)


def _pnpm(package: _Package, name: str, value: Node) -> _Read:
    """The settings of pnpm: overrides, and dependencies that it gives to other packages."""
    settings = value if isinstance(value, TableNode) else None
    overrides = settings.get("overrides") if settings is not None else None
    if overrides is not None:
        yield from _flat(package, f"{name}.overrides", overrides, pnpm_selector)
    extensions = settings.get("packageExtensions") if settings is not None else None
    section = Section(name=f"{name}.packageExtensions", runtime=package.runtime)
    yield from package_extensions(package.text, extensions, section)


# --- workspaces, catalogs and engines ---------------------------------------------------------


def _workspaces(package: _Package, name: str, value: Node) -> _Read:
    yield from members(value, is_npms=package.manager == _NPM)
    for key, catalogs in value.members if isinstance(value, TableNode) else ():
        if key.value in {CATALOG, CATALOGS} and catalogs is not None:
            section = Section(name=f"{name}.{key.value}")
            yield from catalog_entries(package.text, catalogs, section)
    if isinstance(value, TableNode):
        yield from repetitions(value)


def _root_catalogs(package: _Package, name: str, value: Node) -> _Read:
    """Bun's catalogs at the top."""
    if package.has_root_catalogs:
        yield from catalog_entries(package.text, value, Section(name=name))
        if name == CATALOGS:
            yield from repetitions(package.root)


def _engines(_package: _Package, _name: str, value: Node) -> _Read:
    """The range of Node.js: read strictly, and where npm cannot read it nothing satisfies it."""
    wanted = value.get("node") if isinstance(value, TableNode) else None
    if isinstance(wanted, StringNode):
        if wanted.value and parse_range(wanted.value) is None:
            reason = f"'{printable(wanted.value, SHOWN)}' is no version range: no Node.js will do."
            yield Problem(span=wanted.inner, reason=reason)
    elif wanted is not None and not _is_null(wanted):
        yield Problem(span=wanted.span, reason="A version range must be a string.")


def _package_manager(package: _Package, _name: str, value: Node) -> _Read:
    yield from package_manager(package.text, value)


def _development_engines(_package: _Package, _name: str, value: Node) -> _Read:
    yield from development_engines(value)


_READERS: Mapping[str, Callable[[_Package, str, Node], _Read]] = MappingProxyType(
    {
        **dict.fromkeys(DIRECT_SECTIONS, _dependencies),
        "bundleDependencies": _bundled,
        "bundledDependencies": _bundled,
        "overrides": _overrides,
        _RESOLUTIONS: _resolutions,
        "pnpm": _pnpm,
        "workspaces": _workspaces,
        CATALOG: _root_catalogs,
        CATALOGS: _root_catalogs,
        "engines": _engines,
        "packageManager": _package_manager,
        "devEngines": _development_engines,
    }
)

SECTIONS = tuple(_READERS)
"""The sections that are read, by their keys at the top of the file."""

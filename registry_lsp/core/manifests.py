"""What a manifest says: dependencies with their spans, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from registry_lsp.core.text import Span


class Source(Enum):
    """Where a dependency comes from."""

    REGISTRY = "registry"
    ALIAS = "alias"
    """From a registry too, under another name than the one it is imported by."""
    GIT = "git"
    URL = "url"
    PATH = "path"
    WORKSPACE = "workspace"
    CATALOG = "catalog"

    @property
    def is_looked_up(self) -> bool:
        """Whether a registry is asked about it."""
        return self in (Source.REGISTRY, Source.ALIAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One dependency as the manifest writes it.

    ``name`` is the package's normalised name (of an alias: the real package's), ``display_name``
    the name as written. ``specifier`` is the version text as the manifest means it, and
    ``specifier_span`` where it stands; where none is written the span is empty and lies where
    one would be typed, or is None where the format has no such place. ``dialect`` names the
    version scheme that reads the specifier. ``extras`` are as written; ``marker`` is a PEP 508
    marker's text. ``target`` is what a source other than a registry names (an address, a path).
    ``index`` names one of the manifest's own indexes, where the dependency is bound to one.
    ``optional`` says that its absence is no fault (an optional peer, an optional Poetry entry).
    ``runtime`` is the requirement on the runtime that holds where it is installed: the project's
    own, narrowed by the dependency's marker; None where nothing is said.
    """

    name: str
    display_name: str
    name_span: Span
    specifier: str
    specifier_span: Span | None
    span: Span
    section: str
    dialect: str
    source: Source = Source.REGISTRY
    extras: tuple[str, ...] = ()
    marker: str = ""
    target: str = ""
    index: str | None = None
    optional: bool = False
    runtime: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in the manifest that its installer would refuse; ``reason`` is a sentence."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A package index that the manifest itself names.

    ``role`` is 'default' (replaces the configured one; without a ``url``: there is none), 'extra'
    (beside it), 'supplemental' (for what the others do not have) or 'explicit' (serves only the
    dependencies that name it). ``url`` may hold user information.
    """

    name: str | None
    url: str
    role: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A parsed manifest. ``runtime`` is the project's own requirement on its runtime
    (``requires-python``, ``engines.node``), or None.
    """

    dependencies: tuple[Dependency, ...] = ()
    problems: tuple[Problem, ...] = ()
    indexes: tuple[Index, ...] = ()
    runtime: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What stands at a place of a manifest: a dependency, and the part of it."""

    dependency: Dependency
    part: Part
    span: Span


class Part(Enum):
    """The parts of a dependency that a cursor can stand in."""

    NAME = "name"
    SPECIFIER = "specifier"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A replacement of the text under a span."""

    span: Span
    text: str


def site_at(manifest: Manifest, offset: int) -> Site | None:
    """What a cursor at the code-point *offset* stands on; the specifier wins a shared edge."""
    for dependency in manifest.dependencies:
        if not dependency.span.touches(offset):
            continue
        spans = ((Part.SPECIFIER, dependency.specifier_span), (Part.NAME, dependency.name_span))
        for part, span in spans:
            if span is not None and span.touches(offset):
                return Site(dependency=dependency, part=part, span=span)
        return Site(dependency=dependency, part=Part.OTHER, span=dependency.span)
    return None


def rewrite(dependency: Dependency, specifier: str) -> Edit | None:
    """The edit that gives *dependency* another specifier, None where it has no place for one."""
    if dependency.specifier_span is None:
        return None
    return Edit(span=dependency.specifier_span, text=specifier)

"""What a manifest says: dependencies with their spans, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from registry_lsp.core.text import LineIndex, Span


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
    REFERENCE = "reference"
    """The same manifest says it elsewhere: ``$name`` of npm's overrides, a bundled dependency."""
    FOREIGN = "foreign"
    """From a registry of another kind than the ecosystem's own: ``jsr:``."""

    @property
    def is_looked_up(self) -> bool:
        """Whether a registry is asked about it."""
        return self in (Source.REGISTRY, Source.ALIAS)


class Part(Enum):
    """The parts of a dependency that a cursor can stand in."""

    NAME = "name"
    SPECIFIER = "specifier"
    EXTRA = "extra"
    """One of the extras, which a finding names."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """What the project says of a dependency's version beside its own specifier.

    ``specifier`` is what its version must lie in, in its dialect, and ``together`` what its
    installer reads in the place of its own specifier: both in one, or ``specifier`` alone where
    that ``is_override``. ``by`` is who says so, for people: files, as paths from the manifest's
    folder, or a key of the manifest itself.
    """

    specifier: str
    together: str
    by: str
    is_override: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The entry that a dependency has its version from, and that alone can be edited.

    ``path`` is the file that has it, from the manifest's folder, and ``lines`` are those of its
    text; empty and None where it is the manifest itself. ``span`` is the entry's name there.
    """

    path: str
    span: Span
    lines: LineIndex | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One dependency as the manifest writes it.

    ``name`` is the package's normalised name (of an alias: the real package's), ``display_name``
    the name as written. ``specifier`` is the version text as the manifest means it, and
    ``specifier_span`` where it stands; where none is written the span is empty and lies where one
    would be typed, or is None where the format has no such place. ``dialect`` names the version
    scheme that reads the specifier. ``extras`` are as written, and ``extra_spans`` where, for as
    many of them as is known; ``marker`` is a PEP 508 marker's text. ``index`` names one of the
    manifest's own indexes, where the dependency is bound to one. ``optional`` says that its absence
    is no fault (an optional peer, an optional Poetry entry). ``runtime`` is the requirement on the
    runtime that holds where it is installed: the project's own, narrowed by the dependency's
    marker; None where nothing is said. ``runtime_by`` is who says it where the manifest does not
    say it of the project: the dependency's own ``marker`` (its text), or else, for people, the
    environment or file that has one. ``prereleases`` says whether the project takes prereleases
    of it, None where the specifier alone decides. ``hashes`` are the extents of the hashes that pin
    its files. ``constraint`` is what the project says of its version elsewhere, where it does.

    ``written`` is all that stands in the version's place, decoded: the specifier itself, or the
    alias, address, path or catalog that stands there instead; ``written_span`` is where, without
    quotes, None where nothing stands there. ``target`` is what a source other than a registry
    names (an address, a path, a catalog), and ``link`` where that can be looked at: an http(s)
    address without user information, or a path from the manifest's folder; empty where nowhere.
    ``via`` is the file that the specifier was found in, where it is another than the manifest.
    ``entry`` is where the specifier stands that many manifests share, where this one's is such.
    ``real_span`` is where an alias's real name stands, or would be typed; None where it has none.
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
    extra_spans: tuple[Span, ...] = ()
    marker: str = ""
    target: str = ""
    index: str | None = None
    optional: bool = False
    runtime: str | None = None
    runtime_by: str = ""
    prereleases: bool | None = None
    hashes: tuple[Span, ...] = ()
    written: str = ""
    written_span: Span | None = None
    link: str = ""
    via: str = ""
    entry: Entry | None = None
    real_span: Span | None = None
    constraint: Constraint | None = None

    @property
    def effective(self) -> str:
        """The specifier that its installer goes by: its own, or what is made of it elsewhere."""
        return self.specifier if self.constraint is None else self.constraint.together

    @property
    def version_part(self) -> Part:
        """The part that a finding on its version lies on: the name, where nothing is written."""
        span = self.specifier_span or self.written_span
        return Part.NAME if span is None or span.start == span.end else Part.SPECIFIER


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A version that a lock file names, or that is installed.

    ``by`` is who says so, for people: the lock file's name, or the folder that it is installed
    in. ``marker`` is the condition (a PEP 508 marker) that it is locked under, empty where there
    is none; it ``is_elsewhere`` where that does not hold on the project's own runtime, as far as
    files tell which one that is.
    """

    version: str
    by: str
    marker: str = ""
    is_elsewhere: bool = False


class Role(Enum):
    """What a link of a manifest is for."""

    REQUIREMENTS = "requirements"
    """Another requirements file that is read as a part of this one."""
    CONSTRAINTS = "constraints"
    """Another file, whose versions constrain this one's."""
    GROUP = "group"
    """A group of this manifest's own that another includes."""
    PAGE = "page"
    """Something to be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place of the manifest that names another: ``target`` is an http(s) address, a path from
    the manifest's folder, or the name of a group, which begins in this very text at ``place`` and
    has the dependencies of these ``sections``, with those of the groups that it includes itself.
    """

    span: Span
    target: str
    role: Role
    place: Span | None = None
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in the manifest that its installer would refuse; ``reason`` is a sentence.

    ``by`` is the installer that alone refuses it, where others would take it; empty where all
    that read it do.
    """

    span: Span
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A package index that the manifest itself names.

    ``role`` is 'default' (replaces the configured one; without a ``url``: there is none), 'extra'
    (beside it), 'supplemental' (for what the others do not have) or 'explicit' (serves only the
    dependencies that name it). ``url`` may hold user information. ``overlooked`` are HTTP statuses
    that count as its not having a package; ``is_verified`` is whether its certificate is looked at.
    ``newer`` is how old a release must be that comes from it, as its tool writes it; False where
    any will do, and None where nothing is said. ``is_credentialed`` is True where it is never asked
    without a credential, and False where none goes there but that in its address.
    """

    name: str | None
    url: str
    role: str
    span: Span
    overlooked: tuple[int, ...] = ()
    is_verified: bool = True
    newer: str | bool | None = None
    is_credentialed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The key that a ``section`` of dependencies stands behind, without its quotes."""

    section: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """The manifest's own word that findings are not to be told, at ``span``.

    ``codes`` are those that it names, as written and where; None stands for all. It is about the
    dependencies that lie in ``extent``, or else about those with names that ``pattern`` fits (as
    in a shell; case does not count). ``reason`` is what its author has written beside it, empty
    where nothing. ``fault`` is what is wrong with it, as the end of a sentence: then it leaves
    nothing unsaid; ``word`` is the one that stands where only 'ignore' may, and where.
    """

    span: Span
    codes: tuple[tuple[str, Span], ...] | None = None
    extent: Span | None = None
    pattern: str | None = None
    reason: str = ""
    fault: str = ""
    word: tuple[str, Span] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A parsed manifest. ``runtime`` is the project's own requirement on its runtime
    (``requires-python``, ``engines.node``), or None. ``links`` are those beside the ones that
    its dependencies have; ``headings`` those of the sections that they stand in, in the order of
    the text, where its format has any. ``installers`` are the tools that install from it, by name,
    as far as its kind and its text tell. ``name`` is the package's own name, normalised, empty
    where it has none, and ``name_span`` where it stands; ``is_private`` says that it is never to be
    published. ``ignores`` say what is not to be told of it.
    """

    dependencies: tuple[Dependency, ...] = ()
    problems: tuple[Problem, ...] = ()
    indexes: tuple[Index, ...] = ()
    links: tuple[Link, ...] = ()
    headings: tuple[Heading, ...] = ()
    runtime: str | None = None
    installers: tuple[str, ...] = ()
    name: str = ""
    name_span: Span | None = None
    is_private: bool = False
    ignores: tuple[Ignore, ...] = ()

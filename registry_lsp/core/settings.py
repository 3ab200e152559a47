"""What a user can set: one tree of defaults, and how it is read.

A setting comes from the client (``initializationOptions``, or its section ``registry-lsp``) under
its camelCase name, or from an environment variable: ``services.npmDownloads.url`` is
``REGISTRY_LSP_SERVICES_NPM_DOWNLOADS_URL``. The client's value wins: it is what somebody sees and
edits in this very project, where the environment is what the machine says by default, and an
edit that does nothing would baffle. ``null`` from a client and an empty variable both mean that
nothing is set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from enum import Enum
from fnmatch import fnmatchcase
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

from registry_lsp.core import setting_kinds as kinds
from registry_lsp.core.findings import DEFAULT_SEVERITY, Code, Severity
from registry_lsp.core.text import printable

VARIABLE_PREFIX = "REGISTRY_LSP_"
"""What the name of every environment variable starts with."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MAX_COMPLAINTS = 20
_MAX_DEPTH = 8
_NOBODY = ""
"""Stands for a registry's address that was refused: no address, so that nobody is asked. The
project's own registry, or the public one, would be told names that were not meant for it.
"""
_UNSET = object()
_UNASKED = "nobody is asked in its place, so that no other registry learns the names"
_T = TypeVar("_T")


class Prereleases(Enum):
    """Whether completion offers prereleases."""

    AUTO = "auto"
    """Where the requirement already admits one, or the package has nothing else."""
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostics:
    """Findings in the editor and in ``check``."""

    enabled: Annotated[bool, kinds.SWITCH] = True
    """Whether findings are shown in the editor; ``check`` reports them always."""
    severity: tuple[tuple[Code, Severity | None], ...] = ()
    """How grave the findings of a code are, where not as by default; None leaves them out.

    Written as ``diagnostics.severity.<code>``: error, warning, information, hint or off.
    """

    def severity_of(self, code: Code, own: Severity | None = None) -> Severity | None:
        """How grave a finding of *code* is; None where those are left out.

        *own* is what the finding itself says where nothing is set for its code.
        """
        return dict(self.severity).get(code, own or DEFAULT_SEVERITY[code])


@dataclass(frozen=True, slots=True, kw_only=True)
class InlayHints:
    """Versions shown at the end of a dependency's line."""

    enabled: Annotated[bool, kinds.SWITCH] = True
    """Whether inlay hints are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLens:
    """Actions shown above the dependencies."""

    enabled: Annotated[bool, kinds.SWITCH] = True
    """Whether code lenses are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Versions and names offered while typing."""

    prereleases: Annotated[Prereleases, kinds.words(Prereleases)] = Prereleases.AUTO
    """Whether prereleases are offered; ``auto``: where the requirement already admits one, or the
    package has nothing else.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service that knows more of a package than its registry does."""

    enabled: Annotated[bool, kinds.SWITCH] = True
    """Whether the service is asked."""
    url: Annotated[str | None, kinds.URL] = None
    """Its base address; without one the public service is asked. One of your own is told names from
    private default registries too.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services that enrich what a registry says."""

    osv: Service = field(default_factory=Service)
    """Advisories, from the Open Source Vulnerabilities database; where it is not asked, registries
    are asked for their own.
    """
    npm_downloads: Service = field(default_factory=Service)
    """How often an npm package is downloaded."""
    pypi_downloads: Service = field(default_factory=Service)
    """How often a Python package is downloaded."""
    django_packages: Service = field(default_factory=Service)
    """How Django developers compare a package with others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How registries and services are asked."""

    offline: Annotated[bool, kinds.SWITCH] = False
    """Whether nothing is asked at all, and only what the cache holds is used."""
    timeout_seconds: Annotated[float, kinds.number(0.1, 600)] = 10.0
    """Seconds to wait for an answer before it counts as none."""
    concurrency: Annotated[int, kinds.whole_number(1, 64)] = 16
    """How many questions are under way at once, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """What registries answered, kept on disk between runs."""

    directory: Annotated[Path | None, kinds.DIRECTORY] = None
    """The folder that answers are kept in; without one the system's own place for caches."""
    enabled: Annotated[bool, kinds.SWITCH] = True
    """Whether answers are kept on disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What the opened project may do."""

    trusted: Annotated[bool, kinds.SWITCH] = False
    """Whether the project's own configuration counts as yours: variables in addresses and
    credentials, credentials by an index's name, how servers are reached.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. Each leaf has a default that needs no setting."""

    diagnostics: Diagnostics = field(default_factory=Diagnostics)
    inlay_hints: InlayHints = field(default_factory=InlayHints)
    code_lens: CodeLens = field(default_factory=CodeLens)
    completion: Completion = field(default_factory=Completion)
    ignore: Annotated[tuple[str, ...], kinds.PATTERNS] = ()
    """Packages that are neither asked about nor judged: ``npm:left-pad``, ``pypi:foo-*``; ``*``
    and ``?`` as in a shell. A pattern without an ecosystem's name holds in all of them.
    """
    registries: tuple[tuple[str, str], ...] = ()
    """Base addresses by ecosystem, over whatever the project's configuration says.

    Written as ``registries.<ecosystem>.url``.
    """
    services: Services = field(default_factory=Services)
    network: Network = field(default_factory=Network)
    cache: Cache = field(default_factory=Cache)
    workspace: Workspace = field(default_factory=Workspace)

    def registry_url(self, ecosystem: str) -> str | None:
        """The address set for *ecosystem*'s registry; None: as its configuration says. An empty
        one is no address: what was set could not be understood, and nobody may be asked.
        """
        return dict(self.registries).get(ecosystem)

    def ignores(self, ecosystem: str, *names: str) -> bool:
        """Whether a package of *ecosystem* is ignored under any of its *names* (the normalised
        one and the one that is written, say); case does not matter.
        """
        for pattern in self.ignore:
            place, colon, glob = pattern.lower().rpartition(":")
            if colon and not fnmatchcase(ecosystem, place):
                continue
            if any(fnmatchcase(name.lower(), glob) for name in names):
                return True
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One thing that can be set. ``name`` is dotted, as a client writes it.

    ``refused`` is its value where the one that was given is refused, unless that is the default.
    """

    name: str
    kind: kinds.Kind
    default: Any
    refused: Any = _UNSET

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return VARIABLE_PREFIX + re.sub(r"[.-]", "_", _HUMP.sub("_", self.name)).upper()


def leaves(ecosystems: Iterable[str]) -> tuple[Leaf, ...]:
    """Everything that can be set, where *ecosystems* are the names of those that there are."""
    severities = (
        Leaf(name=f"diagnostics.severity.{code.value}", kind=kinds.SEVERITY, default=severity)
        for code, severity in DEFAULT_SEVERITY.items()
    )
    registries = (
        Leaf(name=f"registries.{name}.url", kind=kinds.URL, default=None, refused=_NOBODY)
        for name in ecosystems
    )
    return (*_leaves(Settings, ""), *severities, *registries)


def load(
    options: object, environ: Mapping[str, str], *, ecosystems: Iterable[str] | None = None
) -> tuple[Settings, tuple[str, ...]]:
    """The settings, and a sentence for each thing that could not be understood.

    *options* is what the client sent, None where it sent nothing. *ecosystems* are the names
    that ``registries.<ecosystem>`` may take; None takes any. Never raises: what is invalid is
    reported by name, and its default used; but where a registry's address is invalid, none is.
    """
    complaints: list[str] = []
    written = dict(_flattened(options, complaints))
    known = _registries_in(written, environ) if ecosystems is None else ecosystems
    by_name = {leaf.name: leaf for leaf in leaves(known)}
    unknown = chain(_unknown(written, by_name), _unknown_variables(environ, by_name.values()))
    complaints += islice(unknown, _MAX_COMPLAINTS)
    values = {}
    for leaf in by_name.values():
        if leaf.refused is not _UNSET and any(
            written.get(each) is not None for each in _groups(leaf.name)
        ):
            values[leaf.name] = leaf.refused
            continue
        value, complaint = _read(leaf, written.get(leaf.name), environ)
        if value is not _UNSET:
            values[leaf.name] = value
        if complaint:
            complaints.append(complaint)
    return _settings(values), tuple(complaints)


def _read(leaf: Leaf, written: object, environ: Mapping[str, str]) -> tuple[Any, str | None]:
    """The leaf's value, and what is wrong with the one that was given."""
    text = environ.get(leaf.variable, "").strip()
    origin = leaf.variable if written is None else leaf.name
    try:
        if written is not None:
            return leaf.kind.from_json(written), None
        return (leaf.kind.from_text(text) if text else _UNSET), None
    except kinds.RefusedError:
        instead = "its default is used" if leaf.refused is _UNSET else _UNASKED
        return leaf.refused, f"{origin}: expected {leaf.kind.expected}; {instead}."


def _groups(name: str) -> Iterator[str]:
    """The names of the groups that the leaf *name* lies in."""
    return (name[: dot.start()] for dot in re.finditer(r"\.", name))


def _settings(values: Mapping[str, Any]) -> Settings:
    severity = tuple(
        (code, values[name])
        for code in DEFAULT_SEVERITY
        if (name := f"diagnostics.severity.{code.value}") in values
    )
    registries = tuple(
        (name.split(".")[1], url) for name, url in values.items() if name.startswith("registries.")
    )
    tables = {"diagnostics.severity": severity, "registries": registries}
    return _built(Settings, "", {**values, **tables})


def camel(name: str) -> str:
    """A field's name as a client writes it: ``time_out`` is ``timeOut``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _leaves(group: type[Any], prefix: str) -> Iterator[Leaf]:
    hints = get_type_hints(group, include_extras=True)
    for each in fields(group):
        name, hint = prefix + camel(each.name), hints[each.name]
        if isinstance(hint, type) and is_dataclass(hint):
            yield from _leaves(hint, name + ".")
        for kind in getattr(hint, "__metadata__", ()):
            yield Leaf(name=name, kind=kind, default=each.default)


def _built(group: type[_T], prefix: str, values: Mapping[str, Any]) -> _T:
    hints = get_type_hints(group)
    given = {}
    for each in fields(group):  # type: ignore[arg-type]  # every group is a dataclass
        name, hint = prefix + camel(each.name), hints[each.name]
        if isinstance(hint, type) and is_dataclass(hint):
            given[each.name] = _built(hint, name + ".", values)
        elif name in values:
            given[each.name] = values[name]
    return group(**given)


def _flattened(options: object, complaints: list[str]) -> Iterator[tuple[str, object]]:
    """The dotted names in *options* with their values, however they are nested."""
    if options is None:
        return
    if not isinstance(options, Mapping):
        complaints.append("The settings: expected an object; the defaults are used.")
        return
    groups: list[tuple[str, int, Mapping[Any, Any]]] = [("", 0, options)]
    while groups:
        prefix, depth, group = groups.pop()
        for key, value in group.items():
            name = f"{prefix}{key}"
            if isinstance(value, Mapping) and depth < _MAX_DEPTH:
                groups.append((name + ".", depth + 1, value))
            else:
                yield name, value


def _registries_in(written: Iterable[str], environ: Iterable[str]) -> list[str]:
    """The ecosystems that addresses are given for, whatever they are."""
    named = [name.split(".")[1] for name in written if re.fullmatch(r"registries\.\w+\.url", name)]
    pattern = re.compile(VARIABLE_PREFIX + r"REGISTRIES_([A-Z0-9]+)_URL")
    matches = (pattern.fullmatch(name) for name in environ)
    return list(dict.fromkeys([*named, *(match[1].lower() for match in matches if match)]))


def _unknown(written: Mapping[str, object], known: Mapping[str, Leaf]) -> Iterator[str]:
    for name in written:
        if name in known:
            continue
        leaf = next((leaf for each, leaf in known.items() if each.startswith(name + ".")), None)
        if leaf is not None and written[name] is not None:
            instead = "its defaults are used" if leaf.refused is _UNSET else _UNASKED
            yield f"{name}: expected an object; {instead}."
        elif leaf is None:
            yield f"{printable(name)}: there is no such setting{_near(name, known)}"


def _unknown_variables(environ: Iterable[str], known: Iterable[Leaf]) -> Iterator[str]:
    variables = {leaf.variable for leaf in known}
    for name in sorted(environ):
        if name.startswith(VARIABLE_PREFIX) and name not in variables:
            yield f"{printable(name)}: there is no such setting{_near(name, variables)}"


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name[:100], known, n=1, cutoff=0.8)
    return f"; did you mean {near[0]}?" if near else "."

"""What a user can set: one tree of defaults, and its leaves by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from registry_lsp.core import setting_kinds as kinds
from registry_lsp.core.findings import DEFAULT_SEVERITY, Code, Severity

VARIABLE_PREFIX = "REGISTRY_LSP_"
"""What the name of every environment variable starts with."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOBODY = ""
"""Stands for a registry's address that was refused: no address, so that nobody is asked. The
project's own registry, or the public one, would be told names that were not meant for it.
"""
UNSET = object()
"""Stands for no value at all, where None is one."""


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
    names: Annotated[bool, kinds.SWITCH] = True
    """Whether registries are asked for names while one is typed: npm's are searched, and a Python
    index gives the list of all that it has (the public one's has tens of megabytes), once a week.
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
    """Seconds without a word from a server before it counts as silent; it is asked again later."""
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
    refused: Any = UNSET

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

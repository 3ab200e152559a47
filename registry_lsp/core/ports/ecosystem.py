"""What an ecosystem is made of.

An :class:`Ecosystem` is a record of parts, not a base class. Each folder under ``ecosystems/``
offers one as ``ECOSYSTEM``, and nothing else in the package names an ecosystem.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from registry_lsp.core.keys import Key
from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import PackageId
from registry_lsp.core.ports.http import Http
from registry_lsp.core.ports.inclusion import Inclusion
from registry_lsp.core.ports.manifest import ManifestFormat, Nameless
from registry_lsp.core.ports.project import Files, Project
from registry_lsp.core.ports.registry import Registry
from registry_lsp.core.ports.routes import Routes, Surroundings
from registry_lsp.core.ports.versions import VersionScheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecosystem:
    """A package ecosystem, as the record of its parts."""

    name: str
    """The key in settings and answers, such as ``npm``."""
    aliases: tuple[str, ...]
    """What else people call its registry."""
    runtime_name: str
    """What its packages run on, as people call it: ``Python``, ``Node.js``."""
    formats: tuple[ManifestFormat, ...]
    nameless: Callable[[str, str], Nameless | None] = lambda _language, _text: None
    """What a text is that has no name yet, by the language that its editor takes it for and by its
    shape; None where that is not sure."""
    spoken: Mapping[str, ManifestFormat] = field(default_factory=dict)
    """By the name that editors have for it, what a text of a language is that is its alone,
    whatever its file is called."""
    inclusion: Inclusion | None = None
    """How its manifests include others; None where they do not."""
    schemes: Mapping[str, VersionScheme]
    """By dialect, as dependencies name it."""
    normalise: Callable[[str], str]
    routes: Callable[[Surroundings], Routes]
    survey: Callable[[Path, Manifest, Files], Project]
    """Reads what lies around the manifest of an absolute path; *manifest* is what it says
    itself. Equal surroundings give equal projects."""
    registry: Callable[[Http], Registry]
    slot: Callable[[Dependency], Hashable | None] = lambda _: None
    """What a dependency fills where it is installed: of two in one manifest that fill the same
    one is too many. None where another of the name is no fault."""
    dependency_kinds: tuple[str, ...]
    """The kinds of :class:`~registry_lsp.core.packages.Requires` that its packages declare."""
    services: frozenset[str] = frozenset()
    """The services that know its packages, by the names of their settings."""
    well_known: tuple[str, ...] = ()
    """Names that are likely to be meant, where a registry that tells nothing else of its packages
    has them, likeliest first. Nobody is asked for one because it stands here."""
    package_page: Callable[[PackageId, str | None], str | None]
    """Where people read about a package (and a version of it); None where nobody knows."""
    osv_name: str | None = None
    """What the Open Source Vulnerabilities database calls it; None where it is not in there."""
    beside: tuple[str, ...] = ()
    """Glob patterns, as LSP writes them, of the files that change what a manifest means: locks,
    configuration, other manifests."""
    samples: Mapping[str, str]
    """By file name, a small valid manifest of each format: what the contract tests read."""

    def key(self, version: str) -> Key | None:
        """A key that sorts versions, in whichever dialect: all of them sort alike."""
        return next(iter(self.schemes.values())).key(version)

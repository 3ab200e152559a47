"""The seam to manifests that are such because another one includes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_lsp.core.manifests import Role
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.ports.project import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """How the manifests of an ecosystem include other files, whatever these are called."""

    by: tuple[ManifestFormat, ...]
    """The formats of those that include others, by links of the roles below."""
    formats: Mapping[Role, ManifestFormat]
    """The format of what is included, by the link's role."""
    role_of: Callable[[Path, Files], Role | None]
    """In which role the manifests around a file of an absolute path include it, however far down;
    None where none of them does."""
    may_include: Callable[[Path, Path, Files], bool]
    """Whether the manifest at the first path may be meant to include the file at the second: that
    reads as one, and does not include the first in the end."""

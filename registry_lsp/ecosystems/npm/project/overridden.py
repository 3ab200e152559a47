"""What the root of a project replaces in all its packages: the overrides of its ``package.json``
and of ``pnpm-workspace.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from registry_lsp.core.manifests import Source
from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.npm.manifests.direct_sections import direct_specifiers
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.ecosystems.npm.manifests.package_manager import manager_of
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PNPM_WORKSPACE, pnpm_overrides
from registry_lsp.ecosystems.npm.manifests.replacements import (
    NPM,
    Override,
    Replacements,
    meaning,
    package_overrides,
    replacements,
)
from registry_lsp.ecosystems.npm.project.catalogs import MANIFEST
from registry_lsp.ecosystems.npm.project.workspaces import relative
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.nodes import TableNode
from registry_lsp.syntax.yaml.scanner import scan_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a file says: its overrides, and the specifiers of its direct dependencies by name."""

    overrides: tuple[Override, ...] = ()
    direct: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read_package(raw: bytes) -> Said:
    """Read a package.json. Raises :class:`ValueError` where it is no text."""
    root = scan_json(PackageJson().decode(raw))
    if not isinstance(root, TableNode):
        return Said()
    overrides = tuple(package_overrides(root, manager_of(root)))
    return Said(overrides=overrides, direct=direct_specifiers(root))


def read_pnpm_overrides(raw: bytes) -> Said:
    """Read ``pnpm-workspace.yaml``. Raises :class:`ValueError` where it is no text."""
    root = scan_yaml(raw.decode("utf-8-sig"))
    return Said(overrides=tuple(pnpm_overrides(root))) if isinstance(root, TableNode) else Said()


def find_replacements(path: Path, root: Path, files: Files, manager: str) -> Replacements:
    """What the files in the folder *root*, which *manager* installs (empty: nobody knows who),
    replace in the manifest at *path*. That says itself what it takes from elsewhere, but not which
    manager installs it, and so the versions that it replaces are among these.
    """
    package = files.read(root / MANIFEST, read_package) or Said()
    pnpm = files.read(root / PNPM_WORKSPACE, read_pnpm_overrides) or Said()
    stated = (
        (relative(file, path.parent), said.overrides)
        if file != path
        else ("", tuple(_versions(said, manager)))
        for file, said in ((root / PNPM_WORKSPACE, pnpm), (root / MANIFEST, package))
    )
    return replacements(stated, package.direct, manager, with_versions=True)


def _versions(said: Said, manager: str) -> Iterator[Override]:
    """What a file replaces in itself by another version. npm refuses another one than the
    dependency's own there, and nobody else is known to read its overrides.
    """
    for each in said.overrides:
        means = meaning(each, said.direct)
        is_npms = NPM in each.readers and manager in {"", NPM}
        if means is not None and means.source is Source.REGISTRY and not is_npms:
            yield each

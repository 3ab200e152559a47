"""Catalogs: versions that the packages of a workspace share, and ask for with ``catalog:``.

pnpm keeps them in ``pnpm-workspace.yaml``, Yarn in ``.yarnrc.yml`` and Bun in the package.json of
the root, within ``workspaces`` or, where none stand there, at the top. In all of them ``catalog``
is the default one and ``catalogs`` holds those with names; of that name Yarn has two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from registry_lsp.core.manifests import Manifest
from registry_lsp.core.ports.project import Files
from registry_lsp.core.text import LineIndex, Span
from registry_lsp.ecosystems.npm.locks.package_files import read_root
from registry_lsp.ecosystems.npm.manifests.catalog_sections import (
    DEFAULT,
    catalog_of,
    has_root_catalogs,
)
from registry_lsp.ecosystems.npm.manifests.member_patterns import is_member
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PNPM_WORKSPACE
from registry_lsp.ecosystems.npm.manifests.yaml_entries import merged
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YARN_SETTINGS
from registry_lsp.syntax.faults import json_fault
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.yaml.scanner import scan_yaml, yaml_fault

MANIFEST = "package.json"
UNNAMED = ""
"""What Yarn's catalog without a name goes by: one that is called ``default`` is another."""


class Listed(NamedTuple):
    """What a catalog has for a package, and where its name stands."""

    text: str
    span: Span


Entries: TypeAlias = Mapping[tuple[str, str], Listed]
"""Entries by the names of the catalog and of the package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What one file says that the packages of a workspace share.

    ``packages`` are the patterns of the members' folders, None where it says nothing of them;
    ``lines`` are those of its text, where that has any entries.
    One that is not ``is_whole`` is broken, and what is not found in it may yet be there.
    """

    entries: Entries = field(default_factory=lambda: MappingProxyType({}))
    packages: tuple[str, ...] | None = None
    is_whole: bool = True
    lines: LineIndex | None = None


class Shelf(NamedTuple):
    """A file that has catalogs, or would have them."""

    path: Path
    shared: Shared


def read_pnpm_workspace(raw: bytes) -> Shared:
    """Read ``pnpm-workspace.yaml``. Raises :class:`ValueError` where it is no text."""
    text = raw.decode("utf-8-sig")
    root = scan_yaml(text)
    listed = root.get("packages") if isinstance(root, TableNode) else None
    packages = None
    if isinstance(listed, ArrayNode):
        packages = tuple(each.value for each in listed.items if isinstance(each, StringNode))
    is_whole = yaml_fault(text) is None
    return _shared(text, _entries(root), packages=packages, is_whole=is_whole)


def read_yarn_settings(raw: bytes) -> Shared:
    """Read ``.yarnrc.yml``. Raises :class:`ValueError` where it is no text."""
    text = raw.decode("utf-8-sig")
    entries = _entries(scan_yaml(text), unnamed=UNNAMED)
    return _shared(text, entries, is_whole=yaml_fault(text) is None)


def read_bun_catalogs(raw: bytes) -> Shared:
    """Read a package.json. Raises :class:`ValueError` where it is no text."""
    text = raw.decode("utf-8-sig")
    root = scan_json(text)
    holder: Node | None = root
    if isinstance(root, TableNode) and not has_root_catalogs(root):
        holder = root.table("workspaces")
    return _shared(text, _entries(holder), is_whole=json_fault(text) is None)


def _shared(
    text: str,
    found: Iterable[tuple[tuple[str, str], Listed]],
    *,
    packages: tuple[str, ...] | None = None,
    is_whole: bool,
) -> Shared:
    entries = dict(found)
    lines = LineIndex(text) if entries else None
    return Shared(entries=entries, packages=packages, is_whole=is_whole, lines=lines)


def find_shelf(folder: Path, files: Files) -> Shelf | None:
    """The file whose catalogs the manifest in *folder* asks for: the nearest one upwards that has
    any, but not from beyond pnpm's workspace. Where none has any it is the file that would.
    """
    without: Shelf | None = None
    for each in (folder, *folder.parents):
        for shelf in _shelves(each, folder, files):
            if shelf.shared.entries:
                return shelf
            if shelf.path.name == PNPM_WORKSPACE:
                without = shelf
        if without is not None:
            break
    return without


def _shelves(each: Path, folder: Path, files: Files) -> Iterator[Shelf]:
    """The files in the folder *each* that may have catalogs for a manifest in *folder*."""
    pnpm = files.read(each / PNPM_WORKSPACE, read_pnpm_workspace)
    if pnpm is not None:
        yield Shelf(each / PNPM_WORKSPACE, pnpm)
    yarn = files.read(each / YARN_SETTINGS, read_yarn_settings)
    if yarn is not None:
        yield Shelf(each / YARN_SETTINGS, yarn)
    root = files.read(each / MANIFEST, read_root)
    if root is None or not root.workspaces:
        return
    if each == folder or is_member(folder.relative_to(each).parts, root.workspaces):
        bun = files.read(each / MANIFEST, read_bun_catalogs)
        if bun is not None:
            yield Shelf(each / MANIFEST, bun)


def own_entries(manifest: Manifest) -> Entries:
    """The entries of the catalogs that *manifest* itself has."""
    return {
        (catalog, each.display_name): Listed(each.written, each.name_span)
        for each in manifest.dependencies
        if (catalog := catalog_of(each)) is not None
    }


def _entries(
    root: Node | None, *, unnamed: str = DEFAULT
) -> Iterator[tuple[tuple[str, str], Listed]]:
    """The entries of all catalogs, those of the one without a name under *unnamed*."""
    if not isinstance(root, TableNode):
        return
    named = root.table("catalogs")
    tables = [(key.value, value) for key, value in merged(named)] if named is not None else []
    for catalog, table in [(unnamed, root.get("catalog")), *tables]:
        for key, value in merged(table) if isinstance(table, TableNode) else ():
            if isinstance(value, StringNode):
                yield (catalog, key.value), Listed(value.value, key.inner)
            elif isinstance(value, ScalarNode):
                yield (catalog, key.value), Listed(value.text, key.inner)

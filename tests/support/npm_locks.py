"""What is locked for an npm manifest, by real files on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.ports.project import Files, Project
from registry_lsp.ecosystems.npm import ECOSYSTEM
from registry_lsp.ecosystems.npm.locks.find import NpmLock, find_lock
from registry_lsp.session.files import FileStore, Sight


def write(folder: Path, files: Mapping[str, object]) -> Path:
    """Write *files*, what is no text as JSON, below *folder*; gives *folder*."""
    for name, said in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
    return folder


def surveyed(path: Path, files: Files) -> tuple[Project, Manifest]:
    """The project around the manifest at *path*, and what the manifest says in it."""
    (format,) = (each for each in ECOSYSTEM.formats if each.matches(path))
    written = format.parse(path.read_text(encoding="utf-8"))
    project = ECOSYSTEM.survey(path, written, files)
    return project, project.resolve(written)


def dependencies_of(folder: Path) -> tuple[Dependency, ...]:
    """The resolved dependencies of the package.json in *folder*."""
    _, manifest = surveyed(folder / "package.json", Sight(FileStore()))
    return manifest.dependencies


def lock_in(folder: Path, store: FileStore | None = None) -> NpmLock:
    """What is locked for the package.json in *folder*."""
    return find_lock(folder, Sight(store or FileStore()), dependencies_of(folder))


def locked_in(folder: Path, name: str = "package.json") -> dict[str, tuple[str, str]]:
    """The version of each dependency of the manifest *name* in *folder*, and who says so."""
    project, manifest = surveyed(folder / name, Sight(FileStore()))
    return {
        each.display_name: (locked.version, locked.by)
        for each in manifest.dependencies
        for locked in project.locked(each)
    }

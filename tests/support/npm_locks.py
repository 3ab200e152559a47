"""What is locked for an npm manifest, by real files on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.ecosystems.npm.locks import NpmLock, find_lock
from registry_lsp.ecosystems.npm.manifest import PackageJson
from registry_lsp.ecosystems.npm.specifier import classify
from registry_lsp.session.files import FileStore, Sight

LOCKED_SECTIONS = frozenset(
    {"dependencies", "devDependencies", "peerDependencies", "optionalDependencies"}
)
CATALOGS = {"default": {"ms": "2.0.0", "oldlib": "0.9.0"}, "old": {"once": "~1.4.0"}}
"""The catalogs of the fixtures in ecosystems/npm/locks, all of them together."""


def write(folder: Path, files: Mapping[str, object]) -> Path:
    """Write *files*, what is no text as JSON, below *folder*; gives *folder*."""
    for name, said in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
    return folder


def resolved(dependency: Dependency) -> Dependency:
    """*dependency* as the project resolves it, where it refers to a catalog."""
    if dependency.source is not Source.CATALOG:
        return dependency
    specifier = CATALOGS[dependency.target][dependency.display_name]
    means = classify(specifier)
    return replace(
        dependency,
        source=means.source,
        name=dependency.name if means.name is None else means.name,
        specifier=means.specifier,
        specifier_span=None,
    )


def dependencies_of(folder: Path) -> tuple[Dependency, ...]:
    """The resolved dependencies of the package.json in *folder*."""
    text = (folder / "package.json").read_text(encoding="utf-8")
    return tuple(map(resolved, PackageJson().parse(text).dependencies))


def lock_in(folder: Path, store: FileStore | None = None) -> NpmLock:
    """What is locked for the manifest in *folder*."""
    sight = Sight(store or FileStore())
    return find_lock(folder, sight, dependencies_of(folder))


def locked_in(folder: Path) -> dict[str, tuple[str, str]]:
    """The version of each dependency of the manifest in *folder*, and who says so."""
    lock = lock_in(folder)
    found = {}
    for dependency in dependencies_of(folder):
        for locked in lock.locked(dependency):
            found[dependency.display_name] = (locked.version, locked.by)
    return found

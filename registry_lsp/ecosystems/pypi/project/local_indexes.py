"""Package indexes that are folders: what lies in them, so that all else may be asked of others.

uv takes a name from the first index that has it. Which names a folder has can be seen, and those
are asked of nobody: they are not an index's behind it. For every other name the folder is as good
as not there. It may be flat (archives side by side) or have a folder for each name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from registry_lsp.core.manifests import Dependency, Index, Source
from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.pypi.manifests.project_indexes import is_local
from registry_lsp.ecosystems.pypi.names import names_of
from registry_lsp.ecosystems.pypi.requirements.direct import local_path

_MOST_NAMES = 10_000

LocalNames = Mapping[str, frozenset[str]]
"""The normalised names in each index that is a folder, by the address as the manifest has it."""


def local_names(
    indexes: Iterable[Index], folder: Path, files: Files
) -> tuple[tuple[str, frozenset[str]], ...]:
    """What lies in those of *indexes* that are folders, their paths being from *folder*. One with
    nothing in it, or with more than anybody has, is left out: nobody knows what it has.
    """
    found: dict[str, frozenset[str]] = {}
    for index in indexes:
        path = local_path(index.url) if index.role != "explicit" and is_local(index.url) else ""
        names = files.names(folder / path) if path and index.url not in found else ()
        if 0 < len(names) < _MOST_NAMES:
            found[index.url] = frozenset(name for each in names for name in names_of(each))
    return tuple(found.items())


def without_local(indexes: Iterable[Index], known: LocalNames) -> tuple[Index, ...]:
    """*indexes* without those of whose names all are *known*: where the default one is such, there
    is no other.
    """
    return tuple(
        replace(each, url="") if each.role == "default" and each.url in known else each
        for each in indexes
        if each.role in ("default", "explicit") or each.url not in known
    )


def kept(dependency: Dependency, nearby: frozenset[str]) -> Dependency:
    """*dependency*, which nobody is asked for where its name is one of those *nearby*, in a
    folder that is an index.
    """
    is_asked = dependency.source is Source.REGISTRY and dependency.index is None
    return replace(dependency, index="") if is_asked and dependency.name in nearby else dependency


def placed(index: Index, folder: Path) -> Index:
    """*index*, which a file in *folder* names, with its path from everywhere."""
    path = local_path(index.url) if is_local(index.url) else ""
    return replace(index, url=(folder / path).as_posix()) if path else index

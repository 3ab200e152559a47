"""The workspace that a manifest belongs to, and the packages in it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from registry_lsp.core.ports import Files
from registry_lsp.ecosystems.npm.locks.package_files import read_installed, read_root
from registry_lsp.ecosystems.npm.manifests.member_patterns import (
    LEFT_OUT,
    Reach,
    is_exclusion,
    is_member,
    pattern_steps,
)
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PNPM_WORKSPACE
from registry_lsp.ecosystems.npm.project.catalogs import (
    MANIFEST,
    read_pnpm_workspace,
)

_MOST_FOLDERS = 10_000
"""Folders that are looked into for members; a larger workspace is not known as a whole."""

_Steps: TypeAlias = tuple[str, ...]
"""The names that lead from a root to a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The root folder of a workspace, and the patterns of its members' folders; they are those
    that count only where it ``is_known``.
    """

    root: Path
    patterns: tuple[str, ...]
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The members of a workspace that a manifest asks for: by name the paths of their manifests,
    from its own folder. They are all that there are where the search ``is_complete``; ``root`` is
    the path of the workspace's root.
    """

    root: str
    paths: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    is_complete: bool = False


def find_workspace(folder: Path, files: Files) -> Workspace | None:
    """The workspace of the manifest in *folder*, None where it belongs to none."""
    for each in (folder, *folder.parents):
        shared = files.read(each / PNPM_WORKSPACE, read_pnpm_workspace)
        if shared is not None:
            # pnpm takes out what is excluded wherever the pattern stands
            patterns = tuple(sorted(shared.packages or (), key=is_exclusion))
            is_known = shared.is_whole and shared.packages is not None
            return Workspace(root=each, patterns=patterns, is_known=is_known)
        root = files.read(each / MANIFEST, read_root)
        if root is None or not root.workspaces:
            continue
        if each == folder or is_member(folder.relative_to(each).parts, root.workspaces):
            return Workspace(root=each, patterns=root.workspaces)
    return None


def find_members(workspace: Workspace, folder: Path, names: Iterable[str], files: Files) -> Members:
    """The members of *workspace* called *names*, or as many of them as there are, for a manifest
    in *folder*.

    The folders that are called like a package are looked at first: mostly that is all.
    """
    wanted = set(names)
    folders, is_complete = _folders(workspace, files) if wanted else ([], True)
    likely = {name.rpartition("/")[2] for name in wanted}
    folders.sort(key=lambda steps: not steps or steps[-1] not in likely)
    paths: dict[str, str] = {}
    for steps in folders:
        if not wanted:
            break
        path = workspace.root.joinpath(*steps, MANIFEST)
        read = files.read(path, read_installed)
        if read is not None and read[0] in wanted:
            paths[read[0]] = relative(path, folder)
            wanted.discard(read[0])
    is_complete = is_complete and workspace.is_known
    return Members(root=relative(workspace.root, folder), paths=paths, is_complete=is_complete)


def relative(path: Path, folder: Path) -> str:
    """*path* from *folder*, its steps joined by '/'."""
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _folders(workspace: Workspace, files: Files) -> tuple[list[_Steps], bool]:
    """The folders that may be members, the root among them, and whether these are all."""
    patterns = [each for each in workspace.patterns if not is_exclusion(each)]
    found: list[_Steps] = [()]
    start = tuple(Reach(pattern_steps(each)) for each in patterns)
    todo: deque[tuple[_Steps, tuple[Reach, ...]]] = deque([((), start)])
    looked = 0
    while todo and looked < _MOST_FOLDERS:
        looked += 1
        steps, reaches = todo.popleft()
        is_named = bool(steps) and any(each.is_whole for each in reaches)
        if is_named and is_member(steps, workspace.patterns):
            found.append(steps)
        for name in _names(workspace.root.joinpath(*steps), reaches, files):
            further = tuple(each for reach in reaches if (each := reach.step(name)).is_open)
            if further:
                todo.append(((*steps, name), further))
    return found, not todo


def _names(folder: Path, reaches: Iterable[Reach], files: Files) -> Iterable[str]:
    """The names in *folder* that lead on to members; it is listed only where any name may."""
    wanted = [each.names for each in reaches]
    found = {name for names in wanted for name in names or ()}
    if None in wanted:
        found.update(files.names(folder))
    return sorted(found - LEFT_OUT)

"""The workspace that a manifest belongs to, and the packages in it."""

from __future__ import annotations

import os
import posixpath
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.npm.locks.package_files import NO_ROOT, read_member, read_root
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
    Shared,
    read_pnpm_workspace,
)

_MOST_FOLDERS = 10_000
"""Folders that are looked into for members; a larger workspace is not known as a whole."""

_Steps: TypeAlias = tuple[str, ...]
"""The names that lead from a root to a folder."""


class Member(NamedTuple):
    """A package of a workspace: the path of its manifest from the workspace's root, and the
    version that it gives itself, empty where it gives none.
    """

    path: str
    version: str

    def path_from(self, place: str) -> str:
        """The path of its manifest from *place*, which is a folder's path from the root."""
        return posixpath.relpath(f"/{self.path}", f"/{place}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The members of a workspace by their names, the root among them, and the ``paths`` of the
    manifests of all, as some have no name. They are all that there are where the search
    ``is_complete``.
    """

    by_name: Mapping[str, Member] = field(default_factory=lambda: MappingProxyType({}))
    paths: tuple[str, ...] = ()
    is_complete: bool = False


def find_workspace(folder: Path, files: Files) -> Path | None:
    """The root of the workspace that the manifest in *folder* belongs to, None where it belongs
    to none.

    A member of a workspace may be the root of another within it, as Yarn has it: then it is the
    outermost. pnpm goes by its own file alone, and so that one counts for what it lists, even
    where it lies further up.
    """
    found: Path | None = None
    for each in (folder, *folder.parents):
        shared = files.read(each / PNPM_WORKSPACE, read_pnpm_workspace)
        if shared is not None:
            inside = (folder, folder if found is None else found)
            is_pnpms = any(_may_list(shared, one.relative_to(each).parts) for one in inside)
            return found if found is not None and not is_pnpms else each
        root = files.read(each / MANIFEST, read_root)
        if root is None or not root.workspaces:
            continue
        inner = folder if found is None else found
        if each == folder or is_member(inner.relative_to(each).parts, root.workspaces):
            found = each
    return found


def gather_members(root: Path, files: Files) -> Members:
    """The members of the workspace whose root is the folder *root*; where there is none that is
    the root alone.
    """
    shared = files.read(root / PNPM_WORKSPACE, read_pnpm_workspace)
    if shared is None:
        patterns, is_known = (files.read(root / MANIFEST, read_root) or NO_ROOT).workspaces, True
    else:
        patterns, is_known = _patterns(shared), _is_known(shared)
    by_name: dict[str, Member] = {}
    paths: list[str] = []
    search = _Search(root, files)
    todo: deque[tuple[_Steps, tuple[str, ...]]] = deque([((), patterns)])
    while todo:
        start, patterns = todo.popleft()
        for steps in search.folders(start, patterns):
            member = files.read(root.joinpath(*steps, MANIFEST), read_member)
            if member is None:
                continue
            path = "/".join((*steps, MANIFEST))
            paths.append(path)
            if member.name:
                by_name.setdefault(member.name, Member(path, member.version))
            if member.workspaces and steps != start and shared is None:
                todo.append((steps, member.workspaces))
    return Members(by_name=by_name, paths=tuple(paths), is_complete=is_known and search.is_complete)


def relative(path: Path, folder: Path) -> str:
    """*path* from *folder*, its steps joined by '/'."""
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _patterns(shared: Shared) -> tuple[str, ...]:
    """Pnpm's patterns: it takes out what is excluded wherever the pattern stands."""
    return tuple(sorted(shared.packages or (), key=is_exclusion))


def _is_known(shared: Shared) -> bool:
    return shared.is_whole and shared.packages is not None


def _may_list(shared: Shared, steps: _Steps) -> bool:
    """Whether the folder that lies *steps* below pnpm's file may be a member by it."""
    return not _is_known(shared) or is_member(steps, _patterns(shared))


class _Search:
    """One search for the folders of members, which ends after so many folders."""

    def __init__(self, root: Path, files: Files) -> None:
        self._root = root
        self._files = files
        self._left = _MOST_FOLDERS
        self._seen: set[_Steps] = set()

    @property
    def is_complete(self) -> bool:
        """Whether all that was searched for has been found."""
        return self._left > 0

    def folders(self, start: _Steps, patterns: tuple[str, ...]) -> Iterator[_Steps]:
        """The folders that may be members by the *patterns* of the one that lies *start* below
        the root, that one first; none twice.
        """
        included = [pattern_steps(each) for each in patterns if not is_exclusion(each)]
        reaches = tuple(Reach(each) for each in included)
        todo: deque[tuple[_Steps, tuple[Reach, ...]]] = deque([((), reaches)])
        while todo and self._left > 0:
            self._left -= 1
            steps, reaches = todo.popleft()
            whole = _plain(start + steps)
            is_named = any(each.is_whole for each in reaches) and is_member(steps, patterns)
            if (is_named or not steps) and whole not in self._seen:
                self._seen.add(whole)
                yield whole
            for name in _names(self._root.joinpath(*whole), reaches, self._files):
                further = tuple(each for reach in reaches if (each := reach.step(name)).is_open)
                if further:
                    todo.append(((*steps, name), further))


def _plain(steps: _Steps) -> _Steps:
    """*steps* without those that lead back: no folder is another for the way that leads to it."""
    if ".." not in steps and "." not in steps:
        return steps
    path = posixpath.normpath("/".join(steps))
    return () if path == "." else tuple(path.split("/"))


def _names(folder: Path, reaches: Iterable[Reach], files: Files) -> Iterable[str]:
    """The names in *folder* that lead on to members; it is listed only where any name may."""
    wanted = [each.names for each in reaches]
    found = {name for names in wanted for name in names or ()}
    if None in wanted:
        found.update(files.names(folder))
    return sorted(found - LEFT_OUT)

"""Which manifests lie below the paths that somebody names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeAlias

from registry_lsp.checking.ignored import Ignored, ignored_at
from registry_lsp.core.ports import Ecosystem, ManifestFormat

ManifestFile: TypeAlias = tuple[Path, Ecosystem, ManifestFormat]
"""A manifest by its path, with what reads it."""

SKIPPED = frozenset(
    {
        *(".git", ".hg", ".svn", ".bzr", ".jj", "_darcs", "CVS"),
        *("node_modules", "bower_components"),
        *(".venv", "venv", ".tox", ".nox", "__pypackages__", "site-packages"),
    }
)
"""Folders that hold other people's manifests, or none: never walked into, unless named."""


class NotAManifestError(ValueError):
    """A path that cannot be checked. The message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The manifests that were found, in the order of the paths and then of their names, and a
    sentence for each folder that could not be read.
    """

    files: tuple[ManifestFile, ...]
    unreadable: tuple[str, ...] = ()


def find_manifests(
    paths: Iterable[Path],
    ecosystems: Sequence[Ecosystem],
    *,
    home: Path,
    environ: Mapping[str, str],
) -> Search:
    """The manifests that *paths* are, or that lie below them, each one once.

    A file that is named is taken, whatever git thinks of it. Below a folder are passed over
    the folders in :data:`SKIPPED`, virtual environments, what git ignores, and every link: a
    link in somebody's project could lead to a file that is none of the project's business.
    Raises :class:`NotAManifestError` for a path that is not there or is no manifest.
    """
    files: dict[str, ManifestFile] = {}
    unreadable: list[str] = []
    for path in paths:
        if path.is_dir():
            ignored = ignored_at(os.path.realpath(path), home=home, environ=environ)
            found = list(_Walk(ecosystems, unreadable).below(path, ignored))
        else:
            found = [_named(path, ecosystems)]
        for each in found:
            files.setdefault(os.path.realpath(each[0]), each)
    return Search(files=tuple(files.values()), unreadable=tuple(unreadable))


def _named(path: Path, ecosystems: Sequence[Ecosystem]) -> ManifestFile:
    if not path.exists():
        raise NotAManifestError(f"{path}: there is no such file or folder")
    found = _as_manifest(path, path, ecosystems)
    if found is None:
        kinds = (format.name for each in ecosystems for format in each.formats)
        raise NotAManifestError(f"{path}: not a manifest ({', '.join(kinds)})")
    return found


def _as_manifest(
    path: Path, judged: PurePath, ecosystems: Sequence[Ecosystem]
) -> ManifestFile | None:
    for ecosystem in ecosystems:
        for format in ecosystem.formats:
            if format.matches(judged):
                return path, ecosystem, format
    return None


class _Walk:
    """One walk through a folder. Folders wait in a list, since trees may be deep."""

    def __init__(self, ecosystems: Sequence[Ecosystem], unreadable: list[str]) -> None:
        self._ecosystems = ecosystems
        self._unreadable = unreadable
        self._seen: set[tuple[int, int]] = set()

    def below(self, root: Path, ignored: Ignored) -> Iterator[ManifestFile]:
        real = os.path.realpath(root)
        waiting = [(real, root, ignored)]
        while waiting:
            folder, shown, rules = waiting.pop()
            entries = self._entries(folder, shown)
            if folder != real and any(each.name == "pyvenv.cfg" for each in entries):
                continue
            folders = []
            for entry in entries:
                path = shown / entry.name
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_folder and entry.name not in SKIPPED:
                    if not rules.covers(entry.path, is_folder=True):
                        folders.append((entry.path, path, rules.below(entry.path)))
                elif not is_folder and entry.is_file(follow_symlinks=False):
                    found = _as_manifest(path, PurePath(entry.path), self._ecosystems)
                    if found and not rules.covers(entry.path, is_folder=False):
                        yield found
            waiting += reversed(folders)

    def _entries(self, folder: str, shown: Path) -> list[os.DirEntry[str]]:
        """What lies in *folder*, by name; nothing where it was seen before (a junction or a
        mount may lead upwards) or cannot be read.
        """
        try:
            status = os.stat(folder)  # noqa: PTH116 - paths are text here, for speed
            if (status.st_dev, status.st_ino) in self._seen:
                return []
            self._seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as found:
                return sorted(found, key=lambda each: each.name)
        except OSError as error:
            self._unreadable.append(f"{shown}: {error.strerror or 'cannot be read'}")
            return []

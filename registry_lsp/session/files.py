"""The files around the manifests: read when first asked for, and again when they have changed.

All of this runs in threads, for a disk may be slow and a lock file large.
"""

from __future__ import annotations

import logging
import os
import stat
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar

LARGEST = 64 * 2**20
"""Bytes of the largest file that is read."""
_MOST_NAMES = 20_000
_REMEMBERED = 8192  # a workspace may have thousands of members

_LOG = logging.getLogger(__name__)

T = TypeVar("T")
Reader: TypeAlias = Callable[[bytes], T]


class Stamp(NamedTuple):
    """What tells one state of a file or folder from another."""

    modified: int
    size: int
    node: int


def stamp(path: Path) -> Stamp | None:
    """The stamp of what lies at *path*, None where nothing does that one may look at."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a hundred of them are asked for at a time
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        return None  # a pipe or a device: '/dev/stdin' would give the client's own words away
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


class FileStore:
    """What was made of files, shared by all documents, for as long as the files are the same."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Path, Reader[Any]], tuple[Stamp, Any]] = {}
        self._turns: dict[tuple[Path, Reader[Any]], threading.Lock] = {}
        self._guard = threading.Lock()

    def read(self, path: Path, reader: Reader[T], mark: Stamp) -> T | None:
        """What *reader* makes of the file at *path*, whose stamp is *mark*."""
        key = (path, reader)
        with self._guard:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:  # one thread reads a lock file that fifty manifests ask for
            kept = self._kept.get(key)
            if kept is None or kept[0] != mark:
                kept = (mark, _made(path, reader))
            self._keep(key, kept)
        value: T | None = kept[1]
        return value

    def _keep(self, key: tuple[Path, Reader[Any]], kept: tuple[Stamp, Any]) -> None:
        """Keep it as the last one asked for; who was not asked for longest goes first."""
        with self._guard:
            self._kept.pop(key, None)
            self._kept[key] = kept
            if len(self._kept) > _REMEMBERED:
                oldest = next(iter(self._kept))
                del self._kept[oldest]
                self._turns.pop(oldest, None)


def _made(path: Path, reader: Reader[T]) -> T | None:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        _LOG.info("%s cannot be read: %s", path, error.strerror)
        return None
    if len(raw) > LARGEST:
        _LOG.warning("%s is larger than %d MiB, and is not read", path, LARGEST // 2**20)
        return None
    try:
        return reader(raw)
    except (ValueError, RecursionError) as error:
        _LOG.info("%s cannot be read: %s", path, error)
        return None


class Sight:
    """The files as one survey saw them: what it has asked for, and what that was like then."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._seen: dict[Path, Stamp | None] = {}

    @property
    def seen(self) -> Mapping[Path, Stamp | None]:
        """The stamps of all that was asked for, None for what was not there."""
        return self._seen

    def read(self, path: Path, reader: Reader[T]) -> T | None:
        """See :meth:`registry_lsp.core.ports.Files.read`."""
        mark = self._look(path)
        return self._store.read(path, reader, mark) if mark is not None else None

    def names(self, folder: Path) -> tuple[str, ...]:
        """See :meth:`registry_lsp.core.ports.Files.names`."""
        if self._look(folder) is None:
            return ()
        try:
            found = sorted(os.listdir(folder))  # noqa: PTH208 - names, and no paths, are wanted
        except OSError:
            return ()
        return tuple(found[:_MOST_NAMES])

    def _look(self, path: Path) -> Stamp | None:
        if path not in self._seen:
            self._seen[path] = stamp(path)
        return self._seen[path]


def has_changed(seen: Mapping[Path, Stamp | None]) -> bool:
    """Whether any of what was *seen* is another by now."""
    return any(stamp(path) != mark for path, mark in seen.items())

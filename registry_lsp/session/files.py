"""The files around the manifests: read when first asked for, and again when they have changed.

All of this runs in threads, for a disk may be slow and a lock file large.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

from registry_lsp.core.machines import is_on_another_machine
from registry_lsp.core.ports.project import Files
from registry_lsp.core.stamps import Stamp, stamp

LARGEST = 64 * 2**20
"""Bytes of the largest file that is read."""
_MOST_NAMES = 20_000
_REMEMBERED = 8192  # a workspace may have thousands of members
_GATHERED = 64
_FEW = 200
_PAUSE = 1.0
"""Seconds between two looks at more than a few files that were gathered: thousands take long."""

_LOG = logging.getLogger(__name__)

T = TypeVar("T")
Reader: TypeAlias = Callable[[bytes], T]
Gatherer: TypeAlias = Callable[[Path, Files], T]
Texts: TypeAlias = Mapping[PurePath, str]
"""What an editor shows, by the files' paths."""
Clock: TypeAlias = Callable[[], float]


class Seen(dict[Path, Stamp | None]):
    """The stamps of all that was asked for, None for what was not there; what was ``gathered``
    of many files, whose stamps are their own; and what an editor has ``shown``, None where nothing.
    """

    __slots__ = ("gathered", "shown")

    def __init__(self) -> None:
        super().__init__()
        self.gathered: list[Gathered] = []
        self.shown: dict[Path, str | None] = {}


class Gathered:
    """What was made of many files, for all who ask for it."""

    __slots__ = ("_clock", "_doubts", "_due", "_seen", "_turn", "value")

    def __init__(
        self, value: Any, seen: Seen, clock: Clock, doubts: Callable[[], int], turn: int
    ) -> None:
        """*doubts* tells how often somebody has said that files have changed, and *turn* how often
        they had when somebody began to gather.
        """
        self.value = value
        self._seen = seen
        self._clock = clock
        self._doubts = doubts
        self._due = 0.0
        self._rest(turn)

    def has_changed(self) -> bool:
        """Whether any of the files is another by now. Where they are many they are looked at
        once a second, whoever asks: in between they are taken to be the same, unless somebody says
        that files have changed.
        """
        turn = self._doubts()
        if turn == self._turn and self._clock() < self._due:
            return False
        if has_changed(self._seen):
            return True
        self._rest(turn)
        return False

    def _rest(self, turn: int) -> None:
        self._turn = turn
        if len(self._seen) > _FEW:
            self._due = self._clock() + _PAUSE


class FileStore:
    """What was made of files, shared by all documents, for as long as the files are the same."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[tuple[Path, Reader[Any]], tuple[Stamp, Any]] = {}
        self._turns: dict[tuple[Path, Reader[Any]], threading.Lock] = {}
        self._gathered: dict[tuple[Path, Gatherer[Any], PurePath], Gathered] = {}
        self._gathering = threading.RLock()
        self._guard = threading.Lock()
        self._doubts = 0

    def doubt(self) -> None:
        """Somebody says that files have changed: take none to be the same without a look."""
        self._doubts += 1

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

    def gathered(self, folder: Path, gather: Gatherer[Any], own: PurePath) -> Gathered:
        """What *gather* makes of the files in and below *folder*, for somebody at *own*."""
        key = (folder, gather, PurePath(own.anchor))
        with self._gathering:
            kept = self._gathered.pop(key, None)
            if kept is None or kept.has_changed():
                turn, sight = self._doubts, Sight(self, own)
                value = gather(folder, sight)
                kept = Gathered(value, sight.seen, self._clock, lambda: self._doubts, turn)
            self._gathered[key] = kept
            if len(self._gathered) > _GATHERED:
                del self._gathered[next(iter(self._gathered))]
        return kept

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
    """The files as one survey saw them: what it has asked for, and what that was like then. Where
    *own* is on no network's share, no file on one is looked at, since a stranger may name any.
    *texts* are those that an editor shows.
    """

    def __init__(
        self,
        store: FileStore,
        own: PurePath = PurePath(),  # noqa: B008
        texts: Texts = MappingProxyType({}),
    ) -> None:
        self._store = store
        self._own = own
        self._texts = texts
        self._seen = Seen()

    @property
    def seen(self) -> Seen:
        """What was asked for so far."""
        return self._seen

    def read(self, path: Path, reader: Reader[T]) -> T | None:
        """See :meth:`registry_lsp.core.ports.project.Files.read`."""
        mark = self._look(path)
        return self._store.read(path, reader, mark) if mark is not None else None

    def shown(self, path: Path) -> str | None:
        """See :meth:`registry_lsp.core.ports.project.Files.shown`."""
        text = self._seen.shown[path] = self._texts.get(path)
        return text

    def names(self, folder: Path) -> tuple[str, ...]:
        """See :meth:`registry_lsp.core.ports.project.Files.names`."""
        if self._look(folder) is None:
            return ()
        try:
            found = sorted(os.listdir(folder))  # noqa: PTH208 - names, and no paths, are wanted
        except OSError:
            return ()
        return tuple(found[:_MOST_NAMES])

    def gathered(self, folder: Path, gather: Gatherer[T]) -> T:
        """See :meth:`registry_lsp.core.ports.project.Files.gathered`."""
        found = self._store.gathered(folder, gather, self._own)
        self._seen.gathered.append(found)
        value: T = found.value
        return value

    def _look(self, path: Path) -> Stamp | None:
        if is_on_another_machine(path, self._own):
            return None
        if path not in self._seen:
            self._seen[path] = stamp(path)
        return self._seen[path]


def has_changed(seen: Seen, texts: Texts = MappingProxyType({})) -> bool:
    """Whether any of what was *seen* is another by now, *texts* being those that are shown."""
    if any(texts.get(path) != text for path, text in seen.shown.items()):
        return True
    return any(stamp(path) != mark for path, mark in seen.items()) or any(
        each.has_changed() for each in seen.gathered
    )

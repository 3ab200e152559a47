"""What the cache does in its file, for one thread of each of several processes."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from registry_lsp.net.database import (
    FILE_NAME,
    connect,
    is_broken,
    is_busy,
    is_full,
    set_aside,
    transaction,
)
from registry_lsp.net.entries import Entry, Statistics, Touch, entry, row, stored_key

_COLUMNS = "key, etag, last_modified, fetched_at, fresh_until, packed, payload"
_CHUNK = 500  # keys of one query: old builds of SQLite take 999
_PRUNE_EVERY = 86_400.0
_PRUNE_TO = 0.8  # of the bound, or the next write would be over it again

_log = logging.getLogger("registry_lsp.net")

T = TypeVar("T")


class Store:
    """Everything about the file. No method raises for what the file or the disk does.

    A file that is broken, or somebody else's, is set aside and begun anew. One that cannot be
    used at all is given up for this session: what follows is kept in memory, and ``trouble``
    says why. Not for more than one thread, and that the same from first to last; ``trouble``
    may be read from any.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        max_bytes: int,
        max_age: float,
        clock: Callable[[], float],
    ) -> None:
        self._path = None if folder is None else folder / FILE_NAME
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._unpruned = max_bytes // 8  # bytes that may be written before pruning comes early
        self._prune_at = 0.0
        self.trouble: str | None = None

    # --- what it does -------------------------------------------------------------------------

    def read(self, keys: Sequence[str]) -> list[Entry]:
        """The entries of *keys* that are there and whole."""
        return self._do(lambda connection: list(_read(connection, keys)), otherwise=[])

    def write(self, entries: Sequence[Entry], touches: Mapping[str, Touch]) -> None:
        """Keep *entries* and note *touches*, all or nothing; prune where that is due."""
        if not entries and not touches:
            return
        rows = [row(each) for each in entries]
        self._unpruned -= sum(len(each[-1]) for each in rows)
        moved = [
            (touch.fetched_at, touch.fresh_until, stored_key(key)) for key, touch in touches.items()
        ]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)", rows
            )
            connection.executemany(
                "UPDATE entries SET fetched_at = ?, fresh_until = ? WHERE key = ?", moved
            )

        self._do(transaction(work), otherwise=None)
        self._prune()

    def delete(self, keys: Sequence[str]) -> None:
        """Forget *keys*."""
        gone = [(stored_key(key),) for key in keys]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM entries WHERE key = ?", gone)

        self._do(transaction(work), otherwise=None)

    def clear(self) -> None:
        """Forget everything, and give the disk its space back."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM entries")

        self._do(transaction(work), otherwise=None)
        self._do(_shrink, otherwise=None)

    def statistics(self) -> Statistics:
        """How much there is."""
        entries, size = self._do(_count, otherwise=(0, 0))
        return Statistics(entries=entries, bytes=size)

    def close(self) -> None:
        """Let the file go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _prune(self) -> None:
        """Once a day among all processes, or after much was written: drop what is old, then the
        oldest of what is too much.
        """
        now = self._clock()
        if now < self._prune_at and self._unpruned > 0:
            return
        forced = self._unpruned <= 0
        self._prune_at = now + _PRUNE_EVERY
        self._unpruned = self._max_bytes // 8

        def work(connection: sqlite3.Connection) -> bool:
            due = connection.execute(
                "UPDATE pruned SET at = ? WHERE NOT (at BETWEEN ? AND ?)",
                (now, now - _PRUNE_EVERY, now),
            )
            if not due.rowcount and not forced:
                return False
            connection.execute("DELETE FROM entries WHERE fetched_at < ?", (now - self._max_age,))
            connection.executemany(
                "DELETE FROM entries WHERE rowid = ?", _surplus(connection, self._max_bytes)
            )
            return True

        if self._do(transaction(work), otherwise=False):
            self._do(_shrink, otherwise=None)

    # --- the file -----------------------------------------------------------------------------

    def _do(self, work: Callable[[sqlite3.Connection], T], *, otherwise: T, attempts: int = 3) -> T:
        """*work*'s result on whichever connection there is; *otherwise* where there is none.

        The attempts: the file as it is, the file begun anew, memory.
        """
        try:
            if self._connection is None:
                self._connection = connect(self._path)
            return work(self._connection)
        except (sqlite3.Error, OSError, ValueError) as error:
            if attempts == 1:
                return otherwise
            if is_busy(error) and self._connection is not None:
                _log.debug("the cache is busy: %s", error)
                return otherwise
            if is_full(error) and self._connection is not None:
                self._note_full(error)
                return otherwise
            self._recover(error)
        return self._do(work, otherwise=otherwise, attempts=attempts - 1)

    def _note_full(self, error: Exception) -> None:
        """What finds no room is lost; what is there is still read, and room may come back."""
        if self.trouble is None:
            self.trouble = _reason(error)
            _log.warning("the cache has no room left: %s", self.trouble)

    def _recover(self, error: Exception) -> None:
        """Set a broken file aside; give the file up where that is not the trouble or no help."""
        self.close()
        if self._path is None:
            return
        if is_broken(error) and set_aside(self._path):
            _log.warning("the cache was broken and is begun anew: %s", _reason(error))
            return
        self.trouble = _reason(error)
        _log.warning("the cache is kept in memory only: %s: %s", self._path.parent, self.trouble)
        self._path = None


def _reason(error: Exception) -> str:
    """What went wrong, without the path: where the cache is, whoever reads this knows."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _read(connection: sqlite3.Connection, keys: Sequence[str]) -> Iterator[Entry]:
    for at in range(0, len(keys), _CHUNK):
        chunk = [stored_key(key) for key in keys[at : at + _CHUNK]]
        places = ", ".join("?" * len(chunk))
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM entries WHERE key IN ({places})",  # noqa: S608 - the text holds question marks alone
            chunk,
        )
        for each in rows:
            found = entry(each)
            if found is not None:
                yield found


def _count(connection: sqlite3.Connection) -> tuple[int, int]:
    found = connection.execute("SELECT count(*), coalesce(sum(length(payload)), 0) FROM entries")
    entries, size = found.fetchone()
    return entries, size


def _surplus(connection: sqlite3.Connection, max_bytes: int) -> Iterable[tuple[int]]:
    """The rows that must go, least recently fetched first, for the rest to fit with some room."""
    _, size = _count(connection)
    if size <= max_bytes:
        return []
    gone = []
    rows = connection.execute("SELECT rowid, length(payload) FROM entries ORDER BY fetched_at")
    for rowid, length in rows:
        if size <= _PRUNE_TO * max_bytes:
            break
        gone.append((rowid,))
        size -= length
    return gone


def _shrink(connection: sqlite3.Connection) -> None:
    # as a script, because a single statement without columns is stepped once, for one page
    connection.executescript("PRAGMA incremental_vacuum")

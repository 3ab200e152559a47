"""The cache's file as SQLite has it: opened, shared, and set aside where it is broken."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

FILE_NAME = "cache-v1.sqlite3"
"""The file's name tells its schema: another schema is another file, and neither is migrated."""

_SCHEMA = 1
# the payload comes last, so that what stands before it is read without it
_CREATE = """
CREATE TABLE entries (
    key BLOB PRIMARY KEY, etag TEXT, last_modified TEXT,
    fetched_at REAL NOT NULL, fresh_until REAL NOT NULL, packed INTEGER NOT NULL,
    payload BLOB NOT NULL
);
CREATE INDEX entries_by_age ON entries (fetched_at);
CREATE TABLE pruned (at REAL NOT NULL);
INSERT INTO pruned VALUES (0);
"""
_BUSY = 1.0  # seconds that another process's transaction is waited for
_OPENING = 2.0  # seconds to try: while WAL is being set up, others are refused without any wait
_BETWEEN = 0.05  # seconds between the tries

T = TypeVar("T")


class ForeignFileError(sqlite3.DatabaseError):
    """A sound database, but not this cache's."""


def connect(path: Path | None) -> sqlite3.Connection:
    """A connection to the file, made where there is none, and to memory where *path* is None.

    Transactions are the caller's to begin. Raises OSError, ValueError for what is no path, and
    sqlite3.Error.
    """
    if path is None:
        return _prepared(":memory:")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # made here, because SQLite would let others read it; its side files take over the mode
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return _patiently(str(path), time.monotonic() + _OPENING)


def transaction(work: Callable[[sqlite3.Connection], T]) -> Callable[[sqlite3.Connection], T]:
    """*work*, all of it or nothing."""

    def transact(connection: sqlite3.Connection) -> T:
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    return transact


def set_aside(path: Path) -> bool:
    """Whether the file could be moved out of the way; what was set aside before is lost."""
    try:
        path.replace(path.with_name(path.name + ".broken"))
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except OSError:
        return False
    return True


def is_busy(error: Exception) -> bool:
    """Whether another process has the file, for now."""
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


def is_full(error: Exception) -> bool:
    """Whether there is no more room on the disk: what is on it can still be read."""
    return isinstance(error, sqlite3.OperationalError) and "disk is full" in str(error)


def is_broken(error: Exception) -> bool:
    """Whether the file itself is at fault.

    'Malformed' and 'not a database' have no class of their own, but the one that all the others
    come from; a table that is missing reads as an operational error.
    """
    if isinstance(error, sqlite3.OperationalError):
        return "no such" in str(error)
    is_damaged = type(error) is sqlite3.DatabaseError
    return is_damaged or isinstance(error, (ForeignFileError, IsADirectoryError))


def _patiently(name: str, until: float) -> sqlite3.Connection:
    while True:
        connection = _tried(name, is_last=time.monotonic() >= until)
        if connection is not None:
            return connection
        time.sleep(_BETWEEN)


def _tried(name: str, *, is_last: bool) -> sqlite3.Connection | None:
    try:
        return _prepared(name)
    except sqlite3.OperationalError as error:
        if is_last or not is_busy(error):
            raise
        return None


def _prepared(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=_BUSY, isolation_level=None)
    try:
        for pragma in (
            "auto_vacuum = INCREMENTAL",
            "journal_mode = WAL",
            "synchronous = NORMAL",  # a power cut may lose the last entries, never the file
            f"journal_size_limit = {4 * 2**20}",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        transaction(_set_up)(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if schema == 0 and tables == 0:
        for statement in _CREATE.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_SCHEMA}")
    elif schema != _SCHEMA:
        raise ForeignFileError("it is another program's database")

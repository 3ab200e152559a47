"""Lock files in TOML, read in pieces.

The parser is compiled, and no other thread runs while it reads: a file of five megabytes would
hold up every keystroke for a fifth of a second. So the text is cut where an entry begins, and
the lines that name an entry's files (nine tenths of it, and nobody's concern here) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import tomli

PIECE = 64 * 2**10
"""Bytes or characters of a lock file that are read at a time: about two milliseconds' worth."""
_MOST_RAW = 4 * 2**20
_MOST = 2**20
_FILE = re.compile(rb'^[ \t]+\{ ?(?:url|file) ?= ?"[^"\n]*"[^\n]*\},?[ \t]*\r?\n', re.MULTILINE)
_MARK = b"\xef\xbb\xbf"

Table = dict[str, Any]


def read_tables(raw: bytes, name: str) -> Iterator[Table]:
    """The documents that the lock file *raw* makes when it is cut at some of its ``[[name]]``.

    What follows a ``[metadata]`` behind the entries is not read: the hashes of all files stand
    there, as Poetry and PDM once wrote them. Raises :class:`ValueError` for what is no TOML, and
    where an entry has more than a few megabytes.
    """
    header = b"\n[[" + name.encode() + b"]]"
    start = len(_MARK) if raw.startswith(_MARK) else 0
    first = raw.find(header)
    old_files = raw.find(b"\n[metadata", first) if first >= 0 else -1
    stop = old_files + 1 if old_files >= 0 else len(raw)
    while start < stop:
        end = raw.find(header, start + PIECE, stop)
        end = end + 1 if end >= 0 else stop
        if end - start > _MOST_RAW:
            raise ValueError("an entry of the lock file is too large to be read")
        yield _document(raw[start:end])
        start = end


def tables_of(table: Table, name: str) -> Iterator[Table]:
    """The tables of the list *name*; what is none is passed over."""
    items = table.get(name)
    for each in items if isinstance(items, list) else ():
        if isinstance(each, dict):
            yield each


def table_of(table: Table, name: str) -> Table:
    """The table *name*, an empty one where there is none."""
    value = table.get(name)
    return value if isinstance(value, dict) else {}


def text_of(table: Table, name: str) -> str:
    """The string *name*, empty where there is none."""
    value = table.get(name)
    return value if isinstance(value, str) else ""


def texts_of(table: Table, name: str) -> list[str]:
    """The strings of the list *name*; what is none is passed over."""
    value = table.get(name)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _document(piece: bytes) -> Table:
    kept = _FILE.sub(b"", piece)
    if len(kept) > _MOST:
        raise ValueError("an entry of the lock file is too large to be read")
    try:
        return tomli.loads(kept.decode())
    except RecursionError as error:
        raise ValueError("the lock file is nested too deeply to be read") from error

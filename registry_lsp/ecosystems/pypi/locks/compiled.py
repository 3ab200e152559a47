"""Requirements files that were compiled from others: ``requirements.txt`` of ``requirements.in``,
as pip-tools and uv write them. Their pins are what is locked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from registry_lsp.core.manifests import Dependency
from registry_lsp.ecosystems.pypi.locks.lock_entries import Entry, LockFile, collect, pinned_version
from registry_lsp.ecosystems.pypi.locks.lock_pieces import PIECE
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import REQUIREMENTS

_SOURCE = ".in"
_COMPILED = ".txt"
_BEGINNING = re.compile(r"(?<!\\)(?<!\\\r)\n(?=[A-Za-z0-9])")
"""Where a requirement begins that continues no other line."""


def compiled_name(path: PurePath) -> str | None:
    """The name of the file that the one at *path* is compiled to, beside it; None where it is no
    source of another.
    """
    return path.with_suffix(_COMPILED).name if path.suffix == _SOURCE else None


def read_compiled(raw: bytes) -> LockFile:
    """The pins of a compiled requirements file. Raises :class:`ValueError`."""
    text = REQUIREMENTS.decode(raw)
    return LockFile(
        entries=collect(
            (dependency.name, Entry(version=version, marker=dependency.marker))
            for dependency in _dependencies(text)
            if dependency.source.is_looked_up
            and (version := pinned_version(dependency)) is not None
        )
    )


def _dependencies(text: str) -> Iterator[Dependency]:
    """The dependencies of *text*, which is cut so that other threads run in between."""
    start = 0
    while start < len(text):
        found = _BEGINNING.search(text, start + PIECE)
        end = found.end() if found is not None else len(text)
        yield from REQUIREMENTS.parse(text[start:end]).dependencies
        start = end

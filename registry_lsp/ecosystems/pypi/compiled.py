"""Requirements files that were compiled from others: ``requirements.txt`` of ``requirements.in``,
as pip-tools and uv write them. Their pins are what is locked.
"""

from __future__ import annotations

from pathlib import PurePath

from registry_lsp.ecosystems.pypi.lock_entries import Entry, LockFile, collect, pinned_version
from registry_lsp.ecosystems.pypi.requirements_txt import REQUIREMENTS

_SOURCE = ".in"
_COMPILED = ".txt"


def compiled_name(path: PurePath) -> str | None:
    """The name of the file that the one at *path* is compiled to, beside it; None where it is no
    source of another.
    """
    return path.with_suffix(_COMPILED).name if path.suffix == _SOURCE else None


def read_compiled(raw: bytes) -> LockFile:
    """The pins of a compiled requirements file. Raises :class:`ValueError`."""
    manifest = REQUIREMENTS.parse(REQUIREMENTS.decode(raw))
    return LockFile(
        entries=collect(
            (dependency.name, Entry(version=version, marker=dependency.marker))
            for dependency in manifest.dependencies
            if dependency.source.is_looked_up
            and (version := pinned_version(dependency)) is not None
        )
    )

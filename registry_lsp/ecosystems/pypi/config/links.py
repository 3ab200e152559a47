"""Where a tool looks for archives beside the indexes (``find-links``): folders, whose archives can
be seen, and pages of links, of which nobody knows what is on them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from registry_lsp.core.machines import is_on_another_machine
from registry_lsp.ecosystems.pypi.names import names_of
from registry_lsp.ecosystems.pypi.requirements.direct import local_path

_MOST_ARCHIVES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What is found: ``versions`` by the normalised names of the archives in folders, ``names`` of
    which there may be archives that cannot be read so, and whether it ``has_pages`` of links.
    """

    versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    has_pages: bool = False

    def may_have_more(self, name: str) -> bool:
        """Whether more of *name* may be found than its ``versions``."""
        return self.has_pages or name in self.names


def links_of(said: Sequence[str], base: Path | None, *, is_ours: bool) -> Links:
    """What lies in the folders among *said*, whose paths are from *base*. *is_ours* is whether the
    user's own word names them; no stranger's has another machine's looked into.
    """
    paths = [local_path(each) if each.startswith("file:") else each for each in said]
    folders = [
        folder
        for each in paths
        if base is not None and each and "://" not in each
        for folder in (base / each,)
        if is_ours or not is_on_another_machine(folder, base)
    ]
    versions: dict[str, dict[str, None]] = {}
    names: set[str] = set()
    for folder in folders:
        for name, version in _archives(folder):
            if version is None:
                names.add(name)
            else:
                versions.setdefault(name, {})[version] = None
    return Links(
        versions={name: tuple(each) for name, each in versions.items()},
        names=frozenset(names),
        has_pages=len(folders) < len(said),
    )


def _archives(folder: Path) -> Iterator[tuple[str, str | None]]:
    """Of what there are archives in *folder*; of nothing where it cannot be looked into."""
    try:
        found = sorted(os.listdir(folder))  # noqa: PTH208 - names, and no paths, are wanted
    except (OSError, ValueError):
        return
    for each in found[:_MOST_ARCHIVES]:
        yield from _read(each)


@lru_cache(maxsize=_MOST_ARCHIVES)
def _read(entry: str) -> tuple[tuple[str, str | None], ...]:
    """The name and the version of the archive *entry*, by the specifications of binary and source
    distributions; or the names that it may be of, without a version. Remembered, for folders are
    looked into every few seconds and change seldom.
    """
    try:
        if entry.endswith(".whl"):
            name, version, *_ = parse_wheel_filename(entry)
        else:
            name, version = parse_sdist_filename(entry)
    except (InvalidSdistFilename, InvalidWheelFilename):
        return tuple((name, None) for name in names_of(entry))
    return ((str(name), str(version)),)

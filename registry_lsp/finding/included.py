"""The files that manifests include, which are manifests too, whatever they are called."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.manifest import ManifestFormat

ManifestFile: TypeAlias = tuple[Path, Ecosystem, ManifestFormat]
"""A manifest by its path, with what reads it."""

_MOST = 1000
"""Files that are found so."""
_LARGEST = 2**20
"""Bytes of a manifest that is read for what it includes."""


def may_include(path: Path, ecosystems: Sequence[Ecosystem]) -> bool:
    """Whether a file of that *path* may be a manifest that includes others."""
    return any(
        format.matches(path)
        for ecosystem in ecosystems
        if ecosystem.inclusion is not None
        for format in ecosystem.inclusion.by
    )


def included(
    manifests: Iterable[ManifestFile], takes: Callable[[Path], bool]
) -> Iterator[ManifestFile]:
    """What *manifests* include, and what that includes, where *takes* takes its absolute path: each
    file once, but for those that are among them.
    """
    waiting = deque(manifests)
    seen = {_place(path) for path, _, _ in waiting}
    found = 0
    while waiting and found < _MOST:
        path, ecosystem, format = waiting.popleft()
        inclusion = ecosystem.inclusion
        if inclusion is None or format not in inclusion.by:
            continue
        for link in format.parse(text_of(path, format)).links:
            other = inclusion.formats.get(link.role)
            if other is None or "://" in link.target:
                continue
            target = _place(_place(path).parent / link.target)
            if target in seen:
                continue
            seen.add(target)
            if takes(target):
                found += 1
                waiting.append((target, ecosystem, other))
                yield target, ecosystem, other


def text_of(path: Path, format: ManifestFormat) -> str:
    """The beginning of the file at *path*, nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            return format.decode(file.read(_LARGEST))
    except (OSError, UnicodeDecodeError):
        return ""


def _place(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links are not followed

"""A peer of the files around a manifest that holds them in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from registry_lsp.core.ports.project import Files

T = TypeVar("T")


@dataclass(frozen=True)
class Held:
    """Files by their path. It keeps the promises of the port ``Files``: what was read once is not
    read again. No exception of a reader's is kept but the one that it may raise.
    """

    files: Mapping[Path, bytes]
    _kept: dict[tuple[Path, Callable[..., Any]], Any] = field(default_factory=dict)

    def read(self, path: Path, reader: Callable[[bytes], T]) -> T | None:
        raw = self.files.get(path)
        if raw is None:
            return None
        if (path, reader) not in self._kept:
            try:
                self._kept[path, reader] = reader(raw)
            except ValueError:
                self._kept[path, reader] = None
        return self._kept[path, reader]

    def shown(self, path: Path) -> str | None:
        return None

    def gathered(self, folder: Path, gather: Callable[[Path, Files], T]) -> T:
        if (folder, gather) not in self._kept:
            self._kept[folder, gather] = gather(folder, self)
        return self._kept[folder, gather]

    def names(self, folder: Path) -> tuple[str, ...]:
        inner = (path.relative_to(folder) for path in self.files if folder in path.parents)
        return tuple(sorted({path.parts[0] for path in inner}))

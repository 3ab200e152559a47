"""``Pipfile.lock``: what Pipenv locks, by the categories of the ``Pipfile``."""

from __future__ import annotations

from types import MappingProxyType

import msgspec

from registry_lsp.ecosystems.pypi.lock_entries import Entry, LockFile, collect, scope_of

_META = "_meta"
_SECTIONS = MappingProxyType({"default": "packages", "develop": "dev-packages"})
"""What two categories are called in the ``Pipfile``; any other has one name."""


class _Package(msgspec.Struct):
    """What one category says of a project. Pipenv leaves a '*' where nothing was locked."""

    version: str = ""
    markers: str = ""
    index: str | None = None
    git: str | None = None
    path: str | None = None
    file: str | None = None

    @property
    def is_registry(self) -> bool:
        return self.git is None and self.path is None and self.file is None


def read_pipfile_lock(raw: bytes) -> LockFile:
    """Read a ``Pipfile.lock``. Raises :class:`ValueError` where it cannot be read."""
    found = []
    try:
        for category, packages in msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).items():
            if category == _META:
                continue
            scope = scope_of(_SECTIONS.get(category, category))
            for name, package in msgspec.json.decode(packages, type=dict[str, _Package]).items():
                if scope is not None and package.version.startswith("=="):
                    entry = Entry(
                        version=package.version.lstrip("= "),
                        marker=package.markers,
                        scopes=frozenset({scope}),
                        is_registry=package.is_registry,
                    )
                    found.append((name, entry))
    except RecursionError as error:
        raise ValueError("the lock file is nested too deeply to be read") from error
    return LockFile(entries=collect(found))

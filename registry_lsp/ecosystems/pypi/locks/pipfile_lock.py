"""``Pipfile.lock``: what Pipenv locks, by the categories of the ``Pipfile``."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import msgspec

from registry_lsp.ecosystems.pypi.locks.lock_entries import Entry, LockFile, collect
from registry_lsp.ecosystems.pypi.manifests.scopes import scope_of

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
    try:
        return LockFile(entries=collect(_entries(raw)))
    except RecursionError as error:
        raise ValueError("the lock file is nested too deeply to be read") from error


def _entries(raw: bytes) -> Iterator[tuple[str, Entry]]:
    for category, packages in _members(raw).items():
        scope = scope_of(_SECTIONS.get(category, category))
        if category == _META or scope is None:
            continue
        for name, text in _members(packages).items():  # one by one: other threads run in between
            package = msgspec.json.decode(text, type=_Package)
            if package.version.startswith("=="):
                entry = Entry(
                    version=package.version.lstrip("= "),
                    marker=package.markers,
                    scopes=frozenset({scope}),
                    is_registry=package.is_registry,
                )
                yield name, entry


def _members(raw: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The members of an object, not yet read themselves."""
    return msgspec.json.decode(raw, type=dict[str, msgspec.Raw])

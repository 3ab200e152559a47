"""``poetry.lock``, ``pdm.lock`` and ``pylock.toml``: lists of packages, each with its marker and
the groups that it is for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from registry_lsp.ecosystems.pypi.locks.lock_entries import Entry, LockFile, collect
from registry_lsp.ecosystems.pypi.locks.lock_pieces import (
    Table,
    read_tables,
    table_of,
    tables_of,
    text_of,
    texts_of,
)
from registry_lsp.ecosystems.pypi.manifests.scopes import MAIN, Scope
from registry_lsp.ecosystems.pypi.names import normalise

_REGISTRIES = frozenset({"", "legacy"})
"""What Poetry calls an index: nothing at all is the public one."""
_PDM_DIRECT = frozenset({"git", "hg", "svn", "bzr", "path", "url"})
_PYLOCK_DIRECT = frozenset({"vcs", "directory", "archive"})


def read_poetry_lock(raw: bytes) -> LockFile:
    """Read a ``poetry.lock`` of any version. Raises :class:`ValueError`."""
    return _read(raw, "package", _poetry_entries)


def read_pdm_lock(raw: bytes) -> LockFile:
    """Read a ``pdm.lock``. Raises :class:`ValueError`."""
    return _read(raw, "package", _pdm_entries)


def read_pylock(raw: bytes) -> LockFile:
    """Read a ``pylock.toml`` (PEP 751). Raises :class:`ValueError`."""
    return _read(raw, "packages", _pylock_entries)


def _read(raw: bytes, name: str, entries: Callable[[Table, str], Iterator[Entry]]) -> LockFile:
    found = [
        (text_of(package, "name"), entry)
        for document in read_tables(raw, name)
        for package in tables_of(document, name)
        if (version := text_of(package, "version"))
        for entry in entries(package, version)
    ]
    return LockFile(entries=collect(found))


def _poetry_entries(package: Table, version: str) -> Iterator[Entry]:
    """Since lock version 2.1 there is a marker, or one for each of the groups whose markers
    differ. Before 1.5 there was one of two categories instead of groups.
    """
    is_registry = text_of(table_of(package, "source"), "type") in _REGISTRIES
    groups = texts_of(package, "groups") or [text_of(package, "category") or "main"]
    marker, by_group = text_of(package, "markers"), table_of(package, "markers")
    scopes: dict[str, set[Scope]] = {}
    for group in groups:
        scope = MAIN if group == "main" else Scope(group=normalise(group))
        scopes.setdefault(marker or text_of(by_group, group), set()).add(scope)
    for condition, its in scopes.items():
        yield Entry(
            version=version, marker=condition, scopes=frozenset(its), is_registry=is_registry
        )


def _pdm_entries(package: Table, version: str) -> Iterator[Entry]:
    """A group may be an extra as well; one that is installed with extras has an entry more."""
    scopes: set[Scope] = set()
    for group in texts_of(package, "groups"):
        name = normalise(group)
        scopes |= {MAIN} if name == "default" else {Scope(extra=name), Scope(group=name)}
    yield Entry(
        version=version,
        marker=text_of(package, "marker"),
        scopes=frozenset(scopes),
        is_registry=_PDM_DIRECT.isdisjoint(package),
    )


def _pylock_entries(package: Table, version: str) -> Iterator[Entry]:
    yield Entry(
        version=version,
        marker=text_of(package, "marker"),
        is_registry=_PYLOCK_DIRECT.isdisjoint(package),
    )

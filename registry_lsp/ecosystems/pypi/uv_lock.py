"""``uv.lock``: the lock file of a uv project, workspace or script.

It names each member of the workspace with what each of its parts asks for, so that where a
project is locked at several versions it can be told who has which.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from registry_lsp.ecosystems.pypi.lock_entries import (
    MAIN,
    Entries,
    Entry,
    LockFile,
    Scope,
    collect,
    either,
)
from registry_lsp.ecosystems.pypi.lock_pieces import (
    Table,
    read_tables,
    table_of,
    tables_of,
    text_of,
    texts_of,
)
from registry_lsp.ecosystems.pypi.names import normalise

_CONFLICT = re.compile(r"\bextra\s*[!=]=\s*['\"](?:extra|group|project)-[0-9]+-")
"""How uv writes in a marker which of two conflicting extras is installed: for itself only."""


def read_uv_lock(raw: bytes) -> LockFile:
    """Read a ``uv.lock``. Raises :class:`ValueError` where it cannot be read."""
    found: list[tuple[str, Entry]] = []
    projects: dict[str, Table] = {}
    for document in read_tables(raw, "package"):
        for package in tables_of(document, "package"):
            source = table_of(package, "source")
            version = text_of(package, "version")
            if version:
                marker = either(texts_of(package, "resolution-markers"))
                entry = Entry(version=version, marker=marker, is_registry="registry" in source)
                found.append((text_of(package, "name"), entry))
            for kind in ("editable", "virtual", "directory"):
                if folder := text_of(source, kind):
                    projects[posixpath.normpath(folder)] = package
    entries = collect(found)
    members = {folder: _asked(package, entries) for folder, package in projects.items()}
    return LockFile(entries=entries, members=members)


def _asked(package: Table, entries: Entries) -> Mapping[Scope, Entries]:
    """What each part of a member asks for."""
    asked = {MAIN: collect(_resolved(package, "dependencies", entries))}
    extras = table_of(package, "optional-dependencies")
    groups = table_of(package, "dev-dependencies")
    for name in extras:
        asked[Scope(extra=normalise(name))] = collect(_resolved(extras, name, entries))
    for name in groups:
        asked[Scope(group=normalise(name))] = collect(_resolved(groups, name, entries))
    return asked


def _resolved(table: Table, name: str, entries: Entries) -> Iterator[tuple[str, Entry]]:
    """The entries that a list of references points at. A reference names a version only where
    there are several.
    """
    for reference in tables_of(table, name):
        project = text_of(reference, "name")
        version = text_of(reference, "version")
        marker = text_of(reference, "marker")
        is_for_itself = _CONFLICT.search(marker) is not None
        for entry in entries.get(normalise(project), ()):
            if version in ("", entry.version):
                yield (
                    project,
                    Entry(
                        version=entry.version,
                        marker=entry.marker if is_for_itself else marker,
                        is_registry=entry.is_registry,
                    ),
                )

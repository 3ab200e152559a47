"""``uv.lock``: the lock file of a uv project, workspace or script.

It names each member of the workspace with what each of its parts asks for, so that where a
project is locked at several versions it can be told who has which.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from registry_lsp.ecosystems.pypi.locks.lock_entries import (
    Entries,
    Entry,
    LockFile,
    collect,
    either,
)
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

_Known = Mapping[tuple[str, str], Entry]
"""By name and version; with an empty version the first one of a name."""
_REGISTRY = "registry"
_CONFLICT = re.compile(r"\bextra\s*[!=]=\s*['\"](?:extra|group|project)-[0-9]+-")
"""How uv writes in a marker which of two conflicting extras is installed: for itself only."""


def read_uv_lock(raw: bytes) -> LockFile:
    """Read a ``uv.lock``. Raises :class:`ValueError` where it cannot be read."""
    found: list[tuple[str, Entry]] = []
    projects: dict[str, Table] = {}
    members: set[str] = set()
    for document in read_tables(raw, "package"):
        members.update(texts_of(table_of(document, "manifest"), "members"))
        for package in tables_of(document, "package"):
            source = table_of(package, "source")
            version = text_of(package, "version")
            if version:
                marker = either(texts_of(package, "resolution-markers"))
                entry = Entry(version=version, marker=marker, is_registry=_REGISTRY in source)
                found.append((text_of(package, "name"), entry))
            for kind in ("editable", "virtual", "directory"):
                if folder := text_of(source, kind):
                    projects[posixpath.normpath(folder)] = package
    known: dict[tuple[str, str], Entry] = {}
    for name, entry in found:
        known.setdefault((name, entry.version), entry)
        known.setdefault((name, ""), entry)
    return LockFile(
        entries=collect(found),
        members={folder: _asked(package, known) for folder, package in projects.items()},
        workspace=frozenset(
            folder for folder, package in projects.items() if text_of(package, "name") in members
        ),
    )


def _asked(package: Table, known: _Known) -> Mapping[Scope, Entries]:
    """What each part of a member asks for."""
    asked = {MAIN: collect(_resolved(package, "dependencies", known))}
    extras = table_of(package, "optional-dependencies")
    groups = table_of(package, "dev-dependencies")
    for name in extras:
        asked[Scope(extra=normalise(name))] = collect(_resolved(extras, name, known))
    for name in groups:
        asked[Scope(group=normalise(name))] = collect(_resolved(groups, name, known))
    return asked


def _resolved(table: Table, name: str, known: _Known) -> Iterator[tuple[str, Entry]]:
    """The entries that a list of references points at. A reference names a version only where
    there are several, and a source only where they differ in that.
    """
    for reference in tables_of(table, name):
        project = text_of(reference, "name")
        entry = known.get((project, text_of(reference, "version")))
        if entry is None:
            continue
        source = table_of(reference, "source")
        marker = text_of(reference, "marker")
        resolved = Entry(
            version=entry.version,
            marker=entry.marker if _CONFLICT.search(marker) is not None else marker,
            is_registry=_REGISTRY in source if source else entry.is_registry,
        )
        yield project, resolved

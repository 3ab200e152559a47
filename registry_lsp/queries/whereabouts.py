"""Which registry a name is asked of that somebody asks about: what the manifests of the project
say of it stands over what its configuration says of all names.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath
from typing import TypeAlias

from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.ports.routes import Routes
from registry_lsp.core.text import Snapshot
from registry_lsp.session.documents import WITHIN, Document, Nowhere
from registry_lsp.session.surveys import Surveyor

Way: TypeAlias = Callable[[Ecosystem, "Path | None"], Routes]

_MOST = 200
"""Manifests of a folder that are looked at; more than any has."""
_LARGEST = 2 * 2**20
"""Bytes of the largest one."""


class Whereabouts:
    """Reads the manifests of a folder and those that are *open* somewhere, for what they bind."""

    def __init__(self, routes: Way, *, open: Callable[[], Iterable[Document]] = lambda: ()) -> None:
        self._routes = routes
        self._open = open
        self._surveyor = Surveyor(lambda ecosystem, path: routes(ecosystem, Path(path).parent))

    async def registry_for(
        self, ecosystem: Ecosystem, name: Dependency, folder: Path | None
    ) -> RegistryRef | None:
        """The registry that has *name*, as if a manifest in *folder* named it; None where nobody
        may be asked: it comes from elsewhere, or nobody knows where from.
        """
        near = await asyncio.to_thread(_nearest, ecosystem, folder) if folder is not None else ()
        there = [await self._surveyed(each) for each in near]
        documents = [*(it for it in self._open() if it.ecosystem.name == ecosystem.name), *there]
        named = [
            (document, each)
            for document in documents
            for each in document.manifest.dependencies
            if each.name == name.name and each.source not in WITHIN
        ]
        if named:
            bound = [_bound(document, each) for document, each in named if each.source.is_looked_up]
            return _agreed(bound)
        if not there:
            routes = await asyncio.to_thread(self._routes, ecosystem, folder)
            return routes.registry_for(name, Manifest())
        return _agreed(
            each.routes.registry_for(name, each.manifest) if each.is_surveyed else None
            for each in there
        )

    async def _surveyed(self, document: Document) -> Document:
        found = await self._surveyor.look_around(document)
        self._surveyor.forget(document.snapshot.uri)
        return found


def _bound(document: Document, dependency: Dependency) -> RegistryRef | None:
    if not document.is_surveyed or document.is_withheld(dependency):
        return None
    return document.routes.registry_for(dependency, document.manifest)


def _agreed(refs: Iterable[RegistryRef | None]) -> RegistryRef | None:
    """The registry that manifests have a name from: where only some would ask a registry that is
    not public, that one; None where they would ask different ones, or one of them nobody.
    """
    found: dict[tuple[str, ...], RegistryRef] = {}
    for ref in refs:
        if ref is None:
            return None
        found.setdefault(tuple(each.url for each in ref.in_turn()), ref)
    own = [ref for ref in found.values() if not all(each.is_public for each in ref.in_turn())]
    if not own:
        return next(iter(found.values()), None)
    return own[0] if len(own) == 1 else None


def _nearest(ecosystem: Ecosystem, folder: Path) -> tuple[Document, ...]:
    """The manifests in *folder*, or in the nearest one above it that has any."""
    for place in (folder, *folder.parents):
        found = tuple(_documents(ecosystem, place))
        if found:
            return found
    return ()


def _documents(ecosystem: Ecosystem, folder: Path) -> Iterator[Document]:
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return
    # by formats, as scripts may be many and come last
    pairs = [
        (path, format) for format in ecosystem.formats for path in paths if format.matches(path)
    ]
    for path, format in pairs[:_MOST]:
        text = _text(path, format)
        if text is not None and format.holds(text):
            yield Document(
                snapshot=Snapshot(uri=path.as_uri(), version=0, text=text),
                path=PurePath(path),
                ecosystem=ecosystem,
                format=format,
                routes=Nowhere(),  # read with what lies around it
            )


def _text(path: Path, format: ManifestFormat) -> str | None:
    """The text of a manifest; None where it cannot be read, and so says nothing."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        return format.decode(path.read_bytes())
    except (OSError, UnicodeDecodeError):
        return None

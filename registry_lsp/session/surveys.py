"""Looking around the open documents: what the files beside a manifest say, and when they change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeAlias

from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.ports.project import Alone, Project
from registry_lsp.core.ports.routes import Routes
from registry_lsp.core.threads import in_thread
from registry_lsp.session.documents import Document, Nowhere, Unseen
from registry_lsp.session.files import FileStore, Seen, Sight, Texts, has_changed
from registry_lsp.session.tasks import start

_LOG = logging.getLogger(__name__)


RoutesOf: TypeAlias = Callable[[Ecosystem, PurePath], Routes]
"""Reads the configuration that holds for the manifest at a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What was seen around the manifest of that ``path``, with the configuration as it was then;
    None where that says nothing of it.
    """

    ecosystem: Ecosystem
    path: PurePath
    routes: Routes | None
    seen: Seen


class Surveyor:
    """Reads what lies around documents, off the event loop, and remembers what it has seen."""

    def __init__(self, routes_of: RoutesOf, texts: Callable[[], Texts] = dict) -> None:
        """*texts* tells what an editor shows."""
        self._routes_of = routes_of
        self._texts = texts
        self._files = FileStore()
        self._seen: dict[str, Around] = {}
        self._hurry = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def look_around(self, document: Document) -> Document:
        """*document* in its project, as that and the project's configuration are on disk now."""
        document, around = await self.look(document)
        self._seen[document.snapshot.uri] = around
        return document

    async def look(self, document: Document) -> tuple[Document, Around]:
        """As :meth:`look_around`, of what nobody watches: with it comes what was seen."""
        document, seen = await in_thread(self._survey, document, self._texts())
        routes = document.routes if document.is_manifest else None
        return document, Around(
            ecosystem=document.ecosystem, path=document.path, routes=routes, seen=seen
        )

    async def included(
        self, path: Path, ecosystems: Iterable[Ecosystem]
    ) -> tuple[Ecosystem, ManifestFormat] | None:
        """What the file at *path* is because a manifest around it includes it; None where none
        does.
        """
        return await in_thread(self._included, path, tuple(ecosystems))

    async def has_news(self, around: Around) -> bool:
        """Whether anything *around* a manifest is another by now."""
        return await in_thread(self._has_news, around, self._texts())

    def forget(self, uri: str) -> None:
        """Watch for the document *uri* no more."""
        self._seen.pop(uri, None)

    def watch(self, period: float, changed: Callable[[str], None]) -> None:
        """Look every *period* seconds from now on at what was seen, or sooner where somebody says
        so, and tell of each document that has news. Nothing happens where somebody watches already.
        """
        if self._watch is None:
            self._watch = start(self._look(period, changed), "watch the files")

    def hurry(self) -> None:
        """Look now, and not only when it is time: somebody says that files have changed."""
        self._files.doubt()
        self._hurry.set()

    async def aclose(self) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait((self._watch,))

    async def _look(self, period: float, changed: Callable[[str], None]) -> None:
        while True:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), period)
            self._hurry.clear()
            for uri, around in tuple(self._seen.items()):
                if await self.has_news(around) and self._seen.get(uri) is around:
                    changed(uri)

    def _included(
        self, path: Path, ecosystems: tuple[Ecosystem, ...]
    ) -> tuple[Ecosystem, ManifestFormat] | None:
        for each in ecosystems:
            inclusion = each.inclusion
            if inclusion is None:
                continue
            role = inclusion.role_of(path, Sight(self._files, path))
            if role is not None and role in inclusion.formats:
                return each, inclusion.formats[role]
        return None

    def _has_news(self, around: Around, texts: Texts) -> bool:
        if has_changed(around.seen, texts):
            return True
        if around.routes is None:
            return False
        return self._routes(around.ecosystem, around.path, logging.DEBUG) != around.routes

    def _routes(self, ecosystem: Ecosystem, path: PurePath, level: int = logging.ERROR) -> Routes:
        """What the configuration says; nobody is asked where it cannot be read at all."""
        try:
            return self._routes_of(ecosystem, path)
        except Exception:  # noqa: BLE001 - what the text itself says is shown without it
            _LOG.log(level, "reading the configuration for %s failed", path, exc_info=True)
            return Nowhere()

    def _survey(self, document: Document, texts: Texts) -> tuple[Document, Seen]:
        if not document.is_manifest:  # as most scripts are none
            return document.within(Alone(), document.routes), Seen()
        if not document.path.is_absolute():  # no file has no files around it
            routes = self._routes(document.ecosystem, document.path)
            return document.within(Alone(), routes), Seen()
        path = Path(document.path)
        sight = Sight(self._files, path, texts)
        document = document.beside(sight.read(path, document.format.decode))
        project: Project
        try:
            project = document.ecosystem.survey(path, document.around, sight)
        except Exception:  # noqa: BLE001 - what the text itself says is shown without it
            _LOG.exception("looking around %s failed", path)
            project = Unseen()
        routes = self._routes(document.ecosystem, document.path)
        return document.within(project, routes), sight.seen

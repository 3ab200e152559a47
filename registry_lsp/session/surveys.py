"""Looking around the open documents: what the files beside a manifest say, and when they change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from registry_lsp.core.ports import Alone, Project
from registry_lsp.session.documents import Document
from registry_lsp.session.files import FileStore, Seen, Sight, has_changed

_LOG = logging.getLogger(__name__)


class Surveyor:
    """Reads what lies around documents, off the event loop, and remembers what it has seen."""

    def __init__(self) -> None:
        self._files = FileStore()
        self._seen: dict[str, Seen] = {}

    async def look_around(self, document: Document) -> Document:
        """*document* in its project, as that is on disk now."""
        project, seen = await asyncio.to_thread(self._survey, document)
        self._seen[document.snapshot.uri] = seen
        return document.within(project)

    def forget(self, uri: str) -> None:
        """Watch for the document *uri* no more."""
        self._seen.pop(uri, None)

    async def watch(self, period: float, changed: Callable[[str], None]) -> None:
        """Look every *period* seconds at what was seen, and tell of each document that has
        news. Runs until it is cancelled.
        """
        while True:
            await asyncio.sleep(period)
            for uri, seen in tuple(self._seen.items()):
                has_news = await asyncio.to_thread(has_changed, seen)
                if has_news and self._seen.get(uri) is seen:
                    changed(uri)

    def _survey(self, document: Document) -> tuple[Project, Seen]:
        # no file has no files around it, and most scripts are no manifests
        if not document.path.is_absolute() or not document.is_manifest:
            return Alone(), Seen()
        sight = Sight(self._files)
        try:
            project = document.ecosystem.survey(Path(document.path), document.written, sight)
        except Exception:  # noqa: BLE001 - what the text itself says is shown without it
            _LOG.exception("looking around %s failed", document.path)
            project = Alone()
        return project, sight.seen

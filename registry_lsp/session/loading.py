"""Bringing what a document lacks: from the disk, then from those who know, as it arrives.

Verdicts stream: what has arrived is published while the rest is on its way. What is known against
the releases comes behind all else, so that no verdict waits for it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from registry_lsp.core.findings import Assessment
from registry_lsp.core.packages import PackageId, ReleaseId
from registry_lsp.session.advisories import AdvisoryIndex
from registry_lsp.session.descriptions import Descriptions
from registry_lsp.session.documents import Document
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.tasks import start

STREAM = 0.05
"""Seconds between two publications while verdicts arrive, at least."""
EARLY = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds, each from the answer before, after which it is asked what is known against the releases
that are there while packages are still on their way: one that hangs holds back no other's
advisories, and questions stay few. What is all there sooner is asked about at once.
"""
SHARE = 5
"""How many times as long as a publication takes the next one waits: thousands of dependencies
take long to write down, and the answers need the time."""


class Loader:
    """Asks for the packages of documents and for what is known against their releases."""

    def __init__(
        self,
        packages: PackageIndex,
        advisories: AdvisoryIndex,
        descriptions: Descriptions,
        *,
        assessments: Callable[[Document], Sequence[Assessment]],
        show: Callable[[Document], None],
        loading: Callable[[Document, int, int], None],
    ) -> None:
        """*assessments* gives a document's verdicts from what is in memory; *show* is told that
        there is news of a document, and *loading* how many of how many packages have answered,
        both equal where the work has ended.
        """
        self._packages = packages
        self._advisories = advisories
        self._descriptions = descriptions
        self._assessments = assessments
        self._show = show
        self._loading = loading

    def unknown(self, document: Document) -> list[PackageId]:
        """The packages of *document* of which nothing is in memory, each once."""
        dated = document.dated
        return [id for id in _ids(document) if self._packages.peek(id, full=id in dated) is None]

    def due(self, document: Document) -> list[PackageId]:
        """The packages of *document* that should be asked for, each once."""
        dated = document.dated
        return [id for id in _ids(document) if self._packages.is_due(id, full=id in dated)]

    def failed_until(self, document: Document) -> float | None:
        """Seconds until the first thing that could not be asked is due again; None where there is
        none.
        """
        ids = [id for id in document.ids if id is not None]
        due = (
            self._packages.failed_until(ids),
            self._advisories.failed_until(self._in_use(document)),
        )
        return min((each for each in due if each is not None), default=None)

    def expire(self, document: Document) -> None:
        """Have all that *document* needs asked for anew; what is known stands until then."""
        self._advisories.expire(self._in_use(document))
        self._packages.expire(_ids(document))

    async def recall(self, document: Document, unknown: Sequence[PackageId]) -> None:
        """Bring what the disk knows of the packages that are *unknown* into memory, and show it."""
        dated = document.dated
        await self._packages.recall(id for id in unknown if id not in dated)
        await self._packages.recall((id for id in unknown if id in dated), full=True)
        await self._advisories.recall(self._in_use(document))
        self._show(document)

    async def load(self, document: Document) -> None:
        """Ask for all that is due, and show it as it arrives."""
        due = self.due(document)
        if due:
            await self._stream(document, due)
        await self.advise(document)

    async def load_again(self, document: Document) -> None:
        """Ask for all that is due, and show it once it is there: nobody waits for it any more."""
        await self._packages.refresh(self.due(document), lambda _: None, full=document.dated)
        self._show(document)
        await self.advise(document)

    async def advise(self, document: Document) -> None:
        """Learn what is known against the releases that are in use, and what those say of
        themselves that are asked for more than their version.
        """
        await asyncio.gather(self._advise(document), self._describe(document))

    async def _describe(self, document: Document) -> None:
        described = (each.described for each in self._assessments(document))
        if await self._descriptions.learn(each for each in described if each is not None):
            self._show(document)

    async def _advise(self, document: Document) -> None:
        releases = self._in_use(document)
        if await self._advisories.recall(releases):
            self._show(document)
        if await self._advisories.refresh(releases):
            self._show(document)

    async def _advise_early(self, document: Document) -> None:
        """Learn it of the packages that are there, while others are still on their way."""
        for pause in EARLY:
            await asyncio.sleep(pause)
            await self.advise(document)

    def _in_use(self, document: Document) -> list[ReleaseId]:
        """The releases of *document* that advisories count of."""
        return [each for some in self._assessments(document) for each in some.in_use]

    async def _stream(self, document: Document, due: list[PackageId]) -> None:
        news = asyncio.Event()
        done = 0

        def arrived(_: PackageId) -> None:
            nonlocal done
            done += 1
            news.set()

        asking = asyncio.create_task(self._packages.refresh(due, arrived, full=document.dated))
        asking.add_done_callback(lambda _: news.set())
        advising = start(self._advise_early(document), f"advise {document.snapshot.uri} early")
        self._loading(document, 0, len(due))
        try:
            while not asking.done():
                await news.wait()
                news.clear()
                began = time.perf_counter()
                self._show(document)
                self._loading(document, done, len(due))
                if done < len(due):
                    took = time.perf_counter() - began
                    await asyncio.sleep(max(STREAM, SHARE * took))
            await asking
        finally:
            asking.cancel()
            advising.cancel()
            self._loading(document, len(due), len(due))
        self._show(document)


def _ids(document: Document) -> dict[PackageId, None]:
    return dict.fromkeys(id for id in document.ids if id is not None)

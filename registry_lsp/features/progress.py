"""$/progress: how far the packages of a document have come, and a way to stop them."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable

from lsprotocol import types

from registry_lsp.server import RegistryServer
from registry_lsp.session.documents import Document

PATIENCE = 0.15
"""Seconds that something loads before it is shown: what is quick need not flicker."""

_LOG = logging.getLogger(__name__)


class Progress:
    """Shows one work-done progress for each document that loads."""

    def __init__(self, ls: RegistryServer) -> None:
        self._ls = ls
        self._shown: dict[str, Shown] = {}

    def loading(self, document: Document, done: int, total: int) -> None:
        """*done* of *total* packages have answered; both equal: the work has ended."""
        window = self._ls.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        uri = document.snapshot.uri
        if done >= total:
            shown = self._shown.pop(uri, None)
            if shown is not None:
                shown.end()
            return
        if uri not in self._shown:
            title = f"Looking up the packages of {document.path.name}"
            self._shown[uri] = Shown(
                self._ls, title, lambda: self._ls.session(uri).stop_loading(uri)
            )
        self._shown[uri].report(done, total)


def show(ls: RegistryServer, title: str, stop: Callable[[], object]) -> Shown | None:
    """Something that takes long, for a client that shows such things; see :class:`Shown`."""
    window = ls.client_capabilities.window
    return Shown(ls, title, stop) if window is not None and window.work_done_progress else None


class Shown:
    """One progress, from the client's consent to its end; *stop* is called where the user has it
    cancelled.
    """

    def __init__(self, ls: RegistryServer, title: str, stop: Callable[[], object]) -> None:
        self._ls = ls
        self._stop = stop
        self._token = str(uuid.uuid4())
        self._title = title
        self._latest: tuple[int, int] | None = None
        self._begun = False
        self._task = asyncio.get_running_loop().create_task(self._begin(), name="begin progress")

    def report(self, done: int, total: int) -> None:
        """Tell how far it is, as soon as the client listens."""
        self._latest = (done, total)
        if self._begun:
            self._ls.work_done_progress.report(
                self._token,
                types.WorkDoneProgressReport(
                    message=f"{done} of {total}", percentage=done * 100 // max(total, 1)
                ),
            )

    def end(self) -> None:
        """Take it away."""
        self._latest = None
        if self._begun:
            self._begun = False
            self._ls.work_done_progress.end(self._token, types.WorkDoneProgressEnd())
            self._ls.work_done_progress.tokens.pop(self._token, None)

    def _is_over(self) -> bool:
        return self._latest is None

    async def _begin(self) -> None:
        await asyncio.sleep(PATIENCE)
        if self._is_over():
            return
        try:
            await self._ls.work_done_progress.create_async(self._token)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong over there, the work goes on
            _LOG.info("the client shows no progress: %s", error)
            self._ls.work_done_progress.tokens.pop(self._token, None)
            return
        if self._is_over():
            self._ls.work_done_progress.tokens.pop(self._token, None)
            return
        self._ls.work_done_progress.begin(
            self._token,
            types.WorkDoneProgressBegin(
                title=self._title, cancellable=True, percentage=0, message="0"
            ),
        )
        self._begun = True
        cancelled = self._ls.work_done_progress.tokens[self._token]
        cancelled.add_done_callback(lambda _: self._stop())
        if self._latest is not None:
            self.report(*self._latest)

"""One open document, and the task that brings its verdicts up to date.

A change replaces the document and its task. What the task knows it publishes at once; what it
must ask for it asks once the typing rests, so that no half-typed name is ever looked up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from registry_lsp.core.packages import PackageId
from registry_lsp.core.text import Snapshot, end_of_change
from registry_lsp.session.documents import Document
from registry_lsp.session.loading import STREAM, Loader
from registry_lsp.session.retries import retry
from registry_lsp.session.surveys import Surveyor
from registry_lsp.session.tasks import start
from registry_lsp.session.verdicts import Judge

SETTLE = 0.04
"""Seconds without a change before what is known is published: a burst of changes is one."""
REST = 0.4
"""Seconds without a change before a name that is not known is asked for."""
CALM = 5.0
"""Seconds without a change before nobody is taken to be about to type on where the last one was."""


class Opened:
    """An open document: its newest text, who judges it, and what is under way for its sake."""

    def __init__(
        self,
        document: Document,
        judge: Judge,
        *,
        loader: Loader,
        surveyor: Surveyor,
        show: Callable[[Document], None],
        is_patient: bool,
    ) -> None:
        """*show* is told that there is news of a document. One that *is_patient* goes on asking for
        what could not be asked. Nothing is under way before it is started.
        """
        self.document = document
        self.judge = judge
        self.surveyed = asyncio.Event()
        """Set as long as somebody has looked at the files around the document, or it is closed."""
        self._loader = loader
        self._surveyor = surveyor
        self._show = show
        self._is_patient = is_patient
        self._changed: float | None = None
        self._task: asyncio.Task[None] | None = None
        self._vigil: asyncio.Task[None] | None = None
        self._is_behind = False
        self._timer: asyncio.TimerHandle | None = None
        self.unfinished: int | None = None
        """Behind which code point of the newest text somebody is still typing; None where nobody
        is."""
        self._calming: asyncio.TimerHandle | None = None
        self.meant = document.snapshot.text
        """The newest text that was whole, as far as anybody can tell: nobody was typing in it."""

    @property
    def until_rest(self) -> float:
        """Seconds until the typing has rested, if nothing more is typed."""
        if self._changed is None:
            return 0.0
        return max(0.0, self._changed + REST - _now())

    def type(self, snapshot: Snapshot) -> None:
        """Take a text that somebody has changed."""
        self._changed = _now()
        end = end_of_change(self.document.snapshot.text, snapshot.text)
        if end is not None:
            self.calm()
            self.unfinished = end
            self._calming = asyncio.get_running_loop().call_later(CALM, self._tell_all)
        self.start(self.document.successor(snapshot), settle=SETTLE, rest=REST)

    def calm(self) -> None:
        """What stands there is what somebody meant to write."""
        self.unfinished = None
        if self._calming is not None:
            self._calming.cancel()
            self._calming = None

    def _tell_all(self) -> None:
        self.calm()
        self.meant = self.document.snapshot.text
        if self.document.project is not None:
            self._show(self.document)

    def look_again(self) -> None:
        """Look again at the files around the document, and at what is due."""
        self.start(self.document, rest=self.until_rest)

    def start(self, document: Document, *, settle: float = 0, rest: float = 0) -> None:
        """Let *document* be the newest, and bring its verdicts up to date: what is known after
        *settle* seconds, and what is not known once another *rest* seconds have passed.
        """
        self.document = document
        if self.unfinished is None:
            self.meant = document.snapshot.text
        if document.project is None:
            self.surveyed.clear()
        self.stop()
        uri = document.snapshot.uri
        task = start(self._refresh(document, settle=settle, rest=rest), f"refresh {uri}")
        self._task = task
        if self._is_patient:
            self._vigil = start(self._retry(task), f"retry {uri}")

    def stop(self) -> None:
        """End what is under way; what is known stays."""
        for task in self.tasks:
            task.cancel()
        self._task = self._vigil = None

    @property
    def tasks(self) -> tuple[asyncio.Task[None], ...]:
        """What is under way."""
        return tuple(task for task in (self._task, self._vigil) if task is not None)

    async def settled(self) -> bool:
        """Wait until the task has ended; False where it had."""
        if self._task is None or self._task.done():
            return False
        await asyncio.wait((self._task,))
        return True

    def heard(self, id: PackageId) -> None:
        """A registry has spoken: who shows that package shows it anew, at once or, where a task of
        its own is under way, once that comes to it: somebody else may have asked.
        """
        if self._task is None or id not in self.document.ids:
            return
        self._is_behind = True
        if self._task.done() and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(STREAM, self._catch_up)

    def shown(self) -> None:
        """What is known by now is shown."""
        self._is_behind = False

    def _catch_up(self) -> None:
        self._timer = None
        if self._task is None or not self._task.done():
            return  # what has begun since comes to it
        self._show(self.document)
        uri = self.document.snapshot.uri
        self._task = start(self._advise(), f"advise {uri}")

    async def _advise(self) -> None:
        await self._loader.advise(self.document)
        if self._is_behind:
            self._show(self.document)

    async def _retry(self, refresh: asyncio.Task[None]) -> None:
        await asyncio.wait((refresh,))
        await retry(self.document, self._loader)

    async def _refresh(self, document: Document, *, settle: float, rest: float) -> None:
        if settle and document.project is not None:
            await asyncio.sleep(settle)
        # Only the newest text comes here: the task of any other has been cancelled.
        document = self.document = await self._surveyor.look_around(document)
        self.surveyed.set()
        unknown = self._loader.unknown(document)
        if rest or not unknown:
            self._show(document)
        if unknown:
            await self._loader.recall(document, unknown)
        await asyncio.sleep(rest)
        document = self.document = document.rested()
        if self._is_behind or document.fault is not None or document.written.ignores:
            self._show(document)
        await self._loader.load(document)
        if self._is_behind:
            self._show(document)


def _now() -> float:
    """By the clock that all that is waited for goes by."""
    return asyncio.get_running_loop().time()

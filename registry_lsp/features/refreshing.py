"""Having a client ask anew for what it shows: for what it fetches and is not sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from lsprotocol import types

from registry_lsp.server import RegistryServer

PAUSE = 0.25
"""Seconds between two such requests, at least: verdicts stream, and an editor asks for all."""
PATIENCE = 5.0
"""Seconds that an answer is waited for; a client that gives none is asked again all the same."""

_LOG = logging.getLogger(__name__)


class Refresher:
    """Sends one kind of refresh request, never two at a time, and one more when news came while
    the client had not answered yet.
    """

    def __init__(
        self,
        ls: RegistryServer,
        what: str,
        is_wanted: Callable[[types.ClientCapabilities], bool],
        send: Callable[[RegistryServer], Coroutine[Any, Any, None]],
    ) -> None:
        self._ls = ls
        self._what = what
        self._is_wanted = is_wanted
        self._send = send
        self._is_due = False
        self._task: asyncio.Task[None] | None = None

    def news(self) -> None:
        """There is news for what is shown."""
        if not self._is_wanted(self._ls.client_capabilities):
            return
        self._is_due = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(
                self._refresh(), name=f"refresh {self._what}"
            )

    async def _refresh(self) -> None:
        while self._is_due:
            self._is_due = False
            asked = asyncio.ensure_future(self._send(self._ls))
            asked.add_done_callback(self._answered)
            await asyncio.wait((asked,), timeout=PATIENCE)
            await asyncio.sleep(PAUSE)

    def _answered(self, asked: asyncio.Future[None]) -> None:
        if not asked.cancelled() and (error := asked.exception()) is not None:
            _LOG.info("the client does not refresh its %s: %s", self._what, error)

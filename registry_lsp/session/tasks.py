"""Tasks that nobody waits for, where what makes one fail is logged with its name, and those that
somebody waits for so long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_LOG = logging.getLogger(__name__)


def start(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Begin *work* on the running event loop. Whoever starts it keeps the task: the loop holds
    no task alive.
    """
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_log_failure)
    return task


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _LOG.error("%s failed", task.get_name(), exc_info=error)


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T | None:
    """What *work* comes to, None where that takes longer: it goes on then, for whoever asks next.
    It ends where nobody wants to know any more, since the waiting is cancelled.
    """
    task = asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait((task,), timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    return task.result() if done else None

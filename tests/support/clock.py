"""A clock that stands until a test moves it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any


@dataclass
class Clock:
    """Gives ``now``, in seconds since the epoch."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


class StandingLoop(asyncio.SelectorEventLoop):
    """An event loop in which nothing that waits for a moment goes on before a test moves the clock;
    threads and sockets go on as ever.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def time(self) -> float:
        return self.now

    async def move(self, seconds: float) -> None:
        """Let *seconds* pass."""
        self.now += seconds
        await asyncio.sleep(0)

    async def turn(self, condition: Callable[[], object]) -> None:
        """Let no time pass until *condition* holds."""
        while not condition():  # noqa: ASYNC110 - a condition need not have an event
            await asyncio.sleep(0)


def standing(work: Coroutine[Any, Any, Any]) -> None:
    """Do *work* in such a loop, which it finds as the running one."""
    loop = StandingLoop()
    try:
        loop.run_until_complete(work)
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()

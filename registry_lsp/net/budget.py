"""How much all bodies that are under way may hold in memory together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Share:
    """What one body holds of a budget, in bytes."""

    __slots__ = ("_budget", "size")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.size = 0

    async def room(self) -> None:
        """Wait until this body may grow."""
        await self._budget.room(self)

    def grow(self, size: int) -> None:
        """Hold *size* bytes from now on, in all."""
        self._budget.held += size - self.size
        self.size = size


class Budget:
    """So many bytes for all bodies together; whoever would pass the ``limit`` waits.

    One body at a time may go on all the same, or those that wait might wait for each other. So
    what is held is at most the limit and that one body, and what a last chunk has unpacked to.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._exempt: Share | None = None
        self._news = asyncio.Event()
        self.held = 0

    @contextmanager
    def share(self) -> Iterator[Share]:
        """A body's share; what it holds is free again afterwards."""
        share = Share(self)
        try:
            yield share
        finally:
            share.grow(0)
            if self._exempt is share:
                self._exempt = None
            self._news.set()
            self._news = asyncio.Event()

    async def room(self, share: Share) -> None:
        """Wait until *share* may grow."""
        while self.held >= self._limit and self._exempt not in (None, share):
            await self._news.wait()
        if self.held >= self._limit:
            self._exempt = share

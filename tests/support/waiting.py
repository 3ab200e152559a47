"""Time and chance that a test holds in its hand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from registry_lsp.net.http import Timing


@dataclass
class Clock:
    """A clock that moves only when somebody sleeps by it, or the test says so.

    ``slept`` holds every sleep's seconds; chance always takes the whole of its range.
    """

    now: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        """Pass the seconds at once, and let the others have their turn."""
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def timing(self) -> Timing:
        """What a client under test is given."""
        return Timing(
            sleep=self.sleep, jitter=lambda: 1.0, monotonic=lambda: self.now, wall=lambda: self.now
        )

"""The time of day, as it passes for a process."""

from __future__ import annotations

import time
from collections.abc import Callable


class Onward:
    """Seconds since the epoch that never run backwards: where the system's clock is set back, time
    passes on from where it was, for what was to stand for a minute would else stand for as long as
    the clock went back. Where it is set forward, or the machine has slept, that time has passed.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._last = wall(), monotonic()

    def __call__(self) -> float:
        """The time now."""
        at, passed = self._last
        monotonic = self._monotonic()
        now = max(self._wall(), at + (monotonic - passed))
        self._last = now, monotonic
        return now


onward = Onward()
"""The clock of this process."""

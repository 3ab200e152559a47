"""A bound on how often a service is asked, for those that bound it and do not say so in headers."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable


class RateLimit:
    """At most so many questions in any span of so many seconds, as pairs of both.

    Who would pass a bound is told when to come again, and never waits: what the answer is for is
    shown without it. *clock* gives seconds that never go back.
    """

    def __init__(
        self, *bounds: tuple[int, float], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bounds = bounds
        self._clock = clock
        self._taken: deque[float] = deque(maxlen=max(most for most, _ in bounds))

    def take(self) -> float:
        """0.0 for one who may ask now, and is counted; else the seconds until somebody may."""
        now = self._clock()
        wait = max(self._wait(most, seconds, now) for most, seconds in self._bounds)
        if wait <= 0.0:
            self._taken.append(now)
            return 0.0
        return wait

    def _wait(self, most: int, seconds: float, now: float) -> float:
        """Seconds until the last *most* questions do not all lie in one span any more."""
        if len(self._taken) < most:
            return 0.0
        return self._taken[-most] + seconds - now

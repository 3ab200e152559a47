"""When the memory is looked through for garbage: while the client is silent.

A full pass looks at everything that is known of the packages, and takes 50 ms for those of 500
dependencies: too long for somebody who waits for a hover.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Protocol

QUIET = 0.8
"""Seconds without a word from the client before a pass is made."""
_DUE = 5
"""Passes over what is young, each of some 7,000 new objects, after which a full one is worth it."""
_THRESHOLDS = (700, 10, 100)
"""When the interpreter makes passes by itself. The last number is for a client that is never
silent: a full one after ten times as many others as usual.
"""


class Timers(Protocol):
    """Who tells the time, in seconds, and does something later: an event loop."""

    def time(self) -> float:
        """The moment."""

    def call_later(self, delay: float, callback: Callable[[], None], /) -> object:
        """Do it *delay* seconds from now."""


class Tidier:
    """Looks for garbage once the client has been silent for a while."""

    def __init__(
        self,
        *,
        is_due: Callable[[], bool] = lambda: gc.get_count()[2] >= _DUE,
        collect: Callable[[], object] = gc.collect,
    ) -> None:
        self._is_due = is_due
        self._collect = collect
        self._heard = 0.0
        self._is_waiting = False

    def heard(self, timers: Timers) -> None:
        """The client has said something."""
        self._heard = timers.time()
        if not self._is_waiting:
            self._is_waiting = True
            timers.call_later(QUIET, lambda: self._look(timers))

    def _look(self, timers: Timers) -> None:
        left = self._heard + QUIET - timers.time()
        if left > 0:
            timers.call_later(left, lambda: self._look(timers))
            return
        self._is_waiting = False
        if self._is_due():
            self._collect()


def leave_to_tidiers() -> None:
    """Have the interpreter leave what takes long to who knows when nobody waits."""
    gc.set_threshold(*_THRESHOLDS)

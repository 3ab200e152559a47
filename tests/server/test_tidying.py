"""Garbage is looked for while the client is silent, and only then."""

from __future__ import annotations

import heapq

import pytest

from registry_lsp.server.tidying import QUIET, Tidier


class Timers:
    """An event loop whose time passes when it is told so."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, object]] = []

    def time(self):
        return self.now

    def call_later(self, delay, callback):
        heapq.heappush(self._due, (self.now + delay, len(self._due), callback))

    @property
    def waiting(self):
        return len(self._due)

    def pass_by(self, seconds):
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            self.now, _, callback = heapq.heappop(self._due)
            callback()
        self.now = end


def test_it_waits_until_the_client_is_silent():
    passes, timers = [], Timers()
    tidier = Tidier(is_due=lambda: True, collect=lambda: passes.append(timers.now))
    for _ in range(10):
        tidier.heard(timers)
        timers.pass_by(QUIET / 2)
    assert (passes, timers.waiting) == ([], 1)
    timers.pass_by(QUIET)
    assert passes == pytest.approx([9 * QUIET / 2 + QUIET])
    timers.pass_by(100 * QUIET)
    assert (len(passes), timers.waiting) == (1, 0)
    tidier.heard(timers)
    timers.pass_by(QUIET)
    assert len(passes) == 2


def test_it_looks_for_nothing_where_little_is_new():
    passes, timers = [], Timers()
    tidier = Tidier(is_due=lambda: False, collect=lambda: passes.append(timers.now))
    tidier.heard(timers)
    timers.pass_by(2 * QUIET)
    assert (passes, timers.waiting) == ([], 0)

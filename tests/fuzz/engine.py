"""Runs targets for a bounded time, and says how to see again what has failed.

Hypothesis makes the inputs, in rounds that each have their own seed, and makes a failing one
smaller.
"""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from time import monotonic
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

ROUND = 40
"""Inputs of one round."""
PATIENCE = 20
"""Seconds that one input may take, where the system has alarms: a thousand times what it should."""


class StalledError(BaseException):
    """An input takes too long. Not an Exception: making it smaller would take for ever."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A reader under test. ``check`` raises on an input that it cannot stand."""

    name: str
    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An input that a target cannot stand, with the seed of the round that has found it."""

    target: str
    seed: int
    input: Any
    trace: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How many inputs a target was given, and on which it has failed."""

    target: str
    tried: int
    failure: Failure | None


def run(target: Target, first_seed: int, enough: Callable[[int], bool]) -> Outcome:
    """Give *target* rounds of inputs until so many of them are *enough*, at least one.

    The rounds have *first_seed* and those after it.
    """
    for rounds in count(1):
        failure = try_round(target, first_seed + rounds - 1)
        if failure is not None or enough(rounds):
            return Outcome(target=target.name, tried=rounds * ROUND, failure=failure)
    raise AssertionError


def for_seconds(seconds: float) -> Callable[[int], bool]:
    """Enough after so many *seconds* from now."""
    until = monotonic() + seconds
    return lambda _: monotonic() >= until


def for_rounds(wanted: int) -> Callable[[int], bool]:
    """Enough after so many rounds, however long they take: the same inputs on every machine."""
    return lambda rounds: rounds >= wanted


def try_round(target: Target, round_seed: int) -> Failure | None:
    """Give *target* the inputs of one round; the smallest that it cannot stand, if there is one."""
    given_last: list[Any] = []

    @seed(round_seed)
    @settings(
        max_examples=ROUND,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(target.inputs)
    def attempt(value: Any) -> None:
        given_last[:] = [value]
        with _alarm():
            target.check(value)

    try:
        attempt()
    except (Exception, StalledError):  # noqa: BLE001 - whatever a target raises is looked for
        return try_once(target, given_last[0], round_seed)
    return None


def try_once(target: Target, value: Any, round_seed: int = 0) -> Failure | None:
    """Give *target* one input."""
    try:
        with _alarm():
            target.check(value)
    except (Exception, StalledError):  # noqa: BLE001 - as above
        trace = traceback.format_exc()
        return Failure(target=target.name, seed=round_seed, input=value, trace=trace)
    return None


@contextmanager
def _alarm() -> Iterator[None]:
    """Raises StalledError in what takes longer than it may; a regular expression hears it too."""
    if not hasattr(signal, "alarm"):
        yield
        return

    def ring(*_: object) -> None:
        raise StalledError

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)

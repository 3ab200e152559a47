"""Who is not to be asked for a while: those who said so, and those who do not answer.

A server that asks for fewer requests (429, or 503 with a wait) may mean one package alone: it is
that address which is left alone, until several in a row show that the server means everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TypeAlias

from registry_lsp.core.packages import Unavailable

Origin: TypeAlias = tuple[str, str, int | None]
"""Scheme, host and port; the port is None where it is the scheme's own."""

SHORT_WAIT = 5.0
"""The longest, in seconds, that anybody waits because a server asks for it."""

LONGEST_HOLD = 3600.0
"""The longest, in seconds, that a server can forbid to be asked: it may have misspoken."""

REFUSALS = 3
"""How many addresses are refused for the rate in a row, with no other answer between, until their
whole origin is left alone.
"""

FAILURES = 5
"""How many failures in a row, with no answer between, shut an origin's gate."""

SHUT = 30.0
"""Seconds that it stays shut before one request may try again."""


@dataclass(slots=True)
class _Failing:
    """An origin that has not answered lately."""

    count: int = 0
    until: float = 0.0
    reason: Unavailable | None = None
    probing: bool = False


class Gates:
    """A gate per origin, and a memory only of those with which something is wrong.

    *clock* gives seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failing: dict[Origin, _Failing] = {}
        self._refused: dict[Origin, set[str]] = {}
        self._held: dict[Origin | str, tuple[float, Unavailable]] = {}

    def admit(self, origin: Origin, address: str, patience: float) -> float | Unavailable:
        """0.0 to ask *address* of *origin* at once, else the seconds to wait before asking here
        again.

        Where that is longer than SHORT_WAIT or *patience* (seconds), why not to ask at all.
        Whoever is let in must say how it went: answered, refused, failed or released.
        """
        now = self._clock()
        held = [self._held[key] for key in (origin, address) if key in self._held]
        if held:
            until, reason = max(held, key=itemgetter(0))
            wait = until - now
            if wait > min(SHORT_WAIT, patience):
                return replace(reason, retry_after=wait)
            if wait > 0:
                return wait
        failing = self._failing.get(origin)
        if failing is None or failing.reason is None:
            return 0.0
        if now < failing.until or failing.probing:
            return failing.reason
        failing.probing = True
        return 0.0

    def refused(self, origin: Origin, address: str, reason: Unavailable, seconds: float) -> None:
        """*origin* has answered that it is asked too often.

        Nobody asks for *address* for so many *seconds*, as the server wants it, and *reason* is
        what they hear; from REFUSALS addresses in a row on that goes for the whole origin.
        """
        self._failing.pop(origin, None)
        refused = self._refused.setdefault(origin, set())
        if len(refused) < REFUSALS:
            refused.add(address)
        self._hold(origin if len(refused) == REFUSALS else address, reason, seconds)

    def answered(self, origin: Origin) -> None:
        """Somebody is there and does not mind being asked, whatever the answer was."""
        self._failing.pop(origin, None)
        self._refused.pop(origin, None)

    def failed(self, origin: Origin, reason: Unavailable) -> None:
        """Nobody is there. A lone time-out proves little; several in a row do."""
        failing = self._failing.setdefault(origin, _Failing())
        failing.count += 1
        failing.probing = False
        if failing.count >= FAILURES:
            failing.reason = reason
            failing.until = self._clock() + SHUT

    def released(self, origin: Origin) -> None:
        """Nothing was learnt: the request was given up."""
        if origin in self._failing:
            self._failing[origin].probing = False

    def _hold(self, key: Origin | str, reason: Unavailable, seconds: float) -> None:
        now = self._clock()
        until = now + min(seconds, LONGEST_HOLD)
        self._held = {key: hold for key, hold in self._held.items() if hold[0] > now}
        if key not in self._held or self._held[key][0] < until:
            self._held[key] = (until, reason)

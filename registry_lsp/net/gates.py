"""Who is not to be asked for a while: those who said so, and those who do not answer.

A server that asks for fewer requests (429, or 503 with a wait) may mean one package alone: it is
that address which is left alone, until several in a row show that the server means everybody.
Time-outs in a row may be those of a few silent packages that hold all the turns: others are asked
before everybody is told that nobody is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TypeAlias

from registry_lsp.core.packages import Trouble, Unavailable

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
"""Seconds that it stays shut before anybody may try again."""

PROBES = 3
"""How many may try at the same time, where it was time-outs that shut the gate; else one may."""

Turn: TypeAlias = float | Unavailable | asyncio.Event
"""What somebody hears who wants to ask: 0.0 for 'now', seconds to wait, why not to ask at all, or
the event to wait for, before asking here again.
"""


@dataclass(slots=True)
class _Failing:
    """An origin that has not answered lately.

    ``until`` is when it may be tried, by so many probes as are ``left`` beside the ``probes``
    that are under way (their addresses); ``news`` comes when there is more to say to who waits.
    """

    count: int = 0
    until: float = 0.0
    reason: Unavailable | None = None
    left: int = 0
    probes: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def admit(self, address: str, now: float) -> Turn:
        if self.reason is None:
            return 0.0
        if now < self.until:
            return self.reason
        is_silent = self.reason.trouble is Trouble.TIMEOUT
        if not self.left and not self.probes:
            self.left = PROBES if is_silent else 1
        if self.left:
            self.left -= 1
            self.probes.add(address)
            return 0.0
        return self.news if is_silent else self.reason

    def failed(self, address: str, reason: Unavailable, now: float) -> None:
        self.count += 1
        was_open, was_probe = self.reason is None, address in self.probes
        self.probes.discard(address)
        if self.count < FAILURES:
            return
        if was_open and reason.trouble is Trouble.TIMEOUT:
            self.reason, self.until = reason, now
        elif was_open or (was_probe and not self.left and not self.probes):
            self.reason, self.until = reason, now + SHUT
            self.tell()

    def released(self, address: str) -> None:
        if address in self.probes:
            self.probes.discard(address)
            self.left += 1
            self.tell()

    def tell(self) -> None:
        """Have all that wait ask again for their turn."""
        self.news.set()
        self.news = asyncio.Event()


class Gates:
    """A gate per origin, and a memory only of those with which something is wrong.

    *clock* gives seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failing: dict[Origin, _Failing] = {}
        self._refused: dict[Origin, set[str]] = {}
        self._held: dict[Origin | str, tuple[float, Unavailable]] = {}

    def admit(self, origin: Origin, address: str, patience: float) -> Turn:
        """When to ask *address* of *origin*.

        Nobody waits longer than SHORT_WAIT or *patience* (seconds) because a server asks for it,
        nor longer for an event than the probes that are under way take. Whoever is let in must
        say how it went: answered, refused, failed or released.
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
        return 0.0 if failing is None else failing.admit(address, now)

    def refused(self, origin: Origin, address: str, reason: Unavailable, seconds: float) -> None:
        """*origin* has answered that it is asked too often.

        Nobody asks for *address* for so many *seconds*, as the server wants it, and *reason* is
        what they hear; from REFUSALS addresses in a row on that goes for the whole origin.
        """
        self._open(origin)
        refused = self._refused.setdefault(origin, set())
        if len(refused) < REFUSALS:
            refused.add(address)
        self._hold(origin if len(refused) == REFUSALS else address, reason, seconds)

    def answered(self, origin: Origin) -> None:
        """Somebody is there and does not mind being asked, whatever the answer was."""
        self._open(origin)
        self._refused.pop(origin, None)

    def failed(self, origin: Origin, address: str, reason: Unavailable) -> None:
        """Nobody is there. A lone time-out proves little; several in a row do."""
        failing = self._failing.setdefault(origin, _Failing())
        failing.failed(address, reason, self._clock())

    def released(self, origin: Origin, address: str) -> None:
        """Nothing was learnt: the request was given up."""
        if origin in self._failing:
            self._failing[origin].released(address)

    def _open(self, origin: Origin) -> None:
        failing = self._failing.pop(origin, None)
        if failing is not None:
            failing.tell()

    def _hold(self, key: Origin | str, reason: Unavailable, seconds: float) -> None:
        now = self._clock()
        until = now + min(seconds, LONGEST_HOLD)
        self._held = {key: hold for key, hold in self._held.items() if hold[0] > now}
        if key not in self._held or self._held[key][0] < until:
            self._held[key] = (until, reason)

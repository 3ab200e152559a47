"""Who is not to be asked for a while: those who said so, and those who do not answer.

A server that asks for fewer requests (429, or 503 with a wait) may mean one package alone: it is
that address which is left alone, until several in a row show that the server means everybody.
Failures in a row may be those of a few broken packages that hold all the turns: others are asked
before everybody is told that nobody is there, and nobody is told so of a server that has answered
just now. Neither is settled while requests that were sent before are unanswered: their answers
decide, and whoever comes meanwhile waits for them. A server that answers with errors of its own is
there, and each address is asked; but several in a row show that it is no use to ask twice.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from registry_lsp.core.packages import Unavailable
from registry_lsp.core.ports.http import Pause

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
"""How many addresses fail in a row, with no answer between, until it is doubted that anybody is
there.
"""

SHUT = 30.0
"""Seconds that nobody is asked where nobody is there, or an address that failed while in doubt."""

LATELY = 10.0
"""Seconds since its last answer for which a server counts as there, whoever fails."""

ERRORS = 5
"""For how many addresses in a row an error of the server's own is the last word, with no other
answer between, until it is no use to ask twice.
"""

PROBES = 3
"""How many addresses that have not failed are asked to settle a doubt."""

Turn: TypeAlias = float | Unavailable | asyncio.Event
"""What somebody hears who wants to ask: 0.0 for 'now', seconds to wait, why not to ask at all, or
the event to wait for, before asking here again.
"""


@dataclass(slots=True)
class _Failing:
    """An origin that has not answered lately: open, in doubt, or shut.

    ``failed`` holds the addresses and how they failed. In doubt (``until`` is set) those are not
    asked again, since their retries would take the turns of the ``left`` probes; ``probes`` are
    the addresses of those under way. Once ``until`` has passed, the doubt begins anew: of the
    ``suspects``, which failed before that, one is ``retried``, and the probes are for others.
    """

    failed: dict[str, Unavailable] = field(default_factory=dict)
    until: float | None = None
    shut: Unavailable | None = None
    left: int = 0
    probes: set[str] = field(default_factory=set)
    suspects: dict[str, Unavailable] = field(default_factory=dict)
    retried: str | None = None

    def admit(
        self, address: str, before: Unavailable | None, now: float
    ) -> float | Unavailable | None:
        """As Gates.admit; None is to wait for those that are under way."""
        if self.until is None:
            return 0.0
        if now >= self.until:
            self.suspects.update(self.failed)
            self.failed.clear()
            self._doubt(now)
        if reason := self.shut or self.failed.get(address):
            return reason
        if suspicion := self.suspects.get(address):
            return self._retry(address, suspicion)
        if before is not None:
            return before
        if not self.left:
            return None
        self.left -= 1
        self.probes.add(address)
        return 0.0

    def _retry(self, address: str, suspicion: Unavailable) -> float | Unavailable | None:
        if self.retried is None:
            self.retried = address
            self.probes.add(address)
            return 0.0
        return None if self.retried in self.probes else suspicion

    def fail(self, address: str, reason: Unavailable, now: float) -> None:
        self.failed.pop(address, None)
        self.failed[address] = reason  # the last, for `settle`
        self.probes.discard(address)
        if self.until is None and len(self.failed) >= FAILURES:
            self._doubt(now)

    def release(self, address: str) -> bool:
        """Whether that was a probe that has learnt nothing, so that there is room for another."""
        if address not in self.probes:
            return False
        self.probes.discard(address)
        if address == self.retried:
            self.retried = None
        else:
            self.left += 1
        return True

    def settle(self, now: float, answered: float) -> None:
        """Nobody is under way any more: shut the gate, where all probes have failed and the last
        one was *answered* a while ago; else there are others to ask.
        """
        if self.until is None or self.left or self.shut or not self.failed:
            return
        if now - answered < LATELY:
            self.left = PROBES
        else:
            self.shut = next(reversed(self.failed.values()))
            self.until = now + SHUT

    def _doubt(self, now: float) -> None:
        self.until = now + SHUT
        self.shut = None
        if self.retried not in self.probes:
            self.retried = None
        self.left = PROBES - len(self.probes - {self.retried})


class Gates:
    """A gate per origin, which remembers little of those with which nothing is wrong.

    *clock* gives seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._under_way: Counter[Origin] = Counter()
        self._news: dict[Origin, asyncio.Event] = {}
        self._failing: dict[Origin, _Failing] = {}
        self._refused: dict[Origin, set[str]] = {}
        self._held: dict[Origin | str, tuple[float, Unavailable]] = {}
        self._answered: dict[Origin, float] = {}
        self._erring: dict[Origin, set[str]] = {}

    def admit(
        self, origin: Origin, address: str, patience: float, before: Unavailable | None = None
    ) -> Turn:
        """When to ask *address* of *origin*, where the attempt *before* this one has failed so.

        Nobody waits longer than SHORT_WAIT or *patience* (seconds) because a server asks for it,
        nor longer for an event than the requests that are under way take. Whoever is let in must
        say how it went (answered, refused or failed, if anything was learnt), and then released.
        """
        now = self._clock()
        turn = self._wait(origin, address, patience, now)
        if turn == 0.0 and origin in self._failing:
            turn = self._failing[origin].admit(address, before, now)
        if turn is None:
            return self._news.setdefault(origin, asyncio.Event())
        if turn == 0.0:
            self._under_way[origin] += 1
        return turn

    def refused(self, origin: Origin, address: str, reason: Unavailable, seconds: float) -> None:
        """*origin* has answered that it is asked too often.

        Nobody asks for *address* for so many *seconds*, as the server wants it, and *reason* is
        what they hear; from REFUSALS addresses in a row on that goes for the whole origin, unless
        a request that is under way is answered.
        """
        self._open(origin)
        refused = self._refused.setdefault(origin, set())
        if len(refused) < REFUSALS:
            refused.add(address)
        self._hold(address, reason, seconds)
        if len(refused) == REFUSALS:
            self._hold(origin, reason, seconds)

    def answered(self, origin: Origin, *, is_error: bool = False) -> None:
        """Somebody is there and does not mind being asked, whatever the answer was: even that
        the server has an error of its own.
        """
        self._refused.pop(origin, None)
        self._held.pop(origin, None)
        if not is_error:
            self._erring.pop(origin, None)
        self._open(origin)

    def erred(self, origin: Origin, address: str) -> None:
        """An error of the server's own was its last word, after several attempts."""
        erring = self._erring.setdefault(origin, set())
        if len(erring) < ERRORS:
            erring.add(address)

    def is_erring(self, origin: Origin) -> bool:
        """Whether it is no use to ask twice."""
        return len(self._erring.get(origin, ())) >= ERRORS

    def failed(self, origin: Origin, address: str, reason: Unavailable) -> None:
        """Nobody is there. A lone failure proves little; several in a row raise a doubt."""
        failing = self._failing.setdefault(origin, _Failing())
        failing.fail(address, reason, self._clock())
        if address == failing.retried:
            self._tell(origin)

    def released(self, origin: Origin, address: str) -> None:
        """The request that was let in is over, however it ended."""
        self._under_way[origin] -= 1
        is_last = self._under_way[origin] <= 0
        if is_last:
            del self._under_way[origin]
        failing = self._failing.get(origin)
        makes_room = failing is not None and failing.release(address)
        if failing is not None and is_last:
            failing.settle(self._clock(), self._answered.get(origin, -LATELY))
        if is_last or makes_room:
            self._tell(origin)

    @property
    def paused(self) -> list[Pause]:
        """The servers that nobody asks now: those who said so, and those who do not answer."""
        now = self._clock()
        held = [each for key, each in self._held.items() if isinstance(key, tuple)]
        shut = [
            (each.until, each.shut)
            for each in self._failing.values()
            if each.shut is not None and each.until is not None
        ]
        return [
            Pause(reason=replace(reason, retry_after=None), seconds=until - now)
            for until, reason in (*held, *shut)
            if until > now
        ]

    def reopen(self) -> None:
        """Somebody wants everybody asked now: who did not answer, or had errors, is asked as if
        that had not been. What a server has asked for stands.
        """
        self._erring.clear()
        for origin in tuple(self._failing):
            del self._failing[origin]
            self._tell(origin)

    def _wait(
        self, origin: Origin, address: str, patience: float, now: float
    ) -> float | Unavailable | None:
        """What holds say: seconds to wait, a reason not to, or None as long as that is open."""
        longest = 0.0
        for key in (address, origin):
            until, reason = self._held.get(key, (now, None))
            wait = until - now
            if reason is None or wait <= 0:
                continue
            if key == origin and origin in self._under_way:
                return None
            if wait > min(SHORT_WAIT, patience):
                # what the server has not asked for is not said to be its wish
                return reason if reason.retry_after is None else replace(reason, retry_after=wait)
            longest = max(longest, wait)
        return longest

    def _open(self, origin: Origin) -> None:
        self._answered[origin] = self._clock()
        self._failing.pop(origin, None)
        self._tell(origin)

    def _tell(self, origin: Origin) -> None:
        """Have all that wait ask again for their turn."""
        if news := self._news.pop(origin, None):
            news.set()

    def _hold(self, key: Origin | str, reason: Unavailable, seconds: float) -> None:
        now = self._clock()
        until = now + min(seconds, LONGEST_HOLD)
        self._held = {key: hold for key, hold in self._held.items() if hold[0] > now}
        if key not in self._held or self._held[key][0] < until:
            self._held[key] = (until, reason)

"""How long one question may take, and when it is asked again."""

from __future__ import annotations

from registry_lsp.core.packages import Trouble, Unavailable
from registry_lsp.core.ports.http import Response

TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses of servers that may well answer the next time (RFC 9110, 15; RFC 6585, 4)."""

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 4.0


class Patience:
    """What one question may still spend: ``seconds``, and so many more attempts.

    The seconds are those of attempts and pauses; waiting for a turn costs nothing, or the last
    of a long queue would fail for its place alone. A time-out is the last word: who has waited that
    long is told, and whoever still wants to know asks again later.
    """

    __slots__ = ("_made", "_retries", "seconds")

    def __init__(self, *, seconds: float, retries: int) -> None:
        self.seconds = seconds
        self._retries = retries
        self._made = 0

    def pause(
        self, answer: Response | Unavailable, jitter: float
    ) -> float | Response | Unavailable:
        """Seconds to wait before another attempt; the answer itself where it is the last word.

        The pause doubles each time, and *jitter* (0 to 1) takes a part of it, so that those who
        failed together do not come back together.
        """
        if not self._may_retry(answer):
            return answer
        pause = jitter * min(_FIRST_PAUSE * 2.0**self._made, _LONGEST_PAUSE)
        if pause >= self.seconds:
            return answer
        self._made += 1
        self._retries -= 1
        return pause

    def _may_retry(self, answer: Response | Unavailable) -> bool:
        if self._retries == 0:
            return False
        if isinstance(answer, Response):
            return answer.status in TRANSIENT
        return answer.trouble is Trouble.UNREACHABLE

"""The two ways in which HTTP headers say when (RFC 9110, 5.6.7 and 10.2.3; RFC 9111, 1.2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timezone
from email.utils import parsedate_to_datetime

FOREVER = float(2**31)
"""What a number of seconds too large to mean anything counts as (RFC 9111, 1.2.2)."""

_MAX_DATE = 64  # the longest form of a date has 33 characters


def delta_seconds(text: str) -> float | None:
    """The seconds that *text* gives in decimal digits; None for anything else."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0") or "0"
    return min(float(digits), FOREVER) if len(digits) <= 10 else FOREVER


def http_date(text: str) -> float | None:
    """Seconds since the epoch of a date in any of HTTP's three forms; None for anything else."""
    if len(text) > _MAX_DATE:
        return None
    try:
        moment = parsedate_to_datetime(text)
        # a form without a zone is UTC all the same
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def sent_at(headers: Mapping[str, str], now: float) -> float:
    """When the answer was made by its sender's own clock, and *now* where it does not say.

    A date in a header is measured against this, so that two clocks that disagree do no harm.
    """
    date = http_date(headers.get("date", ""))
    return now if date is None else date


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds to wait that a Retry-After header asks for, in either form; never negative.

    *now* is seconds since the epoch. None where there is no such header, or none to be read.
    """
    text = headers.get("retry-after", "")
    seconds = delta_seconds(text)
    if seconds is not None:
        return seconds
    moment = http_date(text)
    return None if moment is None else min(max(0.0, moment - sent_at(headers, now)), FOREVER)

"""Moments and lengths of time, for people."""

from __future__ import annotations

from datetime import datetime, timezone


def duration(seconds: float) -> str:
    """A length of time in its largest unit: '3 hours'."""
    units = (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600))
    for unit, length in (*units, ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return f"{max(1, int(seconds))} second{'s' if int(seconds) > 1 else ''}"


def day(epoch: float) -> str:
    """The day of a moment, in UTC."""
    return datetime.fromtimestamp(epoch, timezone.utc).date().isoformat()

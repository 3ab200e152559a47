"""Lengths of time as people write them into configuration. Pure."""

from __future__ import annotations

import re

_UNITS = {
    "w": 604_800.0,
    "d": 86_400.0,
    "h": 3_600.0,
    "m": 60.0,
    "s": 1.0,
}
_NAMES = {
    "w": ("w", "wk", "wks", "week", "weeks"),
    "d": ("d", "day", "days"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "m": ("m", "min", "mins", "minute", "minutes"),
    "s": ("s", "sec", "secs", "second", "seconds"),
}
_BY_NAME = {name: _UNITS[unit] for unit, names in _NAMES.items() for name in names}
_ISO = re.compile(
    r"P(?:(?P<w>\d{1,9})W)?(?:(?P<d>\d{1,9})D)?"
    r"(?:T(?:(?P<h>\d{1,9})H)?(?:(?P<m>\d{1,9})M)?(?:(?P<s>\d{1,9})S)?)?"
)
_PART = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]+)\s*,?", re.IGNORECASE)
_LONGEST = 100


def seconds_of(text: str) -> float | None:
    """The seconds that *text* means: ISO 8601 (``P7D``, ``PT24H``) without months and years,
    whose length varies, or numbers with units (``7 days``, ``1 week, 2 days``, ``24h``). None for
    anything else.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    iso = _ISO.fullmatch(text.upper())
    if iso is not None:
        parts = [(unit, count) for unit, count in iso.groupdict().items() if count is not None]
        return sum(float(count) * _UNITS[unit] for unit, count in parts) if parts else None
    return _friendly(text)


def _friendly(text: str) -> float | None:
    total, at = 0.0, 0
    while at < len(text):
        part = _PART.match(text, at)
        unit = _BY_NAME.get(part[2].lower()) if part is not None else None
        if part is None or unit is None:
            return None
        total += float(part[1]) * unit
        at = part.end()
    return total

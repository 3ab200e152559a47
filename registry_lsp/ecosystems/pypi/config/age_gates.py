"""How old a release must be, by each installer's own setting. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from registry_lsp.core.durations import seconds_of
from registry_lsp.core.gates import Gate, Gates
from registry_lsp.ecosystems.pypi.names import normalise

_DAY = 86_400.0
_PIP_DAYS = re.compile(r"P(\d{1,9})D", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def pip_gates(said: str | None, where: str) -> Gates:
    """The ``uploaded-prior-to`` of pip: a date and time (local where it names no zone), or a
    number of days (``P7D``).
    """
    text = (said or "").strip()
    by = f"uploaded-prior-to ({where})"
    if days := _PIP_DAYS.fullmatch(text):
        return Gates(general=Gate(age=int(days[1]) * _DAY, by=by))
    moment = _moment(text)
    return Gates(general=Gate(before=moment, by=by)) if moment is not None else Gates()


def uv_gates(newer: object, by_package: Mapping[str, object], where: str) -> Gates:
    """The ``exclude-newer`` of uv: a date and time, a date, whose whole day counts, or a length
    of time (``7 days``, ``P7D``); ``exclude-newer-package`` has others by package, and ``false``
    frees one.
    """
    special = tuple(
        (normalise(name), _uv_gate(said, f"exclude-newer-package ({where})"))
        for name, said in by_package.items()
    )
    return Gates(general=_uv_gate(newer, f"exclude-newer ({where})"), special=special)


def _uv_gate(said: object, by: str) -> Gate | None:
    if not isinstance(said, str):
        return None
    if (seconds := seconds_of(said)) is not None:
        return Gate(age=seconds, by=by)
    text = said.strip()
    if _DATE.fullmatch(text):
        try:
            following = date.fromisoformat(text) + timedelta(days=1)
        except (ValueError, OverflowError):
            return None
        midnight = datetime(following.year, following.month, following.day).astimezone()
        return Gate(before=midnight.timestamp(), by=by)
    moment = _moment(text)
    return Gate(before=moment, by=by) if moment is not None else None


def poetry_gates(age: object, excluded: Iterable[str], where: str) -> Gates:
    """Poetry's ``solver.min-release-age``, in days, and the packages that it is not for."""
    try:
        days = float(age) if isinstance(age, int | float | str) else 0.0
    except ValueError:
        days = 0.0
    if not 0 < days < 1e6:
        return Gates()
    general = Gate(age=days * _DAY, by=f"solver.min-release-age ({where})")
    return Gates(general=general, special=tuple((normalise(name), None) for name in excluded))


def _moment(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        return None

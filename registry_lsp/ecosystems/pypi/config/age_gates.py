"""How old a release must be, by each installer's own setting. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType

from registry_lsp.core.durations import seconds_of
from registry_lsp.core.gates import Gate, Gates
from registry_lsp.ecosystems.pypi.names import normalise

_DAY = 86_400.0
_PIP_DAYS = re.compile(r"P(\d{1,9})D", re.ASCII)
_PDM_LENGTH = re.compile(r"(\d{1,6})([hdw])", re.ASCII)
_UNITS = MappingProxyType({"h": 3_600.0, "d": _DAY, "w": 7 * _DAY})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def pip_gates(said: str | None, where: str) -> Gates:
    """The ``uploaded-prior-to`` of pip: a date and time (local where it names no zone), or a
    number of days (``P7D``). It takes nothing whose moment the index does not tell.
    """
    text = (said or "").strip()
    by = f"uploaded-prior-to ({where})"
    if days := _PIP_DAYS.fullmatch(text):
        return Gates(general=Gate(age=int(days[1]) * _DAY, by=by, is_strict=True))
    moment = _moment(text)
    if moment is None:
        return Gates()
    return Gates(general=Gate(before=moment, by=by, is_strict=True))


def uv_gates(newer: object, by_package: Mapping[str, object], where: str) -> Gates:
    """The ``exclude-newer`` of uv: a date and time, a date, whose whole day counts, or a length
    of time (``7 days``, ``P7D``); ``exclude-newer-package`` has others by package, and ``false``
    frees one. It takes nothing whose moment the index does not tell.
    """
    special = tuple(
        (normalise(name), _uv_gate(said, f"exclude-newer-package ({where})"))
        for name, said in by_package.items()
    )
    return Gates(general=_uv_gate(newer, f"exclude-newer ({where})"), special=special)


def with_indexes(gate: Gate | None, by_url: Mapping[str, object]) -> Gate | None:
    """*gate* with those that uv has for what comes from single indexes, by their addresses."""
    own = tuple(
        (url, _uv_gate(said, "exclude-newer (of the index)")) for url, said in by_url.items()
    )
    if not own:
        return gate
    return replace(gate or Gate(by="exclude-newer"), by_registry=own)


def _uv_gate(said: object, by: str) -> Gate | None:
    if not isinstance(said, str):
        return None
    if (seconds := seconds_of(said)) is not None:
        return Gate(age=seconds, by=by, is_strict=True)
    text = said.strip()
    if _DATE.fullmatch(text):
        try:
            following = date.fromisoformat(text) + timedelta(days=1)
        except (ValueError, OverflowError):
            return None
        midnight = datetime(following.year, following.month, following.day).astimezone()
        return Gate(before=midnight.timestamp(), by=by, is_strict=True)
    moment = _moment(text)
    return Gate(before=moment, by=by, is_strict=True) if moment is not None else None


def pdm_gates(newer: object, by_package: Mapping[str, object], where: str) -> Gates:
    """The ``exclude-newer`` of PDM: a date (its midnight) or a date and time, both in UTC where
    they name no zone, or a number of hours, days or weeks (``7d``); ``exclude-newer-override`` has
    others by package, and ``false`` frees one. It takes nothing whose moment nobody tells.
    """
    special = tuple(
        (normalise(name), _pdm_gate(said, f"exclude-newer-override ({where})"))
        for name, said in by_package.items()
    )
    return Gates(general=_pdm_gate(newer, f"exclude-newer ({where})"), special=special)


def _pdm_gate(said: object, by: str) -> Gate | None:
    if not isinstance(said, str):
        return None
    if length := _PDM_LENGTH.fullmatch(said):
        return Gate(age=int(length[1]) * _UNITS[length[2]], by=by, is_strict=True)
    try:
        moment = datetime.fromisoformat(said.upper().replace("Z", "+00:00"))
        before = (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return Gate(before=before, by=by, is_strict=True)


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


def freed(gate: Gate | None, urls: Iterable[str]) -> Gate | None:
    """*gate* without what comes from the indexes at *urls*."""
    return gate and replace(gate, by_registry=tuple((url, None) for url in urls))


def _moment(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        return None

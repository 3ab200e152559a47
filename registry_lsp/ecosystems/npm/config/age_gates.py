"""How old a release must be, by each package manager's own setting. Pure.

Every manager counts in another unit: npm in days, pnpm and Yarn in minutes, Bun in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timezone

from registry_lsp.core.durations import seconds_of
from registry_lsp.core.gates import Gate, Gates

_DAY = 86_400.0
_MINUTE = 60.0


def npm_gates(age: str | None, before: str | None, excluded: Iterable[str], where: str) -> Gates:
    """The ``min-release-age`` of npm, in days, and its ``before``, a date; both together hold
    (``@npmcli/config``). ``min-release-age-exclude`` frees packages of the age alone. A release
    without a date passes (``npm-pick-manifest``, ``isBefore``).
    """
    days, moment = _number(age), _moment(before)
    by = f"{'min-release-age' if days else 'before'} ({where})"
    free = Gate(before=moment, by=f"before ({where})") if moment is not None else None
    if not days and moment is None:
        return Gates()
    general = Gate(age=days * _DAY if days else None, before=moment, by=by)
    return Gates(general=general, special=tuple((name, free) for name in excluded))


def pnpm_gates(
    age: object,
    excluded: Iterable[str],
    where: str,
    *,
    is_lenient: bool = False,
    is_strict: bool = False,
    is_whole: bool = False,
) -> Gates:
    """The ``minimumReleaseAge`` of pnpm, in minutes. Among the *excluded* are names, patterns, and
    names with the versions that pass (``webpack@4.47.0 || 5.102.1``). Of releases whose date
    nobody tells *is_strict* and *is_whole* say, as in :class:`~registry_lsp.core.gates.Gate`,
    what it makes, and *is_lenient* whether it takes what is too new where nothing else matches.
    """
    minutes = _number(age)
    if not minutes:
        return Gates()
    by = f"minimumReleaseAge ({where})"
    general = Gate(
        age=minutes * _MINUTE,
        by=by,
        is_lenient=is_lenient,
        is_strict=is_strict,
        is_whole=is_whole,
    )
    special: dict[str, Gate | None] = {}
    for each in excluded:
        name, at, versions = each[1:].partition("@")
        name = each[:1] + name
        before = special.get(name, general)
        if not at or before is None:
            special[name] = None
            continue
        exempt = tuple(version.strip() for version in versions.split("||"))
        special[name] = replace(before, exempt=(*before.exempt, *exempt))
    return Gates(general=general, special=tuple(special.items()))


def yarn_gates(
    age: object, approved: Iterable[str], by_scope: Mapping[str, object], where: str
) -> Gates:
    """Yarn's ``npmMinimalAgeGate``: minutes, or a text with a unit (``3d``); a scope may have its
    own. ``npmPreapprovedPackages`` are names, patterns, and descriptors (``name@^1.2.3``), whose
    range is not looked at here: what it would free stays held. A release without a date is too new.
    """
    by = f"npmMinimalAgeGate ({where})"

    def gate(said: object) -> Gate | None:
        seconds = _minutes_or_text(said)
        return Gate(age=seconds, by=by, is_strict=True) if seconds else None

    free = tuple((each, None) for each in approved if "@" not in each[1:])
    scopes = tuple((f"@{scope}/*", gate(said)) for scope, said in by_scope.items())
    return Gates(general=gate(age), special=(*free, *scopes))


def bun_gates(age: object, excluded: Iterable[str], where: str) -> Gates:
    """Bun's ``install.minimumReleaseAge``, in seconds; the *excluded* are whole names. A release
    without a date passes.
    """
    seconds = _number(age)
    if not seconds:
        return Gates()
    general = Gate(age=seconds, by=f"install.minimumReleaseAge ({where})")
    return Gates(general=general, special=tuple((name, None) for name in excluded))


def _minutes_or_text(said: object) -> float | None:
    minutes = _number(said)
    if minutes is not None:
        return minutes * _MINUTE
    return seconds_of(said) if isinstance(said, str) else None


def _number(said: object) -> float | None:
    """A number that is no less than nothing, however it is written."""
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    try:
        number = float(said)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 1e12 else None


def _moment(said: str | None) -> float | None:
    """A date as JavaScript reads it: without a time it is midnight in UTC."""
    if not said:
        return None
    text = said.strip().replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    is_date = len(text) == len("2024-01-31")
    zoned = moment.replace(tzinfo=timezone.utc) if is_date else moment.astimezone()
    return zoned.timestamp()

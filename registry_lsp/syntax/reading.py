"""How the scanners of JSON, TOML and YAML read alike: twice, where once is not enough."""

from __future__ import annotations

import re
from typing import Protocol, TypeVar

MAX_DEPTH = 1000
"""How deep tables and arrays may nest: what lies deeper is not read, nor what follows it."""

_WIDEST_INDENT = 64

T_co = TypeVar("T_co", covariant=True)


class DamageError(Exception):
    """The first reading has met what no valid document holds."""


class Reading(Protocol[T_co]):
    """One reading of a text.

    One that is ``trusting`` believes the brackets and quotes, and raises :class:`DamageError`
    where they cannot be right; one that is not knows that, believes the layout and never raises.
    """

    def __call__(self, *, trusting: bool) -> T_co:
        """What the text says."""
        ...


def read_twice(reading: Reading[T_co]) -> T_co:
    """What a trusting reading says; where it meets damage, what one says that is not."""
    try:
        return reading(trusting=True)
    except DamageError:
        return reading(trusting=False)


def column(text: str, at: int) -> int | None:
    """The column of the offset *at* where only blanks stand before it on its line.

    None where something else does, or more blanks than anybody indents by.
    """
    before = text[max(0, at - _WIDEST_INDENT) : at]
    rest = before.rstrip(" \t")
    if rest.endswith(("\n", "\r")) or (not rest and at < _WIDEST_INDENT):
        return len(before) - len(rest)
    return None


def end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where the match of *pattern* at the offset *at* ends: at *at* itself where there is none."""
    match = pattern.match(text, at)
    return at if match is None else match.end()


def line_at(text: str, offset: int) -> tuple[int, int]:
    """Where the line of *offset* begins and ends."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    ends = [at for at in (text.find("\n", offset), text.find("\r", offset)) if at >= 0]
    return start, min(ends, default=len(text))

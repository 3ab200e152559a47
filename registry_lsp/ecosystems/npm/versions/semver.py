"""Semantic versions, as npm's ``semver`` package reads and sorts them.

It reads in two ways. *Strict* is SemVer 2.0.0 with an optional ``v`` before the version; *loose*
also takes ``=``, leading zeros and a prerelease without its hyphen, and is how npm reads
dependencies and the versions of a registry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

SPACES = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript, and so npm, trims as white space: not the same set as Python's."""

LONGEST_VERSION = 256
"""The most characters of a version, white space around it included."""

_MAX_SAFE_INTEGER = 2**53 - 1

Identifier: TypeAlias = int | str
SortKey: TypeAlias = tuple[int, int, int, bool, tuple[tuple[int, float | str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """Patterns of a version's parts. None groups anything, unless it says so.

    The counts bound what a pattern may take, so that hostile text costs linear time.
    """

    number: str
    patch: str
    """A number that a prerelease may follow."""
    prerelease: str
    """With its hyphen; groups the identifiers."""
    prefix: str
    """What may stand before the numbers."""

    @property
    def version(self) -> str:
        """A whole version; groups the three numbers and the prerelease."""
        release = rf"({self.number})\.({self.number})\.({self.patch})"
        return rf"{self.prefix}{release}(?:{self.prerelease})?(?:{BUILD})?"


BUILD = r"\+[0-9A-Za-z-]{1,250}(?:\.[0-9A-Za-z-]{1,250})*"
_WORD = r"[0-9]{0,256}[A-Za-z-][0-9A-Za-z-]{0,250}"
_NUMBER = r"0|[1-9][0-9]{0,256}"
_DIGITS = r"[0-9]{1,256}"
_LOOSE_PREFIX = f"[v={SPACES}]*"

STRICT = Syntax(
    number=_NUMBER,
    patch=_NUMBER,
    prerelease=rf"-((?:{_WORD}|{_NUMBER})(?:\.(?:{_WORD}|{_NUMBER}))*)",
    prefix="v?",
)
LOOSE = Syntax(
    number=_DIGITS,
    # Where a dot follows the digits, the last of them begins a prerelease: 1.2.34.5 is 1.2.3-4.5.
    patch=rf"{_DIGITS}(?![0-9.])|{_DIGITS}(?=[0-9]\.)",
    prerelease=rf"-?((?:{_WORD}|{_DIGITS})(?:\.(?:{_WORD}|{_DIGITS}))*)",
    prefix=_LOOSE_PREFIX,
)

_STRICT_VERSION = re.compile(STRICT.version)
_LOOSE_VERSION = re.compile(LOOSE.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version without its build metadata, which says nothing about order or identity."""

    major: int
    minor: int
    patch: int
    prerelease: tuple[Identifier, ...] = ()
    key: SortKey = field(init=False, repr=False, compare=False)
    """Sorts versions as npm does.

    Numeric identifiers beyond 2**53 compare as floating-point numbers, as JavaScript has it.
    """

    def __post_init__(self) -> None:
        identifiers = tuple(map(_identifier_key, self.prerelease))
        key = (self.major, self.minor, self.patch, not identifiers, identifiers)
        object.__setattr__(self, "key", key)

    def __str__(self) -> str:
        release = f"{self.major}.{self.minor}.{self.patch}"
        if not self.prerelease:
            return release
        return f"{release}-{'.'.join(map(str, self.prerelease))}"

    @property
    def release(self) -> tuple[int, int, int]:
        """The three numbers."""
        return self.major, self.minor, self.patch


def parse_version(text: str, *, loose: bool = False) -> Version | None:
    """The version that *text* is, white space around it aside; None where it is none."""
    if len(text) > LONGEST_VERSION:
        return None
    return _parse(text.strip(SPACES), loose)


def compare(one: Version, other: Version) -> int:
    """-1, 0 or 1, as *one* is below, at or above *other*."""
    return (one.key > other.key) - (one.key < other.key)


@lru_cache(maxsize=32_768)
def _parse(text: str, loose: bool) -> Version | None:  # noqa: FBT001 - a part of the cache's key
    match = (_LOOSE_VERSION if loose else _STRICT_VERSION).fullmatch(text)
    if match is None:
        return None
    major, minor, patch = (int(digits) for digits in match.group(1, 2, 3))
    if max(major, minor, patch) > _MAX_SAFE_INTEGER:
        return None
    identifiers = match[4].split(".") if match[4] else ()
    return Version(
        major=major, minor=minor, patch=patch, prerelease=tuple(map(_identifier, identifiers))
    )


def _identifier(text: str) -> Identifier:
    if not text.isdecimal():
        return text
    number = int(text)
    return number if number < _MAX_SAFE_INTEGER else text


def _identifier_key(identifier: Identifier) -> tuple[int, float | str]:
    if isinstance(identifier, int):
        return 0, identifier
    return (0, float(identifier)) if identifier.isdecimal() else (1, identifier)

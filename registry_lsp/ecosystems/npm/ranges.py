"""Ranges of versions, as npm's ``semver`` package reads them.

A range is read the way npm reads it, by turning text into simpler text: hyphens, carets, tildes
and wildcards become comparators. That is what gives half-readable ranges the meaning that npm
gives them, so it is kept.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from registry_lsp.ecosystems.npm.semver import (
    BUILD,
    LONGEST_VERSION,
    LOOSE,
    SPACES,
    STRICT,
    SortKey,
    Syntax,
    Version,
    parse_version,
)

LONGEST_RANGE = 4096
"""The most characters of a range. npm knows no limit; nobody writes one of this length."""

PARTIAL_PREFIX = "[v= ]*"
_NEVER = "<0.0.0-0"
_FLOAT_NOTATION = 1e21  # from here on JavaScript writes a number as 1e+21, which no version is


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparator:
    """One bound: an operator (``<``, ``<=``, ``>``, ``>=``, or empty for equality), a version."""

    operator: str
    version: Version

    def __str__(self) -> str:
        return f"{self.operator}{self.version}"

    def admits(self, version: Version) -> bool:
        """Whether *version* lies on the right side of the bound."""
        return _COMPARE[self.operator](version.key, self.version.key)


_COMPARE: MappingProxyType[str, Callable[[SortKey, SortKey], bool]] = MappingProxyType(
    {
        "": operator.eq,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Alternatives, of which one must hold; all comparators of an alternative hold together.

    An alternative without comparators admits everything.
    """

    alternatives: tuple[tuple[Comparator, ...], ...]
    include_prerelease: bool = False

    def __str__(self) -> str:
        return "||".join(" ".join(map(str, each)) for each in self.alternatives) or "*"

    def admits(self, version: Version) -> bool:
        """Whether *version* satisfies the range.

        A prerelease does only where a comparator names a prerelease of the same three numbers,
        unless the range includes all prereleases.
        """
        return any(self._holds(each, version) for each in self.alternatives)

    def _holds(self, comparators: tuple[Comparator, ...], version: Version) -> bool:
        if not all(each.admits(version) for each in comparators):
            return False
        if not version.prerelease or self.include_prerelease:
            return True
        return any(
            each.version.prerelease and each.version.release == version.release
            for each in comparators
        )


def parse_range(
    text: str, *, loose: bool = False, include_prerelease: bool = False
) -> Range | None:
    """The range that *text* is; None where it is none.

    Loose, what is no comparator is passed over, as long as something remains.
    """
    if len(text) > LONGEST_RANGE:
        return None
    return _parse(text, loose, include_prerelease)


def satisfies(
    version: str, range_text: str, *, loose: bool = False, include_prerelease: bool = False
) -> bool:
    """Whether *version* satisfies the range; what cannot be read does not."""
    parsed = parse_range(range_text, loose=loose, include_prerelease=include_prerelease)
    candidate = parse_version(version, loose=loose)
    return parsed is not None and candidate is not None and parsed.admits(candidate)


def max_satisfying(versions: Iterable[str], wanted: Range, *, loose: bool = False) -> str | None:
    """The greatest of *versions* that *wanted* admits, the first of equal ones; or None."""
    best: tuple[SortKey, str] | None = None
    for text in versions:
        version = parse_version(text, loose=loose)
        if version is None or not wanted.admits(version):
            continue
        if best is None or version.key > best[0]:
            best = version.key, text
    return best[1] if best else None


def min_version(wanted: Range) -> Version | None:
    """The least version that *wanted* admits; None where it admits none."""
    zero = Version(major=0, minor=0, patch=0)
    least = Version(major=0, minor=0, patch=0, prerelease=(0,))
    for version in (zero, least):
        if wanted.admits(version):
            return version
    floors = [floor for each in wanted.alternatives if (floor := _floor(each)) is not None]
    lowest = min(floors, key=lambda version: version.key, default=None)
    return lowest if lowest is not None and wanted.admits(lowest) else None


def _floor(comparators: tuple[Comparator, ...]) -> Version | None:
    bounds = (_least(each) for each in comparators if not each.operator.startswith("<"))
    return max(bounds, key=lambda version: version.key, default=None)


def _least(comparator: Comparator) -> Version:
    version = comparator.version
    if comparator.operator != ">":
        return version
    if version.prerelease:
        after, patch = (*version.prerelease, 0), version.patch
    else:
        after, patch = (), version.patch + 1
    return Version(major=version.major, minor=version.minor, patch=patch, prerelease=after)


# --- reading ----------------------------------------------------------------------------------


class _UnreadableError(ValueError):
    """The range is none."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    caret: re.Pattern[str]
    tilde: re.Pattern[str]
    wildcard: re.Pattern[str]
    hyphen: re.Pattern[str]
    comparator: re.Pattern[str]


def _patterns(syntax: Syntax) -> _Patterns:
    def part(number: str) -> str:
        return rf"({number}|[xX*])"

    third = rf"{part(syntax.patch)}(?:{syntax.prerelease})?(?:{BUILD})?"
    partial = rf"{PARTIAL_PREFIX}{part(syntax.number)}(?:\.{part(syntax.number)}(?:\.{third})?)?"
    return _Patterns(
        caret=re.compile(rf"\^{partial}"),
        tilde=re.compile(rf"~>?{partial}"),
        wildcard=re.compile(rf"([<>]?=?){partial}"),
        hyphen=re.compile(rf" ?({partial}) - ({partial}) ?"),
        comparator=re.compile(rf"([<>]?=?) ?({syntax.version})"),
    )


_STRICT, _LOOSE = _patterns(STRICT), _patterns(LOOSE)
_SPACE = re.compile(f"[{SPACES}]+")
_SPACED = re.compile(" +")
_ANY_BUILD = re.compile(r"\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*")
_STAR = re.compile(r"[<>]?=?\*")
_SPACED_TILDE = re.compile(r"~>? ")
_SPACED_CARET = re.compile(r"\^ ")
_SPACED_OPERATOR = re.compile(r"( ?[<>]?=?) ")
# An operator or prefix, and the version after it: the whole version, as it may hold a 'v' that
# is not to be taken for the prefix of a next one.
_OPERAND = re.compile(
    rf"[<>]?{PARTIAL_PREFIX}("
    rf"[0-9]{{1,256}}\.[0-9]{{1,256}}\.[0-9]{{1,256}}(?:{LOOSE.prerelease})?(?:{BUILD})?"
    rf"|(?:{STRICT.number}|[xX*])(?:\.(?:{STRICT.number}|[xX*])"
    rf"(?:\.(?:{STRICT.number}|[xX*])(?:{STRICT.prerelease})?(?:{BUILD})?)?)?"
    rf")?"
)


@lru_cache(maxsize=4096)
def _parse(
    text: str,
    loose: bool,  # noqa: FBT001 - a part of the cache's key
    include_prerelease: bool,  # noqa: FBT001 - as above
) -> Range | None:
    lowest = "-0" if include_prerelease else ""
    patterns = _LOOSE if loose else _STRICT
    parts = _SPACE.sub(" ", text.strip(SPACES)).split("||")
    try:
        read = [_alternative(part.strip(" "), patterns, lowest) for part in parts]
    except _UnreadableError:
        return None
    alternatives = [each for each in read if each is not None]
    if not alternatives:
        return None
    if len(alternatives) > 1:
        possible = [each for each in alternatives if not _is_never(each)]
        alternatives = possible or alternatives[:1]
    if () in alternatives:
        alternatives = [()]
    return Range(alternatives=tuple(alternatives), include_prerelease=include_prerelease)


def _is_never(comparators: tuple[Comparator, ...]) -> bool:
    return bool(comparators) and str(comparators[0]) == _NEVER


def _alternative(text: str, patterns: _Patterns, lowest: str) -> tuple[Comparator, ...] | None:
    """The comparators of what stands between two ``||``; None where nothing can be read."""
    text = _ANY_BUILD.sub("", text)
    hyphen = patterns.hyphen.fullmatch(text)
    if hyphen is not None:
        text = _hyphen(hyphen, lowest)
    text = _OPERAND.sub(_join_operator, text)
    text = _SPACED_CARET.sub("^", _SPACED_TILDE.sub("~", text))
    expanded = " ".join(_expand(word, patterns, lowest) for word in text.split(" "))
    any_version = f">=0.0.0{lowest}"
    found: dict[str, Comparator] = {}
    admits_all = False
    for clause in _SPACED.split(expanded):
        if clause in {"", any_version}:
            admits_all = True
            continue
        comparator = _comparator(clause, patterns)
        if comparator is not None:
            found[str(comparator)] = comparator
    if _NEVER in found:
        return (found[_NEVER],)
    return tuple(found.values()) if admits_all or found else None


def _comparator(clause: str, patterns: _Patterns) -> Comparator | None:
    """The comparator that *clause* is; None for what loose reading passes over."""
    match = patterns.comparator.fullmatch(clause)
    if match is None:
        if patterns is _LOOSE and len(clause) <= LONGEST_VERSION:
            return None
        raise _UnreadableError
    version = parse_version(match[2], loose=patterns is _LOOSE)
    if version is None:
        raise _UnreadableError
    return Comparator(operator="" if match[1] == "=" else match[1], version=version)


def _join_operator(match: re.Match[str]) -> str:
    """``> 1`` as ``>1``."""
    return match[0] if match[1] is None else _SPACED_OPERATOR.sub(r"\1", match[0], count=1)


# --- from shorthand to comparators ------------------------------------------------------------


def _is_x(part: str | None) -> bool:
    return part is None or part in {"x", "X", "*"}


def _next(number: str) -> str:
    """The number after *number*, as JavaScript writes it: empty for what no version can hold."""
    return "" if float(number) + 1 >= _FLOAT_NOTATION else str(int(number) + 1)


def _expand(word: str, patterns: _Patterns, lowest: str) -> str:
    """*word* as comparators, parted by a space; what is no shorthand stays as it is."""
    if len(word) > LONGEST_VERSION:
        return word
    if match := patterns.caret.fullmatch(word):
        return _caret(match, lowest)
    if match := patterns.tilde.fullmatch(word):
        return _tilde(match, lowest)
    if match := patterns.wildcard.fullmatch(word):
        word = _wildcard(match, lowest)
    return _STAR.sub("", word, count=1)


def _caret(match: re.Match[str], lowest: str) -> str:
    major, minor, patch, prerelease = match.groups()
    if _is_x(major):
        return ""
    if _is_x(minor):
        return _within(major, minor, lowest)
    ceiling = f"{_next(major)}.0.0-0" if major != "0" else f"0.{_next(minor)}.0-0"
    if _is_x(patch):
        return f">={major}.{minor}.0{lowest} <{ceiling}"
    if major == "0" and minor == "0":
        ceiling = f"0.0.{_next(patch)}-0"
    return f">={_exactly(major, minor, patch, prerelease)} <{ceiling}"


def _tilde(match: re.Match[str], lowest: str) -> str:
    major, minor, patch, prerelease = match.groups()
    if _is_x(major):
        return ""
    if _is_x(minor) or _is_x(patch):
        return _within(major, minor, lowest)
    return f">={_exactly(major, minor, patch, prerelease)} <{major}.{_next(minor)}.0-0"


def _within(major: str, minor: str | None, lowest: str) -> str:
    """All versions of one major or, where *minor* is a number, of one minor line."""
    if minor is None or _is_x(minor):
        return f">={major}.0.0{lowest} <{_next(major)}.0.0-0"
    return f">={major}.{minor}.0{lowest} <{major}.{_next(minor)}.0-0"


def _exactly(major: str, minor: str, patch: str, prerelease: str | None) -> str:
    return f"{major}.{minor}.{patch}" + (f"-{prerelease}" if prerelease else "")


def _wildcard(match: re.Match[str], lowest: str) -> str:
    sign, major, minor, patch, _ = match.groups()
    if (_is_x(major) and not _is_x(minor)) or (_is_x(minor) and not _is_x(patch)):
        return match[0]
    if _is_x(major):
        return _NEVER if sign in {"<", ">"} else "*"
    if not _is_x(patch):
        return match[0]
    if sign in {"", "="}:
        return _within(major, minor, lowest)
    # What lies beyond the whole of 1.x is at least, or below, the next: >1.x is >=2.0.0.
    beyond = sign in {">", "<="}
    if _is_x(minor):
        floor = f"{_next(major) if beyond else major}.0.0"
    else:
        floor = f"{major}.{_next(minor) if beyond else minor}.0"
    return f"<{floor}-0" if sign.startswith("<") else f">={floor}{lowest}"


def _hyphen(match: re.Match[str], lowest: str) -> str:
    first, major, minor, patch, prerelease = match.group(1, 2, 3, 4, 5)
    if _is_x(major):
        floor = ""
    elif _is_x(minor):
        floor = f">={major}.0.0{lowest}"
    elif _is_x(patch):
        floor = f">={major}.{minor}.0{lowest}"
    else:
        floor = f">={first}" + ("" if prerelease else lowest)
    last, major, minor, patch, prerelease = match.group(6, 7, 8, 9, 10)
    if _is_x(major):
        ceiling = ""
    elif _is_x(minor):
        ceiling = f"<{_next(major)}.0.0-0"
    elif _is_x(patch):
        ceiling = f"<{major}.{_next(minor)}.0-0"
    elif prerelease:
        ceiling = f"<={major}.{minor}.{patch}-{prerelease}"
    elif lowest:
        ceiling = f"<{major}.{minor}.{_next(patch)}-0"
    else:
        ceiling = f"<={last}"
    return f"{floor} {ceiling}".strip()

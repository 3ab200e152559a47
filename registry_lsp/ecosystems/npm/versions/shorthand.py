"""What stands for comparators in an npm range: hyphens, carets, tildes and wildcards.

They are spelled out the way npm does it, by turning text into simpler text. That is what gives
half-readable ranges the meaning that npm gives them, so it is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry_lsp.ecosystems.npm.versions.semver import BUILD, LOOSE, STRICT, Syntax

NEVER = "<0.0.0-0"
"""The comparator that nothing satisfies."""

_PREFIX = "[v= ]*"
_FLOAT_NOTATION = 1e21  # from here on JavaScript writes a number as 1e+21, which no version is


@dataclass(frozen=True, slots=True)
class Shorthand:
    """The patterns of one way of reading, strict or loose; all match whole texts."""

    caret: re.Pattern[str]
    tilde: re.Pattern[str]
    wildcard: re.Pattern[str]
    hyphen: re.Pattern[str]

    def spell_out(self, text: str, lowest: str) -> list[str]:
        """The comparators' texts of what stands between two ``||``, an empty one for 'any'.

        *text* has single spaces for white space; *lowest* is what is put behind a lower bound:
        ``-0`` where all prereleases are included. What is no shorthand stays as it is.
        """
        text = _ANY_BUILD.sub("", text)
        hyphen = self.hyphen.fullmatch(text)
        if hyphen is not None:
            text = _hyphen(hyphen, lowest)
        text = _OPERAND.sub(_join_operator, text)
        text = _SPACED_CARET.sub("^", _SPACED_TILDE.sub("~", text))
        clauses = _SPACED.split(" ".join(self._word(word, lowest) for word in text.split(" ")))
        any_version = f">=0.0.0{lowest}"
        return ["" if clause == any_version else clause for clause in clauses]

    def _word(self, word: str, lowest: str) -> str:
        if match := self.caret.fullmatch(word):
            return _caret(match, lowest)
        if match := self.tilde.fullmatch(word):
            return _tilde(match, lowest)
        if match := self.wildcard.fullmatch(word):
            word = _wildcard(match, lowest)
        return _STAR.sub("", word, count=1)


def _shorthand(syntax: Syntax) -> Shorthand:
    def part(number: str) -> str:
        return rf"({number}|[xX*])"

    third = rf"{part(syntax.patch)}(?:{syntax.prerelease})?(?:{BUILD})?"
    partial = rf"{_PREFIX}{part(syntax.number)}(?:\.{part(syntax.number)}(?:\.{third})?)?"
    return Shorthand(
        caret=re.compile(rf"\^{partial}"),
        tilde=re.compile(rf"~>?{partial}"),
        wildcard=re.compile(rf"([<>]?=?){partial}"),
        hyphen=re.compile(rf" ?({partial}) - ({partial}) ?"),
    )


STRICT_SHORTHAND, LOOSE_SHORTHAND = _shorthand(STRICT), _shorthand(LOOSE)

_SPACED = re.compile(" +")
_ANY_BUILD = re.compile(r"\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*")
_STAR = re.compile(r"[<>]?=?\*")
_SPACED_TILDE = re.compile(r"~>? ")
_SPACED_CARET = re.compile(r"\^ ")
_SPACED_OPERATOR = re.compile(r"\A((?: |(?! ))[<>]?=?) ")
# An operator or prefix, and the version after it: the whole version, as it may hold a 'v' that
# is not to be taken for the prefix of a next one.
_OPERAND = re.compile(
    rf"[<>]?{_PREFIX}("
    rf"[0-9]{{1,256}}\.[0-9]{{1,256}}\.[0-9]{{1,256}}(?:{LOOSE.prerelease})?(?:{BUILD})?"
    rf"|(?:{STRICT.number}|[xX*])(?:\.(?:{STRICT.number}|[xX*])"
    rf"(?:\.(?:{STRICT.number}|[xX*])(?:{STRICT.prerelease})?(?:{BUILD})?)?)?"
    rf")?"
)


def _join_operator(match: re.Match[str]) -> str:
    """``> 1`` as ``>1``."""
    return match[0] if match[1] is None else _SPACED_OPERATOR.sub(r"\1", match[0])


def _is_x(part: str | None) -> bool:
    return part is None or part in {"x", "X", "*"}


def _next(number: str) -> str:
    """The number after *number*, as JavaScript writes it: empty for what no version can hold."""
    return "" if float(number) + 1 >= _FLOAT_NOTATION else str(int(number) + 1)


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
        return NEVER if sign in {"<", ">"} else "*"
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

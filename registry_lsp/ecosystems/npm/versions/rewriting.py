"""A specifier for another version, as its author would have written it."""

from __future__ import annotations

import re

from registry_lsp.ecosystems.npm.versions.ranges import LONGEST_RANGE, parse_range
from registry_lsp.ecosystems.npm.versions.semver import SPACES, Version, parse_version

_GAP = f"[{SPACES}]*"
_PART = r"[0-9]+|[xX*]"
_WORD = re.compile(
    rf"(?P<sign>\^|~>?|[<>]?=?)(?P<gap>{_GAP})(?P<prefix>[v=]*)"
    rf"(?P<numbers>(?:{_PART})(?:\.(?:{_PART})){{0,2}})(?P<tail>[-+0-9A-Za-z.]*)"
)
_HYPHEN = re.compile(rf"(.*[^{SPACES}])([{SPACES}]+-[{SPACES}]+)(.+)")
_OR = re.compile(rf"{_GAP}\|\|{_GAP}")


def rewrite(specifier: str, version: str) -> str:
    """*specifier* for *version*, which it then admits: operator, precision and spacing are kept.

    - ``^1.2.3``, ``~1.2``, ``1.x``, ``v1.2.3``, ``>=1.2`` move to the version: ``~2.0``, ``2.x``.
    - Of several comparators the floor moves too, and a ceiling rises only where it has to:
      ``>=1.2 <2`` becomes ``>=2.0 <3``. A hyphen range keeps its floor: ``1.0 - 2.3``.
    - Alternatives get one more, in the style of the last: ``^1 || ^2`` gets ``|| ^3``.
    - What admits the version and names no number (``*``) stays.
    - A prerelease is always written whole: ``1.x`` becomes ``^2.0.0-beta.1``.
    - All else, an empty specifier and a dist-tag among it, becomes a caret range.

    *version* itself is what comes back where it is no version.
    """
    target = parse_version(version, loose=True)
    if target is None:
        return version
    if len(specifier) <= LONGEST_RANGE:
        rewritten = _rewrite(specifier.strip(SPACES), target)
        if rewritten is not None and _admits(rewritten, target):
            return rewritten
    caret = f"^{target}"
    return caret if _admits(caret, target) else str(target)


def widen(specifier: str, version: str) -> str | None:
    """*specifier* so that it admits *version* too, in its own style; None where it cannot.

    - Of several comparators the ceiling rises: ``>=1.2 <2`` becomes ``>=1.2 <3``; of a hyphen
      range too: ``1.0 - 2.3``.
    - All else gets an alternative more: ``^1.2`` becomes ``^1.2 || ^2.0``.
    """
    target = parse_version(version, loose=True)
    text = specifier.strip(SPACES)
    if target is None or not text or len(specifier) > LONGEST_RANGE:
        return None
    if _OR.search(text) is None:
        raised = rewrite(text, version) if _HYPHEN.fullmatch(text) else _raised(text, target)
        if raised != text and _admits(raised, target):
            return raised
    separator = (_OR.findall(text) or [" || "])[-1]
    last = _OR.split(text)[-1]
    widened = f"{text}{separator}{_alternative(last, target) or f'^{target}'}"
    return widened if _admits(widened, target) else None


def _raised(text: str, target: Version) -> str:
    """*text*, the ceilings that shut *target* out being above it."""

    def comparator(word: re.Match[str]) -> str:
        return _comparator(word, target) if word["sign"] in {"<", "<="} else word[0]

    return _WORD.sub(comparator, text)


def _admits(text: str, target: Version, *, include_prerelease: bool = False) -> bool:
    parsed = parse_range(text, loose=True, include_prerelease=include_prerelease)
    return parsed is not None and parsed.admits(target)


def _rewrite(text: str, target: Version) -> str | None:
    separators = _OR.findall(text)
    if not separators:
        return _alternative(text, target)
    if _admits(text, target):
        return text
    last = _OR.split(text)[-1]
    return f"{text}{separators[-1]}{_alternative(last, target) or f'^{target}'}"


def _alternative(text: str, target: Version) -> str | None:
    """What stands between two ``||``; None where it cannot be rewritten in its own style."""
    hyphen = _HYPHEN.fullmatch(text)
    if hyphen is not None:
        floor, ceiling = _WORD.fullmatch(hyphen[1]), _WORD.fullmatch(hyphen[3])
        if floor is None or ceiling is None:
            return None
        first = floor[0] if _holds(">=", floor, target) else _moved(floor, target)
        last = ceiling[0] if _holds("<=", ceiling, target) else _moved(ceiling, target)
        return f"{first}{hyphen[2]}{last}"
    if not text or _WORD.sub("", text).strip(SPACES):
        return None
    return _WORD.sub(lambda word: _comparator(word, target), text)


def _comparator(word: re.Match[str], target: Version) -> str:
    sign = word["sign"]
    is_bound = sign in {"<", "<=", ">"}
    if not word["numbers"].strip("xX*.") or (is_bound and _holds(sign, word, target)):
        return word[0]
    if sign == "<":
        return f"<{word['gap']}{word['prefix']}{_above(word, target)}"
    if sign == ">":
        sign = ">="
    if target.prerelease and sign in {"", "="} and not _is_whole(word):
        return f"{'~' if '.' in word['numbers'].rstrip('xX*.') else '^'}{target}"
    return f"{sign}{word['gap']}{_moved(word, target)}"


def _holds(sign: str, word: re.Match[str], target: Version) -> bool:
    """Whether the bound *sign* before the word's version leaves *target* in."""
    bound = f"{sign}{word['numbers']}{word['tail']}"
    return _admits(bound, target, include_prerelease=True)


def _is_whole(word: re.Match[str]) -> bool:
    return all(part.isdecimal() for part in _parts(word)) and len(_parts(word)) == 3


def _parts(word: re.Match[str]) -> list[str]:
    return word["numbers"].split(".")


def _moved(word: re.Match[str], target: Version) -> str:
    """The word's prefix and numbers for *target*: as many as there were, wildcards kept."""
    if target.prerelease:
        return f"{word['prefix']}{target}"
    numbers = zip(_parts(word), target.release, strict=False)
    return word["prefix"] + ".".join(
        str(number) if part.isdecimal() else part for part, number in numbers
    )


def _above(word: re.Match[str], target: Version) -> str:
    """The first ceiling above *target* that is as round as the word's: after 2.0 comes 3.0."""
    parts = _parts(word)
    place = max((at for at, part in enumerate(parts) if part.strip("0xX*")), default=0)
    numbers = [*target.release[:place], target.release[place] + 1, 0, 0]
    written = (
        str(number) if part.isdecimal() else part
        for part, number in zip(parts, numbers, strict=False)
    )
    return ".".join(written) + ("-0" if word["tail"] == "-0" else "")

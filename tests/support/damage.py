"""Broken texts, and what of them is allowed to be lost."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.ports.manifest import ManifestFormat

Key = TypeVar("Key")
T = TypeVar("T")
P = ParamSpec("P")

_NAMING = re.compile(r"[\w.-]|:[ \t]*$|\n[ \t\"'\[#]*(?:[\w.-]|/// )", re.MULTILINE)
_SCRIPT_METADATA = "# /// "


@dataclass(frozen=True)
class Damage:
    """One character that is missing from a text, or too much in it, at the offset ``at``."""

    at: int
    missing: str = ""
    added: str = ""

    def of(self, text: str) -> str:
        """The *text*, damaged."""
        return text[: self.at] + self.added + text[self.at + len(self.missing) :]

    def lines(self, text: str) -> tuple[int, int]:
        """The extent of the lines that it is done to: both where it joins two, and all of those
        that backslashes make one.
        """
        start = text.rfind("\n", 0, self.at) + 1
        while text.endswith("\\\n", 0, start):
            start = text.rfind("\n", 0, start - 1) + 1
        end = _line_end(text, self.at + len(self.missing))
        while text.endswith("\\", 0, end) and end < len(text):
            end = _line_end(text, end + 1)
        return start, end

    def is_done_to_a_name(self, text: str) -> bool:
        """Whether what is missing is of what may name a section: a letter of it, the line break
        before it, a colon that ends its line, the marks around it in a script.
        """
        if text.startswith(_SCRIPT_METADATA, text.rfind("\n", 0, self.at) + 1):
            return True
        return bool(self.missing and _NAMING.match(text, self.at))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def deletions(text: str) -> Iterator[Damage]:
    """Every damage that a missing character of *text* can be."""
    return (Damage(at, missing=text[at]) for at in range(len(text)))


def insertions(text: str, characters: str) -> Iterator[Damage]:
    """At every place of *text* the damage that one more of *characters* is, each in its turn."""
    return (Damage(at, added=characters[at % len(characters)]) for at in range(len(text) + 1))


def found(format: ManifestFormat, text: str) -> dict[tuple[object, ...], Dependency]:
    """The dependencies of *text* by what they say, wherever they stand, and by the number of
    those before them that say the same.
    """
    said: dict[tuple[object, ...], Dependency] = {}
    counts: Counter[tuple[object, ...]] = Counter()
    for each in format.parse(text).dependencies:
        name = each.display_name or each.target
        key = (each.section, name, each.name, each.specifier)
        said[(*key, counts[key])] = each
        counts[key] += 1
    return said


def lost(
    damage: Damage,
    text: str,
    whole: Mapping[Key, Dependency],
    rest: Mapping[Key, Dependency],
) -> set[Key]:
    """What of the *whole* text is not among the *rest*, though *damage* does not lie on any line
    of it.
    """
    start, end = damage.lines(text)
    return {
        key for key, each in whole.items() if key not in rest and not _touches(each, start, end)
    }


def gained(
    damage: Damage,
    text: str,
    whole: Mapping[Key, Dependency],
    rest: Mapping[Key, Dependency],
) -> set[Key]:
    """What is among the *rest* and not of the *whole* text, though it is not on the lines that
    *damage* lies on.
    """
    start, end = damage.lines(text)
    end += len(damage.added) - len(damage.missing)
    return {
        key for key, each in rest.items() if key not in whole and not _touches(each, start, end)
    }


def _touches(dependency: Dependency, start: int, end: int) -> bool:
    spans = (dependency.span, dependency.name_span)
    return any(each.start <= end and start <= each.end for each in spans)


def in_steps(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, int]:
    """What *work* returns, and how many calls of functions it takes: a measure of time that no
    other process moves.
    """
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        result = work(*args, **kwargs)
    finally:
        sys.setprofile(before)
    return result, count


def lost_by_deletions(
    text: str, read: Callable[[str], Mapping[Key, tuple[int, int]]]
) -> dict[int, set[Key]]:
    """By the offset of the missing character, what *read* no longer finds without being touched.

    *read* gives what it finds in a text, each with the span that makes it up.
    """
    whole = read(text)
    lost = {}
    for damage in deletions(text):
        found = read(damage.of(text))
        missing = {
            key for key, (start, end) in whole.items() if not start <= damage.at < end
        } - found.keys()
        if missing:
            lost[damage.at] = missing
    return lost


def lost_by_prefixes(
    text: str, read: Callable[[str], Mapping[Key, tuple[int, int]]]
) -> dict[int, set[Key]]:
    """By the length of the prefix, what stands whole in it and is not found by *read*."""
    whole = read(text)
    lost = {}
    for length in range(len(text)):
        found = read(text[:length])
        missing = {key for key, (_, end) in whole.items() if end <= length} - found.keys()
        if missing:
            lost[length] = missing
    return lost

"""Broken texts, and what of them is allowed to be lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

Key = TypeVar("Key")


def deletions(text: str) -> Iterator[tuple[int, str]]:
    """Every text that lacks one character of *text*, with the offset of that character."""
    for at in range(len(text)):
        yield at, text[:at] + text[at + 1 :]


def lost_by_deletions(
    text: str, read: Callable[[str], Mapping[Key, tuple[int, int]]]
) -> dict[int, set[Key]]:
    """By the offset of the missing character, what *read* no longer finds without being touched.

    *read* gives what it finds in a text, each with the span that makes it up.
    """
    whole = read(text)
    lost = {}
    for at, broken in deletions(text):
        found = read(broken)
        missing = {key for key, (start, end) in whole.items() if not start <= at < end}
        missing -= found.keys()
        if missing:
            lost[at] = missing
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

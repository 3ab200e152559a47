"""The tags of an HTML page and their attributes, in one pass. Pure.

Index pages need no more of HTML than this. The standard library's parser takes minutes over
60 KB of ``<a `` repeated, as its time grows with the square; nothing here is read twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_OPENING = re.compile(r"<!--|<([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(
    r"[\s/]*([^\s/>=\"'][^\s/>=]*)"
    r"(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>][^\s>]*)|(?=>)))?"
)


def tags(text: str, names: frozenset[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The opening tags of these *names*, in order, each with its attributes.

    Names are lower-case, the first of an attribute's values stands, and one that has none is
    empty. What is in comments is not read, nor a tag that never ends.
    """
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        if opening[1] is None:
            # '<!-->' is a whole comment (HTML, 13.2.5.43)
            end = text.find("-->", opening.end() - 2)
            if end < 0:
                return
            at = end + len("-->")
            continue
        attributes, at = _attributes(text, opening.end())
        if at < 0:
            return
        name = opening[1].lower()
        if name in names:
            yield name, attributes


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes that start at *at*, and where their tag ends; -1 if it never does."""
    found: dict[str, str] = {}
    while (match := _ATTRIBUTE.match(text, at)) is not None:
        name, *values = match.groups()
        value = next((each for each in values if each), "")
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
        at = match.end()
    end = text.find(">", at)
    return found, end + 1 if end >= 0 else -1

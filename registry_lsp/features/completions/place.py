"""Where in a specifier a version may be put, by the cursor. Pure, and on the text as it stands.

The client wants the replaced text to touch the cursor and to lie on one line; what is replaced
is one version, so that every operator stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.text import Span

_VERSION = re.compile(r"[0-9A-Za-z*](?:[\w.*+-]|!(?!=))*")
_AHEAD = re.compile(rf"[ \t]*{_VERSION.pattern}")
_OPERATOR_BEFORE = re.compile(r"(?:[\^~<>=!]|(?<=[ \t])-(?=[ \t]))[ \t]*\Z")
_FRESH_BEFORE = re.compile(r"(?:\A|[,(|])[ \t]*\Z")
_BEHIND_BOUND = re.compile(r"[<>]=?[ \t]*[\w.*+-]*\w[ \t]+\Z")
"""Where npm and Poetry need no comma before the other bound."""
_FIRST = re.compile(rf"[\^~<>=!|]+[ \t]*{_VERSION.pattern}")
_QUOTES = ('"', "'")
_OPERATORS = frozenset("^~<>=!|")
_LINE_END = re.compile(r"[\r\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The ``span`` to replace and what of it is ``typed`` before the cursor.

    ``is_fresh`` where no operator stands before it, so that one is to be put in too.
    """

    span: Span
    typed: str
    is_fresh: bool


def place_at(text: str, dependency: Dependency, offset: int) -> Place | None:
    """Where a version may be put at the code-point *offset*; None where none may."""
    span = dependency.specifier_span
    if span is None:
        return None
    between = text[dependency.name_span.end : span.start].lstrip()
    if between.startswith("[") and between.count("[") > between.count("]"):
        return None  # an extra is being typed
    if text[offset : offset + 1] == "#":
        return None  # a comment, which needs the blank before it
    start, line = _line_of(text, span, offset)
    at = offset - start
    if "\\" in line.removesuffix("\\"):
        return None  # an escape: what it means is not what stands here
    if at == 0 and text[offset - 1 : offset] in _QUOTES and (first := _FIRST.match(line)):
        return Place(span=Span(offset, offset + first.end()), typed="", is_fresh=True)
    for match in _VERSION.finditer(line):
        if match.start() <= at <= match.end() and not _is_inside_word(line, match):
            return _replacing(line, start, match, at)
    return _inserting(line, start, at)


def _replacing(line: str, start: int, match: re.Match[str], at: int) -> Place:
    before = line[: match.start()]
    span = Span(start + match.start(), start + match.end())
    is_fresh = bool(before.strip(" \t")) and bool(_FRESH_BEFORE.search(before))
    return Place(span=span, typed=match[0][: at - match.start()], is_fresh=is_fresh)


def _inserting(line: str, start: int, at: int) -> Place | None:
    before, behind = line[:at], line[at:]
    if behind[:1] in _OPERATORS and behind[:1]:
        return None  # within an operator, or before one
    if _OPERATOR_BEFORE.search(before):
        ahead = _AHEAD.match(behind)
        length = ahead.end() if ahead is not None else 0
        return Place(span=Span(start + at, start + at + length), typed="", is_fresh=False)
    may_begin = _FRESH_BEFORE.search(before) or _BEHIND_BOUND.search(before)
    if may_begin and not behind.strip(" \t)\\"):
        return Place(span=Span(start + at, start + at), typed="", is_fresh=True)
    return None


def _line_of(text: str, span: Span, offset: int) -> tuple[int, str]:
    """The part of the specifier that stands on the cursor's line, and where it begins."""
    end = max(span.end, offset)
    start = span.start
    for match in _LINE_END.finditer(text, span.start, offset):
        start = match.end()
    found = _LINE_END.search(text, offset, end)
    return start, text[start : found.start() if found else end]


def _is_inside_word(line: str, match: re.Match[str]) -> bool:
    """Whether the match is but the end of something else, such as ``1.0`` in ``-1.0``."""
    return match.start() > 0 and line[match.start() - 1] in "-_.+"

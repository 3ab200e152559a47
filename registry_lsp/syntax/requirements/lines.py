r"""The logical lines of a requirements file, as pip cuts them, with their places in the file.

A line that ends in a backslash goes on in the next one, and a ``#`` at a line's start or behind
white space begins a comment. Lines end where :meth:`str.splitlines` ends them, which is what pip
uses.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from registry_lsp.core.text import Span

_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_SHELL_BLANK = " \t\r\n"
_WORD = re.compile(r"""(?:[^ \t\r\n'"\\]+|'[^']*'|"(?:[^"\\]|\\.)*"|\\.)+""", re.DOTALL)
_PIECE = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\]+)""", re.DOTALL)
_ESCAPED = re.compile(r"""\\(["\\])""")


class LogicalLine(NamedTuple):
    """One line without its comment and outer white space: ``text[start:end]``, never empty.

    ``text`` is the whole file, or for a continued line the lines joined; :meth:`place` leads back
    to the file. ``seams`` are, for a continued line, the offsets in ``text`` at which its pieces
    begin, and where these begin in the file.
    """

    text: str
    start: int
    end: int
    seams: tuple[tuple[int, ...], tuple[int, ...]] | None = None

    def place(self, span: Span) -> Span:
        """Where *span*, an extent of ``text``, lies in the file."""
        if self.seams is None:
            return span
        joined, placed = self.seams
        start, end = span.start, span.end
        # A start lies in the later of two pieces that meet there, an end in the earlier.
        first = 0 if len(joined) == 1 or end <= joined[1] else bisect_right(joined, start) - 1
        last = first
        if first + 1 < len(joined) and (end > joined[first + 1] or start == end):
            last = max(0, bisect_left(joined, end) - 1)
        end += placed[last] - joined[last]
        return Span(end if start == span.end else start + placed[first] - joined[first], end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as a shell reads it. ``start`` and ``end`` leave out quotes around all of it."""

    value: str
    start: int
    end: int


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """Every line of a requirements file that is neither blank nor a comment."""
    pieces: list[tuple[int, str]] = []
    at = 1 if text.startswith("\ufeff") else 0
    for raw in text[at:].splitlines(keepends=True):
        start, at = at, at + len(raw)
        if not pieces and "\\" not in raw and "#" not in raw:
            kept = raw.strip()
            if kept:
                first = start if raw[0] == kept[0] else start + len(raw) - len(raw.lstrip())
                yield LogicalLine(text, first, first + len(kept))
            continue
        body = raw.rstrip(_LINE_ENDS)
        is_comment = "#" in body and body.lstrip().startswith("#")
        if body.endswith("\\") and not is_comment:
            bare = body.rstrip("\\")
            lead = len(bare) - len(bare.lstrip("\\"))  # pip strips them from both ends
            pieces.append((start + lead, bare[lead:]))
            continue
        if pieces:
            pieces.append((start, "" if is_comment else body))
            yield from _joined(pieces)
            pieces = []
        elif not is_comment:
            yield from _trimmed(text, start, start + len(body))
    if pieces:
        yield from _joined(pieces)


def words(line: LogicalLine, start: int) -> Iterator[Word | Span]:
    """The words of *line* from the offset *start* on, split as POSIX shells split them.

    A span in place of a word covers the rest of a line whose quotation or escape is not closed.
    """
    at = start
    while at < line.end:
        if line.text[at] in _SHELL_BLANK:
            at += 1
            continue
        found = _WORD.match(line.text, at, line.end)
        if found is None or (found.end() < line.end and line.text[found.end()] not in _SHELL_BLANK):
            yield Span(at, line.end)
            return
        yield _word(found[0], at, found.end())
        at = found.end()


def _word(raw: str, start: int, end: int) -> Word:
    if "'" not in raw and '"' not in raw and "\\" not in raw:
        return Word(value=raw, start=start, end=end)
    pieces = list(_PIECE.finditer(raw))
    value = "".join(_piece_value(each) for each in pieces)
    is_quoted = len(pieces) == 1 and raw[0] in "'\"" and value == raw[1:-1]
    inset = 1 if is_quoted else 0
    return Word(value=value, start=start + inset, end=end - inset)


def _piece_value(piece: re.Match[str]) -> str:
    if piece[2] is not None:
        return _ESCAPED.sub(r"\1", piece[2])
    return piece[1] or piece[3] or piece[4] or ""


def _joined(pieces: list[tuple[int, str]]) -> Iterator[LogicalLine]:
    joined: list[int] = []
    length = 0
    for _, body in pieces:
        joined.append(length)
        length += len(body)
    seams = (tuple(joined), tuple(start for start, _ in pieces))
    yield from _trimmed("".join(body for _, body in pieces), 0, length, seams)


def _trimmed(
    text: str, start: int, end: int, seams: tuple[tuple[int, ...], tuple[int, ...]] | None = None
) -> Iterator[LogicalLine]:
    """The line that is left of ``text[start:end]`` without comment and outer white space."""
    body = text[start:end]
    body = body[: _comment(body)]
    kept = body.strip()
    if kept:
        first = start + len(body) - len(body.lstrip())
        yield LogicalLine(text, first, first + len(kept), seams)


def _comment(body: str) -> int:
    """Where the comment of a line begins, its length where it has none."""
    at = body.find("#")
    while at > 0 and not body[at - 1].isspace():
        at = body.find("#", at + 1)
    return len(body) if at < 0 else at

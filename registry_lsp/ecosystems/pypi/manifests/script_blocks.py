"""Where the block of inline script metadata stands in a Python file (PEP 723).

The rules are those of the standard's reference implementation. It finds no block where one is not
closed; here such a block is found all the same, for an editor's text is often in that state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from registry_lsp.core.text import Span

OPENING = "# /// script"
"""The first line of the block of a script."""
_CLOSING = "# ///"
_ANY_OPENING = re.compile(r"# /// [A-Za-z0-9-]+")
_COMMENT = re.compile(r"#(?: .*)?", re.DOTALL)
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_TEXT = re.compile(r"[^\r\n]+")
_MARK = re.compile(r"(?<=[\r\n])(?:# ?| )")
_MOST_BLOCKS = 8
_FARTHEST = 1000
"""Lines behind a block that is broken off in which its last line is looked for."""


class Block(NamedTuple):
    """A block of script metadata: ``opening`` is its first line, ``end`` the offset where what it
    says ends. ``is_closed`` says whether all of it is there.
    """

    opening: Span
    end: int
    is_closed: bool

    def alone(self, text: str) -> str:
        """The metadata where it stands in *text*: whatever is before it is blank but for the line
        ends, and so are the marks of its comments.
        """
        before, content = text[: self.opening.end], text[self.opening.end : self.end]
        blank = _TEXT.sub(lambda found: " " * len(found[0]), before)
        return blank + _MARK.sub(lambda found: " " * len(found[0]), content)


def script_blocks(text: str) -> tuple[Block, ...]:
    """The first few blocks of script metadata in *text*, in the order of writing."""
    if OPENING not in text:
        return ()
    lines = [Span(*found.span(1)) for found in _LINE.finditer(text)]
    return tuple(islice(_blocks(text, lines), _MOST_BLOCKS))


def _blocks(text: str, lines: Sequence[Span]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        start = at
        while at < len(lines) and _COMMENT.fullmatch(text, lines[at].start, lines[at].end):
            at += 1
        if at > start:
            yield from _in_comments(text, lines, start, at)
        at += 1


def _in_comments(text: str, lines: Sequence[Span], start: int, end: int) -> Iterator[Block]:
    """The blocks in the comment lines from *start* to *end*. A block ends with the last line of
    them that could end it, and so holds every other.
    """
    marked = [at for at in range(start, end) if text.startswith(_CLOSING, lines[at].start)]
    opening = [at for at in marked if _ANY_OPENING.fullmatch(text, *_ends(lines[at]))]
    closing = [at for at in marked if lines[at].slice(text) == _CLOSING]
    if opening and closing and opening[0] < closing[-1]:
        if lines[opening[0]].slice(text) == OPENING:
            yield Block(lines[opening[0]], lines[closing[-1]].start, is_closed=True)
        opening = [at for at in opening if at > closing[-1]]
    left = next((at for at in opening if lines[at].slice(text) == OPENING), None)
    if left is not None:
        yield Block(lines[left], _end_beyond(text, lines, end), is_closed=False)


def _ends(line: Span) -> tuple[int, int]:
    return line.start, line.end


def _end_beyond(text: str, lines: Sequence[Span], end: int) -> int:
    """Where a block ends that is broken off at the line *end*: at its last line, where only single
    lines on the way to that have lost their marks; else at once.
    """
    at = min(end, len(lines) - 1)
    for line, after in zip(lines[end : end + _FARTHEST], lines[end + 1 :], strict=False):
        if line.slice(text) == _CLOSING:
            return line.start
        if not text.startswith("#", line.start) and not text.startswith("#", after.start):
            break
    return lines[at].end if end >= len(lines) else lines[at].start

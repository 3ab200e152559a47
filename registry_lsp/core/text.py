r"""Text, spans and positions.

Offsets are code points throughout the package. Only at the client's door are they turned into
the client's own units (UTF-8 bytes, UTF-16 or UTF-32 code units), and lines are those of the
Language Server Protocol: ``\n``, ``\r\n`` and ``\r`` end a line, U+2028 and form feed do not.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""What a client counts columns in."""

_LINE_END = re.compile(r"\r\n|\n|\r")

_STRIDE = 1024
"""Code points that are counted anew each time; what is before them is counted only once."""


class Span(NamedTuple):
    """A half-open range of code-point offsets into one text.

    A named tuple and no dataclass: a manifest has thousands, and they are made twice as fast.
    """

    start: int
    end: int

    def slice(self, text: str) -> str:
        """The part of *text* that the span covers."""
        return text[self.start : self.end]

    def touches(self, offset: int) -> bool:
        """Whether a cursor at *offset* stands in the span or at either of its edges."""
        return self.start <= offset <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A document's text as it stood at one version of the client's counting."""

    uri: str
    version: int
    text: str


def end_of_change(before: str, after: str) -> int | None:
    """The code-point offset in *after* from which on it ends as *before* does; None where the texts
    are the same. Of two places that it may be it is the one before a line's end.
    """
    if before == after:
        return None
    same, most = 0, min(len(before), len(after))
    while same < most:  # by halves, as a long text is compared faster than its characters are
        count = (same + most + 1) // 2
        if before.endswith(after[len(after) - count :]):
            same = count
        else:
            most = count - 1
    return len(after) - same


class LineIndex:
    """Turns code-point offsets of one text into positions and back.

    Neither takes longer for where in a line it is, however long the line.
    """

    __slots__ = ("_ascii", "_marks", "_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._ascii = text.isascii()
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._marks: dict[Encoding, list[int]] = {}

    def line_of(self, offset: int) -> int:
        """The zero-based line that *offset* stands on."""
        return bisect_right(self._starts, offset) - 1

    def start_of(self, offset: int) -> int:
        """Where the line begins that *offset* stands on."""
        return self._starts[self.line_of(offset)]

    def position(self, offset: int, encoding: Encoding) -> tuple[int, int]:
        """The zero-based line and column of *offset*, the column in the client's units.

        An offset beyond the text counts as its end.
        """
        offset = max(0, min(offset, len(self._text)))
        line = self.line_of(offset)
        start = self._starts[line]
        if self._ascii or encoding == "utf-32":
            return line, offset - start
        return line, self._units_between(start, offset, encoding)

    def offset(self, line: int, column: int, encoding: Encoding) -> int:
        """The code-point offset of a client's position.

        A column past the line's end counts as the end of the line, a line past the text as the
        text's end, and a column within a character as that character's start.
        """
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self._text)
        start = self._starts[line]
        end = self._line_end(line)
        column = max(0, column)
        if self._ascii or encoding == "utf-32":
            return min(start + column, end)
        offsets = range(start, end + 1)
        beyond = bisect_right(
            offsets, column, key=lambda offset: self._units_between(start, offset, encoding)
        )
        return offsets[beyond - 1]

    def _units_between(self, start: int, end: int, encoding: Encoding) -> int:
        """How many units there are from *start* to *end*, which are offsets."""
        if end - start <= _STRIDE:
            return _units(self._text[start:end], encoding)
        if encoding not in self._marks:
            self._marks[encoding] = _marks(self._text, encoding)
        return self._units_before(end, encoding) - self._units_before(start, encoding)

    def _units_before(self, offset: int, encoding: Encoding) -> int:
        mark = offset // _STRIDE
        rest = self._text[mark * _STRIDE : offset]
        return self._marks[encoding][mark] + _units(rest, encoding)

    def _line_end(self, line: int) -> int:
        if line + 1 >= len(self._starts):
            return len(self._text)
        end = self._starts[line + 1] - 1
        if self._text[end] == "\n" and end > self._starts[line] and self._text[end - 1] == "\r":
            return end - 1
        return end


def _marks(text: str, encoding: Encoding) -> list[int]:
    """The units before every offset that is a multiple of the stride, the text's end included."""
    strides = (text[at : at + _STRIDE] for at in range(0, len(text), _STRIDE))
    return [0, *accumulate(_units(stride, encoding) for stride in strides)]


def _units(text: str, encoding: Encoding) -> int:
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(raw: bytes) -> str:
    """The text of these bytes: UTF-8, with or without a mark at its beginning. Raises
    :class:`UnicodeDecodeError`.
    """
    return raw.decode("utf-8-sig")


def printable(text: str, limit: int = 300) -> str:
    """*text* from a stranger, fit for one line anywhere.

    Control and format characters (terminal escapes, bidirectional overrides, lone surrogates)
    are taken out, white space is folded, and what is longer than *limit* code points is cut.
    """
    kept = "".join(
        " " if char.isspace() else char
        for char in text[: limit * 4]
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"

"""The strings of TOML: where they end, and what their escapes mean."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import NamedTuple

from registry_lsp.syntax.nodes import StringNode
from registry_lsp.syntax.reading import end_of
from registry_lsp.syntax.strings import LONGEST_DOUBTED, Escapes, quoted_end

_LITERAL = re.compile(r"[^'\r\n]*")
_LITERAL_BLOCK = re.compile(r"[^']*(?:'(?!'')[^']*){0,1000}")
_BASIC_BLOCK = re.compile(r'[^"\\]*(?:(?:(?s:\\.?)|"(?!""))[^"\\]*){0,1000}')
_NEW_LINE = re.compile(r"\r?\n")
_NEXT_KEY = re.compile(r",[ \t]*[A-Za-z0-9_.-]+[ \t]*=(?!=)")

_CODE_POINT = r"u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})"
_MEANINGS = MappingProxyType(
    {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}
)


def _meaning(match: re.Match[str]) -> str:
    text = match.group()
    if text.isspace():
        return "\n"
    digits = match[1] or match[2] or match[3]
    if digits is not None:
        point = int(digits, 16)
        is_scalar = point < 0xD800 or 0xDFFF < point <= 0x10FFFF
        return chr(point) if is_scalar else text
    if text[1:].isspace():
        return ""
    return _MEANINGS.get(text[1:], text)


BASIC_ESCAPES = Escapes(re.compile(rf"\\(?:{_CODE_POINT}|[^\r\n])"), _meaning)
"""The escapes between ``"`` and ``"``; one that TOML does not know means itself."""


class Block(NamedTuple):
    """A kind of string between triple quotes.

    ``body`` matches what stands in it, a piece at a time; a line end of two characters means
    one, and so is an escape.
    """

    quote: str
    body: re.Pattern[str]
    escapes: Escapes

    def inner(self, text: str, at: int) -> tuple[int, int]:
        """Where the content begins and ends behind the opening quotes, which end at *at*.

        A line end at once behind the quotes is no part of it, two quotes before the closing
        ones are. It ends with *text* where the closing quotes are missing.
        """
        start = end_of(_NEW_LINE, text, at)
        end = start
        while (further := end_of(self.body, text, end)) != end:
            end = further
        for _ in range(2):
            end += text.startswith(self.quote * 4, end)
        return start, end


BLOCKS = MappingProxyType(
    {
        '"': Block(
            '"',
            _BASIC_BLOCK,
            Escapes(
                re.compile(rf"\\(?:{_CODE_POINT}|[ \t]*\r?\n[ \t\r\n]*|[^\r\n])|\r\n"), _meaning
            ),
        ),
        "'": Block("'", _LITERAL_BLOCK, Escapes(re.compile(r"\r\n"), _meaning)),
    }
)
"""The two kinds of strings between triple quotes, by their quote."""


def string_end(text: str, at: int, quote: str) -> int:
    """Where the content of a string on one line ends that begins at *at*: before the closing
    *quote*, or with the line.
    """
    return quoted_end(text, at) if quote == '"' else end_of(_LITERAL, text, at)


def decode(raw: str) -> str:
    """What stands between ``"`` and ``"``."""
    return BASIC_ESCAPES.decode(raw) if "\\" in raw else raw


def escapes_of(text: str, string: StringNode) -> Escapes:
    """The escapes that hold in *string*, a quoted one of *text*."""
    quote = text[string.start]
    if string.inner_start - string.start > 1:
        return BLOCKS[quote].escapes
    return BASIC_ESCAPES


def length_unclosed(raw: str, quote: str, *, in_table: bool) -> int | None:
    """How much of *raw* is in a string whose closing quote is missing.

    *quote* is the one after *raw*, which then opens the next string, or '' at the line's end.
    None where that quote may be the string's own after all. A value *in_table*, an inline one,
    ends before the next key.
    """
    may_hold_key = in_table and (not quote or raw.rstrip().endswith("="))
    if may_hold_key and (match := _NEXT_KEY.search(raw, 0, LONGEST_DOUBTED)) is not None:
        return len(raw[: match.start()].rstrip())
    if not quote:
        return len(raw.partition(" #")[0].rstrip().removesuffix(",").rstrip())
    body = raw.rstrip()
    if len(raw) > LONGEST_DOUBTED or not body.endswith(","):
        return None
    return len(body[:-1].rstrip())

"""The scalars of YAML: where they end, and what they mean. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from registry_lsp.core.text import Span
from registry_lsp.syntax.nodes import Node, ScalarNode, StringNode
from registry_lsp.syntax.reading import end_of
from registry_lsp.syntax.strings import Escapes

BREAK = r"(?:\r(?:\n|(?!\n))|\n)"
"""A line end of YAML 1.2, which U+0085 and U+2028 are no longer."""

PLAIN_START = r"(?:[^ \t\r\n\-?:,\[\]{}#&*!|>'\"%@`]|[-?:](?=[^ \t\r\n]))"
PLAIN_REST = r"[^\r\n:#]*(?:(?::(?=[^ \t\r\n])|(?<=[^ \t\r\n])#)[^\r\n:#]*){0,100}"
"""The rest of a plain scalar on its line, blanks behind it included; more of it may follow where
it has very many colons.
"""
_FLOW_START = r"(?:[^ \t\r\n\-?:,\[\]{}#&*!|>'\"%@`]|[-?:](?=[^ \t\r\n,\[\]{}]))"
_FLOW_REST = (
    r"[^\r\n:#,\[\]{}]*"
    r"(?:(?::(?=[^ \t\r\n,\[\]{}])|(?<=[^ \t\r\n])#)[^\r\n:#,\[\]{}]*){0,100}"
)


class Plain(NamedTuple):
    """How plain scalars look in one context: what begins one, and what goes on on its line."""

    start: re.Pattern[str]
    rest: re.Pattern[str]

    def line_end(self, text: str, at: int) -> int:
        """Where the plain text that goes on at *at* ends on its line, without blanks behind it."""
        end = at
        while (further := end_of(self.rest, text, end)) != end:
            end = further
        return at + len(text[at:end].rstrip(" \t"))


IN_BLOCK = Plain(re.compile(PLAIN_START), re.compile(PLAIN_REST))
IN_FLOW = Plain(re.compile(_FLOW_START), re.compile(_FLOW_REST))

_CORE = re.compile(
    r"null|Null|NULL|true|True|TRUE|false|False|FALSE"
    r"|[-+]?(?:[0-9]+|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|\.(?:inf|Inf|INF))"
    r"|\.(?:nan|NaN|NAN)|0o[0-7]+|0x[0-9a-fA-F]+"
)
"""What is no string: the core schema of YAML 1.2.2, section 10.3.2."""
_CORE_STARTS = frozenset("0123456789+-.nNtTfF")
_BREAK = re.compile(BREAK)


def plain_node(text: str, start: int, end: int) -> Node:
    """The node of a plain scalar, which may stand on several lines."""
    raw = text[start:end]
    if raw == "~" or (raw[0] in _CORE_STARTS and _CORE.fullmatch(raw)):
        return ScalarNode(raw, start, end)
    if "\n" in raw or "\r" in raw:
        raw = _folded(raw)
    return StringNode(raw, start, end, start, end)


def _folded(raw: str) -> str:
    """Lines as one: an end of a line is a space, and each empty line a line end."""
    pieces: list[str] = []
    empty = 0
    for line in (each.strip(" \t") for each in _BREAK.split(raw)):
        if not line:
            empty += 1
            continue
        if pieces:
            pieces.append("\n" * empty or " ")
        pieces.append(line)
        empty = 0
    return "".join(pieces)


# --- quotes -------------------------------------------------------------------------------------

_FOLD = rf"(?:(?<![ \t])|(?<=\\[ \t]))[ \t]*{BREAK}[ \t\r\n]*"
_MEANINGS = MappingProxyType(
    {
        "0": "\0",
        "a": "\a",
        "b": "\b",
        "t": "\t",
        "\t": "\t",
        "n": "\n",
        "v": "\v",
        "f": "\f",
        "r": "\r",
        "e": "\x1b",
        " ": " ",
        '"': '"',
        "/": "/",
        "\\": "\\",
        "N": "\x85",
        "_": "\xa0",
        "L": "\u2028",
        "P": "\u2029",
    }
)


def _meaning(match: re.Match[str]) -> str:
    text = match.group()
    if text == "''":
        return "'"
    if not text.startswith("\\"):
        return "\n" * (len(_BREAK.findall(text)) - 1) or " "
    if text[1] in "\r\n":
        return "\n" * (len(_BREAK.findall(text)) - 1)
    if text[1] in "xuU" and len(text) > 2:
        return _code_points(text)
    return _MEANINGS.get(text[1:], text)


def _code_points(escape: str) -> str:
    """What a numeric escape means, or two of them that are a pair of surrogates."""
    first = int(escape[2:6] if escape[1] == "u" else escape[2:], 16)
    if len(escape) == 12:
        return chr(0x10000 + ((first - 0xD800) << 10) + int(escape[8:], 16) - 0xDC00)
    return chr(first) if first <= 0x10FFFF else escape


_PAIR = r"u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_NUMBER = r"x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}"
_ESCAPES = MappingProxyType(
    {
        '"': Escapes(
            re.compile(rf"\\(?:{_PAIR}|{_NUMBER}|{BREAK}[ \t\r\n]*|[^\r\n])|{_FOLD}"), _meaning
        ),
        "'": Escapes(re.compile(rf"''|{_FOLD}"), _meaning),
    }
)
_BODIES = MappingProxyType(
    {
        '"': re.compile(r'[^"\\]*(?:\\(?s:.)[^"\\]*){0,100}'),
        "'": re.compile(r"[^']*(?:''[^']*){0,100}"),
    }
)
_TRIVIAL = MappingProxyType({'"': re.compile(r"[\\\r\n]"), "'": re.compile(r"['\r\n]")})


class _YamlEscapes(Escapes):
    """Of each string the escapes between its own quotes."""

    __slots__ = ()

    def locate(self, text: str, string: StringNode, start: int, end: int) -> Span:
        """Where in *text* ``string.value[start:end]`` stands: anywhere in it, if it is an alias
        or stands without quotes on several lines.
        """
        if not string.is_bare:
            return _ESCAPES[text[string.start]].locate(text, string, start, end)
        return super().locate(text, string, start, end) if is_plain(text, string) else string.inner


YAML_ESCAPES = _YamlEscapes(re.compile(r"(?!)"), _meaning)
"""The escapes of any string of YAML. One that YAML does not know means itself."""


def is_plain(text: str, string: StringNode) -> bool:
    """Whether *string*, a node of *text*, stands without quotes, and there as it is."""
    return string.is_bare and text.startswith(string.value, string.start)


def quoted_end(text: str, at: int, quote: str) -> int:
    """Where the content of a quoted scalar ends that begins at *at*: at its closing quote, or
    with *text*.
    """
    end = at
    while (further := end_of(_BODIES[quote], text, end)) != end:
        end = further
    return end


def quoted_node(text: str, start: int, inner_end: int, end: int) -> StringNode:
    """The node of the quoted scalar at *start*."""
    raw, quote = text[start + 1 : inner_end], text[start]
    value = _ESCAPES[quote].decode(raw) if _TRIVIAL[quote].search(raw) else raw
    return StringNode(value, start, end, start + 1, inner_end)


def length_unclosed(raw: str) -> int:
    """How much of *raw* is in a quoted scalar that lacks its closing quote: the rest of its line
    from behind the opening one, less what may stand behind it there.
    """
    return len(raw.partition(" #")[0].rstrip(" \t,]}"))


@lru_cache(maxsize=64)
def shallow_line(indent: int) -> re.Pattern[str]:
    """A line that is indented by no more than *indent* columns, from the end of the one before."""
    return re.compile(rf"[\r\n] {{0,{indent}}}(?=[^ \t\r\n])")


# --- blocks -------------------------------------------------------------------------------------

_HEADER = re.compile(
    rf"([|>])(?:([+-])([1-9])?|([1-9])([+-])?)?[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?:{BREAK}|\Z)"
)
_BLOCK_LINE = re.compile(rf"( *)([^\r\n]*)({BREAK}|\Z)")
MARKER = re.compile(r"(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")


def block_node(text: str, start: int, parent: int) -> StringNode | None:
    """The node of the literal (``|``) or folded (``>``) scalar at *start*, with its header and
    up to its last line's end; None where no such header stands there.

    *parent* is the indentation of what it stands in, -1 where that is the document.
    """
    header = _HEADER.match(text, start)
    if header is None:
        return None
    style, keep = header[1], header[2] or header[5] or ""
    digit = header[3] or header[4]
    indent = max(parent, 0) + int(digit) if digit else None
    lines: list[str] = []
    at = end = header.end()
    while at < len(text) and (line := _BLOCK_LINE.match(text, at)) is not None:
        spaces, content = len(line[1]), line[2]
        if content:
            if indent is None:
                indent = max(spaces, parent + 1)
            if spaces < indent or (not indent and MARKER.match(text, at)):
                break
            end = line.end()
        lines.append(text[at + indent : line.end(2)] if indent is not None else "")
        at = line.end()
    value = _block_value(lines, keep, is_folded=style == ">")
    return StringNode(value, start, end, start, end)


def _block_value(lines: list[str], keep: str, *, is_folded: bool) -> str:
    """What the *lines* of a block mean; *keep* says of the line ends behind them: ``+`` all,
    ``-`` none, and else one.
    """
    last = len(lines)
    while last and not lines[last - 1]:
        last -= 1
    body = _fold_block(lines[:last]) if is_folded else "\n".join(lines[:last])
    if keep == "+":
        return body + "\n" * (len(lines) - last + (last > 0))
    return body if keep == "-" or not last else f"{body}\n"


def _fold_block(lines: list[str]) -> str:
    """Lines of text as one; those that are indented, and those about them, keep their ends."""
    pieces: list[str] = []
    empty, was_text = 0, False
    for line in lines:
        if not line:
            empty += 1
            continue
        is_text = line[0] not in " \t"
        if not pieces:
            pieces.append("\n" * empty)
        elif was_text and is_text:
            pieces.append("\n" * empty or " ")
        else:
            pieces.append("\n" * (empty + 1))
        pieces.append(line)
        empty, was_text = 0, is_text
    return "".join(pieces)

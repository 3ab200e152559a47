"""What the strings of JSON and TOML have in common."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from registry_lsp.core.text import Span
from registry_lsp.syntax.nodes import StringNode
from registry_lsp.syntax.reading import end_of

LONGEST_DOUBTED = 256
"""Characters of a string whose closing quote may be the next string's opening one. Names and
versions are shorter: of what is longer its own quote is believed.
"""

_PLAIN = re.compile(r'[^"\\\r\n]*')
_ESCAPED = re.compile(r'(?:\\[^\r\n]?[^"\\\r\n]*){1,1000}')  # more at a time would cost memory


def quoted_end(text: str, at: int) -> int:
    """Where the content of a string ends that begins at *at*: at its closing ``"``, or at the end
    of its line.
    """
    end = end_of(_PLAIN, text, at)
    while text.startswith("\\", end):
        end = end_of(_ESCAPED, text, end)
    return end


class Escapes(NamedTuple):
    """What a notation writes in another way than it means: a pattern, and what a match means."""

    pattern: re.Pattern[str]
    meaning: Callable[[re.Match[str]], str]

    def decode(self, raw: str) -> str:
        """What *raw* means."""
        return self.pattern.sub(self.meaning, raw)

    def locate(self, text: str, string: StringNode, start: int, end: int) -> Span:
        """Where in *text* ``string.value[start:end]`` stands, *string* being a node of *text*."""
        at = string.inner_start
        if string.is_verbatim:
            return Span(at + start, at + end)
        raw = string.inner.slice(text)
        return Span(at + self._place(raw, start), at + self._place(raw, end))

    def _place(self, raw: str, index: int) -> int:
        """The index in *raw* of what is the *index*-th character of its meaning."""
        shift = 0
        for match in self.pattern.finditer(raw):
            if match.start() - shift >= index:
                break
            shift += len(match.group()) - len(self.meaning(match))
        return index + shift

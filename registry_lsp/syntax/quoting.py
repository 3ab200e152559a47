"""What is put into a text, with quotes around it where without them it would mean something else,
or nothing. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import TypeAlias

from registry_lsp.core.text import Span
from registry_lsp.syntax.keys import spot_at
from registry_lsp.syntax.nodes import Node, StringNode
from registry_lsp.syntax.reading import line_at
from registry_lsp.syntax.toml.scanner import scan_toml
from registry_lsp.syntax.yaml.scalars import IN_FLOW, plain_node
from registry_lsp.syntax.yaml.scanner import scan_yaml

Writer: TypeAlias = Callable[[str], str]
"""Makes of a string what stands for it."""

_JSON_STRING = re.compile(r'"(?P<inner>(?:[^"\\\r\n]|\\.)*)(?P<close>"?)')
_TOML_BARE = re.compile(r"[A-Za-z0-9_-]+")


def json_string_at(text: str, offset: int) -> re.Match[str] | None:
    """The string of the JSON *text* that *offset* is in, by the quotes in its line."""
    start, end = line_at(text, offset)
    for found in _JSON_STRING.finditer(text, start, end):
        if found.start("inner") <= offset <= found.end("inner"):
            return found
    return None


def in_json(text: str, span: Span) -> Writer:
    """Writes a string in the place of *span* of the JSON *text*."""
    return str if json_string_at(text, span.start) is not None else _quoted


def in_toml(text: str, span: Span) -> Writer:
    """Writes a key, or a part of a string, in the place of *span* of the TOML *text*: a bare key
    has no dots.
    """
    place = _Place(text, span, scan_toml, is_string_bare=False)

    def write(new: str) -> str:
        return new if _TOML_BARE.fullmatch(new) or not place.is_bare else _quoted(new)

    return write


def in_yaml(text: str, span: Span) -> Writer:
    """Writes a key or a string in the place of *span* of the YAML *text*: no plain scalar begins
    with an ``@`` or a ``>``, and some are no strings.
    """
    place = _Place(text, span, scan_yaml, is_string_bare=True)

    def write(new: str) -> str:
        return new if _is_plain(new) or not place.is_bare else _quoted(new)

    return write


def as_it_is(_text: str, _span: Span) -> Writer:
    """Writes where there are no quotes."""
    return str


def _quoted(new: str) -> str:
    return f'"{new}"'


def _is_plain(new: str) -> bool:
    if IN_FLOW.start.match(new) is None or IN_FLOW.line_end(new, 0) != len(new):
        return False
    return isinstance(plain_node(new, 0, len(new)), StringNode)


class _Place:
    """The place of a *span*, that is looked for once and only where it matters."""

    def __init__(
        self, text: str, span: Span, scan: Callable[[str], Node | None], *, is_string_bare: bool
    ) -> None:
        self._text, self._span, self._scan = text, span, scan
        self._is_string_bare = is_string_bare

    @cached_property
    def is_bare(self) -> bool:
        """Whether what stands there, all of it, has no quotes; where only a key may have none, and
        nothing is there yet, it is one.
        """
        spot = spot_at(self._scan(self._text), self._span.start)
        if spot is None:
            return True
        if not spot.node.is_bare or not (spot.is_key or self._is_string_bare):
            return False
        return spot.node.start == self._span.start and spot.node.end <= self._span.end

"""What is put into a text, with quotes around it where without them it would mean something else,
or nothing. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import TypeAlias

from registry_lsp.core.text import Span
from registry_lsp.syntax.keys import Spot, spot_at
from registry_lsp.syntax.nodes import Node, StringNode
from registry_lsp.syntax.reading import line_at
from registry_lsp.syntax.toml.scanner import scan_toml
from registry_lsp.syntax.yaml.scalars import IN_FLOW, plain_node
from registry_lsp.syntax.yaml.scanner import scan_yaml

Writer: TypeAlias = Callable[[str], str | None]
"""Makes of a string what stands for it, None where nothing can."""

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
    place = _Place(text, span, scan_toml)

    def write(new: str) -> str | None:
        return new if _TOML_BARE.fullmatch(new) else place.write(new)

    return write


def in_yaml(text: str, span: Span) -> Writer:
    """Writes a key or a string in the place of *span* of the YAML *text*: no plain scalar begins
    with an ``@`` or a ``>``, and some are no strings.
    """
    place = _Place(text, span, scan_yaml)

    def write(new: str) -> str | None:
        return new if _is_plain(new) else place.write(new)

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

    def __init__(self, text: str, span: Span, scan: Callable[[str], Node | None]) -> None:
        self._text, self._span, self._scan = text, span, scan

    def write(self, new: str) -> str | None:
        """*new* with quotes, unless what stands there has some, or *new* goes on with what does;
        None where it would be the beginning of what has none.
        """
        spot = self._spot
        if spot is not None and not spot.node.is_bare:
            return new
        if spot is None or (
            spot.node.start == self._span.start and spot.node.end <= self._span.end
        ):
            return _quoted(new)
        return None if spot.node.start == self._span.start else new

    @cached_property
    def _spot(self) -> Spot | None:
        return spot_at(self._scan(self._text), self._span.start)

"""Where something stands in another file than the one that speaks of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from registry_lsp.core.text import Span


class Passage(NamedTuple):
    """A part of a text: all of it, and the ``name`` within that it goes by."""

    span: Span
    name: Span


Find: TypeAlias = Callable[[str], Iterable[Passage]]
"""Finds passages in a text, in their order. It runs outside the event loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Passages of the file at ``path``, a path from the manifest's folder, its steps joined by
    '/', or of the manifest itself where that is empty. They are looked for when somebody wants to
    go there, in the text as it is then.
    """

    path: str
    find: Find


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """Where something is ``declared``, and where it is ``used``."""

    declared: tuple[Pointer, ...] = ()
    used: tuple[Pointer, ...] = ()


def beginning(_text: str) -> tuple[Passage, ...]:
    """Where a text begins: for a file that is meant as a whole."""
    return (Passage(Span(0, 0), Span(0, 0)),)


def here(span: Span) -> Pointer:
    """The *span* of the manifest itself."""
    return Pointer(path="", find=lambda _text: (Passage(span, span),))


def line_end(text: str, offset: int) -> int:
    """Where the line of *text* ends that *offset* stands in, without what ends it."""
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    return end - 1 if end > offset and text[end - 1] == "\r" else end

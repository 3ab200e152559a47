"""Names that are typed without the quotes that they need: ``{rea}`` and ``[requ]``. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from registry_lsp.core.text import Span
from registry_lsp.features.completions.names import NamePlace
from registry_lsp.session.documents import Document

_WORD = re.compile(r"[\w.@/-]+")
_BEFORE = re.compile(r"(?:[{\[,]|\A)[ \t]*\Z")
_SCOPED = "@scope/name"  # which needs quotes wherever there are some
_BEHIND = re.compile(r"[ \t]*(?:[,}\]\r\n]|\Z)")


def bare_place(
    document: Document, offset: int, place_at: Callable[[Document, int], NamePlace | None]
) -> NamePlace | None:
    """Where in *document* the bare name is that is typed at the code-point *offset*, if it would be
    one with quotes around it by *place_at*.
    """
    text = document.snapshot.text
    start = max(text.rfind(each, 0, offset) for each in "\r\n") + 1
    words = (each for each in _WORD.finditer(text, start) if each.end() >= offset)
    word = next(words, None)
    if word is None or word.start() >= offset:
        return None
    if _BEFORE.search(text[start : word.start()]) is None or not _BEHIND.match(text, word.end()):
        return None
    if document.format.quoting(text, Span(*word.span()))(_SCOPED) == _SCOPED:
        return None  # it stands in a string, or the format knows no quotes
    quoted = text[: word.start()] + quote(word[0]) + text[word.end() :]
    whole = document.successor(replace(document.snapshot, text=quoted))
    place = place_at(whole, offset + 1)
    if place is None or place.span != Span(word.start() + 1, word.end() + 1):
        return None
    return replace(place, span=Span(*word.span()))


def quote(name: str) -> str:
    """*name* with quotes around it."""
    return f'"{name}"'

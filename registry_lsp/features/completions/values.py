"""Values that are not begun, or not ended: behind ``"react":`` there is no string yet to complete,
and behind ``"idna>=3.6,`` none that has the comma in it. Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace

from registry_lsp.core.sites import typed_at
from registry_lsp.core.text import Span
from registry_lsp.features.completions.place import place_at
from registry_lsp.session.documents import Document

_EMPTY = '""'  # in all formats that write values behind keys
_VERSION = "1.0.0"
_QUOTES = ("'", '"')
_TILDE = re.compile(r":[ \t]+~\Z")
"""What YAML reads as null, and people as the beginning of a range."""
_BEFORE = re.compile(r"[:=][ \t]*\Z")
_BEHIND = re.compile(r"[ \t]*(?:[,}\]#/\r\n]|\Z)")


def typed_in(document: Document, offset: int) -> tuple[Document, int]:
    """The document and the place in it where a specifier is typed at the code-point *offset*: of a
    value that is not begun, in the text as it would be with an empty string there; of a string
    without its closing quote, as it would be if it ended there.
    """
    text = document.snapshot.text
    dependency = typed_at(document.manifest, text, offset)
    if dependency is not None and place_at(text, dependency, offset) is not None:
        return document, offset
    start = max(text.rfind(each, 0, offset) for each in "\r\n") + 1
    before = text[start:offset]
    if _BEFORE.search(before) and _BEHIND.match(text, offset):
        return _with(document, offset, 0, _EMPTY) or (document, offset)
    if _TILDE.search(before) and _is_written_bare(document, offset):
        return _with(document, offset, 1, '"~"') or (document, offset)
    for quote in _QUOTES:
        if before.count(quote) % 2 and (found := _with(document, offset, 0, quote)) is not None:
            return found
    return document, offset


def _is_written_bare(document: Document, offset: int) -> bool:
    """Whether a version at the code-point *offset* needs no quotes."""
    write = document.format.quoting(document.snapshot.text, Span(offset, offset))
    return write(_VERSION) == _VERSION


def _with(document: Document, offset: int, typed: int, string: str) -> tuple[Document, int] | None:
    """The document with *string*, or the end of one, at *offset*, in the place of as many *typed*
    characters, and where its quote is then; None where no specifier ends there.
    """
    text = document.snapshot.text
    whole = text[: offset - typed] + string + text[offset:]
    found = document.successor(replace(document.snapshot, text=whole))
    within = offset - typed + len(string) - 1
    dependency = typed_at(found.manifest, whole, within)
    span = dependency.specifier_span if dependency is not None else None
    is_specifier = span is not None and span.end <= within
    return (found, within) if is_specifier else None

"""Values that are not begun: behind ``"react":`` there is no string yet to complete. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from registry_lsp.core.sites import typed_at
from registry_lsp.session.documents import Document

_EMPTY = '""'  # in all formats that write values behind keys
_BEFORE = re.compile(r"[:=][ \t]*\Z")
_BEHIND = re.compile(r"[ \t]*(?:[,}\]#/\r\n]|\Z)")


def valued(document: Document, offset: int) -> tuple[Document, int]:
    """The document and the place in it where a specifier is typed at the code-point *offset*: of a
    value that is not begun, in the text as it would be with an empty string there.
    """
    text = document.snapshot.text
    if typed_at(document.manifest, text, offset) is not None or not _may_begin(text, offset):
        return document, offset
    whole = text[:offset] + _EMPTY + text[offset:]
    found = document.successor(replace(document.snapshot, text=whole))
    within = offset + 1
    dependency = typed_at(found.manifest, whole, within)
    span = dependency.specifier_span if dependency is not None else None
    is_specifier = span is not None and span.start == span.end == within
    return (found, within) if is_specifier else (document, offset)


def _may_begin(text: str, offset: int) -> bool:
    start = max(text.rfind(each, 0, offset) for each in "\r\n") + 1
    is_behind_key = _BEFORE.search(text, start, offset) is not None
    return is_behind_key and _BEHIND.match(text, offset) is not None

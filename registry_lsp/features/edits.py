"""What is to be written into a manifest, in the client's own places."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types

from registry_lsp.core.edits import Edit, changes
from registry_lsp.core.text import Encoding
from registry_lsp.server import client_range
from registry_lsp.session.documents import Document


def text_edits(
    document: Document, edits: Iterable[Edit], encoding: Encoding
) -> list[types.TextEdit]:
    """*edits* of *document* from its beginning to its end, none of which overlaps another."""
    return [
        types.TextEdit(range=client_range(document, each.span, encoding), new_text=each.text)
        for each in changes(document.snapshot.text, edits)
    ]

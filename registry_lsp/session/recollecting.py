"""What the disk knows of near names, for the command line, which tells what is known."""

from __future__ import annotations

from dataclasses import replace

from registry_lsp.core.packages import Missing
from registry_lsp.session.session import Session

_RECALLED = 8  # near names of one


async def recollect(session: Session, uri: str) -> None:
    """Bring into memory what the disk knows of near names of what was not found in the document
    *uri*, and ask nobody.
    """
    document = session.document(uri)
    if document is None:
        return
    normalise = document.ecosystem.normalise
    for each in session.assessments(document):
        if each.id is not None and isinstance(each.lookup, Missing):
            names = session.services.names
            known = await names.near(document, each.id, is_asked=False, patience=0.0)
            others = [replace(each.id, name=normalise(name)) for name in known[:_RECALLED]]
            await session.packages.recall(others)

"""Asking again for what could not be asked, ever more seldom, while its document is open."""

from __future__ import annotations

import asyncio
from itertools import chain, repeat

from registry_lsp.session.documents import Document
from registry_lsp.session.loading import Loader

RETRIES = (30.0, 60.0, 120.0, 300.0, 600.0)
"""Seconds between two tries to ask a registry that could not be asked; the last one goes on."""


async def retry(document: Document, loader: Loader) -> None:
    """Ask again until nothing of *document* is left that could not be asked."""
    for pause in chain(RETRIES, repeat(RETRIES[-1])):
        wait = loader.failed_until(document)
        if wait is None:
            return
        await asyncio.sleep(max(pause, wait))
        await loader.load_again(document)

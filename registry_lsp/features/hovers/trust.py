"""Who has published a release, as its registry tells it."""

from __future__ import annotations

from urllib.parse import urlsplit

from registry_lsp.core.services import Provenance
from registry_lsp.features.markup import Markup


def provenance(found: Provenance | None, markup: Markup) -> str:
    """From which repository it was published, and by what. The registry says that it has
    verified this; nothing was verified here, and the words leave it with the registry.
    """
    if found is None:
        return ""
    said = f"published by way of {markup.text(found.publisher, 60)}"
    if found.repository is not None:
        parts = urlsplit(found.repository)
        name = f"{parts.hostname or ''}{parts.path}".rstrip("/")
        said = f"published from {markup.link(name, found.repository) or markup.text(name, 100)}"
        if found.workflow is not None:
            said += f" by {markup.code(found.workflow)}"
    return f"{said}, says its registry"

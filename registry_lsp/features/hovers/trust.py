"""Who has published a release, as its registry tells it."""

from __future__ import annotations

from urllib.parse import urlsplit

from registry_lsp.core.services import Provenance
from registry_lsp.features.markup import Markup


def provenance(found: Provenance | None, own: str | None, markup: Markup) -> str:
    """From which repository it was published, and by what; *own* is the address of the one that
    the package calls its own, which is linked elsewhere. The registry says that it has verified
    this; nothing was verified here, and the words leave it with the registry.
    """
    if found is None:
        return ""
    said = f"published by way of {markup.text(found.publisher, 60)}"
    if found.repository is not None:
        said = f"published from {_source(found.repository, own, markup)}"
        if found.workflow is not None:
            said += f" by {markup.code(found.workflow)}"
    return f"{said}, says its registry"


def _source(repository: str, own: str | None, markup: Markup) -> str:
    if own is not None and _bare(repository) == _bare(own):
        return "its own repository"
    parts = urlsplit(repository)
    name = f"{parts.hostname or ''}{parts.path}".rstrip("/")
    return markup.link(name, repository) or markup.text(name, 100)


def _bare(address: str) -> str:
    return address.rstrip("/").removesuffix(".git")

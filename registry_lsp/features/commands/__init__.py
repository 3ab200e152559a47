"""workspace/executeCommand: what a user can have done, or be told, without a document's help."""

from __future__ import annotations

from registry_lsp.features.commands import pages, queries, status, upkeep
from registry_lsp.server import RegistryServer


def register(ls: RegistryServer) -> None:
    """Offer the commands."""
    for each in (queries, upkeep, status, pages):
        each.register(ls)

"""textDocument/codeAction: what a user may want done about a dependency, a section or a file."""

from __future__ import annotations

from registry_lsp.features.actions import answers, update_all
from registry_lsp.server import RegistryServer


def register(ls: RegistryServer) -> None:
    """Offer the actions, and the command that some of them are."""
    for each in (answers, update_all):
        each.register(ls)

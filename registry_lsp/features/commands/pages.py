"""``registry-lsp.openPage``: a package's page on its registry's website, in the browser."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from registry_lsp.features.commands.arguments import argument
from registry_lsp.features.commands.queries import folder_of
from registry_lsp.net.addresses import web_link
from registry_lsp.server import RegistryServer


def register(ls: RegistryServer) -> None:
    """Offer the command."""

    @ls.command("registry-lsp.openPage")
    async def show(ls: RegistryServer, *arguments: Any) -> dict[str, Any]:
        """Show the page of ``name`` in ``registry``, where the client can show one. The answer
        holds its address, None where no page is known; or an ``error``.
        """
        given = arguments[0] if arguments else {}
        record = await ls.ask("package", given, folder_of(ls))
        if "error" in record:
            return record
        address = argument((record,), "page") or argument((record,), "homepage")
        link = web_link(address) if address else None
        window = ls.client_capabilities.window
        if link is not None and window is not None and window.show_document is not None:
            ls.window_show_document(types.ShowDocumentParams(uri=link, external=True))
        return {"url": link}

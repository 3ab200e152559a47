"""``registry-lsp.openPage``: a package's page on its registry's website, in the browser."""

from __future__ import annotations

import logging
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from registry_lsp.core.text import printable
from registry_lsp.features.commands.arguments import argument, shown_already
from registry_lsp.features.commands.queries import folder_of
from registry_lsp.net.addresses import web_link
from registry_lsp.server import RegistryServer

_LOG = logging.getLogger(__name__)


def register(ls: RegistryServer) -> None:
    """Offer the command."""

    @ls.command("registry-lsp.openPage")
    async def show(ls: RegistryServer, *arguments: Any) -> dict[str, Any]:
        """Show the page of ``name`` in ``registry``, or say where it is, where the client can show
        none. The answer holds its address, None where no page is known; or an ``error``.
        """
        given = arguments[0] if arguments else {}
        record = await ls.ask("package", given, folder_of(ls))
        if "error" in record:
            ls.say(types.MessageType.Warning, record["error"]["message"])
            return shown_already(record)
        name = printable(str(record["name"]), 100)
        address = argument((record,), "page") or argument((record,), "homepage")
        link = web_link(address) if address else None
        if link is None:
            ls.say(
                types.MessageType.Info, f"Nobody knows a page of {name}: see what a hover tells."
            )
        elif not await _is_shown(ls, link):
            ls.say(types.MessageType.Info, f"The page of {name} is {link}")
        return {"url": link}


async def _is_shown(ls: RegistryServer, link: str) -> bool:
    """Whether the client has shown what *link* leads to."""
    window = ls.client_capabilities.window
    if window is None or window.show_document is None or not window.show_document.support:
        return False
    try:
        said = await ls.window_show_document_async(
            types.ShowDocumentParams(uri=link, external=True)
        )
    except JsonRpcException as error:
        _LOG.info("the client does not show a page: %s", error)
        return False
    return said.success

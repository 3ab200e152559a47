"""``registry-lsp.refresh`` and ``registry-lsp.clearCache``: to be told the newest, and to start
over.
"""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from registry_lsp.features.commands.arguments import argument
from registry_lsp.server import RegistryServer


def register(ls: RegistryServer) -> None:
    """Offer the commands."""

    @ls.command("registry-lsp.refresh")
    def refresh(ls: RegistryServer, *arguments: Any) -> dict[str, Any]:
        """Ask anew for what the document ``uri`` needs, or all that are open without one."""
        return {"refreshed": ls.refresh(argument(arguments, "uri"))}

    @ls.command("registry-lsp.clearCache")
    async def clear(ls: RegistryServer, *_: Any) -> dict[str, Any]:
        """Forget all that was learned, on disk too, and ask anew for what is open."""
        freed = await ls.clear()
        text = f"registry-lsp: The cache is empty now ({freed.entries} answers are forgotten)."
        ls.window_show_message(types.ShowMessageParams(type=types.MessageType.Info, message=text))
        return {"entries": freed.entries, "bytes": freed.bytes}

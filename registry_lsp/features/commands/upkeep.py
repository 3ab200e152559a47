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
        count = f"{freed.entries} answer{'' if freed.entries == 1 else 's'}"
        text = f"The cache is empty now ({count} forgotten). What is open is asked for anew."
        ls.say(types.MessageType.Info, text)
        return {"entries": freed.entries, "bytes": freed.bytes}

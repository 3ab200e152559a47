"""workspace/executeCommand: the package queries, as commands of the editor's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from registry_lsp.core.operations import OPERATIONS
from registry_lsp.server import RegistryServer, path_of


def register(ls: RegistryServer) -> None:
    """Offer the commands."""
    for operation in OPERATIONS:
        _register(ls, operation.name)


def _register(ls: RegistryServer, operation: str) -> None:
    @ls.command(f"registry-lsp.{operation}")
    async def answer(ls: RegistryServer, *arguments: Any) -> dict[str, Any]:
        """One object with the parameters gives one record, or one that has ``error``."""
        parameters = arguments[0] if arguments else {}
        return await ls.ask(operation, parameters, folder_of(ls))


def folder_of(ls: RegistryServer) -> Path | None:
    """The folder whose project is asked for: the workspace's first; None where it has none."""
    paths = (path_of(uri) for uri in ls.folders)
    return next((Path(path) for path in paths if path.is_absolute()), None)

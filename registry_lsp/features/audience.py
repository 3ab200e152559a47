"""The client as the session's audience."""

from __future__ import annotations

from collections.abc import Sequence

from registry_lsp.core.findings import Assessment
from registry_lsp.features.diagnostics import Publisher
from registry_lsp.features.progress import Progress
from registry_lsp.server import RegistryServer
from registry_lsp.session.documents import Document


class Client:
    """Tells one client what the session says."""

    def __init__(self, ls: RegistryServer) -> None:
        self._diagnostics = Publisher(ls)
        self._progress = Progress(ls)

    def publish(self, document: Document, assessments: Sequence[Assessment]) -> None:
        """Show the freshest verdicts."""
        self._diagnostics.publish(document, assessments)

    def retract(self, uri: str) -> None:
        """Show nothing more of *uri*."""
        self._diagnostics.retract(uri)

    def loading(self, document: Document, done: int, total: int) -> None:
        """Show how far the packages have come."""
        self._progress.loading(document, done, total)

"""The client as the session's audience."""

from __future__ import annotations

from collections.abc import Sequence

from registry_lsp.core.findings import Assessment, Verdict
from registry_lsp.features.diagnostics import Publisher
from registry_lsp.features.progress import Progress
from registry_lsp.server import RegistryServer
from registry_lsp.session.documents import Document


class Client:
    """Tells one client what the session says."""

    def __init__(self, ls: RegistryServer) -> None:
        self._ls = ls
        self._told: dict[str, list[Verdict]] = {}
        self._diagnostics = Publisher(ls)
        self._progress = Progress(ls)

    def publish(self, document: Document, assessments: Sequence[Assessment]) -> None:
        """Show the freshest verdicts."""
        self._diagnostics.publish(document, assessments)
        self._tell(document.snapshot.uri, [each.verdict for each in assessments])

    def retract(self, uri: str) -> None:
        """Show nothing more of *uri*."""
        self._told.pop(uri, None)
        self._diagnostics.retract(uri)

    def loading(self, document: Document, done: int, total: int) -> None:
        """Show how far the packages have come."""
        self._progress.loading(document, done, total)

    def _tell(self, uri: str, verdicts: list[Verdict]) -> None:
        """Say that there is news, where that is more than a text that has moved. A verdict that
        holds on is the same object, which makes this quick.
        """
        known, self._told[uri] = self._told.get(uri), verdicts
        if known != verdicts:
            for news in self._ls.when_news:
                news()

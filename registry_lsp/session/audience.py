"""Who is told of the verdicts: the client, as the session sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from registry_lsp.core.findings import Assessment
from registry_lsp.session.documents import Document


class Audience(Protocol):
    """Is called on the event loop."""

    def publish(self, document: Document, assessments: Sequence[Assessment]) -> None:
        """The freshest verdicts of *document*, in the order of its dependencies."""
        ...

    def retract(self, uri: str) -> None:
        """Nothing is to be said of *uri* any more."""
        ...

    def loading(self, document: Document, done: int, total: int) -> None:
        """*done* of *total* packages have answered; both equal: the work has ended."""
        ...

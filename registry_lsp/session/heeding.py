"""Which of a document's ignores leave nothing unsaid."""

from __future__ import annotations

from collections.abc import Sequence

from registry_lsp.core.findings import Assessment
from registry_lsp.core.ignores import Unused, unused
from registry_lsp.session.documents import Document


def unused_ignores(document: Document, assessments: Sequence[Assessment]) -> tuple[Unused, ...]:
    """What of the document's ignores leaves nothing unsaid; none while it is being typed in, or
    cannot be read. *assessments* are those of all its dependencies.
    """
    manifest = document.manifest
    if not manifest.ignores or not document.is_settled:
        return ()
    return unused(manifest.ignores, assessments, manifest.problems)

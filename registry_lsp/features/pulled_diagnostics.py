"""textDocument/diagnostic: findings for a client that asks for them, and is then sent none.

It is offered only to a client that can be told to ask again, since what a registry says comes long
after the question. Any other client is sent its diagnostics.
"""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from registry_lsp.core.findings import Assessment
from registry_lsp.features.diagnostics import SOURCE, current, digest, pulls
from registry_lsp.features.refreshing import Refresher
from registry_lsp.features.workspace_diagnostics import Rounds
from registry_lsp.server import RegistryServer
from registry_lsp.session.documents import Document

OPTIONS = types.DiagnosticOptions(
    inter_file_dependencies=True,
    workspace_diagnostics=True,
    identifier=SOURCE,
    work_done_progress=True,
)


def register(ls: RegistryServer) -> None:
    """Answer such a client once it is known to be one."""
    ls.when_asked.append(_offer)


def _offer(ls: RegistryServer, client: types.ClientCapabilities) -> None:
    if not pulls(client):
        return
    told: dict[str, str] = {}
    told_in_rounds: dict[str, str] = {}
    """By URI what the client was last told, as its digest: it may heed only one of the two ways."""
    refresher = Refresher(ls, "diagnostics", pulls, ask_again)

    def published(document: Document, assessments: Sequence[Assessment]) -> None:
        uri = document.snapshot.uri
        known = {each[uri] for each in (told, told_in_rounds) if uri in each}
        if known and known != {digest(current(ls, document, assessments))}:
            refresher.news()

    def retracted(uri: str) -> None:
        told.pop(uri, None)
        if told_in_rounds.pop(uri, None) is not None:
            refresher.news()  # from now on it is the file that a round tells of

    ls.when_published.append(published)
    ls.when_retracted.append(retracted)

    @ls.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, OPTIONS)
    async def pulled(
        ls: RegistryServer, params: types.DocumentDiagnosticParams
    ) -> types.DocumentDiagnosticReport:
        uri = params.text_document.uri
        document = await ls.document(uri)
        items = []
        if document is not None and document.is_manifest:
            items = current(ls, document, ls.session(uri).assessments(document))
            told[uri] = digest(items)
        return report(items, params.previous_result_id)

    rounds = Rounds(ls, refresher.news, told=told_in_rounds)

    @ls.feature(types.WORKSPACE_DIAGNOSTIC)
    async def workspace(
        ls: RegistryServer, params: types.WorkspaceDiagnosticParams
    ) -> types.WorkspaceDiagnosticReport:
        return await rounds.make(params)


def report(
    items: Sequence[types.Diagnostic], previous: str | None
) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
    """What to answer to who was told *previous* before."""
    result = digest(items)
    if result == previous:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result)
    return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=result)


async def ask_again(ls: RegistryServer) -> None:
    """Have the client ask for all its diagnostics anew."""
    await ls.workspace_diagnostic_refresh_async(None)

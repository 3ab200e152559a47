"""A language server for JSON that knows one thing to say, beside which ours is started."""

from __future__ import annotations

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("other", "1")


@server.feature(types.TEXT_DOCUMENT_HOVER)
def hover(ls: LanguageServer, params: types.HoverParams) -> types.Hover:
    """The same, everywhere."""
    return types.Hover(contents="what the other one knows")


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def opened(ls: LanguageServer, params: types.DidOpenTextDocumentParams) -> None:
    """One finding in the first line."""
    ls.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(
            uri=params.text_document.uri,
            diagnostics=[
                types.Diagnostic(
                    range=types.Range(types.Position(0, 0), types.Position(0, 1)),
                    message="what the other one found",
                    severity=types.DiagnosticSeverity.Warning,
                )
            ],
        )
    )


if __name__ == "__main__":
    server.start_io()

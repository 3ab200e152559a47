"""The lifecycle's notifications and textDocument/did*: what the session is told."""

from __future__ import annotations

from lsprotocol import types

from registry_lsp.core.text import Snapshot
from registry_lsp.server import RegistryServer


def register(ls: RegistryServer) -> None:
    """Listen to the client's life and to its documents'."""
    _register_lifecycle(ls)

    @ls.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: RegistryServer, params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        snapshot = Snapshot(uri=item.uri, version=item.version, text=item.text)
        ls.opened(snapshot, item.language_id)

    @ls.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: RegistryServer, params: types.DidChangeTextDocumentParams) -> None:
        if not params.content_changes:
            return
        # Full synchronisation: the last change is the whole text.
        text = params.content_changes[-1].text
        item = params.text_document
        ls.changed(Snapshot(uri=item.uri, version=item.version, text=text))

    @ls.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: RegistryServer, params: types.DidSaveTextDocumentParams) -> None:
        ls.saved(params.text_document.uri)

    @ls.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: RegistryServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.closed(params.text_document.uri)


def _register_lifecycle(ls: RegistryServer) -> None:
    @ls.feature(types.INITIALIZE)
    def initialize(ls: RegistryServer, params: types.InitializeParams) -> None:
        has_folders = bool(params.workspace_folders)
        ls.take_options(params.initialization_options, has_folders=has_folders)
        ls.offer(params.capabilities)

    @ls.feature(types.INITIALIZED)
    def initialized(ls: RegistryServer, _params: types.InitializedParams) -> None:
        ls.begin()

    @ls.feature(types.SHUTDOWN)
    def shutdown(ls: RegistryServer, _params: None) -> None:
        ls.shut_down()

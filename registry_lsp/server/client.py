"""The server's side towards its client: how it is read and answered, what it understands, and what
it is told.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from lsprotocol import types
from pygls.io_ import StdoutWriter, run_async
from pygls.lsp.server import LanguageServer

from registry_lsp import __version__
from registry_lsp.core.text import Encoding
from registry_lsp.server.protocol import Protocol, is_refusal, traced
from registry_lsp.server.running import run
from registry_lsp.server.streams import MessageReader

if TYPE_CHECKING:
    from registry_lsp.session.documents import Document

_LOG = logging.getLogger(__name__)


class ClientServer(LanguageServer):
    """A language server that knows its client."""

    def __init__(self) -> None:
        super().__init__(
            "registry-lsp",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            protocol_cls=Protocol,
        )
        self._has_folders = False

    def _start_io_async(
        self, stdin: BinaryIO | None = None, stdout: BinaryIO | None = None
    ) -> None:
        """As pygls does it, but for who reads."""
        self._stop_event = threading.Event()
        self.protocol.set_writer(StdoutWriter(stdout or sys.stdout.buffer))
        reading = run_async(
            stop_event=self._stop_event,
            reader=MessageReader(stdin or sys.stdin.buffer, lambda: self.thread_pool),
            protocol=self.protocol,
            error_handler=self.report_server_error,
        )
        try:
            run(reading)
        except BrokenPipeError:
            _LOG.error("the client reads no more")
        except (KeyboardInterrupt, SystemExit):
            pass
        finally:
            self.shutdown()  # type: ignore[no-untyped-call]

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log it: a message box is for what the user can do something about, and what a client is
        answered needs no second telling.
        """
        name = getattr(source, "__name__", source)
        if is_refusal(error):
            _LOG.info("%s: %s", name, error)
        else:
            _LOG.error("%s: %s", name, traced(error))

    @property
    def folders(self) -> tuple[str, ...]:
        """The URIs of the workspace's folders, as the client writes them; of its root, where the
        client knows of no folders.
        """
        folders = tuple(folder.uri for folder in self.workspace.folders.values())
        root = None if self._has_folders else self.workspace.root_uri
        return folders or ((root,) if root else ())

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification whose *params* are plain already."""
        cast("Protocol", self.protocol).tell(method, params)

    def plain(self, it: object) -> Any:
        """*it*, an object of the protocol's, in mappings and lists: an answer may hold such."""
        return cast("Protocol", self.protocol).plain(it)

    @property
    def encoding(self) -> Encoding:
        """What the client counts columns in."""
        kind = types.PositionEncodingKind(self.workspace.position_encoding or "utf-16")
        return kind.value

    def offset(self, document: Document, position: types.Position) -> int:
        """The code-point offset of a client's position."""
        return document.lines.offset(position.line, position.character, self.encoding)

    def say(self, kind: types.MessageType, words: str) -> None:
        """Show the user a message, of what must be known and is shown nowhere else."""
        self.window_show_message(types.ShowMessageParams(kind, f"registry-lsp: {words}"))

    @property
    def relates_diagnostics(self) -> bool:
        """Whether the client shows what other places have to do with a diagnostic."""
        text = self.client_capabilities.text_document
        ways = (text.publish_diagnostics, text.diagnostic) if text is not None else ()
        return any(way is not None and way.related_information for way in ways)

    @property
    def hover_markup(self) -> types.MarkupKind:
        """How the client wants hovers written."""
        text = self.client_capabilities.text_document
        formats = text.hover.content_format if text is not None and text.hover else None
        return formats[0] if formats else types.MarkupKind.PlainText

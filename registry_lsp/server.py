"""The language server: its lifecycle, and the border between code points and client positions.

Everything heavy (the network, the ecosystems) is imported by what :data:`Start` does, after
``initialize`` has been answered.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.exceptions import FeatureNotificationError
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from registry_lsp import __version__
from registry_lsp.core import processes
from registry_lsp.core.settings import Settings
from registry_lsp.core.text import Encoding, Snapshot, Span

if TYPE_CHECKING:
    from registry_lsp.session.documents import Document
    from registry_lsp.session.session import Session

SECTION = "registry-lsp"
"""The section of a client's configuration that is ours."""

_CONFIGURATION_PATIENCE = 2.0
_BEGIN_PATIENCE = 10.0
_PARENT_CHECK = 3.0

_LOG = logging.getLogger(__name__)

Load: TypeAlias = Callable[[object], "tuple[Settings, tuple[str, ...]]"]
"""Reads what a client sent as settings; the second part are complaints."""
Start: TypeAlias = Callable[["RegistryServer"], "Session"]
"""Makes the session, once the settings are known."""

Answer: TypeAlias = Callable[[str, object, "Path | None"], "Awaitable[dict[str, Any]]"]
"""Answers a package query by its operation, its parameters and the folder of the project."""


class RegistryServer(LanguageServer):
    """A language server with one session."""

    def __init__(self, *, load: Load, start: Start) -> None:
        super().__init__(
            "registry-lsp",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
        )
        self._load = load
        self._start = start
        self._session: Session | None = None
        self._begun = asyncio.Event()
        self._waiting: dict[str, Snapshot] = {}
        self._options: object = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.settings = Settings()
        self.answer: Answer
        """Set by what begins the session."""
        self.was_shut_down = False

    # --- lifecycle ----------------------------------------------------------------------------

    def take_options(self, options: object) -> None:
        """Remember the client's ``initializationOptions``."""
        self._options = options

    def begin(self) -> None:
        """Go to work: the client is ready."""
        self._spawn(self._begin(), "begin")
        if self.process_id:
            self._spawn(self._end_with(self.process_id), "watch the client")

    async def _begin(self) -> None:
        options = await self._configuration()
        self.settings, complaints = self._load(merged(self._options, options))
        self._session = self._start(self)
        self._begun.set()
        waiting, self._waiting = self._waiting, {}
        for snapshot in waiting.values():
            self.opened(snapshot)
        if complaints:
            self.window_show_message(
                types.ShowMessageParams(
                    type=types.MessageType.Warning,
                    message="registry-lsp: " + " ".join(complaints),
                )
            )

    async def _configuration(self) -> object:
        """The client's section of settings, None where it keeps none or does not say."""
        workspace = self.client_capabilities.workspace
        if workspace is None or not workspace.configuration:
            return None
        asked = self.workspace_configuration_async(
            types.ConfigurationParams(items=[types.ConfigurationItem(section=SECTION)])
        )
        try:
            answer = await asyncio.wait_for(asked, _CONFIGURATION_PATIENCE)
        except asyncio.TimeoutError:
            _LOG.warning("the client did not tell its configuration in time")
            return None
        except Exception:  # noqa: BLE001 - whatever goes wrong over there, the options are left
            _LOG.warning("the client did not tell its configuration", exc_info=True)
            return None
        return answer[0] if answer and answer[0] else None

    async def _end_with(self, process_id: int) -> None:
        """End when the client's process is gone: a crashed editor closes no stream."""
        while await asyncio.to_thread(processes.is_alive, process_id):  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(_PARENT_CHECK)
        _LOG.warning("the client's process is gone")
        await self.end()
        # A thread still waits for input that never comes: only this ends the process.
        os._exit(1)

    def shut_down(self) -> None:
        """The client wants nothing more. It is answered at once: some send ``exit`` right behind.

        What the cache has yet to write it writes in its own thread, which the process waits for.
        """
        self.was_shut_down = True
        self.save()
        self._spawn(self.end(), "end")

    def save(self) -> None:
        """Have what was learned written before the process ends."""
        if self._session is not None:
            self._session.save()

    async def end(self) -> None:
        """Let go of everything that is under way. Safe to call twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.aclose()
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    def _spawn(self, work: Any, name: str) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("%s failed", task.get_name(), exc_info=error)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log it: a message box is for what the user can do something about."""
        level = logging.ERROR if source is FeatureNotificationError else logging.WARNING
        _LOG.log(level, "%s: %s", getattr(source, "__name__", source), error)

    # --- documents ----------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The session. Only documents lead to it, and there are none before it."""
        if self._session is None:
            raise RuntimeError("the server has not begun, or has ended")
        return self._session

    def opened(self, snapshot: Snapshot) -> None:
        """A document was opened, or its text replaced."""
        if self._session is None:
            self._waiting[snapshot.uri] = snapshot
            return
        self._session.open(snapshot, path_of(snapshot.uri))

    def changed(self, snapshot: Snapshot) -> None:
        """A document's text has changed."""
        if self._session is None:
            self._waiting[snapshot.uri] = snapshot
        else:
            self._session.update(snapshot)

    def saved(self, uri: str) -> None:
        """A document was saved."""
        if self._session is not None:
            self._session.saved(uri)

    def closed(self, uri: str) -> None:
        """A document was closed."""
        self._waiting.pop(uri, None)
        if self._session is not None:
            self._session.close(uri)

    async def ask(self, operation: str, parameters: object, folder: Path | None) -> dict[str, Any]:
        """The record that answers a package query, for the project in *folder*. Waits until the
        server has begun.
        """
        await asyncio.wait_for(self._begun.wait(), _BEGIN_PATIENCE)
        return await self.answer(operation, parameters, folder)

    async def document(self, uri: str) -> Document | None:
        """The open manifest *uri*, None where it is none. Waits until the server has begun,
        and until the files around the manifest are known.
        """
        await asyncio.wait_for(self._begun.wait(), _BEGIN_PATIENCE)
        return await self._session.surveyed(uri) if self._session is not None else None

    # --- the client ---------------------------------------------------------------------------

    @property
    def encoding(self) -> Encoding:
        """What the client counts columns in."""
        kind = types.PositionEncodingKind(self.workspace.position_encoding or "utf-16")
        return kind.value

    def offset(self, document: Document, position: types.Position) -> int:
        """The code-point offset of a client's position."""
        return document.lines.offset(position.line, position.character, self.encoding)

    @property
    def hover_markup(self) -> types.MarkupKind:
        """How the client wants hovers written."""
        text = self.client_capabilities.text_document
        formats = text.hover.content_format if text is not None and text.hover else None
        return formats[0] if formats else types.MarkupKind.PlainText


def path_of(uri: str) -> PurePath:
    """The path of a document; a relative one, of no folder here, where it is no file.

    A path behind another scheme without a host (``git:``, ``untitled:``) is that of a file all
    the same: what an editor shows of the file's past, or will save there, has the registries of
    its project, and its private names are not for the others.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:  # half an IPv6 address
        return PurePath()
    if parts.scheme and not parts.netloc and parts.path.startswith("/"):
        uri = f"file://{parts.path}"
    path = to_fs_path(uri)
    return PurePath(path if path is not None else unquote(parts.path).lstrip("/"))


def merged(options: object, over: object) -> object:
    """Two trees of settings, what stands in *over* before what stands in *options*."""
    if not isinstance(options, dict) or not isinstance(over, dict):
        return options if over is None else over
    both = {key: merged(options.get(key), value) for key, value in over.items()}
    return {**options, **both}


def client_range(document: Document, span: Span, encoding: Encoding) -> types.Range:
    """A span as the client sees it."""
    start = document.lines.position(span.start, encoding)
    end = document.lines.position(span.end, encoding)
    return types.Range(start=types.Position(*start), end=types.Position(*end))

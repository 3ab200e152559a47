"""The language server: its lifecycle, and what it hands to which session.

Everything heavy (the network, the ecosystems) is imported by what :data:`Start` does, after
``initialize`` has been answered.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Collection, Coroutine, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeAlias

from lsprotocol import types
from pygls.exceptions import JsonRpcServerNotInitialized

from registry_lsp.core import processes
from registry_lsp.core.settings import Settings
from registry_lsp.core.text import Snapshot
from registry_lsp.server.client import ClientServer
from registry_lsp.server.configuration import Configuration
from registry_lsp.server.places import is_nameless, placed
from registry_lsp.server.sessions import Sessions
from registry_lsp.session import tasks

if TYPE_CHECKING:
    from registry_lsp.core.findings import Assessment
    from registry_lsp.net.entries import Statistics
    from registry_lsp.server.sessions import Workplace
    from registry_lsp.session.documents import Document
    from registry_lsp.session.session import Session

_BEGIN_PATIENCE = 10.0
_PARENT_CHECK = 3.0
_ODD = 'The settings in {} are no object, such as {{"ignore": []}}, and are left out.'
_NAMELESS = "untitled:nameless"

_LOG = logging.getLogger(__name__)

Load: TypeAlias = Callable[[object], "tuple[Settings, tuple[str, ...]]"]
"""Reads what a client sent as settings; the second part are complaints."""
Start: TypeAlias = Callable[["RegistryServer", Settings], "Workplace"]
"""Makes a session for some settings."""


def is_strange(document: Document | None) -> bool:
    """Whether others have to say what a document is: its path does not, or not for sure."""
    if document is None:
        return True
    inclusion = document.ecosystem.inclusion
    return not document.is_manifest and inclusion is not None and document.format in inclusion.by


class RegistryServer(ClientServer):
    """A language server, with a session for each tree of settings in its workspace."""

    def __init__(self, *, load: Load, start: Start) -> None:
        super().__init__()
        self._load = load
        self._start = start
        self._configuration = Configuration()
        self._sessions: Sessions | None = None
        self._is_stale = False
        self._configuring: asyncio.Task[None] | None = None
        self._told: set[str] = set()
        self._begun = asyncio.Event()
        self._waiting: dict[str, Snapshot] = {}
        self._nameless: dict[str, str] = {}
        self._strangers: dict[str, tuple[Snapshot, asyncio.Event]] = {}
        """The newest texts of those whose paths do not say what they are, until that is known."""
        self._languages: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.when_begun: list[Callable[[RegistryServer], Coroutine[Any, Any, None]]] = []
        """What is to be done once the first settings are known."""
        self.when_news: list[Callable[[], None]] = []
        """Who is told when what is known of an open document's packages has changed."""
        self.when_asked: list[Callable[[RegistryServer, types.ClientCapabilities], None]] = []
        """Who offers more to clients of some capabilities, before those are answered."""
        self.when_published: list[Callable[[Document, Sequence[Assessment]], None]] = []
        """Who is told of each document's freshest verdicts."""
        self.when_retracted: list[Callable[[str], None]] = []
        """Who is told that nothing is to be said any more of the document of a URI."""
        self.when_files_changed: list[Callable[[Collection[types.FileChangeType]], None]] = []
        """Who is told when the client says that files have changed, and in which ways."""
        self.when_configured: list[Callable[[], None]] = []
        """Who is told when other settings hold in the workspace, or it has other folders."""
        self.was_shut_down = False

    # --- lifecycle ----------------------------------------------------------------------------

    def take_options(self, options: object, *, has_folders: bool) -> None:
        """Remember the client's ``initializationOptions``, and whether it knows of folders: where
        it takes the last one away, its root does not come back.
        """
        self._configuration.options = options
        self._has_folders = has_folders

    def offer(self, client: types.ClientCapabilities) -> None:
        """Offer what is for clients of such capabilities only."""
        for offer in self.when_asked:
            offer(self, client)

    def begin(self) -> None:
        """Go to work: the client is ready."""
        self._spawn(self._begin(), "begin")
        if self.process_id:
            self._spawn(self._end_with(self.process_id), "watch the client")

    async def _begin(self) -> None:
        by_folder = await self._settings()
        self._sessions = Sessions(lambda settings: self._start(self, settings))
        self._sessions.configure(by_folder)
        self._sessions.of("")  # what it imports takes a moment, and the first document waits
        self._begun.set()
        self._open_waiting()
        for work in self.when_begun:
            self._spawn(work(self), "go to work")

    async def _until_begun(self) -> None:
        """Wait for the client's ``initialized`` and its settings; some ask before. Who need not
        wait does not: until Python 3.12 a wait that ends at once overhears that it is taken back.
        """
        if self._begun.is_set():
            return
        try:
            await asyncio.wait_for(self._begun.wait(), _BEGIN_PATIENCE)
        except asyncio.TimeoutError:
            raise JsonRpcServerNotInitialized("The client is not initialized yet.") from None

    def look_at_files(self, kinds: Collection[types.FileChangeType]) -> None:
        """Files around the manifests have changed, come or gone, as the client says."""
        for place in self._sessions or ():
            place.session.look_at_files()
        for changed in self.when_files_changed:
            changed(kinds)

    def pushed(self, settings: object) -> None:
        """The client's configuration has changed; *settings* is what it sent with the news."""
        self._configuration.push(settings)
        self.configure()

    def configure(self) -> None:
        """Ask for the configuration anew, as it or the workspace's folders have changed."""
        self._is_stale = True
        if self._configuring is None or self._configuring.done():
            self._configuring = self._spawn(self._configure(), "configure")

    async def configured(self) -> None:
        """Wait until it is known what is set for all folders that the workspace has now."""
        await self._until_begun()
        while self._configuring is not None and not self._configuring.done():
            await asyncio.wait((self._configuring,))

    async def _configure(self) -> None:
        """Ask until nothing has changed in between: a question that is under way is not taken
        back, since its answer would come all the same.
        """
        await self._begun.wait()
        while self._is_stale:
            self._is_stale = False
            by_folder = await self._settings()
            for place in self._sessions or ():
                await place.session.flush()
            if self._sessions is not None and not self._is_stale:
                are_others = not self._sessions.hold(by_folder)
                for session in self._sessions.configure(by_folder):
                    self._spawn(session.aclose(), "close a session")
                for configured in self.when_configured if are_others else ():
                    configured()
        self._open_waiting()

    async def _settings(self) -> dict[str | None, Settings]:
        """The settings of each folder, and of what lies in none. Complains of each fault once."""
        trees = await self._configuration.ask(self, self.folders, self.configure)
        found, complaints = {}, [_ODD.format(place) for place in self._configuration.odd]
        for folder, tree in trees.items():
            found[folder], some = self._load(tree)
            complaints += [each for each in some if each not in complaints]
        news = [each for each in complaints if each not in self._told]
        self._told.update(news)
        if news:
            self.say(types.MessageType.Warning, " ".join(news))
        return found

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

        What the cache has yet to write it writes in its own thread, which alone is waited for.
        """
        self.was_shut_down = True
        self.save()
        self._spawn(self.end(), "end")

    def save(self) -> None:
        """Have what was learned written before the process ends."""
        for place in self._sessions or ():
            place.session.save()

    async def end(self) -> None:
        """Let go of everything that is under way. Safe to call twice."""
        sessions, self._sessions = self._sessions, None
        for place in sessions or ():
            await place.session.aclose()
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    def _spawn(self, work: Any, name: str) -> asyncio.Task[None]:
        task = tasks.start(work, name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- documents ----------------------------------------------------------------------------

    def session(self, uri: str) -> Session:
        """The session of a document. Only documents lead to it, and there are none before it."""
        return self._place(uri).session

    def settings(self, uri: str) -> Settings:
        """The settings that hold for a document."""
        return self._place(uri).settings

    def settings_at(self, path: Path) -> Settings | None:
        """The settings of the workspace's innermost folder around *path*; None where none is."""
        return self._sessions.settings_at(path) if self._sessions is not None else None

    def _place(self, uri: str) -> Workplace:
        if self._sessions is None:
            raise RuntimeError("the server has not begun, or has ended")
        return self._sessions.of(uri)

    def opened(self, snapshot: Snapshot, language: str) -> None:
        """A document was opened that its editor takes for a *language*, or its text replaced."""
        self._nameless.pop(snapshot.uri, None)
        self._languages[snapshot.uri] = language
        if is_nameless(snapshot.uri):
            self._nameless[snapshot.uri] = language
        self._take(snapshot)

    def _take(self, snapshot: Snapshot) -> None:
        """Take up a document, or what it may be by now. It waits until it is known what is set for
        all folders, for the settings of another one might have its names told to anybody.
        """
        if self._sessions is None or not self._sessions.know(self.folders):
            self._waiting[snapshot.uri] = snapshot
        else:
            language = self._nameless.get(snapshot.uri)
            uri = snapshot.uri if language is None else _NAMELESS
            path = placed(uri, self.folders)
            document = self.session(snapshot.uri).open(snapshot, path, language=language)
            if language is None and is_strange(document) and not self._is_asked(snapshot):
                self._strangers[snapshot.uri] = (snapshot, asyncio.Event())
                self._spawn(self._learn(snapshot.uri, path), f"ask what {path.name} is")

    async def _learn(self, uri: str, path: PurePath) -> None:
        """Take up a document as what others know it to be."""
        _, known = self._strangers[uri]
        try:
            kind = await self.session(uri).kinds.around(path, self._languages.get(uri, ""))
            snapshot, its = self._strangers.get(uri, (None, None))
            if kind is not None and snapshot is not None and its is known:
                self.session(uri).open(snapshot, path, kind)
        finally:
            if self._strangers.get(uri, (None, None))[1] is known:
                del self._strangers[uri]
            known.set()

    def _is_asked(self, snapshot: Snapshot) -> bool:
        """Whether somebody asks already what a document is: then this is its newest text."""
        found = self._strangers.get(snapshot.uri)
        if found is not None:
            self._strangers[snapshot.uri] = (snapshot, found[1])
        return found is not None

    def _open_waiting(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for snapshot in waiting.values():
            self._take(snapshot)

    def changed(self, snapshot: Snapshot) -> None:
        """A document's text has changed."""
        if snapshot.uri in self._waiting:
            self._waiting[snapshot.uri] = snapshot
        elif self._sessions is not None:
            self._is_asked(snapshot)
            session = self.session(snapshot.uri)
            if snapshot.uri in self._nameless and session.document(snapshot.uri) is None:
                self._take(snapshot)
            session.update(snapshot)

    def saved(self, uri: str) -> None:
        """A document was saved."""
        if self._sessions is not None:
            self.session(uri).saved(uri)

    def closed(self, uri: str) -> None:
        """A document was closed."""
        self._waiting.pop(uri, None)
        self._nameless.pop(uri, None)
        self._strangers.pop(uri, None)
        self._languages.pop(uri, None)
        if self._sessions is not None:
            self.session(uri).close(uri)

    @property
    def places(self) -> tuple[Workplace, ...]:
        """The sessions that there are, each with its settings."""
        return tuple(self._sessions or ())

    def refresh(self, uri: str | None) -> int:
        """Ask anew for what the document *uri* needs, or all documents without one; how many
        that are.
        """
        open_here = [
            (place.session, each) for place in self.places for each in place.session.documents
        ]
        return sum(
            session.refresh(each) for session, each in open_here if uri is None or each == uri
        )

    async def clear(self) -> Statistics:
        """Forget all that was learned, on disk too; what that was."""
        await self._until_begun()
        kept = [await place.session.packages.statistics() for place in self.places]
        for place in self.places:
            await place.session.clear()
        return max(kept, key=lambda each: each.entries)

    async def ask(self, operation: str, parameters: object, folder: Path | None) -> dict[str, Any]:
        """The record that answers a package query, for the project in *folder*. Waits until the
        server has begun.
        """
        await self._until_begun()
        place = self._place(folder.as_uri() if folder is not None else "")
        return await place.answer(operation, parameters, folder)

    async def document(self, uri: str) -> Document | None:
        """The open manifest *uri*, None where it is none. Waits until the server has begun, until
        it is known whether others make a manifest of it, and until the files around it are known.
        """
        await self._until_begun()
        if uri in self._waiting:
            await self.configured()
        if uri in self._strangers:
            await self._strangers[uri][1].wait()
        return await self.session(uri).surveyed(uri) if self._sessions is not None else None

    @property
    def documents(self) -> tuple[Document, ...]:
        """All open documents."""
        places = self._sessions or ()
        return tuple(each for place in places for each in place.session.documents.values())

"""The session: one refresh task per open document, whose verdicts stream to the client.

A change replaces the document and its task. What the task knows it publishes at once; what it
must ask for it asks once the typing rests, so that no half-typed name is ever looked up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from registry_lsp.core.findings import Assessment
from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import PackageId, Unauthorized, Unavailable
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.ports.routes import Routes
from registry_lsp.core.text import Snapshot
from registry_lsp.session.advisories import AdvisoryIndex
from registry_lsp.session.audience import Audience
from registry_lsp.session.documents import Document, Nowhere, recogniser
from registry_lsp.session.loading import STREAM, Loader
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.retries import retry
from registry_lsp.session.services import Services
from registry_lsp.session.surveys import Surveyor
from registry_lsp.session.tasks import start
from registry_lsp.session.verdicts import Judge

SETTLE = 0.04
"""Seconds without a change before what is known is published: a burst of changes is one."""
REST = 0.4
"""Seconds without a change before a name that is not known is asked for."""

LONGEST = 2**21
"""Characters of the longest text that is read while somebody may type in it: far more than anybody
writes, and what is generated may take seconds each time."""
WATCH = 2.0
"""Seconds between two looks at the files around the open documents. No client can be relied on to
tell of all of them: some tell of none, and none of what git ignores."""

_REMEMBERED = 64  # closed documents


class Session:
    """What is open, and its freshest verdicts. Lives on one event loop."""

    def __init__(
        self,
        *,
        ecosystems: tuple[Ecosystem, ...],
        packages: PackageIndex,
        advisories: AdvisoryIndex | None = None,
        audience: Audience,
        routes: Callable[[Ecosystem, Path | None], Routes],
        is_ignored: Callable[..., bool] = lambda *_: False,
        services: Services | None = None,
        is_patient: bool = False,
        watch: float = WATCH,
        resources: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        """*resources* are closed, in their order, after everything that uses them. A session
        that *is_patient* goes on asking for what could not be asked, while a document is open,
        looks every *watch* seconds whether the files around it have changed, and says nothing of
        texts longer than anybody's.
        """
        self.packages = packages
        self.services = services or Services.nobody()
        self.advisories = advisories or AdvisoryIndex.nobody()
        self._audience = audience
        self._routes = routes
        self._is_ignored = is_ignored
        self._resources = tuple(resources)
        self._recognise = recogniser(ecosystems)
        self._documents: dict[str, Document] = {}
        self._judges: dict[str, Judge] = {}
        self._changed: dict[str, float] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._vigils: dict[str, asyncio.Task[None]] = {}
        self._behind: set[str] = set()
        self._closed: dict[str, Manifest] = {}
        self._is_patient = is_patient
        self._surveyor = Surveyor(self._routes_of)
        self._surveyed: dict[str, asyncio.Event] = {}
        self._period = watch
        self._loader = Loader(
            packages,
            self.advisories,
            assessments=self.assessments,
            show=self._publish,
            loading=audience.loading,
        )
        packages.heard = self._heard

    @property
    def documents(self) -> Mapping[str, Document]:
        """The open documents by their URI."""
        return self._documents

    def document(self, uri: str) -> Document | None:
        """The open document *uri*, None where it is no manifest."""
        return self._documents.get(uri)

    def assessments(self, document: Document) -> tuple[Assessment, ...]:
        """The document's verdicts from what is in memory: no waiting, no network."""
        judge = self._judges.get(document.snapshot.uri)
        return (judge or self._judge()).judge(document)

    def assessment(self, document: Document, dependency: Dependency) -> Assessment:
        """The verdict on one dependency of *document*, from what is in memory."""
        return self._judge().judge_one(document, dependency)

    def untold(self, assessment: Assessment) -> Unauthorized | Unavailable | None:
        """Why it could not be asked what is known against the releases that *assessment* is of;
        None where it could be.
        """
        troubles = (self.advisories.trouble(each) for each in assessment.in_use)
        return next((each for each in troubles if each is not None), None)

    def _judge(self) -> Judge:
        return Judge(self.packages, self.advisories)

    async def rests(self, document: Document) -> bool:
        """Wait until the typing in *document* rests; False where it has changed by then."""
        uri = document.snapshot.uri
        await asyncio.sleep(self._until_rest(uri))
        now = self._documents.get(uri)
        return now is not None and now.snapshot is document.snapshot

    def _until_rest(self, uri: str) -> float:
        """Seconds until the typing in *uri* has rested, if nothing more is typed."""
        return max(0.0, self._changed.get(uri, -REST) + REST - time.monotonic())

    async def surveyed(self, uri: str) -> Document | None:
        """The open document *uri*, once somebody has looked at the files around it."""
        while (document := self._documents.get(uri)) is not None and document.project is None:
            await self._surveyed[uri].wait()
        return document

    def open(
        self,
        snapshot: Snapshot,
        path: PurePath,
        kind: tuple[Ecosystem, ManifestFormat] | None = None,
    ) -> Document | None:
        """Take up a document, of the *kind* that somebody knows it to be or else of the one that
        its path says; None where its path is no manifest's.
        """
        uri = snapshot.uri
        open_already = self._documents.get(uri)
        is_manifest = kind is not None if open_already is None else open_already.is_manifest
        kind = kind or self._recognise(path)
        if kind is None:
            return None
        ecosystem, format = kind
        document = Document(
            snapshot=snapshot,
            path=path,
            ecosystem=ecosystem,
            format=format,
            routes=Nowhere(),  # read with what lies around it
            is_ignored=self._is_ignored,
            is_manifest=is_manifest or format.holds(snapshot.text),
            longest=LONGEST if self._is_patient else None,
            before=open_already.saved_manifest if open_already else self._closed.pop(uri, None),
        )
        if open_already is None:
            document = document.saved()
        self._take(document)
        return document

    def adopt(self, document: Document) -> None:
        """Take up a document that another session has released."""
        self._take(replace(document, routes=Nowhere(), project=None, is_ignored=self._is_ignored))

    def _take(self, document: Document) -> None:
        uri = document.snapshot.uri
        self._judges[uri] = self._judge()
        self._surveyed.setdefault(uri, asyncio.Event())
        if self._is_patient:
            self._surveyor.watch(self._period, self._look_again)
        self._start(document, settle=0, rest=0)

    def _routes_of(self, ecosystem: Ecosystem, path: PurePath) -> Routes:
        return self._routes(ecosystem, Path(path).parent if path.is_absolute() else None)

    def update(self, snapshot: Snapshot) -> None:
        """Take a changed text of an open document."""
        document = self._documents.get(snapshot.uri)
        if document is not None:
            self._changed[snapshot.uri] = time.monotonic()
            self._start(document.successor(snapshot), settle=SETTLE, rest=REST)

    def saved(self, uri: str) -> None:
        """The document's text is the one on disk now, and so are its neighbours."""
        document = self._documents.get(uri)
        if document is not None:
            self._start(document.saved(), settle=0, rest=0)

    def reload(self, uri: str) -> None:
        """Read the project's configuration anew and look again at what is due."""
        document = self._documents.get(uri)
        if document is not None:
            self.open(document.snapshot, document.path, (document.ecosystem, document.format))

    def refresh(self, uri: str) -> bool:
        """Ask anew for all that the document *uri* needs; False where that is no open manifest.
        What is known stands until the answers are there.
        """
        document = self._documents.get(uri)
        if document is None:
            return False
        self._loader.expire(document)
        self.services.clear()
        self.reload(uri)
        return True

    async def clear(self) -> None:
        """Forget all that was learned, on disk too, and ask anew for what is open."""
        await self.packages.clear()
        self.advisories.clear()
        self.services.clear()
        for uri in tuple(self._documents):
            self.reload(uri)

    def close(self, uri: str) -> None:
        """Let a document go, and what was being asked for its sake."""
        if uri not in self._documents:
            return
        document = self.release(uri)
        if (saved := document.saved_manifest) is not None:
            self._closed[uri] = saved
            if len(self._closed) > _REMEMBERED:
                del self._closed[next(iter(self._closed))]
        self._audience.retract(uri)

    def release(self, uri: str) -> Document:
        """Let the open document *uri* go without a word: another session takes it up."""
        document = self._documents.pop(uri)
        self._judges.pop(uri, None)
        self._changed.pop(uri, None)
        self._surveyor.forget(uri)
        self._surveyed.pop(uri).set()
        self._cancel(uri)
        self.packages.abandon(id for id in document.ids if id is not None)
        return document

    def look_at_files(self) -> None:
        """Somebody says that files around the documents have changed: look before it is time."""
        self._surveyor.hurry()

    def stop_loading(self, uri: str) -> None:
        """Stop asking for the document's packages; what is known stays."""
        document = self._documents.get(uri)
        if document is not None:
            self._cancel(uri)
            self.packages.abandon(id for id in document.ids if id is not None)

    async def settled(self, uri: str) -> None:
        """Wait until the document's task has ended: for the command line and for tests."""
        while (task := self._tasks.get(uri)) is not None and not task.done():
            await asyncio.wait((task,))

    def save(self) -> None:
        """Have what was learned written, at once: the process may end at any moment."""
        self.packages.save()

    async def flush(self) -> None:
        """Have what was learned written, for another session to find."""
        await self.packages.flush()

    async def aclose(self) -> None:
        """End every task, then the packages' own work."""
        tasks = [*self._tasks.values(), *self._vigils.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._surveyor.aclose()
        self._documents.clear()
        for event in self._surveyed.values():
            event.set()
        await self.advisories.aclose()
        await self.packages.aclose()
        await self.services.aclose()
        for close in self._resources:
            await close()

    def _start(self, document: Document, *, settle: float, rest: float) -> None:
        uri = document.snapshot.uri
        self._documents[uri] = document
        if document.project is None:
            self._surveyed[uri].clear()
        self._cancel(uri)
        task = start(self._refresh(document, settle=settle, rest=rest), f"refresh {uri}")
        self._tasks[uri] = task
        if self._is_patient:
            self._vigils[uri] = start(self._retry(uri, task), f"retry {uri}")

    def _cancel(self, uri: str) -> None:
        for tasks in (self._tasks, self._vigils):
            task = tasks.pop(uri, None)
            if task is not None:
                task.cancel()

    def _heard(self, id: PackageId) -> None:
        """A registry has spoken: who shows that package, and asks no more, shows it anew."""
        for uri, document in self._documents.items():
            task = self._tasks.get(uri)
            if uri in self._behind or task is None or not task.done():
                continue
            if id in document.ids:
                self._behind.add(uri)
                asyncio.get_running_loop().call_later(STREAM, self._catch_up, uri)

    def _catch_up(self, uri: str) -> None:
        self._behind.discard(uri)
        document = self._documents.get(uri)
        if document is None:
            return
        self._publish(document)
        task = self._tasks.get(uri)
        if task is not None and task.done():
            self._tasks[uri] = start(self._loader.advise(document), f"advise {uri}")

    async def _retry(self, uri: str, refresh: asyncio.Task[None]) -> None:
        await asyncio.wait((refresh,))
        await retry(self._documents[uri], self._loader)

    async def _refresh(self, document: Document, *, settle: float, rest: float) -> None:
        if settle and document.project is not None:
            await asyncio.sleep(settle)
        document = await self._look_around(document)
        unknown = self._loader.unknown(document)
        if rest or not unknown:
            self._publish(document)
        if unknown:
            await self._loader.recall(document, unknown)
        await asyncio.sleep(rest)
        document = self._documents[document.snapshot.uri] = document.rested()
        if document.fault is not None:
            self._publish(document)
        await self._loader.load(document)

    async def _look_around(self, document: Document) -> Document:
        """The document in its project as that is on disk now. Only the newest text comes here:
        the task of any other has been cancelled.
        """
        uri = document.snapshot.uri
        self._documents[uri] = await self._surveyor.look_around(document)
        self._surveyed[uri].set()
        return self._documents[uri]

    def _look_again(self, uri: str) -> None:
        document = self._documents.get(uri)
        if document is not None:
            self._start(document, settle=0, rest=self._until_rest(uri))

    def _publish(self, document: Document) -> None:
        uri = document.snapshot.uri
        if self._documents.get(uri) is document and document.is_manifest:
            self._audience.publish(document, self.assessments(document))

"""The session: the open documents, whose verdicts stream to the client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from registry_lsp.core.findings import Assessment
from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import PackageId
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.http import Hosts
from registry_lsp.core.ports.routes import Routes
from registry_lsp.core.text import Snapshot
from registry_lsp.session.advisories import AdvisoryIndex
from registry_lsp.session.audience import Audience
from registry_lsp.session.documents import Document, Nowhere
from registry_lsp.session.glances import Glance, glance
from registry_lsp.session.kinds import Kind, Kinds
from registry_lsp.session.loading import Loader
from registry_lsp.session.opened import Opened
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.reach import Reach
from registry_lsp.session.services import Services
from registry_lsp.session.surveys import Around, Surveyor
from registry_lsp.session.verdicts import Judge

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
        hosts: Sequence[Hosts] = (),
        resources: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        """*resources* are closed, in their order, after everything that uses them; *hosts* are
        all that are asked. A session
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
        self.reach = Reach(hosts, self.advisories, self.services)
        self._resources = tuple(resources)
        self._opened: dict[str, Opened] = {}
        self._closed: dict[str, Manifest] = {}
        self._is_patient = is_patient
        self._surveyor = Surveyor(self._routes_of, self._meant)
        self.kinds = Kinds(ecosystems, self._surveyor)
        self._period = watch
        self._loader = Loader(
            packages,
            self.advisories,
            self.services.descriptions,
            assessments=self.assessments,
            show=self._publish,
            loading=audience.loading,
        )
        packages.heard = self._heard

    @property
    def documents(self) -> Mapping[str, Document]:
        """The open documents by their URI."""
        return {uri: each.document for uri, each in self._opened.items()}

    def document(self, uri: str) -> Document | None:
        """The open document *uri*, None where it is no manifest."""
        opened = self._opened.get(uri)
        return opened.document if opened is not None else None

    def assessments(self, document: Document) -> tuple[Assessment, ...]:
        """The document's verdicts from what is in memory: no waiting, no network."""
        opened = self._opened.get(document.snapshot.uri)
        return (opened.judge if opened is not None else self._judge()).judge(document)

    def assessment(self, document: Document, dependency: Dependency) -> Assessment:
        """The verdict on one dependency of *document*, from what is in memory."""
        return self._judge().judge_one(document, dependency)

    def _judge(self) -> Judge:
        return Judge(self.packages, self.advisories, self.services.descriptions)

    async def rests(self, document: Document) -> bool:
        """Wait until the typing in *document* rests; False where it has changed by then."""
        opened = self._opened.get(document.snapshot.uri)
        if opened is not None:
            await asyncio.sleep(opened.until_rest)
        now = self.document(document.snapshot.uri)
        return now is not None and now.snapshot is document.snapshot

    def is_resting(self, document: Document) -> bool:
        """Whether the typing in *document* has rested."""
        opened = self._opened.get(document.snapshot.uri)
        return opened is None or opened.until_rest == 0.0

    def unfinished(self, document: Document) -> int | None:
        """The code-point offset in *document* at which somebody is most likely typing on; None
        where all of it is what somebody meant to write: as it was opened or saved, or since the
        typing has rested for long.
        """
        opened = self._opened.get(document.snapshot.uri)
        if opened is None or opened.document.snapshot is not document.snapshot:
            return None
        return opened.unfinished

    async def surveyed(self, uri: str) -> Document | None:
        """The open document *uri*, once somebody has looked at the files around it."""
        while (opened := self._opened.get(uri)) is not None and opened.document.project is None:
            await opened.surveyed.wait()
        return opened.document if opened is not None else None

    def open(
        self,
        snapshot: Snapshot,
        path: PurePath,
        kind: Kind | None = None,
        language: str | None = None,
    ) -> Document | None:
        """Take up a document, of the *kind* that somebody knows it to be or else of the one that
        its path says; None where its path is no manifest's. One that its editor takes for a
        *language* has no name yet: what it is these two say, and what it would be called.
        """
        uri = snapshot.uri
        open_already = self.document(uri)
        if language is not None and open_already is not None:
            kind, path = (open_already.ecosystem, open_already.format), open_already.path
        elif language is not None and (guessed := self.kinds.of_text(language, snapshot.text)):
            ecosystem, nameless = guessed
            kind, path = (ecosystem, nameless.format), path.with_name(nameless.file)
        is_manifest = kind is not None if open_already is None else open_already.is_manifest
        kind = kind or self.kinds.of_path(path)
        if kind is None:
            return None
        document = replace(
            self._document(snapshot, path, kind),
            is_manifest=is_manifest or kind[1].holds(snapshot.text),
            before=open_already.saved_manifest if open_already else self._closed.pop(uri, None),
        )
        if open_already is None:
            document = document.saved()
        self._take(document)
        return document

    def _document(self, snapshot: Snapshot, path: PurePath, kind: Kind) -> Document:
        ecosystem, format = kind
        return Document(
            snapshot=snapshot,
            path=path,
            ecosystem=ecosystem,
            format=format,
            routes=Nowhere(),  # read with what lies around it
            is_ignored=self._is_ignored,
            longest=LONGEST if self._is_patient else None,
        )

    async def glance(self, snapshot: Snapshot, path: PurePath, kind: Kind) -> Glance:
        """The verdicts on a manifest that nobody has open, once all has answered."""
        return await glance(
            self._document(snapshot, path, kind),
            packages=self.packages,
            advisories=self.advisories,
            descriptions=self.services.descriptions,
            surveyor=self._surveyor,
        )

    async def has_news(self, around: Around) -> bool:
        """Whether anything *around* a manifest that nobody has open is another by now."""
        return await self._surveyor.has_news(around)

    def adopt(self, document: Document) -> None:
        """Take up a document that another session has released."""
        self._take(replace(document, routes=Nowhere(), project=None, is_ignored=self._is_ignored))

    def _take(self, document: Document) -> None:
        if self._is_patient:
            self._surveyor.watch(self._period, self._look_again)
        uri, judge = document.snapshot.uri, self._judge()
        opened = self._opened.get(uri)
        if opened is None:
            opened = self._opened[uri] = Opened(
                document,
                judge,
                loader=self._loader,
                surveyor=self._surveyor,
                show=self._publish,
                is_patient=self._is_patient,
            )
        opened.judge = judge
        if opened.document.snapshot is not document.snapshot:
            opened.calm()
        opened.start(document)

    def _meant(self) -> dict[PurePath, str]:
        """What is open, by the files' paths, as it was when somebody last paused in it: what else
        has such a path (``git:``) shows another day's.
        """
        return {
            opened.document.path: opened.meant
            for uri, opened in self._opened.items()
            if uri.startswith("file:") and len(opened.meant) <= LONGEST
        }

    def _routes_of(self, ecosystem: Ecosystem, path: PurePath) -> Routes:
        return self._routes(ecosystem, Path(path).parent if path.is_absolute() else None)

    def update(self, snapshot: Snapshot) -> None:
        """Take a changed text of an open document."""
        opened = self._opened.get(snapshot.uri)
        if opened is not None:
            opened.type(snapshot)

    def saved(self, uri: str) -> None:
        """The document's text is the one on disk now, and so are its neighbours."""
        opened = self._opened.get(uri)
        if opened is not None:
            opened.calm()
            opened.start(opened.document.saved())

    def reload(self, uri: str) -> None:
        """Read the project's configuration anew and look again at what is due."""
        document = self.document(uri)
        if document is not None:
            self.open(document.snapshot, document.path, (document.ecosystem, document.format))

    def refresh(self, uri: str) -> bool:
        """Ask anew for all that the document *uri* needs; False where that is no open manifest.
        What is known stands until the answers are there.
        """
        document = self.document(uri)
        if document is None:
            return False
        self.reach.reopen()
        self._loader.expire(document)
        self.services.clear()
        self.reload(uri)
        return True

    async def clear(self) -> None:
        """Forget all that was learned, on disk too, and ask anew for what is open."""
        self.reach.reopen()
        await self.packages.clear()
        self.advisories.clear()
        self.services.clear()
        for uri in tuple(self._opened):
            self.reload(uri)

    def close(self, uri: str) -> None:
        """Let a document go, and what was being asked for its sake."""
        if uri not in self._opened:
            return
        document = self.release(uri)
        if (saved := document.saved_manifest) is not None:
            self._closed[uri] = saved
            if len(self._closed) > _REMEMBERED:
                del self._closed[next(iter(self._closed))]
        self._audience.retract(uri)

    def release(self, uri: str) -> Document:
        """Let the open document *uri* go without a word: another session takes it up."""
        opened = self._opened.pop(uri)
        self._surveyor.forget(uri)
        opened.surveyed.set()
        opened.calm()
        self._stop(opened)
        return opened.document

    def look_at_files(self) -> None:
        """Somebody says that files around the documents have changed: look before it is time."""
        self._surveyor.hurry()

    def stop_loading(self, uri: str) -> None:
        """Stop asking for the document's packages; what is known stays."""
        opened = self._opened.get(uri)
        if opened is not None:
            self._stop(opened)

    def _stop(self, opened: Opened) -> None:
        opened.stop()
        self.packages.abandon(id for id in opened.document.ids if id is not None)

    async def answered(self, document: Document) -> Document | None:
        """Wait until all has answered that is asked for *document*, and return what it is by then;
        None where its text is another, or it is closed.
        """
        while (opened := self._opened.get(document.snapshot.uri)) is not None:
            if opened.document.snapshot is not document.snapshot:
                break
            if not await opened.settled():
                return opened.document
        return None

    async def settled(self, uri: str) -> None:
        """Wait until the document's task has ended: for the command line and for tests."""
        while (opened := self._opened.get(uri)) is not None and await opened.settled():
            pass

    def save(self) -> None:
        """Have what was learned written, at once: the process may end at any moment."""
        self.packages.save()

    async def flush(self) -> None:
        """Have what was learned written, for another session to find."""
        await self.packages.flush()

    async def aclose(self) -> None:
        """End every task, then the packages' own work."""
        tasks = [task for each in self._opened.values() for task in each.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._surveyor.aclose()
        opened = tuple(self._opened.values())
        self._opened.clear()
        for each in opened:
            each.surveyed.set()
            each.calm()
        await self.advisories.aclose()
        await self.packages.aclose()
        await self.services.aclose()
        for close in self._resources:
            await close()

    def _heard(self, id: PackageId) -> None:
        for opened in self._opened.values():
            opened.heard(id)

    def _look_again(self, uri: str) -> None:
        opened = self._opened.get(uri)
        if opened is not None:
            opened.look_again()

    def _publish(self, document: Document) -> None:
        opened = self._opened.get(document.snapshot.uri)
        if opened is not None and opened.document is document and document.is_manifest:
            self._audience.publish(document, self.assessments(document))
            opened.shown()

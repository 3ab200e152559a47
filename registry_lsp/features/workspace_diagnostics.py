"""workspace/diagnostic: the findings of all manifests of the workspace, opened or not.

Some clients ask every two seconds, so that a file is judged again only where it or what lies around
it has changed, as its stamp or the client says, or where that has not been looked at for long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lsprotocol import types

from registry_lsp.core.stamps import Stamp, stamp
from registry_lsp.core.text import Snapshot
from registry_lsp.core.threads import in_thread
from registry_lsp.features.diagnostics import current
from registry_lsp.features.workspace_files import AGAIN, MOST_OF_A_FILE, WorkspaceFiles
from registry_lsp.features.workspace_reports import Before, Progress, Report, Stream, report
from registry_lsp.finding.included import ManifestFile
from registry_lsp.server import RegistryServer

if TYPE_CHECKING:
    from registry_lsp.session.glances import Glance
    from registry_lsp.session.session import Session
    from registry_lsp.session.surveys import Around


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Judged:
    """What was found in a file as it was at ``stamp``, ``at`` a moment (monotonic seconds), when
    the client had said so many times (``turn``) that files have changed.
    """

    stamp: Stamp
    at: float
    turn: int
    session: Session
    around: Around
    items: Sequence[types.Diagnostic]


class Rounds:
    """Looks at the manifests of one client's workspace, one after the other, so that they leave
    the network to whoever looks at a single package.

    *again* has the client ask for another round; in *told* is written by URI what the client is
    told of what is open, as its digest.
    """

    def __init__(
        self, ls: RegistryServer, again: Callable[[], None], told: MutableMapping[str, str]
    ) -> None:
        self._ls = ls
        self._again = again
        self._told = told
        self._judged: dict[str, _Judged] = {}
        self._files = WorkspaceFiles(ls)
        self._turn = 0
        self._is_asked = False
        ls.when_files_changed.append(self._doubt)
        ls.when_configured.append(self._ask_again)

    def _doubt(self, _kinds: Collection[types.FileChangeType]) -> None:
        """The client says that files have changed, come or gone: any manifest may mean another
        thing. A round that is under way has seen some of them before, so that another is due.
        """
        self._turn += 1
        self._ask_again()

    def _ask_again(self) -> None:
        """Have a client that has asked for a round ask for another."""
        if self._is_asked:
            self._again()

    async def make(
        self, params: types.WorkspaceDiagnosticParams
    ) -> types.WorkspaceDiagnosticReport:
        """The reports of all manifests: as they are made, where the client has a token for that,
        and in the answer otherwise. Of what the client was told of before and is no manifest of
        the workspace any more it is told that nothing is found there.
        """
        self._is_asked = True
        await self._ls.configured()
        before = Before(params.previous_result_ids)
        progress = Progress(self._ls, params.work_done_token)
        stream = Stream(self._ls, params.partial_result_token)
        progress.begin()
        try:
            for uri in self._files.opened():
                stream.add(await self._of_open(uri, before.take(uri)))
            files = await self._unopened()
            for done, file in enumerate(files):
                progress.report(done, len(files), file[0])
                stream.add(await self._of_file(file, before))
            for uri, value in before.rest():
                stream.add(report(uri, (), value, None))
        finally:
            progress.end()
        return types.WorkspaceDiagnosticReport(items=stream.rest)

    # --- what is open -------------------------------------------------------------------------

    async def _of_open(self, uri: str, previous: str | None) -> Report | None:
        document = await self._ls.document(uri)
        if document is None or not document.is_manifest:
            return report(uri, (), previous, None) if previous is not None else None
        items = current(self._ls, document, self._ls.session(uri).assessments(document))
        made = report(uri, items, previous, document.snapshot.version)
        self._told[uri] = str(made.result_id)
        return made

    # --- what is not --------------------------------------------------------------------------

    async def _unopened(self) -> list[ManifestFile]:
        files = await self._files.unopened()
        uris = {each[0].as_uri() for each in files}
        self._judged = {uri: each for uri, each in self._judged.items() if uri in uris}
        return files

    async def _of_file(self, file: ManifestFile, before: Before) -> Report | None:
        path, uri = file[0], file[0].as_uri()
        await asyncio.sleep(0)  # between thousands that are known, others get their turn
        while True:
            await self._ls.configured()
            # By the settings of another folder than its own its names might go to anybody.
            if not any(path.is_relative_to(each) for each in self._files.folders()):
                return None
            if not self._ls.settings(uri).diagnostics.enabled:
                return report(uri, (), before.take(uri), None)
            session, mark = self._ls.session(uri), stamp(path)
            if session.document(uri) is not None:  # opened meanwhile: the next round tells of it
                before.take(uri)
                return None
            if mark is None or mark.size > MOST_OF_A_FILE:
                return None
            known = self._judged.get(uri)
            if known is None or not await self._stands(known, mark, session):
                judged = await self._judge(file, mark, session)
                if judged is None and self._ls.session(uri) is not session:
                    continue  # other settings hold by now
                if judged is None:
                    return None
                known = self._judged[uri] = judged
            return report(uri, known.items, before.take(uri), None)

    async def _stands(self, known: _Judged, mark: Stamp, session: Session) -> bool:
        """Whether what is *known* of a file is what would be found in it now."""
        if (
            known.stamp != mark
            or known.session is not session
            or time.monotonic() - known.at >= AGAIN
        ):
            return False
        turn = self._turn
        if known.turn == turn:
            return True
        if await session.has_news(known.around):
            return False
        uri = known.around.path.as_uri()
        if self._judged.get(uri) is known:
            self._judged[uri] = replace(known, turn=turn)
        return True

    async def _judge(self, file: ManifestFile, mark: Stamp, session: Session) -> _Judged | None:
        """What is found in a file; None where it has gone, is nobody's manifest, or the session
        has ended meanwhile.
        """
        path, _, format = file
        now, turn = time.monotonic(), self._turn
        try:
            text = format.decode(await in_thread(path.read_bytes))
        except (OSError, UnicodeDecodeError):
            return None
        snapshot = Snapshot(uri=path.as_uri(), version=0, text=text)
        seen = await self._glance(snapshot, file, session)
        if seen is None:
            return None
        items = current(self._ls, seen.document, seen.assessments)
        return _Judged(
            stamp=mark, at=now, turn=turn, session=session, around=seen.around, items=items
        )

    async def _glance(
        self, snapshot: Snapshot, file: ManifestFile, session: Session
    ) -> Glance | None:
        """What a look at a manifest shows; None where the session ends, and all that it asks."""
        path, ecosystem, format = file
        looking = asyncio.ensure_future(session.glance(snapshot, path, (ecosystem, format)))
        try:
            await asyncio.wait((looking,))
        finally:
            looking.cancel()
        has_ended = all(each.session is not session for each in self._ls.places)
        if looking.cancelled() or (has_ended and looking.exception() is not None):
            return None
        return looking.result()

"""workspace/diagnostic: the findings of all manifests of the workspace, opened or not.

Some clients ask every two seconds, so that a file is judged again only where it has changed, or
when it is time to look at what lies around it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeAlias

from lsprotocol import types

from registry_lsp.core.stamps import Stamp, stamp
from registry_lsp.core.text import Snapshot
from registry_lsp.ecosystems import discover
from registry_lsp.features.diagnostics import current, digest
from registry_lsp.finding.find import ManifestFile, find_manifests
from registry_lsp.server import RegistryServer, path_of

if TYPE_CHECKING:
    from registry_lsp.session.session import Session

MOST = 1000
"""Manifests of a workspace that are judged."""
AGAIN = 30.0
"""Seconds after which the folders are walked, and a file that has not changed is judged, again."""
MOST_OF_A_FILE = 2**23
"""Bytes of a file that is read; nobody writes more into a manifest."""
_TITLE = "Looking at the manifests of the workspace"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Judged:
    """What was found in a file as it was at ``stamp``, ``at`` a moment (monotonic seconds)."""

    stamp: Stamp
    at: float
    session: Session
    items: Sequence[types.Diagnostic]


class Rounds:
    """Looks at the manifests of one client's workspace, one after the other, so that they leave
    the network to whoever looks at a single package.
    """

    def __init__(self, ls: RegistryServer) -> None:
        self._ls = ls
        self._judged: dict[str, _Judged] = {}
        self._found: tuple[float, tuple[str, ...], tuple[ManifestFile, ...]] | None = None

    async def make(
        self, params: types.WorkspaceDiagnosticParams
    ) -> types.WorkspaceDiagnosticReport:
        """The reports of all manifests: as they are made, where the client has a token for that,
        and in the answer otherwise.
        """
        await self._ls.ready()
        previous = {each.uri: each.value for each in params.previous_result_ids}
        progress = _Progress(self._ls, params.work_done_token)
        stream = _Stream(self._ls, params.partial_result_token)
        progress.begin()
        try:
            for uri in self._open():
                stream.add(await self._of_open(uri, previous.get(uri)))
            files = await self._unopened()
            for done, (path, *_) in enumerate(files):
                progress.report(done, len(files), path)
                stream.add(await self._of_file(files[done], previous))
        finally:
            progress.end()
        return types.WorkspaceDiagnosticReport(items=stream.rest)

    # --- what is open -------------------------------------------------------------------------

    def _open(self) -> list[str]:
        return [uri for each in self._ls.places for uri in each.session.documents]

    async def _of_open(self, uri: str, previous: str | None) -> _Report | None:
        document = await self._ls.document(uri)
        if document is None or not document.is_manifest:
            return None
        items = current(self._ls, document, self._ls.session(uri).assessments(document))
        return _report(uri, items, previous, document.snapshot.version)

    # --- what is not --------------------------------------------------------------------------

    async def _unopened(self) -> list[ManifestFile]:
        paths = [path_of(uri) for uri in self._ls.folders]
        folders = tuple(str(each) for each in paths if each.is_absolute())
        found = self._found
        if found is None or found[1] != folders or time.monotonic() - found[0] >= AGAIN:
            files = await asyncio.to_thread(_walk, folders)
            found = self._found = (time.monotonic(), folders, files)
        opened = {path_of(uri) for uri in self._open()}
        files = tuple(each for each in found[2] if PurePath(each[0]) not in opened)
        uris = {each[0].as_uri() for each in files}
        self._judged = {uri: each for uri, each in self._judged.items() if uri in uris}
        return list(files)

    async def _of_file(self, file: ManifestFile, previous: dict[str, str]) -> _Report | None:
        path, ecosystem, format = file
        uri = path.as_uri()
        if not self._ls.settings(uri).diagnostics.enabled:
            return _report(uri, (), previous.get(uri), None)
        session, mark = self._ls.session(uri), stamp(path)
        if mark is None or mark.size > MOST_OF_A_FILE:
            return None
        known, now = self._judged.get(uri), time.monotonic()
        if (
            known is None
            or known.stamp != mark
            or known.session is not session
            or now - known.at >= AGAIN
        ):
            try:
                text = format.decode(await asyncio.to_thread(path.read_bytes))
            except (OSError, UnicodeDecodeError):  # it has gone, or is nobody's manifest
                return None
            snapshot = Snapshot(uri=uri, version=0, text=text)
            seen = await session.glance(snapshot, path, (ecosystem, format))
            items = current(self._ls, seen.document, seen.assessments)
            known = self._judged[uri] = _Judged(stamp=mark, at=now, session=session, items=items)
        return _report(uri, known.items, previous.get(uri), None)


_Report: TypeAlias = (
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
)


def _report(
    uri: str, items: Sequence[types.Diagnostic], previous: str | None, version: int | None
) -> _Report:
    result = digest(items)
    if result == previous:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(
            uri=uri, result_id=result, version=version
        )
    return types.WorkspaceFullDocumentDiagnosticReport(
        uri=uri, items=items, result_id=result, version=version
    )


def _walk(folders: Sequence[str]) -> tuple[ManifestFile, ...]:
    search = find_manifests(
        [Path(each) for each in folders], discover(), home=Path.home(), environ=dict(os.environ)
    )
    if len(search.files) > MOST:
        _LOG.warning("of %s manifests only the first %s are looked at", len(search.files), MOST)
    return search.files[:MOST]


class _Stream:
    """Reports on their way: each at once, where the client has a token; kept otherwise."""

    def __init__(self, ls: RegistryServer, token: types.ProgressToken | None) -> None:
        self._ls = ls
        self._token = token
        self._has_begun = False
        self.rest: list[_Report] = []

    def add(self, report: _Report | None) -> None:
        """Take in one more, None where there is nothing to report."""
        if report is None:
            return
        if self._token is None:
            self.rest.append(report)
            return
        kind = types.WorkspaceDiagnosticReportPartialResult
        value = kind([report]) if self._has_begun else types.WorkspaceDiagnosticReport([report])
        self._has_begun = True
        self._ls.progress(types.ProgressParams(token=self._token, value=value))


class _Progress:
    """How far it has come, where the client wants to know."""

    def __init__(self, ls: RegistryServer, token: types.ProgressToken | None) -> None:
        self._ls = ls
        self._token = token

    def begin(self) -> None:
        """Show it."""
        self._tell(types.WorkDoneProgressBegin(title=_TITLE, cancellable=True, percentage=0))

    def report(self, done: int, total: int, path: Path) -> None:
        """*done* of *total* files have been looked at, and *path* is the next."""
        message = f"{done} of {total}: {path.name}"
        share = done * 100 // max(total, 1)
        self._tell(types.WorkDoneProgressReport(message=message, percentage=share))

    def end(self) -> None:
        """Take it away."""
        self._tell(types.WorkDoneProgressEnd())

    def _tell(
        self,
        value: types.WorkDoneProgressBegin
        | types.WorkDoneProgressReport
        | types.WorkDoneProgressEnd,
    ) -> None:
        if self._token is not None:
            self._ls.progress(types.ProgressParams(token=self._token, value=value))

"""How the reports of workspace/diagnostic reach a client: in one or as they are made, and only what
it was not told before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath
from typing import TypeAlias

from lsprotocol import types

from registry_lsp.features.diagnostics import digest
from registry_lsp.server import RegistryServer, path_of

_TITLE = "Looking at the manifests of the workspace"


class Before:
    """What the client was told in an earlier round, by the file: clients write URIs in their own
    ways, and an empty report for one way would take away what is told for the other.
    """

    def __init__(self, ids: Sequence[types.PreviousResultId]) -> None:
        self._left = {_place(each.uri): (each.uri, each.value) for each in ids}

    def take(self, uri: str) -> str | None:
        """What was told of *uri*, which is told of now; None where nothing was."""
        return self._left.pop(_place(uri), ("", None))[1]

    def rest(self) -> Iterable[tuple[str, str]]:
        """What was told of whatever has not been taken, by the client's own URIs."""
        return self._left.values()


def _place(uri: str) -> PurePath | str:
    path = path_of(uri)
    return path if path.is_absolute() else uri


Report: TypeAlias = (
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
)


def report(
    uri: str, items: Sequence[types.Diagnostic], previous: str | None, version: int | None
) -> Report:
    """What to tell of *uri* to who was told *previous* of it before; *version* is None where it is
    not open.
    """
    result = digest(items)
    if result == previous:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(
            uri=uri, result_id=result, version=version
        )
    return types.WorkspaceFullDocumentDiagnosticReport(
        uri=uri, items=items, result_id=result, version=version
    )


class Stream:
    """Reports on their way: each at once, where the client has a token; kept otherwise."""

    def __init__(self, ls: RegistryServer, token: types.ProgressToken | None) -> None:
        self._ls = ls
        self._token = token
        self._has_begun = False
        self.rest: list[Report] = []

    def add(self, report: Report | None) -> None:
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


class Progress:
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

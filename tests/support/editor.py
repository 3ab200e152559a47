"""An editor as the server sees it: a real client over stdio, with a real editor's capabilities.

It counts columns by itself, in its own units, so that it checks the server's counting.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound
from pygls.protocol import default_converter
from pygls.uris import to_fs_path
from pytest_lsp import LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from support import nursery
from support.clients import capabilities

PATIENCE = 30.0
"""Seconds after which a test gives up: far more than any machine needs."""

SERVICE_NAMES = ("OSV", "NPM_DOWNLOADS", "PYPI_DOWNLOADS", "DJANGO_PACKAGES")
_LINE_END = re.compile("\r\n|\n|\r")


_converter = cache(default_converter)
"""One for all clients: it works out anew how each kind of message is read."""


class Editor:
    """One client with one server; made by :func:`editor`."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.result: types.InitializeResult | None = None
        self.published: dict[str, list[types.PublishDiagnosticsParams]] = defaultdict(list)
        self.refreshed: Counter[str] = Counter()
        self.registered: list[types.Registration] = []
        self.applied_edits: list[types.ApplyWorkspaceEditParams] = []
        self.refusal: str | None = None
        """Why no edit is applied; None where all are."""
        self.is_silent = False
        """Whether nobody is told what became of an edit, nor shown progress."""
        self.refused_progress = 0
        self.parts: dict[types.ProgressToken, list[Any]] = defaultdict(list)
        """What was sent of answers, as JSON, before they were whole."""
        self._news = asyncio.Condition()
        self._pulled: dict[str, tuple[str | None, list[types.Diagnostic]]] = {}
        self._texts: dict[str, str] = {}
        self._versions: dict[str, int] = {}

        async def published(params: types.PublishDiagnosticsParams) -> None:
            async with self._news:
                self.published[params.uri].append(params)
                self._news.notify_all()

        async def registered(params: types.RegistrationParams) -> None:
            async with self._news:
                self.registered.extend(params.registrations)
                self._news.notify_all()

        def refreshed(what: str) -> Callable[[None], Awaitable[None]]:
            async def count(_: None) -> None:
                async with self._news:
                    self.refreshed[what] += 1
                    self._news.notify_all()

            return count

        def progressed(client: LanguageClient, params: types.ProgressParams) -> None:
            if "kind" in params.value:
                client.progress_reports.setdefault(params.token, [])  # a token of the client's own
                DEFAULT_CLIENT_FEATURES[types.PROGRESS](client, params)
            else:
                self.parts[params.token].append(params.value)

        def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult | None:
            self.applied_edits.append(params)
            if self.refusal is not None:
                return types.ApplyWorkspaceEditResult(applied=False, failure_reason=self.refusal)
            for uri, edits in self._edits(params.edit):
                self._texts[uri] = self.edited(uri, edits)
            return None if self.is_silent else types.ApplyWorkspaceEditResult(applied=True)

        def begins(client: LanguageClient, params: types.WorkDoneProgressCreateParams) -> None:
            self.refused_progress += self.is_silent
            if self.is_silent:
                raise JsonRpcMethodNotFound("nobody looks at progress")
            DEFAULT_CLIENT_FEATURES[types.WINDOW_WORK_DONE_PROGRESS_CREATE](client, params)

        features = {
            **DEFAULT_CLIENT_FEATURES,
            types.WINDOW_WORK_DONE_PROGRESS_CREATE: begins,
            types.PROGRESS: progressed,
            types.WORKSPACE_APPLY_EDIT: apply,
            types.WORKSPACE_INLAY_HINT_REFRESH: refreshed("inlay hints"),
            types.WORKSPACE_DIAGNOSTIC_REFRESH: refreshed("diagnostics"),
            types.WORKSPACE_CODE_LENS_REFRESH: refreshed("code lenses"),
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: published,
            types.CLIENT_REGISTER_CAPABILITY: registered,
        }
        register_lsp_features(client, features)

    # --- documents ----------------------------------------------------------------------------

    def uri(self, name: str) -> str:
        """The URI of a file of the project."""
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str, language: str = "plaintext") -> str:
        """Open a buffer; its URI."""
        uri = self.uri(name)
        self._texts[uri], self._versions[uri] = text, 1
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        return uri

    def change(self, uri: str, text: str) -> int:
        """Replace a buffer's text; its new version."""
        self._texts[uri] = text
        self._versions[uri] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(
                    uri=uri, version=self._versions[uri]
                ),
                content_changes=[types.TextDocumentContentChangeWholeDocument(text=text)],
            )
        )
        return self._versions[uri]

    def save(self, uri: str) -> None:
        """Write a buffer to its file, and say so."""
        (self.folder / uri.rpartition("/")[2]).write_text(self._texts[uri], "utf-8", newline="")
        self.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    def close(self, uri: str) -> None:
        """Close a buffer."""
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri=uri))
        )

    # --- what is set --------------------------------------------------------------------------

    def configure(self, settings: Mapping[str, Any], folder: Path | None = None) -> None:
        """Have other settings from now on, in *folder* or everywhere, and say so."""
        scope = folder.as_uri() if folder is not None else None
        self.client.set_configuration(settings, section="registry-lsp", scope_uri=scope)
        self.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings=None)
        )

    async def registrations(self, count: int) -> list[types.Registration]:
        """What the server has asked to be told of, once that are *count* things."""
        async with self._news:
            await asyncio.wait_for(
                self._news.wait_for(lambda: len(self.registered) >= count), timeout=PATIENCE
            )
        return self.registered

    # --- what is shown ------------------------------------------------------------------------

    async def diagnostics(
        self, uri: str, until: Callable[[Sequence[types.Diagnostic]], object] | None = None
    ) -> list[types.Diagnostic]:
        """The newest diagnostics of the buffer's newest version, once *until* holds of them: asked
        for, and again whenever the server says so, where this editor asks; else as they are sent.
        """
        if self.pulls:
            return await asyncio.wait_for(self._asked_until(uri, until), PATIENCE)

        def shown() -> list[types.Diagnostic] | None:
            newest = self.published[uri][-1] if self.published[uri] else None
            if newest is None or newest.version != self._versions[uri]:
                return None
            found = list(newest.diagnostics)
            return found if until is None or until(found) else None

        async with self._news:
            await asyncio.wait_for(
                self._news.wait_for(lambda: shown() is not None), timeout=PATIENCE
            )
        return shown() or []

    async def _asked_until(
        self, uri: str, until: Callable[[Sequence[types.Diagnostic]], object] | None
    ) -> list[types.Diagnostic]:
        while True:
            refreshed = self.refreshed["diagnostics"]
            found = await self.pull(uri)
            if until is None or until(found):
                return found
            async with self._news:
                await self._news.wait_for(lambda n=refreshed: self.refreshed["diagnostics"] > n)

    @property
    def pulls(self) -> bool:
        """Whether this editor asks this server for diagnostics."""
        return self.result is not None and self.result.capabilities.diagnostic_provider is not None

    async def pull(self, uri: str) -> list[types.Diagnostic]:
        """The diagnostics that the server answers with, or those that it says still stand."""
        before = self._pulled.get(uri)
        report = await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(uri),
                identifier="registry-lsp",
                previous_result_id=before[0] if before else None,
            )
        )
        if isinstance(report, types.RelatedFullDocumentDiagnosticReport):
            self._pulled[uri] = before = (report.result_id, list(report.items))
        assert before is not None
        assert before[0] == report.result_id
        return before[1]

    async def hover(self, uri: str, at: str) -> types.Hover | None:
        """The hover at the ``|`` in *at*, a part of the buffer's text."""
        return await self.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), self.position(uri, at))
        )

    async def told(self, uri: str, at: str, *words: str) -> types.Hover:
        """The hover at the ``|`` in *at* with all of *words* in it: it is asked for until then, for
        what is late is there for who looks again.
        """

        async def look() -> types.Hover:
            while True:
                found = await self.hover(uri, at)
                assert found is not None
                assert isinstance(found.contents, types.MarkupContent)
                if all(each in found.contents.value for each in words):
                    return found
                await asyncio.sleep(0.01)

        return await asyncio.wait_for(look(), PATIENCE)

    async def define(self, uri: str, at: str) -> list[tuple[str, str]]:
        """Where the definition at the ``|`` in *at* leads: the file's path from the project, and
        the text that is selected there.
        """
        found = await self.client.text_document_definition_async(
            types.DefinitionParams(types.TextDocumentIdentifier(uri), self.position(uri, at))
        )
        return [self._place(each) for each in found or ()]

    async def mentions(self, uri: str, at: str, *, declared: bool = True) -> list[tuple[str, str]]:
        """The references at the ``|`` in *at*, as :meth:`define` has them; with what is *declared*
        there, where that is wanted.
        """
        found = await self.client.text_document_references_async(
            types.ReferenceParams(
                types.ReferenceContext(include_declaration=declared),
                types.TextDocumentIdentifier(uri),
                self.position(uri, at),
            )
        )
        return [self._place(each) for each in found or ()]

    async def outline(self, uri: str) -> list[tuple[str, str]]:
        """The symbols of the buffer and their details, those within others behind a '>'."""
        found = await self.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
        )
        return [line for each in found or () for line in self._symbols(uri, each, "")]

    def _symbols(
        self, uri: str, found: types.DocumentSymbol | types.SymbolInformation, lead: str
    ) -> list[tuple[str, str]]:
        if isinstance(found, types.SymbolInformation):
            assert found.name in self.text_at(uri, found.location.range) or not found.container_name
            return [(found.name, "")]
        assert found.range.start <= found.selection_range.start
        assert found.selection_range.end <= found.range.end
        if found.kind is types.SymbolKind.Package:
            assert self.text_at(uri, found.selection_range) == found.name
        inner = [line for each in found.children or () for line in self._symbols(uri, each, "> ")]
        return [(lead + found.name, found.detail or ""), *inner]

    def _place(self, found: types.Location | types.LocationLink) -> tuple[str, str]:
        if isinstance(found, types.Location):
            uri, range = found.uri, found.range
        else:
            uri, range = found.target_uri, found.target_selection_range
            assert found.target_range.start <= range.start
            assert range.end <= found.target_range.end
        path = Path(str(to_fs_path(uri)))
        if uri not in self._texts:
            self._texts[uri] = path.read_bytes().decode("utf-8-sig")
        return path.relative_to(self.folder).as_posix(), self.text_at(uri, range)

    async def complete(self, uri: str, at: str) -> types.CompletionList | None:
        """The completion at the ``|`` in *at*, a part of the buffer's text."""
        found = await self.client.text_document_completion_async(
            types.CompletionParams(types.TextDocumentIdentifier(uri), self.position(uri, at))
        )
        range = found.item_defaults and found.item_defaults.edit_range if found else None
        if isinstance(range, types.Range):
            for each in found.items:
                assert each.text_edit is None
                each.text_edit = types.TextEdit(range, each.text_edit_text or each.label)
        return found

    async def offered(self, uri: str, at: str, *labels: str) -> types.CompletionList:
        """The completion with *labels* in it: as long as it is incomplete it is asked for again, as
        it is at each keystroke.
        """

        async def asked() -> types.CompletionList:
            while True:
                found = await self.complete(uri, at)
                assert found is not None
                if set(labels) <= {each.label for each in found.items}:
                    return found
                assert found.is_incomplete, [each.label for each in found.items]

        return await asyncio.wait_for(asked(), PATIENCE)

    async def choose(self, uri: str, at: str, label: str) -> str:
        """The buffer's text once the item *label* is chosen at the ``|`` in *at*, as an editor does
        it that filters by what is typed of the item's range.
        """
        found = await self.offered(uri, at, label)
        item = next(each for each in found.items if each.label == label)
        edit, cursor = item.text_edit, self.position(uri, at)
        assert isinstance(edit, types.TextEdit)
        assert all(each.text_edit and each.text_edit.range == edit.range for each in found.items)
        assert edit.range.start.line == cursor.line == edit.range.end.line
        assert edit.range.start.character <= cursor.character <= edit.range.end.character
        typed = self.text_at(uri, types.Range(edit.range.start, cursor))
        letters = iter((item.filter_text or item.label).lower())
        assert all(letter in letters for letter in typed.lower()), (typed, item.filter_text)
        return self.applied(uri, edit)

    async def resolve(self, item: types.CompletionItem) -> types.CompletionItem:
        """*item* with what is told of it once it is looked at."""
        return await self.client.completion_item_resolve_async(item)

    # --- what is offered ----------------------------------------------------------------------

    async def actions(
        self,
        uri: str,
        at: str,
        *,
        only: Sequence[str] | None = None,
        trigger: types.CodeActionTriggerKind | None = types.CodeActionTriggerKind.Invoked,
    ) -> dict[str, types.CodeAction]:
        """By their titles the actions at the ``|`` in *at*, or between two of them; the client
        names the diagnostics that lie there.
        """
        first, second, *_ = *at.split("|", 1), ""
        begin = self.position(uri, f"{first}|{second.replace('|', '')}")
        middle, bar, rest = second.partition("|")
        end = self.position(uri, f"{first}{middle}|{rest}") if bar else begin
        published = self.published[uri][-1].diagnostics if self.published[uri] else ()
        shown = self._pulled[uri][1] if uri in self._pulled else published
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                text_document=types.TextDocumentIdentifier(uri),
                range=types.Range(begin, end),
                context=types.CodeActionContext(
                    diagnostics=[
                        each
                        for each in shown
                        if each.range.start.line <= end.line and begin.line <= each.range.end.line
                    ],
                    only=only,
                    trigger_kind=trigger,
                ),
            )
        )
        return {each.title: each for each in found or ()}

    async def done(self, uri: str, action: types.CodeAction | types.Command) -> str:
        """The buffer's text once *action* was chosen, the edit being asked for where it is not
        there. A stale edit is refused, as editors refuse it.
        """
        if isinstance(action, types.CodeAction) and action.data is not None:
            assert action.edit is None
            action = await self.client.code_action_resolve_async(action)
        if isinstance(action, types.CodeAction) and action.edit is not None:
            edits = dict(self._edits(action.edit))
            assert set(edits) == {uri}
            return self.edited(uri, edits[uri])
        command = action if isinstance(action, types.Command) else action.command
        assert command is not None
        await self.client.workspace_execute_command_async(
            types.ExecuteCommandParams(command=command.command, arguments=command.arguments)
        )
        return self._texts[uri]

    def _edits(self, edit: types.WorkspaceEdit) -> list[tuple[str, Sequence[types.TextEdit]]]:
        """The edits of each document, whose versions are the newest."""
        found = [*(edit.changes or {}).items()]
        for each in edit.document_changes or ():
            assert isinstance(each, types.TextDocumentEdit)
            assert each.text_document.version == self._versions[each.text_document.uri]
            found.append((each.text_document.uri, each.edits))
        return found

    # --- positions, counted as this editor counts them ----------------------------------------

    @property
    def units(self) -> Callable[[str], int]:
        """How many of this editor's units a text has."""
        kind = self.result.capabilities.position_encoding if self.result else None
        if kind == types.PositionEncodingKind.Utf8:
            return lambda text: len(text.encode())
        if kind == types.PositionEncodingKind.Utf32:
            return len
        return lambda text: len(text.encode("utf-16-le")) // 2

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The server's process."""
        process = self.client._server
        assert process is not None
        return process

    def position(self, uri: str, at: str) -> types.Position:
        """The position of the ``|`` in *at*."""
        before, _, after = at.partition("|")
        start = self._texts[uri].index(before + after)
        *lines, last = _LINE_END.split(self._texts[uri][: start + len(before)])
        return types.Position(len(lines), self.units(last))

    def text_at(self, uri: str, range: types.Range) -> str:
        """The part of the buffer's text that a range covers."""
        start, end = (self._offset(uri, place) for place in (range.start, range.end))
        return self._texts[uri][start:end]

    def _offset(self, uri: str, position: types.Position) -> int:
        text = self._texts[uri]
        starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        start = offset = starts[position.line]
        while self.units(text[start:offset]) < position.character:
            offset += 1
        return offset

    def text(self, uri: str) -> str:
        """The buffer's text."""
        return self._texts[uri]

    def applied(self, uri: str, edit: types.TextEdit) -> str:
        """The buffer's text with *edit* made."""
        return self.edited(uri, [edit])

    def edited(self, uri: str, edits: Sequence[types.TextEdit]) -> str:
        """The buffer's text with *edits* made, none of which may overlap another."""
        text = self._texts[uri]
        made, at = "", 0
        for each in sorted(edits, key=lambda each: self._offset(uri, each.range.start)):
            start, end = (self._offset(uri, place) for place in (each.range.start, each.range.end))
            assert at <= start <= end
            made, at = made + text[at:start] + each.new_text, end
        return made + text[at:]


@asynccontextmanager
async def editor(
    folder: Path,
    *,
    client: str | types.ClientCapabilities = "vscode",
    options: Any = None,
    configuration: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    process_id: int | None = None,
    folders: Sequence[Path] | None = None,
    is_cold: bool = False,
) -> AsyncIterator[Editor]:
    """A server of its own for the project in *folder*, started, initialised and ended, for a
    *client* by its name or of these capabilities.

    *options* are ``initializationOptions``; *configuration* is what the client answers to
    ``workspace/configuration``; the server has only *environ* and what a process needs. *folders*
    are those of the workspace, where it has others than the one. One that ``is_cold`` starts from
    nothing, the others as :mod:`support.nursery` has them.
    """
    connection = LanguageClient(converter_factory=_converter)
    if configuration is not None:
        connection.set_configuration(configuration, section="registry-lsp")
    it = Editor(connection, folder)
    start = nursery.fresh_command() if is_cold else nursery.command()
    await connection.start_io(*start, env=server_environ(folder, environ))
    try:
        it.result = await connection.initialize_session(
            types.InitializeParams(
                capabilities=capabilities(client) if isinstance(client, str) else client,
                process_id=process_id,
                root_uri=folder.as_uri(),
                initialization_options=options,
                workspace_folders=[
                    types.WorkspaceFolder(uri=each.as_uri(), name=each.name)
                    for each in folders or [folder]
                ],
            )
        )
        yield it
        await connection.shutdown_session()
    finally:
        # After a failure it was not asked to end, and stopping would wait for it.
        if it.process.returncode is None:
            it.process.kill()
        await connection.stop()


def home_beside(folder: Path) -> Path:
    """The home of who works in *folder*: not within it, as a folder around a home is no project."""
    return folder.with_name(f".home of {folder.name}")


def server_environ(folder: Path, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment that holds nothing of this machine's own registries and caches, and in which
    no public service is asked.
    """
    kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "COVERAGE_PROCESS_START")
    home = home_beside(folder)
    home.mkdir(exist_ok=True)
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "HOME": str(home),
        "USERPROFILE": str(home),
        "LOCALAPPDATA": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "NO_PROXY": "127.0.0.1",
        "npm_config_globalconfig": str(home / "no-global-npmrc"),
        **{f"REGISTRY_LSP_SERVICES_{each}_ENABLED": "false" for each in SERVICE_NAMES},
        **(environ or {}),
    }

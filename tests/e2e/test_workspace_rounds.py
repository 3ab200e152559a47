"""workspace/diagnostic while the workspace changes: files, folders and settings."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from lsprotocol import types

from support.clients import capabilities
from support.editor import PATIENCE, Editor, editor, home_beside
from support.events import until
from support.loopback import SILENCE, Act, LoopbackServer, Request, serve_in_thread
from support.registries import NpmPackage, Registries

Kind = types.FileChangeType
OUTDATED = "requests==2.30.0\n"
NEWEST = "requests==2.32.3\n"


async def ask(it: Editor, previous: Iterable[tuple[str, str]] = ()) -> dict[str, object]:
    """The reports of a round, by the URI; *previous* are pairs of URI and result."""
    report = await asyncio.wait_for(
        it.client.workspace_diagnostic_async(
            types.WorkspaceDiagnosticParams(
                previous_result_ids=[
                    types.PreviousResultId(uri=uri, value=value) for uri, value in previous
                ]
            )
        ),
        PATIENCE,
    )
    found = {each.uri: each for each in report.items}
    assert len(found) == len(report.items)
    return found


def results(reports):
    return [(uri, each.result_id) for uri, each in reports.items()]


def codes(report) -> list[str]:
    return [each.code for each in report.items]


def say(it: Editor, *changes: tuple[Path, types.FileChangeType]) -> None:
    """Tell that files have changed, as an editor does that watches them."""
    it.client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams(
            changes=[types.FileEvent(uri=path.as_uri(), type=kind) for path, kind in changes]
        )
    )


async def news(it: Editor, path: Path, kind: types.FileChangeType) -> None:
    """Tell that a file has changed, and wait until the server wants to be asked again."""
    asked = it.refreshed["diagnostics"]
    say(it, (path, kind))
    await until(lambda: it.refreshed["diagnostics"] > asked)


async def test_what_lies_beside_a_manifest_is_heeded_at_once(stage):
    versions = {"1.0.0": {"deprecated": "It eats files."}, "1.0.1": {}}
    stage.registries.npm["old"] = NpmPackage(versions=versions)
    manifest = stage.folder / "package.json"
    manifest.write_text('{"dependencies": {"old": "^1.0.0"}}')
    uri = manifest.as_uri()
    lock, npmrc = stage.folder / "package-lock.json", stage.folder / ".npmrc"
    npmrc.write_text(f"registry={stage.server.url}npm/\n")
    async with editor(stage.folder) as it:
        say(it, (manifest, Kind.Changed))  # before anybody has asked
        first = await ask(it)
        assert it.refreshed["diagnostics"] == 0
        assert codes(first[uri]) == []
        text = {"": {"dependencies": {"old": "^1.0.0"}}, "node_modules/old": {"version": "1.0.0"}}
        lock.write_text(json.dumps({"lockfileVersion": 3, "packages": text}))
        await news(it, lock, Kind.Created)
        second = await ask(it, results(first))
        assert codes(second[uri]) == ["deprecated"]
        npmrc.write_text("registry=http://127.0.0.1:9/\n")
        await news(it, npmrc, Kind.Changed)
        third = await ask(it, results(second))
        assert "registry-unavailable" in codes(third[uri])
        npmrc.write_text(f"registry={stage.server.url}npm/\n")
        lock.unlink()
        await news(it, lock, Kind.Deleted)
        last = await ask(it, results(third))
        assert codes(last[uri]) == []
        asked = len(stage.server.requests)
        await news(it, lock, Kind.Changed)  # which is not true
        assert {each.kind for each in (await ask(it, results(last))).values()} == {"unchanged"}
        assert len(stage.server.requests) == asked


async def test_a_checkout_of_a_large_workspace(stage):
    def path(number: int) -> Path:
        return stage.folder / f"member-{number}" / "requirements.txt"

    for number in range(200):
        path(number).parent.mkdir()
        path(number).write_text(OUTDATED)
    async with editor(stage.folder, options=stage.options) as it:
        first = await ask(it)
        assert len(first) == 200
        assert {tuple(codes(each)) for each in first.values()} == {("outdated-minor",)}
        assert len({each.path for each in stage.server.requests}) == len(stage.server.requests)
        # Fifty change, ten go, ten come, while a round is under way.
        asked = it.refreshed["diagnostics"]
        during = asyncio.ensure_future(ask(it, results(first)))
        changed = [path(number) for number in range(50)]
        gone = [path(number) for number in range(50, 60)]
        come = [path(number) for number in range(200, 210)]
        for each in come:
            each.parent.mkdir()
        for each in (*changed, *come):
            each.write_text(NEWEST)
        for each in gone:
            each.unlink()
        say(it, *((each, Kind.Changed) for each in changed[:25]))
        say(
            it,
            *((each, Kind.Changed) for each in changed[25:]),
            *((each, Kind.Deleted) for each in gone),
            *((each, Kind.Created) for each in come),
        )
        second = {**first, **{u: e for u, e in (await during).items() if e.kind == "full"}}
        await until(lambda: it.refreshed["diagnostics"] > asked)
        third = await ask(it, results(second))
        shown = {
            uri: [] if uri not in second else codes(second[uri])
            for uri in (each.as_uri() for each in (*changed, *gone, *come))
        }
        shown |= {uri: codes(each) for uri, each in third.items() if each.kind == "full"}
        assert not any(shown.values())
        rest = [path(number).as_uri() for number in range(60, 200)]
        assert {third[uri].kind for uri in rest} == {"unchanged"}
        assert len(third) == 210


async def test_a_manifest_that_goes_away_is_told_of_once_more(stage):
    folder = stage.folder / "a (strange) folder"
    folder.mkdir()
    manifest = folder / "requirements.txt"
    manifest.write_text(OUTDATED)
    async with editor(stage.folder, options=stage.options) as it:
        first = await ask(it)
        ((uri, told),) = results(first)
        # Clients write URIs in their own ways.
        own = uri.replace("%28", "(").replace("%29", ")")
        assert own != uri
        assert {each.kind for each in (await ask(it, [(own, told)])).values()} == {"unchanged"}
        manifest.unlink()
        last = await ask(it, [(own, told)])
        assert list(last) == [own]
        assert codes(last[own]) == []
        assert (await ask(it, results(last)))[own].kind == "unchanged"
        assert await ask(it) == {}


async def test_what_is_opened_meanwhile_is_told_of_as_it_is_open(stage):
    manifest = stage.folder / "requirements.txt"
    manifest.write_text(OUTDATED)
    async with editor(stage.folder, options=stage.options) as it:
        first = await ask(it)
        it.open("requirements.txt", NEWEST)
        last = await ask(it, results(first))
        (report,) = last.values()
        assert (codes(report), report.version) == ([], 1)


async def test_other_settings_in_the_middle_of_a_round(stage):
    (stage.folder / "requirements.txt").write_text(OUTDATED)
    stage.registries.faults = {"requests": SILENCE}
    slow = {**stage.options, "network": {"timeoutSeconds": 600}}
    async with editor(stage.folder, configuration=slow) as it:
        during = asyncio.ensure_future(ask(it))
        await until(lambda: any("requests" in each.path for each in stage.server.requests))
        stage.registries.faults = {}
        it.configure({**slow, "diagnostics": {"severity": {"outdated-minor": "error"}}})
        (report,) = (await during).values()
        assert [each.severity for each in report.items] == [types.DiagnosticSeverity.Error]


async def test_a_folder_that_is_taken_away_or_added_in_the_middle_of_a_round(stage, tmp_path):
    """The names of a folder go where its own settings say, or to nobody."""
    private, other = tmp_path / "private", tmp_path / "other"
    for folder in (private, other):
        folder.mkdir()
        (folder / "requirements.txt").write_text(f"ours-{folder.name}==1\n")
    (stage.folder / "requirements.txt").write_text(OUTDATED)
    may_answer = threading.Event()

    async def late(request: Request) -> Act:
        await asyncio.to_thread(may_answer.wait, PATIENCE)
        return await stage.registries(request)

    def indexed(server: LoopbackServer) -> dict[str, object]:
        registries = {"pypi": {"url": server.url + "simple/"}}
        return {"registries": registries, "network": {"timeoutSeconds": 600}}

    def as_folder(path: Path) -> types.WorkspaceFolder:
        return types.WorkspaceFolder(uri=path.as_uri(), name=path.name)

    with serve_in_thread(late) as public, serve_in_thread(Registries()) as own:
        async with editor(
            stage.folder, configuration=indexed(public), folders=[stage.folder, private]
        ) as it:
            for folder in (private, other):
                it.client.set_configuration(
                    indexed(own), section="registry-lsp", scope_uri=folder.as_uri()
                )
            it.configure(indexed(own), private)
            during = asyncio.ensure_future(ask(it))
            await until(lambda: any("requests" in each.path for each in public.requests))
            change = types.WorkspaceFoldersChangeEvent(
                added=[as_folder(other)], removed=[as_folder(private)]
            )
            it.client.workspace_did_change_workspace_folders(
                types.DidChangeWorkspaceFoldersParams(event=change)
            )
            added = asyncio.ensure_future(ask(it))
            may_answer.set()
            assert (private / "requirements.txt").as_uri() not in await during
            assert codes((await added)[(other / "requirements.txt").as_uri()])
        assert not any("ours-" in each.path for each in public.requests)
        assert any("ours-other" in each.path for each in own.requests)
        assert not any("ours-private" in each.path for each in own.requests)


async def test_what_is_opened_in_a_new_folder_waits_for_its_settings(stage):
    other = stage.folder / "other"
    other.mkdir()
    with serve_in_thread(Registries()) as own:
        async with editor(stage.folder, configuration=stage.options) as it:
            registries = {"pypi": {"url": own.url + "simple/"}}
            it.client.set_configuration(
                {"registries": registries}, section="registry-lsp", scope_uri=other.as_uri()
            )
            await it.diagnostics(it.open("requirements.txt", OUTDATED), bool)
            added = [types.WorkspaceFolder(uri=other.as_uri(), name="other")]
            change = types.WorkspaceFoldersChangeEvent(added=added, removed=[])
            it.client.workspace_did_change_workspace_folders(
                types.DidChangeWorkspaceFoldersParams(event=change)
            )
            uri = it.open("other/requirements.txt", "ours==1\n")
            it.change(uri, "ours==2\n")
            it.change(uri, "ours==1\n")
            found = await it.diagnostics(uri, bool)
            assert [each.code for each in found] == ["package-not-found"]
            assert not any("ours" in each.path for each in stage.server.requests)
            assert any("ours" in each.path for each in own.requests)


async def test_who_does_not_watch_files_is_not_asked_to(stage):
    client = capabilities("vscode")
    client.workspace.did_change_watched_files = None
    (stage.folder / "requirements.txt").write_text(OUTDATED)
    async with editor(stage.folder, client=client, options=stage.options) as it:
        first = await ask(it)
        (stage.folder / "requirements.txt").write_text(NEWEST)  # its own stamp tells
        ((uri, report),) = (await ask(it, results(first))).items()
        assert codes(report) == []
        assert not any("files" in each.id for each in it.registered)
        assert uri in first


@pytest.mark.parametrize("where", ["a whole disk", "a home"])
async def test_a_folder_that_holds_everything_is_not_looked_through(stage, where):
    home = home_beside(stage.folder)
    inner = home / "a" / "requirements.txt"
    inner.parent.mkdir(parents=True)
    inner.write_text(OUTDATED)
    root = home if where == "a home" else Path(home.anchor)
    async with editor(stage.folder, folders=[root], options=stage.options) as it:
        assert await ask(it) == {}
        uri = it.open("requirements.txt", OUTDATED)
        assert set(await ask(it)) == {uri}
        found = await it.client.text_document_references_async(
            types.ReferenceParams(
                text_document=types.TextDocumentIdentifier(uri),
                position=types.Position(0, 2),
                context=types.ReferenceContext(include_declaration=True),
            )
        )
        assert [each.uri for each in found or ()] == [uri]


async def test_other_settings_or_folders_have_the_client_ask_again(stage):
    manifest = stage.folder / "requirements.txt"
    manifest.write_text(OUTDATED)
    uri = manifest.as_uri()
    async with editor(stage.folder, options=stage.options, configuration={}) as it:
        first = await ask(it)
        assert codes(first[uri]) == ["outdated-minor"]
        it.configure({"diagnostics": {"enabled": False}})
        await until(lambda: it.refreshed["diagnostics"] == 1)
        second = await ask(it, results(first))
        assert codes(second[uri]) == []
        it.configure({"diagnostics": {"enabled": False}})  # which is what holds
        folder = types.WorkspaceFolder(uri=stage.folder.as_uri(), name="a project")
        it.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(
                types.WorkspaceFoldersChangeEvent(added=[], removed=[folder])
            )
        )
        await until(lambda: it.refreshed["diagnostics"] > 1)
        assert it.refreshed["diagnostics"] == 2


async def test_who_asks_for_rounds_only_is_told_of_news_in_what_is_open(stage):
    manifest = stage.folder / "requirements.txt"
    manifest.write_text(NEWEST)
    uri = manifest.as_uri()
    async with editor(stage.folder, options=stage.options) as it:
        it.open(manifest.name, OUTDATED)
        found = await ask(it)
        while "outdated-minor" not in codes(found[uri]):
            asked = it.refreshed["diagnostics"]
            found = await ask(it)
            if "outdated-minor" not in codes(found[uri]):
                await until(lambda asked=asked: it.refreshed["diagnostics"] > asked)
        asked = it.refreshed["diagnostics"]
        it.close(uri)  # and so the file counts again
        await until(lambda: it.refreshed["diagnostics"] > asked)
        assert codes((await ask(it, results(found)))[uri]) == []


async def test_a_folder_that_is_moved_in_the_editor_is_found_at_once(stage):
    old, new = stage.folder / "old", stage.folder / "new"
    old.mkdir()
    (old / "requirements.txt").write_text(OUTDATED)
    async with editor(stage.folder, options=stage.options) as it:
        assert it.result.capabilities.workspace.file_operations.did_rename is not None
        first = await ask(it)
        asked = it.refreshed["diagnostics"]
        old.rename(new)
        moved = types.FileRename(old_uri=old.as_uri(), new_uri=new.as_uri())
        it.client.workspace_did_rename_files(types.RenameFilesParams(files=[moved]))
        await until(lambda: it.refreshed["diagnostics"] > asked)
        found = await ask(it, results(first))
        assert codes(found[(old / "requirements.txt").as_uri()]) == []
        assert codes(found[(new / "requirements.txt").as_uri()]) == ["outdated-minor"]
        asked = it.refreshed["diagnostics"]
        shutil.rmtree(new)
        gone = types.FileDelete(uri=new.as_uri())
        it.client.workspace_did_delete_files(types.DeleteFilesParams(files=[gone]))
        await until(lambda: it.refreshed["diagnostics"] > asked)
        last = await ask(it, results(found))
        assert [codes(each) for each in last.values() if each.kind == "full"] == [[]]

"""textDocument/diagnostic and workspace/diagnostic, for those who ask and those who do not."""

from __future__ import annotations

import asyncio
import json

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound, JsonRpcRequestCancelled

from support.editor import PATIENCE, editor
from support.events import until
from support.loopback import SILENCE

OUTDATED = "requests==2.30.0\n"


def codes(items):
    return [each.code for each in items]


def by_name(report):
    return {each.uri.rpartition("/")[2]: each for each in report.items}


async def ask(it, previous=(), **tokens):
    return await it.client.workspace_diagnostic_async(
        types.WorkspaceDiagnosticParams(
            previous_result_ids=[
                types.PreviousResultId(uri=each.uri, value=each.result_id) for each in previous
            ],
            **tokens,
        )
    )


async def test_who_asks_is_sent_nothing(stage):
    async with editor(stage.folder, client="vscode", options=stage.options) as it:
        provider = it.result.capabilities.diagnostic_provider
        assert provider.inter_file_dependencies
        assert provider.workspace_diagnostics
        uri = it.open("requirements.txt", OUTDATED)
        found = await it.diagnostics(uri, bool)
        assert codes(found) == ["outdated-minor"]
        it.change(uri, "requests==2.32.3\n")
        assert await it.diagnostics(uri, lambda found: not found) == []
        it.close(uri)
        assert await it.pull(uri) == []
        assert not it.published


@pytest.mark.parametrize("client", ["neovim", "emacs", "helix"])
async def test_who_cannot_be_told_to_ask_again_is_sent_all(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        assert it.result.capabilities.diagnostic_provider is None
        uri = it.open("requirements.txt", OUTDATED)
        assert codes(await it.diagnostics(uri, bool)) == ["outdated-minor"]
        assert it.refreshed["diagnostics"] == 0


ASKS = {"diagnostic": types.DiagnosticClientCapabilities(dynamic_registration=True)}
REFRESHES = {"diagnostics": types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)}
CANNOT = {"diagnostics": types.DiagnosticWorkspaceClientCapabilities(refresh_support=False)}


@pytest.mark.parametrize(
    ("text", "workspace", "asks"),
    [(ASKS, REFRESHES, True), (ASKS, {}, False), (ASKS, CANNOT, False), ({}, REFRESHES, False)],
    ids=["asks again", "asks", "asks once", "is told"],
)
async def test_nobody_is_told_twice(stage, text, workspace, asks):
    client = types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(**text),
        workspace=types.WorkspaceClientCapabilities(**workspace),
    )
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("requirements.txt", OUTDATED)
        assert it.pulls is asks
        assert codes(await it.diagnostics(uri, bool)) == ["outdated-minor"]
        it.change(uri, "requests==2.32.3\n")
        assert await it.diagnostics(uri, lambda found: not found) == []
        it.close(uri)
        if asks:
            assert await it.pull(uri) == []
            assert not it.published
            return
        with pytest.raises(JsonRpcMethodNotFound):  # it asks, although nobody has offered that
            await it.pull(uri)
        with pytest.raises(JsonRpcMethodNotFound):
            await ask(it)
        assert it.refreshed["diagnostics"] == 0
        assert not any(each.method.endswith("diagnostic") for each in it.registered)


async def test_what_has_not_changed_is_not_told_again(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", OUTDATED)
        await it.diagnostics(uri, bool)

        async def again(previous=None):
            params = types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(uri), previous_result_id=previous
            )
            return await it.client.text_document_diagnostic_async(params)

        first = await again()
        assert first.kind == "full"
        same = await again(first.result_id)
        assert (same.kind, same.result_id) == ("unchanged", first.result_id)
        it.change(uri, OUTDATED + "# a remark\n")
        assert (await again(first.result_id)).kind == "unchanged"
        it.change(uri, "\n" + OUTDATED)
        moved = await again(first.result_id)
        assert moved.kind == "full"
        assert moved.items[0].range.start.line == 1


async def test_news_have_the_client_ask_again_and_nothing_else_does(stage):
    stage.registries.faults = {"idna": SILENCE}
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", OUTDATED + "idna==3.6\n")
        await it.diagnostics(uri, lambda found: "registry-unavailable" in codes(found))
        asked = it.refreshed["diagnostics"]
        assert asked > 0
        assert codes(await it.diagnostics(uri)) == ["outdated-minor", "registry-unavailable"]
        await it.hover(uri, "re|quests")
        assert it.refreshed["diagnostics"] == asked


@pytest.mark.parametrize("name", ["notes.txt", "package.json"])
async def test_a_file_that_says_nothing_has_an_empty_report(stage, name):
    async with editor(stage.folder, options=stage.options) as it:
        assert await it.pull(it.uri(name)) == []  # which nobody has opened
        assert await it.pull(it.open(name, "{}")) == []


@pytest.fixture
def workspace(stage):
    """Two manifests, one of others, and one that git ignores."""
    (stage.folder / "web" / "node_modules" / "x").mkdir(parents=True)
    (stage.folder / ".git").mkdir()
    (stage.folder / ".gitignore").write_text("ignored.txt\n/out\n")
    (stage.folder / "out").mkdir()
    text = json.dumps({"dependencies": {"react": "17.0.1"}})
    for name in ("web", "web/node_modules/x", "out"):
        (stage.folder / name / "package.json").write_text(text)
    (stage.folder / "requirements.txt").write_text(OUTDATED)
    return stage


async def test_the_workspace_is_looked_at_whether_it_is_open_or_not(workspace):
    async with editor(workspace.folder, options=workspace.options) as it:
        uri = it.open("requirements.txt", "idna==3.6\nrequests==2.30.0\n")
        await it.diagnostics(uri, lambda found: len(found) == 2)
        first = await ask(it)
        found = by_name(first)
        assert set(found) == {"requirements.txt", "package.json"}
        assert codes(found["package.json"].items) == ["outdated-major"]
        assert found["package.json"].version is None
        assert codes(found["requirements.txt"].items) == ["outdated-minor", "outdated-minor"]
        assert found["requirements.txt"].version == 1
        again = await ask(it, first.items)
        assert {each.kind for each in again.items} == {"unchanged"}
        (workspace.folder / "web" / "package.json").write_text("{}")
        last = by_name(await ask(it, first.items))
        assert last["package.json"].kind == "full"
        assert list(last["package.json"].items) == []
        assert not it.published


async def test_reports_are_sent_as_they_are_made(workspace):
    async with editor(workspace.folder, options=workspace.options) as it:
        report = await ask(it, partial_result_token="parts", work_done_token="work")
        assert list(report.items) == []
        parts = it.parts["parts"]
        told = [item for part in parts for item in part["items"]]
        assert {each["uri"].rpartition("/")[2] for each in told} == {
            "requirements.txt",
            "package.json",
        }
        assert len(parts) == 2
        kinds = [each.kind for each in it.client.progress_reports["work"]]
        assert kinds[0] == "begin"
        assert kinds[-1] == "end"
        assert "report" in kinds


async def test_a_round_can_be_cancelled(workspace):
    workspace.registries.faults = {"requests": SILENCE}
    options = {**workspace.options, "network": {"timeoutSeconds": 600}}
    async with editor(workspace.folder, options=options) as it:
        params = types.WorkspaceDiagnosticParams(previous_result_ids=[], work_done_token="work")
        protocol = it.client.protocol
        asked = protocol.send_request_async(types.WORKSPACE_DIAGNOSTIC, params, msg_id="round")
        asking = asyncio.ensure_future(asked)
        await until(lambda: any("requests" in each.path for each in workspace.server.requests))
        it.client.cancel_request(types.CancelParams(id="round"))
        with pytest.raises(JsonRpcRequestCancelled):
            await asyncio.wait_for(asking, PATIENCE)
        uri = it.open("package.json", json.dumps({"dependencies": {"react": "17.0.1"}}))
        assert codes(await it.diagnostics(uri, bool)) == ["outdated-major"]
        work = it.client.progress_reports["work"]
        await until(lambda: isinstance(work[-1], types.WorkDoneProgressEnd))


async def test_settings_of_each_folder_hold_there(stage, tmp_path):
    quiet = tmp_path / "quiet"
    quiet.mkdir()
    for folder in (stage.folder, quiet):
        (folder / "requirements.txt").write_text(OUTDATED)
    configuration = {**stage.options}
    async with editor(
        stage.folder, configuration=configuration, folders=[stage.folder, quiet]
    ) as it:
        it.configure({**configuration, "diagnostics": {"enabled": False}}, quiet)

        async def told():
            report = await asyncio.wait_for(ask(it), PATIENCE)
            return {each.uri: codes(each.items) for each in report.items}

        wanted = {
            (stage.folder / "requirements.txt").as_uri(): ["outdated-minor"],
            (quiet / "requirements.txt").as_uri(): [],
        }
        while await told() != wanted:
            pass

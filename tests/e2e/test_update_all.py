"""``registry-lsp.updateAll`` while things go wrong: it is taken back, the text changes, the editor
can or will do little. What is compared is the buffer.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcRequestCancelled

from support.clients import capabilities
from support.editor import PATIENCE, Editor, editor
from support.events import until
from support.loopback import Reply
from support.registries import PypiProject, PypiRelease

TEXT = "requests==2.30.0\nidna==3.6\nuvicorn==0.29.0\n"
UPDATED = "requests==2.32.3\nidna==3.7\nuvicorn==0.29.1\n"


@pytest.fixture(autouse=True)
def patched(stage) -> None:
    releases = {each: PypiRelease() for each in ("0.29.0", "0.29.1", "0.30.0")}
    stage.registries.pypi["uvicorn"] = PypiProject(releases=releases)


def begin(it: Editor, number: str = "update", **given: object) -> asyncio.Future[Any]:
    params = types.ExecuteCommandParams(command="registry-lsp.updateAll", arguments=[given])
    method = types.WORKSPACE_EXECUTE_COMMAND
    return asyncio.ensure_future(
        it.client.protocol.send_request_async(method, params, msg_id=number)
    )


def shown(it: Editor) -> list[Any]:
    """The progress that is shown of the update."""
    return next(
        (
            reports
            for reports in it.client.progress_reports.values()
            if reports
            and isinstance(reports[0], types.WorkDoneProgressBegin)
            and reports[0].title == "Updating requirements.txt"
        ),
        [],
    )


def messages(it: Editor) -> list[str]:
    return [each.message for each in it.client.messages]


async def test_it_shows_of_how_much_is_known_and_ends(stage, held):
    async with editor(stage.folder, options=held.options) as it:
        uri = it.open("requirements.txt", TEXT)
        updating = begin(it, uri=uri)
        await until(lambda: any("2 of 3" in (each.message or "") for each in shown(it)))
        assert not updating.done()
        held.may_answer.set()
        assert await updating == {"updated": 3, "applied": True}
        assert it.text(uri) == UPDATED
        await until(lambda: isinstance(shown(it)[-1], types.WorkDoneProgressEnd))
        shares = [each.percentage for each in shown(it)[:-1]]
        assert shares == sorted(shares)
        assert messages(it) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "There is nothing to update safely in requirements.txt."),
        ({"tier": "all"}, "There is nothing to update in requirements.txt."),
        ({"tier": "secure"}, "There is nothing vulnerable to replace in requirements.txt."),
    ],
)
async def test_where_there_is_nothing_to_do_it_says_so(stage, given, said):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", UPDATED.replace("uvicorn==0.29.1\n", ""))
        assert await begin(it, uri=uri, **given) == {"updated": 0, "applied": False}
        assert messages(it) == [f"registry-lsp: {said}"]


async def test_what_could_not_be_asked_is_not_called_up_to_date(stage):
    stage.registries.faults["idna"] = Reply(status=401)
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", "idna==3.6\n")
        assert await begin(it, uri=uri) == {"updated": 0, "applied": False}
        (said,) = messages(it)
        assert said.endswith("requirements.txt; the registry of 1 dependency could not be asked.")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"section": "zzz"}, "package.json has no section zzz; its sections are dependencies."),
        ({"tier": "most"}, "The tier is 'safe', 'all' or 'secure'."),
        ({"uri": "file:///nope"}, "No open manifest has this URI: open the file first."),
    ],
)
async def test_an_argument_that_makes_no_sense_is_told_the_user_too(stage, given, said):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", '{"dependencies": {"react": "17.0.1"}}')
        answer = await begin(it, **{"uri": uri, **given})
        assert answer["error"]["message"] == said
        assert answer["error"]["shown"]
        assert messages(it) == [f"registry-lsp: {said}"]


async def test_who_takes_the_progress_back_has_nothing_changed(stage, held):
    async with editor(stage.folder, options=held.options) as it:
        uri = it.open("requirements.txt", TEXT)
        updating = begin(it, uri=uri)
        await until(lambda: shown(it))
        token = next(
            token for token, each in it.client.progress_reports.items() if each is shown(it)
        )
        it.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        said = await asyncio.wait_for(updating, PATIENCE)
        assert said["error"]["code"] == "cancelled"
        assert said["error"]["retryable"]
        assert it.applied_edits == []
        held.may_answer.set()
        assert await begin(it, "again", uri=uri) == {"updated": 3, "applied": True}
        assert it.text(uri) == UPDATED
        assert messages(it) == []


async def test_who_takes_the_command_back_has_nothing_changed(stage, held):
    async with editor(stage.folder, options=held.options) as it:
        uri = it.open("requirements.txt", TEXT)
        updating = begin(it, uri=uri)
        await until(lambda: shown(it))
        it.client.cancel_request(types.CancelParams(id="update"))
        with pytest.raises(JsonRpcRequestCancelled):
            await asyncio.wait_for(updating, PATIENCE)
        await until(lambda: isinstance(shown(it)[-1], types.WorkDoneProgressEnd))
        held.may_answer.set()
        await it.diagnostics(uri, lambda found: len(found) == 3)
        assert it.applied_edits == []
        assert it.text(uri) == TEXT


async def test_what_is_typed_meanwhile_is_updated_too(stage, held):
    async with editor(stage.folder, options=held.options) as it:
        uri = it.open("requirements.txt", TEXT)
        updating = begin(it, uri=uri)
        await held.is_asked()
        it.change(uri, "# 😀\n" + TEXT)
        held.may_answer.set()
        assert (await updating)["applied"]
        assert it.text(uri) == "# 😀\n" + UPDATED


async def test_a_text_that_is_gone_meanwhile_is_left_alone(stage, held):
    async with editor(stage.folder, options=held.options) as it:
        uri = it.open("requirements.txt", TEXT)
        updating = begin(it, uri=uri)
        await held.is_asked()
        await until(lambda: any("2 of 3" in (each.message or "") for each in shown(it)))
        it.close(uri)
        said = await updating
        assert said["error"]["code"] == "stale"
        expected = (
            "requirements.txt was changed or closed meanwhile, so that no edit was made. "
            "Try it again."
        )
        assert messages(it) == [f"registry-lsp: {expected}"]
        assert not (stage.folder / "requirements.txt").exists()


@pytest.mark.parametrize("knows_versions", [True, False])
async def test_an_edit_that_is_refused_is_said_so_once_and_nothing_is_lost(stage, knows_versions):
    client = capabilities("vscode")
    client.workspace.workspace_edit.document_changes = knows_versions
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("requirements.txt", TEXT)
        await it.diagnostics(uri, lambda found: len(found) == 3)
        it.refusal = "the file\nis read-only."
        said = await begin(it, uri=uri)
        expected = (
            "The editor did not make the edit (the file is read-only): requirements.txt is as it "
            "was. Try it again."
        )
        assert said["error"] == {
            "code": "refused",
            "message": expected,
            "retryable": True,
            "shown": True,
        }
        assert it.text(uri) == TEXT
        await until(lambda: messages(it))
        it.refusal = None
        assert await begin(it, "again", uri=uri) == {"updated": 3, "applied": True}
        assert it.text(uri) == UPDATED
        assert messages(it) == [f"registry-lsp: {expected}"]


async def test_an_editor_that_answers_nothing_is_believed_to_have_made_the_edit(stage, held):
    async with editor(stage.folder, options=held.options) as it:
        it.is_silent = True
        uri = it.open("requirements.txt", TEXT)
        updating = begin(it, uri=uri)
        await until(lambda: it.refused_progress == 2)  # of the file, and of its update
        held.may_answer.set()
        assert await updating == {"updated": 3, "applied": True}
        assert it.text(uri) == UPDATED
        assert messages(it) == []
        assert not any(it.client.progress_reports.values())


async def test_an_editor_that_shows_no_progress_is_asked_for_none(stage, held):
    client = capabilities("vscode")
    client.window.work_done_progress = False
    async with editor(stage.folder, client=client, options=held.options) as it:
        uri = it.open("requirements.txt", TEXT)
        updating = begin(it, uri=uri)
        await held.is_asked()
        held.may_answer.set()
        assert (await updating)["applied"]
        assert it.text(uri) == UPDATED
        assert not it.client.progress_reports


async def test_an_editor_that_applies_no_edits_is_told_to_do_it_by_hand(stage):
    client = capabilities("vscode")
    client.workspace.apply_edit = False
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("requirements.txt", TEXT)
        said = await begin(it, uri=uri)
        assert said["error"]["code"] == "unsupported"
        assert said["error"]["message"].endswith("edit the manifest by hand.")
        assert it.applied_edits == []
        assert it.text(uri) == TEXT

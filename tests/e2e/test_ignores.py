"""Findings that a manifest wants not to be told, over stdio and on the command line alike."""

from __future__ import annotations

import pytest
from lsprotocol import types

from e2e.test_check import check, write
from support.editor import editor
from support.loopback import Reply

MANIFESTS = {
    "requirements.txt": (
        "requests==2.30.0  # registry-lsp: ignore[outdated-minor] a reason\n"
        "# registry-lsp: ignore\nnothing-of-the-kind\nidna==3.6\n"
    ),
    "pyproject.toml": (
        '[project]\nname = "own"\ndependencies = [\n'
        '  "requests==2.30.0",  # registry-lsp: ignore[outdated-minor] a reason\n'
        '  # registry-lsp: ignore\n  "nothing-of-the-kind",\n  "idna==3.6",\n]\n'
    ),
    "package.json": (
        '{\n  "dependencies": {"react": "17.0.1", "nope": "1", "@scope/tool": "1.0.0"},\n'
        '  "registry-lsp": {"ignore": {"react": ["outdated-major"], "no*": true}}\n}\n'
    ),
}
UNUSED = {
    "requirements.txt": "requests==2.32.3  # registry-lsp: ignore[outdated-minor] a reason\n",
    "pnpm-workspace.yaml": "catalog:\n  react: ^18.2.0 # registry-lsp: ignore[outdated-major]\n",
    "package.json": (
        '{"dependencies": {"react": "^18.2.0"},\n'
        ' "registry-lsp": {"ignore": {"react": ["outdated-major"]}}}\n'
    ),
}


@pytest.mark.parametrize("name", MANIFESTS)
async def test_what_a_manifest_ignores_is_told_nowhere(stage, name):
    async with editor(stage.folder, client="neovim", options=stage.options) as it:
        uri = it.open(name, MANIFESTS[name])
        (found,) = await it.diagnostics(uri, until=lambda found: len(found) == 1)
        assert str(found.code).startswith("outdated-")
        assert it.text_at(uri, found.range).strip("=") in {"3.6", "1.0.0"}
    write(stage, name, MANIFESTS[name])
    ended = await check(stage, "--json")
    assert ended.code == 0
    told = {name: row for name, row in ended.rows.items() if row["findings"]}
    assert set(told) <= {"idna", "@scope/tool"}
    ignored = [row["ignored"] for row in ended.rows.values() if row["ignored"]]
    assert ignored[1] == ["package-not-found"]
    assert len(told) == 1
    assert len(ignored) == 2


@pytest.mark.parametrize("client", ["vscode", "neovim", "emacs"])
@pytest.mark.parametrize("name", UNUSED)
async def test_an_ignore_that_is_of_no_use_any_more_is_faded(stage, name, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open(name, UNUSED[name])
        (found,) = await it.diagnostics(uri, until=lambda found: len(found) == 1)
        assert found.code == "unused-ignore"
        assert list(found.tags) == [types.DiagnosticTag.Unnecessary]
        assert found.severity == types.DiagnosticSeverity.Hint
        expected = "react" if name == "package.json" else UNUSED[name].rstrip().partition("# ")[2]
        assert it.text_at(uri, found.range).removeprefix("# ") == expected
        # typed away, it is gone; typed anew, it is told of once the typing rests
        it.change(uri, UNUSED[name].replace("ignore", "read"))
        assert await it.diagnostics(uri) == []
        it.change(uri, UNUSED[name])
        await it.diagnostics(uri, until=lambda found: len(found) == 1)


async def test_an_unused_ignore_waits_for_all_that_it_could_be_about(stage):
    stage.registries.faults["requests"] = Reply(status=503)
    text = UNUSED["requirements.txt"] + "idna\n"
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", text)
        found = await it.diagnostics(
            uri, until=lambda found: [each.code for each in found] == ["registry-unavailable"]
        )
        assert len(found) == 1


async def test_check_tells_of_ignores_that_are_of_no_use(stage):
    write(stage, "requirements.txt", UNUSED["requirements.txt"])
    ended = await check(stage)
    assert ended.code == 0
    assert "there is nothing to ignore here any more: take this away" in " ".join(ended.out.split())

"""Findings that a manifest wants not to be told, over stdio and on the command line alike."""

from __future__ import annotations

import pytest
from lsprotocol import types

from e2e.test_check import check, write
from e2e.test_findings import UVICORN
from support.editor import editor
from support.loopback import Reply
from support.registries import PypiProject, PypiRelease

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
        it.change(uri, UNUSED[name].replace("registry-lsp", "another"))
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
    assert "there is nothing to ignore here: take this away" in " ".join(ended.out.split())


REMOVED = [
    (
        "requirements.txt",
        "# 😀\r\nrequests==2.32.3  # pinned 😀  # registry-lsp: ignore[yanked] why\r\nidna\r\n",
        "ignore[yan|ked]",
        "Remove this unused ignore",
        "# 😀\r\nrequests==2.32.3  # pinned 😀\r\nidna\r\n",
    ),
    (
        "requirements.txt",
        "requests==2.30.0  # registry-lsp: ignore[yanked, outdated-minor] 😀\r\nidna\r\n",
        "reque|sts",  # whatever is told of the line, some clients say
        "Remove yanked from this ignore",
        "requests==2.30.0  # registry-lsp: ignore[outdated-minor] 😀\r\nidna\r\n",
    ),
    (
        "requirements.txt",
        "requests==2.30.0  # registry-lsp: ignore[outdated-minr] 😀\r\nidna\r\n",
        "outdated-mi|nr",
        "Replace outdated-minr by outdated-minor",
        "requests==2.30.0  # registry-lsp: ignore[outdated-minor] 😀\r\nidna\r\n",
    ),
    (
        "requirements.txt",
        "requests==2.30.0  # 😀 # registry-lsp: ignor[outdated-minor]\r\nidna\r\n",
        "ign|or[",
        "Replace ignor by ignore",
        "requests==2.30.0  # 😀 # registry-lsp: ignore[outdated-minor]\r\nidna\r\n",
    ),
    (
        "package.json",
        (
            '{\r\n  "dependencies": {"react": "^17.0.1"},\r\n'
            '  "registry-lsp": {"ignroe": {"react": ["outdated-major"]}}\r\n}\r\n'
        ),
        '"ign|roe"',
        "Replace ignroe by ignore",
        (
            '{\r\n  "dependencies": {"react": "^17.0.1"},\r\n'
            '  "registry-lsp": {"ignore": {"react": ["outdated-major"]}}\r\n}\r\n'
        ),
    ),
    (
        "pyproject.toml",
        (
            '[project]\r\nname = "x"\r\ndependencies = [\r\n\t# 😀\r\n'
            '\t# registry-lsp: ignore[yanked]\r\n\t"requests==2.32.3", # here\r\n]\r\n'
        ),
        "registry-lsp: ig|nore",
        "Remove this unused ignore",
        (
            '[project]\r\nname = "x"\r\ndependencies = [\r\n\t# 😀\r\n'
            '\t"requests==2.32.3", # here\r\n]\r\n'
        ),
    ),
    (
        "package.json",
        (
            '{\r\n  "dependencies": {"react": "^17.0.1"},\r\n'
            '  "registry-lsp": {"ignore": {"react": ["outdated-major", "yanked"]}}\r\n}\r\n'
        ),
        '"yan|ked"',
        "Remove yanked from this ignore",
        (
            '{\r\n  "dependencies": {"react": "^17.0.1"},\r\n'
            '  "registry-lsp": {"ignore": {"react": ["outdated-major"]}}\r\n}\r\n'
        ),
    ),
    (
        "package.json",
        (
            '{\r\n  "dependencies": {"react": "^17.0.1"},\r\n'
            '  "registry-lsp": {"ignore": {"😀": true, "react": ["outdated-major"]}}\r\n}\r\n'
        ),
        '"|😀"',
        "Remove this unused ignore",
        (
            '{\r\n  "dependencies": {"react": "^17.0.1"},\r\n'
            '  "registry-lsp": {"ignore": {"react": ["outdated-major"]}}\r\n}\r\n'
        ),
    ),
    (
        "package.json",
        (
            '{\r\n  "dependencies": {"react": "^18.2.0"},\r\n'
            '  "registry-lsp": {"ignore": {"react": ["outdated-major"]}}\r\n}\r\n'
        ),
        '{"re|act": [',
        "Remove this unused ignore",
        '{\r\n  "dependencies": {"react": "^18.2.0"}\r\n}\r\n',
    ),
]
"""A file, a place of it, and what is left once the action of some title is done."""


@pytest.mark.parametrize("client", ["vscode", "neovim", "emacs"])
async def test_an_ignore_that_is_of_no_use_is_taken_away(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        for number, (name, text, at, title, left) in enumerate(REMOVED):
            uri = it.open(f"{number}/{name}", text)
            await it.diagnostics(uri, until=lambda found: "unused-ignore" in map(_code, found))
            found = await it.actions(uri, at)
            assert title in found
            assert [each.code for each in found[title].diagnostics] == ["unused-ignore"]
            assert found[title].is_preferred
            assert await it.done(uri, found[title]) == left
            it.change(uri, left)
            assert await it.diagnostics(uri) == []


async def test_of_many_ignores_in_a_selection_the_first_have_actions(stage):
    text = UNUSED["requirements.txt"] * 20
    async with editor(stage.folder, client="neovim", options=stage.options) as it:
        uri = it.open("requirements.txt", text)
        shown = await it.diagnostics(
            uri, until=lambda found: list(map(_code, found)).count("unused-ignore") == 20
        )
        idle = [each for each in shown if each.code == "unused-ignore"]
        found = await it.client.text_document_code_action_async(
            types.CodeActionParams(
                text_document=types.TextDocumentIdentifier(uri),
                range=types.Range(types.Position(0, 0), types.Position(20, 0)),
                context=types.CodeActionContext(diagnostics=idle, only=["quickfix"]),
            )
        )
        removals = [each for each in found if each.title == "Remove this unused ignore"]
        assert len(removals) == 8
        assert all(len(each.diagnostics) == 1 for each in removals)
        lines = UNUSED["requirements.txt"].partition("  #")[0] + "\n"
        left = UNUSED["requirements.txt"] * 7 + lines + UNUSED["requirements.txt"] * 12
        assert await it.done(uri, removals[7]) == left


@pytest.mark.parametrize("client", ["vscode", "neovim"])
async def test_a_number_sign_without_a_blank_is_told_and_can_be_ignored(stage, client):
    text = "requests==2.32.3\r\nidna==3.7#😀\r\n"
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("requirements.txt", text)
        await it.diagnostics(uri, until=lambda found: len(found) == 1)
        found = await it.actions(uri, "id|na")
        left = await it.done(uri, found["Ignore invalid-requirement of idna"])
        assert left == text.replace("😀", "😀  # registry-lsp: ignore[invalid-requirement]")
        it.change(uri, left)
        assert await it.diagnostics(uri) == []


@pytest.mark.parametrize("client", ["vscode", "neovim"])
@pytest.mark.parametrize(
    ("name", "text", "old", "left"),
    [
        (
            "pyproject.toml",
            '[project]\r\nname = "x"\r\ndependencies = ["requests==2.30.0", "idna==3.6"] # 😀\r\n',
            "# 😀",
            "# 😀  # registry-lsp: ignore[outdated-minor]",
        ),
        (
            "script.py",
            '# /// script\n# dependencies = ["requests==2.30.0", "idna==3.6"]\n# ///\n',
            '"idna==3.6"]',
            '"idna==3.6"]  # registry-lsp: ignore[outdated-minor]',
        ),
    ],
)
async def test_what_stands_in_one_line_is_ignored_together_and_the_title_says_so(
    stage, client, name, text, old, left
):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open(name, text)
        await it.diagnostics(uri, until=lambda found: len(found) == 2)
        for at in ("reque|sts", '|"requests==2.30.0", "idna|'):
            found = await it.actions(uri, at)
            titles = [each for each in found if each.startswith("Ignore")]
            assert titles == ["Ignore outdated-minor of all in this line"]
        done = await it.done(uri, found[titles[0]])
        assert done == text.replace(old, left)
        it.change(uri, done)
        assert await it.diagnostics(uri) == []


def _code(diagnostic):
    return diagnostic.code


@pytest.mark.parametrize("client", ["vscode", "neovim"])
async def test_a_hover_tells_in_one_line_what_is_ignored_and_why(stage, client):
    text = (
        "requests==2.32.0  # registry-lsp: ignore[yanked] until <the> rewrite  # noqa\n"
        "# registry-lsp: ignore: private\nnothing-of-the-kind\n"
        "uvicorn[al]~=0.30.0  # registry-lsp: ignore[unknown-extra]\n"
    )
    stage.registries.pypi["requests"] = PypiProject(
        releases={"2.32.0": PypiRelease(yanked="A conflict"), "2.32.3": PypiRelease()}
    )
    stage.registries.pypi["uvicorn"] = UVICORN
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("requirements.txt", text)
        found = await it.diagnostics(uri, until=lambda found: len(found) == 1)
        assert [each.code for each in found] == ["outdated-patch"]
        told = (await it.hover(uri, "reque|sts==")).contents
        is_marked = told.kind is types.MarkupKind.Markdown
        assert "⚠" not in told.value
        reason = r"until \<the> rewrite" if is_marked else "until <the> rewrite"
        assert f"ignored here: yanked · {reason}" in told.value
        told = (await it.hover(uri, "nothing-of-|the-kind")).contents.value
        assert "⚠" not in told
        code = "package-not-found"
        assert f"ignored here: {code} · private" in told.replace("\\", "")
        told = (await it.hover(uri, "[a|l]")).contents.value
        assert "⚠" not in told
        assert "ignored here: unknown-extra" in told

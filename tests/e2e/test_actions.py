"""What can be done about a dependency, under the capabilities of real editors: what is compared is
the buffer that an action leaves.
"""

from __future__ import annotations

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from e2e.test_findings import UVICORN
from registry_lsp.features.actions.menu import KINDS
from support.clients import CLIENTS
from support.editor import editor
from support.registries import PypiProject, PypiRelease

PACKAGE_JSON = (
    '{\r\n\t"name": "😀 e\u0301 \u2028 x",\r\n'
    '\t"dependencies": {\r\n'
    '\t\t"😀": "file:../x", "react": "^17.0.1", "@scope/tool": "1.0.0",\r\n'
    '\t\t"request": "^2.88.0"\r\n\t},\r\n'
    '\t"devDependencies": {"@scope/tool": "~1.0.0"},\r\n'
    '\t"peerDependencies": {"react": ">=16 <18"}\r\n}\r\n'
)
REQUIREMENTS = (
    "# 😀\u2028# for pip that was a line end\tand more\r\n"
    "requests==2.30.0  # pinned 😀\r\n"
    "\tidna >=3.6,<3.7 ; python_version >= '3.8'  # 😀\r\n"
    "uvicorn[standard]~=0.29.0 \\\r\n    --hash=sha256:00 \\\r\n  --hash=sha256:01\r\n"
)
PYPROJECT = (
    '# 😀\u2028\r\n[project]\r\nname = "x"\r\nrequires-python = ">=3.9"\r\n'
    'dependencies = ["requests>=2.30,<2.31", "idna", # 😀\r\n\t"uvicorn~=0.29.0"]\r\n'
    '[dependency-groups]\r\ndev = ["idna==3.6"]\r\n'
)
POETRY = (
    '[tool.poetry.dependencies]\npython = ">=3.9"\n'
    'requests = {version = "~2.30", extras = ["😀"]}\nidna = "3.6"\n'
)
PNPM = "packages: ['a']\ncatalog:\n  # 😀\n  react: ^17.0.1\n  '@scope/tool': 1.0.0\n"
FILES = {
    "package.json": PACKAGE_JSON,
    "requirements.txt": REQUIREMENTS,
    "pyproject.toml": PYPROJECT,
    "pnpm-workspace.yaml": PNPM,
}


TOLD = {PACKAGE_JSON: 6, REQUIREMENTS: 3, PYPROJECT: 3, POETRY: 2, PNPM: 2}
"""How many diagnostics each of them has in the end."""


PAIRED = "package.json"
"""The file that has react twice, each time with the same to be told."""


async def offered(it, name, text, at, **asked):
    uri = it.open(name, text)
    await it.diagnostics(uri, lambda shown: len(shown) >= TOLD.get(text, 1))
    return uri, await it.actions(uri, at, **asked)


LEFT = [
    (
        "package.json",
        PACKAGE_JSON,
        '"@scope/tool": "1.0|.0"',
        '"1.0.0"',
        '"1.0.1"',
        "Update @scope/tool to 1.0.1 (patch)",
    ),
    (
        "package.json",
        PACKAGE_JSON,
        '"re|act": "^17.0.1"',
        "^17.0.1",
        "^18.2.0",
        "Update react to 18.2.0 (major)",
    ),
    (
        "package.json",
        PACKAGE_JSON,
        '"re|act": "^17.0.1"',
        "^17.0.1",
        "^17.0.1 || ^18.2.0",
        "Widen react to ^17.0.1 || ^18.2.0, which admits 18.2.0",
    ),
    (
        "package.json",
        PACKAGE_JSON,
        '"react": "^17.0.1|"',
        "^17.0.1",
        "17.0.2",
        "Pin react to 17.0.2",
    ),
    (
        "package.json",
        PACKAGE_JSON,
        '>=16 <|18"',
        ">=16 <18",
        ">=16 <19",
        "Widen react to >=16 <19, which admits 18.2.0",
    ),
    (
        "requirements.txt",
        REQUIREMENTS,
        "requests==2.30.0|",
        "==2.30.0",
        "==2.32.3",
        "Update requests to 2.32.3 (minor)",
    ),
    (
        "requirements.txt",
        REQUIREMENTS,
        "idna >=|3.6,<3.7",
        ">=3.6,<3.7",
        ">=3.6,<3.8",
        "Widen idna to >=3.6,<3.8, which admits 3.7",
    ),
    (
        "requirements.txt",
        REQUIREMENTS,
        "uvi|corn",
        "~=0.29.0 \\\r\n    --hash=sha256:00 \\\r\n  --hash=sha256:01",
        "~=0.30.0",
        "Update uvicorn to 0.30.0 (minor; removes its hashes)",
    ),
    (
        "pyproject.toml",
        PYPROJECT,
        "requests>=2.30,<|2.31",
        ">=2.30,<2.31",
        ">=2.32.3,<2.33",
        "Update requests to 2.32.3 (minor)",
    ),
    (
        "pyproject.toml",
        PYPROJECT,
        '"id|na", # 😀',
        '"idna", # 😀',
        '"idna==3.7", # 😀',
        "Pin idna to 3.7",
    ),
    (
        "pyproject.toml",
        POETRY,
        '"~2.30|"',
        "~2.30",
        "~2.30 || ~2.32",
        "Widen requests to ~2.30 || ~2.32, which admits 2.32.3",
    ),
    (
        "pyproject.toml",
        POETRY,
        'idna = "3.6|"',
        '"3.6"',
        '"3.7"',
        "Update idna to 3.7 (minor)",
    ),
    (
        "pnpm-workspace.yaml",
        PNPM,
        "react: ^17.0.1|",
        "^17.0.1",
        "^18.2.0",
        "Update react to 18.2.0 (major)",
    ),
]
"""A file, a place of it, what stands there and what does once the action of some title is done."""


@pytest.mark.parametrize("client", CLIENTS)
async def test_what_an_action_leaves(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        for number, (name, text, at, old, new, title) in enumerate(LEFT):
            uri, found = await offered(it, f"{number}/{name}", text, at)
            assert title in found
            assert await it.done(uri, found[title]) == text.replace(old, new, 1)


@pytest.mark.parametrize("client", CLIENTS)
async def test_an_action_names_what_it_settles_and_the_safe_one_is_preferred(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri, found = await offered(it, "package.json", PACKAGE_JSON, '"@scope/tool": "1.0|.0"')
        patch, pin = found["Update @scope/tool to 1.0.1 (patch)"], found.get("Pin @scope/tool")
        assert pin is None  # it is pinned already
        assert patch.kind == "quickfix"
        assert patch.is_preferred
        assert [(each.code, it.text_at(uri, each.range)) for each in patch.diagnostics] == [
            ("outdated-patch", "1.0.0")
        ]
        major = await it.actions(uri, '"react": "^17|.0.1"')
        update = major["Update react to 18.2.0 (major)"]
        assert not update.is_preferred
        assert [each.code for each in update.diagnostics] == ["outdated-major"]
        assert major["Pin react to 17.0.2"].kind == "refactor.rewrite"
        assert major["Pin react to 17.0.2"].diagnostics is None


ALL = [
    (
        "package.json",
        "Update all in dependencies (safe)",
        {'"@scope/tool": "1.0.0"': '"@scope/tool": "1.0.1"'},
    ),
    (
        "package.json",
        "Update all in dependencies (breaking ones too)",
        {'"@scope/tool": "1.0.0"': '"@scope/tool": "1.0.1"', "^17.0.1": "^18.2.0"},
    ),
    (
        "package.json",
        "Update all in this file (breaking ones too)",
        {
            '"@scope/tool": "1.0.0"': '"@scope/tool": "1.0.1"',
            "^17.0.1": "^18.2.0",
            ">=16 <18": ">=18 <19",
        },
    ),
    (
        "requirements.txt",
        "Update all in this file (safe)",
        {"==2.30.0": "==2.32.3", ">=3.6,<3.7": ">=3.7,<3.8"},
    ),
    (
        "pyproject.toml",
        "Update all in this file (safe)",
        {">=2.30,<2.31": ">=2.32.3,<2.33", "idna==3.6": "idna==3.7"},
    ),
    (
        "pyproject.toml",
        "Update all in this file (breaking ones too)",
        {
            ">=2.30,<2.31": ">=2.32.3,<2.33",
            "idna==3.6": "idna==3.7",
            "uvicorn~=0.29.0": "uvicorn~=0.30.0",
        },
    ),
]
PLACES = {"package.json": '"@scope/tool": "1|.0.0"', "requirements.txt": "reque|sts=="}


@pytest.mark.parametrize("client", CLIENTS)
async def test_all_of_a_section_or_a_file(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        for number, (name, title, changes) in enumerate(ALL):
            place = PLACES.get(name, "reque|sts")
            uri, found = await offered(it, f"{number}/{name}", FILES[name], place)
            assert title in found
            expected = FILES[name]
            for old, new in changes.items():
                assert old in expected
                expected = expected.replace(old, new)
            assert await it.done(uri, found[title]) == expected


@pytest.mark.parametrize("client", CLIENTS)
async def test_all_is_fixed_on_saving_that_is_safe(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        whole = "|" + REQUIREMENTS[:-1] + "|\n"
        uri, found = await offered(
            it, "requirements.txt", REQUIREMENTS, whole, only=["source.fixAll"]
        )
        assert list(found) == ["Make all safe updates (registry-lsp)"]
        fixed = REQUIREMENTS.replace("==2.30.0", "==2.32.3").replace(">=3.6,<3.7", ">=3.7,<3.8")
        assert await it.done(uri, *found.values()) == fixed


async def test_kinds_are_declared_and_only_what_is_asked_for_is_answered(stage):
    async with editor(stage.folder, options=stage.options) as it:
        provider = it.result.capabilities.code_action_provider
        assert list(provider.code_action_kinds) == list(KINDS)
        assert provider.resolve_provider
        uri, every = await offered(it, "package.json", PACKAGE_JSON, '"react": "^17|.0.1"')
        assert {each.kind for each in every.values()} == set(KINDS) - {"source.fixAll.registryLsp"}
        for only in ("quickfix", "refactor", "refactor.rewrite", "source", "source.fixAll", *KINDS):
            some = await it.actions(uri, '"react": "^17|.0.1"', only=[only])
            assert some
            assert all(f"{each.kind}.".startswith(f"{only}.") for each in some.values())
        assert await it.actions(uri, '"react": "^17|.0.1"', only=["refactor.extract"]) == {}
        calm = await it.actions(
            uri, '"react": "^17|.0.1"', trigger=types.CodeActionTriggerKind.Automatic
        )
        assert {each.kind for each in calm.values()} == {"quickfix", "refactor.rewrite"}
        nothing = await it.actions(uri, '"na|me"', trigger=types.CodeActionTriggerKind.Automatic)
        assert nothing == {}


async def test_an_edit_that_is_stale_is_refused(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri, found = await offered(it, "package.json", PACKAGE_JSON, '"react": "^17|.0.1"')
        action = found["Update react to 18.2.0 (major)"]
        it.change(uri, "\r\n" + PACKAGE_JSON)
        with pytest.raises(JsonRpcException, match="has changed"):
            await it.client.code_action_resolve_async(action)
        with pytest.raises(JsonRpcException, match="has changed"):
            await it.client.code_action_resolve_async(types.CodeAction(title="x", data=["what"]))


@pytest.mark.parametrize("client", ["vscode", "neovim", "emacs"])
@pytest.mark.parametrize(
    ("name", "at", "title", "old", "new"),
    [
        (
            "package.json",
            '{"@scope/to|ol": "~1',
            "Remove @scope/tool from devDependencies, as dependencies has it",
            '{"@scope/tool": "~1.0.0"}',
            "{}",
        ),
        (
            "package.json",
            '"re|act": "^17',
            "Ignore outdated-major of react",
            '">=16 <18"}\r\n}',
            '">=16 <18"},\r\n\t"registry-lsp": {"ignore": {"react": ["outdated-major"]}}\r\n}',
        ),
        (
            "requirements.txt",
            "reque|sts==",
            "Ignore outdated-minor of requests",
            "# pinned 😀",
            "# pinned 😀  # registry-lsp: ignore[outdated-minor]",
        ),
        (
            "pyproject.toml",
            "uvi|corn",
            "Ignore outdated-minor of uvicorn",
            '"uvicorn~=0.29.0"]',
            '"uvicorn~=0.29.0"]  # registry-lsp: ignore[outdated-minor]',
        ),
        (
            "pnpm-workspace.yaml",
            "re|act: ^17",
            "Ignore outdated-major of react",
            "^17.0.1",
            "^17.0.1  # registry-lsp: ignore[outdated-major]",
        ),
    ],
)
async def test_an_entry_is_removed_or_a_finding_left_unsaid(
    stage, client, name, at, title, old, new
):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri, found = await offered(it, name, FILES[name], at)
        assert title in found
        assert len(found[title].diagnostics) == 1
        left = await it.done(uri, found[title])
        assert left == FILES[name].replace(old, new)
        it.change(uri, left)
        await it.diagnostics(
            uri,
            lambda shown: (
                len(shown) == TOLD[FILES[name]] - (2 if name == PAIRED and "react" in title else 1)
            ),
        )


async def test_a_yanked_version_is_replaced(stage):
    text = "requests==2.32.0\n"
    stage.registries.pypi["requests"] = PypiProject(
        releases={
            "2.32.0": PypiRelease(yanked="Yanked for a conflict"),
            "2.32.1": PypiRelease(yanked=True),
            "2.32.2": PypiRelease(),
            "2.32.3": PypiRelease(),
        }
    )
    async with editor(stage.folder, options=stage.options) as it:
        uri, found = await offered(it, "requirements.txt", text, "requests==|2.32.0")
        replace = found["Replace yanked requests 2.32.0 by 2.32.2 (patch)"]
        assert replace.is_preferred
        assert [each.code for each in replace.diagnostics] == ["yanked"]
        assert await it.done(uri, replace) == "requests==2.32.2\n"
        update = found["Update requests to 2.32.3 (patch)"]
        assert not update.is_preferred
        assert {each.code for each in update.diagnostics} == {"yanked", "outdated-patch"}


async def test_what_a_lock_file_lags_behind_says_so_and_is_left_out_of_all(stage):
    lock = (
        '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"react": "^17.0.1"}}, '
        '"node_modules/react": {"version": "17.0.1"}}}'
    )
    (stage.folder / "package-lock.json").write_text(lock, "utf-8")
    text = '{"dependencies": {"react": "^17.0.1"}}\n'
    async with editor(stage.folder, options=stage.options) as it:
        uri, found = await offered(it, "package.json", text, '"re|act"')
        behind = found["Update react to 17.0.2 (patch; ^17.0.1 admits it already)"]
        assert await it.done(uri, behind) == text.replace("17.0.1", "17.0.2")
        assert "Pin react to 17.0.1" in found
        assert not any("(safe)" in title for title in found)


async def run(it, **argument):
    return await it.client.workspace_execute_command_async(
        types.ExecuteCommandParams(command="registry-lsp.updateAll", arguments=[argument])
    )


@pytest.mark.parametrize("client", CLIENTS)
async def test_the_command_waits_for_what_is_asked_for_and_has_the_client_apply_it(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        assert await run(it, uri=uri) == {"updated": 1, "applied": True}
        expected = PACKAGE_JSON.replace('"@scope/tool": "1.0.0"', '"@scope/tool": "1.0.1"')
        assert it.text(uri) == expected


async def test_the_command_asks_for_confirmation_where_something_may_break(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        assert (await run(it, uri=uri, tier="all", section="dependencies"))["updated"] == 2
        edit = it.applied_edits[-1].edit
        (annotation,) = edit.change_annotations.values()
        assert annotation.label == "Update react to 18.2.0 (major)"
        assert annotation.needs_confirmation
        (change,) = edit.document_changes
        assert [isinstance(each, types.AnnotatedTextEdit) for each in change.edits] == [True, False]


async def test_what_the_user_does_not_confirm_is_no_failure_to_be_told_of(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        it.refusal = ""
        error = (await run(it, uri=uri, tier="all"))["error"]
        assert (error["code"], error["shown"]) == ("declined", True)
        assert it.text(uri) == PACKAGE_JSON
        assert it.client.messages == []


async def test_the_command_asks_for_no_confirmation_where_the_user_has_given_it(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        assert (await run(it, uri=uri, tier="all", confirm=False))["updated"] == 3
        assert it.applied_edits[-1].edit.change_annotations is None


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ({}, "No open manifest"),
        ({"uri": "file:///no/package.json"}, "No open manifest"),
        ({"tier": "huge"}, "'safe', 'all' or 'secure'"),
    ],
)
async def test_the_command_says_what_it_cannot_do(stage, argument, said):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        answer = await run(it, **({"uri": uri} | argument if "tier" in argument else argument))
        assert said in answer["error"]["message"]


async def test_nothing_to_update_is_nothing_applied(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", '{"dependencies": {"react": "18.2.0"}}')
        assert await run(it, uri=uri) == {"updated": 0, "applied": False}
        assert it.applied_edits == []


@pytest.mark.parametrize("applies", [True, False])
async def test_a_client_that_knows_commands_only_gets_those(stage, applies):
    plain = types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(apply_edit=applies)
    )
    async with editor(stage.folder, client=plain, options=stage.options) as it:
        place = '"@scope/tool": "1.0|.0"'
        uri, found = await offered(it, "package.json", PACKAGE_JSON, place)
        if not applies:
            assert found == {}
            return
        chosen = found["Update @scope/tool to 1.0.1 (patch)"]
        assert isinstance(chosen, types.Command)
        expected = PACKAGE_JSON.replace('"@scope/tool": "1.0.0"', '"@scope/tool": "1.0.1"')
        assert await it.done(uri, chosen) == expected
        assert it.applied_edits[-1].edit.document_changes is None


@pytest.mark.parametrize("client", ["vscode", "neovim", "emacs"])
@pytest.mark.parametrize(
    ("name", "text", "old", "new"),
    [
        ("package.json", '{"x": "😀", "dependencies": {"reacct": "^17.0.1"}}', "reacct", "react"),
        (
            "package.json",
            '{"dependencies": {"@scope/tooo": "1.0.0"}}',
            "@scope/tooo",
            "@scope/tool",
        ),
        ("requirements.txt", "reqeusts[socks]>=2.30.0  # 😀\r\n", "reqeusts", "requests"),
        ("pyproject.toml", '[project]\nname = "x"\ndependencies = ["idnna"]\n', "idnna", "idna"),
    ],
)
async def test_a_name_that_nobody_has_may_be_meant_for_another(stage, client, name, text, old, new):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri, found = await offered(it, name, text, f"|{old}")
        action = found[f"Replace {old} by {new}"]
        assert action.is_preferred
        assert [each.code for each in action.diagnostics] == ["package-not-found"]
        assert await it.done(uri, action) == text.replace(old, new)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "idna>=3,!=3.7  # 😀\r\nrequests>=2,!=2.32.*\r\n"),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nidna = ">=3,!=3.7"\nrequests = "!=2.32.3"\n',
        ),
    ],
)
async def test_what_a_manifest_rules_out_is_neither_told_nor_written(stage, name, text):
    async with editor(stage.folder, client="neovim", options=stage.options) as it:
        uri = it.open(
            name, text + 'uvicorn = "0.29.0"\n' if "toml" in name else text + "uvicorn==0.29.0"
        )
        found = await it.diagnostics(uri, lambda shown: "uvicorn" in str(shown))
        assert [each.code for each in found] == ["outdated-minor"]
        for title in await it.actions(uri, "id|na"):
            assert not title.startswith(("Update idna", "Widen"))


INSTEAD = [
    (
        "requirements.txt",
        "requests[socks]==9.9 ; python_version >= '3.8'  # 😀\r\n",
        "==9|.9",
        "Use requests 2.32.3, the newest below 9.9 (major)",
        "==9.9",
        "==2.32.3",
    ),
    (
        "pyproject.toml",
        '[project]\nname = "x"\nrequires-python = ">=3.7"\ndependencies = ["requests==2.32.3"]\n',
        "==2.3|2.3",
        "Use requests 2.30.0, which runs on Python >=3.7 (minor)",
        "==2.32.3",
        "==2.30.0",
    ),
    (
        "pyproject.toml",
        '[tool.poetry.dependencies]\npython = "^3.9"\nidna = "^9.1"  # 😀\n',
        "^9|.1",
        "Use idna 3.7, the newest below 9.1 (major)",
        "^9.1",
        "^3.7",
    ),
    (
        "package.json",
        '{"😀": 1, "dependencies": {"react": "~17.0.7"}}\r\n',
        "~17.0|.7",
        "Use react 17.0.2, the newest below 17.0.7 (patch)",
        "~17.0.7",
        "~17.0.2",
    ),
    (
        "package.json",
        '{"engines": {"node": ">=12"}, "dependencies": {"react": "^18.0.0"}}\r\n',
        "^18.0|.0",
        "Use react 17.0.2, which runs on Node.js >=12 (major)",
        "^18.0.0",
        "^17.0.2",
    ),
    (
        "package.json",
        '{"dependencies": {"react": "nxet"}}\r\n',
        "nx|et",
        "Replace nxet by next",
        "nxet",
        "next",
    ),
    (
        "package.json",
        '{"dependencies": {"react": "nxet"}}\r\n',
        "nx|et",
        "Use react 18.2.0, the latest",
        "nxet",
        "^18.2.0",
    ),
]
"""A file whose version is not there or does not run, and what is left once an action is done."""


@pytest.mark.parametrize("client", ["vscode", "neovim"])
async def test_what_is_not_there_or_does_not_run_is_replaced_by_what_is_and_does(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        for number, (name, text, at, title, old, new) in enumerate(INSTEAD):
            uri, found = await offered(it, f"{number}/{name}", text, at)
            assert title in found
            codes = {each.code for each in found[title].diagnostics}
            assert codes <= {"no-matching-version", "incompatible-python", "incompatible-engine"}
            assert codes
            assert bool(found[title].is_preferred) is ("(patch)" in title)
            assert await it.done(uri, found[title]) == text.replace(old, new)


EXTRAS = [
    ("requirements.txt", "uvicorn[Standrad]==0.30.0  # 😀\r\n", "[Standrad]", "[standard]", ""),
    (
        "pyproject.toml",
        '[project]\nname = "x"\ndependencies = ["idna", "uvicorn[standrad] ~= 0.30.0"] # 😀\n',
        "[standrad]",
        "[standard]",
        "",
    ),
    (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nuvicorn = {version = "~0.30.0", extras = ["standrad"]}\n',
        ', extras = ["standrad"]',
        ', extras = ["standard"]',
        "",
    ),
    (
        "requirements.txt",
        "uvicorn[standard, standrad]==0.30.0\r\n",
        "[standard, standrad]",
        None,  # it stands beside it
        "[standard]",
    ),
]
"""A file that asks for an extra that there is not, and what is left of that once it is replaced, or
removed.
"""


@pytest.mark.parametrize("client", ["vscode", "neovim"])
async def test_an_extra_that_there_is_not_is_replaced_or_removed(stage, client):
    stage.registries.pypi["uvicorn"] = UVICORN
    async with editor(stage.folder, client=client, options=stage.options) as it:
        for number, (name, text, old, meant, removed) in enumerate(EXTRAS):
            extra = "Standrad" if "Standrad" in text else "standrad"
            place = f"{extra[:3]}|{extra[3:]}"
            uri, found = await offered(it, f"{number}/{name}", text, place)
            titles = [each for each in found if " extra " in each]
            remove, replace = f"Remove extra {extra}", f"Replace extra {extra} by standard"
            assert titles == ([replace, remove] if meant else [remove])
            assert all(
                [it.code for it in found[each].diagnostics] == ["unknown-extra"] for each in titles
            )
            assert await it.done(uri, found[remove]) == text.replace(old, removed)
            it.change(uri, text)
            if meant is None:
                continue
            again = await it.actions(uri, place)
            assert again[replace].is_preferred
            assert await it.done(uri, again[replace]) == text.replace(old, meant)

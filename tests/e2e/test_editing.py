"""The whole path under the capabilities of real editors, whose columns differ."""

import asyncio
import json

import pytest
from lsprotocol import types

from support.clients import CLIENTS
from support.editor import editor
from support.events import until
from support.loopback import SILENCE

PACKAGE_JSON = (
    '{\r\n\t"name": "😀 e\u0301 \u2028 x",\r\n'
    '\t"dependencies": {\r\n'
    '\t\t"react": "^17.0.1", "@scope/tool": "1.0.0",\r\n'
    '\t\t"request": "^2.88.0", "nope😀": "1", "left": "github:a/b"\r\n\t}\r\n}\r\n'
)
REQUIREMENTS = (
    "# 😀\u2028# for pip that was a line end\tand more\r\n"
    "requests==2.32.0  # pinned 😀\r\n"
    "\tidna >=3.6 ; python_version >= '3.8'\r\n"
    "uvicorn[standard]~=0.29.0 \\\r\n    --hash=sha256:00\r\n"
    "nope>=1\r\n"
    "-e ./local\r\n"
)
PYPROJECT = (
    '# 😀\u2028\r\n[project]\r\nname = "x"\r\nrequires-python = ">=3.9"\r\n'
    'dependencies = ["requests>=2.30,<2.31", "idna", # 😀\r\n\t"uvicorn~=0.29.0"]\r\n'
)
FILES = {
    "package.json": PACKAGE_JSON,
    "requirements.txt": REQUIREMENTS,
    "pyproject.toml": PYPROJECT,
}
EXPECTED = {
    "package.json": {
        ("outdated-major", "^17.0.1"),
        ("outdated-patch", "1.0.0"),
        ("deprecated", "^2.88.0"),
        ("package-not-found", "nope😀"),
    },
    "requirements.txt": {
        ("yanked", "==2.32.0"),
        ("outdated-patch", "==2.32.0"),
        ("outdated-minor", "~=0.29.0"),
        ("package-not-found", "nope"),
    },
    "pyproject.toml": {
        ("outdated-minor", ">=2.30,<2.31"),
        ("outdated-minor", "~=0.29.0"),
    },
}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", FILES)
async def test_squiggles_lie_on_what_they_are_about(stage, client, name):
    if name == "package.json":
        # Not a name that npm would take: nobody is asked, and it is told.
        expected = {(code, text) for code, text in EXPECTED[name] if "nope" not in text}
        expected |= {("invalid-requirement", "nope😀")}
    else:
        expected = EXPECTED[name]
    async with editor(stage.folder, client=client, options=stage.options) as it:
        assert it.result.capabilities.position_encoding == CLIENTS[client]
        uri = it.open(name, FILES[name])
        found = await it.diagnostics(uri, lambda shown: len(shown) >= len(expected))
        assert {(each.code, it.text_at(uri, each.range)) for each in found} == expected
        assert {each.source for each in found} == {"registry-lsp"}
        faded = {each.code for each in found if types.DiagnosticTag.Deprecated in (each.tags or ())}
        assert faded == {each.code for each in found} & {"yanked", "deprecated"}


@pytest.mark.parametrize("client", CLIENTS)
async def test_hovers_in_every_counting(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        hover = await it.told(uri, '"re|act"', "loose-envify", "ada")
        assert it.text_at(uri, hover.range) == "react"
        text = hover.contents.value
        assert "web" in text
        assert "2021-03-22" in text
        assert "loose-envify ^1.1.0" in text
        assert "code.example/react" in text
        version = await it.hover(uri, "^17.0|.1")
        assert it.text_at(uri, version.range) == "^17.0.1"
        elsewhere = await it.hover(uri, '"le|ft"')
        assert "Git repository" in elsewhere.contents.value
        assert await it.hover(uri, '"na|me"') is None


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_version_is_chosen_and_the_operator_stays(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("package.json", PACKAGE_JSON)
        found = await it.complete(uri, '"^17.0.1|"')
        assert [item.label for item in found.items] == ["18.2.0", "17.0.2", "17.0.1"]
        chosen = it.applied(uri, found.items[0].text_edit)
        assert chosen == PACKAGE_JSON.replace("^17.0.1", "^18.2.0")
        uri = it.open("requirements.txt", REQUIREMENTS)
        found = await it.complete(uri, "requests==|2.32.0")
        assert [item.label for item in found.items] == ["2.32.3", "2.30.0", "2.32.0"]
        assert list(found.items[2].tags) == [types.CompletionItemTag.Deprecated]
        told = await it.resolve(found.items[2])
        assert "Yanked for a conflict" in getattr(told.documentation, "value", told.documentation)
        chosen = it.applied(uri, found.items[0].text_edit)
        assert chosen == REQUIREMENTS.replace("==2.32.0", "==2.32.3")


@pytest.mark.parametrize(
    ("name", "text", "at", "label", "result"),
    [
        (
            "package.json",
            '{"dependencies": {\n  "react": "\n  "request": "^2.88.0"\n}}',
            '"react": "|',
            "^18.2.0",
            '{"dependencies": {\n  "react": "^18.2.0\n  "request": "^2.88.0"\n}}',
        ),
        (
            "pyproject.toml",
            '[project]\ndependencies = ["requests>=\n  "idna"]\n',
            "requests>=|",
            "2.32.3",
            '[project]\ndependencies = ["requests>=2.32.3\n  "idna"]\n',
        ),
        (
            "requirements.txt",
            "requests\nidna==3.6\n",
            "requests|",
            ">=2.32.3",
            "requests>=2.32.3\nidna==3.6\n",
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nrequests = "^2\nidna = "*"\n',
            '"^2|',
            "2.32.3",
            '[tool.poetry.dependencies]\nrequests = "^2.32.3\nidna = "*"\n',
        ),
    ],
)
async def test_half_typed_lines_complete(stage, name, text, at, label, result):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open(name, text)
        found = await it.complete(uri, at)
        item = next(item for item in found.items if item.label == label)
        assert it.applied(uri, item.text_edit) == result


async def test_no_half_typed_name_is_asked_for_by_any_question(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", "idna==3.6\n")
        await it.diagnostics(uri, bool)
        asking = []
        for end in range(1, len("requests") + 1):
            it.change(uri, "idna==3.6\n" + "requests"[:end])
            at = "\n" + "requests"[:end] + "|"
            asking += [it.complete(uri, at), it.hover(uri, at)]
        asking = [asyncio.ensure_future(each) for each in asking]
        await it.diagnostics(uri)
        answers = await asyncio.gather(*asking)
        assert {request.path for request in stage.server.requests if "/req" in request.path} <= {
            "/simple/requests/",
            "/pypi/requests/json",
            "/pypi/requests/2.32.3/json",
        }
        assert answers[-2].is_incomplete  # no keystroke waits for the rest
        labels = [each.label for each in (await it.offered(uri, "\nrequests|", ">=2.32.3")).items]
        floors = [each for each in labels if each.startswith(">=") and "," not in each]
        assert floors == [">=2.32.3", ">=2.30.0", ">=2.32.0"]


async def test_the_client_is_shown_progress(stage, held):
    async with editor(stage.folder, options=held.options) as it:
        uri = it.open("requirements.txt", REQUIREMENTS)
        await until(
            lambda: any(
                getattr(each, "message", "") == "3 of 4"
                for reports in it.client.progress_reports.values()
                for each in reports
            )
        )
        (reports,) = it.client.progress_reports.values()
        assert isinstance(reports[0], types.WorkDoneProgressBegin)
        assert "requirements.txt" in reports[0].title
        held.may_answer.set()
        await it.diagnostics(uri, lambda shown: len(shown) == 4)
        await until(lambda: isinstance(reports[-1], types.WorkDoneProgressEnd))


async def test_settings_come_from_the_clients_configuration_too(stage):
    settings = {**stage.options, "diagnostics": {"severity": {"yanked": "error"}}}
    async with editor(stage.folder, configuration=settings) as it:
        uri = it.open("requirements.txt", "requests==2.32.0\n")
        found = await it.diagnostics(uri, lambda shown: shown)
        severities = {each.code: each.severity for each in found}
        assert severities["yanked"] == types.DiagnosticSeverity.Error
        assert severities["outdated-patch"] == types.DiagnosticSeverity.Information


async def test_an_invalid_setting_is_told_once_by_name(stage):
    options = {**stage.options, "network": {"concurrency": -3}}
    async with editor(stage.folder, options=options) as it:
        uri = it.open("requirements.txt", "requests==2.32.0\n")
        await it.diagnostics(uri, lambda shown: shown)
        (message,) = it.client.messages
        assert "network.concurrency" in message.message


async def test_the_projects_own_registry_is_asked(stage):
    (stage.folder / "package.json").write_text("{}")
    (stage.folder / ".npmrc").write_text(f"registry={stage.server.url}npm/\n")
    environ = {"PIP_INDEX_URL": stage.server.url + "simple/"}
    async with editor(stage.folder, environ=environ) as it:
        npm = it.open("package.json", json.dumps({"dependencies": {"react": "17.0.2"}}))
        pypi = it.open("requirements.txt", "idna==3.6\n")
        assert [each.code for each in await it.diagnostics(npm, bool)] == ["outdated-major"]
        assert [each.code for each in await it.diagnostics(pypi, bool)] == ["outdated-minor"]


async def test_closing_clears_and_other_files_are_left_alone(stage):
    async with editor(stage.folder, client="neovim", options=stage.options) as it:
        uri = it.open("requirements.txt", "requests==2.32.0\n")
        await it.diagnostics(uri, bool)
        it.close(uri)
        other = it.open("notes.txt", "requests==2.32.0\n")
        assert await it.hover(other, "req|uests") is None
        assert list(it.published[uri][-1].diagnostics) == []
        assert other not in it.published


async def test_no_password_of_an_address_is_shown(stage):
    text = (
        '{"dependencies": {"one": "git+https://me:s3cret@code.example/one.git#v1",\n'
        '"two": "https://me:s3cret@code.example/two.tgz"}}'
    )
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", text)
        for name in ("one", "two"):
            shown = (await it.hover(uri, f'"{name[0]}|{name[1:]}"')).contents.value
            assert "code.example" in shown
            assert "s3cret" not in shown


async def test_loading_can_be_cancelled_from_the_progress(stage):
    stage.registries.faults = {"idna": SILENCE}
    options = {**stage.options, "network": {"timeoutSeconds": 60}}
    async with editor(stage.folder, options=options) as it:
        uri = it.open("requirements.txt", "idna==3.6\nuvicorn==0.29.0\n")
        await it.diagnostics(uri, bool)
        await until(lambda: any(it.client.progress_reports.values()))
        (token,) = it.client.progress_reports
        it.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=token))
        reports = it.client.progress_reports[token]
        await until(lambda: isinstance(reports[-1], types.WorkDoneProgressEnd))
        assert [each.code for each in await it.diagnostics(uri)] == ["outdated-minor"]


UV = '[project]\ndependencies = ["corp-ui"]\n[tool.uv.sources]\ncorp-ui = '
INDEX = "--index-url https://nobody:s3cret@corp.invalid/simple\n"


@pytest.mark.parametrize(
    ("name", "saved", "typed"),
    [
        ("package.json", '{"dependencies":{"corp-ui": "workspace:*"}}', "*"),
        ("package.json", '{"dependencies":{"corp-ui": "file:../ui"}}', ""),
        ("requirements.txt", "corp-ui @ file:///ui\n", "corp-ui\n"),
        ("requirements.txt", f"{INDEX}corp-ui>=1\n", "--\ncorp-ui>=1\n"),
        ("pyproject.toml", f"{UV}{{workspace = true}}\n", f"{UV}{{}}\n"),
    ],
)
async def test_what_is_bound_goes_nowhere_else_before_it_is_saved(stage, name, saved, typed):
    if name == "package.json":
        typed = json.dumps({"dependencies": {"corp-ui": typed}})

    def asked():
        return [each.path for each in stage.server.requests if "corp" in each.path]

    async with editor(stage.folder, environ=stage.environ) as it:
        uri, other = it.open(name, saved), it.open("constraints.txt", "")
        await it.diagnostics(uri)
        it.change(uri, typed)
        it.change(other, "idna==3.6\n")
        await it.diagnostics(other, bool)  # it was typed last, so that its typing rested last
        hover = await it.hover(uri, "corp|-ui")
        assert "once this change is saved" in hover.contents.value
        assert asked() == []
        it.save(uri)
        if "sources" not in typed:  # an empty binding is none that anybody could follow
            await it.diagnostics(uri, lambda shown: "package-not-found" in [e.code for e in shown])
            assert asked()


HALF_TYPED = [
    ("requirements.txt", "idna\n", "idna\nno\n", "package-not-found"),
    ("requirements.txt", "idna\n", "idna==\n", "invalid-requirement"),
    ("requirements.txt", "idna\n", "idna[\n", "invalid-requirement"),
    ("requirements.txt", "idna>=3\n", "idna>=300\n", "no-matching-version"),
    ("package.json", '{"dependencies": {}}', '{"dependencies": {"no": ""}}', "package-not-found"),
]


@pytest.mark.parametrize("client", ["vscode", "neovim"])  # who asks, and who is told
async def test_what_is_half_typed_is_not_told_to_be_wrong_before_it_is_left(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        for at, (name, before, after, code) in enumerate(HALF_TYPED):
            (stage.folder / str(at)).mkdir()
            uri = it.open(f"{at}/{name}", before)
            await it.diagnostics(uri)
            it.change(uri, after)
            await it.hover(uri, "no|" if "no" in after else "id|na")  # once its package is known
            assert code not in [each.code for each in await it.diagnostics(uri)]
            it.change(uri, f"\n{after}")  # the cursor stands elsewhere now
            await it.diagnostics(uri, lambda found, code=code: code in [e.code for e in found])
            it.close(uri)


async def test_what_is_saved_is_meant(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", "idna==3.6\n")
        await it.diagnostics(uri)
        it.change(uri, "idna==\n")
        assert "invalid-requirement" not in [each.code for each in await it.diagnostics(uri)]
        it.save(uri)
        await it.diagnostics(uri, lambda found: "invalid-requirement" in [e.code for e in found])


async def test_nothing_is_sent_twice(stage):
    async with editor(stage.folder, client="neovim_v0.9.1", options=stage.options) as it:
        uri = it.open("requirements.txt", "requests==2.32.0\nnope\n")
        for end in range(1, 6):
            it.change(uri, "requests==2.32.0\nnope\n" + "idna="[:end])
            await it.diagnostics(uri, bool)
        it.save(uri)
        await it.hover(uri, "id|na")
        sent = [(each.version, repr(each.diagnostics)) for each in it.published[uri]]
        assert len(set(sent)) == len(sent)

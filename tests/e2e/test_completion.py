"""What completion leaves in the buffer, in every editor's counting; and what it tells."""

import asyncio
from dataclasses import replace

import pytest
from lsprotocol import types

from support.clients import CLIENTS
from support.editor import editor

EVERY_CLIENT = pytest.mark.parametrize("client", CLIENTS)


MARK = "😀 e\u0301"
"""What has another length in every counting."""


def marked(name, text):
    """*text* behind what has another length in every counting, on its line where that may be."""
    return f"/* {MARK} */ {text}" if name.endswith(".json") else f"# {MARK}\n{text}"


async def chosen(it, cases):
    """What choosing each label leaves in a buffer of its own, by the text before."""
    left = {}
    for at, (name, text, label, _) in enumerate(cases):
        whole = marked(name, text)
        uri = it.open(f"{at}/{name}", whole.replace("¦", ""))
        left[text, label] = await it.choose(uri, whole.replace("¦", "|"), label)
    return left


def expected(cases):
    return {(text, label): marked(name, result) for name, text, label, result in cases}


REACT = '{"dependencies": {"react": "%s"}}'
PROJECT = '[project]\ndependencies = ["%s"]'
VERSIONS = [
    # behind every operator, within a constraint of several, with quotes and without
    ("requirements.txt", "requests==¦", "2.32.3", "requests==2.32.3"),
    ("requirements.txt", "requests>=¦,<3", "2.32.3", "requests>=2.32.3,<3"),
    ("requirements.txt", "requests>=2.30,<¦", "2.32.3", "requests>=2.30,<2.32.3"),
    ("requirements.txt", "requests[a]~=¦  # 😀", "2.32.3", "requests[a]~=2.32.3  # 😀"),
    ("pyproject.toml", PROJECT % "requests>=2,!=¦", "2.30.0", PROJECT % "requests>=2,!=2.30.0"),
    ("package.json", REACT % ">=17.0.1 <¦", "18.2.0", REACT % ">=17.0.1 <18.2.0"),
    ("package.json", REACT[:-3] % "^¦", "18.2.0", REACT[:-3] % "^18.2.0"),
    ("Pipfile", '[packages]\nidna = "~=¦"\n', "3.7", '[packages]\nidna = "~=3.7"\n'),
    ("package.json", REACT % "npm:react@¦", "^18.2.0", REACT % "npm:react@^18.2.0"),
    ("package.json", REACT % "npm:react@^¦", "18.2.0", REACT % "npm:react@^18.2.0"),
    ("package.json", REACT[:-3] % "npm:react@~17¦", "17.0.2", REACT[:-3] % "npm:react@~17.0.2"),
    # what the rest of a constraint lacks
    ("requirements.txt", "requests>=2.30.0,¦", "<3", "requests>=2.30.0,<3"),
    ("requirements.txt", "requests>=2.30.0, ¦  # 😀", "<2.33", "requests>=2.30.0, <2.33  # 😀"),
    ("requirements.txt", "requests>=2.30.0,¦", "!=2.32.0", "requests>=2.30.0,!=2.32.0"),
    ("requirements.txt", "requests>=2.30.0,2¦", "<2.33", "requests>=2.30.0,<2.33"),
    ("requirements.txt", "requests>=2.30.0,<¦", "3", "requests>=2.30.0,<3"),
    ("requirements.txt", "requests<3,¦", ">=2.32.3", "requests<3,>=2.32.3"),
    ("pyproject.toml", PROJECT % "idna>=3.6,¦", "<4", PROJECT % "idna>=3.6,<4"),
    ("pyproject.toml", PROJECT[:-2] % "idna>=3.6,<¦", "4", PROJECT[:-2] % "idna>=3.6,<4"),
    ("Pipfile", '[packages]\nidna = ">=3.6,¦"\n', "<4", '[packages]\nidna = ">=3.6,<4"\n'),
    ("package.json", REACT % ">=17.0.1 <¦", "19", REACT % ">=17.0.1 <19"),
    # behind an escape
    ("package.json", REACT % "\\u003e=17 \\u003c¦", "18.2.0", REACT % "\\u003e=17 \\u003c18.2.0"),
    (
        "pyproject.toml",
        PROJECT % "requests\\u003e=2.30.0¦",
        "2.32.3",
        PROJECT % "requests\\u003e=2.32.3",
    ),
    # where the closing quote is missing
    ("pyproject.toml", PROJECT[:-2] % "idna>=3.6,¦", "<4", PROJECT[:-2] % "idna>=3.6,<4"),
    (
        "pyproject.toml",
        '[project]\ndependencies = [\n  "idna>=3.6,¦\n  "requests",\n]\n',
        "!=3.6",
        '[project]\ndependencies = [\n  "idna>=3.6,!=3.6\n  "requests",\n]\n',
    ),
    ("Pipfile", "[packages]\nidna = '>=3.6, ¦\n", "<4", "[packages]\nidna = '>=3.6, <4\n"),
    ("package.json", REACT % ">=17.0.1 ¦", "<19", REACT % ">=17.0.1 <19"),
    ("package.json", REACT[:-3] % ">=17.0.1 ¦", "<19", REACT[:-3] % ">=17.0.1 <19"),
    ("pnpm-workspace.yaml", "catalog:\n  react: ~¦\n", "18.2.0", "catalog:\n  react: ~18.2.0\n"),
    ("pnpm-workspace.yaml", "catalog: {react: ~¦", "18.2.0", "catalog: {react: ~18.2.0"),
    # with the quotes that YAML asks for
    (
        "pnpm-workspace.yaml",
        'catalog:\n  idna: ">=1 <2"\n  react: ¦\n',
        ">=18 <19",
        'catalog:\n  idna: ">=1 <2"\n  react: ">=18 <19"\n',
    ),
    # where no value is begun
    ("package.json", '{"dependencies": {"react": ¦}}', "^18.2.0", REACT % "^18.2.0"),
    (
        "package.json",
        '{"dependencies": {"react":¦\n}}',
        "next",
        '{"dependencies": {"react":"next"\n}}',
    ),
    (
        "package.json",
        '{"dependencies": {\n  "react": ¦,\n  "request": "2"\n}}',
        "18.2.0",
        '{"dependencies": {\n  "react": "18.2.0",\n  "request": "2"\n}}',
    ),
    (
        "pyproject.toml",
        '[tool.poetry.dependencies]\nidna = ¦\nrequests = "2"\n',
        "^3.7",
        '[tool.poetry.dependencies]\nidna = "^3.7"\nrequests = "2"\n',
    ),
    (
        "pyproject.toml",
        "[tool.poetry.dependencies]\nidna = {version = ¦}\n",
        "^3.7",
        '[tool.poetry.dependencies]\nidna = {version = "^3.7"}\n',
    ),
    ("Pipfile", "[packages]\nidna = ¦  # 😀\n", "~=3.7", '[packages]\nidna = "~=3.7"  # 😀\n'),
    ("pnpm-workspace.yaml", "catalog: {react: ¦}\n", "^18.2.0", "catalog: {react: ^18.2.0}\n"),
    ("pnpm-workspace.yaml", "catalog: {react: ¦}\n", "18.2.0", "catalog: {react: 18.2.0}\n"),
    # ranges, and dist-tags
    ("requirements.txt", "idna¦", "~=3.7", "idna~=3.7"),
    ("requirements.txt", "idna¦", ">=3.7,<4", "idna>=3.7,<4"),
    ("package.json", REACT % "¦", "~18.2.0", REACT % "~18.2.0"),
    ("package.json", REACT % "¦", "18.2.0", REACT % "18.2.0"),
    ("package.json", REACT % "¦", "^17.0.2", REACT % "^17.0.2"),
    ("package.json", REACT % "¦", "next", REACT % "next"),
    ("package.json", REACT % "ne¦", "next", REACT % "next"),
    ("package.json", REACT % "^la¦", "latest", REACT % "^18.2.0"),
]


@EVERY_CLIENT
async def test_versions(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        assert await chosen(it, VERSIONS) == expected(VERSIONS)


NAMES = [
    # a key and a string, closed and not, alone and among others, in the middle and at the end
    ("package.json", '{"dependencies": {"rea¦"}}', "react", '{"dependencies": {"react"}}'),
    ("package.json", '{"dependencies": {"rea¦', "react", '{"dependencies": {"react'),
    (
        "package.json",
        '{"dependencies": {"re¦t": "^1"}}',
        "react",
        '{"dependencies": {"react": "^1"}}',
    ),
    (
        "package.json",
        '{"devDependencies": {\n  "request": "1"\n  "@scope/to¦"\n}}',
        "@scope/tool",
        '{"devDependencies": {\n  "request": "1"\n  "@scope/tool"\n}}',
    ),
    ("package.json", '{"overrides": {"rea¦": ""}}', "react", '{"overrides": {"react": ""}}'),
    # without the quotes that it needs
    ("package.json", '{"dependencies": {rea¦}}', "react", '{"dependencies": {"react"}}'),
    (
        "package.json",
        '{"dependencies": {\n  "request": "2",\n  re¦t\n}}',
        "react",
        '{"dependencies": {\n  "request": "2",\n  "react"\n}}',
    ),
    (
        "pyproject.toml",
        "[project]\ndependencies = [uvi¦]",
        "uvicorn",
        '[project]\ndependencies = ["uvicorn"]',
    ),
    (
        "pyproject.toml",
        '[project]\ndependencies = [\n  "idna",\n  uvi¦\n]\n',
        "uvicorn",
        '[project]\ndependencies = [\n  "idna",\n  "uvicorn"\n]\n',
    ),
    # behind an escape, and behind an alias
    (
        "package.json",
        '{"dependencies": {"r\\u0065a¦": "^1"}}',
        "react",
        '{"dependencies": {"react": "^1"}}',
    ),
    ("package.json", '{"dependencies": {"r\\u0065a¦', "react", '{"dependencies": {"react'),
    (
        "package.json",
        '{"dependencies": {"react": "1", "old": "npm:rea¦"}}',
        "react",
        '{"dependencies": {"react": "1", "old": "npm:react"}}',
    ),
    (
        "package.json",
        '{"dependencies": {"old": "npm:re¦t@^17"}}',
        "react",
        '{"dependencies": {"old": "npm:react@^17"}}',
    ),
    (
        "package.json",
        '{"dependencies": {"old": "npm:@scope/to¦',
        "@scope/tool",
        '{"dependencies": {"old": "npm:@scope/tool',
    ),
    ("pnpm-workspace.yaml", "catalog:\n  rea¦", "react", "catalog:\n  react"),
    ("pnpm-workspace.yaml", "catalog: {rea¦", "react", "catalog: {react"),
    (
        "pnpm-workspace.yaml",
        "catalog: {idna: 1, 'rea¦\noverrides:\n  '@scope/tool': 1.0.0\n",
        "react",
        "catalog: {idna: 1, 'react\noverrides:\n  '@scope/tool': 1.0.0\n",
    ),
    (
        "pnpm-workspace.yaml",
        "catalog: {to¦}\noverrides:\n  '@scope/tool': 1.0.0\n",
        "@scope/tool",
        "catalog: {\"@scope/tool\"}\noverrides:\n  '@scope/tool': 1.0.0\n",
    ),
    (
        "pyproject.toml",
        "[tool.poetry]\ndependencies = {idna = '*', uvi¦}\n",
        "uvicorn",
        "[tool.poetry]\ndependencies = {idna = '*', uvicorn}\n",
    ),
    (
        "pnpm-workspace.yaml",
        "catalog:\n  to¦: 1.0.0\noverrides:\n  '@scope/tool': 1.0.0\n",
        "@scope/tool",
        "catalog:\n  \"@scope/tool\": 1.0.0\noverrides:\n  '@scope/tool': 1.0.0\n",
    ),
    ("requirements.txt", "idna\nUvi¦", "uvicorn", "idna\nuvicorn"),
    ("requirements.txt", "re¦==1", "requests", "requests==1"),
    ("pyproject.toml", PROJECT % "uvi¦", "uvicorn", PROJECT % "uvicorn"),
    ("pyproject.toml", PROJECT[:-2] % "uvi¦", "uvicorn", PROJECT[:-2] % "uvicorn"),
    (
        "pyproject.toml",
        "[tool.poetry.dependencies]\nidna = '*'\nuvi¦\n",
        "uvicorn",
        "[tool.poetry.dependencies]\nidna = '*'\nuvicorn\n",
    ),
    ("Pipfile", "[packages]\nuvi¦", "uvicorn", "[packages]\nuvicorn"),
]


@EVERY_CLIENT
async def test_names(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        assert await chosen(it, NAMES) == expected(NAMES)


GROUPS = "[dependency-groups]\ntest = ['idna']\ndev = [{include-group = \"%s"
WORDS = [
    ("requirements.txt", "uvicorn[¦", "standard", "uvicorn[standard"),
    ("requirements.txt", "uvicorn[tests, st¦]>=0.29", "standard", "uvicorn[tests, standard]>=0.29"),
    ("pyproject.toml", PROJECT % "uvicorn[¦]", "standard", PROJECT % "uvicorn[standard]"),
    ("pyproject.toml", GROUPS % "¦", "test", GROUPS % "test"),
    ("pyproject.toml", GROUPS % 't¦"}]', "test", GROUPS % 'test"}]'),
    ("pyproject.toml", "[tool.po¦", "poetry", "[tool.poetry"),
    ("pyproject.toml", "[project]\ndep¦\n", "dependencies", "[project]\ndependencies\n"),
    ("package.json", '{"dev¦"}', "devDependencies", '{"devDependencies"}'),
    ("package.json", '{"dev¦', "devDependencies", '{"devDependencies'),
    ("requirements.txt", "-r ../¦", "../base-requirements.txt", "-r ../base-requirements.txt"),
    (
        "requirements.txt",
        "-c../b¦ # x",
        "../base-requirements.txt",
        "-c../base-requirements.txt # x",
    ),
]


@EVERY_CLIENT
async def test_extras_groups_files_and_keys(stage, client):
    (stage.folder / "base-requirements.txt").touch()
    uvicorn = stage.registries.pypi["uvicorn"]
    info = {"provides_extra": ["standard", "tests"]}
    stage.registries.pypi = {**stage.registries.pypi, "uvicorn": replace(uvicorn, info=info)}
    for at in range(len(WORDS)):
        (stage.folder / str(at)).mkdir()
    async with editor(stage.folder, client=client, options=stage.options) as it:
        assert await chosen(it, WORDS) == expected(WORDS)


UI = '{"dependencies": {"corp-ui": "%s", "react": "1"}}'
ELSEWHERE = [
    ("package.json", UI % "¦", "workspace:*", UI % "workspace:*"),
    ("package.json", UI % "work¦", "workspace:^", UI % "workspace:^"),
    ("package.json", UI % "workspace:¦", "workspace:~", UI % "workspace:~"),
    ("package.json", REACT % "¦", "catalog:", REACT % "catalog:"),
    ("package.json", REACT % "cat¦", "catalog:old", REACT % "catalog:old"),
    ("package.json", REACT % "catalog:¦old", "catalog:", REACT % "catalog:"),
    ("package.json", REACT[:-3] % "catalog:o¦", "catalog:old", REACT[:-3] % "catalog:old"),
]


@EVERY_CLIENT
async def test_what_the_workspace_has_itself(stage, client):
    (stage.folder / "pnpm-workspace.yaml").write_text(
        "packages: ['*']\ncatalog:\n  react: ^18.0.0\ncatalogs:\n  old:\n    react: ^17.0.0\n"
    )
    (stage.folder / "ui").mkdir()
    (stage.folder / "ui" / "package.json").write_text('{"name": "corp-ui", "version": "1.0.0"}')
    for at in range(len(ELSEWHERE)):
        (stage.folder / str(at)).mkdir()
        (stage.folder / str(at) / "package.json").write_text("{}")
    async with editor(stage.folder, client=client, options=stage.options) as it:
        assert await chosen(it, ELSEWHERE) == expected(ELSEWHERE)


FIRST = [
    # what goes with the rest of the constraint
    ("package.json", REACT % ">=17.0.1¦ <18", REACT % ">=17.0.2 <18"),
    ("package.json", REACT % ">=¦ <18", REACT % ">=17.0.2 <18"),
    ("package.json", REACT % ">=17.0.1 <¦", REACT % ">=17.0.1 <19"),
    ("requirements.txt", "requests>=¦,<2.32", "requests>=2.30.0,<2.32"),
    ("requirements.txt", "requests>=2.30.0,¦", "requests>=2.30.0,<3"),
    ("pyproject.toml", PROJECT % "requests==¦,<2.32", PROJECT % "requests==2.30.0,<2.32"),
]


@EVERY_CLIENT
async def test_what_comes_first_goes_with_the_rest_of_the_constraint(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        for at, (name, text, result) in enumerate(FIRST):
            whole = marked(name, text)
            uri = it.open(f"{at}/{name}", whole.replace("¦", ""))
            found = await it.offered(uri, whole.replace("¦", "|"))
            first = min(found.items, key=lambda each: each.sort_text)
            assert it.applied(uri, first.text_edit) == marked(name, result)


@EVERY_CLIENT
async def test_what_a_version_would_change_stands_where_the_client_shows_it(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("package.json", '{"dependencies": {"react": "17.0.1"}}')
        found = await it.complete(uri, '"17.0.1|"')
        said = {each.label: each for each in found.items}
        assert [said[each].detail.partition(",")[0] for each in ("18.2.0", "17.0.2", "17.0.1")] == [
            "major",
            "patch",
            "in use",
        ]
        item = it.client.capabilities.text_document.completion.completion_item
        shown = said["18.2.0"].label_details
        assert (shown is not None) == bool(item.label_details_support)
        assert shown is None or shown.detail == " major"


@EVERY_CLIENT
async def test_documentation_comes_when_an_item_is_looked_at(stage, client):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        assert it.result.capabilities.completion_provider.resolve_provider
        uri = it.open("requirements.txt", "requests==\n")
        found = await it.complete(uri, "requests==|")
        assert {each.documentation for each in found.items} == {None}
        told = (await it.resolve(found.items[0])).documentation
        formats = it.client.capabilities.text_document.completion.completion_item
        assert isinstance(told, types.MarkupContent) == bool(formats.documentation_format)
        text = told if isinstance(told, str) else told.value
        assert "Python HTTP for Humans" in text
        assert "published 2024-01-02" in text
        assert "runs on Python" in text


WORKSPACE = '{"workspaces": ["ui"], "dependencies": {"co"}}'


def searched(stage):
    return [each.path for each in stage.server.requests if "search" in each.path]


async def test_half_a_private_name_is_told_to_nobody(stage):
    (stage.folder / "package.json").write_text('{"workspaces": ["ui"]}')
    (stage.folder / "ui").mkdir()
    (stage.folder / "ui" / "package.json").write_text('{"name": "corp-ui", "version": "1.0.0"}')
    (stage.folder / ".npmrc").write_text("@mine:registry=https://mine.invalid/\n")
    async with editor(stage.folder, environ=stage.environ) as it:
        uri = it.open("package.json", WORKSPACE)
        found = await it.complete(uri, '"co|"')
        assert [each.label for each in found.items] == ["corp-ui"]
        for typed in ("corp-u", "@mi", "@mine", "@mine/", "@mine/secret", "r"):
            it.change(uri, WORKSPACE.replace("co", typed))
            await it.complete(uri, f'"{typed}|"')
        assert searched(stage) == []
        it.change(uri, WORKSPACE.replace("co", "rea"))
        found = await it.complete(uri, '"rea|"')
        assert "react" in [each.label for each in found.items]
        assert [path.partition("&")[0] for path in searched(stage)] == ["/npm/-/v1/search?text=rea"]


async def test_a_search_waits_for_the_rest_and_can_be_turned_off(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", '{"dependencies": {}}')
        asking = []
        for end in range(1, 6):
            typed = "react"[:end]
            it.change(uri, '{"dependencies": {"' + typed + '"}}')
            asking.append(asyncio.ensure_future(it.complete(uri, f'"{typed}|"')))
            await asyncio.sleep(0)  # it is sent
        answers = await asyncio.gather(*asking)
        assert answers[-1].is_incomplete
        assert "react" in [each.label for each in answers[-1].items]
        # How often the typing seems to rest in between is the machine's doing: see
        # tests/session/test_names.py, which has a clock of its own.
        count = len(searched(stage))
        assert "text=react&" in searched(stage)[-1]
    options = {**stage.options, "completion": {"names": False}}
    async with editor(stage.folder, options=options) as it:
        uri = it.open("package.json", '{"dependencies": {"requ"}}')
        await it.complete(uri, '"requ|"')
        assert len(searched(stage)) == count


async def test_names_of_the_lock_file_and_what_is_told_of_one(stage):
    (stage.folder / "requirements.txt").write_text("idna==3.6\nuvloop==0.1\n")
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.in", "uv")
        found = await it.offered(uri, "uv|", "uvicorn", "uvloop")
        items = {each.label: each for each in found.items}
        told = await it.resolve(items["uvicorn"])
        assert "published" in told.documentation.value or told.documentation.value
        assert (await it.resolve(items["uvloop"])).documentation is None


@EVERY_CLIENT
async def test_a_name_of_another_manifest_counts_once_it_is_known_to_be_one(stage, client):
    options = {**stage.options, "completion": {"names": False}}
    async with editor(stage.folder, client=client, options=options) as it:
        other = it.open("a/requirements.txt", "# 😀\nuvicornn\nuvi\nuvicorn==0.29.0\n")
        await it.diagnostics(
            other, lambda shown: len({each.range.start.line for each in shown}) == 3
        )
        uri = it.open("b/requirements.txt", "# 😀\nuv")
        found = await it.complete(uri, "uv|")
        assert [each.label for each in found.items] == ["uvicorn"]
        assert await it.choose(uri, "uv|", "uvicorn") == "# 😀\nuvicorn"

"""Going from a manifest to what it names, under the capabilities of real editors."""

import json

import pytest

from support.clients import CLIENTS
from support.editor import editor

PNPM = (
    "# 😀\r\npackages: ['packages/*']\r\n"
    "catalog:\r\n  '😀': x\r\n  react: ^17.0.1\r\n"
    "catalogs:\r\n  old: {'😀': 1, react: ^16.0.0}\r\n"
)
PNPM_LOCK = (
    "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  packages/a:\n    dependencies:\n"
    "      '@scope/tool':\n        specifier: ^1.0.0\n        version: 1.0.0\n\n"
    "packages:\n\n  '@scope/tool@1.0.0':\n    resolution: {integrity: sha512-x}\n\n"
    "snapshots:\n\n  '@scope/tool@1.0.0': {}\n"
)
MEMBER = (
    '{\r\n  "name": "a", "😀": 1,\r\n  "dependencies": {"😀x": "1", "react": "catalog:",\r\n'
    '    "b": "workspace:*", "@scope/tool": "^1.0.0", "c": "file:../c", "d": "file:../d" },\r\n'
    '  "devDependencies": {"react": "catalog:old", "lost": "catalog:"}\r\n}\r\n'
)
PYPROJECT = (
    '# 😀\r\n[project]\r\nname = "x"\r\n'
    'dependencies = ["Requests>=2", "lib", "unlocked"] # 😀\r\n'
    "[dependency-groups]\r\ntést = []\r\nempty = []\r\n"
    'dev = ["idna", {include-group = "Empty"}]\r\n'
    '[tool.uv.sources]\r\nlib = {path = "lib"}\r\n'
)
UV_LOCK = (
    'version = 1\n\n[[package]]\nname = "idna"\nversion = "3.6"\n'
    'source = { registry = "https://registry.example/simple" }\n\n'
    '[[package]]\nname = "requests"\nversion = "2.30.0"\n'
    'source = { registry = "https://registry.example/simple" }\n'
    'dependencies = [\n    { name = "idna" },\n]\n'
)
REQUIREMENTS = "# 😀\r\n-r base.txt\r\n-c lost.txt\r\n-r https://code.example/x.txt\r\nidna>=3\r\n"


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, "utf-8", newline="")


OUTLINES = {
    ("package.json", MEMBER): [
        ("dependencies", ""),
        ("> react", "catalog:"),
        ("> b", "workspace:*"),
        ("> @scope/tool", "^1.0.0"),
        ("> c", "file:../c"),
        ("> d", "file:../d"),
        ("devDependencies", ""),
        ("> react", "catalog:old"),
        ("> lost", "catalog:"),
    ],
    ("pnpm-workspace.yaml", PNPM): [
        ("catalog", ""),
        ("> react", "^17.0.1"),
        ("catalogs.old", ""),
        ("> react", "^16.0.0"),
    ],
    ("pyproject.toml", PYPROJECT): [
        ("project.dependencies", ""),
        ("> Requests", ">=2"),
        ("> lib", ""),
        ("> unlocked", ""),
        ("dependency-groups.dev", ""),
        ("> idna", ""),
    ],
    ("requirements.txt", REQUIREMENTS + "-e ./é\r\n"): [("idna", ">=3"), ("./é", "")],
}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(("name", "text"), OUTLINES)
async def test_an_outline_has_sections_and_dependencies(stage, client, name, text):
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open(name, text)
        expected = OUTLINES[name, text]
        if client == "helix":  # takes no trees
            expected = [(each.removeprefix("> "), "") for each, _ in expected]
        assert await it.outline(uri) == expected


@pytest.mark.parametrize("client", CLIENTS)
async def test_what_a_package_json_names_is_found(stage, client):
    files = {
        "pnpm-workspace.yaml": PNPM,
        "pnpm-lock.yaml": PNPM_LOCK,
        "package.json": {"private": True},
        "packages/a/package.json": MEMBER,
        "packages/b/package.json": '{"😀": "é", "name": "b"}',
        "packages/c/package.json": "{}",
    }
    write(stage.folder, files)
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("packages/a/package.json", MEMBER)
        workspace = "pnpm-workspace.yaml"
        assert await it.define(uri, '"react": "cata|log:"') == [(workspace, "react")]
        assert await it.define(uri, '"re|act": "catalog:old"') == [(workspace, "react")]
        assert await it.define(uri, '"lo|st"') == []
        assert await it.define(uri, '"b": "work|space:*"') == [("packages/b/package.json", "b")]
        assert await it.define(uri, '"file:../c|"') == [("packages/c/package.json", "")]
        assert await it.define(uri, '"file:../d|"') == []
        assert await it.define(uri, '"@scope/|tool"') == [("pnpm-lock.yaml", "@scope/tool@1.0.0")]
        assert await it.define(uri, '"na|me"') == []


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_text_that_is_open_counts_and_not_the_one_on_disk(stage, client):
    write(stage.folder, {"pnpm-workspace.yaml": PNPM, "packages/a/package.json": MEMBER})
    async with editor(stage.folder, client=client, options=stage.options) as it:
        it.open("pnpm-workspace.yaml", "# é 😀\n" + PNPM)
        uri = it.open("packages/a/package.json", MEMBER)
        found = await it.define(uri, '"react": "cata|log:"')
        assert found == [("pnpm-workspace.yaml", "react")]


@pytest.mark.parametrize("client", CLIENTS)
async def test_what_a_pyproject_names_is_found(stage, client):
    lib = '# 😀\n[project]\nname = "Lib"\n'
    write(
        stage.folder, {"pyproject.toml": PYPROJECT, "uv.lock": UV_LOCK, "lib/pyproject.toml": lib}
    )
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("pyproject.toml", PYPROJECT)
        assert await it.define(uri, '"Re|quests') == [("uv.lock", "requests")]
        assert await it.define(uri, '["id|na"') == [("uv.lock", "idna")]
        assert await it.define(uri, '"l|ib"') == [("lib/pyproject.toml", "Lib")]
        assert await it.define(uri, '"un|locked"') == []
        assert await it.define(uri, '"Emp|ty"') == [("pyproject.toml", "empty")]
        assert await it.define(uri, "# |😀\r\n[project]") == []


@pytest.mark.parametrize("client", CLIENTS)
async def test_what_a_requirements_file_names_is_found(stage, client):
    write(stage.folder, {"base.txt": "requests\n"})
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("requirements.txt", REQUIREMENTS)
        assert await it.define(uri, "-r ba|se.txt") == [("base.txt", "")]
        assert await it.define(uri, "-c lo|st.txt") == []
        assert await it.define(uri, "code.exam|ple") == []
        assert await it.define(uri, "id|na") == []

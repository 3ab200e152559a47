"""Going from a manifest to what it names, under the capabilities of real editors."""

import json

import pytest
from lsprotocol import types

from support.clients import CLIENTS
from support.editor import editor
from support.registries import PypiProject, PypiRelease

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
async def test_what_the_root_overrides_is_found_there(stage, client):
    root = '{"private": true, "workspaces": ["a"], "overrides": {"😀": {}, "c": "file:./c"}}'
    member = '{"name": "é", "dependencies": {"c": "^1.0.0"}}'
    write(stage.folder, {"package.json": root, "a/package.json": member})
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("a/package.json", member)
        assert await it.define(uri, '"c|"') == [("package.json", "c")]
        it.open("package.json", root)
        item = types.TextDocumentItem("untitled:Untitled-1", "json", 1, member)
        it.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        assert await it.define(uri, '"c|"') == [("package.json", "c")]


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


@pytest.mark.parametrize("client", CLIENTS)
async def test_what_is_only_installed_is_found_where_it_is(stage, client):
    member = '{"😀": 1, "dependencies": {"react": "^17", "vue": "^3", "c": "npm:react@1"}}'
    installed = "# 😀\n[project]\nname = 'x'\nversion = '1'\ndependencies = ['Idna>=3', 'six']\n"
    venv = "py/.venv/lib/python3.12/site-packages/idna-3.6.dist-info/METADATA"
    write(
        stage.folder,
        {
            "a/package.json": member,
            "node_modules/react/package.json": '{"é": "😀", "name": "react", "version": "17.0.2"}',
            "a/node_modules/c/package.json": '{"name": "react", "version": "1.0.0"}',
            "py/.venv/pyvenv.cfg": "home = /nowhere\n",
            venv: "Metadata-Version: 2.1\nSummary: é😀\nName: idna\nVersion: 3.6\n",
            "py/pyproject.toml": installed,
        },
    )
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("a/package.json", member)
        assert await it.define(uri, '"re|act"') == [("node_modules/react/package.json", "react")]
        assert await it.define(uri, '"c|"') == [("a/node_modules/c/package.json", "react")]
        assert await it.define(uri, '"vu|e"') == []
        project = it.open("py/pyproject.toml", installed)
        assert await it.define(project, "'Id|na") == [(venv, "idna")]
        assert await it.define(project, "'si|x") == []


A = '{"name": "a", "dependencies": {"react": "catalog:", "b": "workspace:^"}}'
B = '{"version": "1.0.0", "name": "b", "😀": "é", "devDependencies": {"react": "catalog:old"}}'
C = '{"x": "😀", "peerDependencies": {"react": "catalog:default"}, "devDependencies": {"b": "1"}}'
ROOT = '{"private": true, "dependencies": {"react": "^18"}}'
MEMBERS = {
    "packages/a/package.json": A,
    "packages/b/package.json": B,
    "packages/c/package.json": C,
    "package.json": ROOT,
}


@pytest.mark.parametrize("client", CLIENTS)
async def test_who_asks_for_an_entry_of_a_catalog_is_found(stage, client):
    write(stage.folder, {"pnpm-workspace.yaml": PNPM, **MEMBERS})
    entry = ("pnpm-workspace.yaml", "react")
    uses = [("packages/a/package.json", "react"), ("packages/c/package.json", "react")]
    async with editor(stage.folder, client=client, options=stage.options) as it:
        catalog = it.open("pnpm-workspace.yaml", PNPM)
        assert await it.mentions(catalog, "  re|act: ^17.0.1") == [entry, *uses]
        assert await it.mentions(catalog, "  react: ^17|.0.1", declared=False) == uses
        old = [("packages/b/package.json", "react")]
        assert await it.mentions(catalog, "re|act: ^16.0.0") == [entry, *old]
        member = it.open("packages/a/package.json", A)
        assert await it.mentions(member, '"re|act"') == [entry, *uses]


@pytest.mark.parametrize("client", CLIENTS)
async def test_who_asks_for_a_package_of_the_workspace_is_found(stage, client):
    write(stage.folder, {"pnpm-workspace.yaml": PNPM, **MEMBERS})
    uses = [("packages/a/package.json", "b"), ("packages/c/package.json", "b")]
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("packages/b/package.json", B)
        assert await it.mentions(uri, '"name": "|b"') == [("packages/b/package.json", "b"), *uses]
        assert await it.mentions(uri, '"name": "b|"', declared=False) == uses
        member = it.open("packages/a/package.json", A)
        found = await it.mentions(member, '"b": "work|space:^"')
        assert found == [("packages/b/package.json", "b"), *uses]


@pytest.mark.parametrize("manager", ["yarn", "bun"])
async def test_so_it_is_with_the_other_catalogs(stage, manager):
    member = '{"dependencies": {"react": "catalog:", "vue": "catalog:default"}}'
    catalogs = "catalog:\n  react: 18\ncatalogs:\n  default:\n    vue: 3\n    react: 17\n"
    root = {"name": "root", "workspaces": ["packages/*"]}
    if manager == "bun":
        root["workspaces"] = {"packages": ["packages/*"], "catalog": {"react": "18", "vue": "3"}}
    else:
        write(stage.folder, {".yarnrc.yml": catalogs})
    write(stage.folder, {"package.json": root, "packages/a/package.json": member})
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("packages/a/package.json", member)
        file = ".yarnrc.yml" if manager == "yarn" else "package.json"
        for name in ("react", "vue"):
            assert await it.define(uri, f'"{name}|"') == [(file, name)]
            use = ("packages/a/package.json", name)
            assert await it.mentions(uri, f'"{name}|"') == [(file, name), use]


@pytest.mark.parametrize("client", CLIENTS)
async def test_who_asks_for_a_project_or_a_group_is_found(stage, client):
    root = (
        '# 😀\n[project]\nname = "Root"\nversion = "1"\ndependencies = ["lib"]\n'
        '[dependency-groups]\n"dév" = []\nlint = ["idna"]\n'
        'all = [{include-group = "Lint"}, {include-group = "lint"}]\n'
        "[tool.uv.workspace]\nmembers = ['lib', 'app']\n"
        "[tool.uv.sources]\nlib = {workspace = true}\n"
    )
    lib = '[project]\nname = "Lib"\nversion = "1"\n'
    app = '[project]\nname = "app"\nversion = "1"\ndependencies = ["LIB>=1", "idna"]\n'
    files = {"pyproject.toml": root, "lib/pyproject.toml": lib, "app/pyproject.toml": app}
    write(stage.folder, files)
    uses = [("pyproject.toml", "lib"), ("app/pyproject.toml", "LIB")]
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("lib/pyproject.toml", lib)
        found = await it.mentions(uri, '"L|ib"')
        assert found[0] == ("lib/pyproject.toml", "Lib")
        assert sorted(found[1:]) == sorted(uses)
        top = it.open("pyproject.toml", root)
        assert sorted(await it.mentions(top, '["l|ib"]', declared=False)) == sorted(uses)
        group = [("pyproject.toml", each) for each in ("lint", "Lint", "lint")]
        assert await it.mentions(top, "li|nt = ") == group
        assert await it.mentions(top, '"Li|nt"', declared=False) == group[1:]
        assert sorted(await it.mentions(top, '"id|na"')) == [
            ("app/pyproject.toml", "idna"),
            ("pyproject.toml", "idna"),
        ]


@pytest.mark.parametrize("client", CLIENTS)
async def test_who_in_the_workspace_asks_for_a_package_is_found(stage, client):
    lock = (
        '# 😀\n[[package]]\nname = "zope-interface"\nversion = "5.0"\nsource = { registry = "x" }\n'
    )
    project = '[project]\nname = "é"\nversion = "1"\ndependencies = ["Zope_Interface>=5"] # 😀\n'
    write(
        stage.folder,
        {
            "pyproject.toml": project,
            "uv.lock": "version = 1\n\n" + lock,
            "a/requirements.txt": "# 😀\nzope.interface\nzope\n",
            "a/b/Pipfile": "[packages]\nidna = '*'\n",
            "c/tool.py": "# /// script\n# dependencies = ['idna', 'zope-interface']\n# ///\n",
            "d/requirements.txt": "idna\n",
            "node_modules/x/requirements.txt": "zope-interface\n",
            "e/package.json": '{"dependencies": {"zope-interface": "1"}}',
        },
    )
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("pyproject.toml", project)
        it.open("a/b/Pipfile", "[packages] # 😀\nZope-Interface = '*'\n")  # not saved
        uses = [
            ("a/b/Pipfile", "Zope-Interface"),
            ("a/requirements.txt", "zope.interface"),
            ("c/tool.py", "zope-interface"),
            ("pyproject.toml", "Zope_Interface"),
        ]
        assert sorted(await it.mentions(uri, "Zope_|Interface", declared=False)) == uses
        found = await it.mentions(uri, "Interface>=|5")
        assert found[0] == ("uv.lock", "zope-interface")
        assert sorted(found[1:]) == uses


@pytest.mark.parametrize("client", ["vscode", "neovim"])
async def test_so_it_is_with_packages_of_npm(stage, client):
    write(stage.folder, {"pnpm-workspace.yaml": PNPM, **MEMBERS, "requirements.txt": "react\n"})
    async with editor(stage.folder, client=client, options=stage.options) as it:
        root = it.open("package.json", ROOT)
        entries = [("pnpm-workspace.yaml", "react")] * 2
        members = [(f"packages/{each}/package.json", "react") for each in "abc"]
        found = sorted(await it.mentions(root, '"re|act"'))
        assert found == [("package.json", "react"), *members, *entries]


@pytest.mark.parametrize("client", CLIENTS)
async def test_hovers_of_headings_extras_and_places(stage, client):
    text = (
        '[project]\r\n"dependencies" = ["requests[Socks, lost]<2.31", "idna>=3", # é😀\r\n'
        '  "lib"]\r\n[tool.uv.sources]\r\nlib = {path = "lib"}\r\n'
    )
    stage.registries.pypi["requests"] = PypiProject(
        releases={
            "2.30.0": PypiRelease(
                requires=("idna<4", 'PySocks!=1.5.7,>=1.5.6; extra == "socks"'),
            ),
            "2.32.3": PypiRelease(),
        }
    )
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("pyproject.toml", text)
        await it.diagnostics(uri, lambda shown: shown)
        heading = await it.hover(uri, '"depen|dencies"')
        assert it.text_at(uri, heading.range) == "dependencies"
        assert "project.dependencies" in heading.contents.value
        assert "3 dependencies" in heading.contents.value
        assert "1 outdated: 1 minor" in heading.contents.value
        extra = await it.told(uri, "[So|cks", "PySocks")
        assert it.text_at(uri, extra.range) == "Socks"
        assert "PySocks !=1.5.7,>=1.5.6" in extra.contents.value
        assert "idna" not in extra.contents.value
        await it.told(uri, "lo|st", "has no extra lost")
        place = await it.hover(uri, '"li|b"')
        assert "comes from a local path" in place.contents.value


@pytest.mark.parametrize("client", ["vscode", "emacs"])
async def test_the_hover_of_an_included_group_says_what_comes_with_it(stage, client):
    text = (
        "# 😀\r\n[dependency-groups]\r\n"
        'lint = ["requests<2.31", {include-group = "base"}]\r\nbase = ["idna>=3"]\r\n'
        'dev = ["uvicorn", {"include-group" = "Lint"}] # é😀\r\n'
    )
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("pyproject.toml", text)
        await it.diagnostics(uri, lambda shown: shown)
        found = await it.hover(uri, '"Li|nt"')
        assert it.text_at(uri, found.range) == "Lint"
        said = found.contents.value
        assert "lint" in said
        assert "2 dependencies" in said
        assert "1 outdated: 1 minor" in said
        assert "requests <2.31" in said
        assert "idna >=3" in said
        assert "uvicorn" not in said


@pytest.mark.parametrize("client", CLIENTS)
async def test_links_lead_to_files_and_pages(stage, client):
    text = "# 😀\r\n-r base.txt\r\nrequests # 😀\r\n-e ./é\r\nidna @ https://code.example/x.zip\r\n"
    stage.registries.pypi["requests"] = PypiProject(
        releases={"2.30.0": PypiRelease()}, info={"home_page": "https://requests.example/"}
    )
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("requirements.txt", text)
        await it.told(uri, "requ|ests", "requests.example")
        found = await it.client.text_document_document_link_async(
            types.DocumentLinkParams(types.TextDocumentIdentifier(uri))
        )
        assert [(it.text_at(uri, each.range), each.target) for each in found] == [
            ("base.txt", (stage.folder / "base.txt").as_uri()),
            ("requests", "https://requests.example/"),
            ("./é", (stage.folder / "é").as_uri()),
            ("https://code.example/x.zip", "https://code.example/x.zip"),
        ]
        tooltips = [each.tooltip for each in found]
        told = ["requirements of base.txt", "homepage of requests", "./é", found[3].target]
        assert tooltips == (told if client in {"vscode", "helix"} else [None] * 4)

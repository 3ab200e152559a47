"""What a project has from the ``pyproject.toml`` files around it, as uv 0.13 was seen to do."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi import ECOSYSTEM
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT
from registry_lsp.ecosystems.pypi.project.survey import survey
from registry_lsp.session.files import FileStore, Sight

PROJECT = '[project]\nname = "{name}"\nversion = "1"\ndependencies = ["acme", "free"]\n'
MEMBER = PROJECT.format(name="Mem_ber")
DEFAULT = '[[tool.uv.index]]\nurl = "https://{0}"\nname = "{0}"\ndefault = true\n'
EXTRA = DEFAULT.replace("default = true\n", "")
EXPLICIT = DEFAULT.replace("default", "explicit")
WORKSPACE = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'


def resolved(folder, inner="packages/mem", **files):
    """The project in the folder *inner*, after the *files* have been written: the root's, the
    member's, and others by their paths.
    """
    files = {"pyproject.toml": files.pop("root", ""), f"{inner}/pyproject.toml": MEMBER, **files}
    if "member" in files:
        files[f"{inner}/pyproject.toml"] = MEMBER + files.pop("member")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return look(folder / inner / "pyproject.toml")


def look(path):
    format = next(each for each in ECOSYSTEM.formats if each.matches(path))
    written = format.parse(path.read_text(encoding="utf-8"))
    return ECOSYSTEM.survey(path, written, Sight(FileStore())).resolve(written)


def indexes(manifest):
    return [(each.role, each.url.removeprefix("https://")) for each in manifest.indexes]


def acme(manifest):
    return manifest.dependencies[0]


@pytest.mark.parametrize(
    ("root", "member", "expected"),
    [
        ("", "", []),
        (DEFAULT.format("r"), "", [("default", "r")]),
        (EXTRA.format("r"), "", [("extra", "r")]),
        (DEFAULT.format("r"), DEFAULT.format("m"), [("explicit", "m"), ("default", "r")]),
        ("", EXTRA.format("m"), [("explicit", "m")]),
        # uv would ask the public index here. Where somebody has put another, it is not told.
        ("", DEFAULT.format("m"), [("default", "m")]),
    ],
)
def test_the_indexes_of_a_workspace_are_those_of_its_root(root, member, expected, tmp_path):
    manifest = resolved(tmp_path, root=WORKSPACE + root, member=member)
    assert indexes(manifest) == expected


def test_the_sources_of_the_root_bind_what_a_member_does_not(tmp_path):
    root = WORKSPACE + EXPLICIT.format("r") + '[tool.uv.sources]\nAcme = { index = "r" }\n'
    manifest = resolved(tmp_path, root=root)
    assert (acme(manifest).index, acme(manifest).via) == ("r", "../../pyproject.toml")
    assert [each.index for each in manifest.dependencies] == ["r", None]
    own = EXPLICIT.format("m") + '[tool.uv.sources]\nacme = { index = "m" }\n'
    manifest = resolved(tmp_path, root=root, member=own)
    assert (acme(manifest).index, acme(manifest).via) == ("m", "")


def test_the_sources_of_the_root_may_be_for_a_part_of_the_member(tmp_path):
    parts = "[project.optional-dependencies]\ncpu = ['acme']\ngpu = ['acme']\n"
    root = WORKSPACE + EXPLICIT.format("r") + "[tool.uv.sources]\n"
    one = "acme = { index = 'r', extra = 'cpu' }\n"
    manifest = resolved(tmp_path, root=root + one, member=parts)
    assert [each.index for each in manifest.dependencies if each.name == "acme"] == ["", "r", ""]
    two = "acme = [{ path = 'x', group = 'dev' }, { index = 'r', group = 'other' }]\n"
    groups = "[dependency-groups]\nbase = ['acme']\ndev = [{ include-group = 'base' }]\n"
    manifest = resolved(tmp_path, root=root + two, member=groups)
    assert [each.link for each in manifest.dependencies] == ["../../x", "", "../../x"]


def test_a_name_of_an_index_is_the_members_own_first(tmp_path):
    root = WORKSPACE + EXPLICIT.format("r") + '[tool.uv.sources]\nacme = { index = "r" }\n'
    own = EXPLICIT.format("r").replace("https://r", "https://own")
    assert indexes(resolved(tmp_path, root=root, member=own))[0] == ("explicit", "own")


def test_paths_of_the_root_lead_from_the_member(tmp_path):
    source = '[tool.uv.sources]\nacme = { path = "vendored/acme" }\n'
    dependency = acme(resolved(tmp_path, root=WORKSPACE + source))
    assert (dependency.source, dependency.target) == (Source.PATH, "vendored/acme")
    assert dependency.link == "../../vendored/acme"
    source = '[tool.uv.sources]\nacme = { git = "https://registry.example/a.git" }\n'
    dependency = acme(resolved(tmp_path, root=WORKSPACE + source))
    assert (dependency.source, dependency.link) == (Source.GIT, "https://registry.example/a")


@pytest.mark.parametrize("where", ["root", "member"])
def test_a_member_is_linked_to_where_it_is(where, tmp_path):
    source = "[tool.uv.sources]\nacme = { workspace = true }\n"
    files = {"root": WORKSPACE, "packages/other/pyproject.toml": PROJECT.format(name="ACME")}
    files[where] = files.get(where, "") + source
    dependency = acme(resolved(tmp_path, **files))
    assert (dependency.source, dependency.link) == (Source.WORKSPACE, "../other/pyproject.toml")


def test_the_root_links_to_its_members_too(tmp_path):
    source = "[tool.uv.sources]\nacme = { workspace = true }\n"
    resolved(tmp_path, root=PROJECT.format(name="root") + WORKSPACE + source)
    (tmp_path / "packages/mem/pyproject.toml").write_text(PROJECT.format(name="acme"))
    manifest = look(tmp_path / "pyproject.toml")
    assert acme(manifest).link == "packages/mem/pyproject.toml"
    assert acme(manifest).via == ""


def problems(manifest):
    return [each.reason for each in manifest.problems]


@pytest.mark.parametrize(
    ("files", "is_known"),
    [
        ({"member": ""}, False),
        ({"member": EXPLICIT.format("x")}, True),
        ({"member": EXPLICIT.format("X")}, False),
        ({"member": "[tool.poetry]\n"}, True),
        ({"root": WORKSPACE}, False),
        ({"root": WORKSPACE + EXPLICIT.format("x")}, True),
        ({"root": WORKSPACE + EXPLICIT.format("y")}, False),
    ],
)
def test_an_index_is_the_projects_own_or_its_workspaces(files, is_known, tmp_path):
    binding = "[tool.uv.sources]\nacme = { index = 'x' }\nunused = { index = 'y' }\n"
    files["member"] = files.get("member", "") + binding
    manifest = resolved(tmp_path, **files)
    reason = "uv finds no index called 'x': neither the project nor its workspace has one."
    assert problems(manifest) == ([] if is_known else [reason])


def test_an_index_may_be_known_from_uvs_variables_alone(tmp_path):
    binding = "[tool.uv.sources]\nacme = { index = 'x' }\n"
    resolved(tmp_path, member=binding)
    path = tmp_path / "packages/mem/pyproject.toml"
    written = PYPROJECT.parse(path.read_text(encoding="utf-8"))
    for environ, count in (
        ({"UV_INDEX": "y=https://y.example/ x=https://x.example/"}, 0),
        ({"UV_DEFAULT_INDEX": "x=https://x.example/"}, 0),
        ({"UV_INDEX": "https://x.example/"}, 1),
        ({}, 1),
    ):
        project = survey(path, written, Sight(FileStore()), environ=environ)
        assert len(problems(project.resolve(written))) == count


def test_the_indexes_that_the_root_binds_names_to_are_looked_for_too(tmp_path):
    root = WORKSPACE + "[tool.uv.sources]\nacme = { index = 'x' }\n"
    assert len(problems(resolved(tmp_path, root=root))) == 1
    assert problems(resolved(tmp_path, root=root + EXPLICIT.format("x"))) == []


@pytest.mark.parametrize(
    ("root", "source", "is_refused"),
    [
        ("", "{ workspace = true }", True),
        (WORKSPACE, "{ workspace = true }", True),
        (WORKSPACE.replace('*"]', '*", "libs/*"]'), "{ workspace = true }", False),
        (WORKSPACE.replace('*"]', '*", "../x"]'), "{ workspace = true }", False),
        (WORKSPACE, "{ workspace = '../other' }", False),
    ],
)
def test_what_comes_from_the_workspace_is_one_of_its_projects(root, source, is_refused, tmp_path):
    files = {"libs/acme/pyproject.toml": PROJECT.format(name="acme")}
    member = f"[tool.uv.sources]\nacme = {source}\n"
    manifest = resolved(tmp_path, root=root, member=member, **files)
    reason = "uv finds no project called 'acme' in the workspace."
    assert problems(manifest) == ([reason] if is_refused else [])


UNBOUND = (
    "'acme' is a project of this workspace: uv takes it from here only, and needs "
    "'acme = { workspace = true }' in 'tool.uv.sources'."
)


@pytest.mark.parametrize(
    ("member", "source"),
    [
        ("", Source.WORKSPACE),
        ("[tool.uv.sources]\nacme = { index = 'x' }\n" + EXPLICIT.format("x"), Source.WORKSPACE),
        ("[tool.uv.sources]\nacme = { path = '../../libs/acme' }\n", Source.PATH),
        ("[tool.uv.sources]\nacme = { git = 'https://code.example/a' }\n", Source.GIT),
    ],
)
def test_a_project_of_the_workspace_comes_from_there_only(member, source, tmp_path):
    files = {"root": WORKSPACE.replace('*"]', '*", "libs/*"]'), "member": member}
    files["libs/acme/pyproject.toml"] = PROJECT.format(name="acme")
    manifest = resolved(tmp_path, **files)
    assert problems(manifest) == [UNBOUND]
    assert manifest.problems[0].span == acme(manifest).name_span
    # the name of a member is told to no registry
    assert (acme(manifest).source, acme(manifest).index) == (source, None)
    if source is Source.WORKSPACE:
        assert acme(manifest).link == "../../libs/acme/pyproject.toml"


@pytest.mark.parametrize(
    ("text", "is_judged"),
    [
        ("[dependency-groups]\ndev = ['acme']\n", True),
        ("[build-system]\nrequires = ['acme']\n", True),
        ("[tool.uv]\nconstraint-dependencies = ['acme']\n", True),
        ("[tool.uv]\noverride-dependencies = ['acme']\n", True),
        ("[tool.uv]\nbuild-constraint-dependencies = ['acme']\n", True),
        ("[tool.uv]\nexclude-dependencies = ['acme']\n", False),
        ("[tool.hatch.envs.x]\ndependencies = ['acme']\n", False),
        ("[tool.poetry]\n[project]\ndependencies = ['acme']\n", False),
        ("[project]\nname = 'acme'\noptional-dependencies.x = ['acme[y]']\n", False),
        ("[project]\ndependencies = ['free']\n", False),
    ],
)
def test_all_that_uv_binds_is_held_against_the_workspace(text, is_judged, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/pyproject.toml").write_text(PROJECT.format(name="acme"), encoding="utf-8")
    path = tmp_path / "pyproject.toml"
    path.write_text(text + '[tool.uv.workspace]\nmembers = ["a"]\n', encoding="utf-8")
    assert problems(look(path)) == ([UNBOUND] if is_judged else [])


def test_in_a_project_that_is_not_saved_yet_nobody_is_missed(tmp_path):
    text = PROJECT + "[tool.uv.sources]\nacme = { workspace = true }\n" + WORKSPACE
    path = tmp_path / "pyproject.toml"
    written = next(each for each in ECOSYSTEM.formats if each.matches(path)).parse(text)
    assert acme(written).source is Source.WORKSPACE
    project = ECOSYSTEM.survey(path, written, Sight(FileStore()))
    assert problems(project.resolve(written)) == []


def test_in_a_workspace_that_is_too_large_nobody_is_missed(tmp_path):
    for at in range(4001):
        (tmp_path / "packages" / f"p{at}").mkdir(parents=True)
    member = "[tool.uv.sources]\nacme = { workspace = true }\n"
    assert problems(resolved(tmp_path, root=WORKSPACE, member=member)) == []


@pytest.mark.parametrize(
    ("members", "inner", "is_member"),
    [
        ('members = ["packages/*"]', "packages/mem", True),
        ('members = ["./packages/*/"]', "packages/mem", True),
        ('members = ["packages/m?m"]', "packages/mem", True),
        ('members = ["packages/[!x]em"]', "packages/mem", True),
        ('members = ["packages/*"]', "packages/.mem", True),
        ('members = ["packages/**"]', "packages/a/b/mem", True),
        ('members = ["packages/**/mem"]', "packages/mem", True),
        ('members = ["packages/*"]', "packages/a/mem", False),
        ('members = ["libs/*"]', "packages/mem", False),
        ('members = ["packages/*"]\nexclude = ["packages/mem"]', "packages/mem", False),
        ('members = ["packages/*"]\nexclude = ["packages/m*"]', "packages/mem", False),
        ('members = ["packages/*"]\nexclude = ["packages"]', "packages/mem", True),
        ("members = []", "packages/mem", False),
        ("members = 1", "packages/mem", False),
    ],
)
def test_members_are_known_by_their_folders(members, inner, is_member, tmp_path):
    root = f"[tool.uv.workspace]\n{members}\n[tool.uv.sources]\nacme = {{ index = 'r' }}\n"
    manifest = resolved(tmp_path, inner, root=root)
    assert acme(manifest).index == ("r" if is_member else None)


def test_the_nearest_workspace_counts(tmp_path):
    root = '[tool.uv.workspace]\nmembers = ["a/b/*"]\n' + DEFAULT.format("r")
    between = '[tool.uv.workspace]\nmembers = ["x"]\n'
    files = {"root": root, "a/pyproject.toml": between}
    assert indexes(resolved(tmp_path, "a/b/mem", **files)) == []
    (tmp_path / "a/pyproject.toml").write_text("[tool.ruff]\n")
    assert indexes(look(tmp_path / "a/b/mem/pyproject.toml")) == [("default", "r")]


def test_a_project_without_tables_of_uv_has_those_of_the_nearest_that_has(tmp_path):
    root = DEFAULT.format("r") + "[tool.uv.sources]\nacme = { index = 'r' }\n"
    manifest = resolved(tmp_path, root=root)
    assert (indexes(manifest), acme(manifest).index) == ([("default", "r")], None)
    assert indexes(resolved(tmp_path, root=root, member="[tool.uv]\n")) == []
    assert indexes(resolved(tmp_path, root=root, member="[tool.poetry]\n")) == []


def test_scripts_have_the_indexes_and_no_sources(tmp_path):
    root = WORKSPACE + DEFAULT.format("r") + "[tool.uv.sources]\nacme = { index = 'r' }\n"
    (tmp_path / "pyproject.toml").write_text(root)
    script = tmp_path / "sub" / "script.py"
    script.parent.mkdir()
    script.write_text('# /// script\n# dependencies = ["acme"]\n# ///\n')
    manifest = look(script)
    assert (indexes(manifest), acme(manifest).index) == ([("default", "r")], None)
    own = "".join(f"# {line}\n" for line in DEFAULT.format("own").splitlines())
    script.write_text(f'# /// script\n# dependencies = ["acme"]\n{own}# ///\n')
    assert indexes(look(script)) == [("default", "own")]


def test_equal_surroundings_are_equal_projects(tmp_path):
    root = WORKSPACE + DEFAULT.format("r") + "[tool.uv.sources]\nacme = { index = 'r' }\n"
    resolved(tmp_path, root=root)
    path = tmp_path / "packages/mem/pyproject.toml"
    written = ECOSYSTEM.formats[0].parse("")
    one = ECOSYSTEM.survey(path, written, Sight(FileStore()))
    (tmp_path / "pyproject.toml").write_text(f"# moved\n{root}")
    assert ECOSYSTEM.survey(path, written, Sight(FileStore())) == one


@pytest.mark.parametrize(
    "text", ["[tool.uv.workspace", "members = [" * 500, "\0", "[tool]\nuv = 1"]
)
def test_a_broken_root_breaks_nothing(text, tmp_path):
    manifest = resolved(tmp_path, root=text)
    assert [each.name for each in manifest.dependencies] == ["acme", "free"]


@pytest.mark.parametrize("pattern", ["//srv/share/*", "/etc/*", "C:/x/*", r"\\srv\share", "../*"])
def test_no_members_are_looked_for_beyond_the_root(pattern, tmp_path):
    path = tmp_path / "root" / "pyproject.toml"
    path.parent.mkdir()
    path.write_text(
        f"[tool.uv.workspace]\nmembers = ['{pattern}']\n"
        "[tool.uv.sources]\nacme = { workspace = true }\n" + MEMBER
    )
    (format,) = [each for each in ECOSYSTEM.formats if each.matches(path)]
    sight = Sight(FileStore())
    ECOSYSTEM.survey(path, format.parse(path.read_text()), sight)
    above = {*path.parents} | {each / "pyproject.toml" for each in path.parents}
    beyond = {each for each in sight.seen if path.parent not in each.parents} - above
    assert {each.name for each in beyond} <= {
        ".git",
        "HEAD",
        "uv.lock",
        ".venv",
        "venv",
        "pyvenv.cfg",
    }


def test_what_the_root_takes_from_an_address_a_member_has_from_there(tmp_path):
    override = "[tool.uv]\noverride-dependencies = ['acme @ https://files.example/acme.zip']\n"
    manifest = resolved(tmp_path, root=WORKSPACE + override)
    assert [each.source for each in manifest.dependencies] == [Source.REFERENCE, Source.REGISTRY]
    assert acme(manifest).target == "tool.uv.override-dependencies"
    assert acme(manifest).via == "../../pyproject.toml"

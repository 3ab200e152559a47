"""uv's own tables of ``pyproject.toml``, as uv 0.13 reads them."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Role, Source
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT


def read(text):
    return PYPROJECT.parse(text)


def sources(entries, dependency="foo>=1"):
    return f"[project]\ndependencies = ['{dependency}']\n[tool.uv.sources]\n{entries}\n"


LISTS = """\
[tool.uv]
dev-dependencies = ["a>=1"]
constraint-dependencies = ["b<2"]
override-dependencies = ["c==3"]
build-constraint-dependencies = ["d<4"]
exclude-dependencies = ["Some_Name"]
prerelease = "allow"
environments = ["sys_platform == 'linux'"]

[tool.uv.extra-build-dependencies]
flash = ["torch", { requirement = "numpy>=2", match-runtime = true }]
"""


def test_every_list_is_read():
    manifest = read(LISTS)
    assert manifest.problems == ()
    found = [(each.section, each.name, each.specifier) for each in manifest.dependencies]
    assert found == [
        ("tool.uv.dev-dependencies", "a", ">=1"),
        ("tool.uv.constraint-dependencies", "b", "<2"),
        ("tool.uv.override-dependencies", "c", "==3"),
        ("tool.uv.build-constraint-dependencies", "d", "<4"),
        ("tool.uv.exclude-dependencies", "some-name", ""),
        ("tool.uv.extra-build-dependencies.flash", "torch", ""),
        ("tool.uv.extra-build-dependencies.flash", "numpy", ">=2"),
    ]


def test_an_excluded_name_has_no_place_for_a_version():
    excluded = read(LISTS).dependencies[4]
    assert excluded.specifier_span is None
    assert excluded.name_span.slice(LISTS) == "Some_Name"


OF_ONE = "Beside strings, only {package = {name = 'name'}, dependencies = []} can stand here."
TABLES = """\
[tool.uv]
override-dependencies = [
    "a", { package = { name = "rich", version = "13.0" }, dependencies = ["pygments<2.15"] },
]
exclude-dependencies = [{ package = { name = "rich" }, dependencies = ["markdown-it-py"] }]
build-constraint-dependencies = [{ requirement = "setuptools==75.0", hashes = ["sha256:ab"] }]
"""


def test_the_tables_in_the_lists_are_read():
    manifest = read(TABLES)
    assert manifest.problems == ()
    found = [(each.section, each.name, each.specifier) for each in manifest.dependencies]
    assert found == [
        ("tool.uv.override-dependencies", "a", ""),
        ("tool.uv.override-dependencies", "pygments", "<2.15"),
        ("tool.uv.exclude-dependencies", "markdown-it-py", ""),
        ("tool.uv.build-constraint-dependencies", "setuptools", "==75.0"),
    ]
    hashes = [each.slice(TABLES) for each in manifest.dependencies[3].hashes]
    assert hashes == ["sha256:ab"]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("allow", True),
        ("disallow", False),
        ("if-necessary", None),
        ("explicit", None),
        ("if-necessary-or-explicit", None),
        ("", None),
    ],
)
def test_the_setting_says_whether_prereleases_are_taken(setting, expected):
    text = (
        f"[project]\ndependencies = ['a']\n[build-system]\nrequires = ['b']\n"
        f"[dependency-groups]\nx = ['c']\n[tool.uv]\nprerelease = '{setting}'\n"
    )
    found = {each.name: each.prereleases for each in read(text).dependencies}
    assert found == {"a": expected, "b": None, "c": expected}


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        (
            "[tool.uv]\nexclude-dependencies = ['a>=1']",
            "a>=1",
            "Only the name of a project can be excluded, without a version.",
        ),
        (
            "[tool.uv.extra-build-dependencies]\na = [{x = 1}]",
            "{x = 1}",
            "It must be a requirement, or a table such as {requirement = 'name'}.",
        ),
        (
            "[tool.uv]\nconstraint-dependencies = 'a'",
            "'a'",
            "'tool.uv.constraint-dependencies' must be a list of requirements.",
        ),
        (
            "[tool.uv]\nconstraint-dependencies = [{requirement = 'a'}]",
            "{requirement = 'a'}",
            "A requirement must be a string.",
        ),
        (
            "[tool.uv]\nbuild-constraint-dependencies = [{requirement = 'a'}]",
            "{requirement = 'a'}",
            "It must be a requirement, or a table such as {requirement = 'name', hashes = []}.",
        ),
        *(
            (
                f"[tool.uv]\n{kind}-dependencies = [{item}]",
                item,
                OF_ONE,
            )
            for kind in ("override", "exclude")
            for item in ("{a = 1}", "{package = 'a', dependencies = []}", "1")
        ),
        (
            "[tool.uv]\nexclude-dependencies = [{package = {name = 'a'}, dependencies = ['b>1']}]",
            "b>1",
            "Only the name of a project can be excluded, without a version.",
        ),
        (
            "[tool.uv.sources]\na = 'x'",
            "'x'",
            "A source must be a table, or a list of tables.",
        ),
        (
            "[tool.uv.sources]\n'a b' = {path = 'x'}",
            "a b",
            "No Python project can have this name.",
        ),
        ("[tool.uv.sources]\na = {pth = 'x'}", "pth", "uv knows no 'pth' here."),
        (
            "[tool.uv.sources]\na = {path = 'x', url = 'https://y/y.zip'}",
            "path",
            "'path' cannot stand beside 'url'.",
        ),
        (
            "[tool.uv.sources]\na = {git = 'https://x.example/y', tag = 'x', branch = 'y'}",
            "branch",
            "'branch' cannot stand beside 'tag'.",
        ),
        (
            "[tool.uv.sources]\na = [{path = 'x', marker = \"os_name == 'nt'\"}, {path = 'y'}]",
            "{path = 'y'}",
            "Of several sources of 'a' each needs a 'marker'.",
        ),
    ],
)
def test_what_uv_refuses_is_a_problem(text, where, reason):
    (problem,) = read(text).problems
    assert problem.span.slice(text) == where
    assert problem.reason == reason


def is_right(entry):
    return read(f"[tool.uv.sources]\na = {{ {entry} }}").problems == ()


@pytest.mark.parametrize("kind", ["git", "url", "path", "index", "workspace"])
@pytest.mark.parametrize(
    ("more", "takers"),
    [
        ("rev = 'x'", {"git"}),
        ("tag = 'x'", {"git"}),
        ("editable = true", {"path", "workspace"}),
        ("package = true", {"path"}),
        ("subdirectory = 'x'", {"git", "url", "path", "index", "workspace"}),
        ("lfs = true", {"git", "url", "path", "index", "workspace"}),
        ("group = 'x'", {"git", "url", "path", "index", "workspace"}),
    ],
)
def test_what_stands_beside_a_source_depends_on_its_kind(kind, more, takers):
    value = "true" if kind == "workspace" else "'https://code.example/x.zip'"
    assert is_right(f"{kind} = {value}, {more}") is (kind in takers)


@pytest.mark.parametrize("entry", ["rev = 'x'", "editable = true", "marker = \"os_name == 'nt'\""])
def test_a_source_without_a_kind_is_refused(entry):
    (problem,) = read(f"[tool.uv.sources]\na = {{ {entry} }}").problems
    assert problem.reason.startswith("A source needs one of")


def test_a_marker_of_a_source_that_cannot_be_read_is_a_problem():
    text = "[tool.uv.sources]\na = {path = 'x', marker = 'nonsense'}"
    (problem,) = read(text).problems
    assert problem.span.slice(text) == "nonsense"


@pytest.mark.parametrize(
    "text",
    [
        "[tool.uv.sources]\na = {}",
        "[tool.uv.sources]\na = {pa",
        "[tool.uv.sources]\na = ",
        "[tool.uv.sources]\na = [{path = 'x'}, {}]",
        "[tool.uv.sources]\na = {path = 'x', marker = ''}",
        "[tool.uv.sources]\na = [{index = 'x', extra = 'y'}, {index = 'z', group = 'w'}]",
        "[tool.uv.extra-build-dependencies]\na = [{}]",
        "[tool.uv]\nexclude-dependencies = ['']",
        "[tool.uv]\nexclude-dependencies = [{}]",
        "[tool.uv]\noverride-dependencies = [{package = }]",
        "[tool.uv]\nbuild-constraint-dependencies = [{}]",
    ],
)
def test_what_is_right_or_still_being_typed_is_no_problem(text):
    assert [p for p in read(text).problems if "'pa'" not in p.reason] == []


@pytest.mark.parametrize(
    ("entry", "source", "target", "link"),
    [
        (
            "{ git = 'https://code.example/a.git', rev = 'abc', subdirectory = 'x' }",
            Source.GIT,
            "https://code.example/a.git@abc#subdirectory=x",
            "https://code.example/a",
        ),
        (
            "{ git = 'ssh://git@code.example/a.git' }",
            Source.GIT,
            "ssh://git@code.example/a.git",
            "https://code.example/a",
        ),
        ("{ path = '../a' }", Source.PATH, "../a", "../a"),
        (
            "{ url = 'https://files.example/a-1.zip', subdirectory = 'b' }",
            Source.URL,
            "https://files.example/a-1.zip#subdirectory=b",
            "https://files.example/a-1.zip",
        ),
        ("{ workspace = true }", Source.WORKSPACE, "", ""),
    ],
)
def test_a_source_says_where_its_dependency_comes_from(entry, source, target, link):
    text = sources(f"Foo = {entry}")
    manifest = read(text)
    (found,) = manifest.dependencies
    assert (found.source, found.target, found.link) == (source, target, link)
    assert (found.written, found.written_span.slice(text)) == (">=1", ">=1")
    shown = [(each.role, each.target) for each in manifest.links]
    assert shown == ([(Role.PAGE, link)] if link else [])


def test_an_address_in_the_requirement_stands_before_a_source():
    text = sources("foo = { path = 'x' }", "foo @ https://files.example/foo.zip")
    (found,) = read(text).dependencies
    assert (found.source, found.target) == (Source.URL, "https://files.example/foo.zip")
    assert found.written_span.slice(text) == found.written == found.target
    assert found.link == "https://files.example/foo.zip"
    assert found.specifier_span is None

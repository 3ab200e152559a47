"""Poetry's tables beyond the plain ones: what they refuse is tested against poetry-core too."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT


def read(text):
    return PYPROJECT.parse(text)


def poetic(entries, more=""):
    return f"[tool.poetry.dependencies]\n{entries}\n{more}"


def test_the_tables_of_plugins_and_of_builds_are_read():
    text = (
        "[tool.poetry.requires-plugins]\npoetry-plugin-export = '>=1.8'\n"
        "[tool.poetry.build-constraints]\npdm = { setuptools = '<70' }\n"
        "[tool.poetry.build-constraints.other]\ncython = [{version = '^3', python = '>=3.9'}]\n"
    )
    assert [(each.section, each.name, each.specifier) for each in read(text).dependencies] == [
        ("tool.poetry.requires-plugins", "poetry-plugin-export", ">=1.8"),
        ("tool.poetry.build-constraints.pdm", "setuptools", "<70"),
        ("tool.poetry.build-constraints.other", "cython", "^3"),
    ]


@pytest.mark.parametrize(
    ("table", "source", "target", "link", "written"),
    [
        (
            "git = 'https://code.example/a.git', branch = 'main', subdirectory = 'x'",
            Source.GIT,
            "https://code.example/a.git@main#subdirectory=x",
            "https://code.example/a",
            "https://code.example/a.git",
        ),
        (
            "git = 'git@code.example:a/b.git', rev = 'abc'",
            Source.GIT,
            "git@code.example:a/b.git@abc",
            "https://code.example/a/b",
            "git@code.example:a/b.git",
        ),
        ("git = '../a'", Source.GIT, "../a", "", "../a"),
        ("path = '../a', develop = true", Source.PATH, "../a", "../a", "../a"),
        ("path = 'C:\\a'", Source.PATH, "C:\\a", "C:/a", "C:\\a"),
        ("file = 'a.whl'", Source.PATH, "a.whl", "a.whl", "a.whl"),
        (
            "url = 'https://user:secret@files.example/a.whl'",
            Source.URL,
            "https://user:secret@files.example/a.whl",
            "https://files.example/a.whl",
            "https://user:secret@files.example/a.whl",
        ),
    ],
)
def test_what_comes_from_elsewhere_says_where(table, source, target, link, written):
    text = poetic(f"a = {{ {table} }}")
    (found,) = read(text).dependencies
    assert (found.source, found.target, found.link) == (source, target, link)
    assert (found.written, found.written_span.slice(text)) == (written, written)
    assert found.specifier_span is None
    assert found.span.start <= found.written_span.start
    assert found.written_span.end <= found.span.end


def test_what_is_written_is_the_constraint():
    text = poetic("a = ' ^1.0 '\nb = { version = '' }\nc = {}")
    a, b, c = read(text).dependencies
    assert (a.written, a.written_span.slice(text)) == ("^1.0", "^1.0")
    assert (b.written, b.written_span) == ("", None)
    assert b.specifier_span is not None
    assert (c.written, c.written_span) == ("", None)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("", None), (", allow-prereleases = true", True), (", allow-prereleases = false", False)],
)
def test_prereleases_are_taken_where_it_is_said(said, expected):
    (found,) = read(poetic(f"a = {{ version = '^1' {said} }}")).dependencies
    assert found.prereleases is expected


def test_a_list_may_hold_constraints_alone():
    text = poetic("a = ['<1', '>=2']")
    manifest = read(text)
    assert [each.specifier for each in manifest.dependencies] == ["<1", ">=2"]
    assert manifest.problems == ()
    first, second = manifest.dependencies
    assert first.span.end <= second.span.start


@pytest.mark.parametrize(
    ("table", "where", "reason"),
    [
        ("version = '1', sourcee = 'x'", "sourcee", "Poetry knows no 'sourcee' here."),
        ("version = '1', path = 'x'", "path", "'path' cannot stand beside 'version'."),
        ("git = 'x:y', source = 'pypi'", "source", "'source' cannot stand beside 'git'."),
        ("optional = true", "optional", "'optional' cannot stand without a 'version'."),
        ("version = 1", "1", "'version' must be a string."),
        ("version = '1', optional = 'x'", "'x'", "'optional' must be true or false."),
        ("version = '1', extras = 'x'", "'x'", "'extras' must be a list of strings."),
        ("version = '1', python = '^^3'", "^^3", "'^^3' is not a version constraint."),
    ],
)
def test_what_poetry_refuses_is_a_problem(table, where, reason):
    text = poetic(f"a = {{ {table} }}")
    (problem,) = read(text).problems
    assert problem.span.slice(text) == where
    assert problem.reason == reason


@pytest.mark.parametrize("table", ["version", "version = ", "v", "", "python = '', version = '1'"])
def test_what_is_still_being_typed_is_no_problem(table):
    assert [p for p in read(poetic(f"a = {{ {table} }}")).problems if "'v'" not in p.reason] == []


def test_extras_name_the_projects_own_dependencies():
    text = poetic("a = '1'", "[tool.poetry.extras]\nx = ['A', 'b', 1, '']\n")
    assert [(each.span.slice(text), each.reason) for each in read(text).problems] == [
        ("b", "'b' is none of the project's dependencies."),
        ("1", "An extra lists the names of dependencies."),
    ]


def test_extras_are_not_looked_at_where_the_project_has_standard_dependencies():
    text = poetic("a = '1'", "[tool.poetry.extras]\nx = ['b']\n[project]\ndependencies = ['c']\n")
    assert read(text).problems == ()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[tool.poetry]\nrequires-poetry = '>=2.x'\n", ">=2.x"),
        (poetic("python = '^^3'"), "^^3"),
        ("[project]\nrequires-python = '>3.x'\n", ">3.x"),
        ("[project]\nrequires-python = '^3.9'\n", "^3.9"),
    ],
)
def test_a_requirement_on_a_tool_or_on_python_that_cannot_be_read_is_a_problem(text, where):
    (problem,) = read(text).problems
    assert problem.span.slice(text) == where


def test_a_requirement_that_can_be_read_is_no_problem():
    text = "[tool.poetry]\nrequires-poetry = '>=2,<3'\n" + poetic("python = '>=3.9,<4 || ^5'")
    assert read(text).problems == ()


@pytest.mark.parametrize(
    ("sources", "named", "is_right"),
    [
        ((), "pypi", True),
        ((), "corp", False),
        ((("Corp", "primary"),), "corp", True),
        ((("corp", "primary"),), "PyPI", False),
        ((("corp", None),), "PyPI", False),
        ((("corp", "explicit"),), "PyPI", True),
        ((("corp", "supplemental"), ("PyPI", "explicit")), "pypi", True),
        ((), "", True),
    ],
)
def test_a_source_must_be_one_of_the_projects(sources, named, is_right):
    tables = "".join(
        f"[[tool.poetry.source]]\nname = '{name}'\n"
        + ("" if name == "PyPI" else "url = 'https://registry.example/'\n")
        + (f"priority = '{priority}'\n" if priority else "")
        for name, priority in sources
    )
    text = poetic(f"a = {{ version = '1', source = '{named}' }}", tables)
    problems = read(text).problems
    assert [each.span.slice(text) for each in problems] == ([] if is_right else [named])


STANDARD = """\
[project]
dependencies = ["HTTPX (>=0.20)", "b"]
[project.optional-dependencies]
x = ["httpx"]
[dependency-groups]
dev = ["httpx"]
other = ["httpx"]
[build-system]
requires = ["httpx"]
"""


@pytest.mark.parametrize(
    ("section", "entry", "expected"),
    [
        ("dependencies", "{allow-prereleases = true}", {"dependencies": True, "x": True}),
        ("dependencies", "{allow-prereleases = false}", {"dependencies": False, "x": False}),
        ("dependencies", "{version = '<1', allow-prereleases = true}", None),
        ("dependencies", "{source = 'x'}", {}),
        (
            "dependencies",
            "[{python = '<3.9'}, {python = '>=3.9', allow-prereleases = true}]",
            {},
        ),
        ("group.dev.dependencies", "{allow-prereleases = true}", {"dev": True}),
    ],
)
def test_what_is_said_of_prereleases_holds_for_the_standard_lists(section, entry, expected):
    text = f"{STANDARD}[tool.poetry.{section}]\nhttpx = {entry}\n"
    standard = [each for each in read(text).dependencies if each.dialect == "pep440"]
    assert [each.name for each in standard].count("httpx") == 5
    found = {
        each.section.rpartition(".")[2]: each.prereleases
        for each in standard
        if each.prereleases is not None
    }
    assert found == ({"dependencies": True, "x": True} if expected is None else expected)
    assert {each.prereleases for each in standard if each.name == "b"} == {None}


@pytest.mark.parametrize(
    ("priority", "is_right"),
    [
        *((each, True) for each in ("primary", "supplemental", "explicit", "default", "")),
        *((each, False) for each in ("weird", "Primary", "explici")),
    ],
)
def test_a_priority_is_one_of_poetrys(priority, is_right):
    text = f"[[tool.poetry.source]]\nname = 'a'\nurl = ''\npriority = '{priority}'\n"
    reason = "The priority of a source is 'primary', 'supplemental' or 'explicit'."
    expected = [] if is_right else [(priority, reason)]
    assert [(each.span.slice(text), each.reason) for each in read(text).problems] == expected


@pytest.mark.parametrize(
    ("sources", "where", "reason"),
    [
        ("url = 'https://a/'", "source", "A source needs a 'name'."),
        ("name = 'a'", "source", "A source needs a 'url'."),
        ("name = 'a'\nurl = ''\nprio = 'x'", "prio", "Poetry knows no 'prio' here."),
        (
            "name = 'a'\nurl = ''\n[[tool.poetry.source]]\nname = 'A'\nurl = ''",
            "'A'",
            "Another source is called 'a', too.",
        ),
        (
            "name = 'PyPI'\nurl = 'https://a/'",
            "'https://a/'",
            "The public index is known to Poetry, and cannot have another 'url'.",
        ),
        ("name = 'pypi'\npriority = 'explicit'", None, None),
        ("name = 'a'\nurl = ''\nlinks = true\nindexed = true\ndefault = true", None, None),
        ("", None, None),
    ],
)
def test_what_poetry_refuses_of_sources(sources, where, reason):
    text = f"[[tool.poetry.source]]\n{sources}\n"
    found = [(each.span.slice(text), each.reason) for each in read(text).problems]
    assert found == ([(where, reason)] if where else [])


@pytest.mark.parametrize(
    ("project", "python", "is_right"),
    [
        (">=3.10,<4", "^3.11", True),
        (">=3.10,<4", "^3.9", False),
        (">=3.10", "*", False),
        (">=3.10", "", True),
        ("", "^3.9", True),
        ("nonsense", "^3.9", True),
    ],
)
def test_poetrys_python_lies_within_the_projects(project, python, is_right):
    text = f"[project]\nrequires-python = '{project}'\n" + poetic(f"python = '{python}'")
    found = [(each.span.slice(text), each.reason) for each in read(text).problems]
    reason = f"It must lie within the project's 'requires-python', which is '{project}'."
    assert [each for each in found if "lie within" in each[1]] == (
        [] if is_right else [(python, reason)]
    )


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[tool.poetry.group.test]\noptional = true\ndeps = 1\n", ["deps"]),
        ("[tool.poetry.group.test]\ninclude-groups = []\n", []),
        (poetic("a = {git = 'nope'}"), ["nope"]),
        (poetic("a = {git = ''}"), []),
        (poetic("a = {git = 'git@code.example:a/b'}"), []),
    ],
)
def test_what_poetry_refuses_of_groups_and_repositories(text, where):
    assert [each.span.slice(text) for each in read(text).problems] == where

"""``pyproject.toml``: what is read from it, and where it stands."""

import json
from pathlib import PurePath, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from registry_lsp.core.manifests import Part, Source
from registry_lsp.core.sites import site_at
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT as FORMAT
from registry_lsp.ecosystems.pypi.versions.markers import floor
from support.damage import lost_by_deletions, lost_by_prefixes
from support.scanned_texts import PYPROJECT, PYPROJECT_LAYOUTS


def read(text):
    return FORMAT.parse(text)


def listed(*requirements, more=""):
    """A project with these requirements, written as JSON writes strings (TOML reads them too)."""
    return f"{more}\n[project]\ndependencies = {json.dumps(requirements, ensure_ascii=False)}\n"


def poetic(entries, more=""):
    return f"[tool.poetry.dependencies]\n{entries}\n{more}"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (PurePosixPath("/a/pyproject.toml"), True),
        (PurePath("pyproject.toml"), True),
        (PurePosixPath("/a/my-pyproject.toml"), False),
        (PurePosixPath("/a/pyproject.toml.orig"), False),
        (PurePosixPath("/a/uv.toml"), False),
    ],
)
def test_only_files_of_exactly_this_name_are_taken(path, expected):
    assert FORMAT.matches(path) is expected


def test_every_section_is_read():
    manifest = read(PYPROJECT)
    found = [(each.section, each.display_name, each.specifier) for each in manifest.dependencies]
    assert found == [
        ("project.dependencies", "httpx", ">=0.28,<1"),
        ("project.dependencies", "packaging", ">= 24"),
        ("project.dependencies", "tomli", ">=2"),
        ("project.dependencies", "django", ""),
        ("build-system.requires", "hatchling", ">=1.27"),
        ("build-system.requires", "hatch-vcs", ""),
        ("project.optional-dependencies.cli", "rich", ">=13"),
        ("project.optional-dependencies.cli", "click", ""),
        ("project.optional-dependencies.dev", "ruff", ""),
        ("project.optional-dependencies.dev", "mypy", "==1.0"),
        ("dependency-groups.test", "pytest", ">=8"),
        ("dependency-groups.lint", "black", ""),
        ("tool.poetry.dependencies", "requests", "^2.31"),
        ("tool.poetry.dependencies", "flask", "^3"),
        ("tool.poetry.dependencies", "zope.interface", "*"),
        ("tool.poetry.dependencies", "multi", "<=1.9"),
        ("tool.poetry.dependencies", "multi", "^2.0"),
        ("tool.poetry.dependencies", "django", "^5"),
        ("tool.poetry.group.dev.dependencies", "pytest", "^8"),
        ("tool.poetry.group.dev.dependencies", "coverage", "*"),
    ]
    (problem,) = manifest.problems
    assert problem.span.slice(PYPROJECT) == "django @ https://registry.example/x.whl"
    for each in manifest.dependencies:
        is_poetry = each.section.startswith("tool.poetry.")
        assert each.dialect == ("poetry" if is_poetry else "pep440")


def test_older_tables_are_read_too():
    text = '[tool.poetry.dev-dependencies]\na = "^1"\n[tool.uv]\ndev-dependencies = ["b>=1"]\n'
    assert [(each.section, each.name) for each in read(text).dependencies] == [
        ("tool.uv.dev-dependencies", "b"),
        ("tool.poetry.dev-dependencies", "a"),
    ]


@pytest.mark.parametrize("text", PYPROJECT_LAYOUTS.values(), ids=PYPROJECT_LAYOUTS)
def test_spans_slice_to_what_they_stand_for(text):
    found = read(text).dependencies
    assert len(found) == 20
    for each in found:
        assert each.name_span.slice(text) == each.display_name
        if each.specifier_span is not None:
            assert each.specifier_span.slice(text) == each.specifier
            assert each.span.start <= each.specifier_span.start
            assert each.specifier_span.end <= each.span.end
    assert [each.name for each in found if each.specifier_span is None] == ["django"]


@given(st.lists(st.sampled_from(["# 🚀 \u2028 \x0b\n", "\r\n", "\n", "\t", "# é\r\n"]), max_size=6))
def test_what_stands_before_moves_the_spans_along(pieces):
    before = "".join(pieces)
    text = f"{before}\n[project]\ndependencies = [{before}\n'flask>=1', # 🚀\n\t\"b\"]\n"
    flask, b = read(text).dependencies
    assert flask.name_span.slice(text) == "flask"
    assert flask.specifier_span.slice(text) == ">=1"
    assert b.name_span.slice(text) == "b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("project.dependencies = ['a>=1']", "project.dependencies"),
        ("project = {dependencies = ['a>=1']}", "project.dependencies"),
        ("[project]\n'dependencies' = ['a>=1']", "project.dependencies"),
        ("[project]\noptional-dependencies.x = ['a>=1']", "project.optional-dependencies.x"),
        ("[tool]\npoetry.dependencies.a = '>=1'", "tool.poetry.dependencies"),
        ("[tool.poetry]\ndependencies = { a = '>=1' }", "tool.poetry.dependencies"),
        ("[tool.poetry.dependencies.a]\nversion = '>=1'", "tool.poetry.dependencies"),
        ("[tool.poetry.group]\nx.dependencies.a = '>=1'", "tool.poetry.group.x.dependencies"),
    ],
)
def test_toml_may_write_a_table_in_any_way(text, expected):
    (found,) = read(text).dependencies
    assert (found.section, found.name, found.specifier) == (expected, "a", ">=1")
    assert found.name_span.slice(text) == "a"
    assert found.specifier_span.slice(text) == ">=1"
    assert found.span.touches(found.name_span.start)
    assert found.span.touches(found.specifier_span.end)


def test_a_requirement_is_taken_apart():
    text = listed('Foo_Bar.baz [a, b] >=1.0, <2 ; python_version < "4"')
    (found,) = read(text).dependencies
    assert found.name == "foo-bar-baz"
    assert found.display_name == "Foo_Bar.baz"
    assert found.extras == ("a", "b")
    assert found.specifier == ">=1.0, <2"
    assert found.marker == 'python_version < "4"'
    assert found.specifier_span.slice(text) == ">=1.0, <2"


def test_where_no_version_is_written_one_may_be_typed_behind_the_name():
    text = listed("foo [a]")
    (found,) = read(text).dependencies
    assert found.specifier_span.slice(text) == ""
    assert found.specifier_span.start == text.index("[a]") + 3


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://code.example/x.whl", Source.URL),
        ("git+https://code.example/x.git@v1", Source.GIT),
        ("file:///x", Source.PATH),
    ],
)
def test_an_address_is_not_looked_up(url, source):
    (found,) = read(listed(f"foo @ {url}")).dependencies
    assert (found.name, found.source, found.target) == ("foo", source, url)
    assert found.specifier_span is None


@pytest.mark.parametrize(
    ("written", "name", "specifier"),
    [
        (r'"fl\u0061sk>=1; python_version<\"4\""', r"fl\u0061sk", ">=1"),
        (r'"flask\u003e=1"', "flask", r"\u003e=1"),
        (r'"\U00000066lask >=1 ; extra == \"x\""', r"\U00000066lask", ">=1"),
        ('"""flask>=1"""', "flask", ">=1"),
        ('"""\\\n  flask>=1"""', "flask", ">=1"),
        ("'''\nflask>=1'''", "flask", ">=1"),
    ],
)
def test_escapes_do_not_move_the_spans(written, name, specifier):
    text = f"[project]\ndependencies = [{written}]"
    (found,) = read(text).dependencies
    assert (found.name, found.specifier) == ("flask", ">=1")
    assert found.name_span.slice(text).endswith(name)
    assert found.specifier_span.slice(text) == specifier
    assert read(text).problems == ()


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        (
            "[project]\ndependencies = ['-e .']",
            "-e .",
            "A requirement begins with the name of a project, which this does not.",
        ),
        (
            '[project]\ndependencies = ["\\u0020"]',
            "\\u0020",
            "A requirement begins with the name of a project, which this does not.",
        ),
        ("[project]\ndependencies = [1]", "1", "A requirement must be a string."),
        ("[project]\ndependencies = [{a = 1}]", "{a = 1}", "A requirement must be a string."),
        ("[project]\ndependencies = ['a', b>=1']", "b>=1'", "A requirement must be a string."),
        (
            "[project]\ndependencies = 'a'",
            "'a'",
            "'project.dependencies' must be a list of requirements.",
        ),
        (
            "[dependency-groups]\nx = [{a = 1}]",
            "{a = 1}",
            "A group holds requirements and {include-group = 'name'} tables.",
        ),
        ("[tool.poetry.dependencies]\na = 1", "1", "A constraint must be a string or a table."),
        ("[tool.poetry.dependencies]\na = {version = 1}", "1", "'version' must be a string."),
        ("[tool.poetry.dependencies]\na = [1]", "1", "A constraint must be a string or a table."),
        ("[tool.poetry.dependencies]\n'a b' = '1'", "a b", "No Python project can have this name."),
    ],
)
def test_what_would_be_refused_is_a_problem(text, where, reason):
    (problem,) = read(text).problems
    assert problem.span.slice(text) == where
    assert problem.reason == reason


def test_a_broken_requirement_is_kept_by_its_name():
    text = listed("flask[async >=1", "django>=4 ; nonsense")
    manifest = read(text)
    assert [each.name for each in manifest.dependencies] == ["flask", "django"]
    assert len(manifest.problems) == 2
    assert manifest.problems[0].reason == "The extras need a closing bracket."
    assert manifest.problems[1].span.slice(text) == "nonsense"


@pytest.mark.parametrize(
    "text",
    [
        "[project]\ndependencies = ['']",
        "[project]\ndependencies = [",
        "[project]\ndependencies = ",
        "[project]\ndependencies",
        "[dependency-groups]\nx = [{",
        "[dependency-groups]\nx = [{include-group",
        "[dependency-groups]\nx = [{include-group = ''}]",
        "[tool.poetry.dependencies]\na",
        "[tool.poetry.dependencies]\na = ",
        "[tool.poetry.dependencies]\na = [",
        "[tool.poetry.dependencies]\n'' = '1'",
    ],
)
def test_what_is_still_being_typed_is_no_problem(text):
    manifest = read(text)
    assert manifest.dependencies == ()
    assert manifest.problems == ()


# --- Poetry -----------------------------------------------------------------------------------


def test_poetry_writes_a_dependency_as_a_table():
    entry = """a = { version = "^1", extras = ["x", "y"], optional = true, python = ">=3.11",
        markers = "sys_platform == 'linux'", allow-prereleases = true }"""
    text = poetic(f'python = "^3.9"\n{entry}')
    (found,) = read(text).dependencies
    assert found.specifier_span.slice(text) == "^1"
    assert found.extras == ("x", "y")
    assert found.optional
    assert found.marker == "sys_platform == 'linux'"
    assert found.runtime == ">=3.11"
    assert found.span.slice(text) == entry


@pytest.mark.parametrize("written", ["'^1'", "' ^1  '", '"\\u0020^1 "', "'''\n ^1'''"])
def test_blanks_around_a_version_are_no_part_of_it(written):
    text = poetic(f"a = {written}")
    (found,) = read(text).dependencies
    assert found.specifier == found.specifier_span.slice(text) == "^1"


@pytest.mark.parametrize(
    ("table", "source", "target"),
    [
        (
            'git = "https://code.example/a.git", tag = "1"',
            Source.GIT,
            "https://code.example/a.git@1",
        ),
        ('path = "../a", develop = true', Source.PATH, "../a"),
        ('file = "a.whl"', Source.PATH, "a.whl"),
        ('url = "https://code.example/a.whl"', Source.URL, "https://code.example/a.whl"),
    ],
)
def test_poetry_takes_dependencies_from_elsewhere(table, source, target):
    (found,) = read(poetic(f"a = {{ {table} }}")).dependencies
    assert (found.source, found.target, found.specifier_span) == (source, target, None)
    assert not found.source.is_looked_up


def test_poetry_gives_several_constraints_for_one_project():
    text = poetic(
        'a = [\n  { version = "^1", python = "<3.8" },\n'
        '  { version = "^2", python = "^3.8", source = "x" },\n]'
    )
    first, second = read(text).dependencies
    assert first.name_span == second.name_span
    assert (first.specifier_span.slice(text), second.specifier_span.slice(text)) == ("^1", "^2")
    assert (first.runtime, second.runtime) == (None, "^3.8")
    assert (first.index, second.index) == (None, "x")
    assert site_at(read(text), second.specifier_span.start).dependency == second
    assert site_at(read(text), first.name_span.start).dependency == first


def test_python_is_the_runtime_and_no_dependency():
    manifest = read(poetic('python = "^3.9"\na = "1"'))
    assert [each.name for each in manifest.dependencies] == ["a"]
    assert manifest.runtime == "^3.9"
    assert manifest.dependencies[0].runtime == "^3.9"
    assert not manifest.dependencies[0].optional
    assert read(poetic('Python = { version = "^3.9" }')).runtime is None
    assert read(poetic('python = { version = "^3.9" }')).runtime == "^3.9"


@pytest.mark.parametrize(
    ("standard", "of_poetry", "expected"),
    [
        (">=3.8", "^3.9", "^3.9"),
        (">=3.9", ">=3.10,<4.0", ">=3.10,<4.0"),
        (">=3.9", ">=3.9,<4.0", ">=3.9"),
        (">=3.9", "*", ">=3.9"),
        ("", "*", "*"),
    ],
)
def test_poetry_locks_for_the_stricter_of_the_two_runtimes(standard, of_poetry, expected):
    text = (
        f"[project]\nrequires-python = '{standard}'\ndependencies = ['a']\n"
        f"[tool.poetry.dependencies]\npython = '{of_poetry}'\nb = '1'\n"
    )
    manifest = read(text)
    assert manifest.runtime == expected
    assert {each.runtime for each in manifest.dependencies} == {expected}


@pytest.mark.parametrize("name", ["dependencies", "optional-dependencies", "requires-python"])
def test_what_is_written_out_cannot_be_dynamic(name):
    value = {"dependencies": "['a']", "optional-dependencies": "{x = ['a']}"}.get(name, "'>=3'")
    text = f"[project]\ndynamic = ['version', '{name}']\n{name} = {value}\n"
    (problem,) = read(text).problems
    assert problem.span.slice(text) == name
    assert problem.reason == f"'{name}' cannot be dynamic, for the project says it itself."
    assert read(text.replace(f"\n{name} =", "\nx =")).problems == ()
    assert read(f"{text}[tool.poetry]\n").problems == ()


@pytest.mark.parametrize(
    ("project", "own", "markers", "lowest"),
    [
        ("^3.9", ">=3.11", "", "3.11"),
        ("^3.9", ">=3.6,<3.8", "", "3.9"),
        ("^3.9", "^3.8 || ^3.10", "", "3.9"),
        ("^3.9 || ^4", "^3.10", "", "3.10"),
        ("^3.9", "", "python_version >= '3.12'", "3.12"),
        ("^3.9", ">=3.11", "python_version >= '3.10'", "3.11"),
        ("^3.9", "nonsense", "", "3.9"),
    ],
)
def test_a_dependency_narrows_the_runtime(project, own, markers, lowest):
    entry = f"a = {{ version = '1', python = {own!r}, markers = {json.dumps(markers)} }}"
    (found,) = read(poetic(f"python = '{project}'\n{entry}")).dependencies
    assert floor(found.runtime) == Version(lowest)


def test_a_marker_narrows_the_runtime():
    text = listed('a ; python_version >= "3.11"', "b")
    text = text.replace("[project]", "[project]\nrequires-python = '>=3.9,<4'")
    assert [each.runtime for each in read(text).dependencies] == [">=3.11,<4", ">=3.9,<4"]


# --- what is bound to an index ----------------------------------------------------------------


def roles(text):
    return [(each.name, each.url, each.role) for each in read(text).indexes]


def source(name, url="https://registry.example/", **more):
    rest = "".join(f"{key} = {json.dumps(value)}\n" for key, value in more.items())
    address = f'url = "{url}"\n' if url else ""
    return f'[[tool.poetry.source]]\nname = "{name}"\n{address}{rest}'


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (source("a"), [("a", "default")]),
        (source("a", priority="primary"), [("a", "default")]),
        (source("a", priority="Default"), [("a", "default")]),
        (source("a", default=True), [("a", "default")]),
        (source("a", priority="supplemental"), [("a", "supplemental")]),
        (source("a", priority="secondary"), [("a", "supplemental")]),
        (source("a", secondary=True), [("a", "supplemental")]),
        (source("a", priority="explicit"), [("a", "explicit")]),
        (source("a") + source("b"), [("a", "default"), ("b", "extra")]),
        (source("PyPI", url=""), []),
        (source("PyPI", url="") + source("a"), [("a", "extra")]),
        (source("a") + source("pypi", url=""), [("a", "extra")]),
        (source("PyPI", url="", priority="explicit"), [(None, "default")]),
        (source("PyPI", url="", priority="explicit") + source("a"), [("a", "default")]),
    ],
)
def test_poetrys_sources_have_their_roles(sources, expected):
    assert [(name, role) for name, _, role in roles(sources)] == expected


def test_an_index_without_an_address_is_still_one():
    assert roles('[[tool.poetry.source]]\nname = "a"\n') == [("a", "", "default")]
    assert roles(source("pypi", url="", priority="explicit")) == [(None, "", "default")]
    assert roles("[tool.uv]\nno-index = true") == [(None, "", "default")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[tool.uv.index]]\nname = "a"\nurl = "u"', [("a", "u", "extra")]),
        ('[[tool.uv.index]]\nname = "a"\nurl = "u"\ndefault = true', [("a", "u", "default")]),
        ('[[tool.uv.index]]\nname = "a"\nurl = "u"\nexplicit = true', [("a", "u", "explicit")]),
        ('[[tool.uv.index]]\nurl = "u"', [(None, "u", "extra")]),
        ('[tool.uv]\nindex = [{name = "a", url = "u"}]', [("a", "u", "extra")]),
        ('[[tool.uv.index\nname = "a"\nurl = "u"', [("a", "u", "extra")]),
        ('[tool.uv]\nindex-url = "u"', [(None, "u", "default")]),
        (
            '[tool.uv]\nextra-index-url = ["u", 1, "v"]',
            [(None, "u", "extra"), (None, "v", "extra")],
        ),
        (
            '[tool.uv]\nindex-url = "v"\nindex = [{name = "a", url = "u", default = true}]',
            [("a", "u", "default")],
        ),
        ('[[tool.pdm.source]]\nname = "pypi"\nurl = "u"', [("pypi", "u", "default")]),
        ('[[tool.pdm.source]]\nname = "a"\nurl = "u"', [("a", "u", "extra")]),
    ],
)
def test_the_indexes_of_uv_and_pdm_have_their_roles(text, expected):
    assert roles(text) == expected


def test_an_index_is_found_where_it_is_written():
    text = source("a")
    assert read(text).indexes[0].span.slice(text) == "source"


@pytest.mark.parametrize(
    "binding",
    [
        "[tool.uv.sources]\nFoo_Bar = { index = 'private' }",
        "[tool.uv]\nsources.foo-bar.index = 'private'",
        "[tool.poetry.dependencies]\nfoo-bar = { source = 'private' }",
        "[tool.poetry.group.x.dependencies]\nfoo-bar = { source = 'private' }",
    ],
)
def test_a_name_that_is_bound_to_an_index_names_it_everywhere(binding):
    text = (
        "[project]\ndependencies = ['foo.bar>=1', 'other']\n"
        "[build-system]\nrequires = ['Foo-Bar']\n[dependency-groups]\nx = ['foo_bar']\n"
    )
    found = read(text + binding).dependencies
    bound = [each.index for each in found if each.name == "foo-bar"]
    assert set(bound) == {"private"}
    assert len(bound) >= 3
    assert [each.index for each in found if each.name == "other"] == [None]


@pytest.mark.parametrize(
    "binding",
    [
        "[tool.uv.sources]\nfoo = { index = 1 }",
        "[tool.uv.sources]\nfoo = { inde = 'private' }",
        "[tool.uv.sources.foo]\nindx = 'private'",
        "[tool.uv.sources]\nfoo = { index = ",
        "[tool.uv.sources]\nfoo = { index",
        "[tool.uv.sources]\nfoo = ",
        "[tool.uv.sources]\nfoo",
        "[tool.uv.sources]\nfoo = 'x'",
        "[tool.poetry.dependencies]\nfoo = { source = ",
    ],
)
def test_half_a_binding_binds_to_an_index_that_nobody_knows(binding):
    found = read("[project]\ndependencies = ['foo']\n" + binding).dependencies[0]
    assert found.name == "foo"
    assert found.index == ""


@pytest.mark.parametrize(
    ("binding", "source", "target"),
    [
        ("{ git = 'https://code.example/x' }", Source.GIT, "https://code.example/x"),
        ("{ path = '../x', editable = true }", Source.PATH, "../x"),
        ("{ url = 'https://code.example/x.whl' }", Source.URL, "https://code.example/x.whl"),
        ("{ workspace = true }", Source.WORKSPACE, ""),
        ("{ workspace = false }", Source.REGISTRY, ""),
        ("[{ path = 'x', marker = 'y' }]", Source.PATH, "x"),
    ],
)
def test_a_name_that_uv_takes_from_elsewhere_is_not_looked_up(binding, source, target):
    text = listed("foo>=1", more=f"[tool.uv.sources]\nfoo = {binding}")
    (found,) = read(text).dependencies
    assert (found.source, found.target, found.index) == (source, target, None)
    assert found.specifier == ">=1"


# --- broken texts -----------------------------------------------------------------------------


def _dependencies(text):
    return {
        (each.section, each.display_name, each.specifier, each.index): (
            min(each.span.start, each.name_span.start),
            each.span.end,
        )
        for each in read(text).dependencies
    }


@pytest.mark.parametrize("text", PYPROJECT_LAYOUTS.values(), ids=PYPROJECT_LAYOUTS)
def test_a_prefix_keeps_every_dependency_that_stands_whole_in_it(text):
    assert lost_by_prefixes(text, _dependencies) == {}


def test_a_missing_bracket_quote_or_sign_costs_one_dependency_at_most():
    lost = lost_by_deletions(PYPROJECT, _dependencies)
    marks = {at for at in lost if PYPROJECT[at] in "[]{}\"'=,#"}
    assert marks == set()


BOUND = """[build-system]
requires = ["hatchling>=1.27"]

[project]
name = "demo"
dependencies = ["acme-secret>=1", "acme-tools", "rich>=13"]

[project.optional-dependencies]
cli = ["click>=8"]

[dependency-groups]
test = ["pytest>=8"]

[tool.uv]
dev-dependencies = ["mypy>=1"]

[tool.uv.sources]
acme-secret = { index = "acme" }

[tool.uv.sources.acme-tools]
index = "acme"

[[tool.uv.index]]
name = "acme"
url = "https://registry.example/simple"
explicit = true

[tool.poetry.dependencies]
python = ">=3.10"
flask = { version = "^3", source = "private" }

[tool.poetry.dependencies.jinja2]
version = "^3"
source = "private"

[tool.poetry.group.dev.dependencies]
coverage = "^7"

[[tool.poetry.source]]
name = "private"
url = "https://registry.example/private"
priority = "explicit"
"""


def _headers(text):
    return [line for line in text.splitlines() if line.startswith("[")]


def _typed(header):
    """What stands there while *header* is being typed, with brackets of one's own or an editor's:
    as it is, and as the header of an array.
    """
    bare = header.strip("[]")
    heads = [bare[:length] for length in range(len(bare) + 1)]
    return {f"{'[' * n}{head}{']' * m}" for head in heads for n in (1, 2) for m in range(n + 1)}


@pytest.mark.parametrize("header", _headers(BOUND))
@pytest.mark.parametrize("above", [*_headers(BOUND), ""])
def test_a_header_that_is_being_typed_hides_nothing_that_stands_below(header, above):
    whole = _dependencies(BOUND)
    assert len(whole) == 10
    assert sorted(index for *_, index in whole if index) == ["acme", "acme", "private", "private"]
    at = BOUND.index(f"{above}\n") if above else len(BOUND)
    for typed in _typed(header):
        text = f"{BOUND[:at]}{typed}\n{BOUND[at:]}"
        assert whole.keys() <= _dependencies(text).keys(), typed
        names = {index.name for index in read(text).indexes if index.url}
        assert names == {"acme", "private"}, typed


@pytest.mark.parametrize("header", ["tool.uv.sources]", "[tool.uv.sources", "[[tool.uv.sources]]"])
def test_a_header_of_bindings_that_lacks_a_bracket_or_has_too_many_still_binds(header):
    text = BOUND.replace("[tool.uv.sources]", header, 1)
    assert _dependencies(text).keys() == _dependencies(BOUND).keys()


@pytest.mark.parametrize("typed", ['"', '"^', '"^3', "'^3"])
@pytest.mark.parametrize(
    "behind", [', source = "private" }', ",source='private', optional = true }"]
)
def test_a_version_that_lacks_its_quote_hides_no_binding_behind_it(typed, behind):
    (found,) = read(poetic(f"flask = {{ version = {typed}{behind}")).dependencies
    assert found.index == "private"
    assert found.specifier == typed[1:]


def test_a_version_may_be_typed_between_unclosed_quotes():
    text = '[tool.poetry.dependencies]\na = "\nb = "1"\n'
    offset = text.index('"') + 1
    site = site_at(read(text), offset)
    assert (site.part, site.dependency.name) == (Part.SPECIFIER, "a")
    assert (site.span.start, site.span.end) == (offset, offset)
    assert [each.name for each in read(text).dependencies] == ["a", "b"]


@given(st.text(alphabet="{}[]\"'=,.#\\\n\r ab1>;@-\u2028\ud800\0", max_size=60), st.data())
def test_no_text_breaks_it(text, data):
    at = data.draw(st.integers(0, len(PYPROJECT)))
    broken = PYPROJECT[:at] + text + PYPROJECT[at:]
    for each in read(broken).dependencies:
        assert 0 <= each.name_span.start <= each.name_span.end <= len(broken)
    for each in read(broken).problems:
        assert each.reason.endswith((".", "?"))
        assert 0 <= each.span.start <= each.span.end <= len(broken)


@pytest.mark.parametrize("key", ["sourc", "sourcee", "indexx"])
def test_a_poetry_table_with_half_a_source_is_asked_of_nobody(key):
    text = f'[tool.poetry.dependencies]\nacme = {{version = "^1", {key} = "corp"}}\n'
    (acme,) = read(text).dependencies
    assert acme.index == ""


@pytest.mark.parametrize("binding", ["{}", "[]", "[{}]", "{ inde = 'a' }", "{ index = '' }"])
def test_half_a_binding_of_uvs_binds_to_nobody(binding):
    text = listed("foo>=1", more=f"[tool.uv.sources]\nfoo = {binding}")
    (found,) = read(text).dependencies
    assert found.index == ""


@pytest.mark.parametrize("priority", ["", "prim", "explici"])
def test_half_a_priority_of_poetrys_leaves_nobody_to_ask(priority):
    text = f"[[tool.poetry.source]]\nname='a'\nurl='https://a.example/'\npriority='{priority}'\n"
    assert [(each.name, each.url, each.role) for each in read(text).indexes] == [
        ("a", "", "default")
    ]


def test_the_projects_own_name_stands_for_its_extras():
    text = (
        "[project]\nname = 'My_Demo'\ndependencies = ['a']\n"
        "[project.optional-dependencies]\nx = ['b']\nall = ['my.demo[x, y]>=1', 'my-demo']\n"
        "[build-system]\nrequires = ['my-demo']\n"
    )
    own = {each.section: each for each in read(text).dependencies if each.name == "my-demo"}
    assert own["build-system.requires"].source is Source.REGISTRY
    extras = [each for each in read(text).dependencies if each.section.endswith(".all")]
    assert {each.source for each in extras} == {Source.REFERENCE}
    assert [each.target for each in extras] == [
        "project.optional-dependencies.x, project.optional-dependencies.y",
        "project.dependencies",
    ]
    assert extras[0].written == ">=1"


def test_an_address_of_the_projects_own_name_is_an_address():
    text = "[project]\nname = 'demo'\ndependencies = ['demo @ https://files.example/demo.zip']\n"
    assert read(text).dependencies[0].source is Source.URL

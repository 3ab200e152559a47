"""The sources and indexes of uv: which of several it takes for a name, by extra, group and marker,
and what it refuses of them. All of it was seen of uv 0.13.
"""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT

LISTS = """\
[project]
requires-python = ">=3.10"
dependencies = [{}]
[project.optional-dependencies]
CPU = ["torch"]
gpu = ["torch"]
other = ["torch"]
[dependency-groups]
g = ["torch"]
[tool.uv]
constraint-dependencies = ["torch<3"]
[tool.uv.sources]
"""
LINUX, WINDOWS = "sys_platform == 'linux'", "sys_platform == 'win32'"
NOT_LINUX = LINUX.replace("==", "!=")


def found(sources, requirement="torch", more="", conflicts=()):
    listed = ", ".join(f"{{ {each} }}" for each in conflicts)
    more = f"[tool.uv]\nconflicts = [[{listed}]]\n" * bool(conflicts) + more
    text = LISTS.format(repr(requirement)) + f"torch = {sources}\n{more}"
    return {each.section.rpartition(".")[2]: each for each in PYPROJECT.parse(text).dependencies}


def indexes(*of, **more):
    return {section: each.index for section, each in found(*of, **more).items()}


SOURCES = '[{index="c", extra="cpu"}, {index="g", extra="GPU"}, {path="../t", group="g"}]'
CONFLICTS = ("extra = 'Cpu'", "extra = 'gpu'", "group = 'g'")


def test_a_source_for_a_part_is_only_for_that_where_it_conflicts_with_the_other_ones():
    torch = found(SOURCES, conflicts=CONFLICTS)
    asked = {section: torch[section].index for section in ("CPU", "gpu")}
    assert asked == {"CPU": "c", "gpu": "g"}
    assert (torch["g"].source, torch["g"].link) == (Source.PATH, "../t")
    # what is installed with one of them or another
    paths = {section for section, each in torch.items() if each.source is Source.PATH}
    assert paths == {"dependencies", "other", "g", "constraint-dependencies"}


def test_parts_that_conflict_and_have_no_source_come_from_the_default_index():
    asked = indexes('{index="c", extra="cpu"}', conflicts=CONFLICTS)
    assert asked == {
        "dependencies": "",
        "CPU": "c",
        "gpu": None,
        "other": "",
        "g": None,
        "constraint-dependencies": "",
    }


@pytest.mark.parametrize(
    "conflicts", [(), ("extra = 'gpu'", "group = 'g'"), ("package = 'another', extra = 'cpu'",)]
)
def test_what_is_said_for_a_part_without_conflicts_is_said_for_all(conflicts):
    assert set(indexes('{index="c", extra="cpu"}', conflicts=conflicts).values()) == {"c"}
    assert indexes('{index="c", group="g"}')["CPU"] == "c"


def test_what_is_said_for_a_part_is_not_said_of_what_is_built_with():
    text = (
        "[build-system]\nrequires = ['torch']\n[project.optional-dependencies]\nx = ['torch']\n"
        "[tool.uv.sources]\ntorch = {index = 'c', extra = 'x'}\n"
    )
    assert [each.index for each in PYPROJECT.parse(text).dependencies] == ["", "c"]


def test_parts_without_conflicts_that_differ_are_asked_of_nobody():
    assert set(indexes('[{index="c", extra="cpu"}, {index="g", extra="gpu"}]').values()) == {""}
    assert set(indexes('[{index="c", extra="cpu"}, {index="c"}]').values()) == {"c"}


def test_a_group_that_others_include_may_be_installed_as_a_part_of_them():
    sources = '[{index="c", group="g"}, {index="d", group="h"}]'
    conflicts = ("group = 'g'", "group = 'h'")
    assert found(sources, conflicts=conflicts)["g"].index == "c"
    more = "[dependency-groups]\nh = [{include-group = 'G'}]\n"
    assert found(sources, more=more, conflicts=conflicts)["g"].index == ""


def test_more_conflicts_than_anybody_has_are_not_looked_at():
    many = (*CONFLICTS, *(f"extra = 'x{at}'" for at in range(100)))
    assert indexes('{index="c", extra="cpu"}', conflicts=many)["gpu"] == ""


def by(marker, index="a"):
    return f'{{index="{index}", marker="{marker}"}}'


@pytest.mark.parametrize(
    ("sources", "marker", "expected"),
    [
        # several that differ: the dependency's own marker may tell which
        (f"[{by(LINUX)}, {by(NOT_LINUX, 'b')}]", "", ""),
        (f"[{by(LINUX)}, {by(NOT_LINUX, 'b')}]", LINUX, "a"),
        (f"[{by(LINUX)}, {by(NOT_LINUX, 'b')}]", WINDOWS, "b"),
        (f"[{by(LINUX)}, {by(NOT_LINUX)}]", "", "a"),
        # what they leave comes from the default index
        (by(LINUX), "", ""),
        (by(LINUX), LINUX, "a"),
        (by(LINUX), WINDOWS, None),
        (f"[{by(LINUX)}, {by(WINDOWS)}]", "", ""),
        (f"[{by(LINUX)}, {by(WINDOWS)}]", f"{LINUX} or {WINDOWS}", "a"),
        # the project's own Python is a condition too
        (by("python_version >= '3.8'"), "", "a"),
        (by("python_version >= '3.11'"), "", ""),
        (by("python_version < '3.9'"), "", ""),  # yet uv takes that index
        # what cannot be read or is not on any list may hold or not
        (by("nonsense"), "", ""),
        (by("platform_release == 'x'"), "", ""),
        (f"[{by('nonsense')}, {by('nonsense')}]", "", ""),
        (by(LINUX), "nonsense", ""),
    ],
)
def test_markers_tell_which_index_is_asked(sources, marker, expected):
    requirement = f"torch; {marker}" if marker else "torch"
    torch = found(sources, requirement)["dependencies"]
    assert (torch.source, torch.index) == (Source.REGISTRY, expected)


@pytest.mark.parametrize(
    "sources",
    [
        f"[{{git = 'u', marker = \"{LINUX}\"}}, {by(NOT_LINUX)}]",
        f"[{by(NOT_LINUX)}, {{git = 'u', marker = \"{LINUX}\"}}]",
        f"{{git = 'u', marker = \"{LINUX}\"}}",
        "[{git = 'u', marker = 'x'}, {index = 'private', marker = 'x'}]",
    ],
)
def test_what_may_come_from_elsewhere_is_not_looked_up(sources):
    assert found(sources)["dependencies"].source is Source.GIT


@pytest.mark.parametrize("half", ["{ind = 'b'}", "{extra = 'cpu'}"])
def test_half_a_source_beside_others_binds_to_nobody(half):
    assert found(f"[{by(LINUX)}, {half}]")["CPU"].index == ""


def test_more_markers_than_anybody_writes_are_not_tried():
    requirement = "torch; python_version == '3.10'"
    many = [by(f"python_version == '3.{at}'") for at in range(9)]
    for count, expected in ((8, None), (9, "")):
        sources = f"[{', '.join(many[:count])}]"
        assert found(sources, requirement)["dependencies"].index == expected
    listed = ", ".join(f'"a{at}; {LINUX}"' for at in range(200))
    sources = "".join(f"a{at} = {by(LINUX)}\n" for at in range(200))
    text = f"[project]\ndependencies = [{listed}]\n[tool.uv.sources]\n{sources}"
    indexes = [each.index for each in PYPROJECT.parse(text).dependencies]
    assert indexes == ["a"] * 100 + [""] * 100


def test_an_index_that_is_explicit_and_the_default_one_leaves_no_other_default_one():
    text = INDEX.format("private", "default = true\nexplicit = true")
    roles = [(each.name, each.role, each.url) for each in PYPROJECT.parse(text).indexes]
    assert roles == [
        (None, "default", ""),
        ("private", "explicit", "https://registry.example/"),
    ]


def refused(text):
    return [(each.span.slice(text), each.reason) for each in PYPROJECT.parse(text).problems]


NO_LIST = "uv needs a list of tables here: '[[tool.uv.index]]'."
INDEX = "[[tool.uv.index]]\nname = '{}'\nurl = 'https://registry.example/'\n{}\n"


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        (
            INDEX.format("a", "default = true") + INDEX.format("b", "default  =  true "),
            "true",
            "Another index is the default one already.",
        ),
        (
            "[[tool.uv.index]]\nurl = 'https://registry.example/'\nexplicit = true\n",
            "true",
            "An explicit index needs a 'name': only what names it comes from there.",
        ),
        (
            INDEX.format("a", "") + INDEX.format("a", ""),
            "a",
            "Another index is called 'a', too.",
        ),
        (
            INDEX.format("a b", ""),
            "a b",
            "The name of an index has letters, digits, '-', '_' and '.' only.",
        ),
        (
            INDEX.format("a", "format = 'weird'"),
            "weird",
            "The format of an index is 'simple' or 'flat'.",
        ),
        ("[tool.uv]\nindex = [{name = 'a'}]", "{name = 'a'}", "An index needs a 'url'."),
        (INDEX.format("a", "default = 'x'"), "'x'", "'default' must be true or false."),
        (INDEX.format("a", "explicit = 1"), "1", "'explicit' must be true or false."),
        ("[tool.uv]\nindex = ['https://a/']", "'https://a/'", "An index must be a table."),
        ("[tool.uv]\nindex = 'https://a/'", "'https://a/'", NO_LIST),
        ("[tool.uv.index]\nurl = 'https://a/'\n", "index", NO_LIST),
    ],
)
def test_what_uv_refuses_of_indexes(text, where, reason):
    assert refused(text) == [(where, reason)]


@pytest.mark.parametrize(
    "text",
    [
        INDEX.format("a", "") + INDEX.format("A", ""),
        INDEX.format("a", "default = true\nexplicit = true") + INDEX.format("b", "default = false"),
        INDEX.format("a", "format = 'flat'") + INDEX.format("b", "format = ''"),
        INDEX.format("a", "frmat = 'x'"),
        "[[tool.uv.index]]\n",
        "[tool.uv.index]\n",
        "[tool.uv]\nindex = [{name = '', url = '', explicit = true}]",
    ],
)
def test_what_uv_takes_of_indexes_or_is_still_being_typed(text):
    assert refused(text) == []


PARTS = """\
[project]
optional-dependencies.Some_Extra = ["six>=1"]
[dependency-groups]
base = ["Six"]
most = [{ include-group = "base" }]
[tool.uv]
dev-dependencies = ["six"]
[tool.uv.sources]
"""


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("six = {index = 'c', extra = 'some.extra'}", None),
        ("six = {index = 'c', extra = ''}", None),
        ("six = {index = 'c', group = 'base'}", None),
        ("six = {index = 'c', group = 'most'}", None),
        ("six = {index = 'c', group = 'dev'}", None),
        ("six = {index = 'c', extra = 'base'}", "The project has no extra called 'base'."),
        ("six = {index = 'c', group = 'x'}", "The project has no group called 'x'."),
        (
            "Foo = {index = 'c', extra = 'Some-Extra'}",
            "The extra 'Some-Extra', which this source is for, has no 'foo'.",
        ),
        (
            "foo = [{index = 'c', group = 'most'}]",
            "The group 'most', which this source is for, has no 'foo'.",
        ),
    ],
)
def test_a_source_is_for_what_stands_in_its_part(source, reason):
    assert [each for _, each in refused(PARTS + source)] == ([reason] if reason else [])


@pytest.mark.parametrize(
    "project", ["", "[project]\ndynamic = ['optional-dependencies']\n", "[project]\n"]
)
def test_extras_that_are_not_known_here_may_be_there(project):
    source = "[tool.uv.sources]\nsix = {index = 'c', extra = 'x'}\n"
    is_known = project == "[project]\n"
    assert refused(project + source) == (
        [("x", "The project has no extra called 'x'.")] if is_known else []
    )


@pytest.mark.parametrize(
    ("sources", "where"),
    [
        (f"[{by(WINDOWS)}, {by(NOT_LINUX)}]", [NOT_LINUX]),
        (f"[{by(WINDOWS)}, {by(LINUX)}, {by(WINDOWS)}]", []),
        (f"[{by(WINDOWS)}, {by('nonsense')}]", ["nonsense"]),
        ("[{index = 'a'}, {index = 'a'}]", ["{index = 'a'}"] * 2),
        ("[{index = 'a'}, {index = 'b'}, {index = 'c'}]", [f"{{index = '{x}'}}" for x in "abc"]),
        ("[{index = 'a', group = 'g'}, {index = 'a', group = 'G'}]", None),
        ("[{index = 'a', extra = 'g'}, {index = 'b'}]", []),
        (f"[{{index = 'a', extra = 'g'}}, {by(LINUX)}]", []),
    ],
)
def test_sources_of_one_part_need_markers_that_exclude_each_other(sources, where):
    places = [place for place, _ in refused(f"[tool.uv.sources]\na = {sources}\n")]
    assert len(places) == 2 if where is None else places == where


def test_a_source_is_for_an_extra_or_a_group():
    text = "[tool.uv.sources]\na = {index = 'a', extra = 'x', group = 'y'}"
    assert refused(text) == [("group", "'group' cannot stand beside 'extra'.")]


@pytest.mark.parametrize(
    ("groups", "is_right"),
    [("a-b = []", True), ("c = []", False), ("", False)],
)
def test_the_settings_of_a_group_need_the_group(groups, is_right):
    settings = "[tool.uv.dependency-groups]\nA_B = {requires-python = '>=3.12'}\n"
    expected = [] if is_right else [("A_B", "There is no group called 'A_B'.")]
    assert refused(f"[dependency-groups]\n{groups}\n{settings}") == expected

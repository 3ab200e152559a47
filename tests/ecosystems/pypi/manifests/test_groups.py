"""Groups of dependencies that include each other: PEP 735, and Poetry's."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Role
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT


def read(text):
    return PYPROJECT.parse(text)


def groups(lines, more=""):
    return f"[dependency-groups]\n{lines}\n{more}"


def test_an_included_group_is_a_link_to_it():
    text = groups("test = ['pytest', {include-group = 'TYPE.check'}]\nType_Check = ['mypy']")
    manifest = read(text)
    (link,) = manifest.links
    assert (link.role, link.target, link.span.slice(text)) == (
        Role.GROUP,
        "Type_Check",
        "TYPE.check",
    )
    assert [each.section for each in manifest.dependencies] == [
        "dependency-groups.test",
        "dependency-groups.Type_Check",
    ]
    assert manifest.problems == ()


def test_an_included_group_says_where_all_stands_that_comes_with_it():
    manifest = read(
        groups(
            "all = [{include-group = 'Test'}]\n"
            "test = ['pytest', {include-group = 'lint'}, {include-group = 'old'}]\n"
            "lint = [{include-group = 'test'}, {include-group = 'lost'}]",
            "[tool.poetry.group.test.dependencies]\nmypy = '*'\n"
            "[tool.pdm.dev-dependencies]\nold = ['six']\n",
        )
    )
    inner = ("dependency-groups.lint", "tool.pdm.dev-dependencies.old")
    both = ("dependency-groups.test", "tool.poetry.group.test.dependencies")
    found = {each.target: each.sections for each in manifest.links}
    assert found == {
        "test": (*both, *inner[::-1][1:], inner[1]),
        "lint": (inner[0], *both, inner[1]),
        "old": inner[1:],
    }
    sections = {each.section for each in manifest.dependencies}
    assert sections <= set(found["test"])


@pytest.mark.parametrize(
    ("lines", "where", "reason"),
    [
        ("a = [{include-group = 'b'}]", "b", "There is no group called 'b'."),
        ("a = [{include-group = 'a'}]", "a", "The group 'a' would include itself."),
        (
            "a = [{include-group = 'b'}]\nb = [{include-group = 'A'}]",
            "A",
            "The group 'A' would include itself.",
        ),
        (
            "a-b = []\nA_b = []",
            "A_b",
            "This is the same name as 'a-b': case and '-', '_' and '.' do not count.",
        ),
        ("'a b' = []", "a b", "A group cannot have this name."),
        ("a = 'b'", "'b'", "'dependency-groups.a' must be a list of requirements."),
        (
            "a = [{include-group = 'a', x = 1}]",
            "{include-group = 'a', x = 1}",
            "A group holds requirements and {include-group = 'name'} tables.",
        ),
        ("a = [1]", "1", "A group holds requirements and {include-group = 'name'} tables."),
        ("a = [{include-group = 1}]", "1", "The name of a group must be a string."),
    ],
)
def test_what_the_standard_refuses_is_a_problem_at_its_place(lines, where, reason):
    text = groups(lines)
    (problem,) = read(text).problems
    assert problem.span.slice(text).strip('"') == where
    assert problem.reason == reason


@pytest.mark.parametrize(
    "lines",
    [
        "a = [{}]",
        "a = [{include-group",
        "a = [{include-group = ",
        "a = [{include-group = ''}]",
        "a = [",
        "a = [{include-group = 'b'}, {include-group = 'c'}]\nb = [{include-group = 'c'}]\nc = []",
        "a = ['']",
        "a = []\na = []",
    ],
)
def test_what_is_right_or_still_being_typed_is_no_problem(lines):
    assert read(groups(lines)).problems == ()


def test_each_include_that_closes_a_cycle_is_told_once():
    lines = [
        f"g{at} = [{{include-group = 'g{(at + 1) % 50}'}}, {{include-group = 'g0'}}]"
        for at in range(50)
    ]
    manifest = read(groups("\n".join(lines)))
    assert len(manifest.problems) == 51
    assert len(manifest.links) == 100


def test_a_long_chain_of_includes_is_followed():
    lines = [f"g{at} = [{{include-group = 'g{at + 1}'}}]" for at in range(5000)]
    assert len(read(groups("\n".join([*lines, "g5000 = []"]))).problems) == 0


def test_poetrys_groups_and_the_standards_include_each_other():
    text = groups(
        "a = [{include-group = 'b'}]\nc = []",
        "[tool.poetry.group.b]\ninclude-groups = ['c', 'd', 'a']\n",
    )
    manifest = read(text)
    assert [(link.span.slice(text), link.target) for link in manifest.links] == [
        ("b", "b"),
        ("c", "c"),
        ("a", "a"),
    ]
    assert [problem.reason for problem in manifest.problems] == [
        "There is no group called 'd'.",
        "The group 'a' would include itself.",
    ]


def test_a_group_of_one_name_may_stand_in_both_tables_spelled_alike():
    more = "[tool.poetry.group.{}.dependencies]\nx = '1'\n"
    assert read(groups("dev = []", more.format("dev"))).problems == ()
    (problem,) = read(groups("dev = []", more.format("Dev"))).problems
    assert "same name as 'dev'" in problem.reason


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("'a'", "'include-groups' must be a list of the names of groups."),
        ("[1]", "The name of a group must be a string."),
    ],
)
def test_poetrys_includes_are_names(value, reason):
    (problem,) = read(f"[tool.poetry.group.x]\ninclude-groups = {value}\n").problems
    assert problem.reason == reason


def test_pdms_own_groups_may_be_included():
    text = groups("a = [{include-group = 'B'}]", "[tool.pdm.dev-dependencies]\nb = ['x']\n")
    assert read(text).problems == ()


def test_uv_may_require_another_python_for_a_group():
    text = groups(
        "new = ['a']\nold = ['b']\nnone = ['c']",
        "[tool.uv.dependency-groups]\nNew = {requires-python = '>=3.12'}\n"
        "old = {requires-python = '>=3.6'}\nnone = 1\n[project]\nrequires-python = '>=3.9'\n",
    )
    runtimes = {each.name: each.runtime for each in read(text).dependencies}
    assert runtimes == {"a": ">=3.12", "b": ">=3.9", "c": ">=3.9"}

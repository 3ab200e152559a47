"""The patterns of a workspace's members."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.ecosystems.npm.manifests.member_patterns import (
    Reach,
    is_exclusion,
    is_member,
    pattern_steps,
)


@pytest.mark.parametrize(
    ("folder", "patterns", "expected"),
    [
        ("packages/a", ["packages/*"], True),
        ("packages/a", ["./packages/*/"], True),
        ("packages/a", ["/packages/*"], True),
        ("packages/a", ["packages\\*"], True),
        ("packages/a", ["packages"], False),
        ("packages", ["packages/*"], False),
        ("packages/a/b", ["packages/*"], False),
        ("packages/a/b", ["packages/**"], True),
        ("packages", ["packages/**"], True),
        ("a/b/c", ["**"], True),
        ("a/b/c", ["**/c"], True),
        ("a/b/c", ["**/b"], False),
        ("a/b/c", ["a/**/c"], True),
        ("a/c", ["a/**/c"], True),
        ("packages/a", ["packages/{a,b}"], True),
        ("packages/a", ["packages/@(a|b)"], True),
        ("packages/a", ["packages/[ab]"], True),
        ("packages/abc", ["packages/a*c"], True),
        ("packages/.a", ["packages/*"], False),
        ("packages/.a", ["packages/.a"], True),
        ("packages/a", ["packages/*", "!packages/a"], False),
        ("packages/a", ["!packages/a", "packages/*"], True),  # the last one decides
        ("packages/a", ["packages/*", "!!packages/a"], True),
        ("a/test/b", ["**", "!**/test/**"], False),
        ("a/test", ["**", "!**/test/**"], False),
        ("a", [], False),
        ("a", [""], False),
    ],
)
def test_a_folder_is_a_member_by_the_last_pattern_that_matches(folder, patterns, expected):
    assert is_member(folder.split("/"), patterns) is expected


@pytest.mark.parametrize(("pattern", "expected"), [("a", False), ("!a", True), ("!!a", False)])
def test_an_odd_number_of_marks_takes_out(pattern, expected):
    assert is_exclusion(pattern) is expected


STEP = st.sampled_from(["a", "b", "ab", "*", "a*", "**", "[ab]"])


@given(st.lists(STEP, max_size=4), st.lists(st.sampled_from(["a", "b", "ab"]), max_size=4))
def test_no_step_to_a_member_is_left_out_on_the_way(pattern, steps):
    reach = Reach(pattern_steps("/".join(pattern)))
    for step in steps:
        if reach.names is not None and step not in reach.names:
            reach = Reach((), ())
        reach = reach.step(step)
    assert reach.is_whole is is_member(steps, ["/".join(pattern)])
    assert reach.is_open or not reach.is_whole


@pytest.mark.parametrize(
    ("pattern", "steps", "names"),
    [
        ("packages/*", [], {"packages"}),
        ("packages/*", ["packages"], None),
        ("packages/*", ["packages", "a"], set()),
        ("a/b", ["a"], {"b"}),
        ("a/**", ["a", "b"], None),
        ("a/b", ["x"], set()),
    ],
)
def test_only_where_any_name_may_lead_on_is_a_folder_listed(pattern, steps, names):
    reach = Reach(pattern_steps(pattern))
    for step in steps:
        reach = reach.step(step)
    assert reach.names == names


def test_many_deep_wildcards_take_no_longer():
    pattern = "/".join(["**", "a"] * 200)
    assert is_member(["a"] * 300, [pattern])
    assert not is_member([*["a"] * 300, "b"], [pattern])

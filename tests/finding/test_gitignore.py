"""Lines of a .gitignore, one at a time; test_ignored.py holds them to git."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.finding.gitignore import parse


def matches(line: str, path: str) -> bool:
    pattern = parse(line)
    assert pattern is not None
    return pattern.matches(path.rstrip("/").split("/"), is_folder=path.endswith("/"))


@pytest.mark.parametrize("line", ["", "   ", "# a", "!", "/", "a//b", "[a", "a\\", "[[:no:]]"])
def test_lines_that_never_match(line: str):
    assert parse(line) is None


@pytest.mark.parametrize(
    ("line", "yes", "no"),
    [
        ("a", ["a", "b/a", "a/"], ["ab", "a/b"]),
        ("/a", ["a"], ["b/a"]),
        ("a/b", ["a/b"], ["c/a/b"]),
        ("a/", ["a/", "b/a/"], ["a"]),
        ("**/a", ["a", "b/c/a"], ["a/b"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "a/"]),
        ("a/**/b", ["a/b", "a/c/d/b"], ["a/c"]),
        ("*.t?t", ["x.txt", "b/.tat"], ["x.tt"]),
        ("[!a-c]x", ["dx"], ["ax", "x"]),
        ("[]-]", ["]", "-"], ["a"]),
        (r"\#a\*", ["#a*"], ["#ab"]),
        (r"a\ ", ["a "], ["a"]),
        ("a ", ["a"], ["a "]),
        ("*a*b*", ["ab", "xaxbx"], ["ba"]),
    ],
)
def test_what_a_line_matches(line: str, yes: list[str], no: list[str]):
    assert [path for path in yes if not matches(line, path)] == []
    assert [path for path in no if matches(line, path)] == []


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("*a" * 80 + "b", "a" * 255),
        ("/**/a" * 500 + "/b", "/".join("a" * 2000)),
        ("?*" * 80 + "b", "a" * 255),
        ("*" * 4000 + "b", "a" * 255),
    ],
)
def test_no_pattern_holds_the_matching_for_long(line: str, path: str):
    """To try every way to share a name among the stars takes for ever."""
    assert not matches(line, path)


@given(st.text("ab*?[]!^-\\/ #:", max_size=12), st.text("ab/-]", min_size=1, max_size=8))
def test_every_line_can_be_read(line: str, path: str):
    pattern = parse(line)
    if pattern is not None:
        pattern.matches(path.split("/"), is_folder=False)

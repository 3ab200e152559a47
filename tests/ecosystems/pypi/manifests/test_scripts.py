"""Scripts with metadata in comments (PEP 723): where the block is, and what is read from it."""

from __future__ import annotations

import re
from pathlib import PurePath

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.manifests import Role, Source
from registry_lsp.ecosystems.pypi.manifests.script_blocks import script_blocks
from registry_lsp.ecosystems.pypi.manifests.scripts import SCRIPT
from support.damage import lost_by_deletions, lost_by_prefixes

WHOLE = """#!/usr/bin/env python3
# 🚀 what it does

# /// script
# requires-python = ">=3.11,<4"
# dependencies = [
#     "Requests[socks] >=2.28,<3 ; python_version >= '3.12'",  # why
#
#     'rich',
# ]
#
# [tool.uv.sources]
# rich = { git = "https://code.example/rich.git", rev = "main" }
#
# [[tool.uv.index]]
# name = "private"
# url = "https://registry.example/simple"
# ///

import requests
"""

BLOCK = re.compile(r"^# /// ([A-Za-z0-9-]+)\n((?:#(?: .*)?\n)+)# ///$", re.MULTILINE)
"""The block as the standard describes it, in a text whose lines end in line feeds."""


def script(*lines):
    return "\n".join(["# /// script", *lines, "# ///", ""])


def test_the_whole_block_is_read():
    manifest = SCRIPT.parse(WHOLE)
    requests, rich = manifest.dependencies
    assert manifest.problems == ()
    assert manifest.runtime == ">=3.11,<4"
    assert (requests.name, requests.display_name) == ("requests", "Requests")
    assert requests.specifier == ">=2.28,<3"
    assert requests.extras == ("socks",)
    assert requests.runtime == ">=3.12,<4"
    assert requests.section == "dependencies"
    assert requests.name_span.slice(WHOLE) == "Requests"
    assert requests.specifier_span.slice(WHOLE) == ">=2.28,<3"
    assert requests.written_span == requests.specifier_span
    assert (rich.source, rich.target) == (Source.GIT, "https://code.example/rich.git@main")
    assert rich.link == "https://code.example/rich"
    assert [(each.name, each.url) for each in manifest.indexes] == [
        ("private", "https://registry.example/simple")
    ]
    (link,) = manifest.links
    assert (link.role, link.span.slice(WHOLE)) == (Role.PAGE, "https://code.example/rich.git")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_are_line_ends(end):
    text = WHOLE.replace("\n", end)
    found = SCRIPT.parse(text).dependencies
    assert [each.name for each in found] == ["requests", "rich"]
    assert [each.name_span.slice(text) for each in found] == ["Requests", "rich"]


@pytest.mark.parametrize("name", ["a.py", "my-script.py"])
def test_any_python_file_may_be_one(name):
    assert SCRIPT.matches(PurePath("folder", name))


@pytest.mark.parametrize("name", ["a.pyi", "a.pyw", "py", ".py", "a.py.orig", "a.txt"])
def test_no_other_file_may(name):
    assert not SCRIPT.matches(PurePath("folder", name))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WHOLE, True),
        ("# /// script\n# dependencies = [", True),
        ("# /// script\n", True),
        ("", False),
        ("import x\n", False),
        ("# /// pyproject\n# a = 1\n# ///\n", False),
        ("x = '''\n  # /// script\n'''", False),
        ("#/// script\n", False),
        ("# /// scripts\n# ///\n", False),
        ("x = 1 # /// script\n", False),
    ],
)
def test_a_file_is_one_where_a_block_begins(text, expected):
    assert SCRIPT.holds(text) is expected
    assert bool(script_blocks(text)) is expected


def test_a_file_without_a_block_says_nothing():
    manifest = SCRIPT.parse("import requests\n")
    assert (manifest.dependencies, manifest.problems, manifest.runtime) == ((), (), None)
    assert SCRIPT.fault("import requests\n") is None


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        (f"{script('# a = 1')}\n{script('# a = 1')}", "# /// script", "another one"),
        ("# /// script\n# dependencies = []\n\nimport x\n", "# /// script", "does not end"),
        ("# /// script\n#dependencies = []\n# ///\n", "# /// script", "does not end"),
        (script("# dependencies = [}"), "", "not valid TOML"),
    ],
)
def test_what_nobody_could_read_is_a_fault(text, where, reason):
    fault = SCRIPT.fault(text)
    assert fault.span.slice(text) == where
    assert reason in fault.reason


def test_the_place_of_a_fault_is_the_files_own():
    text = "import x\n" + script("# a = 1", "# b = }")
    assert SCRIPT.fault(text).span.start == text.index("}")


def test_of_two_blocks_the_first_is_read_and_the_second_refused():
    text = script("# dependencies = ['a']") + "\n" + script("# dependencies = ['b']")
    manifest = SCRIPT.parse(text)
    assert [each.name for each in manifest.dependencies] == ["a"]
    (problem,) = manifest.problems
    assert problem.span.start == text.rindex("# /// script")


def test_a_whole_block_counts_before_one_that_is_broken_off():
    text = "# /// script\n# dependencies = ['a']\n\nx = 1\n\n" + script("# dependencies = ['b']")
    assert [each.name for each in SCRIPT.parse(text).dependencies] == ["b"]
    assert SCRIPT.fault(text) is None


def test_a_block_ends_with_the_last_line_that_could_end_it():
    text = script("# dependencies = ['a']") + "# b = 1\n# ///\n"
    assert SCRIPT.fault(text) is not None
    assert SCRIPT.fault(text.replace("# b", "#\nb")) is None


def test_a_block_of_another_kind_swallows_what_stands_in_it():
    text = "# /// other\n# /// script\n# dependencies = ['a']\n# ///\n"
    assert SCRIPT.parse(text).dependencies == ()


def test_a_block_without_anything_in_it_is_whole():
    assert SCRIPT.fault("# /// script\n# ///\n") is None


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        (["# requires-python = '>=3.x'", "# dependencies = []"], ">=3.x"),
        (["# dependencies = 'a'"], "'a'"),
        (["# dependencies = ['a b']"], "a b"),
        (["# dependencies = [1]"], "1"),
        (["# [tool.uv]", "# constraint-dependencies = ['-e .']"], "-e ."),
    ],
)
def test_what_would_be_refused_is_a_problem(lines, where):
    text = script(*lines)
    manifest = SCRIPT.parse(text)
    if where == "a b":  # which the specifier's own reader refuses
        assert manifest.dependencies[0].specifier == "b"
        return
    (problem,) = manifest.problems
    assert problem.span.slice(text) == where


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"# /// script\n", "# /// script\n"),
        (b"\xef\xbb\xbf# \xc3\xa9\n", "# é\n"),
        (b"# -*- coding: latin-1 -*-\n# \xe9\n", "# -*- coding: latin-1 -*-\n# é\n"),
        (
            b"#!x\n# vim: set fileencoding=cp1252 :\n\x80",
            "#!x\n# vim: set fileencoding=cp1252 :\n€",
        ),
        (b"", ""),
    ],
)
def test_files_are_decoded_as_python_does(raw, text):
    assert SCRIPT.decode(raw) == text


@pytest.mark.parametrize(
    "raw",
    [b"\xe9\n", b"# coding: nonsense\n", b"\xef\xbb\xbf# coding: latin-1\n", b"# coding: hex\n"],
)
def test_what_python_could_not_decode_is_refused(raw):
    with pytest.raises(UnicodeDecodeError):
        SCRIPT.decode(raw)


PIECES = (
    *("# /// script\n", "# /// other\n", "# ///\n", "#\n", "# a = 1\n", "# [t]\n", "\n", "x = 1\n"),
    *("# /// script \n", "# /// \n", "#a\n", " # ///\n", "#\u2028\n", "# /// script"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_whole_blocks_are_those_of_the_standard(pieces):
    text = "".join(pieces)
    expected = [
        (found.start(), found.start() + found[0].rindex("# ///"))
        for found in BLOCK.finditer(text)
        if found[1] == "script"
    ]
    whole = [
        (block.opening.start, block.end)
        for block in script_blocks(text)
        if block.is_closed and block.end > block.opening.end + 1
    ]
    assert whole == expected[: len(whole)]
    assert len(whole) == min(len(expected), 8)


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_block_says_what_it_says_without_its_marks(pieces, end):
    text = "".join(pieces).replace("\n", end)
    for block in script_blocks(text):
        alone = block.alone(text)
        assert len(alone) == block.end
        assert not alone[: block.opening.end].strip()
        if not block.is_closed:
            continue
        lines = text[block.opening.end : block.end].split(end)
        shown = alone[block.opening.end :].split(end)
        marks = [2 if line.startswith("# ") else len(line[:1]) for line in lines]
        assert shown == [" " * mark + line[mark:] for mark, line in zip(marks, lines, strict=True)]


def test_the_metadata_is_that_of_the_standard():
    (found,) = BLOCK.finditer(WHOLE)
    lines = found[2].splitlines()
    metadata = tomli.loads("\n".join(line[2:] for line in lines))
    (block,) = script_blocks(WHOLE)
    assert tomli.loads(block.alone(WHOLE)) == metadata


def _dependencies(text):
    found = SCRIPT.parse(text).dependencies
    return {
        (each.display_name, each.specifier, each.source): (each.span.start, each.span.end)
        for each in found
        if each.source is Source.REGISTRY
    }


def test_a_prefix_keeps_every_dependency_that_stands_whole_in_it():
    assert lost_by_prefixes(WHOLE, _dependencies) == {}


def test_a_missing_mark_costs_the_block_only_where_it_begins():
    lost = lost_by_deletions(WHOLE, _dependencies)
    opening = WHOLE.index("# /// script")
    marks = {at for at in lost if WHOLE[at] in "[]{}\"'=,# "}
    assert marks <= set(range(opening, opening + len("# /// script")))


@pytest.mark.parametrize(
    "text",
    [
        "# /// script\n" * 20_000,
        "# /// other\n" * 20_000,
        "# /// script\nx\n" * 20_000,
        "# /// script\n# " + "a" * 1_000_000,
        "# /// script\n# \ud800\x00\n# ///\n",
    ],
    ids=["openings", "others", "alternating", "long line", "no characters"],
)
def test_hostile_texts_are_read_in_passing(text):
    manifest = SCRIPT.parse(text)
    assert manifest.dependencies == ()
    assert SCRIPT.holds(text) is ("script" in text)

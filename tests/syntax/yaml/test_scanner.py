"""Whole YAML: the scanner says what PyYAML says, and where.

PyYAML reads YAML 1.1, and its ``BaseLoader`` takes every scalar for a string: what is a string
and what is not is held to the core schema of YAML 1.2 by hand.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from registry_lsp.syntax.nodes import ArrayNode, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.yaml.scalars import YAML_ESCAPES
from registry_lsp.syntax.yaml.scanner import scan_yaml, scan_yaml_documents, yaml_fault
from registry_lsp.syntax.yaml.values import MOST_COPIED
from support.trees import plain, strings
from support.yaml_texts import YAML_TEXTS

LOCKS = Path(__file__).parents[2] / "ecosystems" / "npm" / "locks"
REAL = sorted(
    path
    for name in ("pnpm-lock.yaml", "pnpm-workspace.yaml", ".yarnrc.yml", "yarn.lock")
    for path in LOCKS.rglob(name)
    if "yarn lockfile v1" not in path.read_text("utf-8")
)


def said(node):
    """What a tree says, every scalar as a string and what is empty too."""
    if node is None:
        return ""
    if isinstance(node, ArrayNode):
        return [said(item) for item in node.items]
    if isinstance(node, TableNode):
        return {key.value: said(value) for key, value in node.members}
    return plain(node, str)


def agrees(text):
    documents = [
        "" if each is None else each for each in yaml.load_all(text, Loader=yaml.BaseLoader)
    ]
    assert [said(each) for each in scan_yaml_documents(text)] == (documents or [""])
    assert yaml_fault(text) is None


# --- what it says ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", YAML_TEXTS.values(), ids=YAML_TEXTS)
def test_whole_files_are_read_as_pyyaml_reads_them(text):
    agrees(text)


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_real_files_are_read_as_pyyaml_reads_them(path):
    agrees(path.read_text("utf-8"))


def test_there_are_real_files_of_each_kind():
    assert {path.name for path in REAL} >= {"pnpm-lock.yaml", "pnpm-workspace.yaml", "yarn.lock"}


# U+0085, U+2028 and U+2029 end lines in YAML 1.1, and no longer in 1.2.
TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x85\u2028\u2029\ufeff"),
    max_size=30,
) | st.text(alphabet="ab1 -:?#,[]{}'\"&*!|>%@`~^=./\\\t\n\r", max_size=30)
VERSION = st.text(alphabet="0123456789.^~<>=|* xX-", max_size=12)
TREE = st.recursive(
    TEXT | VERSION,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(
    tree=TREE,
    default_flow_style=st.sampled_from([True, False, None]),
    default_style=st.sampled_from([None, "'", '"', "|", ">"]),
    indent=st.integers(2, 6),
    width=st.sampled_from([5, 20, 80, 10_000]),
    allow_unicode=st.booleans(),
    explicit_start=st.booleans(),
    line_break=st.sampled_from(["\n", "\r\n"]),
)
def test_what_pyyaml_writes_is_read_as_it_reads_it(tree, **options):
    agrees(yaml.dump(tree, sort_keys=False, Dumper=WithoutAliases, **options))


class WithoutAliases(yaml.SafeDumper):
    """Writes what is there twice twice."""

    def ignore_aliases(self, data):
        return True


PIECES = [
    *("a", "b", "1.0", "~", "^1", "'", '"', "\\", "\\n", "#", " #", "%", "@", ","),
    *(" ", "  ", "\n", "\n  ", "\n    ", "\n\n", "\t", ": ", ":", ":\n", "- ", "\n- ", "\n  - "),
    *("[", "]", "{", "}", "&a ", "*a", "? ", "\n---\n", "\n...\n"),
]
_NO_KEY = re.compile(r"(?m)(?:^|[-?&,{\[:][a ]?)[ \t]*:(?=[ \t\n,\]}]|$)")
_TIGHT_COMMENT = re.compile(r"[\]}'\"]#")
_KEY_BELOW = re.compile(r"\?[ \t]*(?:#.*)?\n|\?[ \t]*&")


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_pyyaml_accepts_is_read_as_it_reads_it(text):
    text += "\n"
    # a key that is empty, or not on the line of its '?', is nobody's name
    assume(not _NO_KEY.search(text))
    assume(not _KEY_BELOW.search(text))
    assume(not _TIGHT_COMMENT.search(text))  # which YAML does not know
    try:
        documents = list(yaml.load_all(text, Loader=yaml.BaseLoader))
    except (yaml.YAMLError, TypeError, AttributeError):  # collections as keys are two of these
        assume(False)
    assume("&" not in text or "*" not in text)  # whose names may be longer in YAML 1.2
    fault = yaml_fault(text)
    # PyYAML alone lets the lines of a quoted scalar stand anywhere
    assume(fault is None or "its line is not indented" not in fault.reason)
    documents = ["" if each is None else each for each in documents] or [""]
    assert [said(each) for each in scan_yaml_documents(text)] == documents


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("? a\n: b", {"a": "b"}),
        ("? a\n:\n  b: c\n  d: e", {"a": {"b": "c", "d": "e"}}),
        ("? a\n: b: c\n  d: e", {"a": {"b": "c", "d": "e"}}),
        ("? a\n: - b\n  - c", {"a": ["b", "c"]}),
        ("? 'a\n\n  b'\n: c", {"a\nb": "c"}),
        ("a:\n- b\n- c\nd: e", {"a": ["b", "c"], "d": "e"}),
        ("- - a\n  - b\n- c: d\n  e: f", [["a", "b"], {"c": "d", "e": "f"}]),
        ("- a:\n  - b\n  c: d", [{"a": ["b"], "c": "d"}]),
        ("-\n  a: b\n-\n- c", [{"a": "b"}, "", "c"]),
        ("a: b\n  c\n\n  d\ne: f", {"a": "b c\nd", "e": "f"}),
        ("a: b # c\nd: e#f", {"a": "b", "d": "e#f"}),
        ("a: b:c\nd: :e", {"a": "b:c", "d": ":e"}),
        ("a : b\n'c' : d\n\"e\" : f", {"a": "b", "c": "d", "e": "f"}),
        ("a: {b, c: , 'd':e, ? f : g}", {"a": {"b": "", "c": "", "d": "e", "f": "g"}}),
        ("a: [b: c, {d: e}, [f], ]", {"a": [{"b": "c"}, {"d": "e"}, ["f"]]}),
        ("a: [\n  b, # c\n  d\n]\ne: f", {"a": ["b", "d"], "e": "f"}),
        ("a: {\n  b: c\n}\n", {"a": {"b": "c"}}),
        ("a: [b\n  c, d]", {"a": ["b c", "d"]}),
        ("a: 'it''s'\nb: \"\\x41\\u00e9\\U0001f680\\t\\/\"", {"a": "it's", "b": "Aé🚀\t/"}),
        ('a: "\\ud83d\\ude80"', {"a": "🚀"}),
        ('a: "b \\\n  c\\\n\n  d"', {"a": "b c\nd"}),
        ("a: 'b\n\n  c'", {"a": "b\nc"}),
        ("a: |\n  b\n   c\n\n  d\n\ne: f", {"a": "b\n c\n\nd\n", "e": "f"}),
        ("a: |+\n  b\n\nc: d", {"a": "b\n\n", "c": "d"}),
        ("a: |-\n  b\n\nc: d", {"a": "b", "c": "d"}),
        ("a: |2\n   b\n  c\nd: e", {"a": " b\nc\n", "d": "e"}),
        ("a: > # c\n  b\n  c\n\n  d\n   e\n  f\n", {"a": "b c\nd\n e\nf\n"}),
        ("- |\n a\n- b", ["a\n", "b"]),
        ("a: &x b\nc: *x", {"a": "b", "c": "b"}),
        ("a: &x\n  b: c\nd: *x", {"a": {"b": "c"}, "d": {"b": "c"}}),
        ("a: &x [b]\nd: [*x, *x]", {"a": ["b"], "d": [["b"], ["b"]]}),
        ("&x a: b\nc: *x", {"a": "b", "c": "a"}),
        ("a: !!str 1.0\nb: !foo c\nd: ! 1", {"a": "1.0", "b": "c", "d": "1"}),
        ("\ufeffa: b", {"a": "b"}),
        ("%YAML 1.2\n---\na: b\n...\n", {"a": "b"}),
        ("--- {a: b}", {"a": "b"}),
        ("--- |\n a\n", "a\n"),
        ("a:\tb\nc:\n-\td", {"a": "b", "c": ["d"]}),
        ("a: b\rc: d", {"a": "b", "c": "d"}),
        ("a: b\u2028c\x85d", {"a": "b\u2028c\x85d"}),  # line ends in YAML 1.1 only
        ("", ""),
        ("# a\n", ""),
    ],
)
def test_every_notation_is_understood(text, expected):
    assert said(scan_yaml(text)) == expected
    assert yaml_fault(text) is None


# --- strings and others --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("1", "-1", "+1", "1.0", "1.", ".5", "1e3", "-1.5E-3", "0o17", "0x1F", "007", "09"),
        *(".inf", "-.INF", ".NaN", "true", "True", "TRUE", "false", "null", "Null", "NULL", "~"),
    ],
)
def test_what_the_core_schema_calls_no_string_is_none(text):
    value = scan_yaml(f"a: {text}").get("a")
    assert value == ScalarNode(text, 3, 3 + len(text))


@pytest.mark.parametrize(
    "text",
    [
        *("1.0.0", "^1.0", "~1", "1.x", "1.0-beta", "v1", "latest", "--", "+", ".", "-1-", "1e"),
        # all of these are something else in YAML 1.1
        *("yes", "no", "on", "off", "y", "n", "Yes", "1_000", "0b11", "1:30", "190:20:30"),
        *("=", "<<", "2001-12-14"),
    ],
)
def test_what_is_no_string_elsewhere_may_be_one(text):
    value = scan_yaml(f"a: {text}").get("a")
    assert value == StringNode(text, 3, 3 + len(text), 3, 3 + len(text))


def test_in_quotes_everything_is_a_string():
    root = scan_yaml("a: '1.0'\nb: \"true\"\n1.0: c")
    assert [value.value for _, value in root.members] == ["1.0", "true", "c"]
    assert root.members[2].key.value == "1.0"


def test_what_is_not_written_is_none():
    root = scan_yaml("a:\nb: # c\nd: {e, f: }\ng: *nobody\n")
    assert [value for _, value in root.members if not isinstance(value, TableNode)] == [None] * 3
    assert [value for _, value in root.table("d").members] == [None, None]


# --- where it stands -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", YAML_TEXTS.values(), ids=YAML_TEXTS)
def test_every_string_stands_where_it_says(text):
    for each in strings(scan_yaml(text)):
        raw = each.inner.slice(text)
        if "\\" not in raw and "\n" not in raw:
            assert raw.replace("''", "'") == each.value
        assert each.is_bare or text[each.start] == text[each.end - 1] in "'\""


def test_collections_stand_where_their_entries_do():
    text = "a:\n  b: c # d\n  e:\n  - f\n  - {g: h}\n"
    table = scan_yaml(text).table("a")
    assert table.span.slice(text) == "b: c # d\n  e:\n  - f\n  - {g: h}"
    assert table.get("e").span.slice(text) == "- f\n  - {g: h}"
    assert table.get("e").items[1].span.slice(text) == "{g: h}"


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("a: npm:b@^1", "^1", "^1"),
        ("a: 'npm:b@^1'", "^1", "^1"),
        ('a: "npm:\\x62@^\\x31"', "^1", "^\\x31"),
        ("a: 'it''s ^1'", "^1", "^1"),
        ("a: b\n  ^1", "^1", "b\n  ^1"),
        ("x: &x npm:b@^1\na: *x", "^1", "*x"),
    ],
)
def test_a_part_of_a_string_is_found_in_the_text(text, part, expected):
    string = scan_yaml(text).get("a")
    start = string.value.index(part)
    found = YAML_ESCAPES.locate(text, string, start, start + len(part))
    assert found.slice(text) == expected


# --- aliases and documents -----------------------------------------------------------------------


def test_an_alias_of_a_string_stands_where_the_alias_does():
    text = "a: &v ^1.0.0\nb: *v\n"
    value = scan_yaml(text).get("b")
    assert (value.value, value.span.slice(text)) == ("^1.0.0", "*v")


def test_few_lines_never_stand_for_a_billion():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in pairwise("abcdefghi")]
    root = scan_yaml("\n".join(lines))

    def size(node):
        return 1 + sum(size(item) for item in node.items) if isinstance(node, ArrayNode) else 1

    assert size(root.get("c")) > 9**3
    assert sum(size(value) for _, value in root.members) < 2 * MOST_COPIED + 200


def test_an_alias_of_what_it_stands_in_is_nothing():
    assert said(scan_yaml("a: &a\n  b: *a\n")) == {"a": {"b": ""}}
    assert yaml_fault("a: &a\n  b: *a\n") is None


def test_each_document_is_its_own():
    text = "---\na: &x b\n---\nc: *x\n...\n# d\n---\n- e\n"
    documents = scan_yaml_documents(text)
    assert [said(each) for each in documents] == [{"a": "b"}, {"c": ""}, ["e"]]
    assert scan_yaml(text) == documents[0]

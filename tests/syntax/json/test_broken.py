"""Broken JSON: nothing raises, nothing stalls, and only what is broken is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.nodes import ArrayNode, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.reading import MAX_DEPTH
from support.damage import lost_by_deletions, lost_by_prefixes
from support.scanned_texts import PACKAGE_JSON, PACKAGE_JSON_LAYOUTS
from support.trees import strings

SECTIONS = re.compile(r'"(?:d|devD|peerD)ependencies"')


def _entries(text):
    """The entries of the sections, each with where it stands."""
    root = scan_json(text)
    found = {}
    for key, section in root.members if isinstance(root, TableNode) else ():
        if key.value.endswith("ependencies") and isinstance(section, TableNode):
            for name, value in section.members:
                if isinstance(value, StringNode):
                    found[key.value, name.value, value.value] = (name.start, value.end)
    return found


@pytest.mark.parametrize("text", PACKAGE_JSON_LAYOUTS.values(), ids=PACKAGE_JSON_LAYOUTS)
def test_a_prefix_keeps_every_entry_that_stands_whole_in_it(text):
    assert len(_entries(text)) == 6
    assert lost_by_prefixes(text, _entries) == {}


@pytest.mark.parametrize("layout", ["two spaces", "tabs and CRLF", "four spaces"])
def test_a_missing_character_costs_the_entry_it_is_missing_from(layout):
    text = PACKAGE_JSON_LAYOUTS[layout]
    named = [range(*found.span()) for found in SECTIONS.finditer(text)]
    lost = lost_by_deletions(text, _entries)
    # a letter of a section's name makes it another one: that loses the section, and nothing else
    assert all(any(at in span for span in named) for at in lost)
    for at, entries in lost.items():
        sections = {section for section, _, _ in entries}
        assert len(sections) == 1, at


@pytest.mark.parametrize("layout", ["one line", "no space at all", "no indent"])
def test_without_a_layout_a_missing_brace_costs_the_sections_behind_it(layout):
    text = PACKAGE_JSON_LAYOUTS[layout]
    named = [range(*found.span()) for found in SECTIONS.finditer(text)]
    lost = lost_by_deletions(text, _entries)
    assert {text[at] for at in lost if not any(at in span for span in named)} <= {"{", "}"}


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ('"react": ', None),
        ('"react": "', ""),
        ('"react": "^1', "^1"),
        ('"react": "^1,', "^1"),
        ('"react": "^1",', "^1"),
        ('"react"', None),
        ('"rea', None),
        ('"react"\n    "rea"', None),
        ('"', None),
        ('"react": ^1",', None),
        ('react": "^1",', "^1"),
        ('"react: "^1",', "^1"),
        ('react: "^1",', "^1"),
        ('"react" "^1",', "^1"),
        ('"react":: "^1"', None),
        ('"react": "^1" "lodash": "2"', "^1"),
        ('"react": "^1, "lodash": "2"', "^1"),
        ('"react": {', None),
        ('"react": [', None),
        ('"react": "^1"]', "^1"),
        ('"react": "^1" // why', "^1"),
        ('"react": "^1\\', "^1\\"),
        ("rea", None),
        ("!", None),
        (":", None),
    ],
)
def test_a_half_typed_entry_leaves_the_others_alone(broken, expected):
    text = f"""{{
  "dependencies": {{
    "before": "1.0.0",
    {broken}
    "after": "2.0.0"
  }},
  "devDependencies": {{
    "later": "3.0.0"
  }}
}}
"""
    root = scan_json(text)
    section = root.table("dependencies")
    assert section.string("before") == "1.0.0"
    assert section.string("after") == "2.0.0"
    assert root.table("devDependencies").string("later") == "3.0.0"
    react = section.get("react")
    assert (react.value if isinstance(react, StringNode) else None) == expected


def test_an_unclosed_string_knows_that_it_is_and_ends_with_its_line():
    text = '{"a": "x  , \n"b": "y"}'
    value = scan_json(text).get("a")
    assert not value.is_closed
    assert value.span.slice(text) == '"x'
    assert value.inner.slice(text) == "x"


def test_the_closing_quote_of_a_long_string_is_believed():
    short = f'{{"a": "{"x" * 200}, "b": "1"}}'
    assert scan_json(short).string("b") == "1"
    long = f'{{"a": "{"x" * 300}, "b": "1"}}'
    assert scan_json(long).string("a") == "x" * 300 + ", "


def test_a_table_without_a_key_is_passed_over():
    root = scan_json('{"a": "1", {"b": "2"}, ["c"], "d": "3"}')
    assert [key.value for key, _ in root.members] == ["a", "d"]


def test_a_brace_too_many_does_not_end_the_text():
    root = scan_json('{\n  "a": {}\n  },\n  "b": "1"\n}\n')
    assert root.string("b") == "1"


@pytest.mark.parametrize("key", ["b", "\\u0062"])
def test_a_key_too_far_left_ends_the_object_before_it(key):
    root = scan_json(f'{{\n  "a": {{\n    "x": "1",\n  "{key}": "2"\n}}\n')
    assert root.table("a").string("x") == "1"
    assert root.string("b") == "2"


def test_what_lacks_its_quotes_is_kept_as_it_is_written():
    root = scan_json('{"a": ^1 , "b": ["x:y, "z", ^2 ]}')
    assert root.get("a") == ScalarNode("^1", 6, 8)
    assert [each.value for each in root.get("b").items[:2]] == ["x:y", "z"]
    assert root.get("b").items[2].text == "^2"


def test_a_missing_brace_is_told_from_a_value_still_to_be_typed_by_the_layout():
    missing = '{\n  "a": \n    "b": "1"\n  },\n  "c": "2"\n}'
    assert scan_json(missing).table("a").string("b") == "1"
    assert scan_json(missing).string("c") == "2"
    typing = '{\n  "a": \n  "b": "1",\n  "c": "2"\n}'
    assert scan_json(typing).get("a") is None
    assert scan_json(typing).string("b") == "1"


@pytest.mark.parametrize("rest", ["}", "}}", "]", "} x", '} "z": 1', ",", "} // end\n]"])
def test_what_follows_the_text_harms_nothing_in_it(rest):
    assert _entries(PACKAGE_JSON + rest) == _entries(PACKAGE_JSON)


@given(st.text(alphabet='{}[]",:\\/*\n\r \tab1-\u2028\ud800\0\ufeff', max_size=60))
def test_no_text_breaks_it_and_every_span_lies_in_the_text(text):
    for each in strings(scan_json(text)):
        assert 0 <= each.start <= each.inner_start <= each.inner_end <= each.end <= len(text)


MANY = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "[" * MANY,
        "{" * MANY,
        '{"a":' * MANY,
        '[{"a":' * MANY,
        "}" * MANY,
        "{" + "}" * MANY,
        "{" + "]" * MANY,
        '{"' + '\\"' * MANY,
        "{" + '"\\",' * MANY,
        "{" + '"a,' * MANY,
        '{"a":' + '"b",c' * MANY,
        '{"a":"' + "\\n" * MANY + '"}',
        '{"a":"' + "\\u0041" * MANY,
        "{" + " " * MANY,
        '{"a"' + " " * MANY + "x",
        "{" + "/*\n" * MANY,
        "{" + "//\n" * MANY,
        "{" + ":" * MANY,
        "{" + "a " * MANY,
        "{" + '"a":\n' * MANY,
        "{" + ' "a" ' * MANY,
        "{" + '"a" "b":' * MANY,
        '{"a":' + '"   ' * MANY,
        "[" + "1 " * MANY,
        '{"a":' + "9" * MANY,
        "\0" * MANY,
        "\ud800" * MANY,
        '{"dependencies":{' + '"aaaa":"^1.0",' * MANY,
        "{" + "".join("\n" + " " * (at % 60) + '"a":' for at in range(MANY // 10)),
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_hostile_texts_are_looked_at_once(text):
    """Each takes minutes where the time grows as the square of the length."""
    scan_json(text)


def test_a_line_of_ten_megabytes_is_read():
    text = '{"dependencies": {"long": "' + "x" * 10_000_000 + '", "a": "1"}}'
    section = scan_json(text).table("dependencies")
    assert section.string("a") == "1"
    assert len(section.string("long")) == 10_000_000


def test_what_nests_too_deep_is_left_out_and_what_stands_before_it_stays():
    text = '{"dependencies": {"a": "1"}, "deep": ' + "[" * 100_000 + "]" * 100_000 + "}"
    tree = scan_json(text)
    assert tree.table("dependencies").string("a") == "1"
    depth, node = 0, tree.get("deep")
    while isinstance(node, ArrayNode) and node.items:
        depth, node = depth + 1, node.items[0]
    assert depth < MAX_DEPTH

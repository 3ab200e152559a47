"""Valid JSON: the tree says what ``json.loads`` says, and where."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.text import Span
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.json.strings import JSON_ESCAPES
from registry_lsp.syntax.nodes import ArrayNode, StringNode, TableNode
from support.scanned_texts import PACKAGE_JSON, PACKAGE_JSON_LAYOUTS
from support.trees import plain, strings

_BLANK = st.text(alphabet=" \t\r\n", max_size=3)
_TEXTS = st.text(st.characters(codec="utf-8")) | st.text(alphabet='"\\/\b\n,:{}[] ')
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def rendered(draw, value):
    """*value* as JSON, with blanks wherever they may stand."""
    if isinstance(value, dict):
        keys = [f"{draw(_BLANK)}{_quoted(draw, key)}{draw(_BLANK)}" for key in value]
        items = [draw(rendered(each)) for each in value.values()]
        body = ",".join(f"{key}:{item}" for key, item in zip(keys, items, strict=True))
        return f"{draw(_BLANK)}{{{body or draw(_BLANK)}}}{draw(_BLANK)}"
    if isinstance(value, list):
        body = ",".join(draw(rendered(each)) for each in value)
        return f"{draw(_BLANK)}[{body or draw(_BLANK)}]{draw(_BLANK)}"
    scalar = _quoted(draw, value) if isinstance(value, str) else json.dumps(value)
    return f"{draw(_BLANK)}{scalar}{draw(_BLANK)}"


def _quoted(draw, text):
    return json.dumps(text, ensure_ascii=draw(st.booleans()))


def _says(text):
    return plain(scan_json(text), json.loads)


@given(value=_VALUES, data=st.data())
def test_agrees_with_json_loads(value, data):
    text = data.draw(rendered(value))
    assert json.dumps(_says(text)) == json.dumps(json.loads(text))


@given(data=st.data())
def test_agrees_with_json_loads_on_whatever_that_accepts(data):
    at = data.draw(st.integers(0, len(PACKAGE_JSON)))
    cut = data.draw(st.integers(0, 2))
    put = data.draw(st.text(alphabet='"{}[]:,\\ \n\tab1/', max_size=2))
    text = PACKAGE_JSON[:at] + put + PACKAGE_JSON[at + cut :]
    try:
        expected = json.loads(text)
    except ValueError:
        return  # what is to be made of broken texts is told elsewhere
    assert _says(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *PACKAGE_JSON_LAYOUTS.values(),
        "{}",
        "[]",
        '""',
        "null",
        " -0.0 ",
        "[NaN, Infinity, -Infinity]",
        '{"a": {"a": {}}, "b": [[], [{}]]}',
        '{"": "", " ": " "}',
        '{"a":"\\u2028\\ud83d\\ude80\\ud83d \\/\\b\\f"}',
        '{"a": "\u2028 \u0085 🚀", "b\u2029": 1}',
        '{\n"a": {\n"b": "1"\n},\n"c": {\n"d": "2"\n}\n}',
        '{"a": {\n  "b": "1"},\n"c": "2"}',
        '{"a" : "b" , "c"\n:\n"d"}',
        '{\n  "a": {\n"b": "1",\n  "c": "2" },\n "d": "3"\n}',
    ],
)
def test_agrees_with_json_loads_on_picked_texts(text):
    assert repr(_says(text)) == repr(json.loads(text))


def test_the_last_of_duplicate_keys_wins_and_all_are_kept():
    text = '{"a": 1, "b": 2, "a": 3}'
    tree = scan_json(text)
    assert [(key.value, value.text) for key, value in tree.members] == [
        ("a", "1"),
        ("b", "2"),
        ("a", "3"),
    ]
    assert tree.get("a").text == "3"
    assert _says(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('\ufeff{"a": 1}', {"a": 1}),
        ('{"a": 1,}', {"a": 1}),
        ('{"a": [1, 2,],}', {"a": [1, 2]}),
        ('// one\n{ // two "x": 3\n"a": 1 /* , "b": 2 */, "c": 3 /**/ }\n//', {"a": 1, "c": 3}),
        ('{"a" /* 1 */ : /* 2 */ "b" /* 3 */, // 4\n "c": "//"}', {"a": "b", "c": "//"}),
        ('{"a": "/* no */", "b": "*/"}', {"a": "/* no */", "b": "*/"}),
        ('{"a": 1 /*/ , "b": 2 */}', {"a": 1}),
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}),
        ('{"a": "1"\n "b": "2"}', {"a": "1", "b": "2"}),
        ('{"a": "tab\there"}', {"a": "tab\there"}),
        ('{"a": "\\x \\u12 \\uzzzz"}', {"a": "\\x \\u12 \\uzzzz"}),
    ],
)
def test_reads_what_people_write_beyond_json(text, expected):
    assert _says(text) == expected


@pytest.mark.parametrize("text", ["", " \n", "// nothing", "\ufeff"])
def test_an_empty_text_has_no_tree(text):
    assert scan_json(text) is None


@pytest.mark.parametrize("text", PACKAGE_JSON_LAYOUTS.values(), ids=PACKAGE_JSON_LAYOUTS)
def test_strings_have_their_spans(text):
    found = list(strings(scan_json(text)))
    assert len(found) == 40
    for each in found:
        assert json.loads(each.span.slice(text)) == each.value
        assert each.span.slice(text) == f'"{each.inner.slice(text)}"'
        assert each.is_closed


def test_containers_have_their_spans():
    text = ' {"a": [1, {"b": true}]} '
    tree = scan_json(text)
    array = tree.get("a")
    assert tree.span.slice(text) == '{"a": [1, {"b": true}]}'
    assert array.span.slice(text) == '[1, {"b": true}]'
    assert array.items[0].span.slice(text) == "1"
    assert array.items[1].span.slice(text) == '{"b": true}'


def test_a_table_is_asked_by_name():
    tree = scan_json('{"a": {"b": {"c": "x", "d": true, "e": [{}, 1, {}]}}, "s": 1}')
    inner = tree.table("a", "b")
    assert isinstance(inner, TableNode)
    assert inner.string("c") == "x"
    assert inner.string("d") == ""
    assert inner.is_true("d")
    assert not inner.is_true("c")
    assert len(inner.tables("e")) == 2
    assert tree.tables("a") == (tree.get("a"),)
    assert tree.table("s", "b") is None
    assert tree.table("nothing") is None
    assert isinstance(inner.get("e"), ArrayNode)


@given(value=_TEXTS.filter(bool), data=st.data())
def test_a_part_of_a_string_is_located_behind_its_escapes(value, data):
    text = f" {json.dumps(value)}"
    string = scan_json(text)
    assert isinstance(string, StringNode)
    start = data.draw(st.integers(0, len(value)))
    end = data.draw(st.integers(start, len(value)))
    part = JSON_ESCAPES.locate(text, string, start, end).slice(text)
    assert json.loads(f'"{part}"') == value[start:end]


def test_a_part_of_a_plain_string_is_located_at_once():
    text = '"npm:foo@^1"'
    string = scan_json(text)
    assert JSON_ESCAPES.locate(text, string, 8, 10) == Span(9, 11)

"""Valid TOML: the tree says what ``tomli.loads`` says, and where."""

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.syntax.nodes import ArrayNode, StringNode
from registry_lsp.syntax.toml.scanner import scan_toml
from registry_lsp.syntax.toml.strings import escapes_of
from support.scanned_texts import PYPROJECT, PYPROJECT_LAYOUTS
from support.trees import plain, strings

LITERAL = r"""
a = "x\u00e9\t\"q\"\U0001F680" # comment
b = 'literal\n'
c = '''literal ' '' block'''
d = '''
first line break goes'''
"""
BASIC = r'''
f = """
multi \
   line "" quote\
"""
g = """"quoted""""
h = """""two"""""
i = [ 1, 2.5, 0xff, 1_000, 1979-05-27T07:32:00Z, 1979-05-27 07:32:00.5-07:00, 07:32:00, ]
j = [ true, -inf, +nan, 1e5, [ "a", {b = 1} ], [], {} ]
"quoted key"."x".y = {z = {w = []}, "v.v" = '', 'l' = ""}
1.2 = 3
-_- = "bare"
'' . b = 1
k = [ # comment ] "
  "one", # two ', three
  'four'
  , """five""",
  [
    [ "six" ]
],
[7],
]
l = {
  a = 1, # comment }
  b.c = 2,
}
[t . "u"]
x=1
[ t.v ]# comment
[[list]]
y=1
[[list]]
y=2
[list.sub]
z = 1e5
[[list.more]]
[[list.more]]
  indented = "x"
[later]
[later.on.and.on]
deep.er = true
[super.sub]
x = 1
[super]
x = 2'''
EVERYTHING = LITERAL + BASIC

_STRINGS = st.text(st.characters(codec="utf-8"), max_size=8) | st.text(
    alphabet="\"'\\\n\t #=[]{},", max_size=6
)
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def _basic(text):
    return "".join(
        _ESCAPED.get(char) or (char if char.isprintable() else f"\\U{ord(char):08x}")
        for char in text
    )


@st.composite
def _string(draw):
    text = draw(_STRINGS)
    style = draw(st.integers(0, 3))
    if style == 1 and text.isprintable() and "'" not in text:
        return f"'{text}'"
    if style == 2:
        body = _basic(text).replace("\\n", draw(st.sampled_from(["\n", "\r\n", "\\n"])))
        return f'"""\n{body}"""'
    if style == 3 and text.replace("\n", "").isprintable() and "'" not in text:
        return f"'''\n{text}'''"
    return f'"{_basic(text)}"'


_SCALARS = st.sampled_from(["1", "-2.5", "true", "false", "inf", "0x1F", "1979-05-27", "07:32:00"])
_GAPS = st.sampled_from(["", " ", "\n", "\r\n  ", ' # ], } "\n', "\t"])


@st.composite
def _array(draw, inner):
    items = draw(st.lists(inner, max_size=4))
    body = "".join(f"{draw(_GAPS)}{item}{draw(_GAPS)}," for item in items)
    if items and draw(st.booleans()):
        body = body[:-1]
    return f"[{body}{draw(_GAPS)}]"


@st.composite
def _table(draw, inner):
    values = draw(st.lists(inner, max_size=3))
    entries = [f"{draw(_keys(at))} = {value}" for at, value in enumerate(values)]
    return f"{{ {' , '.join(entries)} }}"


@st.composite
def _keys(draw, number):
    first = draw(st.sampled_from([f"k{number}", f'"k {number}"', f"'k\"{number}'"]))
    more = draw(st.lists(st.sampled_from(["a", '"b.c"', "1"]), max_size=2))
    return draw(st.sampled_from([".", " . "])).join([first, *more])


_VALUES = st.recursive(
    _string() | _SCALARS, lambda inner: _array(inner) | _table(inner), max_leaves=6
)


@st.composite
def documents(draw):
    """A document of statements whose keys differ, under tables and arrays of tables."""
    lines = []
    for number, value in enumerate(draw(st.lists(_VALUES, max_size=6))):
        header = draw(st.sampled_from(["", "", f"[t{number}.x]", "[[list]]"]))
        if header:
            lines.append(header + draw(st.sampled_from(["", " # comment"])))
        comment = draw(st.sampled_from(["", " # = [", "\t"]))
        lines.append(f"{draw(_keys(number))} = {value}{comment}")
    return draw(st.sampled_from(["\n", "\r\n", "\n\n  "])).join(lines)


def _says(text):
    return plain(scan_toml(text), lambda scalar: tomli.loads(f"x = {scalar}")["x"])


@given(documents())
def test_agrees_with_tomli(text):
    assert repr(_sorted(_says(text))) == repr(_sorted(tomli.loads(text)))


@given(data=st.data(), base=st.sampled_from([PYPROJECT, EVERYTHING]))
def test_agrees_with_tomli_on_whatever_that_accepts(data, base):
    at = data.draw(st.integers(0, len(base)))
    cut = data.draw(st.integers(0, 2))
    put = data.draw(st.text(alphabet="\"'{}[]=,.#\\ \n\tab1\r-", max_size=2))
    text = base[:at] + put + base[at + cut :]
    try:
        expected = tomli.loads(text)
    except ValueError:
        return  # what is to be made of broken texts is told elsewhere
    assert repr(_sorted(_says(text))) == repr(_sorted(expected))


def _sorted(value):
    """Tables in the order of their keys: a dotted key may come back to an earlier table."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "text",
    [
        *PYPROJECT_LAYOUTS.values(),
        EVERYTHING,
        EVERYTHING.replace("\n", "\r\n"),
        "",
        "\n# nothing\n",
        "a = ''\nb = \"\"\nc = \"\"\"\"\"\"\nd = ''''''",
        'a = "# no comment" # comment',
        'a = "\\e\\x41\\b\\f\\r\\n"',
        "a = \"\"\"\r\nx\r\n\\ \r\n  y\\\r\n\"\"\"\nb = '''\r\nx\r\n'''",
        'a = "\u2028 \u0085 🚀"\n"\u2028" = 1',
        "[a]\n[a.b]\n[c]\n[a.d]",
        "a = [[1],\n[2]]\n[b]",
        "a = [\n[true]\n]\nb = [\n[ 'x' ]\n]",
        "a = {b = [\n'c = 1',\n], d = 2}",
    ],
)
def test_agrees_with_tomli_on_picked_texts(text):
    assert repr(_sorted(_says(text))) == repr(_sorted(tomli.loads(text)))


def test_a_byte_order_mark_is_passed_over():
    assert _says('\ufeffa = "b"') == {"a": "b"}


@pytest.mark.parametrize("text", PYPROJECT_LAYOUTS.values(), ids=PYPROJECT_LAYOUTS)
def test_strings_have_their_spans(text):
    found = list(strings(scan_toml(text)))
    quoted = [each for each in found if not each.is_bare]
    assert len(quoted) == 35
    for each in quoted:
        assert each.is_closed
        assert tomli.loads(f"x = {each.span.slice(text)}") == {"x": each.value}
        if each.is_verbatim:
            assert each.inner.slice(text) == each.value
    for each in found:
        if each.is_bare:
            assert each.span.slice(text) == each.value


def test_containers_have_their_spans():
    text = "[a.b]\nc = [1, {d = true}]\n[[e]]"
    tree = scan_toml(text)
    array = tree.table("a", "b").get("c")
    assert array.span.slice(text) == "[1, {d = true}]"
    assert array.items[1].span.slice(text) == "{d = true}"
    assert tree.table("a").span.slice(text) == "a"
    assert tree.table("a", "b").span.slice(text) == "b"
    assert tree.tables("e")[0].span.slice(text) == "e"
    assert isinstance(tree.get("e"), ArrayNode)


def test_what_is_given_twice_is_kept():
    tree = scan_toml("a = 1\na = 2\n[b]\nc = 1\n[b]\nd = 2\n[[b]]\ne = 3")
    assert [(key.value, value.text) for key, value in tree.members[:2]] == [("a", "1"), ("a", "2")]
    assert tree.get("a").text == "2"
    assert [[key.value for key, _ in each.members] for each in tree.tables("b")] == [
        ["c", "d"],
        ["e"],
    ]
    assert [key.value for key, _ in tree.section("b").members] == ["c", "d", "e"]


def test_a_section_is_all_that_is_called_so():
    tree = scan_toml("[[a]]\n[a.b]\nc = 1\n[[a]]\nb = 'x'\n[[a]]\nb = {d = 2}\n[a.e]")
    assert [key.value for key, _ in tree.section("a", "b").members] == ["c", "d"]
    assert tree.table("a") is None
    assert tree.section("a", "f") is None
    assert tree.section("a", "b", "c") is None


@given(raw=_string(), data=st.data())
def test_a_part_of_a_string_is_located_behind_its_escapes(raw, data):
    text = f"key = {raw}"
    string = scan_toml(text).get("key")
    assert isinstance(string, StringNode)
    value = string.value
    start = data.draw(st.integers(0, len(value)))
    end = data.draw(st.integers(start, len(value)))
    escapes = escapes_of(text, string)
    part = escapes.locate(text, string, start, end).slice(text)
    meant = part if string.is_verbatim else escapes.decode(part)  # between ' nothing is escaped
    assert meant == value[start:end]

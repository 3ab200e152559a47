"""Broken YAML: nothing raises, nothing stalls, and only what is broken is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.syntax.nodes import ArrayNode, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.yaml.scanner import scan_yaml, scan_yaml_documents, yaml_fault
from support.damage import lost_by_deletions, lost_by_prefixes
from support.trees import plain, strings
from support.yaml_texts import PNPM_LOCK, PNPM_WORKSPACE, YAML_TEXTS


def _entries(text):
    """The scalars of a text by the keys that lead to them, each with where it stands."""
    found = {}

    def walk(node, path, start):
        if isinstance(node, TableNode):
            for key, value in node.members:
                walk(value, (*path, key.value), key.start)
        elif isinstance(node, ArrayNode):
            for item in node.items:
                walk(item, path, item.start)
        elif node is not None:
            found[(*path, plain(node, str))] = (start, node.end)

    walk(scan_yaml(text), (), 0)
    return found


@pytest.mark.parametrize("text", YAML_TEXTS.values(), ids=YAML_TEXTS)
def test_a_prefix_keeps_every_entry_that_stands_whole_in_it(text):
    assert len(_entries(text)) > 12
    assert lost_by_prefixes(text, _entries) == {}


def _is_of_a_key(text, at):
    """Whether the character at *at* is one of a key, or of what makes it one or leads to it."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    key = re.match(
        r" *(?:[?:] )?(?:'[^']*'|\"[^\"]*\"|[^\s'\"\[{][^:\n]*)(?:: ?[\[{]?|$)", text[start:end]
    )
    return key is not None and at < start + key.end()


@pytest.mark.parametrize("text", [PNPM_WORKSPACE, PNPM_LOCK], ids=["workspace", "lock"])
def test_a_missing_character_costs_the_entry_it_is_missing_from(text):
    for at, entries in lost_by_deletions(text, _entries).items():
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        if _is_of_a_key(text, at) and re.match(r"[\w./@'\"?: \-{\[^~]", text[at]):
            # what stands below another name, or in another bracket, is lost with its name
            continue
        line = text[start:end]
        if text[at] == "\n":
            # two lines in one: of values without quotes it makes one, and of what stands behind a
            # comment, in a block of text, or at the margin too
            assert "#" in line or re.match(r"- |  - |  \? |\w+:$|    one$", line), line
            assert len(entries) <= 3
        elif re.match(r" *-", line) and at - start <= line.index("-") + 1:
            assert len(entries) <= 2, line  # an item that is none any more may go on with another
        else:
            # a comma or a quote between brackets on one line
            assert re.search(r"[\[{]", line), line


WORKSPACE = """packages:
  - before
  {item}
  - after

catalog:
  before: ^1.0.0
  {entry}
  after: ^2.0.0

catalogs:
  later:
    react: ^3.0.0
"""


def _with(item="", entry=""):
    text = WORKSPACE.replace("  {item}\n", item).replace("  {entry}\n", entry)
    root = scan_yaml(text)
    assert root.table("catalogs", "later").string("react") == "^3.0.0"
    return root


@pytest.mark.parametrize(
    ("entry", "name", "expected"),
    [
        ("lef", "lef", None),
        ("left-pad:", "left-pad", None),
        ("left-pad: ", "left-pad", None),
        ("left-pad: '", "left-pad", ""),
        ("left-pad: '^1", "left-pad", "^1"),
        ('left-pad: "^1', "left-pad", "^1"),
        ('left-pad: "^1 # why', "left-pad", "^1"),
        ("left-pad: ^1'", "left-pad", "^1'"),
        ("left-pad ^1", "left-pad", None),
        ("left-pad:^1", "left-pad", None),
        ("'left-pad: ^1", "left-pad", "^1"),
        ("'left-pad': '^1", "left-pad", "^1"),
        ("'@scope/a: ^1", "@scope/a", "^1"),
        ("@scope/a': ^1", "@scope/a", "^1"),
        ("@scope/a: ^1", "@scope/a", "^1"),
        ("'@scope/a'", "@scope/a", None),
        ("'@scope/a", "@scope/a", None),
        ("left-pad: >=1", "left-pad", ">=1"),
        ("left-pad: *", "left-pad", "*"),
        ("left-pad: @x", "left-pad", "@x"),
        ("left-pad: ^1  other: ^2", "left-pad", "^1"),
        ("left-pad: '^1'  other: ^2", "left-pad", "^1"),
        ("left-pad: {", "left-pad", None),
        ("left-pad: [", "left-pad", None),
        ("left-pad: &", "left-pad", "&"),
        ("left-pad: [1, {a: 'b", "left-pad", None),
        ("left-pad: ]", "left-pad", "]"),
        ("- left-pad", "left-pad", None),
        ("?", "left-pad", None),
        (": ^1", "left-pad", None),
        ("'", "left-pad", None),
        ("}", "left-pad", None),
        ("\0", "left-pad", None),
        ("\ud800: ^1", "\ud800", "^1"),
    ],
)
@pytest.mark.parametrize("indent", ["  ", " ", "   "], ids=["level", "less", "more"])
def test_a_half_typed_entry_leaves_the_others_alone(entry, name, expected, indent):
    catalog = _with(entry=f"{indent}{entry}\n").table("catalog")
    assert catalog.string("before").startswith("^1.0.0")
    assert catalog.string("after") == "^2.0.0"
    if indent == "  ":
        value = catalog.get(name)
        assert (value.value if isinstance(value, StringNode) else None) == expected


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        ("lef", ["before", "after"]),
        ("left-pad:", ["before", "after"]),
        ("'@scope/a", ["before", "after"]),
        ("@scope/a: ^1", ["@scope/a", "before", "after"]),
    ],
)
def test_a_half_typed_first_entry_does_so_too(entry, kept):
    text = f"catalog:\n  {entry}\n  before: ^1.0.0\n  after: ^2.0.0\nother:\n  a: b\n"
    root = scan_yaml(text)
    assert [key.value for key, value in root.table("catalog").members if value] == kept
    assert root.table("other").string("a") == "b"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("  -\n", ["before", "after"]),
        ("  - 'half\n", ["before", "half", "after"]),
        ('  - "half # why\n', ["before", "half", "after"]),
        (" - half\n", ["before", "half", "after"]),
        ("  - @half\n", ["before", "@half", "after"]),
        ("  - [\n", ["before", "after"]),
        ("  - {a: b\n", ["before", "after"]),
        ("  - *half\n", ["before", "after"]),
        ("  - a: b\n", ["before", "after"]),
        ("  half: b\n", ["before"]),  # an object in the place of the list
        ("  -half\n", ["before", "half", "after"]),
        ("  'half'\n", ["before", "half", "after"]),
        # YAML has these go on with the item above
        ("   'half'\n", ["before 'half'", "after"]),
        ("   - half\n", ["before - half", "after"]),
    ],
)
def test_a_half_typed_item_leaves_the_others_alone(item, expected):
    items = _with(item=item).get("packages").items
    assert [each.value for each in items if isinstance(each, StringNode)] == expected


@pytest.mark.parametrize("first", ["lost", "'lost'", "-lost"])
def test_the_first_item_may_have_lost_its_dash(first):
    root = scan_yaml(f"packages:\n  {first}\n  - kept # why\n  - too\ncatalog:\n  a: b\n")
    assert [each.value for each in root.get("packages").items][-2:] == ["kept", "too"]
    assert root.table("catalog").string("a") == "b"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("catalog\n  a: b\n  c: d\n", ("catalog",)),
        ("catalog:  a: b\n  c: d\n", ("catalog",)),
        ("x:\n  y\n    a: b\n    c: d\n", ("x", "y")),
        ("x:\n  'y'\n    a: b\n    c: d\n", ("x", "y")),
        ("x:\n  y:    a: b\n    c: d\n", ("x", "y")),
        ("x:\n y:\n    a: b\n    c: d\n  z: w\n", ("x", "y")),
        (" x:\n  a: b\n  c: d\ny: z", ("x",)),
        ("x:\n a: b\n  c: d\n", ("x",)),
        ("x:\n  a: b\n c: d\n", ("x",)),
        ("x:\n   a: b\n  c: d\n", ("x",)),
        ("x:\n  a: b\n   c: d\n", ("x",)),
        ("x: {a: b, c: d\ny: z\n", ("x",)),
        ("x: {a: b,\n  c: d\ny: z\n", ("x",)),
        ("x:\n\ta: b\n\tc: d\n", ("x",)),
    ],
)
def test_a_table_that_has_lost_something_keeps_its_entries(text, path):
    root = scan_yaml(text)
    assert root.table(*path).string("a") == "b"
    assert root.table(*path).string("c") == "d"
    assert yaml_fault(text) is not None


# --- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        ("a: 'b", "'b", "The closing quote is missing."),
        ("a: 'b' c", " c", "Nothing but a comment may stand behind a closing quote."),
        ("a: [b", "", "A closing bracket is missing."),
        ("a: [b}", "}", "No bracket is open that '}' could close."),
        ("a: {b c: d e: f}", ": f", "A comma is missing."),
        ("a: [,b]", ",b", "Nothing stands before this comma."),
        ("a: @b", "@b", "No value begins with '@': it needs quotes."),
        ("a: >=1", ">=1", "No value begins with '>': it needs quotes."),
        ("a: b: c", ": c", "A ':' with a space behind it is no part of a value without quotes."),
        (
            "a:\n  b: c\n   d: e",
            "d: e",
            "This line is indented deeper than the ones that it follows.",
        ),
        ("a:\n  b: c\n d: e", "d: e", "This line is indented less than the ones that it follows."),
        ("a: b\nc\nd: e", "c\nd", "A ':' is missing here, or what stands before this value."),
        ("a: b\n- c", "- c", "Keys and items are mixed here."),
        ("a: [b]\n  c", "c", "A ':' is missing here, or what stands before this value."),
        ("[a]\nb: c", "b: c", "A document has only one value."),
        ("a:\n\tb: c\n", "\tb", "A tab cannot indent: spaces must."),
        ("a:\n  b: c\n  \td: e\n", "\td", "A tab cannot indent: spaces must."),
        ("a:\n  - b\n\t- c\n", "\t- c", "A tab cannot indent: spaces must."),
    ],
)
def test_what_is_no_yaml_is_told_at_its_place(text, at, reason):
    fault = yaml_fault(text)
    assert fault.reason == f"It is not valid YAML: {reason}"
    assert text[fault.span.start :].startswith(at)
    assert fault.span.start == fault.span.end


# --- hostile texts -------------------------------------------------------------------------------


@given(st.text(alphabet=":-?[]{}\"'#,&*!|>%@=.\\\n\r \tab1\u2028\ud800\0\ufeff", max_size=60))
def test_no_text_breaks_it_and_every_span_lies_in_the_text(text):
    for document in scan_yaml_documents(text):
        for each in strings(document):
            assert 0 <= each.start <= each.inner_start <= each.inner_end <= each.end <= len(text)


MANY = 60_000


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  - b\n  - {c: :\n" + " \r\n" * 100 + "@",
        "a: " + "[" * MANY,
        "a: " + "{a: " * MANY,
        "- " * MANY,
        "-\n" * MANY,
        "? " * MANY,
        ": " * MANY,
        "".join(" " * at + "a:\n" for at in range(3000)),
        'a: "' + '\\"' * MANY,
        "a: ['" + "''," * MANY,
        'a: ["x,' * MANY,
        "a: ['" + "' '" * MANY,
        "a: '\n" * MANY,
        "a: '\n  ''\n" * MANY,
        "a: 'b\n" + "  c\n" * MANY,
        "a: |\n" * MANY,
        "a: |\n" + "  x\n" * MANY,
        "a: >\n" + "\n" * MANY,
        "a: b\n" + "  c\n" * MANY,
        "a: b\n" * MANY,
        "a\n" * MANY,
        " a\n" * MANY,
        "a:" * MANY,
        "a: b: c\n" * MANY,
        "a: b  c: d\n" * MANY,
        "a: " + " " * 10 * MANY + "x",
        "a" + " " * 10 * MANY,
        "a: b" + " " * 10 * MANY + "\n" + " " * 10 * MANY + "c",
        "a: '" + " \n" * MANY + "'",
        "a: &a\n" * MANY,
        "- &a [*a]\n" * MANY,
        "- &a [x]\n- *a\n" * MANY,
        "&a " * MANY,
        "!a " * MANY,
        "---\n" * MANY,
        "{\n" * MANY,
        "[a: " * MANY,
        "a: {x: 1" + ",x: 1" * MANY + "}",
        "a: {b: 'c\n" * MANY,
        "@a: 1\n" * MANY,
        "\0\n" * MANY,
        "\ud800: \udfff\n" * MANY,
        "a: " + "9" * 10 * MANY,
        "a: " + ":x" * MANY,
        "x: " + "#a" * MANY,
        'a: "' + "\\u0041" * MANY + '"',
        "- a\n  - b\n" * MANY,
        "- a\n-b\n" * MANY,
        "a:\n   b: 1\n  c: 2\n" * MANY,
        "x: [&a0 [b]" + "".join(f",&a{at} [*a{at - 1},*a{at - 1}]" for at in range(1, 3000)) + "]",
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_hostile_texts_are_looked_at_once(text):
    """Each takes minutes where the time grows as the square of the length."""
    scan_yaml(text)


def test_a_line_of_ten_megabytes_is_read():
    root = scan_yaml("a: " + "x" * 10_000_000 + "\nb: c\n")
    assert len(root.string("a")) == 10_000_000
    assert root.string("b") == "c"


@pytest.mark.parametrize("deep", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000])
def test_what_nests_too_deep_costs_nothing_that_stands_before_it(deep):
    root = scan_yaml(PNPM_WORKSPACE + "deep:\n  " + deep)
    assert root.table("catalog").string("react") == "^18.2.0"
    assert isinstance(root.get("deep"), ArrayNode | TableNode)


def test_what_is_no_string_may_be_broken_too():
    assert scan_yaml("a: 1.0 2: 3\n").get("a") == StringNode("1.0 2: 3", 3, 11, 3, 11)
    assert scan_yaml("a: 1.0\nb: 'c").get("a") == ScalarNode("1.0", 3, 6)


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  \tb\n",  # white space before a value alone
        "a:\t\n  b:\tc\n",
        "a: [b,\n\tc]\n",
        "a: 'b\n\t c'\n",
        "a:\n  b: c\n\t# d\n\t\n",
    ],
)
def test_a_tab_is_not_always_wrong(text):
    assert yaml_fault(text) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a: b\n---\nc: d\n", "---\nc"),
        ("a: b\n---\n", "---\n"),
        ("---\n---\na: b\n", "---\na"),
        ("a: b\n... # c\nd: e\n", "... #"),
        ("a: b\n...\n---\n", "...\n"),
    ],
)
def test_a_second_document_is_a_fault_where_there_may_be_one(text, at):
    assert yaml_fault(text) is None
    fault = yaml_fault(text, is_single=True)
    assert text[fault.span.start :].startswith(at)
    assert fault.reason == "Only one document may stand in the file."


@pytest.mark.parametrize("text", ["", "a: b\n", "---\na: b\n", "a: b\n...\n", "# a\n---\nb: c\n"])
def test_one_document_is_none(text):
    assert yaml_fault(text, is_single=True) is None

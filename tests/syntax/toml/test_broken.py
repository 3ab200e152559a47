"""Broken TOML: nothing raises, nothing stalls, and only what is broken is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.syntax.nodes import ArrayNode, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.toml.scanner import scan_toml
from support.damage import lost_by_deletions, lost_by_prefixes
from support.scanned_texts import PYPROJECT, PYPROJECT_LAYOUTS
from support.trees import strings

LISTS = [("project", "dependencies"), ("build-system", "requires")]
TABLES_OF_LISTS = [("project", "optional-dependencies"), ("dependency-groups",)]
TABLES = [
    ("tool", "poetry", "dependencies"),
    ("tool", "poetry", "group", "dev", "dependencies"),
]


def _entries(text):
    """The entries of the lists and tables of dependencies, each with where it stands."""
    root = scan_toml(text)
    lists = [(path, table.get(path[-1])) for path in LISTS if (table := root.section(*path[:-1]))]
    for path in TABLES_OF_LISTS:
        table = root.section(*path)
        lists += [((*path, key.value), value) for key, value in (table.members if table else ())]
    found = {
        (path, item.value): (item.start, item.end)
        for path, array in lists
        if isinstance(array, ArrayNode)
        for item in array.items
        if isinstance(item, StringNode)
    }
    for path in TABLES:
        table = root.section(*path)
        for key, value in table.members if table else ():
            said = [each.value for each in strings(value)]
            found[(path, key.value, *said)] = (key.start, value.end if value else key.end)
    return found


@pytest.mark.parametrize("text", PYPROJECT_LAYOUTS.values(), ids=PYPROJECT_LAYOUTS)
def test_a_prefix_keeps_every_entry_that_stands_whole_in_it(text):
    assert len(_entries(text)) == 20
    assert lost_by_prefixes(text, _entries) == {}


@pytest.mark.parametrize("text", PYPROJECT_LAYOUTS.values(), ids=PYPROJECT_LAYOUTS)
def test_a_missing_character_costs_the_entry_it_is_missing_from(text):
    for at, entries in lost_by_deletions(text, _entries).items():
        line_start = text.rfind("\n", 0, at) + 1
        before = text[line_start:at]
        if re.fullmatch(r"\[[\w.-]*", before) or re.fullmatch(r"[\w-]*", before):
            # a letter of a header or of a list's key makes it another one
            assert re.match(r"[\w.-]", text[at]), at
            continue
        # a comment that has no line end goes on over the next line, and that is lost with it
        assert text[at] == "\n", at
        assert "#" in before
        assert len(entries) == 1


ARRAY = """[project]
name = "demo"
dependencies = [
    "before==1",
    {broken}
    "after==2",
]
[dependency-groups]
test = ["later==3"]
"""


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        ('"', []),
        ('"requests', ["requests"]),
        ('"requests>=2,', ["requests>=2"]),
        ('"requests>=2  # why', ["requests>=2"]),
        ('"requests[socks]>=2,<3', ["requests[socks]>=2,<3"]),
        ("'requests", ["requests"]),
        ('requests>=2",', []),
        ('requests[socks]>=2",', []),
        ("requests==2',", []),
        ("requests", []),
        ("requests>=2,", []),
        ('"a>=1, "b",', ["a>=1", "b"]),
        ('"a" "b",', ["a", "b"]),
        ('"x; python_version < "3",', ["x; python_version < "]),
        ('{include-group = "lint",', []),
        ('{include-group = "lint", "x",', ["x"]),
        ("{include-group", []),
        ("{", []),
        ("}", []),
        ("=", []),
        ('["x"', []),
        ('{include-group = "lint },', []),
        ('{include-group = "lint",\n    {include-group = "docs"},', []),
        ('"a"[x]>=1",', ["a"]),
        ('"a[x"]>=1",', ["a[x"]),
        ('"a>"=1",', ["a>"]),
        ('"\\', ["\\"]),
        ("!", []),
    ],
)
def test_a_half_typed_item_leaves_the_others_alone(broken, kept):
    root = scan_toml(ARRAY.replace("{broken}", broken))
    items = root.table("project").get("dependencies").items
    found = [each.value for each in items if isinstance(each, StringNode)]
    if broken.startswith("["):  # it swallows what follows it in its own array, and no more
        assert found == ["before==1"]
    else:
        assert [each for each in found if each] == ["before==1", *kept, "after==2"]
    later = root.table("dependency-groups").get("test")
    assert [each.value for each in later.items] == ["later==3"]


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ("flask", None),
        ("flask =", None),
        ('flask = "', ""),
        ('flask = "^3', "^3"),
        ('flask = "^3 # why', "^3"),
        ("flask = '^3", "^3"),
        ('flask "^3"', "^3"),
        ('flask" = "^3"', "^3"),
        ('"flask = "^3"', "^3"),
        ("\"flask = '^3'", "^3"),
        ('flask = ^3"', None),
        ('flask = "^3" extra = "x"', "^3"),
        ("flask = {", None),
        ('flask = { version = "^3"', None),
        ('flask = { version = "^3", extras = ["async"', None),
        ("flask = [", None),
        ('flask = """', ""),
        ("[", None),
        ("[[", None),
        ("[[tool", None),
        ("]", None),
        ('"', None),
        ("= 1", None),
        ("...", None),
        ("\0", None),
    ],
)
def test_a_half_typed_entry_leaves_the_others_alone(broken, expected):
    text = f"""[tool.poetry.dependencies]
before = "^1"
{broken}
after = "^2"

[tool.poetry.group.dev.dependencies]
later = "^3"
"""
    root = scan_toml(text)
    table = root.section("tool", "poetry", "dependencies")
    assert table.string("before") == "^1"
    flask = table.get("flask")
    assert (flask.value if isinstance(flask, StringNode) else None) == expected
    if not broken.startswith("["):  # below half a header, nobody knows whose the keys are
        assert table.string("after") == "^2"
    group = root.section("tool", "poetry", "group", "dev", "dependencies")
    assert group.string("later") == "^3"


@pytest.mark.parametrize(
    "header",
    ["[tool.x", "tool.x]", "[tool.x] # ]", "[[tool.x]", "[tool.x]]", "[ tool . x", "[tool.x]y = 1"],
)
def test_a_header_that_lacks_a_bracket_is_one(header):
    root = scan_toml(f'[a]\nb = "1"\n{header}\nname = "here"\n[c]\nd = "2"\n')
    tables = root.section("tool").tables("x")
    assert [each.string("name") for each in tables] == ["here"]
    assert root.table("a").string("b") == "1"
    assert root.table("c").string("d") == "2"


@pytest.mark.parametrize(
    "text",
    [
        'a = "x",\n  "y",\n]\nb = 1',
        'a = "x", "y"]\nb = 1',
        'a =\n  "x",\n  "y"\n]\nb = 1',
        'a ["x", "y"]\nb = 1',
        'a = ["x", "y"\nb = 1',
        'a = [\n"x",\n"y",\n\nb = 1',
        'a = [\n  "x",\n  "y",\n  b = 1',
        'a = [{x = 1}, "x", "y"}]\nb = 1',
        'a = ["x", "y"]b = 1',
        'a =\n  "x",\n  "\\u0079",\n]\nb = 1',
    ],
)
def test_a_list_that_lacks_a_bracket_is_one(text):
    root = scan_toml(text)
    found = [each.value for each in root.get("a").items if isinstance(each, StringNode)]
    assert found == ["x", "y"]
    assert root.get("b").text == "1"


@pytest.mark.parametrize("indent", ["", "  "])
def test_an_inline_table_over_several_lines_ends_where_a_statement_begins(indent):
    text = f'{indent}a = {{ x = "1",\n{indent}  y = "2",\n{indent}b = "3"\n'
    root = scan_toml(text)
    assert root.table("a").string("x") == "1"
    assert root.table("a").string("y") == "2"
    assert root.string("b") == "3"


def test_an_inline_table_ends_before_a_header_however_deep_that_is_indented():
    root = scan_toml('a = { x = "1",\n  [b]\nc = "2"\n')
    assert root.table("a").string("x") == "1"
    assert root.table("b").string("c") == "2"


def test_an_unclosed_block_ends_where_a_statement_begins():
    text = 'a = """\nsome words\nb = "1"\n[c]\nd = "2"\n'
    root = scan_toml(text)
    assert root.string("a") == "some words"
    assert not root.get("a").is_closed
    assert root.string("b") == "1"
    assert root.table("c").string("d") == "2"


def test_a_block_that_ends_with_the_quotes_of_the_next_ends_before_its_header():
    text = 'a = """\nwords\n[b]\nc = """\nmore words\n"""\n[d]\ne = "1"\n'
    root = scan_toml(text)
    assert root.string("a") == "words"
    assert root.table("d").string("e") == "1"


def test_what_lacks_its_quotes_is_kept_as_it_is_written():
    root = scan_toml("a = [x>=1 , 'y']\nb = ^3 # why\n")
    assert [type(each) for each in root.get("a").items] == [ScalarNode, StringNode]
    assert root.get("a").items[0].text == "x>=1"
    assert root.get("b").text == "^3"


@given(st.text(alphabet="{}[]\"'=,.#\\\n\r \tab1-\u2028\ud800\0\ufeff", max_size=60))
def test_no_text_breaks_it_and_every_span_lies_in_the_text(text):
    for each in strings(scan_toml(text)):
        assert 0 <= each.start <= each.inner_start <= each.inner_end <= each.end <= len(text)


MANY = 60_000


@pytest.mark.parametrize(
    "text",
    [
        "a=" + "[" * MANY,
        "[" * MANY,
        "a=" + "{a=" * MANY,
        "a." * MANY + "a=1",
        "[" + "a." * MANY,
        "a.b=1\n" * MANY,
        "[[a.b]]\n" * MANY,
        '"' * MANY,
        'a="' + '\\"' * MANY,
        'a=["' + '\\",' * MANY,
        "a=[" + '"a,' * MANY,
        'a="' + "\\u0041" * MANY + '"',
        'a="""\n' * MANY,
        'a="""\nb=[\n' * MANY,
        "a='''\n" * MANY,
        'a="""' + "\\" * MANY,
        'a="""' + '""x' * MANY,
        "=" * MANY,
        "a=\n" * MANY,
        "a=[\n" + "#\n" * MANY,
        "a=[" + " " * MANY + "x",
        "a={\n" * MANY,
        "a={b=1\n" * MANY,
        "a=[{\n" * MANY,
        'a=[\n"x"\n' * MANY,
        "a=[" + "b>," * MANY,
        "a=[" + "b ' " * MANY,
        'a="x",\n' * MANY,
        "a=[" + "}" * MANY,
        "a={" + "]" * MANY,
        'a="1"' * MANY,
        'a"=1\n' * MANY,
        "a=[" + '{"x",' * MANY,
        "a=" + "9" * MANY,
        "a=[" + "9 " * MANY,
        'a="""\n' + "a." * MANY,
        "\0\n" * MANY,
        "\ud800\n" * MANY,
        "a={x=1" + ",x=1" * MANY + "}",
        "".join("a={\n" + " " * (at % 50) for at in range(MANY // 10)),
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_hostile_texts_are_looked_at_once(text):
    """Each takes minutes where the time grows as the square of the length."""
    scan_toml(text)


def test_a_line_of_ten_megabytes_is_read():
    text = "[project]\ndependencies = ['" + "x" * 10_000_000 + "', 'a']"
    long, short = scan_toml(text).table("project").get("dependencies").items
    assert len(long.value) == 10_000_000
    assert short.value == "a"


@pytest.mark.parametrize("deep", ["[" * 100_000, "{a=" * 100_000, "[{a=" * 50_000])
def test_what_nests_too_deep_costs_nothing_that_stands_before_it(deep):
    root = scan_toml(PYPROJECT + "[deep]\nx = " + deep)
    assert root.table("project").string("name") == "demo"
    assert isinstance(root.table("deep"), TableNode)

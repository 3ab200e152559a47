"""The tag reader against the standard library's parser, and against pages made to stall one."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.ecosystems.pypi.registry.html import tags

NAMES = frozenset({"a", "base", "meta"})


def read(text):
    return list(tags(text, NAMES))


class Original(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag in NAMES:
            attributes = {}
            for name, value in attrs:
                attributes.setdefault(name, value or "")
            self.found.append((tag, attributes))


def original(text):
    parser = Original()
    parser.feed(text)
    parser.close()
    return parser.found


_NAME = st.sampled_from(["href", "data-yanked", "DATA-REQUIRES-PYTHON", "x", "download"])
_VALUE = st.text(alphabet="ab ./=<&;'\u00e9\n-" + "gtl", max_size=12).map(lambda it: f'"{it}"')
_BARE = st.text(alphabet="ab./-&;gt1", min_size=1, max_size=8).filter(lambda it: it[-1] != "/")
_ATTRIBUTE = st.one_of(
    st.tuples(_NAME, _VALUE | _BARE).map("=".join),
    st.tuples(_NAME, _VALUE.map(lambda it: "'" + it[1:-1].replace("'", "") + "'")).map("=".join),
    st.tuples(_NAME, _VALUE).map(" = ".join),
    _NAME,
)
_TAG = st.tuples(
    st.sampled_from(["a", "A", "meta", "base", "p", "abbr"]), st.lists(_ATTRIBUTE, max_size=4)
).map(lambda it: f"<{' '.join((it[0], *it[1]))}>")
_OTHER = st.sampled_from(["</a>", "text", "\n", "<br />", "&amp;", "<!-- <a href=x> -->", "1 < 2 "])


@given(st.lists(_TAG | _OTHER, max_size=8).map("".join))
def test_well_formed_pages_read_as_by_the_original(page):
    assert read(page) == original(page)


@given(st.text(alphabet="<a! -=\"'>/x&;\n", max_size=60))
def test_nothing_makes_it_raise(page):
    for name, attributes in tags(page, NAMES):
        assert name in NAMES
        assert all(isinstance(value, str) for value in attributes.values())


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<a href="x"', []),
        ("<a", []),
        ('<a href="x>y</a>', [("a", {"href": ""})]),
        ("<!-- <a href=x>", []),
        ("<!--><a href=x>", [("a", {"href": "x"})]),
        ('<a data-requires-python=">=3.8">', [("a", {"data-requires-python": ">=3.8"})]),
        ("<a href=x href=y>", [("a", {"href": "x"})]),
        ('<a\nhref="&lt;&#x31;&nonsense"\t/>', [("a", {"href": "<1&nonsense"})]),
    ],
)
def test_edges(page, found):
    assert read(page) == found


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        '<a "',
        "<a href='",
        '<a href="',
        "<!--",
        "<a\n=",
        "<a  x  ",
        "<a x =",
        "</",
        "<",
        "&#",
    ],
)
def test_hostile_pages_are_looked_at_once(piece):
    """Each takes minutes where the time grows as the square of the length."""
    page = "<a x" + piece * (1_000_000 // len(piece))
    read(page)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.text import Span
from registry_lsp.syntax.requirements.specifier import (
    _scan_apart,
    marker_complaint,
    scan_requirement,
    stripped,
)


def scan(text):
    return scan_requirement(text, 0, len(text))


def marked(text):
    """The text without its marks, and the span between each pair of them, in order."""
    spans, bare = [], ""
    for number, piece in enumerate(text.split("|")):
        if number % 2:
            spans.append(Span(len(bare), len(bare) + len(piece)))
        bare += piece
    return bare, spans


@pytest.mark.parametrize(
    "text",
    [
        "|requests||==2.31.0|",
        "|requests||| ",
        " |requests|  |>= 2, < 3|  ",
        "|zope.interface| (|>=5|)",
        "|name|( |>=5, <6| )",
        "|name|[a,b]|~=1.4|",
        "|name|[a]||",
        "|name| |2.0|",
        "|name| |= 2| ; python_version > '3'",
    ],
)
def test_name_and_specifier_lie_where_they_are_written(text):
    bare, (name, specifier) = marked(text)
    found = scan(bare)
    assert (found.name_span, found.specifier_span) == (name, specifier)
    assert (found.name, found.specifier) == (name.slice(bare), specifier.slice(bare))


def test_an_extent_within_a_larger_text_is_read_at_its_place():
    text = "x = [\"requests[socks]>=2 ; os_name == 'a'\"]"
    found = scan_requirement(text, 6, text.index('"]'))
    assert found.name_span == Span(6, 14)
    assert found.extras_span == Span(14, 21)
    assert found.extras == ("socks",)
    assert found.specifier_span.slice(text) == ">=2"
    assert found.marker_span.slice(text) == found.marker == "os_name == 'a'"
    assert found.complaint is None


def test_an_address_has_no_specifier():
    text = "name[x] @ https://registry.example/a;b#c ; os_name == 'a'"
    found = scan(text)
    assert found.url == found.url_span.slice(text) == "https://registry.example/a;b#c"
    assert found.marker == "os_name == 'a'"
    assert found.specifier == ""
    assert found.specifier_span == Span(7, 7)
    assert found.complaint is None


@pytest.mark.parametrize(
    ("text", "complaint", "where"),
    [
        ("name[a", "The extras need a closing bracket.", "[a"),
        ("name[a b]", "The extras must be names separated by commas.", "[a b]"),
        ("name (>=1", "The version specifier needs a closing parenthesis.", "(>=1"),
        ("name (>=1) x", "Only a marker may follow the version specifier.", "(>=1) x"),
        ("name>=1;", "No marker follows the semicolon.", ";"),
        ("name @", "No address follows the '@'.", "@"),
        (
            "name @ u x",
            "Only a marker may follow an address, after a space and a semicolon.",
            " x",
        ),
        (
            "name @ u; os_name=='a'",
            "A space is needed between the address and the semicolon.",
            None,
        ),
        ("name; os_name", None, "os_name"),
        ("name; os_name == 'a' and", None, "os_name == 'a' and"),
    ],
)
def test_what_a_strict_reader_refuses_is_said_where_it_stands(text, complaint, where):
    found = scan(text)
    assert found.name == "name"
    if complaint is None:
        assert found.complaint.startswith("The marker cannot be read")
    else:
        assert found.complaint == complaint
    if where is not None:
        assert found.complaint_span.slice(text) == where


@pytest.mark.parametrize("text", ["", " ", "==1", "-name", "_name", "namé", "é", "\0", "\ud800"])
def test_where_no_name_can_be_read_there_is_nothing(text):
    assert scan(text) is None


@pytest.mark.parametrize("ending", ["", "=", "=1", "[", "[a", " ; ", " @ ", " (>"])
def test_a_half_typed_requirement_keeps_its_name(ending):
    assert scan("requests" + ending).name == "requests"


@given(st.text(max_size=60), st.integers(0, 5), st.integers(0, 5))
def test_any_text_is_read_and_every_span_lies_in_it(text, before, after):
    start, end = min(before, len(text)), max(min(before, len(text)), len(text) - after)
    found = scan_requirement(text, start, end)
    if found is None:
        return
    assert found.name_span.slice(text) == found.name
    assert found.specifier_span.slice(text) == found.specifier
    assert found.marker_span is None or found.marker_span.slice(text) == found.marker
    assert found.url_span is None or found.url_span.slice(text) == found.url
    assert (found.complaint is None) == (found.complaint_span is None)
    for span in (found.name_span, found.specifier_span, found.complaint_span):
        assert span is None or start <= span.start <= span.end <= end


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "a" + "." * 1_000_000,
        "a" + " " * 1_000_000 + "b",
        "a[" + "b," * 300_000,
        "a ; " + "(" * 300_000,
        "a ; os_name == '" + "x" * 300_000,
        "a (" + ">=1," * 300_000,
        "a @ " + ";" * 300_000,
        "a==" + "1" * 1_000_000,
        "a ; os_name == '\ud800'",
        "a ; os_name == '\0'",
        "a ; os_name == '\\d'",
        "a" + " " * 30_000 + "(",
        "a" + "\t " * 30_000 + "]",
        "a." * 30_000 + "@",
        "a[" + " " * 30_000 + "b",
        "a[b]" + " " * 30_000 + "@",
        "a;" + " " * 30_000,
    ],
)
def test_hostile_texts_are_read_at_once(text):
    assert scan(text).name.startswith("a")


def test_a_marker_beyond_all_measure_is_refused():
    assert "nested" in marker_complaint("(" * 60 + "os_name == 'a'" + ")" * 60)
    assert "too long" in marker_complaint("os_name == 'a' or " * 200 + "os_name == 'a'")
    assert marker_complaint("(os_name == 'a')") is None


def test_stripping_gives_the_place_of_what_is_left():
    assert stripped("ab  cd  ef", 2, 8) == ("cd", Span(4, 6))
    assert stripped("ab    ", 2, 6) == ("", Span(2, 2))


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "b_",
                "-",
                ".",
                " ",
                "\t",
                "[",
                "]",
                ",",
                ">=1",
                "==2.*",
                ";",
                "os_name == 'x'",
                "(",
                ")",
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_what_is_read_at_once_is_what_is_read_apart(text):
    assert scan(text) == _scan_apart(text, 0, len(text))

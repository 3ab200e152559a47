import pytest

from registry_lsp.core.edits import Edit, changes
from registry_lsp.core.text import Span


def applied(text, *edits):
    for each in reversed(changes(text, edits)):
        text = text[: each.span.start] + each.text + text[each.span.end :]
    return text


def edit(text, old, new, *stale):
    at = text.index(old)
    spans = tuple(Span(text.index(each), text.index(each) + len(each)) for each in stale)
    return Edit(span=Span(at, at + len(old)), text=new, stale=spans)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_hashes_go_with_the_gap_before_them(end):
    text = f"one==1 \\{end}\t --hash=a \\{end}  --hash=b  # why{end}two==2{end}"
    made = applied(text, edit(text, "==1", "==3", "--hash=a", "--hash=b"))
    assert made == f"one==3  # why{end}two==2{end}"


def test_what_follows_a_version_without_a_gap_goes_alone():
    text = '"yarn@1.2.3+sha1.0a"'
    assert applied(text, edit(text, "1.2.3", "4.0.0", "+sha1.0a")) == '"yarn@4.0.0"'


def test_a_place_is_written_to_once():
    text = "one==1.0"
    whole, part = edit(text, "==1.0", "==2"), edit(text, "1.0", "3")
    assert applied(text, part, whole) == "one==2"
    assert applied(text, whole, whole) == "one==2"


def test_two_empty_places_are_two():
    one, two = Edit(span=Span(3, 3), text=">=1"), Edit(span=Span(7, 7), text=">=2")
    assert applied("one,two", two, one) == "one>=1,two>=2"
    assert applied("one,two", one, Edit(span=Span(3, 3), text=">=9")) == "one>=1,two"


def test_many_blanks_take_no_time():
    text = "a" + " " * 100_000 + "--hash=a"
    assert applied(text, edit(text, "a", "b", "--hash=a")) == "b"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.text import LineIndex, Span, end_of_change, printable

ENCODINGS = ("utf-8", "utf-16", "utf-32")
UNITS = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "utf-32": len,
}
CHARS = "ab\t\r\n\f\v\u2028\u2029\x85é€😀\ud800\udc00"
SHORT = st.text(st.sampled_from(CHARS), max_size=60)
RUNS = st.tuples(
    st.sampled_from("a\né€😀\ud800\udc00"), st.sampled_from([1, 1000, 1023, 1024, 1025])
)
LONG = st.lists(RUNS, max_size=5).map(lambda runs: "".join(char * count for char, count in runs))
TEXTS = SHORT | LONG


def offsets_in(text: str) -> st.SearchStrategy[int]:
    """Offsets anywhere in *text*, and oftener those about a multiple of 1,024."""
    about = [at + by for at in range(0, len(text) + 1, 1024) for by in (-1, 0, 1)]
    return st.integers(0, len(text)) | st.sampled_from([at for at in about if 0 <= at <= len(text)])


@pytest.mark.parametrize(
    ("text", "offset", "encoding", "position"),
    [
        ("a😀b", 2, "utf-16", (0, 3)),
        ("a😀b", 2, "utf-8", (0, 5)),
        ("a😀b", 2, "utf-32", (0, 2)),
        ("a\r\nb", 3, "utf-16", (1, 0)),
        ("a\rb", 2, "utf-16", (1, 0)),
        ("a\u2028b\nc", 2, "utf-16", (0, 2)),
        ("a\u2028b\nc", 4, "utf-8", (1, 0)),
        ("a\fb\x85c", 4, "utf-16", (0, 4)),
        ("", 0, "utf-16", (0, 0)),
        ("a\n", 2, "utf-16", (1, 0)),
        ("a", 99, "utf-16", (0, 1)),
    ],
)
def test_position(text, offset, encoding, position):
    assert LineIndex(text).position(offset, encoding) == position


@pytest.mark.parametrize(
    ("text", "line", "column", "encoding", "offset"),
    [
        ("a😀b", 0, 3, "utf-16", 2),
        ("a😀b", 0, 2, "utf-16", 1),  # within the character: its start
        ("a😀b", 0, 3, "utf-8", 1),
        ("ab\r\ncd", 0, 99, "utf-16", 2),  # past the line: before its end
        ("ab\ncd", 0, 99, "utf-16", 2),
        ("ab", 7, 0, "utf-16", 2),
        ("ab", -1, 0, "utf-16", 0),
        ("ab", 0, -5, "utf-16", 0),
        ("\r\n", 0, 1, "utf-16", 0),
        ("é\n\n", 1, 5, "utf-8", 2),
    ],
)
def test_offset(text, line, column, encoding, offset):
    assert LineIndex(text).offset(line, column, encoding) == offset


@given(TEXTS, st.sampled_from(ENCODINGS), st.data())
def test_a_position_leads_back_to_its_offset(text, encoding, data):
    offset = data.draw(offsets_in(text))
    index = LineIndex(text)
    line, column = index.position(offset, encoding)
    back = index.offset(line, column, encoding)
    # Between \r and \n there is no place that a client could name.
    inside_crlf = text[offset - 1 : offset + 1] == "\r\n" and offset > 0
    assert back == (offset - 1 if inside_crlf else offset)


@given(TEXTS, st.sampled_from(ENCODINGS), st.data())
def test_columns_count_the_clients_units(text, encoding, data):
    offset = data.draw(offsets_in(text))
    line, column = LineIndex(text).position(offset, encoding)
    lines = text.replace("\r\n", "\n\n").replace("\r", "\n")  # the same offsets, one line end
    start = lines.rfind("\n", 0, offset) + 1
    if text[start - 1 : start + 1] == "\r\n" and start == offset:
        start = lines.rfind("\n", 0, start - 1) + 1
    assert column == UNITS[encoding](text[start:offset])
    assert line <= text.count("\n") + text.count("\r")


@given(LONG, st.sampled_from(ENCODINGS), st.data())
def test_a_column_in_a_long_line_is_counted_from_its_start(text, encoding, data):
    text = text.replace("\n", "")
    column = data.draw(st.integers(0, UNITS[encoding](text)) | offsets_in(text))
    offset = LineIndex("\n" + text).offset(1, column, encoding) - 1
    assert UNITS[encoding](text[:offset]) <= column
    assert offset == len(text) or UNITS[encoding](text[: offset + 1]) > column


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_line_of_ten_megabytes_is_counted_once(encoding):
    """From the line's start each time, it takes minutes."""
    index = LineIndex("😀" + "x" * 10_000_000)
    wide = UNITS[encoding]("😀")
    for offset in range(1, 10_000_000, 10_000):
        line, column = index.position(offset, encoding)
        assert (line, column) == (0, offset - 1 + wide)
        assert index.offset(line, column, encoding) == offset


@given(TEXTS, st.integers(-3, 9), st.integers(-3, 9999), st.sampled_from(ENCODINGS))
def test_any_position_is_somewhere_in_the_text(text, line, column, encoding):
    assert 0 <= LineIndex(text).offset(line, column, encoding) <= len(text)


def test_a_span_touches_both_of_its_edges():
    span = Span(2, 4)
    assert [offset for offset in range(7) if span.touches(offset)] == [2, 3, 4]
    assert span.slice("abcdef") == "cd"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines\tand  more", "two lines and more"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\u202eb\u200bc\ufeffd", "abcd"),
        ("lone \ud800 one", "lone one"),
        ("nul\x00!", "nul!"),
        ("", ""),
    ],
)
def test_printable(text, shown):
    assert printable(text) == shown


def test_printable_cuts_what_is_long():
    assert printable("x" * 50, 10) == "xxxxxxxxx…"
    assert len(printable("wide " * 10_000_000, 20)) <= 20


@given(st.text("ab", max_size=8), st.text("ab", max_size=8))
def test_the_end_of_a_change_is_where_both_texts_go_on_alike(before, after):
    end = end_of_change(before, after)
    if before == after:
        assert end is None
    else:
        assert before.endswith(after[end:])
        assert end == 0 or not before.endswith(after[end - 1 :])


@pytest.mark.parametrize(
    ("before", "after", "end"),
    [
        ("fla", "flas", 4),
        ("flask", "flas", 4),
        ("one\n", "one\nfl\n", 6),
        ("flask\ntwo\n", "flask\n\ntwo\n", 6),
        ("a\nb\n", "x\nb\n", 1),
        ("abc", "", 0),
    ],
)
def test_the_end_of_a_change(before, after, end):
    assert end_of_change(before, after) == end

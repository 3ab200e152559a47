import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.text import Span
from registry_lsp.syntax.requirements.lines import LogicalLine, Word, logical_lines, words


def contents(text):
    return [line.text[line.start : line.end] for line in logical_lines(text)]


def places(text):
    """What each line's extent covers in the file."""
    return [line.place(Span(line.start, line.end)).slice(text) for line in logical_lines(text)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\n\n  b  \n", ["a", "b"]),
        ("# a\n  # b\nc # d\ne#f\n", ["c", "e#f"]),
        ("a\t#b", ["a"]),
        ("a \\\n  b", ["a   b"]),
        ("a\\\nb\\\nc\nd", ["abc", "d"]),
        ("a \\\n# c \\\nb", ["a", "b"]),
        ("a # c \\\nb\nd", ["a", "d"]),
        ("a\\", ["a"]),
        ("\\\n\\\n", []),
        ("a\\ \nb", ["a\\", "b"]),
        ("a\rb\r\nc\x0cd\u2028e", ["a", "b", "c", "d", "e"]),
        ("\ufeffa", ["a"]),
        ("", []),
    ],
)
def test_lines_are_cut_as_pip_cuts_them(text, lines):
    assert contents(text) == lines


def test_a_continued_line_leads_back_to_the_file():
    text = "x\nrequests \\\n    --hash=a \\\n    # end\ny"
    assert places(text) == ["x", "requests \\\n    --hash=a", "y"]
    line = list(logical_lines(text))[1]
    at = line.text.index("--hash")
    assert line.place(Span(at, at + 8)).slice(text) == "--hash=a"


def test_a_name_that_is_cut_in_two_covers_the_cut():
    text = "num\\\npy==1"
    (line,) = logical_lines(text)
    assert line.place(Span(0, 5)).slice(text) == "num\\\npy"
    assert line.place(Span(0, 3)).slice(text) == "num"
    assert line.place(Span(3, 5)).slice(text) == "py"
    assert line.place(Span(3, 3)) == Span(3, 3)


def test_leading_backslashes_of_a_continued_line_are_dropped():
    text = "\\a\\\nb"
    (line,) = logical_lines(text)
    assert line.text == "ab"
    assert line.place(Span(0, 2)).slice(text) == "a\\\nb"


def read(text):
    return list(words(LogicalLine(text, 0, len(text)), 0))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("-r a.txt", ["-r", "a.txt"]),
        ("--x='a b'  c", ["--x=a b", "c"]),
        ('"a\\"b\\c" d', ['a"b\\c', "d"]),
        ("a\\ b", ["a b"]),
        ("'' x", ["", "x"]),
        ("a'b'\"c\"", ["abc"]),
        ("   ", []),
    ],
)
def test_words_are_split_as_a_shell_splits_them(text, values):
    assert [each.value for each in read(text)] == values


def test_a_word_in_quotes_lies_between_them():
    assert read("-e 'a b'")[1] == Word(value="a b", start=4, end=7)
    assert read("x='a'")[0] == Word(value="x=a", start=0, end=5)


@pytest.mark.parametrize("text", ["a 'b", 'a "b', "a b\\", "a b'c"])
def test_an_open_quotation_is_told_with_its_extent(text):
    *_, last = read(text)
    assert isinstance(last, Span)
    assert last.end == len(text)


@given(st.text(alphabet="ab #\\\n\r\t'\"-=\u2028", max_size=80))
def test_any_file_is_cut_into_lines_that_lie_in_it(text):
    end = 0
    for line in logical_lines(text):
        placed = line.place(Span(line.start, line.end))
        assert end <= placed.start < placed.end <= len(text)
        end = placed.end
        for word in words(line, line.start):
            assert line.start <= word.start <= word.end <= line.end


@pytest.mark.parametrize(
    "text",
    [" " * 2_000_000 + "#", "#" * 2_000_000, "a#" * 1_000_000, "a\\\n" * 300_000, "\\" * 2_000_000],
)
def test_hostile_files_are_cut_at_once(text):
    assert len(contents(text)) <= 1

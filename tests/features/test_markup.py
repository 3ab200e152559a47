import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from registry_lsp.features.markup import Markdown, Plain, decent_link

MARKUP = Markdown()


@pytest.mark.parametrize(
    "text",
    [
        "*bold* _it_ `code` ~~gone~~",
        "[click](command:evil) ![x](https://registry.example/x.png)",
        "<img src=x onerror=alert(1)>",
        "<!-- --> &lt;b&gt; &#42;",
        "- a list",
        "1. a list",
        "12) a list",
        "# heading",
        "> quote",
        "===",
        "| a | table |",
        "needs Node.js ^18 || >=22, as snake_case does!",
        "_a_ b_ _c __d__ e__f",
        "|---|---|",
        "trailing \\",
        "[DEPRECATED] a [x] & b [ ] 5 * 3 < 4",
        "[x]: https://registry.example/ [y][z] [^1]",
        "[ ] to be done",
        "AT&T, &c. &#x2a; & <b> <3 </b>",
        "* a * b * c*",
        "https://registry.example/?a=b",
    ],
)
def test_a_strangers_words_come_out_as_they_were_written(text):
    assert rendered_text(MARKUP.text(text)) == text


def test_what_means_nothing_is_not_escaped():
    for text in (
        "needs Node.js ^18 || >=22, as snake_case! does",
        "[DEPRECATED] fast & small: 5 * 3 < 4",
    ):
        assert MARKUP.text(text) == text
    assert MARKUP.text("look!") == r"look\!"


@given(st.text(st.sampled_from("ab-|: >_!")), st.text(st.sampled_from("ab-|: >_!")))
def test_no_two_lines_make_a_table(one, other):
    lines = f"{MARKUP.text(one)}\n{MARKUP.text(other)}"
    tokens = MarkdownIt("commonmark").enable("table").parse(lines)
    assert not [each for each in tokens if each.type == "table_open"]


MEANING = st.text(st.sampled_from("ab_*!>[](): ~é&#;</1x"), max_size=20)


@given(st.lists(st.one_of(st.text(max_size=80), MEANING), min_size=1, max_size=3))
def test_no_text_makes_markup(texts):
    written = " ".join(MARKUP.text(each) for each in texts)
    tokens = MarkdownIt("commonmark").enable("strikethrough").parse(written)
    blocks = {token.type for token in tokens}
    assert blocks <= {"paragraph_open", "inline", "paragraph_close"}
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {"text", "text_special"}


@given(st.text(st.sampled_from("ab`' \n*[]()<>\\"), max_size=40))
def test_no_code_escapes_its_span(text):
    tokens = MarkdownIt("commonmark").parse(f"x {MARKUP.code(text)} y")
    inline = [child for token in tokens for child in token.children or ()]
    assert [child.type for child in inline][:3] in (
        ["text", "code_inline", "text"],
        ["text"],  # nothing printable was left of it
        ["text", "text_special", "text"],
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://registry.example/a",
        "http://registry.example:8080/a?b=c&d=e#f",
    ],
)
def test_decent_links_stay(url):
    assert decent_link(url) == url
    assert f"]({url})" in MARKUP.link("home", url)
    assert Plain().link("home", url) == f"home: {url}"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "command:workbench.action.terminal",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://registry.example/a",
        "https://user:secret@registry.example/a",
        "https://paypal.example@evil.example/",
        "https://",
        "https://[broken/",
        "//registry.example/a",
        "https://registry.example/" + "a" * 3000,
    ],
)
def test_other_links_vanish(url):
    assert decent_link(url) is None
    assert MARKUP.link("home", url) == ""
    assert Plain().link("home", url) == ""


@given(MEANING, MEANING)
def test_words_around_a_link_leave_it_alone(before, after):
    link = MARKUP.link("home", "https://registry.example/")
    written = f"x {MARKUP.text(before)} {link} {MARKUP.text(after)}"
    tokens = MarkdownIt("commonmark").enable("strikethrough").parse(written)
    inline = [child.type for token in tokens for child in token.children or ()]
    marks = [each for each in inline if each not in ("text", "text_special")]
    assert marks == ["link_open", "link_close"]


@given(MEANING.filter(str.strip))
def test_a_label_stays_within_its_link(label):
    link = MARKUP.link(label, "https://registry.example/")
    tokens = MarkdownIt("commonmark").enable("strikethrough").parse(f"x {link} y")
    inline = [child.type for token in tokens for child in token.children or ()]
    assert [each for each in inline if each not in ("text", "text_special")] == [
        "link_open",
        "link_close",
    ]


@given(st.text(st.sampled_from("ab/()[]<> \"'\n\\%é\u202e"), max_size=30))
def test_a_link_ends_where_it_should(path):
    link = MARKUP.link("home", f"https://registry.example/{path}")
    tokens = MarkdownIt("commonmark").parse(f"x {link} y") if link else []
    inline = [child.type for token in tokens for child in token.children or ()]
    assert inline in ([], ["text", "link_open", "text", "link_close", "text"])


def rendered_text(markdown):
    (_, inline, _) = MarkdownIt("commonmark").parse(markdown)
    return "".join(child.content for child in inline.children)


def test_plain_text_says_no_address_twice():
    assert Plain().link("code.example/a", "https://code.example/a/") == "https://code.example/a/"
    assert Plain().link("a", "https://code.example/a") == "a: https://code.example/a"

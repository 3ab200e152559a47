from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.sites import typed_at
from registry_lsp.ecosystems import discover
from registry_lsp.features.completions import escapes
from registry_lsp.features.completions.place import place_at

FORMATS = {format.name: format for each in discover() for format in each.formats}


def place(format, text):
    """The place at the ``¦`` in *text*, as the text that choosing 9.9 would leave; None."""
    offset = text.index("¦")
    plain = text.replace("¦", "")
    manifest = FORMATS[format].parse(plain)
    dependency = typed_at(manifest, plain, offset)
    if dependency is None:
        return None
    found = place_at(plain, dependency, offset)
    meant = escapes.plain(plain, dependency, offset, FORMATS[format].parse)
    if found is None and meant is not None:
        found = place_at(meant.text, meant.dependency, meant.offset)
        span = found and meant.span_in(plain, found.span)
        found = replace(found, span=span) if span is not None else None
    if found is None:
        return None
    assert found.span.start <= offset <= found.span.end
    assert plain[found.span.start : offset] == found.typed
    chosen = "NEW9.9" if found.is_fresh else "9.9"
    return plain[: found.span.start] + chosen + plain[found.span.end :]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("one==¦", "one==9.9"),
        ("one== ¦", "one== 9.9"),
        ("one >= ¦  # why", "one >= 9.9  # why"),
        ("one==1.¦0", "one==9.9"),
        ("one==¦1.0", "one==9.9"),
        ("one==¦ 1.0", "one==9.9"),
        ("one>=1,¦", "one>=1,NEW9.9"),
        ("one>=1, <¦2", "one>=1, <9.9"),
        ("one>=1,<2.¦0", "one>=1,<9.9"),
        ("one!=1.0¦", "one!=9.9"),
        ("one==1!2.¦0", "one==9.9"),
        ("one¦", "oneNEW9.9"),
        ("one ¦", "one NEW9.9"),
        ("one¦\nother==1", "oneNEW9.9\nother==1"),
        ("one[a]¦", "one[a]NEW9.9"),
        ("one==2.0,\\\n   !=¦2.30.0", "one==2.0,\\\n   !=9.9"),
        ("one>=\\\n   2.¦30.0", "one>=\\\n   9.9"),
        ("one==2.¦0 \\\n  --hash=sha256:00", "one==9.9 \\\n  --hash=sha256:00"),
        ("one¦==2.0", None),
        ("one[¦", None),
        ("one[sec¦", None),
        ("one[sec]¦", "one[sec]NEW9.9"),
        ("one=¦=2.0", None),
        ("one>¦=2.0", None),
        ("one==2.0  # 1.¦0", None),
        ("one ¦# a note", None),
        ("one==¦# a note", None),
        ("one==1.0 ; python_version >= '3.¦8'", None),
        ("on¦e==1.0", None),
    ],
)
def test_requirements(text, result):
    assert place("requirements.txt", text) == result


@pytest.mark.parametrize(
    ("specifier", "result"),
    [
        ("¦", "NEW9.9"),
        ("^¦", "^9.9"),
        ("^17.0.¦1", "^9.9"),
        ("^¦17.0.1", "^9.9"),
        ("17.0.1¦", "9.9"),
        ("lat¦est", "9.9"),
        (">= ¦", ">= 9.9"),
        (">=¦  1", ">=9.9"),
        (">=1 <¦2", ">=1 <9.9"),
        ("^1 || ¦", "^1 || NEW9.9"),
        ("^1 || ^2¦", "^1 || ^9.9"),
        ("1.0.0 - ¦17.0.1", "1.0.0 - 9.9"),
        ("17 - ¦", "17 - 9.9"),
        ("1.0.0-beta¦.1", "9.9"),
        ("npm:one@^1¦", "npm:one@^9.9"),
        ("¦^17.0.1", "NEW9.9"),
        ("¦>=1 <2", "NEW9.9 <2"),
        ("¦>", None),
        (">¦=17.0.1", None),
        ("1.0.0 -¦ 17.0.1", None),
        ("^1 ¦", None),
        (">=1.0 ¦", ">=1.0 NEW9.9"),
        (">= 1 ¦", ">= 1 NEW9.9"),
        ("\\u005e17.0.¦1", "\\u005e9.9"),
        ("\\u003e=1 \\u003c¦2", "\\u003e=1 \\u003c9.9"),
        ("\\u003e=1 \\u003c ¦", "\\u003e=1 \\u003c 9.9"),
        ("\\u003e=1 ¦\\u003c2", None),
        ("\\u003e=¦1 \\u003c2", "\\u003e=9.9 \\u003c2"),
        ("^1 \\u007c| ¦", "^1 \\u007c| NEW9.9"),
        ("npm:one@\\u005e1¦", "npm:one@\\u005e9.9"),
        ("\\u00¦5e17.0.1", None),
        ("^1\\u002e2¦", None),
        ("^1.2¦\\u002e3", None),
        ("github:a/b#1.¦0", None),
    ],
)
def test_ranges_of_npm(specifier, result):
    text = '{"dependencies": {\n  "one": "%s"\n}}'
    expected = None if result is None else text % result
    assert place("package.json", text % specifier) == expected


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('"^1.¦0"', '"^9.9"'),
        ('">=1,¦"', '">=1,NEW9.9"'),
        ('"¦"', '"NEW9.9"'),
        ('"^1 || ¦"', '"^1 || NEW9.9"'),
        ('{version = "^1.¦0", optional = true}', '{version = "^9.9", optional = true}'),
        ('{version = "^¦', '{version = "^9.9'),
        ('[{version = "^1.¦0", python = "<3"}]', '[{version = "^9.9", python = "<3"}]'),
        ('[{version = "¦"}]', '[{version = "NEW9.9"}]'),
        ('"^1.0" ¦', None),
    ],
)
def test_poetrys_constraints(text, result):
    head = "[tool.poetry.dependencies]\none = "
    expected = None if result is None else head + result
    assert place("pyproject.toml", head + text) == expected


@given(st.text(st.sampled_from("01.,^~=<>! |-x*\\\n[]"), max_size=12), st.data())
def test_no_place_is_anywhere_but_at_the_cursor(specifier, data):
    plain = f"one{specifier}\ntwo==1\n"
    offset = data.draw(st.integers(0, len(plain)))
    manifest = FORMATS["requirements.txt"].parse(plain)
    dependency = typed_at(manifest, plain, offset)
    found = place_at(plain, dependency, offset) if dependency is not None else None
    if found is not None:
        assert found.span.start <= offset <= found.span.end
        assert "\n" not in plain[found.span.start : found.span.end]

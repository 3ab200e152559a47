from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.ecosystems.npm.versions.semver import LONGEST_VERSION, compare, parse_version

# The order that the Semantic Versioning 2.0.0 document gives as its example (section 11).
_ASCENDING = (
    *("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2"),
    *("1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1", "10.0.0"),
)


@pytest.mark.parametrize(("lower", "higher"), tuple(pairwise(_ASCENDING)))
def test_versions_sort_as_semver_says(lower: str, higher: str):
    one, other = parse_version(lower), parse_version(higher)

    assert one is not None
    assert other is not None
    assert compare(one, other) == -1
    assert compare(other, one) == 1
    assert compare(one, one) == 0


@pytest.mark.parametrize(
    ("text", "strict", "loose"),
    [
        ("1.2.3", "1.2.3", "1.2.3"),
        ("v1.2.3", "1.2.3", "1.2.3"),
        (" 1.2.3\n", "1.2.3", "1.2.3"),
        ("\ufeff1.2.3", "1.2.3", "1.2.3"),
        ("\x851.2.3", None, None),  # white space in Python, none in JavaScript
        ("=1.2.3", None, "1.2.3"),
        ("01.2.3", None, "1.2.3"),
        ("1.2.3beta", None, "1.2.3-beta"),
        ("1.2.34.5", None, "1.2.3-4.5"),
        ("1.2.3-01", None, "1.2.3-1"),
        ("1.2.3-0a", "1.2.3-0a", "1.2.3-0a"),
        ("1.2.3--", "1.2.3--", "1.2.3--"),
        ("1.2.3+build.01", "1.2.3", "1.2.3"),
        ("1.2.3-beta+build", "1.2.3-beta", "1.2.3-beta"),
        ("1.2", None, None),
        ("1.2.x", None, None),
        ("\u0661.2.3", None, None),
        ("9007199254740991.0.0", "9007199254740991.0.0", "9007199254740991.0.0"),
        ("9007199254740992.0.0", None, None),
    ],
)
def test_a_version_is_read_strictly_and_loosely(text: str, strict: str | None, loose: str | None):
    read = [parse_version(text, loose=each) for each in (False, True)]

    assert [str(each) if each else None for each in read] == [strict, loose]


def test_a_version_is_read_up_to_its_greatest_length():
    longest = "1.0.0-" + "a" * (LONGEST_VERSION - 6)

    assert parse_version(longest) is not None
    assert parse_version(longest + "a") is None
    assert parse_version(longest + " ") is None


def test_identifiers_beyond_exact_numbers_sort_as_floats():
    one = parse_version("1.0.0-9007199254740993")
    other = parse_version("1.0.0-9007199254740992")
    alphabetic = parse_version("1.0.0-a")

    assert one is not None
    assert other is not None
    assert alphabetic is not None
    assert str(one) == "1.0.0-9007199254740993"
    assert compare(one, other) == 0
    assert compare(one, alphabetic) == -1


_IDENTIFIERS = st.from_regex(r"(0|[1-9][0-9]{0,8}|[a-zA-Z-][0-9A-Za-z-]{0,5})", fullmatch=True)


@given(
    release=st.tuples(*[st.integers(0, 2**53 - 1)] * 3),
    prerelease=st.lists(_IDENTIFIERS, max_size=3),
    build=st.lists(_IDENTIFIERS, max_size=2),
)
def test_a_version_is_written_as_it_is_read(
    release: tuple[int, int, int], prerelease: list[str], build: list[str]
):
    text = ".".join(map(str, release)) + ("-" + ".".join(prerelease) if prerelease else "")
    metadata = "+" + ".".join(build) if build else ""

    strict, loose = parse_version(text + metadata), parse_version(text + metadata, loose=True)

    assert str(strict) == text
    assert strict == loose


@given(st.text())
def test_no_text_is_beyond_reading(text: str):
    strict, loose = parse_version(text), parse_version(text, loose=True)

    assert strict is None or loose == strict

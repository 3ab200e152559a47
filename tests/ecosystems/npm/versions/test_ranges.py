from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.ecosystems.npm.versions.ranges import (
    LONGEST_RANGE,
    max_satisfying,
    min_version,
    parse_range,
    satisfies,
)
from registry_lsp.ecosystems.npm.versions.semver import parse_version
from support import npm_texts


@pytest.mark.parametrize(
    ("text", "spelled_out"),
    [
        ("", "*"),
        ("*", "*"),
        ("x", "*"),
        (">=0.0.0", "*"),
        ("1.2.3", "1.2.3"),
        ("=1.2.3", "1.2.3"),
        ("1", ">=1.0.0 <2.0.0-0"),
        ("1.2.x", ">=1.2.0 <1.3.0-0"),
        ("^1.2.3", ">=1.2.3 <2.0.0-0"),
        ("^0.2.3", ">=0.2.3 <0.3.0-0"),
        ("^0.0.3", ">=0.0.3 <0.0.4-0"),
        ("^0.0", "<0.1.0-0"),
        ("^0", "<1.0.0-0"),
        ("^1.2.3-beta.2", ">=1.2.3-beta.2 <2.0.0-0"),
        ("~1.2.3", ">=1.2.3 <1.3.0-0"),
        ("~> 1", ">=1.0.0 <2.0.0-0"),
        ("> 1.2", ">=1.3.0"),
        ("<=1.2", "<1.3.0-0"),
        (">= 1.2.3 < 2", ">=1.2.3 <2.0.0-0"),
        ("1.2 - 2.3", ">=1.2.0 <2.4.0-0"),
        ("1.2.3 - 2.3.4", ">=1.2.3 <=2.3.4"),
        ("1 || >=3 <4", ">=1.0.0 <2.0.0-0||>=3.0.0 <4.0.0-0"),
        ("1||*", "*"),
        (">x || 1.2.3", "1.2.3"),
        (">x", "<0.0.0-0"),
        ("^1.2.3+build", ">=1.2.3 <2.0.0-0"),
        ("1.2.3*", "1.2.3"),
    ],
)
def test_a_range_is_spelled_out_as_comparators(text: str, spelled_out: str):
    assert str(parse_range(text)) == spelled_out


@pytest.mark.parametrize("text", ["latest", "1.2.3.4", "1.x.3", "x.1", "^", "1,2", "01.2.3", ">"])
def test_what_is_no_range_is_none(text: str):
    assert parse_range(text) is None


def test_loose_reading_passes_over_what_is_no_comparator():
    assert str(parse_range("foo >=01.2.3 bar", loose=True)) == ">=1.2.3"
    assert parse_range("foo", loose=True) is None


@pytest.mark.parametrize(
    ("version", "text", "admitted", "with_prereleases"),
    [
        ("1.2.3-beta", "^1.2.2", False, True),
        ("1.2.3-beta.2", "^1.2.3-beta.1", True, True),
        ("1.2.4-beta.2", "^1.2.3-beta.1", False, True),
        ("2.0.0-beta", "^1.2.3", False, False),
        ("2.0.0-beta", "<2.0.0", False, True),
        ("1.0.0-beta", "*", False, True),
        ("1.0.0-beta", "1.x", False, True),
    ],
)
def test_a_prerelease_is_admitted_only_beside_its_own_release(
    version: str, text: str, admitted: bool, with_prereleases: bool
):
    assert satisfies(version, text) is admitted
    assert satisfies(version, text, include_prerelease=True) is with_prereleases


@pytest.mark.parametrize(
    ("text", "least"),
    [
        (">=18", "18.0.0"),
        ("^18.2 || >=20", "18.2.0"),
        (">1.2.3", "1.2.4"),
        (">1.2.3-beta", "1.2.3-beta.0"),
        ("<2", "0.0.0"),
        ("<0.0.0", "0.0.0-0"),
        (">2 <1", None),
    ],
)
def test_the_least_version_of_a_range(text: str, least: str | None):
    parsed = parse_range(text, include_prerelease=text == "<0.0.0")
    assert parsed is not None

    version = min_version(parsed)

    assert (str(version) if version else None) == least


def test_the_greatest_version_that_is_admitted():
    caret = parse_range("^1.2.0")
    assert caret is not None

    assert max_satisfying(["1.2.0", "1.10.0", "1.9.9", "2.0.0", "foo"], caret) == "1.10.0"
    assert max_satisfying(["2.0.0"], caret) is None


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10_000_000,
        "1 " * (LONGEST_RANGE // 2),
        "1.1." + "1" * 2000,
        "v=" * (LONGEST_RANGE // 2),
        "||" * (LONGEST_RANGE // 2),
        "1.1.1-" + "a." * 1000,
        "~ " * 1000,
        "\ud800\0" * 500,
    ],
    ids=lambda text: text[:6].encode("ascii", "backslashreplace").decode(),
)
@pytest.mark.parametrize("loose", [False, True])
def test_hostile_text_is_read_to_an_end(text: str, loose: bool):
    parsed = parse_range(text, loose=loose)

    assert parsed is None or parse_range(str(parsed), loose=loose) == parsed


@given(st.integers(), st.booleans(), st.booleans())
def test_a_range_spelled_out_means_the_same(seed: int, loose: bool, include_prerelease: bool):
    random = Random(seed)
    text = npm_texts.range_text(random)
    parsed = parse_range(text, loose=loose, include_prerelease=include_prerelease)
    if parsed is None:
        return

    again = parse_range(str(parsed), loose=loose, include_prerelease=include_prerelease)

    version = parse_version(npm_texts.version(random, plain=True))
    assert again is not None
    assert version is not None
    assert again.admits(version) == parsed.admits(version)


@given(st.integers())
def test_a_range_admits_nothing_below_its_least_version(seed: int):
    random = Random(seed)
    parsed = parse_range(npm_texts.range_text(random))
    version = parse_version(npm_texts.version(random, plain=True))
    if parsed is None or version is None or not parsed.admits(version):
        return

    least = min_version(parsed)

    assert least is not None
    assert least.key <= version.key

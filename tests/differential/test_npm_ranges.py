"""Versions and ranges, held against npm's own ``semver``."""

from __future__ import annotations

from itertools import pairwise, product
from random import Random

import pytest

from registry_lsp.ecosystems.npm.versions.ranges import max_satisfying, min_version, parse_range
from registry_lsp.ecosystems.npm.versions.semver import compare, parse_version
from support import npm_texts
from support.node import Question, ask_npm

pytestmark = pytest.mark.node

_MODES = tuple(product((False, True), repeat=2))
_PICKED = (
    *("", "*", "x", "X.x.*", "1", "1.2", "1.2.3", "v1.2.3", "=1.2.3", "= v1.2.3", "==1.2"),
    *("1.2.3*", "^1.2.3", "^0.2.3", "^0.0.3", "^0.0", "^0", "^1.x", "^x", "^ 1.2"),
    *("^1.2.3-beta.2", "^0.0.3-a", "~1.2.3", "~1.2", "~1", "~0.2.3", "~> 1.2", "~>1", "~ 1"),
    *("~1.2.3-beta.2", "~x", "~1.x.5", ">1", ">1.2", ">=1.x", "<1", "<=1.2", "<x", ">x", ">=*"),
    *("<=x", "> 1.2.3", ">= 1.2.3 < 2", "1.2.3 - 2.3.4", "1.2 - 2", "1 - x", "* - 2"),
    *("1.2.3-a - 2-b", "1 -2", "1- 2", "v1 - =2", "1 || 2", "1||", "||", "|| 2", "1 | 2"),
    *("^1 ^1.2", ">2 <1", "<0.0.0-0", "<0.0.0-0 || 1", ">=0.0.0", ">=0.0.0-0", ">0.0.0-0"),
    *("1.2.3+build", "^1.2.3+build", "1.2.3-a+b", "1.2.3 +b 4", "1.2.3beta", "1.2.34.5"),
    *("01.02.03", "1.2.3-01", "00.1.2", "^00.1", "latest", "1.2.3.4", "1.a", "1,2", "1.x.3"),
    *("*.1", "x.1.2", ">01.02", "1.2.3-", "1.2.3--", "-1", "1..2", ".1", "1.", "^1 *"),
    *("foo * bar", "foo *", "a  b || 1", "1 foo 2", "\u20031\u2003", "1\x1c2", "1\x852", "v"),
)


def test_versions_are_read_alike():
    random = Random(1)
    texts = [npm_texts.version(random) for _ in range(6000)]
    texts += [npm_texts.range_text(random) for _ in range(1000)]
    asked = [(text, loose) for text in texts for loose in (False, True)]

    answers = ask_npm(Question("version", each) for each in asked)

    differ = []
    for (text, loose), answer in zip(asked, answers, strict=True):
        ours = parse_version(text, loose=loose)
        read = ours and {"text": str(ours), "release": list(ours.release)}
        if read != answer.value:
            differ.append((text, loose, read, answer.value))
    assert not differ


def test_versions_are_sorted_alike():
    random = Random(2)
    texts = [text for _ in range(6000) if _is_loose(text := npm_texts.version(random))]
    pairs = list(pairwise(texts))

    answers = ask_npm(Question("compare", each) for each in pairs)

    differ = [
        (one, other, answer.value)
        for (one, other), answer in zip(pairs, answers, strict=True)
        if _compare(one, other) != answer.value
    ]
    assert not differ


def test_ranges_are_read_alike():
    random = Random(3)
    versions = [npm_texts.version(random, plain=True) for _ in range(60)]
    texts = list(_PICKED)
    texts += [text for _ in range(5000) if not _oversteps(text := npm_texts.range_text(random))]
    asked = [
        (text, loose, include_prerelease, [*versions[:20], *random.sample(versions, 5)])
        for text in texts
        for loose, include_prerelease in _MODES
    ]

    answers = ask_npm(
        Question("range", (text, {"loose": loose, "includePrerelease": prerelease}, some))
        for text, loose, prerelease, some in asked
    )

    differ = [
        (*asking[:3], ours, answer.value)
        for asking, answer in zip(asked, answers, strict=True)
        if (ours := _read(*asking)) != answer.value
    ]
    assert not differ
    assert sum(answer.value["text"] is not None for answer in answers) > len(answers) / 3


def _oversteps(text: str) -> bool:
    """Whether npm's least version may be one that npm itself could not read: a patch too high."""
    return ">" in text and ".9007199254740991" in text


def _read(
    text: str, loose: bool, include_prerelease: bool, versions: list[str]
) -> dict[str, object]:
    parsed = parse_range(text, loose=loose, include_prerelease=include_prerelease)
    if parsed is None:
        return {"text": None, "least": None, "admits": [], "max": None}
    least = min_version(parsed)
    admitted = [
        version
        for version in versions
        if (read := parse_version(version, loose=loose)) and parsed.admits(read)
    ]
    return {
        "text": str(parsed),
        "least": str(least) if least else None,
        "admits": admitted,
        "max": max_satisfying(versions, parsed, loose=loose),
    }


def _is_loose(text: str) -> bool:
    return parse_version(text, loose=True) is not None


def _compare(one: str, other: str) -> int:
    left, right = parse_version(one, loose=True), parse_version(other, loose=True)
    assert left is not None
    assert right is not None
    return compare(left, right)

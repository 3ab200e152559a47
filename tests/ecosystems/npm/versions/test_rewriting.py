from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.npm.versions.scheme import NpmScheme
from support import npm_texts

SCHEME = NpmScheme()


@pytest.mark.parametrize(
    ("specifier", "version", "rewritten"),
    [
        ("^1.2.3", "2.0.0", "^2.0.0"),
        ("^1.2", "2.3.4", "^2.3"),
        ("~1.2", "2.0.0", "~2.0"),
        ("~> 1.2.3", "2.0.0", "~> 2.0.0"),
        ("1", "2.3.4", "2"),
        ("1.x", "2.3.4", "2.x"),
        ("1.2.X", "2.3.4", "2.3.X"),
        ("1.*", "2.3.4", "2.*"),
        ("1.2.3", "2.0.0", "2.0.0"),
        ("v1.2.3", "2.0.0", "v2.0.0"),
        ("= 1.2.3", "2.0.0", "= 2.0.0"),
        ("1.2.3+build", "2.0.0", "2.0.0"),
        (">=1.2", "2.3.4", ">=2.3"),
        (">1.2.3", "2.0.0", ">1.2.3"),
        (">3", "2.0.0", ">=2"),
        ("<2", "2.3.4", "<3"),
        ("<2", "1.5.0", "<2"),
        ("<=1.2", "2.3.4", "<=2.3"),
        (">=1.2 <2", "2.3.4", ">=2.3 <3"),
        (">= 1.2.3 < 1.9.0", "1.9.1", ">= 1.9.1 < 1.10.0"),
        (">=1.2.3-beta <2.0.0-0", "2.0.0", ">=2.0.0 <3.0.0-0"),
        ("1.2.3 - 1.9.0", "2.0.0", "1.2.3 - 2.0.0"),
        ("2 - 3", "1.5.0", "1 - 3"),
        ("^1 || ^2", "3.1.0", "^1 || ^2 || ^3"),
        ("1.2.3||1.3.0", "2.0.0", "1.2.3||1.3.0||2.0.0"),
        ("^1 || ^2", "2.3.4", "^1 || ^2"),
        ("*", "2.0.0", "*"),
        ("x", "2.0.0", "x"),
        ("", "2.0.0", "^2.0.0"),
        ("latest", "2.0.0", "^2.0.0"),
        ("^1.2.3", "2.0.0-beta.1", "^2.0.0-beta.1"),
        ("^1.2.3-beta.1", "2.0.0", "^2.0.0"),
        ("1.x", "2.0.0-beta.1", "^2.0.0-beta.1"),
        ("1.2.x", "2.0.0-beta.1", "~2.0.0-beta.1"),
        ("*", "2.0.0-beta.1", "^2.0.0-beta.1"),
        (">=1.2 <2", "2.0.0-beta.1", ">=2.0.0-beta.1 <3"),
        (" ^1.2.3 ", "2.0.0", "^2.0.0"),
        ("not, a range", "2.0.0", "^2.0.0"),
        ("^1.2.3", "no version", "no version"),
        ("^1.0.0", "9007199254740991.0.0", "9007199254740991.0.0"),
        ("1 " * 5000, "2.0.0", "^2.0.0"),
    ],
)
def test_a_specifier_keeps_its_style(specifier: str, version: str, rewritten: str):
    assert SCHEME.replace(specifier, version) == rewritten


@given(st.integers())
def test_a_rewritten_specifier_admits_the_version(seed: int):
    random = Random(seed)
    specifier, version = npm_texts.range_text(random), npm_texts.version(random, plain=True)

    rewritten = SCHEME.replace(specifier, version)

    assert SCHEME.parse(rewritten).admits(version)


@given(st.text(), st.integers())
def test_any_text_can_be_rewritten(specifier: str, seed: int):
    version = npm_texts.version(Random(seed), plain=True)

    assert SCHEME.parse(SCHEME.replace(specifier, version)).admits(version)


@given(st.integers())
def test_a_range_that_was_rewritten_stays_as_it_is(seed: int):
    random = Random(seed)
    specifier, version = npm_texts.range_text(random), npm_texts.version(random, plain=True)
    try:
        SCHEME.parse(specifier)
    except InvalidRequirementError:
        return

    rewritten = SCHEME.replace(specifier, version)

    assert SCHEME.replace(rewritten, version) == rewritten


@pytest.mark.parametrize(
    ("specifier", "wider"),
    [
        ("^1.2.3", "^1.2.3 || ^3.4.5"),
        ("~1.2", "~1.2 || ~3.4"),
        ("1.x", "1.x || 3.x"),
        (">=1.2 <2", ">=1.2 <4"),
        ("1.0 - 2.3", "1.0 - 3.4"),
        ("^1 || ^2", "^1 || ^2 || ^3"),
        ("^1||^2", "^1||^2||^3"),
        ("<2", "<4"),
        ("<=2.1", "<=3.4"),
        ("1.2.3", None),
        ("*", None),
        (">=1", None),
        ("", None),
        ("next", None),
    ],
)
def test_a_range_is_widened_in_its_own_style(specifier, wider):
    assert SCHEME.widen(specifier, "3.4.5") == wider

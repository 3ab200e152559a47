from dataclasses import replace

import pytest

from registry_lsp.core.assess import assess
from registry_lsp.core.findings import Assessment
from registry_lsp.core.manifests import Locked
from registry_lsp.core.packages import Found, Missing, Release
from registry_lsp.core.reshaping import pinned, widened
from support import toy
from support.documents import document

SCHEME = toy.ToyScheme()
VERSIONS = ("3.1", "3.0", "2.0", "1.1", "1.0")


def assessed(text, *versions, locked=()):
    (dependency,) = document(text).manifest.dependencies
    lookup = Found(package=toy.package("one", *(versions or VERSIONS)), asked_at=0.0)
    verdict = assess(dependency, lookup, SCHEME, locked=locked)
    return Assessment(dependency=dependency, lookup=lookup, verdict=verdict)


def text_of(reshaped):
    return reshaped and reshaped.edit.text


@pytest.mark.parametrize(
    ("text", "locked", "expected"),
    [
        ("one", (), "==3.1"),
        ("one>=1.0", (), "==3.1"),
        ("one>=1.0", ("2.0",), "==2.0"),
        ("one<2", (), "==1.1"),
        ("one>=2.0", ("1.0",), "==3.1"),
        ("one>=1.0", ("2.5",), None),
        ("one==1.0", (), None),
        ("one@latest", (), None),
        ("one>=4", (), None),
        ("one>=what", (), None),
    ],
)
def test_a_pin_is_what_is_in_use_or_would_be_installed(text, locked, expected):
    assert text_of(pinned(assessed(text, locked=locked), SCHEME)) == expected


@pytest.mark.parametrize(
    ("versions", "runtime", "expected"),
    [
        (("2.0", "3.0"), "1", "==2.0"),
        (("2.0", "3.0"), "2", "==3.0"),
        (("2.0", "3.0"), None, "==3.0"),
        (("3.0", "3.1"), "1", "==3.1"),  # neither runs everywhere
        (("1.0", "2.0", "3.0"), "1", "==2.0"),
    ],
)
def test_of_several_in_use_the_newest_that_runs_everywhere_is_pinned(versions, runtime, expected):
    released = [Release(version=each, runtime="2") for each in ("3.1", "3.0")]
    found = assessed("one>=1.0", *released, "2.0", "1.0", locked=versions)
    found = replace(
        found,
        dependency=replace(found.dependency, runtime=runtime),
        locked=tuple(Locked(version=each, by="some.lock") for each in versions),
    )
    assert text_of(pinned(found, SCHEME)) == expected


def test_what_was_yanked_is_pinned_by_nobody():
    yanked = Release(version="3.1", yanked=True)
    assert pinned(assessed("one", yanked, "3.0", locked=("3.1",)), SCHEME) is None
    assert text_of(pinned(assessed("one", yanked, "3.0"), SCHEME)) == "==3.0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one<2", "<4"),
        ("one<4", None),
        ("one>=1.0", None),
        ("one==1.0", None),
        ("one", None),
        ("one@latest", None),
    ],
)
def test_a_range_is_widened_for_the_latest(text, expected):
    assert text_of(widened(assessed(text), SCHEME)) == expected


def test_a_range_above_the_latest_is_wide_enough():
    class Eager(toy.ToyScheme):
        def widen(self, specifier, version):
            return ">=1.0"

    assert text_of(widened(assessed("one==1.0"), Eager())) == ">=1.0"
    assert widened(assessed("one==4.0a1", "4.0a1", "3.1"), Eager()) is None


def test_nothing_that_was_admitted_is_lost():
    class Narrow(toy.ToyScheme):
        def widen(self, specifier, version):
            return f"=={version}"

    assert widened(assessed("one<2"), Narrow()) is None


def test_nothing_is_said_of_what_is_not_known():
    for lookup in (None, Missing()):
        unknown = replace(assessed("one<2"), lookup=lookup)
        assert pinned(unknown, SCHEME) is None
        assert widened(unknown, SCHEME) is None

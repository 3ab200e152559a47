from dataclasses import replace

import pytest

from registry_lsp.core.advisories import Advisory, Affected, Exposed, Exposure
from registry_lsp.core.assess import assess
from registry_lsp.core.fallbacks import fallback, near_tags
from registry_lsp.core.findings import Assessment
from registry_lsp.core.gates import Gate
from registry_lsp.core.order import Tier
from registry_lsp.core.packages import Found, Missing, Release
from support import toy
from support.documents import document

SCHEME = toy.ToyScheme()
NOW = 1_000_000_000.0
DAY = 86_400.0
VERSIONS = ("3.0.0", "2.1.0", "2.0.1", "2.0.0", "1.0.0")


def assessed(text, *versions, runtime=None, gate=None, tags=None):
    (dependency,) = document(text).manifest.dependencies
    dependency = replace(dependency, runtime=runtime)
    lookup = Found(package=toy.package("one", *(versions or VERSIONS), tags=tags), asked_at=NOW)
    verdict = assess(dependency, lookup, SCHEME, gate=gate, now=NOW)
    return Assessment(dependency=dependency, lookup=lookup, verdict=verdict)


def found(*args, **facts):
    back = fallback(assessed(*args, **facts), SCHEME, NOW)
    return back and (back.release.version, back.tier, back.edit.text, back.is_safe(SCHEME))


def changed(version, **facts):
    return (Release(version=each, **(facts if each == version else {})) for each in VERSIONS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one==9", ("3.0.0", Tier.MAJOR, "==3.0.0", False)),
        ("one>=9", ("3.0.0", Tier.MAJOR, ">=3.0.0", False)),
        ("one==2.0.9", ("2.0.1", Tier.PATCH, "==2.0.1", True)),
        ("one==2.9", ("2.1.0", Tier.MINOR, "==2.1.0", False)),
        ("one==0.1", None),  # what is above stands among the updates
        ("one==2.0.0", None),  # it is there
        ("one>=", None),
    ],
)
def test_the_newest_below_what_is_not_there(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "facts",
    [
        {"yanked": True},
        {"deprecated": "old"},
        {"runtime": "9"},
    ],
)
def test_only_what_the_project_can_use(facts):
    assert found("one==9", *changed("3.0.0", **facts), runtime="3")[0] == "2.1.0"


def test_nothing_that_a_gate_holds_back_or_that_is_a_prerelease():
    gate = Gate(age=7 * DAY, by="gate")
    versions = changed("3.0.0", published=NOW - DAY)
    dated = [replace(each, published=each.published or NOW - 90 * DAY) for each in versions]
    assert found("one==9", *dated, gate=gate)[0] == "2.1.0"
    assert found("one==9", "3.0.0a", "2.0.0")[0] == "2.0.0"


def test_nothing_that_is_known_to_be_vulnerable():
    advisory = Advisory(id="GHSA-1", ranges=(Affected(introduced="2.1.0"),))
    exposed = Exposed(version="9", exposures=(Exposure(advisory=advisory),), fix=None)
    assessment = replace(assessed("one==9"), exposed=(exposed,))
    assert fallback(assessment, SCHEME, NOW).release.version == "2.0.1"


def test_what_runs_instead_of_what_does_not():
    versions = tuple(changed("3.0.0", runtime="9"))
    assert found("one==3.0.0", *versions, runtime="3") == (("2.1.0", Tier.MAJOR, "==2.1.0", False))
    back = fallback(assessed("one==3.0.0", *versions, runtime="3"), SCHEME, NOW)
    assert back.is_misfit
    assert found("one==3.0.0", *versions, runtime="9") is None


def test_of_a_tag_that_there_is_not_the_latest_and_those_that_are_near():
    tags = {"next": "3.0.0", "legacy": "1.0.0", "nex~": "1.0.0"}
    assessment = assessed("one@nxt", tags=tags)
    back = fallback(assessment, SCHEME, NOW)
    assert (back.release.version, back.base, back.tier) == ("3.0.0", None, None)
    assert not back.is_safe(SCHEME)
    assert {name: edit.text for name, edit in near_tags(assessment, SCHEME).items()} == {
        "next": "@next"
    }
    assert near_tags(assessed("one==9", tags=tags), SCHEME) == {}


def test_nothing_of_what_is_not_known():
    assessment = assessed("one==9")
    assert fallback(replace(assessment, lookup=Missing()), SCHEME, NOW) is None
    assert found("one==9", Release(version="1.0.0", yanked=True)) is None

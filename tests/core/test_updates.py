from dataclasses import replace

import pytest

from registry_lsp.core.advisories import Advisory, Affected, Exposed, Exposure
from registry_lsp.core.assess import assess
from registry_lsp.core.findings import Assessment
from registry_lsp.core.gates import Gate
from registry_lsp.core.manifests import Locked
from registry_lsp.core.order import Tier, is_compatible
from registry_lsp.core.packages import Found, Missing, Release
from registry_lsp.core.updates import replacement, updates
from support import toy
from support.documents import document

SCHEME = toy.ToyScheme()
NOW = 1_000_000_000.0
DAY = 86_400.0
VERSIONS = ("3.0.1", "3.0.0", "2.1.0", "2.0.0", "1.2.1", "1.2.0", "1.1.3", "1.1.0", "1.0.0")


def assessed(
    text, *versions, locked=(), runtime=None, gate=None, advisories=(), fix=None, held_by=None
):
    (dependency,) = document(text).manifest.dependencies
    dependency = replace(dependency, runtime=runtime)
    lookup = Found(package=toy.package("one", *(versions or VERSIONS)), asked_at=NOW)
    verdict = assess(dependency, lookup, SCHEME, locked=locked, gate=gate, now=NOW)
    exposures = tuple(Exposure(advisory=each) for each in advisories)
    exposed = (
        Exposed(
            version=verdict.current or "",
            exposures=exposures,
            fix=Release(version=fix) if fix else None,
            held_by=held_by,
        ),
    )
    exposed = exposed if exposures else ()
    return Assessment(dependency=dependency, lookup=lookup, exposed=exposed, verdict=verdict)


def found(text, *versions, **facts):
    return {
        each.tier: each.edit.text
        for each in updates(assessed(text, *versions, **facts), SCHEME, NOW)
    }


def changed(version, **facts):
    return (Release(version=each, **(facts if each == version else {})) for each in VERSIONS)


def advisory(fixed=None, introduced=None):
    return Advisory(id="GHSA-1", ranges=(Affected(introduced=introduced, fixed=fixed),))


PATCH, MINOR, MAJOR = Tier.PATCH, Tier.MINOR, Tier.MAJOR


def test_a_pin_may_go_to_the_newest_of_each_tier_the_smallest_step_first():
    offered = updates(assessed("one==1.1.0"), SCHEME, NOW)
    assert [(each.tier, each.release.version) for each in offered] == [
        (PATCH, "1.1.3"),
        (MINOR, "1.2.1"),
        (MAJOR, "3.0.1"),
    ]
    assert not any(each.is_admitted for each in offered)


@pytest.mark.parametrize(
    ("text", "locked", "expected"),
    [
        ("one==3.0.1", (), {}),
        ("one==9.0", (), {}),
        ("one==1.2.0", (), {PATCH: "==1.2.1", MAJOR: "==3.0.1"}),
        ("one>=1.0.0", (), {}),
        ("one>=1.0.0", ("2.0.0",), {MAJOR: ">=3.0.1"}),
        ("one>=1.0.0", ("3.0.0", "1.0.0"), {PATCH: ">=3.0.1"}),
        ("one<2", (), {MAJOR: ">=3.0.1"}),
        ("one>=2.0.0", ("1.0.0",), {}),
        ("one", ("1.0.0",), {}),
        ("one@latest", (), {}),
        ("one>=what", (), {}),
    ],
)
def test_what_is_offered(text, locked, expected):
    assert found(text, locked=locked) == expected


FORK = (("1.1.0", "old"), ("2.0.0", "middle"), ("3.0.0", "new"))


@pytest.mark.parametrize(
    ("elsewhere", "expected"),
    [
        # a step is as large as it is for whoever takes the largest
        ((), {MAJOR: ">=3.0.1"}),
        (("1.1.0",), {MAJOR: ">=3.0.1"}),
        (("1.1.0", "2.0.0"), {PATCH: ">=3.0.1"}),
        (("2.0.0", "3.0.0"), {MAJOR: ">=3.0.1"}),
    ],
)
def test_of_a_forked_lock_file_counts_what_holds_on_the_projects_runtime(elsewhere, expected):
    whole = assessed("one>=1.0.0", locked=("3.0.0", "1.1.0", "2.0.0"))
    locked = tuple(
        Locked(version=version, by="lock", marker=marker, is_elsewhere=version in elsewhere)
        for version, marker in FORK
    )
    offered = updates(replace(whole, locked=locked), SCHEME, NOW)
    assert {each.tier: each.edit.text for each in offered} == expected


def test_what_is_vulnerable_for_anybody_is_replaced():
    known = Exposure(advisory=advisory(fixed="1.2.0", introduced="1.0.0"))
    exposed = (Exposed(version="1.1.0", exposures=(known,), fix=Release(version="1.2.0")),)
    locked = (
        Locked(version="1.1.0", by="lock", marker="old", is_elsewhere=True),
        Locked(version="3.0.0", by="lock", marker="new"),
    )
    whole = assessed("one>=1.0.0", locked=("1.1.0", "3.0.0"))
    found = replacement(replace(whole, locked=locked, exposed=exposed), SCHEME, NOW)
    assert found is not None
    assert (found.old, found.edit.text) == ("1.1.0", ">=1.2.0")


def test_what_a_lock_file_lags_behind_is_admitted_already():
    (offered,) = updates(assessed("one>=1.0.0", locked=("3.0.0",)), SCHEME, NOW)
    assert offered.is_admitted


def test_nothing_is_offered_of_what_is_not_known():
    assessment = assessed("one==1.0.0")
    for lookup in (None, Missing()):
        assert updates(replace(assessment, lookup=lookup), SCHEME, NOW) == ()


@pytest.mark.parametrize("facts", [{"yanked": True}, {"deprecated": "old"}, {"runtime": "9"}])
def test_what_the_project_could_not_use_is_passed_over(facts):
    assert found("one==1.1.0", *changed("1.2.1", **facts), runtime="3")[MINOR] == "==1.2.0"


def test_what_waits_at_the_gate_is_passed_over():
    gate = Gate(age=7 * DAY, by="minimum age")
    young = changed("1.2.1", published=NOW - DAY)
    assert found("one==1.1.0", *young, gate=gate)[MINOR] == "==1.2.0"


@pytest.mark.parametrize(
    ("text", "versions", "expected"),
    [
        ("one==1.0", ("2.0a1", "1.1", "1.0"), {MINOR: "==1.1"}),
        ("one==2.0a1", ("3.0a1", "2.0a2", "2.0a1", "1.0"), {PATCH: "==2.0a2"}),
        ("one==2.0a1", ("3.0a1", "2.0", "2.0a2", "1.0"), {PATCH: "==2.0"}),
        ("one==1.0a1", ("2.0a1", "1.0a1"), {MAJOR: "==2.0a1"}),
    ],
)
def test_prereleases_are_for_who_is_on_one(text, versions, expected):
    assert found(text, *versions) == expected


def test_what_is_vulnerable_as_well_is_passed_over():
    upto = advisory(fixed="1.2.0")
    assert found("one==1.1.0", advisories=[upto]) == {MINOR: "==1.2.1", MAJOR: "==3.0.1"}
    again = advisory(introduced="3.0.1")
    assert found("one==1.1.0", advisories=[upto, again])[MAJOR] == "==3.0.0"


def test_an_advisory_about_all_there_is_rules_nothing_out():
    assert found("one==1.1.0", advisories=[advisory()]) == found("one==1.1.0")


def test_nothing_is_offered_that_the_installer_would_not_take():
    # It would take 3.0.1, which is vulnerable.
    known = [advisory(introduced="3.0.1"), advisory(fixed="1.1.0")]
    assert found("one>=1.0.0", locked=("1.0.0",), advisories=known) == {}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.2.3", "1.2.4", True),
        ("1.2.3", "1.3.0", True),
        ("1.2.3", "2.0.0", False),
        ("0.2.3", "0.2.4", True),
        ("0.2.3", "0.3.0", False),
        ("0.0.3", "0.0.4", False),
        ("1.0a1", "1.0", False),
        ("1", "1.1", True),
        ("0", "0.1", False),
        ("1.0", "1.0", True),
    ],
)
def test_an_update_is_safe_where_the_first_number_stays(old, new, expected):
    assert is_compatible(SCHEME, old, new) is expected


def other(text, *versions, **facts):
    return replacement(assessed(text, *versions, **facts), SCHEME, NOW)


def test_a_yanked_version_is_replaced_by_the_lowest_above_it_that_stands():
    releases = [Release(version=each, yanked=each in ("1.1.0", "1.1.3")) for each in VERSIONS]
    found = other("one==1.1.0", *releases)
    assert (found.old, found.release.version, found.edit.text) == ("1.1.0", "1.2.0", "==1.2.0")
    assert found.is_yanked
    assert found.tier is MINOR
    assert other("one==1.2.0", *releases) is None


def test_above_the_newest_there_is_nothing_and_so_it_goes_back():
    found = other("one==3.0.1", *changed("3.0.1", yanked=True))
    assert found.edit.text == "==3.0.0"


def test_a_vulnerable_version_is_replaced_by_the_lowest_that_no_advisory_is_about():
    known = [advisory(fixed="1.1.3"), advisory(introduced="1.0.0", fixed="1.2.1")]
    found = other("one==1.1.0", advisories=known, fix="1.2.1")
    assert (found.release.version, found.is_yanked) == ("1.2.1", False)
    assert found.taken is found.release


def test_of_a_range_the_floor_is_raised_to_it():
    known = [advisory(fixed="1.2.0")]
    found = other("one>=1.0.0", locked=("1.1.0",), advisories=known, fix="1.2.0")
    assert found.edit.text == ">=1.2.0"
    assert (found.release.version, found.taken.version) == ("1.2.0", "3.0.1")


def test_what_the_installer_would_take_then_is_sound_too():
    known = [advisory(fixed="1.2.0"), advisory(introduced="3.0.1")]
    assert other("one>=1.0.0", locked=("1.1.0",), advisories=known, fix="1.2.0") is None


@pytest.mark.parametrize("facts", [{}, {"fix": "1.2.0", "held_by": "minimum age"}])
def test_nothing_replaces_it_where_no_fix_is_known_or_may_be_had_yet(facts):
    assert other("one==1.1.0", advisories=[advisory(fixed="1.2.0")], **facts) is None


def test_nothing_replaces_what_is_sound():
    assert other("one==1.1.0") is None
    assert other("one", locked=("1.1.0",)) is None

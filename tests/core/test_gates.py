from dataclasses import replace

import pytest

from registry_lsp.core.assess import assess
from registry_lsp.core.findings import Code
from registry_lsp.core.gates import Gate, Gates, both, passed
from registry_lsp.core.packages import Found, Place, RegistryRef, Release
from support import toy
from support.documents import document

NOW = 1_700_000_000.0
DAY = 86_400.0
WEEK = Gate(age=7 * DAY, by="a setting")
SCHEME = toy.ToyScheme()


def release(version, days, **more):
    return Release(version=version, published=NOW - days * DAY, **more)


def left(package, gate):
    return passed(package, gate, NOW, SCHEME.is_prerelease).package


def versions(package):
    return [each.version for each in package.releases]


def verdict(text, package, gate, *, locked=()):
    (dependency,) = document(text).manifest.dependencies
    found = Found(package=package, asked_at=NOW)
    return assess(dependency, found, SCHEME, locked=locked, gate=gate, now=NOW)


def test_what_has_stood_long_enough_passes():
    package = toy.package("one", release("3.0", 1), release("2.0", 7), release("1.0", 100))
    assert versions(left(package, WEEK)) == ["2.0", "1.0"]


def test_what_was_published_after_a_moment_never_passes():
    gate = Gate(before=NOW - 10 * DAY, by="a setting")
    package = toy.package("one", release("2.0", 9), release("1.0", 10))
    assert versions(left(package, gate)) == ["1.0"]
    assert gate.opens_at(NOW - 9 * DAY) is None


def test_the_earlier_of_an_age_and_a_moment_counts():
    gate = Gate(before=NOW - 2 * DAY, age=7 * DAY, by="a setting")
    assert gate.cutoff(NOW) == NOW - 7 * DAY
    assert gate.cutoff(NOW + 30 * DAY) == NOW - 2 * DAY


def test_a_gate_that_holds_nothing_back_leaves_the_package_itself():
    package = toy.package("one", release("1.0", 100))
    whole = passed(package, WEEK, NOW, SCHEME.is_prerelease)
    assert whole.package is package
    assert whole.gate is None
    assert passed(package, None, NOW, SCHEME.is_prerelease).package is package


def test_a_release_without_a_moment_passes():
    package = toy.package("one", release("2.0", 1), Release(version="1.0"))
    assert versions(left(package, WEEK)) == ["1.0"]


@pytest.mark.parametrize("is_strict", [True, False])
def test_one_release_without_a_moment_may_stand_for_all(is_strict):
    gate = replace(WEEK, is_whole=True, is_strict=is_strict, exempt=("2.5",))
    dated = toy.package("one", release("3.0", 1), release("2.0", 9))
    assert versions(left(dated, gate)) == ["2.0"]
    package = toy.package("one", release("3.0", 1), release("2.5", 1), Release(version="1.0"))
    assert versions(left(package, gate)) == (["2.5"] if is_strict else ["3.0", "2.5", "1.0"])
    found = verdict("one==3.0", package, gate).findings
    assert [dict(each.args).get("undated") for each in found[:1]] == [True] * is_strict


def test_two_gates_are_whole_together_where_that_holds_more():
    strict, lenient = replace(WEEK, is_whole=True, is_strict=True), replace(WEEK, is_whole=True)
    assert both(WEEK, strict).is_whole
    assert not both(lenient, WEEK).is_whole
    assert both(lenient, lenient).is_whole


def test_an_exempt_version_passes():
    gate = Gate(age=7 * DAY, by="a setting", exempt=("3.0",))
    package = toy.package("one", release("3.0", 1), release("2.0", 1))
    assert versions(left(package, gate)) == ["3.0"]


@pytest.mark.parametrize(
    ("releases", "tag"),
    [
        ([release("3.0", 1), release("2.0", 9)], "2.0"),
        ([release("3.0", 1), release("3.0a1", 9), release("2.0", 9)], "2.0"),
        ([release("3.0", 1), release("2.0", 9, deprecated="bad"), release("1.0", 9)], "1.0"),
        ([release("3.0", 1), release("2.0", 9, deprecated="bad")], "2.0"),
        ([release("4.0", 9), release("3.0", 1), release("2.0", 9)], "2.0"),
        ([release("3.0", 1), release("2.0", 2)], None),
    ],
)
def test_a_tag_on_what_waits_leads_to_the_newest_below_it_that_passed(releases, tag):
    package = toy.package("one", *releases, tags={"latest": "3.0"})
    assert left(package, WEEK).tagged("latest") == tag


def test_a_tag_on_what_passed_stays():
    package = toy.package("one", release("2.0", 1), release("1.0", 9), tags={"old": "1.0"})
    assert left(package, WEEK).tagged("old") == "1.0"


def test_the_newest_that_the_gate_admits_is_the_latest_and_the_newer_one_waits():
    package = toy.package("one", release("3.0", 1), release("2.0", 8), release("1.0", 100))
    it = verdict("one==1.0", package, WEEK)
    assert it.latest.version == "2.0"
    assert it.waiting.version == "3.0"
    assert it.gate is WEEK
    assert [each.code for each in it.findings] == [Code.OUTDATED_MAJOR]
    assert it.findings[0].arg("latest") == "2.0"


def test_nothing_waits_that_would_not_be_the_latest():
    package = toy.package("one", release("2.0", 8), release("1.5", 1), release("1.0", 100))
    it = verdict("one>=1.0", package, WEEK)
    assert (it.latest.version, it.waiting) == ("2.0", None)


def test_what_is_in_use_may_be_too_new():
    package = toy.package("one", release("3.0", 1), release("2.0", 8))
    it = verdict("one>=2.0", package, WEEK, locked=("3.0",))
    assert (it.current, it.findings) == ("3.0", ())


def test_a_pin_that_is_too_new_matches_nothing_that_may_be_installed():
    package = toy.package("one", release("3.0", 1), release("2.0", 8))
    (finding, *_) = verdict("one==3.0", package, WEEK).findings
    assert finding.code is Code.NO_MATCHING_VERSION
    assert (finding.arg("held"), finding.arg("gate")) == ("3.0", "a setting")


def test_a_strict_installer_takes_nothing_whose_age_nobody_tells():
    package = toy.package("one", Release(version="2.0"), release("1.0", 8))
    strict = replace(WEEK, is_strict=True)
    assert versions(left(package, WEEK)) == ["2.0", "1.0"]
    assert versions(left(package, strict)) == ["1.0"]
    assert versions(left(package, replace(strict, exempt=("2.0",)))) == ["2.0", "1.0"]
    it = verdict("one==2.0", package, strict)
    assert (it.wanted, it.waiting.version) == (None, "2.0")
    assert it.findings[0].arg("undated") is True
    assert both(strict, WEEK).is_strict


def test_what_lies_in_a_folder_has_no_age():
    package = toy.package("one", Release(version="2.0", is_local=True), release("1.0", 8))
    assert versions(left(package, replace(WEEK, is_strict=True))) == ["2.0", "1.0"]


def test_a_registry_may_have_a_gate_of_its_own():
    one, other = "https://one.example/", "https://other.example/"
    day = Gate(age=DAY, by="its own")
    gate = replace(WEEK, by_registry=((one, day), (other, None)))
    whole = toy.package("one", release("3.0", 0), release("2.0", 2), release("1.0", 8))
    for url, passing, by in (
        (one, ["2.0", "1.0"], "its own"),
        (other, ["3.0", "2.0", "1.0"], None),
        ("https://third.example/", ["1.0"], "a setting"),
    ):
        package = replace(whole, id=replace(whole.id, registry=RegistryRef(url=url)))
        found = passed(package, gate, NOW, SCHEME.is_prerelease)
        assert versions(found.package) == passing
        assert (found.gate and found.gate.by) == by
    places = (
        Place(registry=RegistryRef(url=one), versions=("3.0",)),
        Place(registry=RegistryRef(url="https://third.example/"), versions=("2.0", "1.0")),
    )
    assert versions(left(replace(whole, places=places), gate)) == ["1.0"]
    assert both(gate, replace(WEEK, age=2 * DAY)).of(one).age == 2 * DAY
    assert both(gate, WEEK).of(other) == WEEK


def test_a_lenient_installer_takes_the_lowest_where_nothing_has_passed():
    gate = Gate(age=7 * DAY, by="a setting", is_lenient=True)
    package = toy.package("one", release("3.1", 1), release("3.0", 1), release("2.0", 8))
    it = verdict("one>=3.0", package, gate)
    assert (it.wanted.version, it.latest.version) == ("3.0", "2.0")
    assert it.findings == ()


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("react", "react", True),
        ("react", "react-dom", False),
        ("@team/*", "@team/tool", True),
        ("@team/*", "@other/tool", False),
        ("*", "anything", True),
        ("*-plugin", "my-plugin", True),
        ("a*b*c", "axbxc", True),
        ("a*b*c", "axcxb", False),
        ("ab*ba", "aba", False),
    ],
)
def test_a_pattern_lets_packages_pass(pattern, name, fits):
    gates = Gates(general=WEEK, special=((pattern, None),))
    assert gates.of(name) is (None if fits else WEEK)


def test_the_first_pattern_that_fits_counts():
    day = Gate(age=DAY, by="another setting")
    gates = Gates(general=WEEK, special=(("one", day), ("*", None)))
    assert (gates.of("one"), gates.of("two")) == (day, None)


def test_a_pattern_of_many_stars_is_read_in_time():
    gates = Gates(special=(("*a" * 5_000 + "b", None),), general=WEEK)
    assert gates.of("a" * 5_000) is WEEK


def test_two_gates_let_pass_what_passes_both():
    one = Gate(age=7 * DAY, before=NOW, by="one", exempt=("1", "2"), is_lenient=True)
    other = Gate(age=DAY, before=NOW - DAY, by="other", exempt=("2",))
    together = both(one, other)
    assert together == Gate(age=7 * DAY, before=NOW - DAY, by="one", exempt=("2",))
    assert both(None, one) is both(one, None) is one
    assert both(None, None) is None

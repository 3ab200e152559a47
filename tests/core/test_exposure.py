from dataclasses import replace

import pytest

from registry_lsp.core.advisories import Advisory, Affected, Rating
from registry_lsp.core.assess import assess
from registry_lsp.core.exposure import MOST, exposed, in_use, vulnerable
from registry_lsp.core.findings import Code, Severity
from registry_lsp.core.gates import Gate
from registry_lsp.core.packages import Found, Place, RegistryRef, Release
from support import toy
from support.documents import document

SCHEME = toy.ToyScheme()
PACKAGE = toy.package("one", "3.0", "2.1", "2.0", "1.1", "1.0")
NOW = 1_000_000_000.0
DAY = 86_400.0


def dependency(text="one==1.0"):
    (found,) = document(text).manifest.dependencies
    return found


def judged(text="one==1.0", package=PACKAGE, *, locked=(), gate=None):
    found = Found(package=package, asked_at=NOW)
    return assess(dependency(text), found, SCHEME, locked=locked, gate=gate, now=NOW)


def used(text, package=PACKAGE, *, locked=()):
    verdict = judged(text, package, locked=locked)
    return [each.version for each in in_use(verdict, package, SCHEME, locked)]


def against(*advisories, text="one==1.0", package=PACKAGE, version="1.0", gate=None):
    verdict = judged(text, package, gate=gate)
    return exposed(dependency(text), package, SCHEME, version, advisories, verdict, NOW)


def advisory(id="GHSA-1", *, fixed=None, **fields):
    return Advisory(id=id, ranges=(Affected(fixed=fixed),), **fields)


# --- what is in use ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "locked", "expected"),
    [
        ("one==1.0", (), ["1.0"]),
        ("one==1", (), ["1.0"]),
        ("one>=1.0", (), ["3.0"]),
        ("one>=1.0", ("1.1", "2.0"), ["1.1", "2.0"]),
        ("one>=1.0", ("2", "2.0"), ["2.0"]),
        ("one>=9", (), []),
        ("one>=9", ("7.0",), ["7.0"]),
        ("one>=1.0", ("1.0+acme", "what"), []),
    ],
)
def test_what_is_locked_or_pinned_counts_else_what_is_wanted(text, locked, expected):
    assert used(text, locked=locked) == expected


def test_a_release_is_asked_about_where_it_comes_from():
    public, private = (RegistryRef(url=f"https://{it}.example/") for it in ("public", "private"))
    several = replace(
        PACKAGE,
        id=replace(PACKAGE.id, registry=private),
        places=(
            Place(registry=private, versions=("1.0",)),
            Place(registry=replace(public, otherwise=private), versions=("3.0",)),
        ),
    )
    (pinned,) = in_use(judged("one==1.0", several), several, SCHEME, ())
    (newest,) = in_use(judged("one>=1.0", several), several, SCHEME, ())
    assert (pinned.package.registry, newest.package.registry) == (private, public)


# --- what fixes it ----------------------------------------------------------------------------


def test_the_lowest_release_that_fixes_all_of_them():
    found = against(advisory("GHSA-1", fixed="1.1"), advisory("GHSA-2", fixed="2.0"))
    assert found.fix == PACKAGE.release("2.0")
    assert [each.fixed for each in found.exposures] == ["1.1", "2.0"]


def test_a_release_that_one_of_them_comes_back_in_is_no_fix():
    again = Advisory(
        id="GHSA-2", ranges=(Affected(fixed="1.0.1"), Affected(introduced="1.1", fixed="2.1"))
    )
    assert against(advisory(fixed="1.1"), again).fix == PACKAGE.release("2.1")


def test_nothing_fixes_what_has_no_end():
    found = against(advisory(fixed="1.1"), advisory("GHSA-2"))
    assert found.fix is None
    assert [each.fixed for each in found.exposures] == ["1.1", None]
    assert [each.is_endless for each in found.exposures] == [False, True]


def test_no_fix_is_told_where_nobody_knows_what_it_is_about():
    elsewhere = Advisory(id="GHSA-1", ranges=(Affected(introduced="5.0"),))
    for unknown in (Advisory(id="GHSA-1"), elsewhere):
        found = against(unknown)
        assert found.fix is None
        assert not found.exposures[0].is_endless
        assert against(advisory("GHSA-2", fixed="1.1"), unknown).fix is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"yanked": True}, "2.0"),
        ({"deprecated": "old"}, "2.0"),
        ({"runtime": "9"}, "2.0"),
    ],
)
def test_a_fix_that_nothing_speaks_against_comes_first(changes, expected):
    releases = [replace(it, **changes) if it.version == "1.1" else it for it in PACKAGE.releases]
    package = replace(PACKAGE, releases=tuple(releases))
    subject = replace(dependency(), runtime="3")
    found = Found(package=package, asked_at=NOW)
    verdict = assess(subject, found, SCHEME, now=NOW)
    one = advisory(fixed="1.1")
    assert exposed(subject, package, SCHEME, "1.0", (one,), verdict, NOW).fix.version == expected
    alone = replace(package, releases=package.releases[-2:])
    fix = exposed(subject, alone, SCHEME, "1.0", (one,), verdict, NOW).fix
    assert fix.version == "1.1"


def test_prereleases_fix_only_where_they_are_admitted_or_there_is_nothing_else():
    package = toy.package("one", "2.0", "1.1a2", "1.1a1", "1.0")
    one = advisory(fixed="1.1a1")
    assert against(one, package=package).fix.version == "2.0"
    text = "one>=1.0a1"
    assert against(one, package=package, text=text).fix.version == "1.1a1"
    only = toy.package("one", "1.1a2", "1.1a1", "1.0a1")
    assert against(one, package=only, version="1.0a1").fix.version == "1.1a1"


def test_a_fix_that_the_gate_holds_back_is_told_as_such():
    gate = Gate(age=7 * DAY, by="the gate")
    package = toy.package(
        "one",
        Release(version="1.2", published=NOW - DAY),
        Release(version="1.1", published=NOW - 9 * DAY),
        Release(version="1.0", published=NOW - 99 * DAY),
    )
    old = against(advisory(fixed="1.1"), package=package, gate=gate)
    assert (old.fix.version, old.held_by) == ("1.1", None)
    new = against(advisory(fixed="1.2"), package=package, gate=gate)
    assert (new.fix.version, new.held_by) == ("1.2", "the gate")


# --- what is said -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rating", "severity"),
    [
        (Rating.CRITICAL, Severity.ERROR),
        (Rating.HIGH, Severity.ERROR),
        (Rating.MODERATE, Severity.WARNING),
        (Rating.LOW, Severity.WARNING),
        (None, Severity.WARNING),
    ],
)
def test_the_rating_says_how_grave_it_is(rating, severity):
    (finding,) = vulnerable(dependency(), against(advisory(fixed="1.1", rating=rating)))
    assert (finding.code, finding.severity) == (Code.VULNERABLE, severity)
    assert finding.arg("rating") == (rating.name.lower() if rating else None)


def test_malware_is_an_error_whatever_its_rating():
    (finding,) = vulnerable(dependency(), against(advisory("MAL-1", is_malware=True)))
    assert finding.severity is Severity.ERROR
    assert finding.arg("is_malware")


def test_a_finding_has_what_its_words_need():
    one = advisory(fixed="1.1", summary="A fault", url="https://advisories.example/1")
    finding, other = vulnerable(dependency(), against(one, advisory("GHSA-2", fixed="2.0")))
    assert dict(finding.args) == {
        "id": "GHSA-1",
        "summary": "A fault",
        "rating": None,
        "is_malware": False,
        "url": "https://advisories.example/1",
        "fixed": "1.1",
        "is_endless": False,
        "version": "1.0",
        "fix": "2.0",
        "held_by": None,
    }
    assert other.arg("id") == "GHSA-2"


@pytest.mark.parametrize(("count", "told"), [(MOST, MOST), (MOST + 1, MOST), (40, MOST)])
def test_many_advisories_are_told_as_a_few_and_the_rest(count, told):
    many = [advisory(f"GHSA-{at:02}", fixed="1.1", rating=Rating.HIGH) for at in range(count)]
    findings = vulnerable(dependency(), against(*many))
    assert len(findings) == told
    more = findings[-1].arg("more")
    assert more == (None if count == told else str(count - told + 1))
    assert findings[-1].severity is Severity.ERROR


def test_who_has_written_too_much_is_not_read_for_ever():
    package = toy.package("one", *(f"{at}.0" for at in range(2000, 0, -1)))
    many = [
        Advisory(
            id=f"GHSA-{at}",
            ranges=tuple(
                Affected(introduced=f"{place}.0", fixed=f"{place}.1") for place in range(1, 200)
            ),
        )
        for at in range(20)
    ]
    assert against(*many[:1], package=package).fix.version == "200.0"
    found = against(*many, package=package)
    assert found.fix is None
    assert not found.exposures[0].is_endless


def test_what_only_a_prerelease_fixes_is_not_said_to_have_no_end():
    package = toy.package("one", "1.1a1", "1.0")
    (exposure,) = against(advisory(fixed="1.1a1"), package=package).exposures
    assert (exposure.fixed, exposure.is_endless) == (None, False)

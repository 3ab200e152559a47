from dataclasses import replace

import pytest

from registry_lsp.core.assess import assess
from registry_lsp.core.findings import Code
from registry_lsp.core.manifests import Part
from registry_lsp.core.packages import (
    Found,
    Missing,
    Place,
    RegistryRef,
    Release,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.endpoints import NPM_REGISTRY
from support.toy import ToyFormat, ToyScheme, package

SCHEME = ToyScheme()


def dependency(text):
    return ToyFormat().parse(text).dependencies[0]


def judge(text, *versions, tags=None, runtime=None, locked=(), status=None):
    one = replace(package("one", *versions, tags=tags), status=status)
    found = Found(package=one, asked_at=0.0)
    subject = replace(dependency(text), runtime=runtime)
    return assess(subject, found, SCHEME, locked=locked)


def codes(verdict):
    return [finding.code.value for finding in verdict.findings]


def test_a_requirement_that_admits_the_latest_is_not_outdated():
    verdict = judge("one>=1.0", "2.0", "1.0")
    assert (verdict.wanted.version, verdict.latest.version) == ("2.0", "2.0")
    assert codes(verdict) == []


@pytest.mark.parametrize(
    ("specifier", "code"),
    [("==1.0", "outdated-major"), ("==2.0", "outdated-minor"), ("==2.1", "outdated-patch")],
)
def test_a_pin_below_the_latest_is_outdated(specifier, code):
    verdict = judge("one" + specifier, "2.1.5", "2.1", "2.0", "1.0")
    assert codes(verdict) == [code]
    assert verdict.findings[0].part is Part.SPECIFIER
    assert verdict.current == specifier[2:]


@pytest.mark.parametrize("locked", [(), ("1.0.0",)])
def test_what_is_current_is_spelled_as_its_registry_has_it(locked):
    verdict = judge("one==1.0.0", "2.0", "1.0", locked=locked)
    assert (verdict.current, verdict.wanted.version) == ("1.0", "1.0")
    assert verdict.findings[0].arg("wanted") is None  # a pin says itself what it gives
    assert judge("one==1.0.0", "2.0").current == "1.0.0"


def test_a_range_whose_newest_is_below_the_latest_is_outdated():
    verdict = judge("one<2.0", "2.1", "1.5", "1.0")
    assert (verdict.wanted.version, verdict.current) == ("1.5", None)
    assert codes(verdict) == ["outdated-major"]


def test_a_requirement_above_the_latest_is_not_outdated():
    assert codes(judge("one>=2.0a1", "2.0a2", "1.0")) == []


def test_a_tag_is_never_outdated():
    verdict = judge("one@old", "2.0", "1.0", tags={"old": "1.0"})
    assert verdict.wanted.version == "1.0"
    assert codes(verdict) == []


def test_no_match_names_its_tier_by_what_the_requirement_names():
    verdict = judge("one==1.5", "2.0", "1.0")
    assert codes(verdict) == ["no-matching-version", "outdated-major"]
    assert verdict.wanted is None


def test_no_match_above_everything_is_not_outdated():
    assert codes(judge("one>=9", "2.0", "1.0")) == ["no-matching-version"]


def test_only_yanked_releases_match():
    withdrawn = Release(version="1.0", yanked=True)
    verdict = judge("one<2", "3.0", withdrawn)
    assert codes(verdict)[0] == "no-matching-version"
    assert verdict.findings[0].arg("withdrawn") == "1.0"


def test_a_package_without_releases():
    verdict = judge("one>=1")
    assert codes(verdict) == ["no-matching-version"]
    assert verdict.findings[0].arg("empty") is True


def test_an_unknown_tag():
    verdict = judge("one@next", "1.0", tags={"latest": "1.0"})
    assert codes(verdict) == ["no-matching-version"]
    assert verdict.findings[0].arg("tag") == "next"


def test_a_pinned_yanked_release():
    verdict = judge("one==1.0", "1.1", Release(version="1.0", yanked=True, yanked_reason="broken"))
    assert codes(verdict) == ["yanked", "outdated-minor"]
    assert verdict.findings[0].arg("reason") == "broken"


def test_a_locked_yanked_release_within_a_range():
    verdict = judge("one>=1", "1.1", Release(version="1.0", yanked=True), locked=("1.0",))
    assert (verdict.current, codes(verdict)) == ("1.0", ["yanked"])


def test_yanked_releases_are_never_wanted_or_latest():
    verdict = judge("one>=1", Release(version="1.2", yanked=True), "1.1")
    assert (verdict.wanted.version, verdict.latest.version) == ("1.1", "1.1")
    assert codes(verdict) == []


def test_a_deprecated_release_that_would_be_installed():
    verdict = judge("one>=1", Release(version="1.2", deprecated="use two"), "1.1")
    assert codes(verdict) == ["deprecated"]
    assert verdict.findings[0].arg("reason") == "use two"


def test_the_runtime_rules_releases_out_and_the_newer_one_is_named():
    verdict = judge("one==1.0", Release(version="2.0", runtime="9"), "1.5", "1.0", runtime="8")
    assert (verdict.latest.version, verdict.newer.version) == ("1.5", "2.0")
    assert codes(verdict) == ["outdated-minor"]


def test_a_release_that_does_not_run_here_is_told():
    verdict = judge("one==2.0", Release(version="2.0", runtime="9"), "1.5", runtime="8")
    assert codes(verdict) == ["incompatible-python"]
    assert (verdict.findings[0].arg("needs"), verdict.findings[0].arg("runtime")) == ("9", "8")
    assert verdict.latest.version == "1.5"
    assert codes(judge("one==2.0", Release(version="2.0", runtime="9"))) == []


def test_an_invalid_requirement_is_told_whatever_the_registry_says():
    for lookup in (None, Found(package=package("one", "1.0"), asked_at=0.0)):
        verdict = assess(dependency("one==x"), lookup, SCHEME)
        assert codes(verdict) == ["invalid-requirement"]
        assert "no toy specifier" in verdict.findings[0].arg("reason")


def test_an_invalid_requirement_of_an_unknown_package_tells_both():
    assert codes(assess(dependency("one==x"), Missing(), SCHEME)) == [
        "invalid-requirement",
        "package-not-found",
    ]


@pytest.mark.parametrize(
    ("lookup", "code"),
    [
        (Missing(), "package-not-found"),
        (Unauthorized(status=401, host="registry.example"), "unauthorized"),
        (
            Unavailable(trouble=Trouble.TIMEOUT, host="registry.example"),
            "registry-unavailable",
        ),
    ],
)
def test_every_failure_is_a_state_of_its_own_on_the_name(lookup, code):
    verdict = assess(dependency("one==1.0"), lookup, SCHEME)
    assert codes(verdict) == [code]
    assert verdict.findings[0].part is Part.NAME
    assert verdict.current == "1.0"


def test_nothing_is_said_while_nothing_is_known():
    assert assess(dependency("one>=1"), None, SCHEME).findings == ()


def test_a_finding_without_a_written_version_lies_on_the_name():
    verdict = judge("one", Release(version="1.0", deprecated=""))
    assert verdict.findings[0].part is Part.NAME


# --- two registries with the same name --------------------------------------------------------


def confusion(public, private, *, url=NPM_REGISTRY, is_bound=True, own=None, other=None):
    """What is said of a package in a *private* index beside a *public* one, by their versions."""
    places = tuple(
        Place(registry=RegistryRef(url=url, is_bound=bound), versions=versions, **(said or {}))
        for url, bound, versions, said in (
            (url, False, public, other),
            ("https://private.example/", is_bound, private, own),
        )
    )
    merged = replace(package("one", *{*public, *private}), places=places)
    found = assess(dependency("one>=1"), Found(package=merged, asked_at=0.0), SCHEME).findings
    return [dict(each.args) for each in found if each.code is Code.DEPENDENCY_CONFUSION]


def test_a_higher_public_version_takes_a_private_packages_place():
    assert confusion(("9.0", "0.1"), ("1.0",)) == [
        {
            "private": "private.example",
            "held": "1.0",
            "public": RegistryRef(url=NPM_REGISTRY).host,
            "higher": "9.0",
        }
    ]


@pytest.mark.parametrize(("public", "private"), [(("1.0",), ("1.0",)), (("1.0",), ("2.0",))])
def test_a_private_package_that_wins_is_confused_with_nobodys(public, private):
    assert confusion(public, private) == []


def test_a_name_that_one_of_them_lacks_is_confused_with_nobodys():
    assert confusion((), ("1.0",)) == []
    assert confusion(("1.0",), ()) == []


def test_a_prerelease_of_the_public_package_is_not_taken():
    assert confusion(("9.0a1", "0.9"), ("1.0",)) == []


def test_where_the_public_registry_is_not_asked_the_default_index_stands_for_it():
    assert len(confusion(("9.0",), ("1.0",), url="https://mirror.example/")) == 1
    assert confusion(("9.0",), ("1.0",), url="https://mirror.example/", is_bound=False) == []


PUBLIC, PRIVATE = f"{NPM_REGISTRY}one/", "https://private.example/one"


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ({"tracks": (PUBLIC,)}, {}),
        ({"alternates": (PUBLIC,)}, {"alternates": (PRIVATE,)}),
    ],
)
def test_two_indexes_that_say_they_have_one_project_are_not_confused(own, other):
    assert confusion(("9.0",), ("1.0",), own=own, other=other) == []


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ({"tracks": ("https://another.example/one/",)}, {}),
        ({"alternates": (PUBLIC,)}, {}),
        ({}, {"alternates": (PRIVATE,)}),
        ({}, {"tracks": (PRIVATE,)}),
    ],
)
def test_what_only_one_of_them_says_is_not_believed(own, other):
    assert len(confusion(("9.0",), ("1.0",), own=own, other=other)) == 1


# --- the standing of a project --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("archived", ["project-archived", "outdated-major"]),
        ("quarantined", ["project-quarantined", "outdated-major"]),
        ("security-holding", ["project-quarantined", "outdated-major"]),
        ("deprecated", ["deprecated", "outdated-major"]),
        ("active", ["outdated-major"]),
    ],
)
def test_the_standing_of_a_project_is_told_on_its_name(status, expected):
    verdict = judge("one==1.0", "2.0", "1.0", status=status)
    assert codes(verdict) == expected
    assert [each.part for each in verdict.findings[:-1]] == [Part.NAME] * (len(expected) - 1)


def test_what_is_quarantined_as_a_whole_is_not_said_to_have_no_releases():
    assert codes(judge("one==1.0", status="quarantined")) == ["project-quarantined"]
    assert codes(judge("one==3.0", "2.0", status="quarantined")) == [
        "project-quarantined",
        "no-matching-version",
    ]

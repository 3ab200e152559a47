"""What a constraint makes of a requirement, and of the verdict on it."""

from __future__ import annotations

import pytest

from registry_lsp.core.assess import assess
from registry_lsp.core.constraints import within
from registry_lsp.core.findings import Assessment
from registry_lsp.core.manifests import Constraint, Locked, Source
from registry_lsp.core.packages import Found, Package, PackageId, RegistryRef, Release
from registry_lsp.core.reshaping import pinned, widened
from registry_lsp.core.updates import updates
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import REQUIREMENTS
from registry_lsp.ecosystems.pypi.versions.constraining import Line, constrained
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from registry_lsp.features import wording

SCHEME = Pep440Scheme()
VERSIONS = ("6.1", "5.2", "4.2.30", "4.2.19", "4.2.0", "4.1")


def line(specifier, marker="", **said):
    return Line(name="django", specifier=specifier, marker=marker, by="constraints.txt", **said)


def held(text, *lines):
    (dependency,) = REQUIREMENTS.parse(text).dependencies
    return constrained(dependency, lines)


def package(*versions):
    registry = RegistryRef(url="https://registry.example/simple/")
    return Package(
        id=PackageId(ecosystem="pypi", name="django", registry=registry),
        display_name="django",
        releases=tuple(
            each if isinstance(each, Release) else Release(version=each) for each in versions
        ),
    )


def judged(dependency, *versions, locked=()):
    lookup = Found(package=package(*(versions or VERSIONS)), asked_at=0.0)
    verdict = assess(dependency, lookup, SCHEME, locked=locked)
    return Assessment(
        dependency=dependency,
        lookup=lookup,
        verdict=verdict,
        locked=tuple(Locked(version=each, by="x") for each in locked),
    )


def seen(assessment):
    verdict = assessment.verdict
    picked = (verdict.wanted, verdict.latest, verdict.newer)
    return [each.version if each else None for each in picked]


def test_all_constraints_hold_together_with_the_requirement():
    dependency = held("django>=4, ", line("<5"), line(">=4.1,!=4.2.30"), line("<5"))
    assert dependency.constraint == Constraint(
        specifier="<5,>=4.1,!=4.2.30", together=">=4,<5,>=4.1,!=4.2.30", by="constraints.txt"
    )
    assert dependency.specifier == ">=4,"


@pytest.mark.parametrize("specifier", ["", "what", ">="])
def test_what_says_nothing_or_cannot_be_read_constrains_nothing(specifier):
    assert held("django", line(specifier)).constraint is None


@pytest.mark.parametrize(
    ("requirement", "marker", "holds"),
    [
        ("django", "sys_platform == 'win32'", False),
        ("django; sys_platform == 'win32'", "sys_platform == 'win32'", True),
        ("django; sys_platform == 'win32'", "sys_platform != 'linux'", True),
        ("django; python_version < '3.9'", "python_version < '3.10'", True),
        ("django; python_version >= '3.9'", "python_version < '3.9'", False),
        ("django", "python_version >= '3.9'", False),
        ("django", "what == 'ever'", False),
    ],
)
def test_a_constraint_with_a_marker_holds_where_it_is_known_to(requirement, marker, holds):
    assert (held(requirement, line("<5", marker)).constraint is not None) is holds


def test_wanted_and_latest_lie_within_the_constraint():
    found = judged(held("django~=4.2.0", line("<4.2.20")))
    assert seen(found) == ["4.2.19", "4.2.19", "6.1"]
    assert found.verdict.findings == ()
    assert updates(found, SCHEME, 0.0) == ()
    assert widened(found, SCHEME) is None
    assert pinned(found, SCHEME).specifier == "==4.2.19"


def test_what_is_in_use_beyond_the_constraint_is_not_pinned():
    found = judged(held("django~=4.2.0", line("<4.2.20")), locked=("4.2.30",))
    assert pinned(found, SCHEME).specifier == "==4.2.19"


def test_an_update_goes_no_further_than_the_constraint():
    found = judged(held("django==4.1", line("<5")))
    assert [each.code.value for each in found.verdict.findings] == ["outdated-minor"]
    assert [each.release.version for each in updates(found, SCHEME, 0.0)] == ["4.2.30"]


def test_a_constraint_may_pin():
    found = judged(held("django", line("==4.1")))
    assert (seen(found), found.verdict.current) == (["4.1", "4.1", "6.1"], "4.1")
    yanked = judged(held("django", line("==4.1")), "5.2", Release(version="4.1", yanked=True))
    assert yanked.verdict.wanted.version == "4.1"
    assert [each.code.value for each in yanked.verdict.findings] == ["yanked"]


def test_a_constraint_may_admit_prereleases():
    assert seen(judged(held("django", line("<6.1b2")), "6.1b1", "6.0"))[0] == "6.1b1"


def test_a_requirement_that_the_constraint_leaves_nothing_of_says_why():
    found = judged(held("django>=5", line("<4.2.20")))
    (finding,) = found.verdict.findings
    assert wording.message(finding, found) == (
        "no release of django matches >=5 and is within <4.2.20, the constraint in constraints.txt"
    )
    (alone,) = judged(held("django>=7", line("<4.2.20"))).verdict.findings
    assert not alone.arg("constrained")


def test_an_override_stands_in_the_requirements_place():
    dependency = held("django>=5", line("==4.1", is_override=True), line("<5"))
    assert dependency.effective == "==4.1,<5"
    assert seen(judged(dependency)) == ["4.1", "4.1", "6.1"]


def test_a_constraint_on_an_address_says_where_it_comes_from():
    url = "https://files.example/django-4.1.tar.gz"
    dependency = held("django", line("", source=Source.URL, target=url, link=url))
    assert (dependency.source, dependency.target) == (Source.URL, url)
    assert dependency.via == "constraints.txt"


def test_what_is_left_of_a_package_is_worked_out_once():
    subject, dependency = package(*VERSIONS), held("django", line("<5"))
    assert within(subject, dependency, SCHEME) is within(subject, dependency, SCHEME)
    assert within(subject, held("django"), SCHEME) is subject

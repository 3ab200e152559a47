"""PEP 440 specifiers, held against packaging and against pip's own choice of a release."""

from __future__ import annotations

from random import Random

import pytest
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from registry_lsp.core.assess import assess
from registry_lsp.core.packages import Found, Package, PackageId, RegistryRef, Release
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import REQUIREMENTS
from registry_lsp.ecosystems.pypi.versions.constraining import Line, constrained
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from support import pypi_texts
from support.pip_choice import chosen_by_pip

SCHEME = Pep440Scheme()

HAND_PICKED = (
    "",
    "==1.0",
    "==1.0.*",
    "!=1.0.*",
    "~=1.4",
    "~=1.4.2",
    "~=1",
    "===1.0",
    "===1.0a1",
    "===anything",
    ">=1.0,<2",
    ">= 1.0 , < 2",
    ">=1.0,",
    ",>=1.0",
    ">=1.0,,<2",
    ">=1.0 <2",
    "=>1.0",
    "=1.0",
    "1.0",
    "^1.0",
    ">=1.*",
    ">=1.0+local",
    "==1.0+local",
    "==1.0a1.*",
    "==v1.0",
    "==1!1.0",
    ">=2.0.dev0",
    "<2.0a1",
    "!=2.0a1",
    ">1.0.post1",
    "==",
    "> =1",
    "==1.0 foo",
    "*",
    "<>1",
    "==1.0-1",
    ">=1.0;",
)


def is_read_by_packaging(text: str) -> bool:
    """packaging's requirements are stricter than its sets, which skip empty clauses anywhere."""
    try:
        Requirement(f"name {text}")
    except InvalidRequirement:
        return False
    return True


def ours(text: str):
    try:
        return SCHEME.parse(text)
    except InvalidRequirementError:
        return None


def package(releases: list[Release]) -> Package:
    releases.sort(key=lambda each: Version(each.version), reverse=True)
    registry = RegistryRef(url="https://registry.example/")
    return Package(
        id=PackageId(ecosystem="pypi", name="name", registry=registry),
        display_name="name",
        releases=tuple(releases),
    )


@pytest.mark.parametrize("text", HAND_PICKED)
def test_hand_picked_specifiers_are_refused_alike(text):
    assert (ours(text) is not None) == (";" not in text and is_read_by_packaging(text))


def test_generated_specifiers_are_refused_alike():
    random = Random(508)
    differ, refused = [], 0
    for _ in range(12_000):
        text = pypi_texts.pep440_specifier(random)
        if random.random() < 0.7:
            text = pypi_texts.mangled(random, text)
        if any(mark in text for mark in ";(["):
            continue  # these belong to the requirement around it
        if text[:1].isalnum() or text[:1] in {".", "-"}:
            continue  # and this to the name before it
        if "===" in text and ",," in text:
            continue  # packaging reads the first comma as part of the version, and drops it later
        read = is_read_by_packaging(text)
        refused += not read
        if (ours(text) is not None) != read:
            differ.append((text, read))
    assert not differ
    assert refused > 2_000


def test_versions_are_admitted_as_packaging_filters_them_beside_a_final_release():
    random = Random(440)
    differ = []
    for _ in range(8_000):
        text = pypi_texts.pep440_specifier(random)
        mine, theirs = SCHEME.parse(text), SpecifierSet(text)
        for _ in range(6):
            version = str(Version(pypi_texts.near(random, text)))
            prereleases = theirs.prereleases is True
            admitted = list(theirs.filter([version], prereleases=prereleases))
            if mine.admits(version) != bool(admitted):
                differ.append((text, version, admitted))
    assert not differ


def test_the_wanted_release_is_the_one_that_pip_takes():
    random = Random(592)
    differ, found, pinned_yanked = [], 0, 0
    for _ in range(3_000):
        text = pypi_texts.pep440_specifier(random)
        versions = {Version(pypi_texts.near(random, text)) for _ in range(random.randrange(9))}
        releases = [Release(version=str(each), yanked=random.random() < 0.4) for each in versions]
        subject = package(releases)
        mine = SCHEME.wanted(SCHEME.parse(text), subject, None)
        theirs = chosen_by_pip(text, subject.releases)
        found += theirs is not None
        pinned_yanked += mine is not None and mine.yanked
        if (mine and mine.version) != theirs:
            differ.append((text, [(each.version, each.yanked) for each in releases], theirs))
    assert not differ
    assert found > 900
    assert pinned_yanked > 5


def test_the_wanted_release_below_a_constraint_is_the_one_that_pip_takes():
    random = Random(593)
    differ, found = [], 0
    for _ in range(3_000):
        text, constraint = (pypi_texts.pep440_specifier(random) for _ in range(2))
        if "===" in text + constraint:
            continue  # whose version may hold a comma
        versions = {
            Version(pypi_texts.near(random, each))
            for each in (text, constraint)
            for _ in range(random.randrange(6))
        }
        releases = [Release(version=str(each), yanked=random.random() < 0.3) for each in versions]
        subject = package(releases)
        (written,) = REQUIREMENTS.parse(f"name {text}").dependencies
        line = Line(name="name", specifier=constraint, marker="", by="constraints.txt")
        dependency = constrained(written, (line,))
        mine = assess(dependency, Found(package=subject, asked_at=0.0), SCHEME).wanted
        theirs = chosen_by_pip(text, subject.releases, constraint)
        found += theirs is not None
        if (mine and mine.version) != theirs:
            differ.append((text, constraint, [str(each) for each in versions], theirs))
    assert not differ
    assert found > 200

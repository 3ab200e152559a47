"""Poetry's constraints, held against poetry-core's own."""

from __future__ import annotations

import re
from random import Random

import pytest
from poetry.core.constraints.version import Version, parse_constraint
from poetry.core.constraints.version.parser import parse_marker_version_constraint

from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.versions.choice import parse_version
from registry_lsp.ecosystems.pypi.versions.poetry import PoetryScheme, lies_within
from support import pypi_texts

SCHEME = PoetryScheme()

HAND_PICKED = (
    "*",
    "x",
    "v*",
    "^1.2.3",
    "^0.2.3",
    "^0.0.3",
    "^0.0",
    "^0",
    "^0.0.0.5",
    "^1.0.0a1",
    "^ 1.0",
    "~1",
    "~1.2",
    "~1.2.3",
    "~1.2.3.4",
    "~=1",
    "~=1.4.5",
    "~=0.0.0.5",
    "1.2.3",
    "=1.2",
    "==1.2",
    "= 1.2",
    "<>1.2",
    "===1.2",
    "1.*",
    "==1.2.*",
    "!=1.2.*",
    "1.2.*.*",
    "1.2.3.4.*",
    ">=1.*",
    "!=1.5",
    ">=1,!=1.5",
    ">1",
    ">1.post1",
    "<2",
    "<2a1",
    "<=2+local",
    ">=1.0+cpu,<2",
    "1.0+cpu",
    ">=1.0+cpu,1.0",
    ">=1 <2",
    ">=1, <2,",
    ">=1 , <2",
    ",>=1",
    ">=1,,<2",
    "^1 || ^2",
    "^1|^2",
    "^1 ||",
    "|| ^1",
    ">1||<=1",
    ">1 || >=0.5,<=1",
    "1.0, 2.0",
    "dev",
    "1.0 - 2.0",
    "1.x",
    "*.1",
    "> =1",
    "~ =1.0",
    ">=1\t<2",
    ">=\n1",
    "latest",
    "2!1.0",
    "^2!1.0",
    "V1.0",
    "1.0-1",
    ">=1.0rev2",
)
VERSIONS = (
    *("0.0.3", "0.0.4", "0.1", "0.9", "1", "1.0.dev0", "1.0a1", "1.0+cpu", "1.0.post1"),
    *("1.0.1", "1.2", "1.2.3", "1.2.3.4", "1.2.4", "1.3.dev0", "1.4.5", "1.5", "1.5+local"),
    *("1.5.post1", "1.5.1", "2.dev0", "2a1", "2", "2+local", "2+zlocal", "2.0.post1", "2.1"),
    *("0.0.dev0", "0.0", "1!1.0", "2!1.0", "2!2.0", "3a1"),
)


def poetrys(text: str):
    try:
        return parse_constraint(text)
    except ValueError:
        return None


def ours(text: str):
    try:
        return SCHEME.parse(text)
    except InvalidRequirementError:
        return None


@pytest.mark.parametrize("text", HAND_PICKED)
def test_hand_picked_constraints_admit_alike(text):
    theirs, mine = poetrys(text), ours(text)
    assert (theirs is None) == (mine is None)
    if theirs is None:
        return
    admitted = [each for each in VERSIONS if theirs.allows(Version.parse(each))]
    assert [each for each in VERSIONS if mine.contains(parse_version(each))] == admitted


def test_generated_constraints_admit_alike():
    random = Random(440)
    differ, asked = [], 0
    for _ in range(6_000):
        text = pypi_texts.poetry_constraint(random)
        if re.search(r"dev\d*\.\*", text):
            continue  # a wildcard behind a development release makes poetry-core fail an assertion
        theirs, mine = poetrys(text), ours(text)
        if (theirs is None) != (mine is None):
            differ.append((text, str(theirs), mine))
            continue
        if theirs is None:
            continue
        for _ in range(8):
            version = pypi_texts.near(random, text)
            asked += 1
            if theirs.allows(Version.parse(version)) != mine.contains(parse_version(version)):
                differ.append((text, version, str(theirs)))
    assert not differ
    assert asked > 40_000


def test_mangled_constraints_are_refused_alike():
    random = Random(441)
    differ, refused = [], 0
    for _ in range(6_000):
        text = pypi_texts.mangled(random, pypi_texts.poetry_constraint(random))
        if not text.strip() or re.search(r"dev\d*\.\*", text):
            continue  # to Poetry an empty constraint is an error, to us one that nobody wrote
        theirs, mine = poetrys(text), ours(text)
        refused += theirs is None
        if (theirs is None) != (mine is None):
            differ.append((text, str(theirs)))
    assert not differ
    assert refused > 1_000


PYTHONS = ("3", "3.9", "3.10", "3.11", "3.12", "3.9.1", "3.12.0", "4", "4.0")


def pythons(random: Random) -> str:
    """A constraint on Python, as projects have it."""

    def clause() -> str:
        operator = random.choice((">=", ">=", "<", "<", "^", "~", "~=", "==", "!=", ">", "<=", ""))
        version = random.choice(PYTHONS[3:5] if operator == "~=" else PYTHONS)
        is_wild = operator in {"==", "!=", ""} and random.random() < 0.5
        return f"{operator}{version}{'.*' * is_wild}"

    joint = random.choice((",", ", ", " "))
    both = joint.join(clause() for _ in range(random.choice((1, 1, 2, 2, 3))))
    return f"{both} || {clause()}" if random.random() < 0.2 else both


def test_pythons_lie_within_others_alike():
    random = Random(442)
    differ, within = [], 0
    for _ in range(6_000):
        inner, outer = pythons(random), pythons(random)
        theirs = parse_marker_version_constraint(outer).allows_all(
            parse_marker_version_constraint(inner)
        )
        within += theirs
        if lies_within(inner, outer) is not theirs:
            differ.append((inner, outer, theirs))
    assert not differ
    assert within > 1_500

"""Requirements, held against packaging."""

from __future__ import annotations

from random import Random

import pytest
from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from registry_lsp.syntax.requirements.specifier import scan_requirement
from support import pypi_texts

SCHEME = Pep440Scheme()

REQUIREMENT_TEXTS = (
    "requests",
    "requests==2.31.0",
    "requests [security,tests] >= 2.8.1, == 2.8.* ; python_version < '2.7'",
    "pip @ https://registry.example/pip-1.3.1.zip#sha1=da9234ee",
    "pip@https://registry.example/x.zip ; os_name == 'a'",
    "pip @ https://registry.example/x.zip; os_name == 'a'",
    "pip @ https://registry.example/x;y.zip",
    "pip @ file:///x",
    "name (>=1,<2)",
    "name (>=1,<2",
    "name >=1)",
    "name ()",
    "name (>=1) ; os_name == 'a'",
    "name[]",
    "name[ ]",
    "name[a,]",
    "name[,a]",
    "name[a b]",
    "name[a",
    "name]",
    "name[a][b]",
    "name[a]>=1[b]",
    "name_",
    "name-",
    "-name",
    "_name",
    "é",
    "namé",
    "na me",
    "name;",
    "name; ",
    "name;;",
    "name ; python_version > '3' ; os_name == 'a'",
    "name ; bogus == 'a'",
    "name ; (python_version > '3'",
    "name ; python_version > '3\" ",
    "name @",
    "name @ ",
    "name @ u v",
    "name 1.0",
    "name = 1.0",
    "name==1.0,",
    "name,==1.0",
    "name==1.0;python_version>'3'",
    "name===1.0;python_version>'3'",
    "name\t==\t1.0",
    "name==1.0 # comment",
    "",
    " ",
    "1",
    "name>=1,<2;",
    "name ; 'a' in extras",
    "name ; python_version not  in '2.7'",
)


def is_swallowed(text: str) -> bool:
    """Whether a version behind '===' takes in a comma, which packaging drops later."""
    return "===" in text and ",," in text


def ours(text: str):
    """The requirement, or None where anything of it is refused."""
    scanned = scan_requirement(text, 0, len(text))
    if scanned is None or scanned.complaint is not None:
        return None
    try:
        SCHEME.parse(scanned.specifier)
    except InvalidRequirementError:
        return None
    return scanned


def packagings(text: str):
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def parts(text: str):
    """What packaging and what we read in *text*; the same where both are right."""
    theirs, mine = packagings(text), ours(text)
    their_parts = theirs and (
        theirs.name,
        frozenset(theirs.extras),
        theirs.specifier,
        theirs.url or "",
        theirs.marker,
    )
    my_parts = mine and (
        mine.name,
        frozenset(mine.extras),
        SpecifierSet(mine.specifier),
        mine.url,
        Marker(mine.marker) if mine.marker else None,
    )
    return their_parts, my_parts


@pytest.mark.parametrize("text", REQUIREMENT_TEXTS)
def test_hand_picked_requirements_are_read_alike(text):
    theirs, mine = parts(text)
    assert mine == theirs


def test_generated_requirements_are_read_alike():
    random = Random(508)
    differ, refused = [], 0
    for _ in range(8_000):
        text = pypi_texts.requirement(random)
        if random.random() < 0.5:
            text = pypi_texts.mangled(random, text)
        if is_swallowed(text):
            continue
        theirs, mine = parts(text)
        refused += theirs is None
        if theirs != mine:
            differ.append((text, theirs, mine))
    assert not differ
    assert 1_000 < refused < 5_000

"""Rewritten specifiers, held against packaging and poetry-core: each admits its version."""

from __future__ import annotations

from random import Random

from packaging.specifiers import SpecifierSet
from packaging.version import Version
from poetry.core.constraints.version import Version as PoetryVersion
from poetry.core.constraints.version import parse_constraint

from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from registry_lsp.ecosystems.pypi.versions.poetry import PoetryScheme
from support import pypi_texts


def version(random: Random) -> str:
    return str(Version(pypi_texts.version(random)))


def test_a_rewritten_specifier_admits_its_version():
    random = Random(441)
    refused, kept = [], 0
    for _ in range(8_000):
        text = pypi_texts.pep440_specifier(random)
        if random.random() < 0.2:
            text = pypi_texts.mangled(random, text)
        wanted = version(random)
        rewritten = Pep440Scheme().replace(text, wanted)
        kept += rewritten[:2] == text[:2]
        if not SpecifierSet(rewritten).contains(wanted, prereleases=True):
            refused.append((text, wanted, rewritten))
    assert not refused
    assert kept > 4_000


def test_a_rewritten_constraint_admits_its_version():
    random = Random(442)
    refused, kept = [], 0
    for _ in range(8_000):
        text = pypi_texts.poetry_constraint(random)
        if random.random() < 0.2:
            text = pypi_texts.mangled(random, text)
        wanted = version(random)
        rewritten = PoetryScheme().replace(text, wanted)
        kept += rewritten[:1] == text[:1]
        if not parse_constraint(rewritten).allows(PoetryVersion.parse(wanted)):
            refused.append((text, wanted, rewritten))
    assert not refused
    assert kept > 4_000

"""Texts that nobody writes, for every format and every version scheme: a finding or silence, and
never a crash or a stall.

A reading whose steps grow with the square of the length is told by counting them. What a single
call of C's takes nobody can count: there the texts are so long that the suite's guard against
hanging would end such a reading. ``scripts/bench hostile`` measures both.
"""

from __future__ import annotations

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems import discover
from support.corpus import Case, samples
from support.hostile import PIECES, infested, read_all, repeated, steps, versioned, with_text

CASES = [pytest.param(case, id=case.id) for case in samples()]
SCHEMES = [
    pytest.param(scheme, id=f"{ecosystem.name}-{dialect}")
    for ecosystem in discover()
    for dialect, scheme in ecosystem.schemes.items()
]
FEW, TIMES, MOST = 500, 4, 6
"""Characters of a short hostile text, how many times as long the long one is, and how many times
as many steps it may take: four at the most where they grow with the length, sixteen where with its
square.
"""
LONG = 400_000
RUNS = (" ", "\t", "-", ".", ",", "x", "\\", " -")
"""What a regular expression may look at again and again, from each place of it."""


def many(case: Case, size: int) -> tuple[str, int]:
    """The sample with the longest lines of a dependency repeated to *size* characters, and how
    often they are.
    """
    text = case.text
    places = [lines_of(text, each) for each in case.format.parse(text).dependencies]
    for start, end in sorted(places, key=lambda it: it[0] - it[1]):
        twice, often = (
            text[:start] + text[start:end] * count + text[end:]
            for count in (2, size // (end - start))
        )
        if len(case.format.parse(twice).dependencies) > len(places):
            return often, size // (end - start)
    raise AssertionError


def lines_of(text: str, dependency: Dependency) -> tuple[int, int]:
    """The extent of the lines that it stands on."""
    start = text.rfind("\n", 0, dependency.span.start) + 1
    return start, text.index("\n", dependency.span.end) + 1


@pytest.mark.parametrize("case", CASES)
def test_a_text_takes_steps_in_proportion_whatever_is_repeated_in_it(case: Case):
    slow = []
    for piece in PIECES:
        short, long = (infested(case, piece, size) for size in (FEW, TIMES * FEW))
        for (where, few), (_, many) in zip(short, long, strict=True):
            if steps(read_all, case.format, many) > MOST * steps(read_all, case.format, few):
                slow.append((piece, where))
    assert not slow


def test_steps_that_grow_with_the_square_of_the_length_are_told():
    def look_again(text: str) -> None:
        for at in range(len(text)):
            for character in text[at:]:
                ord(character)

    few, many = (steps(look_again, "x" * size) for size in (FEW, TIMES * FEW))
    assert many > MOST * few


@pytest.mark.parametrize("case", CASES)
def test_a_long_run_is_looked_at_once(case: Case):
    for piece in RUNS:
        for _, text in infested(case, piece, LONG):
            read_all(case.format, text)


@pytest.mark.parametrize("case", CASES)
def test_a_manifest_of_five_megabytes_is_read_whole(case: Case):
    text, count = many(case, 5 * 2**20)
    assert len(case.format.parse(text).dependencies) >= count


@pytest.mark.parametrize("case", CASES)
def test_a_line_of_ten_megabytes_is_read(case: Case):
    dependency = versioned(case)
    for span in (dependency.name_span, dependency.specifier_span):
        read_all(case.format, with_text(case, span, "1" * 10**7))


@pytest.mark.parametrize("case", CASES)
@given(data=st.data())
def test_whatever_is_typed_is_read(case: Case, data: st.DataObject):
    at = data.draw(st.integers(0, len(case.text)))
    cut = data.draw(st.integers(0, 30))
    typed = data.draw(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8))
    read_all(case.format, case.text[:at] + "".join(typed) + case.text[at + cut :])


@pytest.mark.parametrize("case", CASES)
@given(raw=st.binary(max_size=60) | st.text().map(lambda text: text.encode("utf-16")))
def test_bytes_are_decoded_or_refused(case: Case, raw: bytes):
    try:
        text = case.format.decode(raw)
    except UnicodeDecodeError:
        return
    assert isinstance(text, str)
    read_all(case.format, text)


@pytest.mark.parametrize("case", CASES)
def test_a_text_comes_back_from_its_bytes(case: Case):
    assert case.format.decode(case.text.encode()) == case.text


@pytest.mark.parametrize("scheme", SCHEMES)
def test_specifiers_that_nobody_writes_are_read_or_refused(scheme):
    for piece in PIECES:
        for size in (300, 20_000):
            specifier = repeated(piece, size)
            try:
                said = scheme.parse(specifier).admits("1.2.3")
            except InvalidRequirementError as refusal:
                said = str(refusal)
            assert isinstance(said, bool) or 0 < len(said) < 1000, piece
            assert len(scheme.replace(specifier, "1.2.3")) <= 2 * size, piece
            scheme.replace("^1.0", specifier)
            scheme.replace(">=1,<2", specifier)
            scheme.key(specifier)
            scheme.is_prerelease(specifier)


@pytest.mark.parametrize("case", CASES)
def test_a_path_that_nobody_has_is_no_manifest(case: Case):
    for piece in PIECES:
        assert not case.format.matches(PurePath(repeated(piece, 300) + "#"))

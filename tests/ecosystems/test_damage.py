"""Manifests that are broken, as they are while somebody types: reading them never raises, takes
little longer than reading the whole, loses only what is broken, and makes dependencies of nothing
that is none.

It runs over every format's sample and the corpus. What a damage may cost is a dependency on whose
lines it lies and, where it makes another name of a section or table, what bears that name. What
but refers to another dependency stands and falls with that.
"""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Source
from support.corpus import Case, corpus, samples
from support.damage import deletions, found, gained, in_steps, insertions, lost

CASES = [pytest.param(case, id=case.id) for case in (*samples(), *corpus())]
OPENING = "\"'[{("
CLOSING = ")}]"


def most_steps(case: Case) -> int:
    """How many steps the reading of a broken version of the text may take: that may be read twice,
    the second time by its layout.
    """
    return 4 * in_steps(found, case.format, case.text)[1] + 500


def independent(case: Case):
    """What the whole text says, but for what refers to another dependency."""
    whole = found(case.format, case.text)
    return {key: each for key, each in whole.items() if each.source is not Source.REFERENCE}


def is_within(damage, whole) -> bool:
    """Whether it is done to a dependency: what is added, between two characters of one."""
    first = damage.at - len(damage.added)
    return any(each.span.start <= first and damage.at < each.span.end for each in whole.values())


@pytest.mark.parametrize("case", CASES)
def test_a_prefix_keeps_every_dependency_that_stands_whole_in_it(case: Case):
    text, limit, whole = case.text, most_steps(case), independent(case)
    assert whole
    for length in range(len(text)):
        rest, steps = in_steps(found, case.format, text[:length])
        missing = [key for key, each in whole.items() if each.span.end <= length]
        assert rest.keys() >= set(missing), text[:length]
        assert steps <= limit, text[:length]


@pytest.mark.parametrize("case", CASES)
def test_a_missing_character_costs_only_what_it_is_missing_from(case: Case):
    text, limit, whole = case.text, most_steps(case), independent(case)
    everything = found(case.format, text)
    for damage in deletions(text):
        rest, steps = in_steps(found, case.format, damage.of(text))
        assert steps <= limit, damage
        if is_within(damage, whole) or not damage.is_done_to_a_name(text):
            assert not lost(damage, text, whole, rest), damage
            assert not gained(damage, text, everything, rest), damage


@pytest.mark.parametrize("case", CASES)
def test_a_quote_or_bracket_too_many_costs_only_what_it_stands_in(case: Case):
    text, limit, whole = case.text, most_steps(case), independent(case)
    everything = found(case.format, text)
    for damage in insertions(text, OPENING):
        if is_within(damage, whole):
            rest, steps = in_steps(found, case.format, damage.of(text))
            assert steps <= limit, damage
            assert not lost(damage, text, whole, rest), damage
            assert not gained(damage, text, everything, rest), damage


@pytest.mark.parametrize("case", CASES)
def test_a_closing_bracket_too_many_costs_nothing_before_it(case: Case):
    text, limit, whole = case.text, most_steps(case), independent(case)
    for damage in insertions(text, CLOSING):
        if is_within(damage, whole):
            rest, steps = in_steps(found, case.format, damage.of(text))
            assert steps <= limit, damage
            start, _ = damage.lines(text)
            assert rest.keys() >= {key for key, each in whole.items() if each.span.end <= start}

"""How a manifest stands, in numbers."""

from __future__ import annotations

import pytest

from registry_lsp.core.findings import Code
from registry_lsp.core.tallies import Tally, tally
from support.checked import assessment, finding


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], Tally(dependencies=1)),
        ([Code.OUTDATED_PATCH], Tally(dependencies=1, patch=1)),
        ([Code.OUTDATED_MAJOR, Code.VULNERABLE], Tally(dependencies=1, major=1, vulnerable=1)),
        ([Code.YANKED, Code.DEPRECATED], Tally(dependencies=1, faulty=1)),
        ([Code.UNAUTHORIZED], Tally(dependencies=1)),
    ],
)
def test_each_dependency_counts_once_for_whatever_is_said_of_it(codes, expected):
    assert tally([assessment("one", *map(finding, codes))]) == expected


def test_all_are_counted_together():
    some = [
        assessment("one", finding(Code.OUTDATED_PATCH)),
        assessment("two", finding(Code.OUTDATED_MINOR)),
        assessment("three", finding(Code.OUTDATED_MAJOR)),
    ]
    assert tally(some) == Tally(dependencies=3, patch=1, minor=1, major=1)
    assert tally(some).outdated == 3
    assert tally([]) == Tally()

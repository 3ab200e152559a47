"""How the dependencies of a section or of a whole manifest stand, in numbers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.packages import Found, Missing

_OUTDATED = {
    Code.OUTDATED_PATCH: "patch",
    Code.OUTDATED_MINOR: "minor",
    Code.OUTDATED_MAJOR: "major",
}
_WRONG = frozenset(
    {
        Code.PACKAGE_NOT_FOUND,
        Code.NO_MATCHING_VERSION,
        Code.INVALID_REQUIREMENT,
        Code.YANKED,
        Code.DEPRECATED,
        Code.PROJECT_ARCHIVED,
        Code.PROJECT_QUARANTINED,
        Code.DEPENDENCY_CONFUSION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many ``dependencies`` there are; how many of them could go to a newer ``patch``,
    ``minor`` or ``major`` version than their requirement admits; how many are ``vulnerable``, or
    ``faulty`` in another way (missing, yanked, deprecated and the like); and of how many nothing is
    known (yet), though a registry should: ``unknown``.
    """

    dependencies: int = 0
    patch: int = 0
    minor: int = 0
    major: int = 0
    vulnerable: int = 0
    faulty: int = 0
    unknown: int = 0

    @property
    def outdated(self) -> int:
        """How many are outdated in any way."""
        return self.patch + self.minor + self.major


def tally(assessments: Iterable[Assessment]) -> Tally:
    """Count *assessments*, each once for whatever is said of it."""
    counts: Counter[str] = Counter()
    for assessment in assessments:
        codes = {each.code for each in assessment.verdict.findings}
        tiers = [word for code, word in _OUTDATED.items() if code in codes]
        is_known = isinstance(assessment.lookup, Found | Missing)
        is_unknown = assessment.dependency.source.is_looked_up and not is_known
        counts.update(["dependencies", *tiers])
        counts["vulnerable"] += Code.VULNERABLE in codes
        counts["faulty"] += not _WRONG.isdisjoint(codes)
        counts["unknown"] += is_unknown
    return Tally(**counts)

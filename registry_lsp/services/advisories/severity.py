"""How grave an advisory is: by the vector of its CVSS score, or by the database's own word."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from cvss import CVSS2, CVSS3, CVSS4  # type: ignore[import-untyped]  # it has no types
from cvss.exceptions import CVSSError  # type: ignore[import-untyped]  # as above

from registry_lsp.core.advisories import Rating

_LONGEST = 512
_CALCULATORS = MappingProxyType({"CVSS_V4": CVSS4, "CVSS_V3": CVSS3, "CVSS_V2": CVSS2})
_WORDS = MappingProxyType(
    {
        "info": Rating.LOW,
        "low": Rating.LOW,
        "moderate": Rating.MODERATE,
        "medium": Rating.MODERATE,
        "high": Rating.HIGH,
        "important": Rating.HIGH,
        "critical": Rating.CRITICAL,
    }
)

KINDS = tuple(_CALCULATORS)
"""The kinds of vectors that can be read, as OSV calls them, the most telling first."""


def score(kind: str, vector: str) -> float | None:
    """The base score of a *vector* of one of the KINDS, 0 to 10; None where it cannot be read."""
    calculator = _CALCULATORS.get(kind)
    if calculator is None or len(vector) > _LONGEST or not vector.isascii():
        return None
    try:
        found: Any = calculator(vector).base_score
        return float(found)
    except (CVSSError, ArithmeticError, LookupError, TypeError, ValueError):
        return None


def rating_of(score: float, kind: str) -> Rating | None:
    """The rating of a score, by the scale of its kind (CVSS 3.1, section 5; 4.0, section 6; for
    CVSS 2, which has none of its own, the one of the NVD). None for 0.0, which rates nothing.
    """
    if score <= 0.0:
        return None
    if score >= 9.0 and kind != "CVSS_V2":
        return Rating.CRITICAL
    if score >= 7.0:
        return Rating.HIGH
    return Rating.MODERATE if score >= 4.0 else Rating.LOW


def rating_by_word(word: object) -> Rating | None:
    """The rating that a database's own *word* is, in any case."""
    return _WORDS.get(word.strip().lower()) if isinstance(word, str) else None

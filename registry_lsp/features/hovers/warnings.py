"""What a hover warns of."""

from __future__ import annotations

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.features import wording
from registry_lsp.features.markup import Markup

_GRAVE = (
    Code.YANKED,
    Code.DEPRECATED,
    Code.NO_MATCHING_VERSION,
    Code.INVALID_REQUIREMENT,
    Code.INCOMPATIBLE_PYTHON,
    Code.INCOMPATIBLE_ENGINE,
    Code.DEPENDENCY_CONFUSION,
    Code.PROJECT_ARCHIVED,
    Code.PROJECT_QUARANTINED,
)


def warnings(assessment: Assessment, markup: Markup) -> str:
    """What is grave, a paragraph each."""
    said = (
        markup.text(wording.message(finding, assessment))
        for finding in assessment.verdict.findings
        if finding.code in _GRAVE
    )
    return "\n\n".join(f"⚠ {each}" for each in said)

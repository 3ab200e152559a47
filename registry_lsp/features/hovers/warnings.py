"""What a hover warns of."""

from __future__ import annotations

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.packages import Found
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
)


def warnings(assessment: Assessment, markup: Markup) -> str:
    """What is grave, a paragraph each."""
    said = [
        markup.text(wording.message(finding, assessment))
        for finding in assessment.verdict.findings
        if finding.code in _GRAVE
    ]
    package = assessment.lookup.package if isinstance(assessment.lookup, Found) else None
    if package is not None and package.status is not None:
        reason = f": {package.status_reason}" if package.status_reason else ""
        said.append(markup.text(f"this project is {package.status}{reason}"))
    return "\n\n".join(f"⚠ {each}" for each in said)

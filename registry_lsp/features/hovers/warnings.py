"""What a hover warns of."""

from __future__ import annotations

from collections.abc import Iterable

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.manifests import Dependency
from registry_lsp.features import wording
from registry_lsp.features.markup import Markup
from registry_lsp.session.documents import Document

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
    return _marked(
        markup.text(wording.message(finding, assessment))
        for finding in assessment.verdict.findings
        if finding.code in _GRAVE
    )


def problems(document: Document, dependency: Dependency, markup: Markup) -> str:
    """What the installer would refuse of what is written of *dependency*, a paragraph each."""
    extent = dependency.span
    return _marked(
        markup.text(wording.problem(each))
        for each in document.problems
        if extent.start <= each.span.start and each.span.end <= extent.end
    )


def _marked(said: Iterable[str]) -> str:
    return "\n\n".join(f"⚠ {each}" for each in said)

"""The hover of a group that another includes: what comes with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry_lsp.core.findings import Assessment
from registry_lsp.core.manifests import Link
from registry_lsp.core.tallies import tally
from registry_lsp.features import wording
from registry_lsp.features.hovers import section
from registry_lsp.features.markup import Markup

_MOST = 12
"""Dependencies that are named."""


def members(assessments: Iterable[Assessment], included: Link) -> tuple[Assessment, ...]:
    """Those of *assessments* that the *included* group has, with those that it includes itself."""
    return tuple(each for each in assessments if each.dependency.section in included.sections)


def build(included: Link, its: Sequence[Assessment], markup: Markup) -> str:
    """What *its* dependencies come to, as a section's do, and which they are."""
    summary = section.build(included.target, tally(its), markup)
    names = [markup.code(_written(each)) for each in its[:_MOST]]
    more = f" and {len(its) - _MOST} more" if len(its) > _MOST else ""
    return "\n\n".join(filter(None, (summary, ", ".join(names) + more)))


def _written(assessment: Assessment) -> str:
    dependency = assessment.dependency
    name = dependency.display_name or wording.place(dependency)
    return wording.shown(f"{name} {dependency.specifier}".strip())

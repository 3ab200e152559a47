"""What a hover leaves unsaid, as the manifest wants it, and why."""

from __future__ import annotations

from collections.abc import Sequence

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.ignores import reasons
from registry_lsp.core.manifests import Ignore
from registry_lsp.features.markup import Markup

_MOST = 3
"""How many advisories are named."""


def ignored(ignores: Sequence[Ignore], assessment: Assessment, markup: Markup) -> str:
    """What is left unsaid for *ignores*: the codes in one line, with the reasons that are given;
    empty where there are none.
    """
    if not assessment.unsaid:
        return ""
    together: dict[str, list[str]] = {}
    for code, reason in reasons(ignores, assessment).items():
        ids = _ids(assessment) if code is Code.VULNERABLE else ""
        together.setdefault(reason, []).append(f"{code.value} ({ids})" if ids else code.value)
    parts = [
        f"{', '.join(codes)} · {reason}" if reason else ", ".join(codes)
        for reason, codes in together.items()
    ]
    return markup.quiet(f"ignored here: {'; '.join(parts)}")


def is_ignored(assessment: Assessment, code: Code) -> bool:
    """Whether the manifest wants findings of *code* left unsaid, of which there are some."""
    return any(each.code is code for each in assessment.unsaid)


def _ids(assessment: Assessment) -> str:
    """The advisories against the versions in use, the first few of them."""
    against = (each.advisory.id for some in assessment.exposed for each in some.exposures)
    ids = list(dict.fromkeys(against))
    more = f" and {len(ids) - _MOST} more" if len(ids) > _MOST else ""
    return ", ".join(ids[:_MOST]) + more

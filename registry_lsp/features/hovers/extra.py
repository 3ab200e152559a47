"""The hover of an extra: what it adds to a package. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from registry_lsp.core.extras import added_by, unknown_extras
from registry_lsp.core.findings import Assessment
from registry_lsp.core.ignores import heard
from registry_lsp.core.packages import Metadata, Release, Requires
from registry_lsp.features import wording
from registry_lsp.features.hovers.ignored import ignored
from registry_lsp.features.markup import Markup
from registry_lsp.session.documents import Document

_MOST = 40
_CONDITION = re.compile(r"\s*\band\s+extra\s*==\s*(?:'[^']*'|\"[^\"]*\")\s*\Z")
_ONLY = re.compile(r"\s*extra\s*==\s*(?:'[^']*'|\"[^\"]*\")\s*")


def build(
    document: Document, assessment: Assessment, extra: str, metadata: Metadata, markup: Markup
) -> str:
    """What the *extra* adds to the release that *metadata* is of, a line for each requirement."""
    dependency, normalise = assessment.dependency, document.ecosystem.normalise
    title = _title(document, assessment, extra, markup)
    unknown = unknown_extras(dependency, metadata, normalise)
    missing = next((each for each in unknown if each.arg("extra") == extra), None)
    if missing is not None:
        verdict = replace(assessment.verdict, findings=(missing,))
        ignores, said = document.manifest.ignores, wording.message(missing, assessment)
        (left,) = heard(ignores, [replace(assessment, verdict=verdict)])
        if left.unsaid:
            return f"{title}\n\n{markup.quiet(said)}\n\n{ignored(ignores, left, markup)}"
        return f"{title}\n\n⚠ {markup.text(said)}"
    added = added_by(extra, metadata, normalise)
    if not added:
        return f"{title}\n\nadds no requirement to {markup.code(metadata.version)}"
    lines = [markup.item(_line(each, markup)) for each in added[:_MOST]]
    if len(added) > _MOST:
        lines.append(markup.item(f"{len(added) - _MOST} more"))
    return f"{title}\n\nadds to {markup.code(metadata.version)}:\n\n" + "\n".join(lines)


def undescribed(
    document: Document, assessment: Assessment, extra: str, release: Release, markup: Markup
) -> str:
    """That nobody has told what the *extra* adds to *release*: many mirrors describe the latest
    release only, whose extras may be others.
    """
    said = f"what it adds to {markup.code(release.version)} is not known: "
    said += "its registry has not told what that release requires"
    return f"{_title(document, assessment, extra, markup)}\n\n{said}"


def _title(document: Document, assessment: Assessment, extra: str, markup: Markup) -> str:
    title = markup.strong(f"{assessment.dependency.display_name}[{extra}]")
    return f"{title} · {markup.text(document.ecosystem.name)}"


def _line(each: Requires, markup: Markup) -> str:
    """One requirement, and the condition that it has beside the extra."""
    marker = each.marker or ""
    condition = "" if _ONLY.fullmatch(marker) else _CONDITION.sub("", marker).strip()
    said = markup.code(f"{each.name} {each.specifier}".strip())
    return f"{said} where {markup.code(condition)}" if condition else said

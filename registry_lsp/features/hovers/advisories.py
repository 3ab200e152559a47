"""What is known against the versions of a package that are in use."""

from __future__ import annotations

from registry_lsp.core.advisories import Exposed, Exposure
from registry_lsp.core.findings import Assessment, Code
from registry_lsp.features import wording
from registry_lsp.features.hovers.ignored import is_ignored
from registry_lsp.features.markup import Markup

MOST = 5
"""How many advisories of one version are listed."""


def advisories(assessment: Assessment, markup: Markup) -> str:
    """The gravest advisories of each version, a line each, below what they come to; none where they
    are ignored.
    """
    if is_ignored(assessment, Code.VULNERABLE):
        return ""
    return "\n\n".join(_block(each, markup) for each in assessment.exposed)


def _block(exposed: Exposed, markup: Markup) -> str:
    lines = [f"⚠ {_heading(exposed, markup)}", ""]
    lines += [_line(each, exposed, markup) for each in exposed.exposures[:MOST]]
    more = len(exposed.exposures) - MOST
    if more > 0:
        lines.append(markup.item(f"and {more} more"))
    return "\n".join(lines)


def _heading(exposed: Exposed, markup: Markup) -> str:
    count = len(exposed.exposures)
    version = markup.code(exposed.version)
    if exposed.exposures[0].advisory.is_malware:
        return f"{version} is malicious software: do not install it"
    noun = "a known vulnerability" if count == 1 else f"{count} known vulnerabilities"
    if exposed.fix is None:
        return f"{version} has {noun}"
    held = f", which is too new for {markup.text(exposed.held_by, 100)}" if exposed.held_by else ""
    what = "it" if count == 1 else "all of them"
    return f"{version} has {noun}; {markup.code(exposed.fix.version)} fixes {what}{held}"


def _line(exposure: Exposure, exposed: Exposed, markup: Markup) -> str:
    advisory = exposure.advisory
    parts = [markup.link(advisory.id, advisory.url) or markup.text(advisory.id, 100)]
    if (rated := wording.rated(advisory)) is not None:
        parts.append(rated)
    if advisory.summary:
        parts.append(markup.text(advisory.summary, 160))
    fix = exposed.fix.version if exposed.fix is not None else None
    if exposure.fixed is not None and exposure.fixed != fix:
        parts.append(f"fixed in {markup.code(exposure.fixed)}")
    return markup.item(" · ".join(parts))

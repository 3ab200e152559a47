"""What a package says of itself, and what it needs."""

from __future__ import annotations

from registry_lsp.core.findings import Assessment
from registry_lsp.core.packages import Found, Metadata
from registry_lsp.core.services import Extras
from registry_lsp.features.hovers.usage import downloads
from registry_lsp.features.markup import Markup
from registry_lsp.session.documents import Document

_MOST_REQUIRES = 8


def summary(lookup: Found, metadata: Metadata | None, markup: Markup) -> str:
    """What the package is for, in its own words."""
    own = lookup.package.metadata or metadata
    return markup.text(own.summary, 400) if own is not None and own.summary else ""


def facts(
    document: Document,
    assessment: Assessment,
    metadata: Metadata | None,
    markup: Markup,
    extras: Extras,
) -> str:
    """The licence, what it runs on, and how much it is used."""
    facts = []
    if metadata is not None and metadata.license:
        facts.append(f"licence {markup.text(metadata.license, 80)}")
    wanted = assessment.verdict.wanted
    runtime = wanted.runtime if wanted is not None else None
    if (
        runtime is None
        and metadata is not None
        and (not wanted or wanted.version == metadata.version)
    ):
        runtime = metadata.runtime
    if runtime:
        facts.append(f"runs on {document.ecosystem.runtime_name} {markup.code(runtime)}")
    facts.append(downloads(extras.downloads))
    return " · ".join(filter(None, facts))


def requires(assessment: Assessment, metadata: Metadata | None, markup: Markup) -> str:
    """What the version needs beside itself: the wanted one, else the latest. What a release needs
    that the project could not use helps nobody.
    """
    told = (assessment.verdict.wanted, assessment.verdict.latest)
    if metadata is None or all(it is None or it.version != metadata.version for it in told):
        return ""
    needed = [each for each in metadata.requires if each.kind in ("runtime", "peer")]
    always = [each for each in needed if not (each.marker and "extra" in each.marker)]
    if not always:
        return f"{markup.code(metadata.version)} requires nothing else"
    shown = ", ".join(
        markup.code(f"{each.name} {each.specifier}".strip()) for each in always[:_MOST_REQUIRES]
    )
    more = f" and {len(always) - _MOST_REQUIRES} more" if len(always) > _MOST_REQUIRES else ""
    return f"{markup.code(metadata.version)} requires {shown}{more}"

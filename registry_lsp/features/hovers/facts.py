"""What a package says of itself, and what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from registry_lsp.core.findings import Assessment
from registry_lsp.core.packages import Found, Metadata, Requires
from registry_lsp.core.services import Extras
from registry_lsp.features.hovers.usage import downloads
from registry_lsp.features.markup import Markup
from registry_lsp.session.documents import Document

_MOST_REQUIRES = 8
_EXTRA = re.compile(r"\bextra\s*(?:[!=]=|in\b)|(?:[!=]=|\bin)\s*extra\b")


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
    """What the version needs beside itself: the wanted one, and the latest where nothing is wanted.
    What another one needs is not what would be installed.
    """
    told = assessment.verdict.wanted or assessment.verdict.latest
    if metadata is None or (told is not None and told.version != metadata.version):
        return ""
    needed = (each for each in metadata.requires if each.kind in ("runtime", "peer"))
    always = _together(each for each in needed if not _EXTRA.search(each.marker or ""))
    if not always:
        return f"{markup.code(metadata.version)} requires nothing else"
    shown = ", ".join(_requirement(*each, markup) for each in always[:_MOST_REQUIRES])
    more = f" and {len(always) - _MOST_REQUIRES} more" if len(always) > _MOST_REQUIRES else ""
    return f"{markup.code(metadata.version)} requires {shown}{more}"


def _together(needed: Iterable[Requires]) -> list[tuple[str, list[str]]]:
    """Each requirement once, with the markers that it holds under: none where it always does."""
    found: dict[str, list[str]] = {}
    for each in needed:
        found.setdefault(f"{each.name} {each.specifier}".strip(), []).append(each.marker or "")
    return [
        (text, list(dict.fromkeys(markers)) if all(markers) else [])
        for text, markers in found.items()
    ]


def _requirement(text: str, markers: Sequence[str], markup: Markup) -> str:
    where = " or ".join(markup.code(each) for each in markers)
    return f"{markup.code(text)} where {where}" if where else markup.code(text)

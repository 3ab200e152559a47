"""What is told of the package or the version that somebody is about to choose. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from registry_lsp.core.advisories import Advisory
from registry_lsp.core.packages import Metadata, Package, Release
from registry_lsp.features import wording
from registry_lsp.features.markup import Markup

MOST = 5
"""How many advisories are listed."""


def build(
    package: Package,
    release: Release | None,
    metadata: Metadata | None,
    known: Sequence[Advisory],
    markup: Markup,
    *,
    runtime_name: str,
) -> str:
    """The documentation of *release* of *package*: why it is withdrawn, what is *known* against
    it, what it is for, and its facts. Empty where nothing is known.
    """
    own = package.metadata or metadata
    summary = metadata.summary if metadata is not None else None
    summary = summary or (own.summary if own is not None else None)
    blocks = [
        _withdrawn(release, markup),
        _advisories(known, markup),
        markup.text(summary, 400) if summary else "",
        _facts(release, metadata, markup, runtime_name),
        markup.link(wording.shown(own.homepage), own.homepage)
        if own is not None and own.homepage
        else "",
    ]
    return "\n\n".join(filter(None, blocks))


def _withdrawn(release: Release | None, markup: Markup) -> str:
    if release is None:
        return ""
    if release.yanked:
        return _with_reason("Yanked", release.yanked_reason, markup)
    if release.deprecated is not None:
        return _with_reason("Deprecated", release.deprecated, markup)
    return ""


def _with_reason(what: str, reason: str | None, markup: Markup) -> str:
    return f"{what}: {markup.text(reason)}" if reason and reason.strip() else f"{what}."


def _advisories(known: Sequence[Advisory], markup: Markup) -> str:
    lines = [_advisory(each, markup) for each in known[:MOST]]
    if len(known) > MOST:
        lines.append(markup.item(f"and {len(known) - MOST} more"))
    return "\n".join(lines)


def _advisory(advisory: Advisory, markup: Markup) -> str:
    parts = [markup.link(advisory.id, advisory.url) or markup.text(advisory.id, 100)]
    if (rated := wording.rated(advisory)) is not None:
        parts.append(rated)
    if advisory.summary:
        parts.append(markup.text(advisory.summary, 160))
    return markup.item("⚠ " + " · ".join(parts))


def _facts(
    release: Release | None, metadata: Metadata | None, markup: Markup, runtime_name: str
) -> str:
    facts = []
    if release is not None and release.published is not None:
        moment = datetime.fromtimestamp(release.published, tz=timezone.utc)
        facts.append(f"published {moment:%Y-%m-%d}")
    if metadata is not None and metadata.license:
        facts.append(f"licence {markup.text(metadata.license, 80)}")
    runtime = (release.runtime if release is not None else None) or (
        metadata.runtime if metadata is not None else None
    )
    if runtime:
        facts.append(f"runs on {runtime_name} {markup.code(runtime)}")
    return " · ".join(facts)

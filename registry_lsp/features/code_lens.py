"""textDocument/codeLens: above a manifest, and above each of its sections, how many updates and
advisories there are, and a way to have the updates.

What a lens counts is what its command does.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lsprotocol import types

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.settings import Settings
from registry_lsp.core.text import Span
from registry_lsp.features.actions.clients import Abilities
from registry_lsp.features.actions.offers import OUTDATED
from registry_lsp.features.actions.update_all import UPDATE_ALL
from registry_lsp.features.actions.whole import UPDATED, Outlook, outlook
from registry_lsp.features.refreshing import Refresher
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document

_NOTHING = ""
"""The command of a lens that only tells something: clients show it, and it cannot be clicked."""
_TURN = 0.003
"""Seconds for which updates are worked out before others get their turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A title over a place of the text, and the command behind it."""

    span: Span
    title: str
    command: str = _NOTHING
    argument: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Counts:
    """How many dependencies the safe updates are about, how many any, and how many of those may
    break; whether one of those is told of; how many are outdated and how many vulnerable, as far
    as that is told; and of how many a vulnerable version would be replaced.
    """

    safe: int = 0
    any: int = 0
    breaking: int = 0
    tells_safe: bool = False
    tells_breaking: bool = False
    outdated: int = 0
    vulnerable: int = 0
    secured: int = 0

    @property
    def has_news(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.tells_safe or self.tells_breaking or self.outdated or self.vulnerable)


def register(ls: RegistryServer) -> None:
    """Answer textDocument/codeLens."""
    ls.when_news.append(Refresher(ls, "code lenses", _wants_refresh, ask_again).news)

    @ls.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def lenses(
        ls: RegistryServer, params: types.CodeLensParams
    ) -> list[types.CodeLens] | None:
        uri = params.text_document.uri
        document = await ls.document(uri)
        if document is None:
            return None
        settings = ls.settings(uri)
        if not settings.code_lens.enabled:
            return []
        assessments = ls.session(uri).assessments(document)
        outlooks = [Outlook()] * len(assessments)
        if Abilities.of(ls.client_capabilities).applies:
            outlooks = await _outlooks(document, assessments)
        found = build(document, assessments, outlooks, settings)
        return [
            types.CodeLens(
                range=client_range(document, each.span, ls.encoding),
                command=types.Command(
                    title=each.title,
                    command=each.command,
                    arguments=[{"uri": uri, **each.argument}] if each.command else None,
                ),
            )
            for each in found
        ]


async def _outlooks(document: Document, assessments: Sequence[Assessment]) -> list[Outlook]:
    """What all updates come to for each. Others get their turn in between."""
    found, now, since = [], time.time(), time.monotonic()
    for each in assessments:
        found.append(outlook(each, document.ecosystem.schemes[each.dependency.dialect], now))
        if time.monotonic() - since >= _TURN:
            await asyncio.sleep(0)
            since = time.monotonic()
    return found


def build(
    document: Document,
    assessments: Sequence[Assessment],
    outlooks: Iterable[Outlook],
    settings: Settings,
) -> Iterator[Lens]:
    """The lenses of *document*, whose assessments have these *outlooks*: those over the whole of
    it first. Nothing stands where there is nothing to do, and nothing twice: the only section with
    news has them over the whole. What no command would do, for nobody has an outlook, is counted.
    """
    whole = _Counts()
    by_section: dict[str, _Counts] = defaultdict(_Counts)
    for assessment, each in zip(assessments, outlooks, strict=True):
        for counts in (whole, by_section[assessment.dependency.section]):
            _count(counts, assessment, each, settings)
    yield from _over(Span(0, 0), whole, {})
    with_news = {section: each for section, each in by_section.items() if each.has_news}
    if len(with_news) > 1:
        for heading in document.manifest.headings:
            counts = with_news.get(heading.section, _Counts())
            yield from _over(heading.span, counts, {"section": heading.section})


def _count(counts: _Counts, assessment: Assessment, outlook: Outlook, settings: Settings) -> None:
    codes = {each.code for each in assessment.verdict.findings}
    told = {each for each in codes if settings.diagnostics.severity_of(each) is not None}
    is_told = not told.isdisjoint(UPDATED)
    counts.outdated += not told.isdisjoint(OUTDATED)
    counts.vulnerable += Code.VULNERABLE in told
    # What is not told of is updated all the same, so that it counts.
    counts.safe += outlook.is_safe
    counts.any += outlook.is_any
    counts.breaking += outlook.may_break
    counts.secured += outlook.is_secured
    counts.tells_safe |= is_told and outlook.is_safe
    counts.tells_breaking |= is_told and outlook.may_break


def _over(span: Span, counts: _Counts, where: dict[str, Any]) -> Iterator[Lens]:
    if counts.tells_safe:
        argument = {**where, "tier": "safe"}
        title = f"Update {counts.safe} (safe)"
        yield Lens(span=span, title=title, command=UPDATE_ALL, argument=argument)
    if counts.tells_breaking:
        argument = {**where, "tier": "all"}
        title = _breaking_title(counts)
        yield Lens(span=span, title=title, command=UPDATE_ALL, argument=argument)
    if counts.outdated and not counts.any:
        yield Lens(span=span, title=f"{counts.outdated} outdated")
    if counts.vulnerable and counts.secured:
        argument = {**where, "tier": "secure"}
        of = f"of {counts.vulnerable} " if counts.secured < counts.vulnerable else ""
        title = f"Replace {counts.secured} {of}vulnerable"
        yield Lens(span=span, title=title, command=UPDATE_ALL, argument=argument)
    elif counts.vulnerable:
        yield Lens(span=span, title=f"{counts.vulnerable} vulnerable")


def _breaking_title(counts: _Counts) -> str:
    if counts.breaking < counts.any:
        return f"Update all {counts.any} ({counts.breaking} may break)"
    return f"Update all {counts.any} (may break)" if counts.any > 1 else "Update 1 (may break)"


def _wants_refresh(client: types.ClientCapabilities) -> bool:
    workspace = client.workspace
    lenses = workspace.code_lens if workspace is not None else None
    return lenses is not None and bool(lenses.refresh_support)


async def ask_again(ls: RegistryServer) -> None:
    """Have the client ask for the lenses that it shows anew."""
    await ls.workspace_code_lens_refresh_async(None)

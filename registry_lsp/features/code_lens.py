"""textDocument/codeLens: above a manifest, and above each of its sections, how many updates and
advisories there are, and a way to have the updates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from lsprotocol import types

from registry_lsp.core.findings import Assessment
from registry_lsp.core.settings import Settings
from registry_lsp.core.tallies import Tally, tally
from registry_lsp.core.text import Span
from registry_lsp.features.actions.clients import Abilities
from registry_lsp.features.actions.update_all import UPDATE_ALL
from registry_lsp.features.refreshing import Refresher
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document

_NOTHING = ""
"""The command of a lens that only tells something: clients show it, and it cannot be clicked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A title over a place of the text, and the command behind it."""

    span: Span
    title: str
    command: str = _NOTHING
    argument: dict[str, Any] = field(default_factory=dict)


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
        assessments, settings = ls.session(uri).assessments(document), ls.settings(uri)
        applies = Abilities.of(ls.client_capabilities).applies
        found = build(document, assessments, settings, applies=applies)
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


def build(
    document: Document,
    assessments: Sequence[Assessment],
    settings: Settings,
    *,
    applies: bool = True,
) -> Iterator[Lens]:
    """The lenses of *document*: those over the whole of it first. Nothing stands where there is
    nothing to do, and nothing twice: the only section with news has them over the whole. Where the
    client *applies* no edits they only tell.
    """
    if not settings.code_lens.enabled:
        return
    yield from _over(Span(0, 0), tally(assessments), {}, applies=applies)
    order = sorted(assessments, key=lambda each: each.dependency.section)
    by_section = {
        section: tally(some)
        for section, some in groupby(order, key=lambda each: each.dependency.section)
    }
    with_news = {section: each for section, each in by_section.items() if _news(each)}
    if len(with_news) > 1:
        for heading in document.manifest.headings:
            counts = with_news.get(heading.section, Tally())
            yield from _over(heading.span, counts, {"section": heading.section}, applies=applies)


def _news(counts: Tally) -> bool:
    return bool(counts.outdated or counts.vulnerable)


def _over(span: Span, counts: Tally, where: dict[str, Any], *, applies: bool) -> Iterator[Lens]:
    command = UPDATE_ALL if applies else _NOTHING
    safe = counts.patch + counts.minor
    if safe:
        argument = {**where, "tier": "safe"}
        title = f"Update {safe}" if applies else f"{safe} can be updated"
        yield Lens(
            span=span, title=f"{title} (patch and minor)", command=command, argument=argument
        )
    if counts.major:
        argument = {**where, "tier": "all"}
        title = f"Update all {counts.outdated}" if applies else f"{counts.outdated} are outdated"
        yield Lens(
            span=span, title=f"{title} ({counts.major} major)", command=command, argument=argument
        )
    if counts.vulnerable:
        yield Lens(span=span, title=f"{counts.vulnerable} vulnerable")


def _wants_refresh(client: types.ClientCapabilities) -> bool:
    workspace = client.workspace
    lenses = workspace.code_lens if workspace is not None else None
    return lenses is not None and bool(lenses.refresh_support)


async def ask_again(ls: RegistryServer) -> None:
    """Have the client ask for the lenses that it shows anew."""
    await ls.workspace_code_lens_refresh_async(None)

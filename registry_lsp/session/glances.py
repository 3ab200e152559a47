"""Judging a manifest that nobody has open: once, and without a word while it loads."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from registry_lsp.core.findings import Assessment
from registry_lsp.session.advisories import AdvisoryIndex
from registry_lsp.session.descriptions import Descriptions
from registry_lsp.session.documents import Document
from registry_lsp.session.loading import Loader
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.surveys import Around, Surveyor
from registry_lsp.session.verdicts import Judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A manifest in its project, what was seen around it, and the verdicts on its dependencies."""

    document: Document
    around: Around
    assessments: tuple[Assessment, ...]


async def glance(
    document: Document,
    *,
    packages: PackageIndex,
    advisories: AdvisoryIndex,
    descriptions: Descriptions,
    surveyor: Surveyor,
) -> Glance:
    """*document* once everything has answered that is asked for its sake. Who stops waiting stops
    what nobody else waits for.
    """
    judge = Judge(packages, advisories, descriptions)
    loader = Loader(
        packages,
        advisories,
        descriptions,
        assessments=judge.judge,
        show=lambda _: None,
        loading=lambda *_: None,
    )
    document, around = await surveyor.look(document)
    try:
        unknown = loader.unknown(document)
        if unknown:
            await loader.recall(document, unknown)
        await loader.load(document)
    except asyncio.CancelledError:
        packages.abandon(id for id in document.ids if id is not None)
        raise
    return Glance(document=document, around=around, assessments=judge.judge(document))

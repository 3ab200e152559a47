"""textDocument/hover: what is known of the package under the cursor, and of its people."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from registry_lsp.core.findings import Assessment
from registry_lsp.core.manifests import Dependency, Part
from registry_lsp.core.packages import Found, Metadata, Package, Release
from registry_lsp.core.services import Extras
from registry_lsp.core.sites import group_at, heading_at, site_at
from registry_lsp.core.tallies import tally
from registry_lsp.core.text import Span
from registry_lsp.features.hovers import extra, group, section
from registry_lsp.features.hovers.build import build
from registry_lsp.features.markup import Markdown, Plain
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document
from registry_lsp.session.tasks import within

if TYPE_CHECKING:
    from registry_lsp.session.session import Session

PATIENCE = 1.5
"""Seconds that a hover waits for its own package before it shows what it has."""


def register(ls: RegistryServer) -> None:
    """Answer textDocument/hover."""

    @ls.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: RegistryServer, params: types.HoverParams) -> types.Hover | None:
        document = await ls.document(params.text_document.uri)
        if document is None:
            return None
        session, offset = ls.session(params.text_document.uri), ls.offset(document, params.position)
        markup = Markdown() if ls.hover_markup is types.MarkupKind.Markdown else Plain()
        heading = heading_at(document.manifest, offset)
        if heading is not None:
            every = session.assessments(document)
            its = (each for each in every if each.dependency.section == heading.section)
            text = section.build(heading.section, tally(its), markup)
            return _hover(ls, document, heading.span, text)
        included = group_at(document.manifest, offset)
        if included is not None:
            with_it = group.members(session.assessments(document), included)
            return _hover(ls, document, included.span, group.build(included, with_it, markup))
        site = site_at(document.manifest, offset)
        if site is None:
            return None
        assessment = await _learn(session, document, site.dependency)
        required, extras = await asyncio.gather(
            _required(session, assessment), _extras(session, assessment)
        )
        wanted = assessment.verdict.wanted
        if site.part is Part.EXTRA and required is not None:
            text = extra.build(document, assessment, site.extra, required, markup)
        elif site.part is Part.EXTRA and wanted is not None:
            text = extra.undescribed(document, assessment, site.extra, wanted, markup)
        else:
            now = time.time()
            text = build(document, assessment, markup, wanted=required, now=now, extras=extras())
        return _hover(ls, document, site.span, text)


def _hover(ls: RegistryServer, document: Document, span: Span, text: str) -> types.Hover:
    return types.Hover(
        contents=types.MarkupContent(kind=ls.hover_markup, value=text),
        range=client_range(document, span, ls.encoding),
    )


async def _learn(session: Session, document: Document, dependency: Dependency) -> Assessment:
    """The dependency's assessment, from its full document where that comes in time."""
    id = document.id_of(dependency)
    packages = session.packages
    # A name that is being typed is not asked for.
    if id is not None and (packages.peek(id) is not None or await session.rests(document)):
        if (about := _about(session.assessment(document, dependency))) is not None:
            session.services.begin(*about)
        await within(PATIENCE, packages.fetch(id, full=True))
    return session.assessment(document, dependency)


async def _extras(session: Session, assessment: Assessment) -> Callable[[], Extras]:
    """What is known beyond the registry's documents, a moment after those have come; what comes
    while the hover still waits for something else is among it.
    """
    about = _about(assessment)
    if about is None:
        return Extras
    services = session.services
    await services.extras(*about)
    return lambda: services.known(*about)


def _about(assessment: Assessment) -> tuple[Package, Release | None, Metadata | None] | None:
    """What services and registries may be asked about: a package that was found, the release of
    it that the hover is about, and what it says of itself.
    """
    lookup, verdict = assessment.lookup, assessment.verdict
    if not isinstance(lookup, Found):
        return None
    return lookup.package, verdict.wanted or verdict.latest, lookup.package.metadata


async def _required(session: Session, assessment: Assessment) -> Metadata | None:
    """What the wanted version says of itself, where the package's own words are another's."""
    lookup, wanted = assessment.lookup, assessment.verdict.wanted
    if assessment.id is None or wanted is None or not isinstance(lookup, Found):
        return None
    held = lookup.package.metadata
    if held is not None and held.version == wanted.version:
        return held
    source = lookup.package.id_of(wanted.version)
    return await within(PATIENCE, session.packages.metadata(source, wanted.version))

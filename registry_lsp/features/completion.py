"""textDocument/completion: the versions of the dependency that is being typed."""

from __future__ import annotations

import asyncio
import time

from lsprotocol import types

from registry_lsp.core.gates import passed
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import Found, Package, Release
from registry_lsp.core.sites import typed_at
from registry_lsp.core.text import printable
from registry_lsp.features.completions.place import place_at
from registry_lsp.features.completions.versions import Offers, build
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document

PATIENCE = 3.0
"""Seconds that a completion waits for its package."""
DATES_PATIENCE = 0.4
"""Seconds more that it waits for publish dates, where the registry tells them separately."""


def register(ls: RegistryServer) -> None:
    """Answer textDocument/completion."""
    options = types.CompletionOptions(trigger_characters=list("\"'^~=<>!.,-@ "))

    @ls.feature(types.TEXT_DOCUMENT_COMPLETION, options)
    async def completion(
        ls: RegistryServer, params: types.CompletionParams
    ) -> types.CompletionList | None:
        document = await ls.document(params.text_document.uri)
        if document is None:
            return None
        offset, text = ls.offset(document, params.position), document.snapshot.text
        dependency = typed_at(document.manifest, text, offset)
        place = place_at(text, dependency, offset) if dependency is not None else None
        if dependency is None or place is None:
            return None
        is_typing_name = dependency.name_span.touches(offset)
        package = await _package(ls, document, dependency, is_typing_name=is_typing_name)
        if package is None:
            # What is typed next may be a name that is known.
            return types.CompletionList(is_incomplete=True, items=[])
        offers = build(
            dependency,
            _passed(document, dependency, package),
            document.ecosystem.schemes[dependency.dialect],
            place=place,
            text=text,
            prereleases=ls.settings(params.text_document.uri).completion.prereleases,
            now=time.time(),
        )
        return _answer(ls, document, offers)


async def _package(
    ls: RegistryServer, document: Document, dependency: Dependency, *, is_typing_name: bool
) -> Package | None:
    """The dependency's package. No half-typed name is asked for: that waits for the rest."""
    id = document.id_of(dependency)
    if id is None:
        return None
    session = ls.session(document.snapshot.uri)
    packages = session.packages
    is_known = packages.peek(id) is not None
    if is_typing_name and not is_known and not await session.rests(document):
        return None
    brief = asyncio.ensure_future(packages.fetch(id))
    await asyncio.wait((brief,), timeout=PATIENCE)
    lookup = packages.peek(id)
    if not isinstance(lookup, Found):
        return None
    if not any(release.published for release in lookup.package.releases):
        full = asyncio.ensure_future(packages.fetch(id, full=True))
        await asyncio.wait((full,), timeout=DATES_PATIENCE)
        lookup = packages.peek(id)
    return lookup.package if isinstance(lookup, Found) else None


def _passed(document: Document, dependency: Dependency, package: Package) -> Package:
    """What the project's gate leaves of *package*: nothing else would be installed."""
    scheme = document.ecosystem.schemes[dependency.dialect]
    return passed(package, document.gate_of(dependency), time.time(), scheme.is_prerelease).package


def _answer(ls: RegistryServer, document: Document, offers: Offers) -> types.CompletionList:
    span = client_range(document, offers.span, ls.encoding)
    return types.CompletionList(
        is_incomplete=offers.is_incomplete,
        items=[
            types.CompletionItem(
                label=offer.release.version,
                kind=types.CompletionItemKind.Constant,
                detail=offer.note or None,
                documentation=_documentation(document, offer.release),
                filter_text=offer.filter,
                sort_text=f"{place:05}",
                tags=[types.CompletionItemTag.Deprecated] if offer.is_withdrawn else None,
                deprecated=True if offer.is_withdrawn else None,
                preselect=True if place == 0 and not offer.is_withdrawn else None,
                text_edit=types.TextEdit(range=span, new_text=offer.text),
            )
            for place, offer in enumerate(offers.offers)
        ],
    )


def _documentation(document: Document, release: Release) -> str | None:
    reason = release.yanked_reason if release.yanked else release.deprecated
    said = printable(reason) if reason else ""
    if release.yanked:
        return f"Yanked: {said}" if said else "Yanked."
    if release.deprecated is not None:
        return f"Deprecated: {said}" if said else "Deprecated."
    needs = f"Needs {document.ecosystem.runtime_name} "
    return needs + printable(release.runtime, 80) if release.runtime else None

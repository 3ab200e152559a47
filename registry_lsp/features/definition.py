"""textDocument/definition: where what a manifest names is said, in it or in another file."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types

from registry_lsp.core.manifests import Dependency, Manifest, Source
from registry_lsp.core.pointers import Pointer, beginning, here
from registry_lsp.core.sites import site_at
from registry_lsp.core.text import Span
from registry_lsp.server import RegistryServer, client_range, range_in
from registry_lsp.session.documents import Document
from registry_lsp.session.following import follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What a cursor stands on, and where that may lead."""

    span: Span
    pointers: tuple[Pointer, ...]


def register(ls: RegistryServer) -> None:
    """Answer textDocument/definition."""

    @ls.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(
        ls: RegistryServer, params: types.DefinitionParams
    ) -> list[types.Location] | list[types.LocationLink] | None:
        document = await ls.document(params.text_document.uri)
        if document is None:
            return None
        lead = build(document, ls.offset(document, params.position))
        if lead is None:
            return None
        found = await follow(document, lead.pointers, ls.documents)
        if not _takes_links(ls.client_capabilities):
            return [
                types.Location(each.uri, range_in(each.lines, each.passage.name, ls.encoding))
                for each in found
            ]
        origin = client_range(document, lead.span, ls.encoding)
        return [
            types.LocationLink(
                origin_selection_range=origin,
                target_uri=each.uri,
                target_range=range_in(each.lines, each.passage.span, ls.encoding),
                target_selection_range=range_in(each.lines, each.passage.name, ls.encoding),
            )
            for each in found
        ]


def build(document: Document, offset: int) -> Lead | None:
    """Where the code-point *offset* of *document* leads; None where nothing stands there."""
    manifest = document.manifest
    for link in manifest.links:
        if link.span.touches(offset):
            if link.place is not None:
                return Lead(span=link.span, pointers=(here(link.place),))
            if "://" in link.target:
                return None
            pointer = Pointer(path=link.target, find=beginning)
            return Lead(span=link.span, pointers=(pointer,))
    site = site_at(manifest, offset)
    if site is None or document.project is None:
        return None
    pointers = document.project.definitions(site.dependency, manifest)
    return Lead(span=site.span, pointers=_within(manifest, site.dependency) or pointers)


def _within(manifest: Manifest, dependency: Dependency) -> tuple[Pointer, ...]:
    """Where the same *manifest* says what a *dependency* refers to: the entry of its name in
    another section, that section itself, or the dependency that it names.
    """
    if dependency.source is not Source.REFERENCE:
        return ()
    targets, name = dependency.target.split(", "), dependency.display_name
    others = [each for each in manifest.dependencies if each.source is not Source.REFERENCE]
    found = [each for each in others if each.section in targets and each.display_name == name]
    if found:
        return tuple(here(each.name_span) for each in found)
    headings = [each for each in manifest.headings if each.section in targets]
    if headings:
        return tuple(here(each.span) for each in headings)
    return tuple(here(each.name_span) for each in others if each.display_name in targets)


def _takes_links(client: types.ClientCapabilities) -> bool:
    """Whether the client wants to know what a place goes by, and not only where it is."""
    text = client.text_document
    return bool(text is not None and text.definition and text.definition.link_support)

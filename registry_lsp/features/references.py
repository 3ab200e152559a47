"""textDocument/references: who in the project asks for what the project itself has, be it an entry
of a catalog, a package of the workspace or a group of dependencies.
"""

from __future__ import annotations

from lsprotocol import types

from registry_lsp.core.manifests import Manifest
from registry_lsp.core.pointers import Mentions, here
from registry_lsp.core.sites import site_at
from registry_lsp.server import RegistryServer, range_in
from registry_lsp.session.documents import Document
from registry_lsp.session.following import follow


def register(ls: RegistryServer) -> None:
    """Answer textDocument/references."""

    @ls.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(
        ls: RegistryServer, params: types.ReferenceParams
    ) -> list[types.Location] | None:
        document = await ls.document(params.text_document.uri)
        if document is None:
            return None
        mentions = build(document, ls.offset(document, params.position))
        declared = mentions.declared if params.context.include_declaration else ()
        found = await follow(document, (*declared, *mentions.used), ls.documents)
        return [
            types.Location(each.uri, range_in(each.lines, each.passage.name, ls.encoding))
            for each in found
        ]


def build(document: Document, offset: int) -> Mentions:
    """Where what stands at the code-point *offset* of *document* is declared and used."""
    manifest = document.manifest
    group = _group_at(manifest, offset)
    if group is not None or document.project is None:
        return group or Mentions()
    if manifest.name_span is not None and manifest.name_span.touches(offset):
        return document.project.mentions(None, manifest)
    site = site_at(manifest, offset)
    return document.project.mentions(site.dependency, manifest) if site else Mentions()


def _group_at(manifest: Manifest, offset: int) -> Mentions | None:
    """The group that is included, or defined, where the cursor is, and who includes it."""
    links = [each for each in manifest.links if each.place is not None]
    meant = next(
        (
            each.place
            for each in links
            if each.place and (each.span.touches(offset) or each.place.touches(offset))
        ),
        None,
    )
    if meant is None:
        return None
    used = tuple(here(each.span) for each in links if each.place == meant)
    return Mentions(declared=(here(meant),), used=used)

"""textDocument/documentLink: what a manifest names that can be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lsprotocol import types

from registry_lsp.core.manifests import Role
from registry_lsp.core.text import Span
from registry_lsp.net.addresses import web_link
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document
from registry_lsp.session.following import path_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place of the text and the URI that it leads to."""

    span: Span
    uri: str


def register(ls: RegistryServer) -> None:
    """Answer textDocument/documentLink."""

    @ls.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
    async def links(
        ls: RegistryServer, params: types.DocumentLinkParams
    ) -> list[types.DocumentLink] | None:
        document = await ls.document(params.text_document.uri)
        if document is None:
            return None
        return [
            types.DocumentLink(
                range=client_range(document, each.span, ls.encoding), target=each.uri
            )
            for each in build(document)
        ]


def build(document: Document) -> tuple[Target, ...]:
    """The links of *document*, in the order of the text, each place once."""
    found = {each.span: each for each in _found(document)}
    return tuple(sorted(found.values(), key=lambda each: (each.span.start, each.span.end)))


def _found(document: Document) -> Iterator[Target]:
    for link in document.manifest.links:
        if link.role is not Role.GROUP and (uri := _uri(document, link.target)):
            yield Target(span=link.span, uri=uri)
    for dependency in document.manifest.dependencies:
        if dependency.link and (uri := _uri(document, dependency.link)):
            yield Target(span=dependency.written_span or dependency.name_span, uri=uri)


def _uri(document: Document, target: str) -> str | None:
    """The URI of an http(s) address or of a path from the document's folder."""
    if "://" in target:
        return web_link(target)
    path = path_from(document, target)
    return path.as_uri() if path is not None else None

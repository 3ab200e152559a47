"""textDocument/documentLink: what a manifest names that can be looked at.

Nothing is asked for their sake, so that none needs to be resolved later: where no page of a
package's registry is known, its homepage is the one that is known already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from lsprotocol import types

from registry_lsp.core.manifests import Role
from registry_lsp.core.packages import Found, Lookup, Missing, PackageId
from registry_lsp.core.text import Span, printable
from registry_lsp.features.markup import decent_link
from registry_lsp.net.addresses import host_of, web_link
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document
from registry_lsp.session.following import path_from
from registry_lsp.session.packages import PackageIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place of the text, the URI that it leads to, and what is there, for people."""

    span: Span
    uri: str
    tooltip: str


Known: TypeAlias = Callable[[PackageId], "Lookup | None"]
"""What is known of a package, without asking anybody."""


_KINDS = {Role.REQUIREMENTS: "requirements of", Role.CONSTRAINTS: "constraints of"}


def register(ls: RegistryServer) -> None:
    """Answer textDocument/documentLink."""

    @ls.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
    async def links(
        ls: RegistryServer, params: types.DocumentLinkParams
    ) -> list[types.DocumentLink] | None:
        document = await ls.document(params.text_document.uri)
        if document is None:
            return None
        packages = ls.session(params.text_document.uri).packages
        has_tooltips = _takes_tooltips(ls.client_capabilities)
        return [
            types.DocumentLink(
                range=client_range(document, each.span, ls.encoding),
                target=each.uri,
                tooltip=each.tooltip if has_tooltips else None,
            )
            for each in build(document, partial(known_of, packages))
        ]


def known_of(packages: PackageIndex, id: PackageId) -> Lookup | None:
    """What is known, in full; that there is no such package a brief question tells too."""
    brief = packages.peek(id)
    return brief if isinstance(brief, Missing) else packages.peek(id, full=True)


def build(document: Document, known: Known = lambda _: None) -> tuple[Target, ...]:
    """The links of *document*, in the order of the text, each place once: what a dependency leads
    to itself goes before its package's page.
    """
    found = {each.span: each for each in (*_pages(document, known), *_found(document))}
    return tuple(sorted(found.values(), key=lambda each: (each.span.start, each.span.end)))


def _found(document: Document) -> Iterator[Target]:
    for link in document.manifest.links:
        if link.role is not Role.GROUP and (uri := _uri(document, link.target)):
            kind = _KINDS.get(link.role)
            target = printable(link.target)
            yield Target(span=link.span, uri=uri, tooltip=f"{kind} {target}" if kind else target)
    for dependency in document.manifest.dependencies:
        if dependency.link and (uri := _uri(document, dependency.link)):
            span = dependency.written_span or dependency.name_span
            yield Target(span=span, uri=uri, tooltip=printable(dependency.link))


def _pages(document: Document, known: Known) -> Iterator[Target]:
    """The packages' pages in their registry, else their homepages; none of what is not there."""
    for dependency, id in zip(document.manifest.dependencies, document.ids, strict=True):
        lookup = known(id) if id is not None else None
        if id is None or isinstance(lookup, Missing):
            continue
        name = printable(dependency.display_name, 100)
        page = web_link(document.ecosystem.package_page(id, None))
        if page is not None:
            tooltip = f"{name} at {host_of(page)}"
            yield Target(span=dependency.name_span, uri=page, tooltip=tooltip)
        elif isinstance(lookup, Found) and lookup.package.metadata is not None:
            home = decent_link(lookup.package.metadata.homepage)
            if home is not None:
                yield Target(span=dependency.name_span, uri=home, tooltip=f"homepage of {name}")


def _takes_tooltips(client: types.ClientCapabilities) -> bool:
    text = client.text_document
    return bool(text is not None and text.document_link and text.document_link.tooltip_support)


def _uri(document: Document, target: str) -> str | None:
    """The URI of an http(s) address or of a path from the document's folder."""
    if "://" in target:
        return web_link(target)
    path = path_from(document, target)
    return path.as_uri() if path is not None else None

"""textDocument/documentSymbol: the sections of a manifest, and the dependencies in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from lsprotocol import types

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.text import Span, printable
from registry_lsp.features import wording
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A section or a dependency: all of it (``span``), and what it goes by within that
    (``selection``). ``section`` is the one that a dependency stands in.
    """

    name: str
    span: Span
    selection: Span
    detail: str = ""
    section: str = ""
    children: tuple[Symbol, ...] = ()
    is_section: bool = False


def register(ls: RegistryServer) -> None:
    """Answer textDocument/documentSymbol."""

    @ls.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def symbols(
        ls: RegistryServer, params: types.DocumentSymbolParams
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
        document = await ls.document(params.text_document.uri)
        if document is None:
            return None
        found = build(document)
        if _takes_trees(ls.client_capabilities):
            return [_tree(ls, document, each) for each in found]
        return [
            types.SymbolInformation(
                name=each.name,
                kind=_kind(each),
                container_name=each.section or None,
                location=types.Location(
                    document.snapshot.uri, client_range(document, each.span, ls.encoding)
                ),
            )
            for whole in found
            for each in (whole, *whole.children)
        ]


def build(document: Document) -> tuple[Symbol, ...]:
    """The sections of *document* that have a heading, with their dependencies, and the
    dependencies that stand in no such section; in the order of the text. A section that is
    written in several places is in each of them.
    """
    headings = document.manifest.headings
    starts: dict[str, list[int]] = {}
    for at, heading in enumerate(headings):
        starts.setdefault(heading.section, []).append(at)
    within: dict[int, list[Symbol]] = {at: [] for at in range(len(headings))}
    found: list[Symbol] = []
    for each in document.manifest.dependencies:
        symbol = _dependency(each)
        if symbol is None:
            continue
        its = starts.get(each.section)
        if its is None:
            found.append(symbol)
        else:
            before = bisect_right(its, each.span.start, key=lambda at: headings[at].span.start)
            within[its[max(before - 1, 0)]].append(symbol)
    for heading, some in zip(headings, within.values(), strict=True):
        section = Symbol(
            name=printable(heading.section),
            span=_hull((heading.span, *(each.span for each in some))),
            selection=heading.span,
            children=_ordered(some),
            is_section=True,
        )
        if some:
            found.append(section)
    return _ordered(found)


def _dependency(dependency: Dependency) -> Symbol | None:
    """None for one that has nothing to be called by yet."""
    shown = wording.shown(dependency.display_name) or wording.place(dependency)
    name = printable(shown, 200)
    if not name:
        return None
    place, named = dependency.span, dependency.name_span
    is_within = place.start <= named.start and named.end <= place.end
    return Symbol(
        name=name,
        span=place,
        selection=named if is_within else dependency.written_span or place,
        detail=_detail(dependency, shown),
        section=dependency.section,
    )


def _detail(dependency: Dependency, name: str) -> str:
    """What stands in the version's place, but for what the dependency goes by already."""
    written = wording.shown(dependency.written or dependency.specifier)
    return "" if written == name else printable(written, 200)


def _hull(spans: Iterable[Span]) -> Span:
    spans = tuple(spans)
    return Span(min(each.start for each in spans), max(each.end for each in spans))


def _ordered(symbols: list[Symbol]) -> tuple[Symbol, ...]:
    return tuple(sorted(symbols, key=lambda each: each.span))


def _tree(ls: RegistryServer, document: Document, symbol: Symbol) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=symbol.name,
        detail=symbol.detail or None,
        kind=_kind(symbol),
        range=client_range(document, symbol.span, ls.encoding),
        selection_range=client_range(document, symbol.selection, ls.encoding),
        children=[_tree(ls, document, each) for each in symbol.children] or None,
    )


def _kind(symbol: Symbol) -> types.SymbolKind:
    return types.SymbolKind.Namespace if symbol.is_section else types.SymbolKind.Package


def _takes_trees(client: types.ClientCapabilities) -> bool:
    text = client.text_document
    symbols = text.document_symbol if text is not None else None
    return bool(symbols and symbols.hierarchical_document_symbol_support)

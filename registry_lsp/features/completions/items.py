"""Offers as the client wants them: in the protocol's words, as far as it understands them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lsprotocol import types

from registry_lsp.features.completions.offers import Kind, Offer, Offers

_KINDS: Mapping[Kind, types.CompletionItemKind] = MappingProxyType(
    {
        Kind.VERSION: types.CompletionItemKind.Constant,
        Kind.RANGE: types.CompletionItemKind.Operator,
        Kind.TAG: types.CompletionItemKind.Reference,
        Kind.NAME: types.CompletionItemKind.Module,
        Kind.EXTRA: types.CompletionItemKind.Property,
        Kind.GROUP: types.CompletionItemKind.Reference,
        Kind.FILE: types.CompletionItemKind.File,
        Kind.KEY: types.CompletionItemKind.Keyword,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What the client understands of an item beside its text."""

    labels: bool = False
    """What stands beside a label in the list, and not below it."""
    tags: bool = False
    deprecated: bool = False
    markup: types.MarkupKind | None = None
    """How documentation is written; None for a client that takes a string only."""

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities) -> Abilities:
        """Those that a client has said to have."""
        text = capabilities.text_document
        completion = text.completion if text is not None else None
        item = completion.completion_item if completion is not None else None
        if item is None:
            return cls()
        kinds = item.tag_support.value_set if item.tag_support is not None else ()
        formats = item.documentation_format or ()
        return cls(
            labels=bool(item.label_details_support),
            tags=types.CompletionItemTag.Deprecated in kinds,
            deprecated=bool(item.deprecated_support),
            markup=formats[0] if formats else None,
        )


def listed(
    offers: Offers, range: types.Range, uri: str, abilities: Abilities
) -> types.CompletionList:
    """The list of *offers*, each of which replaces *range* in the document *uri*."""
    return types.CompletionList(
        is_incomplete=offers.is_incomplete,
        items=[
            _item(offer, place, range, uri, abilities) for place, offer in enumerate(offers.offers)
        ],
    )


def _item(
    offer: Offer, place: int, range: types.Range, uri: str, abilities: Abilities
) -> types.CompletionItem:
    item = types.CompletionItem(
        label=offer.label,
        kind=_KINDS[offer.kind],
        detail=", ".join(filter(None, (offer.step, offer.note))) or None,
        filter_text=offer.filter,
        sort_text=f"{place:05}",
        preselect=True if place == 0 and not offer.is_withdrawn else None,
        text_edit=types.TextEdit(range=range, new_text=offer.text),
    )
    if abilities.labels and (offer.step or offer.note):
        item.label_details = types.CompletionItemLabelDetails(
            detail=f" {offer.step}" if offer.step else None, description=offer.note or None
        )
    if offer.is_withdrawn:
        item.tags = [types.CompletionItemTag.Deprecated] if abilities.tags else None
        item.deprecated = True if abilities.deprecated and not abilities.tags else None
    if offer.about is not None:
        name, version = offer.about
        item.data = {"uri": uri, "name": name, "version": version}
    return item

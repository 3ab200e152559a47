"""Offers as the client wants them: in the protocol's words, as far as it understands them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lsprotocol import types

from registry_lsp.features.completions.offers import Kind, Offer, Offers

_KINDS: Mapping[Kind, int] = MappingProxyType(
    {
        Kind.VERSION: types.CompletionItemKind.Constant.value,
        Kind.RANGE: types.CompletionItemKind.Operator.value,
        Kind.TAG: types.CompletionItemKind.Reference.value,
        Kind.NAME: types.CompletionItemKind.Module.value,
        Kind.EXTRA: types.CompletionItemKind.Property.value,
        Kind.GROUP: types.CompletionItemKind.Reference.value,
        Kind.FILE: types.CompletionItemKind.File.value,
        Kind.KEY: types.CompletionItemKind.Keyword.value,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What the client understands of an item beside its text."""

    labels: bool = False
    """What stands beside a label in the list, and not below it."""
    tags: bool = False
    deprecated: bool = False
    shared_range: bool = False
    """One range for all items of a list, which need not name it then."""
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
        lists = completion.completion_list if completion is not None else None
        shared = (lists.item_defaults if lists is not None else None) or ()
        return cls(
            labels=bool(item.label_details_support),
            tags=types.CompletionItemTag.Deprecated in kinds,
            deprecated=bool(item.deprecated_support),
            shared_range="editRange" in shared,
            markup=formats[0] if formats else None,
        )


def listed(
    offers: Offers, range: Mapping[str, Any], uri: str, abilities: Abilities
) -> dict[str, Any]:
    """The list of *offers*, each of which replaces *range* in the document *uri*: a CompletionList
    in plain mappings, since hundreds of the protocol's objects take longer to be made plain than to
    be found.
    """
    defaults = {"itemDefaults": {"editRange": range}} if abilities.shared_range else {}
    return {
        "isIncomplete": offers.is_incomplete,
        **defaults,
        "items": [
            _item(offer, place, range, uri, abilities) for place, offer in enumerate(offers.offers)
        ],
    }


def _item(
    offer: Offer, place: int, range: Mapping[str, Any], uri: str, abilities: Abilities
) -> dict[str, Any]:
    """A CompletionItem (LSP 3.17, 'Completion Request')."""
    item: dict[str, Any] = {
        "label": offer.label,
        "kind": _KINDS[offer.kind],
        "filterText": offer.filter,
        "sortText": f"{place:05}",
    }
    if not abilities.shared_range:
        item["textEdit"] = {"range": range, "newText": offer.text}
    elif offer.text != offer.label:
        item["textEditText"] = offer.text
    if offer.step or offer.note:
        item["detail"] = ", ".join(filter(None, (offer.step, offer.note)))
        if abilities.labels:
            item["labelDetails"] = details = {}
            if offer.step:
                details["detail"] = f" {offer.step}"
            if offer.note:
                details["description"] = offer.note
    if place == 0 and not offer.is_withdrawn:
        item["preselect"] = True
    if offer.is_withdrawn and abilities.tags:
        item["tags"] = [types.CompletionItemTag.Deprecated.value]
    elif offer.is_withdrawn and abilities.deprecated:
        item["deprecated"] = True
    if offer.about is not None:
        name, version = offer.about
        item["data"] = {"uri": uri, "name": name, "version": version}
    return item

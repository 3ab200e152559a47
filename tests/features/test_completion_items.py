"""The plain form in which completions are sent is the protocol's own."""

from itertools import product

import pytest
from lsprotocol import converters, types

from registry_lsp.core.text import Span
from registry_lsp.features.completions.items import Abilities, listed
from registry_lsp.features.completions.offers import Kind, Offer, Offers

PLACE = {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 4}}
OFFERS = Offers(
    span=Span(2, 4),
    offers=(
        Offer(kind=Kind.VERSION, label="2.0", text="2.0", filter="2", step="major", note="new"),
        Offer(kind=Kind.VERSION, label="1.1", text="1.1", filter="1", note="3 days ago"),
        Offer(kind=Kind.RANGE, label="^1", text="^1", filter="^1", step="patch"),
        Offer(kind=Kind.KEY, label="extras", text="extras = []", filter="extras"),
        Offer(
            kind=Kind.VERSION,
            label="1.0",
            text="1.0",
            filter="1.0",
            note="yanked",
            is_withdrawn=True,
            about=("one", "1.0"),
        ),
        Offer(kind=Kind.NAME, label="one", text="one", filter="one", about=("one", None)),
    ),
    is_incomplete=True,
)
SWITCHES = tuple(product((True, False), repeat=4))


@pytest.mark.parametrize(("labels", "tags", "deprecated", "shared"), SWITCHES)
@pytest.mark.parametrize("at", range(len(OFFERS.offers)))
def test_what_is_sent_is_a_list_of_the_protocol_and_nothing_else(
    at, labels, tags, deprecated, shared
):
    abilities = Abilities(labels=labels, tags=tags, deprecated=deprecated, shared_range=shared)
    first = Offers(span=OFFERS.span, offers=OFFERS.offers[at:], is_incomplete=True)
    plain = listed(first, PLACE, "file:///package.json", abilities)
    converter = converters.get_converter()
    read = converter.structure(plain, types.CompletionList)
    assert converter.unstructure(read) == plain
    withdrawn = [each for each in read.items if each.label == "1.0"]
    for each in withdrawn:
        assert (each.tags is not None, bool(each.deprecated)) == (tags, deprecated and not tags)
    assert [each.preselect for each in read.items[1:]] == [None] * (len(read.items) - 1)
    assert bool(read.items[0].preselect) is (read.items[0].label != "1.0")


def test_who_shares_a_range_is_told_it_once_and_inserts_the_same():
    alone = listed(OFFERS, PLACE, "file:///package.json", Abilities())
    shared = listed(OFFERS, PLACE, "file:///package.json", Abilities(shared_range=True))
    assert shared.pop("itemDefaults") == {"editRange": PLACE}
    for each in shared["items"]:
        text = each.pop("textEditText", each["label"])
        each["textEdit"] = {"range": PLACE, "newText": text}
    assert shared == alone

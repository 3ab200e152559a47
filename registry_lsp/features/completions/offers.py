"""What is offered where somebody types, whatever it is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum

from registry_lsp.core.text import Span

MOST = 200
"""How many things of a kind are offered at once; typing on brings others. Twice as many take the
client's ten milliseconds, mostly to be written down.
"""


class Kind(Enum):
    """What an offer is."""

    VERSION = "version"
    RANGE = "range"
    """A whole specifier, with its operators."""
    TAG = "tag"
    """A dist-tag, or a protocol that stands in a version's place."""
    NAME = "name"
    EXTRA = "extra"
    GROUP = "group"
    FILE = "file"
    KEY = "key"
    """A section of the manifest, or a key of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One thing to choose.

    ``text`` is put in for the span of its :class:`Offers`; ``filter`` is what the client holds
    against what is typed there. ``step`` is what it would change, ``note`` what else is to be said
    of it, each short. ``about`` is the package and its version (or None) that its documentation is
    about.
    """

    kind: Kind
    label: str
    text: str
    filter: str
    step: str = ""
    note: str = ""
    is_withdrawn: bool = False
    about: tuple[str, str | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What there is to choose from, in its order, and the span that each of it replaces. Where it
    ``is_incomplete`` more typing may bring what is not among it.
    """

    span: Span
    offers: tuple[Offer, ...] = ()
    is_incomplete: bool = False


def together(text: str, several: Iterable[Offers]) -> Offers | None:
    """*several* of the same place of *text* as one, those of the first one first; None of none.

    Each gets the span that encloses them all: clients that rank all of a list by one prefix
    (Neovim) would otherwise replace too little.
    """
    some = [each for each in several if each.offers or each.is_incomplete]
    if not some:
        return None
    span = Span(min(each.span.start for each in some), max(each.span.end for each in some))
    return Offers(
        span=span,
        offers=tuple(offer for each in some for offer in _within(text, each, span)),
        is_incomplete=any(each.is_incomplete for each in some),
    )


def written(offers: Offers, write: Callable[[str], str | None]) -> Offers:
    """*offers* with what *write* makes of their texts, but for those of which it makes nothing."""
    some = ((each, write(each.text)) for each in offers.offers)
    made = (
        each if text == each.text else replace(each, text=text)
        for each, text in some
        if text is not None
    )
    return replace(offers, offers=tuple(made))


def _within(text: str, offers: Offers, span: Span) -> Iterable[Offer]:
    before = text[span.start : offers.span.start]
    behind = text[offers.span.end : span.end]
    if not before and not behind:
        return offers.offers
    return (
        replace(each, text=before + each.text + behind, filter=before + each.filter)
        for each in offers.offers
    )

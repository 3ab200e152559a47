"""Which actions there are at a place of a document, however a client is told of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType

from lsprotocol import types

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.text import Span, printable
from registry_lsp.features.actions.extras import unknown_extra_offers
from registry_lsp.features.actions.fallbacks import fallbacks
from registry_lsp.features.actions.offers import Offer, Step, ignore, offers, remove, rename
from registry_lsp.features.actions.unused import unused_offers
from registry_lsp.features.actions.whole import A_LOOK, Reach, promises, within
from registry_lsp.session.documents import Document
from registry_lsp.session.heeding import unused_ignores

QUICK_KIND = types.CodeActionKind.QuickFix.value
REWRITE_KIND = types.CodeActionKind.RefactorRewrite.value
FIX_KIND = "source.fixAll.registryLsp"
UPDATE_KIND = "source.updateAll.registryLsp"
KINDS = (QUICK_KIND, REWRITE_KIND, FIX_KIND, UPDATE_KIND)
"""The kinds of all actions, as the server declares them."""
MOST = 8
"""Dependencies, or ignores, in a selection for each of which actions are shown; nobody reads those
of more, and each takes milliseconds.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An action at a place. Of one dependency's the ``place`` is where its name begins, of an
    ignore's where that does; ``extent`` is all of it, and ``step`` is what the action does. Of one
    for a ``section`` (empty: the file) the steps are worked out later, as far as ``reach`` lets
    them go.
    """

    name: str
    title: str
    kind: str
    place: int | None = None
    extent: Span | None = None
    step: Step | None = None
    settles: frozenset[Code] = frozenset()
    is_preferred: bool = False
    reach: Reach | None = None
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a client asks for: actions of the kinds ``only`` (None: any), at ``spans`` or, where
    nothing stands there, ``beside`` them; it ``is_asked`` where a person has asked for them.
    """

    spans: tuple[Span, ...]
    beside: tuple[Span, ...] = ()
    only: tuple[str, ...] | None = None
    is_asked: bool = True

    def takes(self, kind: str) -> bool:
        """Whether actions of *kind* are asked for, by itself or by what it is a kind of."""
        if self.only is None:
            return True
        return any(not each or kind == each or kind.startswith(f"{each}.") for each in self.only)

    @property
    def names_sources(self) -> bool:
        """Whether it asks for what concerns whole files, and for that by name."""
        return self.only is not None and any(self.takes(each) for each in (FIX_KIND, UPDATE_KIND))


def looked_at(assessments: Sequence[Assessment], wish: Wish) -> list[Assessment]:
    """The dependencies that stand where *wish* asks."""
    here = [each for each in assessments if _is_at(each, wish.spans)]
    return here or [each for each in assessments if _is_at(each, wish.beside)]


def items(
    document: Document,
    assessments: Sequence[Assessment],
    wish: Wish,
    now: float,
    meant: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Iterator[Item]:
    """The actions of *document* that *wish* asks for; *now* is epoch seconds, and *meant* are by
    name those that may have been meant by it.
    """
    here = looked_at(assessments, wish)
    if wish.takes(QUICK_KIND):
        yield from of_ignores(document, assessments, (*wish.spans, *wish.beside))
    if wish.takes(QUICK_KIND) or wish.takes(REWRITE_KIND):
        yield from _of_some(document, here[:MOST], wish, now, meant)
    if wish.names_sources or (wish.only is None and wish.is_asked):
        yield from _of_many(document, assessments, here, wish, now)


def _of_some(
    document: Document,
    assessments: Sequence[Assessment],
    wish: Wish,
    now: float,
    meant: Mapping[str, Sequence[str]],
) -> Iterator[Item]:
    """The actions of each; what is the same for several of them, once. Where two would be called
    alike, their titles say in which sections they are.
    """
    found: dict[tuple[str, Step | None], tuple[str, Item]] = {}
    for assessment in assessments:
        names = meant.get(assessment.dependency.name, ())
        for each in of_one(document, assessment, now, names):
            if wish.takes(each.kind):
                found.setdefault((each.title, each.step), (assessment.dependency.section, each))
    titles = Counter(title for title, _ in found)
    sections = Counter((each.title, section) for section, each in found.values())
    for section, each in found.values():
        if titles[each.title] == 1:
            yield each
        elif section and sections[each.title, section] == 1:
            yield replace(each, title=f"{each.title}, in {printable(section, 80)}")
        else:
            line = document.lines.line_of(each.place or 0) + 1
            yield replace(each, title=f"{each.title}, in line {line}")


def of_ignores(
    document: Document, assessments: Sequence[Assessment], spans: Sequence[Span]
) -> Iterator[Item]:
    """The actions of the first ignores at *spans* that are of no use; *assessments* are all."""
    found = (each for each in unused_ignores(document, assessments) if _meets(each.span, spans))
    for unused in islice(found, MOST):
        for offer in unused_offers(
            unused, document.format, document.snapshot.text, document.written
        ):
            yield _item(offer, unused.span.start, unused.span)


def of_one(
    document: Document, assessment: Assessment, now: float, names: Sequence[str] = ()
) -> Iterator[Item]:
    """The actions of one dependency, whose name may have been meant to be one of *names*."""
    scheme = document.ecosystem.schemes[assessment.dependency.dialect]
    about = (assessment, document.format, document.snapshot.text, document.written)
    removed = remove(*about)
    given = [*offers(assessment, scheme, now)]
    given += fallbacks(assessment, scheme, now, is_open=not _is_any_preferred(given))
    is_open = not _is_any_preferred(given)
    for offer in (
        *rename(assessment, document.format, document.snapshot.text, names),
        *given,
        *unknown_extra_offers(*about, document.ecosystem.normalise, is_open=is_open),
        *((removed,) if removed is not None else ()),
        *ignore(*about),
    ):
        dependency = assessment.dependency
        yield _item(offer, dependency.name_span.start, dependency.span)


def _is_any_preferred(offers: Sequence[Offer]) -> bool:
    return any(each.is_preferred for each in offers)


def _item(offer: Offer, place: int, extent: Span) -> Item:
    return Item(
        name=offer.name,
        title=offer.title,
        kind=QUICK_KIND if offer.is_fix else REWRITE_KIND,
        place=place,
        extent=offer.extent or extent,
        step=offer.step,
        settles=offer.settles,
        is_preferred=offer.is_preferred,
    )


def _of_many(
    document: Document,
    assessments: Sequence[Assessment],
    here: Sequence[Assessment],
    wish: Wish,
    now: float,
) -> Iterator[Item]:
    """The actions of the sections that are looked at, and of the file."""
    schemes = document.ecosystem.schemes
    sections = dict.fromkeys(
        [each.dependency.section for each in here] + _headed(document, wish.spans)
    )
    places = [each for each in sections if each] if len(_sections(assessments)) > 1 else []
    most = None if wish.names_sources else A_LOOK
    for section in (*places, ""):
        some = within(assessments, section)
        for reach in Reach:
            if wish.takes(UPDATE_KIND) and promises(some, schemes, reach, now, most=most):
                yield _bulk(reach, section)
    # By another name it is in the menu already.
    if (
        wish.names_sources
        and wish.takes(FIX_KIND)
        and promises(assessments, schemes, Reach.SAFE, now, most=most)
    ):
        yield Item(
            name=FIX_KIND,
            title="Make all safe updates (registry-lsp)",
            kind=FIX_KIND,
            reach=Reach.SAFE,
        )


def _bulk(reach: Reach, section: str) -> Item:
    where = f"in {printable(section, 80)}" if section else "in this file"
    title = {
        Reach.SAFE: f"Update all {where} (safe)",
        Reach.ALL: f"Update all {where} (breaking ones too)",
        Reach.SECURE: f"Replace all that is vulnerable {where}",
    }[reach]
    return Item(
        name=f"{reach.value} {section}",
        title=title,
        kind=UPDATE_KIND,
        reach=reach,
        section=section,
    )


def _is_at(assessment: Assessment, spans: Sequence[Span]) -> bool:
    return _meets(assessment.dependency.span, spans)


def _meets(own: Span, spans: Sequence[Span]) -> bool:
    return any(own.start <= each.end and each.start <= own.end for each in spans)


def _headed(document: Document, spans: Sequence[Span]) -> list[str]:
    return [each.section for each in document.manifest.headings if _meets(each.span, spans)]


def _sections(assessments: Sequence[Assessment]) -> frozenset[str]:
    return frozenset(each.dependency.section for each in assessments)

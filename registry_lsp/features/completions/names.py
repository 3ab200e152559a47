"""The names that the one being typed may become. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from registry_lsp.core.manifests import Dependency, Manifest, Source
from registry_lsp.core.packages import SearchHit
from registry_lsp.core.text import Span, printable
from registry_lsp.features.completions.offers import Kind, Offer, Offers

MOST = 200
"""How many names are offered at once; typing on brings others."""
_LONGEST_NOTE = 100

_PLAIN = re.compile(r"[A-Za-z0-9@._~/-]{1,214}")
"""What may be written into a manifest: a registry's word is a stranger's."""
_TYPED = re.compile(r"[\w.@/~-]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A name that may be meant, and what is known of it. It ``is_told`` where its registry itself
    has named it, and so may be asked for it.
    """

    name: str
    note: str = ""
    is_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePlace:
    """Where a name is typed: the ``span`` that it has so far, what of it is ``typed`` before the
    cursor, and the ``dependency`` that it would be the name of; where it is no name yet (half a
    scope) the dependency has another that begins so. ``manifest`` is what the whole would say.
    ``written`` is how what is typed stands there, and ``is_alias`` says that the dependency goes
    by another name of its own.
    """

    span: Span
    typed: str
    written: str
    dependency: Dependency
    manifest: Manifest
    is_alias: bool = False


def typed_before(text: str, offset: int) -> str:
    """What could be the beginning of a name before *offset*."""
    found = _TYPED.search(text, text.rfind("\n", 0, offset) + 1, offset)
    return found[0] if found is not None else ""


def fill_of(typed: str) -> str:
    """What makes a name of what is *typed*."""
    last = typed[typed.rfind("@") :] if "@" in typed else typed
    if last == "@":
        return "x/x"
    if not last or last[-1] in "/-._~":
        return "x"
    return "/x" if last.startswith("@") and "/" not in last else ""


def place_in(
    manifest: Manifest, text: str, offset: int, fill: str, parse: Callable[[str], Manifest]
) -> NamePlace | None:
    """Where the name is that is typed at *offset* of *text*, which has *fill* typed there, and says
    *manifest*; None where no name is. *parse* says what another text would.
    """
    for dependency in manifest.dependencies:
        span, is_alias = dependency.name_span, False
        if not span.start <= offset <= span.end:
            real = dependency.real_span
            if real is None or not real.start <= offset <= real.end:
                continue
            span, is_alias = real, True
        elif not dependency.name and dependency.source is not Source.ALIAS:
            return None  # an address, or a path
        written = text[span.start : offset]
        typed = _meaning(dependency, text, span, offset, parse, is_alias=is_alias)
        if typed is None:
            return None
        return NamePlace(
            span=Span(span.start, span.end - len(fill)),
            typed=typed,
            written=written,
            dependency=dependency,
            manifest=manifest,
            is_alias=is_alias,
        )
    return None


def _meaning(
    dependency: Dependency,
    text: str,
    span: Span,
    offset: int,
    parse: Callable[[str], Manifest],
    *,
    is_alias: bool,
) -> str | None:
    """What the name at *span* means that ends at *offset*: with an escape in it that is what its
    format has of the text without the rest of it. None where it is no name, or ends in an escape.
    """
    raw = text[span.start : span.end]
    if "\\" not in raw:
        whole = dependency.name if is_alias else dependency.display_name
        is_said = raw == whole or (is_alias and not whole)
        return text[span.start : offset] if is_said else None
    if "\\" not in text[span.start : offset]:
        return text[span.start : offset]
    cut = parse(text[:offset] + text[span.end :])
    for each in cut.dependencies:
        start = each.real_span if is_alias else each.name_span
        if start is not None and start.start == span.start:
            typed = each.name if is_alias else each.display_name
            return typed if "\\" not in typed else None
    return None


def likeliest(
    place: NamePlace,
    normalise: Callable[[str], str],
    *,
    likely: Iterable[str],
    own: Iterable[str],
    hits: Iterable[SearchHit],
    listed: Iterable[str],
) -> tuple[Candidate, ...]:
    """What may be meant: what is *likely* to be among all that there is; of the project's *own*
    names those that begin as is typed; then the *hits* of a search, and what is *listed*; then the
    own ones that have it elsewhere in them.
    """
    start = normalise(place.typed)
    known = sorted(own)
    begun = [each for each in known if normalise(each).startswith(start)]
    within = [each for each in known if start and start in normalise(each)]
    first = [Candidate(name=each, is_told=True) for each in likely]
    found = (Candidate(name=each.name, note=each.summary or "", is_told=True) for each in hits)
    told = {each.name: each for each in found}
    told |= {each: Candidate(name=each, is_told=True) for each in listed if each not in told}
    mine = [told.get(each) or Candidate(name=each) for each in begun]
    return (*first, *mine, *told.values(), *(Candidate(name=each) for each in within))


def build(
    place: NamePlace,
    candidates: Iterable[Candidate],
    normalise: Callable[[str], str],
    *,
    is_whole: bool,
) -> Offers:
    """The *candidates*, but for those that stand in the section already. *is_whole* says that
    there are no others that begin as is typed.
    """
    own = place.dependency
    taken = {
        normalise(each.display_name)
        for each in place.manifest.dependencies
        if each.section == own.section and each.name_span != own.name_span
    }
    if place.is_alias:  # to have a package twice is what most of them are for
        taken = set()
    named: dict[str, Candidate] = {}
    for each in candidates:
        if normalise(each.name) not in taken and _PLAIN.fullmatch(each.name):
            named.setdefault(each.name, each)
    start = normalise(place.typed)
    offers = tuple(
        Offer(
            kind=Kind.NAME,
            label=each.name,
            text=each.name,
            # however it is spelled, the client finds in it what is typed
            filter=place.written + each.name[len(start) :]
            if each.name.startswith(start)
            else each.name,
            note=printable(each.note, _LONGEST_NOTE) if each.note else "",
            about=(each.name, None) if each.is_told else None,
        )
        for each in list(named.values())[:MOST]
    )
    return Offers(span=place.span, offers=offers, is_incomplete=not is_whole or len(named) > MOST)

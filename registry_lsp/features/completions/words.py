"""Words of a manifest's own, files and extras. Pure, but for the look into a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.sites import extra_at
from registry_lsp.core.text import Span
from registry_lsp.core.words import Sort, Words
from registry_lsp.features.completions.offers import MOST, Kind, Offer, Offers

_EXTRA = re.compile(r"[A-Za-z0-9._-]{1,100}")
_KINDS = {Sort.KEY: Kind.KEY, Sort.GROUP: Kind.GROUP, Sort.FILE: Kind.FILE}


def build(words: Words, entries: Iterable[str] = ()) -> Offers:
    """The offers of *words*; of files, the *entries* that were found."""
    kind = _KINDS[words.sort]
    offered = [*words.words, *entries]
    return Offers(span=words.span, offers=tuple(_plain(kind, each) for each in offered[:MOST]))


def files_in(path: Path, typed: str, takes: Callable[[Path], bool]) -> tuple[str, ...]:
    """What may follow ``-r`` in the file at *path*, where *typed* is there already: the other files
    of the folder that is named that *takes* says may be meant, and the folders in it, a slash
    behind them.
    """
    lead = typed[: typed.rfind("/") + 1]
    found = []
    try:
        with os.scandir(path.parent / lead) as entries:
            for each in entries:
                if each.name.startswith(".") or any(char.isspace() for char in each.name):
                    continue
                if each.is_dir():
                    found.append(f"{lead}{each.name}/")
                elif Path(each.path) != path and takes(Path(each.path)):
                    found.append(lead + each.name)
                if len(found) == MOST:
                    break
    except (OSError, ValueError):
        return ()
    return tuple(sorted(found, key=lambda each: (each.endswith("/"), each)))


def substitutes(
    dependency: Dependency, text: str, offset: int, known: Iterable[str]
) -> Offers | None:
    """What of *known* may stand in the place of the version of *dependency*, if what is typed
    there before *offset* is how it begins.
    """
    span = dependency.written_span or dependency.specifier_span
    if span is None or not span.touches(offset):
        return None
    typed = text[span.start : offset]
    begun = [each for each in known if each.startswith(typed)]
    return Offers(span=span, offers=tuple(_plain(Kind.TAG, each) for each in begun))


def extra_place(dependency: Dependency, text: str, offset: int) -> Span | None:
    """Where the extra of *dependency* is that is typed at *offset*."""
    if dependency.name_span.end > offset:
        return None
    known = (each for each in dependency.extra_spans if each.touches(offset))
    return next(known, None) or extra_at(dependency, text, offset)


def extras(
    span: Span, dependency: Dependency, text: str, provided: Iterable[str], version: str
) -> Offers:
    """The extras that *version* of the package has *provided*, but for those that are asked for."""
    own = text[span.start : span.end]
    taken = {each for each in dependency.extras if each != own}
    return Offers(
        span=span,
        offers=tuple(
            Offer(kind=Kind.EXTRA, label=each, text=each, filter=each, note=f"of {version}")
            for each in dict.fromkeys(provided)
            if each not in taken and _EXTRA.fullmatch(each)
        ),
    )


def _plain(kind: Kind, text: str) -> Offer:
    return Offer(kind=kind, label=text, text=text, filter=text)

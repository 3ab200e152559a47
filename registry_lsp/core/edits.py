"""What is to be written into a manifest in the place of what stands there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.text import Span

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTINUED = ("\\\r\n", "\\\n", "\\\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A replacement of the text under a span; ``stale`` are the hashes that it outdates."""

    span: Span
    text: str
    stale: tuple[Span, ...] = ()


def rewrite(dependency: Dependency, specifier: str) -> Edit | None:
    """The edit that gives *dependency* another specifier, None where it has no place for one.

    A tab or the like that was written with an escape becomes a blank: it may not stand there.
    """
    span = dependency.specifier_span
    if span is None:
        return None
    is_verbatim = span.end - span.start == len(dependency.specifier)
    text = specifier if is_verbatim else _CONTROL.sub(" ", specifier)
    stale = dependency.hashes if specifier != dependency.specifier else ()
    return Edit(span=span, text=text, stale=stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A part of a text that another takes the place of, for the sake of ``edit``."""

    span: Span
    text: str
    edit: Edit


def changes(text: str, edits: Iterable[Edit]) -> tuple[Change, ...]:
    """What *edits* come to in *text*, from its beginning to its end and each place once: of two
    that overlap the one that begins first is made, or else was named first.

    Hashes that an edit outdates go, with the gap before them and the line that they stood on.
    """
    wanted = []
    for edit in edits:
        wanted.append(Change(span=edit.span, text=edit.text, edit=edit))
        wanted += [Change(span=_with_gap(text, span), text="", edit=edit) for span in edit.stale]
    made: list[Change] = []
    for each in sorted(wanted, key=lambda each: each.span.start):
        last = made[-1].span if made else None
        if last is None or (each.span.start >= last.end and each.span != last):
            made.append(each)
    return tuple(made)


def _with_gap(text: str, span: Span) -> Span:
    """*span* with the blanks and the continued lines before it."""
    start = span.start
    while True:
        before = next((each for each in _CONTINUED if text.endswith(each, 0, start)), "")
        if start and text[start - 1] in " \t":
            start -= 1
        elif before:
            start -= len(before)
        else:
            return Span(start, span.end)

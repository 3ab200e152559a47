r"""Versions behind an escape: ``"\u003e=1"`` means ``>=1``, and is completed as that. Pure.

What is replaced, and what of it is typed, must stand there as it is meant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A ``text`` as it would be without an escape in the specifier of ``dependency``, and where in
    it the cursor at ``offset`` would stand, which stands ``ahead`` of that in the text as it is.
    """

    text: str
    dependency: Dependency
    offset: int
    ahead: int

    def span_in(self, text: str, span: Span) -> Span | None:
        """Where in the *text* as it is the *span* of this one stands, None where with an escape."""
        found = Span(span.start + self.ahead, span.end + self.ahead)
        return found if found.slice(text) == span.slice(self.text) else None


def plain(
    text: str, dependency: Dependency, offset: int, parse: Callable[[str], Manifest]
) -> Plain | None:
    """*text* without escapes in the specifier of *dependency*, in which the cursor stands at
    *offset*; None where there are none, or the cursor stands in one. What of the specifier stands
    before the cursor its format says (*parse*), of the text without the rest of it.
    """
    span, means = dependency.specifier_span, dependency.specifier
    if span is None or "\\" not in span.slice(text):
        return None
    if offset >= span.end:
        length = len(means) + offset - span.end
    else:
        cut = parse(text[:offset] + text[span.end :])
        begun = (e.specifier for e in cut.dependencies if e.name_span == dependency.name_span)
        before = text[span.start : offset]
        blanks = before[len(before.rstrip(" \t")) :]
        start = next(begun, "").rstrip(" \t") + blanks
        if "\\" in start or not means.startswith(start):
            return None
        length = len(start)
    return Plain(
        text=text[: span.start] + means + text[span.end :],
        dependency=replace(dependency, specifier_span=Span(span.start, span.start + len(means))),
        offset=span.start + length,
        ahead=offset - span.start - length,
    )

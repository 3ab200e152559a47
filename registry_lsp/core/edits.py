"""What is to be written into a manifest in the place of what stands there. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.text import Span

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


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

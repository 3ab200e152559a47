"""What stands at a place of a manifest, for all who are asked about a cursor. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry_lsp.core.manifests import Dependency, Heading, Manifest, Part
from registry_lsp.core.text import Span

_BLANKS = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What stands at a place of a manifest: a dependency, and the part of it."""

    dependency: Dependency
    part: Part
    span: Span


def site_at(manifest: Manifest, offset: int) -> Site | None:
    """What a cursor at the code-point *offset* stands on; the specifier wins a shared edge."""
    for dependency in manifest.dependencies:
        if not dependency.span.touches(offset):
            continue
        spans = (
            (Part.SPECIFIER, dependency.specifier_span),
            (Part.NAME, dependency.name_span),
            (Part.OTHER, dependency.written_span),
        )
        for part, span in spans:
            if span is not None and span.touches(offset):
                return Site(dependency=dependency, part=part, span=span)
        return Site(dependency=dependency, part=Part.OTHER, span=dependency.span)
    return None


def typed_at(manifest: Manifest, text: str, offset: int) -> Dependency | None:
    """The dependency whose specifier is typed by who types at the code-point *offset* of *text*:
    it ends there, or but for blanks, which belong to no dependency yet.
    """
    for dependency in manifest.dependencies:
        span = dependency.specifier_span
        if span is None or offset < span.start:
            continue
        if offset <= span.end or _BLANKS.fullmatch(text, span.end, offset):
            return dependency
    return None


def heading_at(manifest: Manifest, offset: int) -> Heading | None:
    """The heading that a cursor at the code-point *offset* stands on."""
    return next((each for each in manifest.headings if each.span.touches(offset)), None)

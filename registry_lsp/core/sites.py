"""What stands at a place of a manifest, for all who are asked about a cursor. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry_lsp.core.manifests import Dependency, Heading, Link, Manifest, Part, Role
from registry_lsp.core.text import Span

_BLANKS = re.compile(r"[ \t]*")
_EXTRAS = re.compile(r"[ \t]*\[([^\]\r\n\"'<>=!~;#]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What stands at a place of a manifest: a dependency, and the part of it; the ``extra`` where
    that is one.
    """

    dependency: Dependency
    part: Part
    span: Span
    extra: str = ""


def site_at(manifest: Manifest, offset: int) -> Site | None:
    """What a cursor at the code-point *offset* stands on; the specifier wins a shared edge."""
    for dependency in manifest.dependencies:
        if not dependency.span.touches(offset):
            continue
        for extra, place in zip(dependency.extras, dependency.extra_spans, strict=False):
            if place.touches(offset):
                return Site(dependency=dependency, part=Part.EXTRA, span=place, extra=extra)
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


def group_at(manifest: Manifest, offset: int) -> Link | None:
    """The inclusion of a group that a cursor at the code-point *offset* stands on."""
    groups = (each for each in manifest.links if each.role is Role.GROUP)
    return next((each for each in groups if each.span.touches(offset)), None)


def extra_at(dependency: Dependency, text: str, offset: int) -> Span | None:
    """Where the extra is that a cursor at the code-point *offset* stands on, in the brackets behind
    the dependency's name (PEP 508): empty where one would be typed, None beside the brackets.
    """
    found = _EXTRAS.match(text, dependency.name_span.end)
    if found is None or not Span(*found.span(1)).touches(offset):
        return None
    start = max(found.start(1), text.rfind(",", found.start(1), offset) + 1)
    end = text.find(",", offset, found.end(1))
    word = text[start : end if end >= 0 else found.end(1)]
    if not word.strip():
        return Span(offset, offset)
    start += len(word) - len(word.lstrip())
    span = Span(start, start + len(word.strip()))
    return span if span.touches(offset) else Span(offset, offset)

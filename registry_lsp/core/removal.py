"""A dependency, or a part of what is said of it, taken out of a manifest. Pure, and blind to
formats: what is left is read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from registry_lsp.core.edits import Edit
from registry_lsp.core.ignores import Unused
from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.text import Span

_BLANK = " \t"
_AFTER = re.compile(r"[ \t]*,?[ \t]*")
_COMMA_BEFORE = re.compile(r",[ \t\r\n]*\Z")
_REST_OF_LINE = re.compile(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|\Z)")
_BRACKET_BEFORE = re.compile(
    r"(?P<key>(?:\"extras\"|'extras'|\bextras)[ \t]*=[ \t]*)?(?P<bracket>[ \t]*\[\s*)\Z"
)
_BRACKET_AFTER = re.compile(r"[\s,]*\]")
_FAR = 4_000
"""Characters that are looked through for the comma before an entry."""


def removal(
    format: ManifestFormat, text: str, manifest: Manifest, dependency: Dependency
) -> Edit | None:
    """The edit that takes *dependency* out of *text*, which *manifest* was read from, and nothing
    else; None where it cannot be taken out without harm. A comment behind it goes with it.
    """
    left = _said(manifest, without=dependency)
    edits = (Edit(span=each, text="") for each in extents(text, _whole(text, dependency)))
    return _first(format, text, edits, lambda after: _said(after) == left)


def without_extra(
    format: ManifestFormat, text: str, manifest: Manifest, dependency: Dependency, at: int
) -> Edit | None:
    """The edit that takes the extra of *dependency* at *at*, of those whose places are known, out
    of *text*, which *manifest* was read from; None where it cannot be taken out without harm.
    """
    extras = (*dependency.extras[:at], *dependency.extras[at + 1 :])
    left = _said(
        replace(
            manifest,
            dependencies=tuple(
                replace(each, extras=extras) if each.name_span == dependency.name_span else each
                for each in manifest.dependencies
            ),
        )
    )
    whole = _quoted(text, dependency.extra_spans[at])
    edits = (Edit(span=each, text="") for each in _extra_extents(text, whole))
    return _first(format, text, edits, lambda after: _said(after) == left)


def _extra_extents(text: str, extra: Span) -> Iterator[Span]:
    """What could go with an extra: its brackets, and the key that they are the value of."""
    before = _BRACKET_BEFORE.search(text, max(0, extra.start - _FAR), extra.start)
    after = _BRACKET_AFTER.match(text, extra.end)
    if before is None or after is None:
        yield from extents(text, extra)
        return
    if before["key"]:
        yield from extents(text, Span(before.start("key"), after.end()))
    else:
        yield Span(before.start("bracket"), after.end())


def unignored(format: ManifestFormat, text: str, manifest: Manifest, unused: Unused) -> Edit | None:
    """The edit that takes *unused* out of *text*, which *manifest* was read from, and nothing else;
    None where it cannot be taken out without harm.
    """
    left, kept = _said(manifest), _ignored(manifest, without=unused.span)
    edits = format.ignoring.remove(text, manifest, unused)
    return _first(
        format, text, edits, lambda after: (_said(after), _ignored(after)) == (left, kept)
    )


def _first(
    format: ManifestFormat, text: str, edits: Iterable[Edit], is_right: Callable[[Manifest], bool]
) -> Edit | None:
    """The first of *edits* that leaves *text* well-formed, where it is, and its manifest right."""
    is_whole = format.fault(text) is None
    for edit in edits:
        after = text[: edit.span.start] + edit.text + text[edit.span.end :]
        is_sound = not is_whole or format.fault(after) is None
        if is_sound and is_right(format.parse(after)):
            return edit
    return None


def _ignored(manifest: Manifest, without: Span | None = None) -> list[object]:
    """What a manifest leaves unsaid, but for an ignore or a code at a span."""
    kept: list[object] = []
    for each in manifest.ignores:
        codes = None
        if each.codes is not None:
            codes = [code for code, span in each.codes if span != without]
        if each.span != without and (codes != [] or each.fault):
            kept.append((each.pattern, codes, each.fault))
    return kept


def _said(manifest: Manifest, without: Dependency | None = None) -> tuple[object, ...]:
    """What a manifest says, wherever it stands, but for one dependency."""
    dependencies = [
        (
            *(each.name, each.section, each.written, each.specifier, each.marker, each.extras),
            *(each.prereleases, len(each.hashes)),
        )
        for each in manifest.dependencies
        if without is None or each.name_span != without.name_span
    ]
    return (
        sorted(map(str, dependencies)),
        [each.url for each in manifest.indexes],
        [(each.target, each.role) for each in manifest.links if each.target],
        [each.reason for each in manifest.problems],
    )


def _whole(text: str, dependency: Dependency) -> Span:
    """All that is written of it, with its quotes."""
    start = dependency.span.start
    end = max(each.end for each in (dependency.span, *dependency.hashes))
    return _quoted(text, Span(start, end))


def _quoted(text: str, span: Span) -> Span:
    """*span* with the quotes around it, where there are any."""
    start, end = span
    quote = text[start - 1 : start]
    if quote in ('"', "'") and text[end : end + 1] == quote:
        return Span(start - 1, end + 1)
    return span


def extents(text: str, entry: Span) -> Iterator[Span]:
    """What could go with an entry so that nothing odd is left: its lines, the comma behind it, the
    one before it.
    """
    line = max(text.rfind("\n", 0, entry.start), text.rfind("\r", 0, entry.start)) + 1
    rest = _REST_OF_LINE.match(text, entry.end)
    comma = _COMMA_BEFORE.search(text, max(0, entry.start - _FAR), entry.start)
    after = _AFTER.match(text, entry.end)
    behind = after.end() if after is not None else entry.end
    if comma is not None and "," not in text[entry.end : behind]:
        yield Span(comma.start(), entry.end)  # it is the last
    if rest is not None and not text[line : entry.start].strip(_BLANK):
        yield Span(line, rest.end())
    yield Span(entry.start, behind)
    yield entry

"""Comments that say which findings are not to be told: ``# registry-lsp: ignore[code] reason``.

What stands behind ``registry-lsp:`` and is no ``ignore`` is told of, as nobody reads it. One that
stands behind something is about its own line, one that stands alone about the next line
with something on it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache

from registry_lsp.core.edits import Edit
from registry_lsp.core.ignores import IGNORE, Ignoring, Unused, unread
from registry_lsp.core.manifests import Dependency, Ignore, Manifest
from registry_lsp.core.text import Span
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode

_MARK = "registry-lsp:"
_REMARK = re.compile(
    rf"#[ \t]*{_MARK}[ \t]*(?P<word>[\w-]{{0,60}})"
    r"(?P<list>[ \t]*\[(?P<codes>[^\]\r\n]*)(?P<close>\])?)?"
    r"(?P<reason>(?:(?![ \t]#[ \t]*[^\W\d])[^\r\n])*)"
)
"""It ends where another comment begins; ``#12`` in a reason is none."""
_CODE = re.compile(r"[^\s,](?:[^,]*[^\s,])?")
_LINE = re.compile(r"[^\r\n]+")
_LINE_END = re.compile(r"\r\n|\n|\r")
_COMMA_BEFORE = re.compile(r"[ \t]*,[ \t]*\Z")
_COMMA_AFTER = re.compile(r"[ \t]*,[ \t]*")
_EMPTY = re.compile(r"[ \t\f\v]*(?:#[^\r\n]*)?")
_UNCLOSED = "the codes need a closing bracket"
_NO_CODES = "it names no code between its brackets"


def remarks(text: str, is_comment: Callable[[int], bool] = lambda _: True) -> tuple[Ignore, ...]:
    """What the comments of *text* leave unsaid. *is_comment* tells whether a number sign at an
    offset begins a comment, where one need not.
    """
    if _MARK not in text:
        return ()
    found: list[Ignore] = []
    for each in _REMARK.finditer(text):
        if is_comment(each.start()):
            # Of several in a row all are about the same line, or about none: nothing follows.
            before = found[-1].extent if found else Span(0, 0)
            is_same = before is None or before.start > each.start()
            extent = before if is_same else _extent(text, each.start())
            found.append(_ignore(each, extent))
    return tuple(found)


class Remarks:
    """Comments, as the way to say in a manifest what is to be left unsaid."""

    def add(
        self, text: str, manifest: Manifest, dependency: Dependency, code: str
    ) -> Ignoring | None:
        """The edit that adds a comment about *dependency*, or *code* to the one that is there; None
        where a comment would not be read as one.
        """
        end = max(each.end for each in (dependency.span, *dependency.hashes))
        for each in manifest.ignores:
            extent = each.extent
            if extent is None or not (extent.start <= end and dependency.span.start <= extent.end):
                continue
            if each.fault:
                return None
            if each.codes:
                place = each.codes[-1][1].end
                edit = Edit(span=Span(place, place), text=f", {code}")
                return Ignoring(edit=edit, is_shared=_is_shared(manifest, dependency, extent))
        line = _line(text, end)
        written = text[end : line.end].rstrip()
        others = (each.span for each in manifest.dependencies)
        if written.endswith("\\") or any(each.start < line.end < each.end for each in others):
            return None  # what follows a comment does not continue a line
        edit = Edit(span=Span(end + len(written), line.end), text=f"  # {_MARK} ignore[{code}]")
        return Ignoring(edit=edit, is_shared=_is_shared(manifest, dependency, line))

    def remove(self, text: str, manifest: Manifest, unused: Unused) -> Iterator[Edit]:
        """The edits that take *unused* away: a code with its comma, or a comment with the blanks
        before it, with its line where it stands alone.
        """
        for each in manifest.ignores:
            codes = each.codes or ()
            is_one_of_many = len(codes) > 1 and any(span == unused.span for _, span in codes)
            if each.span == unused.span or (len(codes) == 1 and codes[0][1] == unused.span):
                yield Edit(span=_with_blanks(text, each.span), text="")
            elif is_one_of_many:
                start, end = unused.span
                before = _COMMA_BEFORE.search(text, each.span.start, start)
                after = _COMMA_AFTER.match(text, end)
                if before is not None:
                    yield Edit(span=Span(before.start(), end), text="")
                elif after is not None:
                    yield Edit(span=Span(start, after.end()), text="")


REMARKS = Remarks()


def _is_shared(manifest: Manifest, dependency: Dependency, extent: Span) -> bool:
    """Whether another dependency than *dependency* stands in *extent*."""
    return any(
        span.start <= extent.end and extent.start <= span.end
        for other in manifest.dependencies
        if other.name_span != dependency.name_span
        for span in (other.span, *other.hashes)
    )


def _with_blanks(text: str, comment: Span) -> Span:
    """*comment* with what goes with it."""
    line = _line(text, comment.start)
    behind = text[comment.end : line.end]
    if behind.strip():  # another comment
        return Span(comment.start, line.end - len(behind.lstrip()))
    before = text[line.start : comment.start]
    if before.strip(" \t#"):
        return Span(line.start + len(before.rstrip()), line.end)
    end = _LINE_END.match(text, line.end)
    return Span(line.start, end.end() if end is not None else line.end)


def _line(text: str, at: int) -> Span:
    """The line that *at* lies in, without its end."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    rest = _LINE.match(text, at)
    return Span(start, rest.end() if rest is not None else at)


def outside(tree: Callable[[str], Node | None], text: str) -> Callable[[int], bool]:
    """Whether an offset of *text* lies in none of the strings of its *tree*, which is scanned when
    it is first asked.
    """

    @lru_cache(maxsize=1)
    def extents() -> tuple[list[int], list[int]]:
        node = tree(text)
        spans = sorted(_strings(node)) if node is not None else []
        return [each.start for each in spans], [each.end for each in spans]

    def is_outside(offset: int) -> bool:
        starts, ends = extents()
        before = bisect_right(starts, offset)
        return not before or offset >= ends[before - 1]

    return is_outside


def _ignore(found: re.Match[str], extent: Span | None) -> Ignore:
    text = found.string
    span = Span(found.start(), found.start() + len(found[0].rstrip()))
    if found["word"] != IGNORE:
        return unread(span, found["word"], Span(*found.span("word")), extent=extent)
    reason = found["reason"].strip(" \t:-")
    if found["list"] is None:
        return Ignore(span=span, extent=extent, reason=reason)
    start, end = found.span("codes")
    codes = tuple((each[0], Span(*each.span())) for each in _CODE.finditer(text, start, end))
    fault = _UNCLOSED if found["close"] is None else "" if codes else _NO_CODES
    return Ignore(span=span, extent=extent, codes=codes, fault=fault, reason=reason)


def _extent(text: str, at: int) -> Span | None:
    """The line that a comment at *at* is about, None where there is none."""
    own = _line(text, at)
    if text[own.start : at].strip(" \t#"):
        return own
    lines = (each for each in _LINE.finditer(text, own.end))
    following = (each for each in lines if _EMPTY.fullmatch(each[0]) is None)
    return next((Span(*each.span()) for each in following), None)


def _strings(node: Node) -> Iterator[Span]:
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, StringNode):
            yield each.span
        elif isinstance(each, ArrayNode):
            waiting += each.items
        elif isinstance(each, TableNode):
            waiting += (value for _, value in each.members if value is not None)

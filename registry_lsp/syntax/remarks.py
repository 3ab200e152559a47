"""Comments that say which findings are not to be told: ``# registry-lsp: ignore[code] reason``.

One that stands behind something is about its own line, one that stands alone about the next line
with something on it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache

from registry_lsp.core.edits import Edit
from registry_lsp.core.manifests import Dependency, Ignore, Manifest
from registry_lsp.core.text import Span
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode

_MARK = "registry-lsp:"
_REMARK = re.compile(
    rf"#[ \t]*{_MARK}[ \t]*ignore(?![\w-])(?P<list>[ \t]*\[(?P<codes>[^\]\r\n]*)(?P<close>\])?)?"
    r"[^\r\n]*"
)
_CODE = re.compile(r"[^\s,](?:[^,]*[^\s,])?")
_LINE = re.compile(r"[^\r\n]+")
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


def remark(text: str, manifest: Manifest, dependency: Dependency, code: str) -> Edit | None:
    """The edit that adds a comment about *dependency*, or *code* to the one that is there; None
    where others stand in its line.
    """
    end = max(each.end for each in (dependency.span, *dependency.hashes))
    at = dependency.span.start
    first = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    line = _LINE.match(text, end)
    eol = line.end() if line is not None else end
    for other in manifest.dependencies:
        is_itself = other.name_span == dependency.name_span
        if not is_itself and other.span.start <= eol and first <= other.span.end:
            return None
    for each in manifest.ignores:
        extent = each.extent
        if extent is None or each.fault or not each.codes:
            continue
        if extent.start <= end and at <= extent.end:
            place = each.codes[-1][1].end
            return Edit(span=Span(place, place), text=f", {code}")
    written = text[end:eol].rstrip()
    if written.endswith("\\"):
        return None  # what follows a comment does not continue a line
    place = end + len(written)
    return Edit(span=Span(place, eol), text=f"  # {_MARK} ignore[{code}]")


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
    if found["list"] is None:
        return Ignore(span=span, extent=extent)
    start, end = found.span("codes")
    codes = tuple((each[0], Span(*each.span())) for each in _CODE.finditer(text, start, end))
    fault = _UNCLOSED if found["close"] is None else "" if codes else _NO_CODES
    return Ignore(span=span, extent=extent, codes=codes, fault=fault)


def _extent(text: str, at: int) -> Span | None:
    """The line that a comment at *at* is about, None where there is none."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    own = _LINE.match(text, start)
    if own is None or text[start:at].strip(" \t#"):
        return Span(start, own.end() if own else at)
    lines = (each for each in _LINE.finditer(text, own.end()))
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

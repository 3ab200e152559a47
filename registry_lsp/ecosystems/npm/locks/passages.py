"""Where the entries of npm's lock files stand in their texts. Pure.

No file is read anew for it, which takes long with large ones: an entry is known by the line that
begins it, as the package managers write them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterator

from registry_lsp.core.pointers import Find, Passage, line_end
from registry_lsp.core.text import Span


def member(*keys: str, opening: str) -> Find:
    """Finds the member of an object in JSON that has the first of *keys* that is there, and whose
    value begins with *opening*, a bracket. Of several the one that is indented least is meant.
    """

    def find(text: str) -> Iterator[Passage]:
        for key in keys:
            name = re.escape(json.dumps(key, ensure_ascii=False))
            pattern = re.compile(rf"(?:^([ \t]*)|)({name})[ \t]*:[ \t]*{re.escape(opening)}", re.M)
            found = min(pattern.finditer(text), key=_depth, default=None)
            if found is not None:
                end = _end_of(text, found, "}" if opening == "{" else "]")
                name_span = Span(found.start(2) + 1, found.end(2) - 1)
                yield Passage(Span(found.start(2), end), name_span)
                return

    return find


def line_entry(key: str, keys_of: Callable[[str], Container[str]]) -> Find:
    """Finds the entry that begins with an unindented line which has *key* among its keys, as
    *keys_of* reads them there; it ends with an empty line.
    """

    def find(text: str) -> Iterator[Passage]:
        at = text.find(key)
        while at >= 0:
            start, end = text.rfind("\n", 0, at) + 1, line_end(text, at)
            line = text[start:end]
            if line[:1] not in {" ", "#"} and key in keys_of(line):
                empty = re.compile(r"\r?\n[ \t]*\r?\n").search(text, end)
                stop = empty.start() if empty is not None else len(text.rstrip())
                yield Passage(Span(start, stop), Span(at, at + len(key)))
                return
            at = text.find(key, end)

    return find


def locator(name: str, version: str) -> Find:
    """Finds the package *name* of a *version* under ``packages`` of a ``pnpm-lock.yaml``: it is
    ``/name/1.0.0`` in format 5, ``/name@1.0.0`` in 6 and ``name@1.0.0`` in 9, perhaps behind a
    registry's host or prefix, and what fills its peers may follow.
    """
    key = (
        rf"(?:[^/@\s]+\.[^/@\s]+(?=/))?/?{re.escape(name)}[/@](?:[a-z][\w-]*:)?{re.escape(version)}"
    )
    entry = re.compile(rf"^  (['\"]?)({key})(?=[_('\":])[^\n]*$(?:\r?\n(?: {{3}}[^\n]*)?$)*", re.M)

    def find(text: str) -> Iterator[Passage]:
        packages = re.compile(r"^packages:", re.M).search(text)
        found = entry.search(text, packages.end()) if packages is not None else None
        if found is not None:
            end = found.start() + len(found[0].rstrip())
            yield Passage(Span(found.start(1), end), Span(*found.span(2)))

    return find


def _depth(found: re.Match[str]) -> tuple[bool, int]:
    """How far the member is from the outermost: what begins no line is the farthest."""
    return found[1] is None, len(found[1] or "")


def _end_of(text: str, found: re.Match[str], closing: str) -> int:
    """Where the value of a member ends, on its own line or before its closing bracket's end."""
    end = line_end(text, found.end())
    if text[found.end() : end].strip() or found[1] is None:
        return end
    close = re.compile(rf"^{found[1]}{re.escape(closing)}", re.M).search(text, end)
    return close.end() if close is not None else end

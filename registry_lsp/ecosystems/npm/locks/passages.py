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

_DEEPEST = 200
"""How far anything is indented."""


def member(*keys: str, opening: str) -> Find:
    """Finds the member of an object in JSON that has the first of *keys* that is there, and whose
    value begins with *opening*, a bracket. Of several the one that is indented least is meant.
    """
    follows = re.compile(rf"[ \t]*:[ \t]*{re.escape(opening)}")
    closing = "}" if opening == "{" else "]"

    def find(text: str) -> Iterator[Passage]:
        for key in keys:
            name = json.dumps(key, ensure_ascii=False)
            places = (at for at in _places(text, name) if follows.match(text, at + len(name)))
            at = min(places, key=lambda at: _depth(text, at), default=None)
            if at is not None:
                end = _end_of(text, at, closing)
                yield Passage(Span(at, end), Span(at + 1, at + len(name) - 1))
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


def _places(text: str, part: str) -> Iterator[int]:
    """Where *part* stands in *text*: much faster than by an expression, beside which no other
    thread runs.
    """
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _depth(text: str, at: int) -> int:
    """How far what stands at *at* is indented; what begins no line is the farthest."""
    margin = text[max(0, at - _DEEPEST) : at].rpartition("\n")
    is_first = bool(margin[1]) or at < _DEEPEST
    return _DEEPEST if margin[2].strip(" \t") or not is_first else len(margin[2])


def _end_of(text: str, at: int, closing: str) -> int:
    """Where the member ends that begins at *at*: with its line, or with its *closing* bracket."""
    end = line_end(text, at)
    depth = _depth(text, at)
    if depth == _DEEPEST or text[end - 1 : end] not in {"{", "["}:
        return end
    margin = re.escape(text[at - depth : at])
    close = re.compile(rf"^{margin}{re.escape(closing)}", re.MULTILINE).search(text, end)
    return close.end() if close is not None else end

"""The list of all projects of an index (*Simple repository API*, PEP 503 and 691). Pure.

The public index's is some 40 MB of JSON: it is read in pieces, so that whoever shares the
interpreter waits a few milliseconds and not a second, and the process ends at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from registry_lsp.core.names import NameList
from registry_lsp.core.ports.http import Response
from registry_lsp.core.threads import check_wanted
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.net.decoding import GarbageError

_PIECE = 64 * 1024
"""Bytes that are looked through at once: some thousand names, and a millisecond."""
_JSON_NAME = re.compile(
    rb'"name"\s{0,8}:\s{0,8}"([A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?)"'
)
_PROJECTS = re.compile(rb'"projects"\s*:\s*\[')
_ANCHOR = re.compile(
    rb"<a\s[^<>]{0,500}?href\s*=\s*[\"']?([^\"'\s<>]{1,500})[^<>]{0,500}>\s*([^<>]{1,200}?)\s*</a>",
    re.IGNORECASE,
)


def read_names(answer: Response) -> NameList:
    """The normalised names. Raises GarbageError where the answer is no list of projects."""
    body = answer.body
    is_json = body[:64].lstrip()[:1] == b"{"
    start = _PROJECTS.search(body) if is_json else None
    if is_json and start is None:
        raise GarbageError("a list of projects has projects")
    if start is not None:
        return NameList.gathered(_from_json(body, start.end()))
    found = NameList.of(normalise(each) for each in _from_html(body) if is_valid_name(each))
    if found == NameList.of(()) and b"<" not in body[:64]:
        raise GarbageError("neither JSON nor HTML")
    return found


def _from_json(body: bytes, start: int) -> Iterator[list[bytes]]:
    """The normalised names of each piece. A piece ends with an entry, or is twice as long."""
    while start < len(body):
        check_wanted()
        most = start + 2 * _PIECE
        end = body.find(b"}", start + _PIECE, most) + 1 or most
        found = _JSON_NAME.findall(body, start, end)
        # Together they are normalised ten times as fast: no name has a line feed in it.
        yield normalise(b"\n".join(found).decode("ascii")).encode("ascii").split(b"\n")
        start = end


def _from_html(body: bytes) -> Iterator[str]:
    """The texts of the anchors that lead to a page of that name."""
    for found in _ANCHOR.finditer(body):
        check_wanted()
        name = found[2].decode("utf-8", "replace")
        address = unquote(found[1].decode("utf-8", "replace")).partition("#")[0].rstrip("/")
        if normalise(address.rpartition("/")[2]) == normalise(name):
            yield name

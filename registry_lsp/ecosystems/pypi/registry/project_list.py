"""The list of all projects of an index (*Simple repository API*, PEP 503 and 691). Pure.

The public index's is some 40 MB of JSON: it is read name by name, so that whoever shares the
interpreter waits a few milliseconds and not a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from registry_lsp.core.names import NameList
from registry_lsp.core.ports.http import Response
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.net.decoding import GarbageError

_JSON_NAME = re.compile(rb'"name"\s*:\s*"([^"\\]{1,200})"')
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
    names = _from_json(body, start.end()) if start is not None else _from_html(body)
    found = NameList.of(normalise(each) for each in names if is_valid_name(each))
    if not is_json and found == NameList.of(()) and b"<" not in body[:64]:
        raise GarbageError("neither JSON nor HTML")
    return found


def _from_json(body: bytes, start: int) -> Iterator[str]:
    for found in _JSON_NAME.finditer(body, start):
        yield found[1].decode("utf-8", "replace")


def _from_html(body: bytes) -> Iterator[str]:
    """The texts of the anchors that lead to a page of that name."""
    for found in _ANCHOR.finditer(body):
        name = found[2].decode("utf-8", "replace")
        address = unquote(found[1].decode("utf-8", "replace")).partition("#")[0].rstrip("/")
        if normalise(address.rpartition("/")[2]) == normalise(name):
            yield name

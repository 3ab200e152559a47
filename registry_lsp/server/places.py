"""The border between code points and client positions, and between paths and URIs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.uris import to_fs_path

from registry_lsp.core.text import Encoding, LineIndex, Span

if TYPE_CHECKING:
    from registry_lsp.session.documents import Document


def path_of(uri: str) -> PurePath:
    """The path of a document; a relative one, of no folder here, where it is no file.

    A path behind another scheme without a host (``git:``, ``untitled:``) is that of a file all
    the same: what an editor shows of the file's past, or will save there, has the registries of
    its project, and its private names are not for the others.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:  # half an IPv6 address
        return PurePath()
    if parts.scheme and not parts.netloc and parts.path.startswith("/"):
        uri = f"file://{parts.path}"
    path = to_fs_path(uri)
    return PurePath(path if path is not None else unquote(parts.path).lstrip("/"))


def placed(uri: str, folders: Iterable[str]) -> PurePath:
    """The path of a document in a workspace of *folders*. What lies nowhere yet lies in the first
    of them: its editor would save it there, and in the meantime the private names of that project
    are not for others.
    """
    path = path_of(uri)
    if path.is_absolute() or not path.name:
        return path
    roots = (root for root in map(path_of, folders) if root.is_absolute())
    return next((root / path.name for root in roots), path)


def is_nameless(uri: str) -> bool:
    """Whether the document of *uri* has no name yet that says what it is: ``untitled:Untitled-1``
    of VS Code, ``buffer:3`` of Sublime Text, ``file://`` of Neovim.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    name = unquote(parts.path)
    return bool(parts.scheme) and not (parts.netloc or set("/\\.") & set(name))


def client_range(document: Document, span: Span, encoding: Encoding) -> types.Range:
    """A span as the client sees it."""
    return range_in(document.lines, span, encoding)


def range_in(lines: LineIndex, span: Span, encoding: Encoding) -> types.Range:
    """A span of the text of these *lines* as the client sees it."""
    start, end = lines.position(span.start, encoding), lines.position(span.end, encoding)
    return types.Range(start=types.Position(*start), end=types.Position(*end))

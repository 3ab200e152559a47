"""Going where a manifest points: to the passages of other files, as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path, PurePath

from registry_lsp.core.pointers import Passage, Pointer
from registry_lsp.core.text import LineIndex, Snapshot
from registry_lsp.core.threads import in_thread
from registry_lsp.session.documents import Document
from registry_lsp.session.files import FileStore, Sight

MOST = 2000
"""Passages that anybody looks through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A passage of the document ``uri``, whose text has these ``lines``."""

    uri: str
    lines: LineIndex
    passage: Passage


async def follow(
    document: Document, pointers: Iterable[Pointer], beside: Iterable[Document] = ()
) -> tuple[Destination, ...]:
    """The passages that the *pointers* of *document* lead to, each once and :data:`MOST` at most.

    Those *beside* it are open too: what an editor shows counts, and not what lies on the disk; what
    is saved nowhere yet only where nothing is open that is. What is not there, or is no text, is
    left out.
    """
    others = sorted(beside, key=lambda each: each.snapshot.uri.startswith("file:"))
    texts = {each.path: each.snapshot for each in (*others, document)}
    return await in_thread(_follow, document, tuple(pointers), texts)


def path_from(document: Document, target: str) -> PurePath | None:
    """The path that *target*, one from the document's folder, leads to; None where to none."""
    if not document.path.is_absolute() or "\0" in target:
        return None
    path = document.path.parent / target
    path = type(path)(normpath(path))
    try:
        path.as_uri()
    except ValueError:  # a lone surrogate, or a drive without a path
        return None
    return path


def _follow(
    document: Document, pointers: tuple[Pointer, ...], texts: dict[PurePath, Snapshot]
) -> tuple[Destination, ...]:
    found: dict[tuple[str, Passage], Destination] = {}
    for pointer in pointers:
        for each in _passages(document, pointer, texts):
            found.setdefault((each.uri, each.passage), each)
            if len(found) == MOST:
                return tuple(found.values())
    return tuple(found.values())


def _passages(
    document: Document, pointer: Pointer, texts: dict[PurePath, Snapshot]
) -> Iterator[Destination]:
    path = path_from(document, pointer.path) if pointer.path else document.path
    if path is None:
        return
    snapshot = texts.get(path)
    if snapshot is not None:
        uri, text = snapshot.uri, snapshot.text
    else:
        read = Sight(FileStore(), document.path).read(Path(path), _decode)
        if read is None:
            return
        uri, text = path.as_uri(), read
    lines = None
    for passage in pointer.find(text):
        lines = lines or LineIndex(text)
        yield Destination(uri=uri, lines=lines, passage=passage)


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8-sig")

"""Direct references: addresses, version control and paths in place of a project's name.

Which of these a text is follows pip's rules, as far as they go without the file system.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from registry_lsp.core.manifests import Source
from registry_lsp.core.text import Span

_SCHEME = re.compile(r"(?:(?P<vcs>git|hg|svn|bzr)\+[a-z-]+|https?|ftp|file):", re.IGNORECASE)
_EGG = re.compile(
    r"[#&]egg=(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?![^&\[])(?:\[(?P<extras>[^\]]*)\])?"
)
_EXTRAS_AT_END = re.compile(r"\[(?P<extras>[^\[\]]+)\]\Z")
_ARCHIVES = (
    *(".whl", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz"),
    *(".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"),
)
_SLASHES = re.compile(r"[/\\]")
_MAX_FILE_NAME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """A direct reference. ``name`` is empty, and ``name_span`` that of all of it, where it names
    no project. ``complaint`` is a sentence that says why pip refuses it.
    """

    source: Source
    target: str
    name: str
    name_span: Span
    extras: tuple[str, ...] = ()
    complaint: str | None = None


def is_url(text: str) -> bool:
    """Whether *text* begins with a scheme that pip installs from."""
    return _SCHEME.match(text) is not None


def is_path(text: str) -> bool:
    """Whether *text*, a requirement with or without a marker, is the path of a folder or of an
    archive. ``name @ address`` is none.
    """
    left, at, _ = text.partition("@")
    if at:
        return _has_path_marks(left)
    path = text.partition(";")[0].rstrip()
    return _has_path_marks(path) or _is_archive(path)


def source_of(url: str) -> Source:
    """Where an address leads."""
    found = _SCHEME.match(url)
    if found is None or url[:5].lower() == "file:":
        return Source.PATH
    return Source.GIT if (found["vcs"] or "").lower() == "git" else Source.URL


def read_direct(text: str, start: int, end: int) -> Direct:
    """The address or path that ``text[start:end]`` is, without a marker."""
    target = text[start:end]
    source = source_of(target)
    whole = Span(start, end)
    egg = _EGG.search(text, start, end)
    if egg is not None:
        return Direct(
            source=source,
            target=target,
            name=egg["name"],
            name_span=Span(*egg.span("name")),
            extras=_names(egg["extras"] or ""),
        )
    extras: tuple[str, ...] = ()
    path_end = end
    if source is Source.PATH:
        found = _EXTRAS_AT_END.search(text, start, end)
        if found is not None:
            extras, path_end = _names(found["extras"]), found.start()
    wheel = _wheel(text, start, path_end)
    name, name_span, complaint = wheel or ("", whole, None)
    return Direct(
        source=source,
        target=target,
        name=name,
        name_span=name_span,
        extras=extras,
        complaint=complaint,
    )


def _has_path_marks(text: str) -> bool:
    return text[:1] == "." or "/" in text or "\\" in text


def _is_archive(path: str) -> bool:
    if path[-1:] == "]":
        path = path[: path.rfind("[")].rstrip()
    return path.lower().endswith(_ARCHIVES)


def _names(extras: str) -> tuple[str, ...]:
    return tuple(name for each in extras.split(",") if (name := each.strip()))


def _wheel(text: str, start: int, end: int) -> tuple[str, Span, str | None] | None:
    """Name, its span and the complaint of a wheel's file name; None where it is no wheel."""
    stop = next((at for mark in "#?" if (at := text.find(mark, start, end)) >= 0), end)
    file_start = max((each.end() for each in _SLASHES.finditer(text, start, stop)), default=start)
    file_name = unquote(text[file_start:stop].rstrip())
    if not file_name.lower().endswith(".whl"):
        return None
    try:
        parse_wheel_filename(file_name[:_MAX_FILE_NAME])
    except (InvalidWheelFilename, ValueError):
        reason = f"'{file_name[:60]}' is not the name of a wheel."
        return "", Span(start, end), reason
    name = text[file_start:stop].partition("-")[0]
    return name, Span(file_start, file_start + len(name)), None

"""Direct references: addresses, version control and paths in place of a project's name.

Which of these a text is follows pip's rules, as far as they go without the file system.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from registry_lsp.core.manifests import Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.net.addresses import source_page
from registry_lsp.syntax.requirements.specifier import scan_requirement

_INSTALLABLE = re.compile(
    r"(?:git\+(?:https?|ssh|git|file)|hg\+(?:file|https?|ssh|static-http)"
    r"|svn\+(?:ssh|https?|svn|file)|bzr\+(?:https?|ssh|sftp|ftp|lp|file)|https?|ftp|file):",
    re.IGNORECASE,
)
"""The schemes that pip installs from."""
_CONTROLLED = re.compile(r"(?P<vcs>git|hg|svn|bzr)[+:]", re.IGNORECASE)
_EDITABLE = re.compile(r"(?:git|hg|svn|bzr)\+|git:|svn:", re.IGNORECASE)
_FILE = re.compile(r"file:(?://(?:localhost)?(?![^/]))?", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_EGG = re.compile(
    r"[#&]egg=(?P<name>(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?)(?P<rest>[^&]*)"
)
_EXTRAS_AT_END = re.compile(r"\[[^\[\]]+\]\Z")
_DRIVE = re.compile(r"/(?=[A-Za-z]:(?:/|\Z))")
_ARCHIVES = (
    *(".whl", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz"),
    *(".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"),
)
_MAX_FILE_NAME = 500

_UNREADABLE = "pip cannot read this address."
_NO_EGG = "An editable address needs a name: put 'name @' before it, or '#egg=name' behind it."
_NOT_EDITABLE = "Only a path or an address of version control can be editable."


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
    return _INSTALLABLE.match(text) is not None


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
    """Where an address leads; what has no scheme is a path."""
    controlled = _CONTROLLED.match(url)
    if controlled is not None:
        return Source.GIT if controlled["vcs"].lower() == "git" else Source.URL
    if url[:5].lower() != "file:" and (is_url(url) or _SCHEME.match(url)):
        return Source.URL
    return Source.PATH


def link_to(target: str) -> str:
    """Where the *target* of a direct reference can be looked at: a page, or a path that is
    written with '/'; empty where nowhere.
    """
    return local_path(target) if source_of(target) is Source.PATH else source_page(target)


def local_path(target: str) -> str:
    """The path that *target* is, which may be an address of the scheme 'file', without extras and
    written with '/'. Empty where it cannot be told: a variable, another machine (which must not
    hear of the user by being looked at).
    """
    if "${" in target:
        return ""
    found = _FILE.match(target)
    if found is None:
        end = _extras(target, 0, len(target))[1]
        path = target[:end].replace("\\", "/")
    else:
        path = unquote(re.split(r"[?#]", target[found.end() :], maxsplit=1)[0])
    return "" if path.startswith("//") else _DRIVE.sub("", path, count=1)


def url_complaint(url: str) -> str | None:
    """Why pip refuses the address *url* wherever it stands: a sentence, or None."""
    if not _is_readable(url):
        return _UNREADABLE
    if "egg=" not in url:
        return None
    egg = _EGG.search(url)
    if egg is None or (egg["name"] and not egg["rest"]):
        return None
    return "Only the bare name of a project may follow 'egg=': extras go before an '@'."


def wheel_complaint(name: str, url: str) -> str | None:
    """Why pip and uv refuse the *url* of ``name @ url``: it is that of another project's wheel, or
    of none.
    """
    is_file = ".whl" in url and _CONTROLLED.match(url) is None and _is_readable(url)
    wheel = _wheel(url, 0, len(url)) if is_file else None
    if wheel is None or wheel.complaint is not None:
        return wheel and wheel.complaint
    is_right = normalise(wheel.name) == normalise(name)
    return None if is_right else f"This is the address of a wheel of '{wheel.name}'."


def _is_readable(url: str) -> bool:
    """Whether Python can take *url* apart, as pip does with each line."""
    if "[" in url or "]" in url or not url.isascii():
        try:
            urlsplit(url)
        except ValueError:  # brackets that are no IPv6 address, a host that is a slash in disguise
            return False
    return True


def editable_complaint(url: str) -> str | None:
    """Why pip cannot take the *url* of ``name @ url`` as editable: a sentence, or None."""
    if url.startswith("file:") or (_CONTROLLED.match(url) and is_url(url)):
        return None
    return "Only an address of version control or of a file can be editable behind a name."


def extras_behind(url: str) -> tuple[tuple[str, ...], str | None]:
    """The extras that pip reads at the end of the *url* of ``name @ url`` (which stand in the
    place of those behind the name), and what is wrong with them.
    """
    extras, _, complaint = _extras(url, 0, len(url.rstrip("/")))
    return extras, complaint


def read_direct(text: str, start: int, end: int) -> Direct:
    """The address or path that ``text[start:end]`` is, without a marker."""
    target = text[start:end]
    if not is_url(target):
        return _read_path(text, start, end)
    complaint = url_complaint(target)
    wheel = _wheel(text, start, end) if complaint != _UNREADABLE else None
    found = wheel or _egg(text, start, end) or _Named("", Span(start, end))
    return Direct(
        source=source_of(target),
        target=target,
        name=found.name,
        name_span=found.span,
        complaint=complaint or found.complaint,
    )


def read_editable_direct(text: str, start: int, end: int) -> Direct:
    """What ``-e`` makes of ``text[start:end]``, where that is no ``name @ address``: all of it is
    one path or address, a semicolon and what follows it too.
    """
    target = text[start:end]
    source = source_of(target)
    if source is Source.PATH and not is_url(target):
        return _read_path(text, start, end, is_archive=False)
    extras: tuple[str, ...] = ()
    stop, complaint = end, None
    if source is Source.PATH:
        extras, stop, complaint = _extras(text, start, end)
    found = _egg(text, start, stop)
    complaint = complaint or url_complaint(text[start:stop])
    if complaint is None and source is not Source.PATH:
        complaint = (None if found else _NO_EGG) if _is_editable(target) else _NOT_EDITABLE
    return Direct(
        source=source,
        target=target,
        name=found.name if found else "",
        name_span=found.span if found else Span(start, end),
        extras=extras,
        complaint=complaint,
    )


def _is_editable(url: str) -> bool:
    """Of an editable, pip takes the bare name of a version control for a scheme, too."""
    found = _EDITABLE.match(url)
    return found is not None and (found[0].endswith(":") or is_url(url))


class _Named(NamedTuple):
    """The name that a reference has in it, and what is wrong with it."""

    name: str
    span: Span
    complaint: str | None = None


def _read_path(text: str, start: int, end: int, *, is_archive: bool = True) -> Direct:
    extras, stop, complaint = _extras(text, start, end)
    if _SCHEME.match(text, start, end) or not _is_readable(text[start:end]):
        complaint = _UNREADABLE
    found = _Named("", Span(start, end), complaint)
    if complaint is None and is_archive:
        found = _wheel(text, start, stop) or found
    return Direct(
        source=Source.PATH,
        target=text[start:end],
        name=found.name,
        name_span=found.span,
        extras=extras,
        complaint=found.complaint,
    )


def _extras(text: str, start: int, end: int) -> tuple[tuple[str, ...], int, str | None]:
    """The extras at the end of a path, where the path before them ends, and what is wrong."""
    at = _extras_start(text, start, end)
    if at == end:
        return (), end, None
    written = f"x{text[at:end]}"
    scanned = scan_requirement(written, 0, len(written))
    stop = start + len(text[start:at].rstrip())
    return (scanned.extras, stop, scanned.complaint) if scanned else ((), stop, None)


def _extras_start(text: str, start: int, end: int) -> int:
    """Where the brackets begin at the end of a path; the path's end where there are none."""
    if not text.endswith("]", start, end):
        return end
    found = _EXTRAS_AT_END.search(text, max(start, text.rfind("[", start, end)), end)
    return found.start() if found is not None and found.start() > start else end


def _egg(text: str, start: int, end: int) -> _Named | None:
    found = _EGG.search(text, start, end)
    if found is None or not found["name"]:
        return None
    return _Named(found["name"], Span(*found.span("name")))


def _wheel(text: str, start: int, end: int) -> _Named | None:
    """The name in a wheel's file name, or the complaint about that; None where it is no wheel."""
    file_name = _file_name(text[start:end])
    if not file_name.lstrip(".").endswith(".whl") or file_name.strip(".") == "whl":
        return None
    try:
        parse_wheel_filename(file_name[:_MAX_FILE_NAME])
    except (InvalidWheelFilename, ValueError):
        reason = f"'{file_name[:60]}' is not the name of a wheel."
        return _Named("", Span(start, end), reason)
    name = file_name.partition("-")[0]
    at = text.rfind(name, start, text.find(".whl", start, end))
    return _Named(name, Span(at, at + len(name)) if at >= 0 else Span(start, end))


def _file_name(target: str) -> str:
    if not is_url(target) and _SCHEME.match(target) is None:
        return target[max(target.rfind("/"), target.rfind("\\")) + 1 :]
    return unquote(urlsplit(target).path).rstrip("/").rpartition("/")[2]


def _has_path_marks(text: str) -> bool:
    return text[:1] == "." or "/" in text or "\\" in text


def _is_archive(path: str) -> bool:
    path = path[: _extras_start(path, 0, len(path))].rstrip()
    return path.lower().endswith(_ARCHIVES)

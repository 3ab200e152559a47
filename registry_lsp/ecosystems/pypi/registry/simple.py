"""The Simple API's project pages, in JSON or HTML (*Simple repository API*, PEP 503 to 792). Pure.

What an answer is, its Content-Type says, never what was asked for: servers ignore the Accept
header. Where that header is missing or malformed, the body's first character tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import unquote, urljoin

import msgspec

from registry_lsp.core.packages import ACTIVE, ARCHIVED, OBSOLETE, QUARANTINED, Release
from registry_lsp.core.ports.http import Response
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.registry.files import File, FileNames, releases_of
from registry_lsp.ecosystems.pypi.registry.html import tags
from registry_lsp.net.addresses import web_link
from registry_lsp.net.decoding import (
    GarbageError,
    UnsupportedError,
    as_mapping,
    as_text,
    as_texts,
    as_timestamp,
    decode,
    decode_each,
)

ACCEPT = (
    "application/vnd.pypi.simple.v1+json, "
    "application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01"
)
"""What pip sends."""

_HTML_TYPES = frozenset({"text/html", "application/vnd.pypi.simple.v1+html", "text_html"})
_TYPE = re.compile(r"application/vnd\.pypi\.simple\.v([0-9]+)\+(?:json|html)")
_MOST_LOCATIONS = 32
_STATUSES = frozenset({ACTIVE, ARCHIVED, QUARANTINED, OBSOLETE})
_TAGS = frozenset({"a", "base", "meta"})
_HEAD = 4096
_HEADING = re.compile(r"<(?:title|h1)\b[^<>]*>[^<]*?\blinks for\s+([^\s<]+)", re.IGNORECASE)


class _Page(msgspec.Struct):
    meta: Any = None
    name: Any = None
    versions: Any = None
    files: list[msgspec.Raw] | None = None
    status: Any = msgspec.field(default=None, name="project-status")
    alternates: Any = msgspec.field(default=None, name="alternate-locations")


class _File(msgspec.Struct, rename="kebab"):
    filename: Any = None
    url: Any = None
    yanked: Any = None
    requires_python: Any = None
    upload_time: Any = None
    core_metadata: Any = None
    dist_info_metadata: Any = None
    data_dist_info_metadata: Any = None
    provenance: Any = None


_PAGE = msgspec.json.Decoder(_Page)
_FILE = msgspec.json.Decoder(_File)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A project's page. ``base`` is what its files' addresses are relative to; ``releases``,
    ``status``, ``tracks`` and ``alternates`` are as in :class:`Package`.
    """

    base: str
    name: str | None = None
    files: tuple[File, ...] = ()
    releases: tuple[Release, ...] = ()
    status: str | None = None
    status_reason: str | None = None
    tracks: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()

    def address_of(self, file: File) -> str:
        """The absolute address of one of its files, without a fragment."""
        return _joined(self.base, file.address).partition("#")[0]


def read_page(answer: Response, project: str) -> Page:
    """The page of *project*. Raises GarbageError where the answer is none, and UnsupportedError
    where it is one of a version of the API that is not known (only its major version counts).
    """
    names = FileNames(project)
    kind = answer.content_type
    if (typed := _TYPE.fullmatch(kind)) is not None:
        _check_version(typed[1])
    if kind.endswith(("/json", "+json")):
        return _from_json(answer, names)
    start = answer.body.lstrip()[:1]
    if kind in _HTML_TYPES or start == b"<":
        return _from_html(answer, project, names)
    if start == b"{":
        return _from_json(answer, names)
    raise GarbageError("neither JSON nor HTML")


def _from_json(answer: Response, names: FileNames) -> Page:
    page = decode(answer.body, _PAGE)
    meta = as_mapping(page.meta)
    _check_version(meta.get("api-version"))
    if page.files is None and not isinstance(page.versions, list):
        raise GarbageError("a project's page has files or versions")
    # The specification's prose has the status at the top, its example has it in 'meta'.
    said = page.status if page.status is not None else meta.get("project-status")
    reason = as_mapping(said).get("reason") or meta.get("project-status-reason")
    files = tuple(
        file
        for each in decode_each(page.files or (), _FILE)
        if (file := _json_file(each, names)) is not None
    )
    return Page(
        base=answer.url,
        name=as_text(page.name),
        files=files,
        releases=_vouched(answer.url, releases_of(files, as_texts(page.versions))),
        status=_status(as_mapping(said).get("status", said)),
        status_reason=as_text(reason),
        tracks=_locations(as_texts(meta.get("tracks"))),
        alternates=_locations(as_texts(page.alternates)),
    )


def _json_file(file: _File, names: FileNames) -> File | None:
    name = as_text(file.filename)
    if name is None:
        return None
    offer = _offer(file.core_metadata, file.dist_info_metadata, file.data_dist_info_metadata)
    return File(
        name=name,
        version=names.version(name),
        address=as_text(file.url) or "",
        yanked=file.yanked is True or (isinstance(file.yanked, str) and file.yanked != ""),
        yanked_reason=as_text(file.yanked),
        python=as_text(file.requires_python),
        uploaded=as_timestamp(file.upload_time),
        has_metadata=bool(offer),
        hashes=offer,
        provenance=as_text(file.provenance),
    )


def _offer(*said: Any) -> Any:
    """What is said of a metadata file under any of its names, the first of which counts: the
    later ones are of a time when servers said more than was there (PEP 714).
    """
    return next((each for each in said if each is not None), None)


def _vouched(base: str, releases: Iterable[Release]) -> tuple[Release, ...]:
    """The *releases* with the absolute addresses of their attestations."""
    return tuple(
        replace(each, provenance=web_link(_joined(base, each.provenance)))
        if each.provenance is not None
        else each
        for each in releases
    )


def _locations(addresses: Iterable[str]) -> tuple[str, ...]:
    links = filter(None, map(web_link, addresses))
    return tuple(dict.fromkeys(islice(links, _MOST_LOCATIONS)))


def _from_html(answer: Response, project: str, names: FileNames) -> Page:
    text = answer.body.decode("utf-8", errors="replace")
    base, files = answer.url, []
    said: dict[str, list[str]] = {}
    for tag, attributes in tags(text, _TAGS):
        if tag == "meta":
            said.setdefault(attributes.get("name", ""), []).append(attributes.get("content", ""))
        elif tag == "base" and attributes.get("href"):
            base = _joined(answer.url, attributes["href"])
        elif (file := _html_file(attributes, names)) is not None:
            files.append(file)
    version = _one(said, "pypi:repository-version")
    _check_version(version)
    if not (files or version is not None or _is_headed(text, project)):
        raise GarbageError("no page of an index")
    return Page(
        base=base,
        files=tuple(files),
        releases=_vouched(base, releases_of(files)),
        status=_status(_one(said, "pypi:project-status")),
        status_reason=as_text(_one(said, "pypi:project-status-reason")),
        tracks=_locations(said.get("pypi:tracks", ())),
        alternates=_locations(said.get("pypi:alternate-locations", ())),
    )


def _one(said: dict[str, list[str]], name: str) -> str | None:
    """The first that a page's head says under *name*."""
    return next(iter(said.get(name, ())), None)


def _is_headed(text: str, project: str) -> bool:
    """Whether a page without files is headed as all servers head theirs: 'Links for' the project.

    Else it is somebody's welcome or login page.
    """
    headings = _HEADING.findall(text, 0, _HEAD)
    return any(normalise(name) == normalise(project) for name in headings)


def _html_file(attributes: dict[str, str], names: FileNames) -> File | None:
    """The file that an anchor leads to; None for an anchor that leads to none of the project's."""
    address = attributes.get("href", "").strip()
    name = _last_step(address)
    version = names.version(name)
    if version is None:
        return None
    offer = _offer(attributes.get("data-core-metadata"), attributes.get("data-dist-info-metadata"))
    return File(
        name=name,
        version=version,
        address=address,
        yanked="data-yanked" in attributes,
        yanked_reason=as_text(attributes.get("data-yanked")),
        python=as_text(attributes.get("data-requires-python")),
        has_metadata=offer not in (None, "false"),
        hashes=offer,
        provenance=as_text(attributes.get("data-provenance")),
    )


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # brackets that hold no address
        return base


def _last_step(address: str) -> str:
    """The last step of an address's path: the file's name, as pip takes it."""
    path = address.partition("#")[0].partition("?")[0]
    return unquote(path.rpartition("/")[2])


def _check_version(said: object) -> None:
    if isinstance(said, str) and said.strip().partition(".")[0] != "1":
        raise UnsupportedError("another version of the Simple API")


def _status(said: object) -> str | None:
    text = said.strip().lower() if isinstance(said, str) else ""
    return text if text in _STATUSES else None

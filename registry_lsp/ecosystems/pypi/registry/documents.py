"""The JSON API's documents, read into packages. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from packaging.version import Version

from registry_lsp.core.packages import ACTIVE, Metadata, Package, PackageId, Release
from registry_lsp.ecosystems.pypi.registry.files import File, releases_of
from registry_lsp.ecosystems.pypi.registry.metadata import Info, metadata_of
from registry_lsp.ecosystems.pypi.registry.simple import Page
from registry_lsp.ecosystems.pypi.versions.choice import parse_version
from registry_lsp.net.decoding import (
    GarbageError,
    as_text,
    as_timestamp,
    decode,
    decode_each,
    decode_one,
)


class _Document(msgspec.Struct):
    info: Info | None = None
    releases: dict[str, msgspec.Raw] | None = None
    urls: msgspec.Raw = msgspec.Raw(b"[]")
    ownership: Any = None


class _File(msgspec.Struct):
    filename: Any = None
    upload_time_iso_8601: Any = None
    upload_time: Any = None
    yanked: Any = None
    yanked_reason: Any = None
    requires_python: Any = None


_DOCUMENT = msgspec.json.Decoder(_Document)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_FILE = msgspec.json.Decoder(_File)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project as the JSON API has it. ``name`` is as its author writes it."""

    name: str | None
    releases: tuple[Release, ...]
    metadata: Metadata


def read_project(body: bytes) -> Project:
    """The project. Raises GarbageError where the document is none."""
    document = decode(body, _DOCUMENT)
    if document.info is None:
        raise GarbageError("a project's document has 'info'")
    info = document.info
    metadata = metadata_of(info, document.ownership)
    # a document without 'releases' (they are deprecated) still has the files of one version
    lists = document.releases or {metadata.version: document.urls}
    files = [
        file
        for text, raw in lists.items()
        if (version := parse_version(text)) is not None
        for file in _files(raw, version)
    ]
    return Project(
        name=as_text(info.name),
        releases=releases_of(files, lists),
        metadata=metadata,
    )


def read_release(body: bytes) -> Metadata:
    """What a release says, as its own endpoint answers. Raises GarbageError."""
    info = decode(body, _DOCUMENT).info
    if info is None:
        raise GarbageError("a release's document has 'info'")
    return metadata_of(info)


def package_of(id: PackageId, page: Page | None, project: Project | None) -> Package:
    """The package, by what both say, or either.

    The Simple API's page says what there is to install, and the project's status; the JSON API
    adds dates and metadata, as pages in HTML have no dates.
    """
    listed = page.releases if page is not None else ()
    described = project.releases if project is not None else ()
    status = page.status if page is not None else None
    return Package(
        id=id,
        display_name=(project and project.name) or (page and page.name) or id.name,
        releases=tuple(_dated(listed, described))
        if listed or status not in (None, ACTIVE)
        else described,
        status=status,
        status_reason=page.status_reason if page is not None else None,
        tracks=page.tracks if page is not None else (),
        alternates=page.alternates if page is not None else (),
        metadata=project.metadata if project is not None else None,
    )


def _files(raw: msgspec.Raw, version: Version) -> Iterable[File]:
    listed = decode_one(raw, _LIST)
    for file in decode_each(listed or (), _FILE):
        moment = as_timestamp(file.upload_time_iso_8601)
        yield File(
            name=as_text(file.filename) or "",
            version=version,
            yanked=file.yanked is True,
            yanked_reason=as_text(file.yanked_reason),
            python=as_text(file.requires_python),
            uploaded=as_timestamp(file.upload_time) if moment is None else moment,
        )


def _dated(listed: Iterable[Release], described: Iterable[Release]) -> Iterable[Release]:
    """The *listed* releases with the dates that the *described* ones have."""
    dates = {parse_version(each.version): each.published for each in described}
    for release in listed:
        date = dates.get(parse_version(release.version))
        yield replace(release, published=date) if release.published is None and date else release

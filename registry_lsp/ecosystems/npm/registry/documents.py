"""An npm registry's documents, read into packages. Pure.

Both forms of a package's document are read by the same code: the abbreviated one has fewer
fields, and registries that know no abbreviated form answer with the full one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import msgspec

from registry_lsp.core.packages import (
    SECURITY_HOLDING,
    Metadata,
    Missing,
    Package,
    PackageId,
    Release,
)
from registry_lsp.ecosystems.npm.registry.metadata import Manifest, completed, metadata_of, node_of
from registry_lsp.ecosystems.npm.versions.scheme import NpmScheme
from registry_lsp.net.addresses import web_link
from registry_lsp.net.decoding import (
    GarbageError,
    as_mapping,
    as_text,
    as_timestamp,
    decode,
    decode_one,
)


class _Document(msgspec.Struct):
    name: Any = None
    versions: dict[str, msgspec.Raw] | None = None
    dist_tags: Any = msgspec.field(default=None, name="dist-tags")
    time: Any = None


class _Version(msgspec.Struct):
    deprecated: Any = None
    engines: Any = None
    dist: msgspec.Raw = msgspec.Raw(b"")


class _Dist(msgspec.Struct):
    attestations: Any = None


_DOCUMENT = msgspec.json.Decoder(_Document)
_VERSION = msgspec.json.Decoder(_Version)
_DIST = msgspec.json.Decoder(_Dist)
_MANIFEST = msgspec.json.Decoder(Manifest)
_TAGS = msgspec.json.Decoder(dict[str, Any])
_SCHEME = NpmScheme()
_PLACEHOLDER = re.compile(r"0\.0\.[0-9]+-security(?:\.[0-9]+)?")


def read_package(id: PackageId, body: bytes, *, full: bool) -> Package | Missing:
    """The package of a document, with the metadata of its newest version where *full*.

    Missing where all of it is unpublished, which some registries say with a document. Raises
    GarbageError where it is no package's document.
    """
    document = decode(body, _DOCUMENT)
    if not document.versions and (detail := _unpublished(document)) is not None:
        return Missing(detail=detail)
    if document.versions is None or not _is_of_package(document.versions, document, id.name):
        raise GarbageError("a package's document has versions")
    times = as_mapping(document.time)
    releases = _releases(document.versions, times)
    tags = _tags(as_mapping(document.dist_tags))
    newest = dict(tags).get("latest")
    if newest not in document.versions and releases:
        newest = releases[0].version
    metadata = _metadata(document.versions, newest, body) if full and newest else None
    return Package(
        id=id,
        display_name=as_text(document.name) or id.name,
        releases=releases,
        dist_tags=tags,
        status=SECURITY_HOLDING if newest and _PLACEHOLDER.fullmatch(newest) else None,
        created=as_timestamp(times.get("created")),
        unpublished=_gone(document.versions, times),
        metadata=metadata,
    )


def read_tags(body: bytes) -> tuple[tuple[str, str], ...]:
    """The dist-tags, as their own endpoint answers. Raises GarbageError."""
    said = decode(body, _TAGS)
    return _tags(said)


def read_manifest(body: bytes) -> Metadata:
    """What one version says, as its own endpoint answers. Raises GarbageError."""
    manifest = decode(body, _MANIFEST)
    said = as_text(manifest.version)
    if said is None:
        raise GarbageError("a version's manifest names the version")
    return metadata_of(manifest, said)


def read_version(body: bytes, version: str) -> Metadata | None:
    """What *version* says in the whole document; None where it has no such version.

    Raises GarbageError.
    """
    document = decode(body, _DOCUMENT)
    raw = (document.versions or {}).get(version)
    manifest = decode_one(raw, _MANIFEST) if raw is not None else None
    return metadata_of(manifest, version) if manifest is not None else None


def unpublished(body: bytes) -> str | None:
    """What the body of a 404 says of a package that was taken away, and when; None where it says
    nothing of the kind.
    """
    try:
        return _unpublished(decode(body, _DOCUMENT))
    except GarbageError:
        return None


def _unpublished(document: _Document) -> str | None:
    said = as_mapping(document.time).get("unpublished")
    if not said:
        return None
    moment = as_text(as_mapping(said).get("time"))
    if moment is None or as_timestamp(moment) is None:
        return "it was unpublished"
    return f"it was unpublished on {moment[:10]}"


def _is_of_package(versions: Mapping[str, msgspec.Raw], document: _Document, name: str) -> bool:
    """Whether *versions* are a package's, and not some other service's: the document names the
    package or has dist-tags, or else there is a version with a manifest.
    """
    if as_text(document.name) == name or isinstance(document.dist_tags, dict):
        return True
    return any(
        _SCHEME.key(version) is not None and decode_one(raw, _VERSION) is not None
        for version, raw in versions.items()
    )


def _releases(versions: Mapping[str, msgspec.Raw], dates: Mapping[str, Any]) -> tuple[Release, ...]:
    """Newest first. A version that npm cannot read is left out; one whose manifest is of no use
    is still there to be installed.
    """
    found = []
    for version, raw in versions.items():
        key = _SCHEME.key(version)
        if key is not None:
            manifest = decode_one(raw, _VERSION) or _Version()
            found.append((key, _release(version, manifest, dates)))
    found.sort(key=itemgetter(0), reverse=True)
    return tuple(release for _, release in found)


def _release(version: str, manifest: _Version, dates: Mapping[str, Any]) -> Release:
    return Release(
        version=version,
        published=as_timestamp(dates.get(version)),
        deprecated=_deprecated(manifest.deprecated),
        runtime=node_of(manifest.engines),
        provenance=_provenance(manifest.dist),
    )


def _gone(versions: Mapping[str, msgspec.Raw], dates: Mapping[str, Any]) -> tuple[Release, ...]:
    """The versions that only the *dates* still name, newest first: npm's registry keeps those of
    a version that was unpublished, and says not when it was.
    """
    found = [
        (key, Release(version=version, published=as_timestamp(said)))
        for version, said in dates.items()
        if version not in versions and (key := _SCHEME.key(version)) is not None
    ]
    found.sort(key=itemgetter(0), reverse=True)
    return tuple(release for _, release in found)


def _provenance(dist: msgspec.Raw) -> str | None:
    """Where the attestations of a version are; most have none, and cost no decoding."""
    if b'"attestations"' not in bytes(dist):
        return None
    said = decode_one(dist, _DIST)
    return web_link(as_mapping(said.attestations).get("url")) if said is not None else None


def _deprecated(value: object) -> str | None:
    """The maintainer's words. ``npm deprecate`` with an empty text takes a deprecation back;
    old data has ``true``, which gives no reason.
    """
    return "" if value is True else as_text(value)


def _tags(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((tag, version) for tag, version in said.items() if isinstance(version, str))


def _metadata(versions: Mapping[str, msgspec.Raw], version: str, body: bytes) -> Metadata | None:
    raw = versions.get(version)
    manifest = decode_one(raw, _MANIFEST) if raw is not None else None
    if manifest is None:
        return None
    return metadata_of(completed(manifest, decode(body, _MANIFEST)), version)

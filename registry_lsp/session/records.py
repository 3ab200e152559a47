"""What the disk cache keeps of a lookup: no credentials, and only what was said for certain."""

from __future__ import annotations

import hashlib
from typing import TypeAlias

import msgspec

from registry_lsp.core.packages import (
    Found,
    Metadata,
    Missing,
    Package,
    PackageId,
    RegistryRef,
    Release,
    Secret,
)

FORM = "10"
"""The shape of the records below: another shape is another key, so that old ones age away."""

Certain: TypeAlias = Found | Missing
"""The lookups that are worth keeping: a failure is not."""


class _Package(msgspec.Struct, array_like=True, tag="package", frozen=True):
    display_name: str
    releases: tuple[Release, ...]
    dist_tags: tuple[tuple[str, str], ...]
    status: str | None
    status_reason: str | None
    created: float | None
    unpublished: tuple[Release, ...]
    tracks: tuple[str, ...]
    alternates: tuple[str, ...]
    metadata: Metadata | None


class _Missing(msgspec.Struct, array_like=True, tag="missing", frozen=True):
    detail: str | None
    or_no_access: bool


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Package | _Missing)


def key(id: PackageId, *, full: bool) -> str:
    """The cache's key of what one registry said: what one credential was told is not another's.

    Several registries of a package have a record each.
    """
    fullness = "full" if full else "brief"
    return "\n".join((FORM, id.ecosystem, id.name, fullness, place(id.registry)))


def place(ref: RegistryRef) -> str:
    """A registry as the cache's keys name it, for those who have its credential."""
    return f"{ref.url} {_access(ref)}"


def _access(ref: RegistryRef) -> str:
    """Tells credentials apart and betrays none: four bytes fit any number of passwords.

    How the registry is reached tells them apart too: it may know the client by a certificate, and
    what came unseen or by way of another proxy may be somebody else's word.
    """
    if ref.authorization is None and ref.transport is None:
        return "keyring" if ref.vaults else "public"
    parts = [_value(ref.authorization) or ("keyring" if ref.vaults else "")]
    if (way := ref.transport) is not None:
        parts += (way.certificate or "", _value(way.key), _value(way.proxy), str(way.verify))
        parts += (*way.authorities, "", *way.more_authorities, "", *way.unproxied)
    secret = "\0".join(parts).encode("utf-8", "surrogatepass")
    salt = ref.url.encode("utf-8", "surrogatepass")[:64]
    return hashlib.blake2b(secret, key=salt, digest_size=4).hexdigest()


def _value(secret: Secret | None) -> str:
    return "" if secret is None else secret.value


def encode(lookup: Certain) -> bytes:
    """The record of *lookup*."""
    if isinstance(lookup, Missing):
        return _ENCODER.encode(_Missing(lookup.detail, lookup.or_no_access))
    package = lookup.package
    return _ENCODER.encode(
        _Package(
            package.display_name,
            package.releases,
            package.dist_tags,
            package.status,
            package.status_reason,
            package.created,
            package.unpublished,
            package.tracks,
            package.alternates,
            package.metadata,
        )
    )


def decode(payload: bytes, id: PackageId, asked_at: float) -> Certain | None:
    """The lookup that :func:`encode` wrote, None for what cannot be read."""
    try:
        record = _DECODER.decode(payload)
    except msgspec.MsgspecError:
        return None
    if isinstance(record, _Missing):
        return Missing(detail=record.detail, or_no_access=record.or_no_access)
    package = Package(
        id=id,
        display_name=record.display_name,
        releases=record.releases,
        dist_tags=record.dist_tags,
        status=record.status,
        status_reason=record.status_reason,
        created=record.created,
        unpublished=record.unpublished,
        tracks=record.tracks,
        alternates=record.alternates,
        metadata=record.metadata,
    )
    return Found(package=package, asked_at=asked_at)

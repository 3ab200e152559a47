"""What the cache keeps, and how a row of its file holds it. Pure."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, field
from typing import TypeAlias

from registry_lsp.core.ports.http import Validators

Row: TypeAlias = tuple[bytes, str | None, str | None, float, float, int, bytes]
"""A row: key, ETag, Last-Modified, fetched at, fresh until, whether it is packed, payload."""

_WORTH_PACKING = 4096  # bytes; below it a page of the file holds a row or two in any case


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was said under a key, and when. Both times are seconds since the epoch.

    Neither the key nor the payload holds a credential: the file keeps whatever it is given.
    """

    key: str
    payload: bytes
    validators: Validators = field(default_factory=Validators)
    fetched_at: float
    fresh_until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """That an entry was said again as it is, and until when that is fresh."""

    fetched_at: float
    fresh_until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """How much is kept; ``bytes`` counts payloads as they are stored."""

    entries: int = 0
    bytes: int = 0


def stored_key(key: str) -> bytes:
    """*key* as the file holds it: names come from half-typed files, lone surrogates and all."""
    return key.encode("utf-8", "surrogatepass")


def row(entry: Entry) -> Row:
    """The row that keeps *entry*. A large payload is packed where that saves a tenth: lists of
    releases shrink to a fifth at zlib's lowest level, in well under a millisecond.
    """
    payload, packed = entry.payload, 0
    if len(payload) > _WORTH_PACKING:
        smaller = zlib.compress(payload, 1)
        if len(smaller) < 0.9 * len(payload):
            payload, packed = smaller, 1
    return (
        stored_key(entry.key),
        entry.validators.etag,
        entry.validators.last_modified,
        entry.fetched_at,
        entry.fresh_until,
        packed,
        payload,
    )


def entry(row: Row) -> Entry | None:
    """The entry that a row keeps; None where it is damaged: SQLite puts any type in any column."""
    key, etag, last_modified, fetched_at, fresh_until, packed, payload = row
    if not (
        all(isinstance(each, bytes) for each in (key, payload))
        and all(each is None or isinstance(each, str) for each in (etag, last_modified))
        and all(_is_moment(each) for each in (fetched_at, fresh_until))
    ):
        return None
    try:
        return Entry(
            key=key.decode("utf-8", "surrogatepass"),
            payload=zlib.decompress(payload) if packed else payload,
            validators=Validators(etag=etag, last_modified=last_modified),
            fetched_at=fetched_at,
            fresh_until=fresh_until,
        )
    except (zlib.error, UnicodeDecodeError):
        return None


def _is_moment(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)

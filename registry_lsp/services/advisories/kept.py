"""What the disk cache keeps of advisories."""

from __future__ import annotations

import hashlib

import msgspec

from registry_lsp.core.advisories import Advisory

FORM = "1"
"""The shape of the records below: another shape is another key, so that old ones age away."""

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(tuple[Advisory, ...])


def place(url: str) -> str:
    """A service's address as the cache's keys name it: nobody can read it there."""
    return hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def encode(advisories: tuple[Advisory, ...]) -> bytes:
    """The record of what is known against a release, or of what one advisory says."""
    return _ENCODER.encode(advisories)


def decode(payload: bytes) -> tuple[Advisory, ...] | None:
    """The advisories that :func:`encode` wrote, None for what cannot be read."""
    try:
        return _DECODER.decode(payload)
    except msgspec.MsgspecError:
        return None

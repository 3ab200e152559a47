"""Bodies, unpacked as they come and never beyond a cap."""

from __future__ import annotations

import zlib

from registry_lsp.core.packages import Trouble

ACCEPTED_ENCODING = "gzip"
"""What to ask for. One layer of one coding: a body wrapped twice could unpack to anything."""

_GZIP = zlib.MAX_WBITS | 16  # zlib's way of saying that the stream has gzip's own header

_MOST_PACKED = 2  # times the limit: packing makes nothing twice as large
_GZIP_OVERHEAD = 64 * 1024  # bytes: a small body in many members is larger packed than unpacked


class BodyError(Exception):
    """A body that is not to be had; ``trouble`` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class Body:
    """One answer's body: raw chunks go in, at most ``limit`` decoded bytes come out.

    Packed bytes are counted too: members without any content could go on for ever.

    ``encoding`` is the Content-Encoding header, ``length`` the Content-Length header, each empty
    where there is none. A coding that nobody asked for is left as it is: some servers put a
    character set there. Everything raises :class:`BodyError`, with ``TOO_LARGE``, or with
    ``GARBAGE`` for what does not decode or is cut short.
    """

    __slots__ = ("_chunks", "_decoder", "_limit", "_packed", "_size")

    def __init__(self, *, encoding: str, length: str, limit: int) -> None:
        if _is_over(length, limit):
            raise BodyError(Trouble.TOO_LARGE)
        is_packed = encoding.strip().lower() in ("gzip", "x-gzip")
        self._decoder = zlib.decompressobj(_GZIP) if is_packed else None
        self._chunks: list[bytes] = []
        self._size = 0
        self._packed = 0
        self._limit = limit

    @property
    def size(self) -> int:
        """The decoded bytes so far."""
        return self._size

    def add(self, data: bytes) -> None:
        """Take the next raw chunk."""
        if self._decoder is None:
            self._keep(data)
            return
        self._packed += len(data)
        if self._packed > _MOST_PACKED * self._limit + _GZIP_OVERHEAD:
            raise BodyError(Trouble.TOO_LARGE)
        try:
            while data:
                if self._decoder.eof:  # gzip allows one member after another (RFC 1952, 2.2)
                    self._decoder = zlib.decompressobj(_GZIP)
                # one byte more than there is room for tells a full body from an overflowing one
                self._keep(self._decoder.decompress(data, self._limit - self._size + 1))
                data = self._decoder.unused_data or self._decoder.unconsumed_tail
        except zlib.error:
            raise BodyError(Trouble.GARBAGE) from None

    def complete(self) -> bytes:
        """The whole body, decoded, once the last chunk has been taken."""
        if self._decoder is not None and not self._decoder.eof and self._size:
            raise BodyError(Trouble.GARBAGE)
        return b"".join(self._chunks)

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            self._chunks.clear()
            raise BodyError(Trouble.TOO_LARGE)
        self._chunks.append(data)


def _is_over(length: str, limit: int) -> bool:
    """Whether a Content-Length is beyond *limit*; the length of its digits is looked at first."""
    digits = length.strip().lstrip("0")
    if not (digits.isascii() and digits.isdigit()):
        return False
    return len(digits) > len(str(limit)) or int(digits) > limit

"""Documents in JSON, read tolerantly: one strange value never loses the rest of a document.

What is read is a msgspec struct with only the fields that are needed: a document of 20 MB costs
hundredths of a second then, and hardly any memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, TypeVar

import msgspec

from registry_lsp.core.packages import Trouble

T = TypeVar("T")


class GarbageError(ValueError):
    """An answer that is not the document that was asked for."""

    trouble = Trouble.GARBAGE


class UnsupportedError(GarbageError):
    """An answer in a version of its protocol that nobody here can read."""

    trouble = Trouble.UNSUPPORTED


def decode(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """The document. Raises :class:`GarbageError` where it is none of that kind."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise GarbageError(str(error)) from None
    except ValueError:  # that is DecodeError and UnicodeDecodeError
        pass  # it may still be what servers take for JSON
    except RecursionError:
        raise GarbageError("nested too deeply") from None
    try:
        return decoder.decode(_strictly(body))
    except (ValueError, RecursionError) as error:
        raise GarbageError(str(error)) from None


def _strictly(body: bytes) -> bytes:
    """What the standard library takes for JSON, as JSON: without NaN, a byte order mark, lone
    surrogates and bytes that are no text, all of which documents hold. Raises ValueError and
    RecursionError.
    """
    text = body.decode(json.detect_encoding(body), errors="replace")
    document = json.loads(text, parse_constant=lambda _: None)
    return json.dumps(document, ensure_ascii=False).encode("utf-8", errors="replace")


def decode_each(documents: Iterable[msgspec.Raw], decoder: msgspec.json.Decoder[T]) -> Iterator[T]:
    """Those of the *documents* that are of the decoder's kind."""
    for raw in documents:
        found = decode_one(raw, decoder)
        if found is not None:
            yield found


def decode_one(raw: msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T | None:
    """A part of a document that has been decoded; None where it is of another kind."""
    try:
        return decoder.decode(raw)
    except (ValueError, RecursionError):
        return None


def as_text(value: object) -> str | None:
    """*value* without the white space around it, where it is a text with more than that."""
    return (value.strip() or None) if isinstance(value, str) else None


def as_texts(value: object) -> tuple[str, ...]:
    """The texts that a list holds; none where it is no list."""
    texts = map(as_text, value if isinstance(value, list | tuple) else ())
    return tuple(text for text in texts if text is not None)


def as_mapping(value: object) -> Mapping[str, Any]:
    """*value* where it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_timestamp(value: object) -> float | None:
    """Seconds since the epoch of an RFC 3339 date and time; UTC where it names no zone."""
    if not isinstance(value, str):
        return None
    try:
        moment = msgspec.convert(value, datetime)
    except msgspec.ValidationError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.timestamp()

"""What an answer says of keeping it: how long it is fresh, and what to ask again with."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

from registry_lsp.core.ports.http import Validators
from registry_lsp.net.times import delta_seconds, http_date, sent_at

LONGEST = 86_400.0
"""The longest, in seconds, that anything counts as fresh: releases come every day."""

_DIRECTIVE = re.compile(r'([^\s,;="]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,"]*)))?')
_MAX_VALIDATOR = 1024


def freshness(
    headers: Mapping[str, str],
    default: float,
    *,
    at_most: float = LONGEST,
    now: float | None = None,
) -> float:
    """Seconds for which the answer need not be asked again, as a private cache counts them.

    *default* holds where the answer says nothing. ``max-age`` stands over ``Expires``, the time
    it has spent in other caches (``Age``) is taken off, and what cannot be read counts as stale
    (RFC 9111, 4.2 and 5.3). ``s-maxage`` is for shared caches and ignored. *headers* have
    lower-case names; *now* is seconds since the epoch.
    """
    directives = _directives(headers.get("cache-control", ""))
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    if "max-age" in directives:
        lifetime = delta_seconds(directives["max-age"]) or 0.0
    elif "expires" in headers:
        expires = http_date(headers["expires"])
        sent = sent_at(headers, time.time() if now is None else now)
        lifetime = 0.0 if expires is None else expires - sent
    else:
        return min(default, at_most)
    age = delta_seconds(headers.get("age", "")) or 0.0
    return min(max(0.0, lifetime - age), at_most)


def validators(headers: Mapping[str, str]) -> Validators:
    """What to ask again with, verbatim; one that no header could carry back is left out."""
    return Validators(
        etag=_sendable(headers.get("etag")),
        last_modified=_sendable(headers.get("last-modified")),
    )


def _directives(text: str) -> dict[str, str]:
    """The directives of a Cache-Control header; the first of each name stands."""
    found: dict[str, str] = {}
    for name, quoted, plain in _DIRECTIVE.findall(text):
        found.setdefault(name.lower(), quoted or plain)
    return found


def _sendable(value: str | None) -> str | None:
    fits = value and len(value) <= _MAX_VALIDATOR and value.isascii() and value.isprintable()
    return value if fits else None

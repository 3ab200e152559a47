"""The strings of JSON: where they end, and what their escapes mean."""

from __future__ import annotations

import json
import re

from registry_lsp.syntax.strings import LONGEST_DOUBTED, Escapes

_DECODER = json.JSONDecoder(strict=False)  # a tab within a string is no reason to lose it


def _meaning(match: re.Match[str]) -> str:
    return _decoded(match.group()) or match.group()


def _decoded(raw: str) -> str | None:
    try:
        return str(_DECODER.decode(f'"{raw}"'))
    except ValueError:
        return None


JSON_ESCAPES = Escapes(
    re.compile(
        r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^u]"
    ),
    _meaning,
)
"""The escapes of a JSON string; one that JSON does not know means itself."""


def decode(raw: str) -> str:
    """What stands between the quotes."""
    if "\\" not in raw:
        return raw
    whole = _decoded(raw)
    return JSON_ESCAPES.decode(raw) if whole is None else whole


def length_unclosed(raw: str, quote: str, *, is_key: bool) -> int | None:
    """How much of *raw* is in a string whose closing quote is missing.

    *quote* is the one after *raw*, which then opens the next string, or '' at the line's end.
    None where that quote may be the string's own after all.
    """
    if quote and len(raw) > LONGEST_DOUBTED:
        return None
    if is_key and ":" in raw:
        return raw.index(":")
    body = raw.rstrip()
    if quote and not body.endswith(","):
        return None
    return len(body.removesuffix(",").rstrip(" \t}]"))

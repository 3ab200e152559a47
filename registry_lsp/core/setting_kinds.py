"""The kinds of values that settings take: what each expects, from JSON and from text.

A kind never repeats the value that it refuses: an address may hold somebody's password.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from registry_lsp.core.findings import Severity

MAX_PATTERNS = 1000
"""More patterns than anybody writes; each one costs time at every dependency."""
MAX_PATTERN_LENGTH = 256
"""Code points; an npm name has at most 214."""
_MAX_NUMBER_LENGTH = 32

_PATTERN = re.compile(r"(?:[a-z0-9*?-]+:)?[^\s:]+")
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


class RefusedError(ValueError):
    """A value that is not of the kind that a setting takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of value.

    ``expected`` completes 'expected ...'. ``from_json`` reads what a client sends, ``from_text``
    an environment variable; both raise :class:`RefusedError`. ``schema`` says in the words of JSON
    Schema what a client may send.
    """

    expected: str
    schema: Mapping[str, object]
    from_json: Callable[[object], Any]
    from_text: Callable[[str], Any]


def _of_text(expected: str, read: Callable[[str], Any], **schema: object) -> Kind:
    """A kind that is text in JSON too, of which *schema* says more."""

    def from_json(value: object) -> Any:
        if not isinstance(value, str):
            raise RefusedError
        return read(value)

    return Kind(
        expected=expected, schema={"type": "string", **schema}, from_json=from_json, from_text=read
    )


def _switch_from_json(value: object) -> bool:
    if not isinstance(value, bool):
        raise RefusedError
    return value


def _switch_from_text(text: str) -> bool:
    word = text.lower()
    if word not in _TRUE | _FALSE:
        raise RefusedError
    return word in _TRUE


SWITCH = Kind(
    expected="true or false",
    schema={"type": "boolean"},
    from_json=_switch_from_json,
    from_text=_switch_from_text,
)


def number(lowest: float, highest: float) -> Kind:
    """A number from *lowest* to *highest*, fractions allowed."""

    def from_json(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RefusedError
        if not lowest <= value <= highest:  # what is not a number fails here too
            raise RefusedError
        return float(value)

    return Kind(
        expected=f"a number from {lowest:g} to {highest:g}",
        schema={"type": "number", "minimum": lowest, "maximum": highest},
        from_json=from_json,
        from_text=lambda text: from_json(_parsed(text, float)),
    )


def whole_number(lowest: int, highest: int) -> Kind:
    """A whole number from *lowest* to *highest*; 8.0 counts, since some clients know no other."""

    def from_json(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RefusedError
        if not lowest <= value <= highest or value != int(value):
            raise RefusedError
        return int(value)

    return Kind(
        expected=f"a whole number from {lowest} to {highest}",
        schema={"type": "integer", "minimum": lowest, "maximum": highest},
        from_json=from_json,
        from_text=lambda text: from_json(_parsed(text, int)),
    )


def _parsed(text: str, read: Callable[[str], float]) -> float:
    if len(text) > _MAX_NUMBER_LENGTH:
        raise RefusedError
    try:
        return read(text)
    except ValueError:
        raise RefusedError from None


def choice(values: Mapping[str, Any]) -> Kind:
    """One of a few words, in any case; *values* says what each means."""

    def read(text: str) -> Any:
        try:
            return values[text.lower()]
        except KeyError:
            raise RefusedError from None

    *first, last = values
    return _of_text(f"{', '.join(first)} or {last}", read, enum=list(values))


def words(enum: type[Enum]) -> Kind:
    """One of an enumeration's values."""
    return choice({member.value: member for member in enum})


def _url(text: str) -> str:
    text = text.strip()
    if not text.isprintable() or " " in text:
        raise RefusedError
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise RefusedError from None
    if not valid or "?" in text or "#" in text:
        raise RefusedError
    return text


URL = _of_text("an http or https address, without a query", _url, format="uri")


def _directory(text: str) -> Path:
    if not text.isprintable():
        raise RefusedError
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise RefusedError from None
    if not path.is_absolute():
        raise RefusedError
    return path


DIRECTORY = _of_text("the full path of a folder", _directory)


def _patterns(items: list[Any]) -> tuple[str, ...]:
    if len(items) > MAX_PATTERNS:
        raise RefusedError
    for item in items:
        if not isinstance(item, str) or len(item) > MAX_PATTERN_LENGTH:
            raise RefusedError
        if not _PATTERN.fullmatch(item):
            raise RefusedError
    return tuple(dict.fromkeys(items))


def _patterns_from_json(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise RefusedError
    return _patterns(list(value))


def _patterns_from_text(text: str) -> tuple[str, ...]:
    if len(text) > MAX_PATTERNS * (MAX_PATTERN_LENGTH + 1):
        raise RefusedError
    return _patterns(text.replace(",", " ").split())


PATTERNS = Kind(
    expected="a list of name patterns, such as npm:left-pad or pypi:foo-*"
    " (in an environment variable with commas between)",
    schema={
        "type": "array",
        "items": {"type": "string", "pattern": f"^{_PATTERN.pattern}$"},
        "maxItems": MAX_PATTERNS,
    },
    from_json=_patterns_from_json,
    from_text=_patterns_from_text,
)

SEVERITY = choice({severity.name.lower(): severity for severity in Severity} | {"off": None})

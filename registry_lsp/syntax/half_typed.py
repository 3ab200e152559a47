"""Texts as they would be if the key that is being typed had a value. Pure.

A key alone is no member yet, and what it would be of only a whole text tells: which section it
stands in, and what else stands there. Nothing before the place where somebody types is changed.
"""

from __future__ import annotations

import re

from registry_lsp.syntax.quoting import json_string_at
from registry_lsp.syntax.reading import line_at

_JSON_VALUE = re.compile(r"\s*(?P<colon>:?)\s*(?P<next>.?)", re.DOTALL)
_TOML_EMPTY = re.compile(r"\"\"|''")
_KEY = (
    r"(?P<before>^[ \t]*|[{{,][ \t]*)"
    r"(?P<quote>[\"']?)(?P<inner>{inner})(?P<close>(?:(?P=quote))?)[ \t]*{sign}?[ \t]*"
    r"(?=[,}}\r\n]|\Z)"
)
"""A key that stands alone on its line, or in a table that is written in braces; the closing quote
may be missing.
"""
_TOML_KEY = re.compile(_KEY.format(inner=r"[\w.@/-]*", sign="="), re.MULTILINE)
_YAML_KEY = re.compile(_KEY.format(inner=r"[\w.@/>*^~<=-]*", sign=":"), re.MULTILINE)


def with_json_value(text: str, offset: int, fill: str) -> str:
    """The JSON *text* with an empty string for the member whose key is typed at *offset*, and with
    *fill* typed there first.
    """
    found = json_string_at(text, offset)
    if found is None:
        return text
    value = _JSON_VALUE.match(text, found.end())
    if value is None or not found["close"] or not value["colon"]:
        behind = f'": "",{text[found.end() :]}'
    elif value["next"] in {"", ",", "}"}:
        behind = f'": ""{text[value.start("next") :]}'
    else:
        behind = text[found.end("inner") :]
    return text[:offset] + fill + text[offset : found.end("inner")] + behind


def with_toml_value(text: str, offset: int, fill: str) -> str:
    """The TOML *text* with ``"*"`` for the key that is typed at *offset* and has no value, and with
    *fill* typed there first; or with *fill* in the empty string there.
    """
    start, end = line_at(text, offset)
    for empty in _TOML_EMPTY.finditer(text, start, end):
        if offset == empty.start() + 1:
            return text[:offset] + fill + text[offset:]
    found = _key_at(_TOML_KEY, text, offset)
    return text if found is None else _with_value(text, offset, fill, found, " = ")


def with_yaml_value(text: str, offset: int, fill: str) -> str:
    """The YAML *text* with ``"*"`` for the key that is typed at *offset* and has no value, and with
    *fill* typed there first. A field of the file itself is none.
    """
    found = _key_at(_YAML_KEY, text, offset)
    if found is None or not found["before"]:
        return text
    return _with_value(text, offset, fill, found, ": ")


def _key_at(pattern: re.Pattern[str], text: str, offset: int) -> re.Match[str] | None:
    start, end = line_at(text, offset)
    for found in pattern.finditer(text, start, end):
        if found.start("inner") <= offset <= found.end("inner"):
            return found
    return None


def _with_value(text: str, offset: int, fill: str, key: re.Match[str], sign: str) -> str:
    inner = text[:offset] + fill + text[offset : key.end("inner")]
    return f'{inner}{key["quote"]}{sign}"*"{text[key.end() :]}'


def with_line(text: str, offset: int, fill: str) -> str:
    """*text* with *fill* typed at *offset*, where the line has nothing else."""
    start, end = line_at(text, offset)
    return text if text[start:end].strip() else text[:offset] + fill + text[offset:]

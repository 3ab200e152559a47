"""Texts as they would be if the key that is being typed had a value. Pure.

A key alone is no member yet, and what it would be of only a whole text tells: which section it
stands in, and what else stands there. Nothing before the place where somebody types is changed.
"""

from __future__ import annotations

import re

from registry_lsp.syntax.quoting import json_string_at
from registry_lsp.syntax.reading import line_at

_JSON_VALUE = re.compile(r"\s*(?P<colon>:?)\s*(?P<next>.?)", re.DOTALL)
_TOML_KEY = re.compile(
    r"[ \t]*(?P<quote>[\"']?)(?P<inner>[\w.@/-]*)(?P=quote)[ \t]*(?P<equals>=?)[ \t]*"
)
_TOML_EMPTY = re.compile(r"\"\"|''")
_YAML_KEY = re.compile(r"[ \t]+(?P<quote>[\"']?)(?P<inner>[\w.@/-]*)(?P=quote):?[ \t]*")


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
    """The TOML *text* with ``"*"`` for the key that is typed at *offset* and stands alone on its
    line, and with *fill* typed there first; or with *fill* in the empty string there.
    """
    start, end = line_at(text, offset)
    found = _TOML_KEY.fullmatch(text, start, end)
    if found is None or not found.start("inner") <= offset <= found.end("inner"):
        for empty in _TOML_EMPTY.finditer(text, start, end):
            if offset == empty.start() + 1:
                return text[:offset] + fill + text[offset:]
        return text
    before = text[:offset] + fill + text[offset : found.end("inner")]
    return f'{before}{found["quote"]} = "*"{text[end:]}'


def with_yaml_value(text: str, offset: int, fill: str) -> str:
    """The YAML *text* with ``"*"`` for the key that is typed at *offset* and stands alone on its
    line, and with *fill* typed there first.
    """
    start, end = line_at(text, offset)
    found = _YAML_KEY.fullmatch(text, start, end)
    if found is None or not found.start("inner") <= offset <= found.end("inner"):
        return text
    before = text[:offset] + fill + text[offset : found.end("inner")]
    return f'{before}{found["quote"]}: "*"{text[end:]}'


def with_line(text: str, offset: int, fill: str) -> str:
    """*text* with *fill* typed at *offset*, where the line has nothing else."""
    start, end = line_at(text, offset)
    return text if text[start:end].strip() else text[:offset] + fill + text[offset:]

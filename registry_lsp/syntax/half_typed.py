"""Texts as they would be if the key that is being typed had a value. Pure.

A key alone is no member yet, and what it would be of only a whole text tells: which section it
stands in, and what else stands there. Nothing before the place where somebody types is changed.
"""

from __future__ import annotations

import re

_JSON_STRING = re.compile(r'"(?P<inner>(?:[^"\\\r\n]|\\.)*)(?P<close>"?)')
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
    start, end = _line(text, offset)
    for found in _JSON_STRING.finditer(text, start, end):
        if found.start("inner") <= offset <= found.end("inner"):
            break
    else:
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
    start, end = _line(text, offset)
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
    start, end = _line(text, offset)
    found = _YAML_KEY.fullmatch(text, start, end)
    if found is None or not found.start("inner") <= offset <= found.end("inner"):
        return text
    before = text[:offset] + fill + text[offset : found.end("inner")]
    return f'{before}{found["quote"]}: "*"{text[end:]}'


def with_line(text: str, offset: int, fill: str) -> str:
    """*text* with *fill* typed at *offset*, where the line has nothing else."""
    start, end = _line(text, offset)
    return text if text[start:end].strip() else text[:offset] + fill + text[offset:]


def _line(text: str, offset: int) -> tuple[int, int]:
    """Where the line of *offset* begins and ends."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    ends = [at for at in (text.find("\n", offset), text.find("\r", offset)) if at >= 0]
    return start, min(ends, default=len(text))

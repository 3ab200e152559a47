"""What makes a text no JSON or no TOML at all, with the place, by strict readers."""

from __future__ import annotations

import json
import re

import tomli

from registry_lsp.core.manifests import Problem
from registry_lsp.core.text import Span

# What is not closed ends with its line, or the text: no place is then looked at twice.
_STRING = r'"(?:[^"\\\r\n]|\\[^\r\n])*(?:"|\\?(?=[\r\n]|\Z))'
_COMMENT = re.compile(rf"({_STRING})|//[^\r\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_LAST_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])")
# In the words of json and of tomli.
_CONTROL, _LINE_END = "Invalid control character", r"Illegal character '\n'"
_UNTERMINATED = "Unterminated string"
_TOO_MUCH = "It is nested too deeply to be read, or holds a number that is too long."


def json_fault(text: str) -> Problem | None:
    """Why *text* is no JSON. Comments and trailing commas, which some tools take, are no fault."""
    try:
        json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError:
        return _json_fault(_blanked(_LAST_COMMA, _blanked(_COMMENT, text)))
    except (RecursionError, ValueError):
        return _problem(0, 0, _TOO_MUCH)
    return None


def toml_fault(text: str) -> Problem | None:
    """Why *text* is no TOML."""
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        what = _UNTERMINATED if error.msg == _LINE_END else error.msg
        return _problem(error.pos, len(text), f"It is not valid TOML: {what}.")
    except (RecursionError, ValueError):
        return _problem(0, 0, _TOO_MUCH)
    return None


def _json_fault(text: str) -> Problem | None:
    try:
        json.loads(text.replace("\ufeff", " ", 1) if text.startswith("\ufeff") else text)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at").removesuffix(" starting")  # the place is told apart
        if what == _CONTROL and text[error.pos] in "\r\n":
            what = _UNTERMINATED
        return _problem(error.pos, len(text), f"It is not valid JSON: {what}.")
    except (RecursionError, ValueError):
        return _problem(0, 0, _TOO_MUCH)
    return None


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """*text* with blanks in the place of what matches, but for the strings."""
    return pattern.sub(lambda found: found[1] or " " * len(found[0]), text)


def _problem(at: int, end: int, reason: str) -> Problem:
    place = max(0, min(at, end))
    return Problem(span=Span(place, place), reason=reason)

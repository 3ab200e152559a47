"""``.npmrc`` as npm reads it: an ini dialect of its own, with variables. Pure.

The rules are those of npm's ``ini`` package and of ``@npmcli/config`` (``env-replace.js``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

LONGEST = 2**20
"""Code points; a longer file is no configuration."""

LIST_BREAK = "\n\n"
"""What is between the parts of a list in one text."""

_LINES = re.compile(r"[\r\n]+")
_VARIABLE = re.compile(r"(?<!\\)(\\*)\$\{([^${}?]+)(\?)?\}")
_UNCOMMENTED = re.compile(r"(?:\\.|[^\\;#])*\\?")
_ESCAPED = re.compile(r"\\([\\;#])")
_QUOTES = ("'", '"')


def parse(text: str) -> dict[str, str]:
    """The settings of a file, the last of each name standing, variables as written.

    Sections have no meaning to npm, so what stands in one is not read. What is a list once
    (``key[]=``) remains one; its parts are joined by empty lines, as npm itself splits them.
    """
    found: dict[str, str] = {}
    lists: set[str] = set()
    for line in _LINES.split(text[:LONGEST]):
        stripped = line.strip()
        if stripped.startswith("["):
            break
        if not stripped or stripped[0] in ";#":
            continue
        key, _, value = stripped.partition("=")
        name, said = _plain(key), _plain(value)
        if name.endswith("[]"):
            name = name[:-2]
            lists.add(name)
        if name in lists and name in found:
            said = found[name] + LIST_BREAK + said
        if name:
            found[name] = said
    return found


def has_variable(text: str) -> bool:
    """Whether the environment would change the meaning of *text*."""
    return bool(variables(text))


def variables(text: str) -> frozenset[str]:
    """The names of the variables in *text*."""
    found = (match for match in _VARIABLE.finditer(text) if len(match[1]) % 2 == 0)
    return frozenset(match[2] for match in found)


def expand(text: str, environ: Mapping[str, str]) -> str:
    r"""*text* with its ``${VAR}`` from *environ*; one that is not set stays as it is, and with a
    question mark (``${VAR?}``) becomes empty. A backslash before it takes its meaning away.
    """

    def value(found: re.Match[str]) -> str:
        backslashes, name, is_optional = found.groups()
        if len(backslashes) % 2:
            return found[0][(len(backslashes) + 1) // 2 :]
        unset = "" if is_optional else f"${{{name}}}"
        return backslashes[len(backslashes) // 2 :] + environ.get(name, unset)

    return _VARIABLE.sub(value, text)


def _plain(text: str) -> str:
    """A key or a value without its quotes, escapes and trailing comment."""
    text = text.strip()
    if text[:1] in _QUOTES and text[-1:] == text[:1]:
        inner = text[1:-1] if text[0] == "'" else text
        try:
            said = json.loads(inner)
        except (ValueError, RecursionError):
            return inner
        return said if isinstance(said, str) else inner
    found = _UNCOMMENTED.match(text)
    return _ESCAPED.sub(r"\1", found[0] if found else "").strip()

"""Variables as Yarn 2 and newer write them: ``${VAR}``, ``${VAR-x}``, ``${VAR:-x}``. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"(\\[\\$}])|\$\{([a-zA-Z]\w*)(?:(:?-)([^{}]*))?\}")
_OPEN = re.compile(r"(?<!\\)\$\{")


def expand(text: str, environ: Mapping[str, str]) -> str:
    """*text* with its variables. Yarn refuses a file with one that is not set and has no other
    word; here that one stays, so that what it stands in is no address and no credential. So does
    one that has another within its other word.
    """

    def value(found: re.Match[str]) -> str:
        escaped, name, operator, otherwise = found.groups()
        if escaped:
            return escaped[1:]
        said = environ.get(name)
        if said is None or (operator == ":-" and not said):
            return otherwise if operator else found[0]
        return said

    return _VARIABLE.sub(value, text)


def is_open(text: str) -> bool:
    """Whether the environment would still have to say what *text* means."""
    return _OPEN.search(text) is not None

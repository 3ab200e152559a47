"""``.env`` files, which Bun adds to its environment before it reads its configuration.

Of several the first has most weight, and the environment itself stands over all (Bun's document
*Environment variables*; that ``bun install`` is in production's mode by itself is what it does). A
value that is made of others, or that has escapes, is not read: it is as if it were not set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from registry_lsp.ecosystems.npm.config.places import read_text

LARGEST = 2**16
"""Bytes; what stands behind them is not read."""

_LINE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*[=:][ \t]*"""
    r"""(?:"([^"\n]*)"|'([^'\n]*)'|`([^`\n]*)`|([^\n#]*))""",
    re.MULTILINE | re.ASCII,
)
_MODES = ("development", "test")
_UNREAD = re.compile(r"[$\\]")


def read_env_files(folder: Path | None, environ: Mapping[str, str]) -> Mapping[str, str]:
    """What the files of a *folder* say, where ``NODE_ENV`` in *environ* says which they are."""
    found: dict[str, str] = {}
    if folder is not None:
        for name in _names(environ.get("NODE_ENV", "")):
            found = {**parse_env(read_text(folder / name, LARGEST)), **found}
    return found


def parse_env(text: str) -> dict[str, str]:
    """The variables of one file, the last of each name standing. Pure."""
    found = {}
    for match in _LINE.finditer(text.replace("\r", "\n")):
        name, *quoted, plain = match.groups()
        value = next((each for each in quoted if each is not None), (plain or "").strip())
        found[name] = value
    return {name: value for name, value in found.items() if not _UNREAD.search(value)}


def _names(mode: str) -> Iterator[str]:
    """The files, those that count most first."""
    mode = mode if mode in _MODES else "production"
    yield f".env.{mode}.local"
    if mode != "test":
        yield ".env.local"
    yield f".env.{mode}"
    yield ".env"

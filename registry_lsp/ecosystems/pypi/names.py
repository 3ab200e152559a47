"""Names of Python projects (the packaging specification *Names and normalization*, PEP 503)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SEPARATORS = re.compile(r"[-_.]+")
_UNLIKE = re.compile(r"[^a-z0-9-]|--")
"""Without any of this a name is normalised already."""
_VALID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")

_VERSION = re.compile(r"-v?[0-9]")
"""Begins a version in the name of an archive: before any of them the name may end."""


def normalise(name: str) -> str:
    """*name* as registries are asked for it: lower-case, runs of ``-_.`` as one hyphen."""
    if _UNLIKE.search(name) is None:  # as nearly all are written
        return name
    return _SEPARATORS.sub("-", name).lower()


def is_valid_name(name: str) -> bool:
    """Whether *name* may name a project: ASCII letters, digits and ``-_.``, the ends no mark."""
    return _VALID.fullmatch(name) is not None


def names_of(entry: str) -> Iterator[str]:
    """The normalised names that the archive *entry*, or the folder of one name, may be of."""
    yield normalise(entry)
    for found in _VERSION.finditer(entry):
        yield normalise(entry[: found.start()])

"""Names of Python projects (the packaging specification *Names and normalization*, PEP 503)."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[-_.]+")
_VALID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def normalise(name: str) -> str:
    """*name* as registries are asked for it: lower-case, runs of ``-_.`` as one hyphen."""
    return _SEPARATORS.sub("-", name).lower()


def is_valid_name(name: str) -> bool:
    """Whether *name* may name a project: ASCII letters, digits and ``-_.``, the ends no mark."""
    return _VALID.fullmatch(name) is not None

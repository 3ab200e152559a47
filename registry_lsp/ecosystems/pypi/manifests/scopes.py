"""The parts of a project that have dependencies of their own."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from registry_lsp.ecosystems.pypi.names import normalise


class Scope(NamedTuple):
    """A part of a project that has dependencies of its own: an extra, a group, or the main one,
    which has neither. Names are normalised.
    """

    extra: str = ""
    group: str = ""


MAIN = Scope()
"""What is always installed with a project."""
ANY_NAME = "*"
"""Stands for every extra, or group."""
NO_PART = Scope(extra=ANY_NAME, group=ANY_NAME)
"""No part: what is said holds for the project and all below it, as a constraint does."""

_SCOPES = MappingProxyType(
    {
        "project.dependencies": MAIN,
        "tool.poetry.dependencies": MAIN,
        "packages": MAIN,
        "dependencies": MAIN,
        "tool.poetry.dev-dependencies": Scope(group="dev"),
        "tool.uv.dev-dependencies": Scope(group="dev"),
        "requirements": NO_PART,
        "constraints": NO_PART,
        "tool.uv.constraint-dependencies": NO_PART,
        "tool.uv.override-dependencies": NO_PART,
    }
)
_EXTRAS = "project.optional-dependencies."
_GROUPS = ("dependency-groups.", "tool.pdm.dev-dependencies.", "tool.poetry.group.")
_UNLOCKED = (
    *("build-system.", "tool.hatch.", "tool.poetry.requires-plugins", "tool.poetry.build-"),
    *("tool.uv.build-", "tool.uv.extra-build-", "tool.uv.exclude-"),
)
"""Sections that no lock file speaks of: they are installed in environments of their own."""


@lru_cache(maxsize=512)
def scope_of(section: str) -> Scope | None:
    """The scope of a manifest's *section*, None where it is installed in an environment of its
    own, of which no lock file speaks.
    """
    known = _SCOPES.get(section)
    if known is not None:
        return known
    if section.startswith(_UNLOCKED):
        return None
    if section.startswith(_EXTRAS):
        return Scope(extra=normalise(section.removeprefix(_EXTRAS)))
    for prefix in _GROUPS:
        if section.startswith(prefix):
            group = section.removeprefix(prefix).removesuffix(".dependencies")
            return Scope(group=normalise(group))
    return NO_PART if "." in section else Scope(group=section)

"""What a requirement fills in an environment. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from packaging.markers import InvalidMarker, Marker

from registry_lsp.core.manifests import Dependency
from registry_lsp.ecosystems.pypi.manifests.scopes import NO_PART, scope_of

_REQUIREMENTS = "requirements"
_POETRY = "tool.poetry."
_NO_REQUESTS = ("constraint", "override", "exclude")
_LONGEST_MARKER = 500


def slot(dependency: Dependency) -> Hashable | None:
    """The project in the part of the manifest that asks for it, under the same condition.

    Two requirements of one part, condition and project hold both at once: pip's resolver, uv and
    PDM take them together, pip's older one refuses them (*Double requirement given*), and Poetry
    wants one entry for a project. It is not said of what is common and meant: an extra or a group
    that narrows what the project asks for, a requirement for some environments only beside one
    for others or for all, and Poetry's own tables, which since Poetry 2 enrich the standard ones.
    Constraints, overrides and exclusions ask for nothing.
    """
    section = dependency.section
    if section.startswith("constraints") or any(each in section for each in _NO_REQUESTS):
        return None
    runtime = dependency.runtime if dependency.dialect == "poetry" else None
    return _part(section), dependency.name, _condition(dependency.marker), runtime


@lru_cache(maxsize=512)
def _part(section: str) -> Hashable:
    """Sections that are installed as one part of the project are one: the groups of older forms
    with those of the standard.
    """
    scope = scope_of(section)
    if scope is None or scope == NO_PART or section == _REQUIREMENTS:
        return section
    return section.startswith(_POETRY), scope


@lru_cache(maxsize=512)
def _condition(marker: str) -> str:
    """*marker* however it is spaced and quoted."""
    if not marker or len(marker) > _LONGEST_MARKER:
        return marker
    try:
        return str(Marker(marker))
    except (InvalidMarker, RecursionError):
        return marker

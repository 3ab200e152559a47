"""Which of several places a dependency comes from: each of uv's sources may be for one extra, one
group or where a marker holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from registry_lsp.ecosystems.pypi.manifests.origins import (
    ANYWHERE,
    NOWHERE,
    SOURCES,
    Origin,
    origin_of,
)
from registry_lsp.ecosystems.pypi.manifests.scopes import ANY_NAME, MAIN, Scope
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.versions.marker_overlap import is_covered, may_meet
from registry_lsp.ecosystems.pypi.versions.markers import floor
from registry_lsp.syntax.nodes import ArrayNode, Node, TableNode, tables_in

Rivals: TypeAlias = Mapping[Scope, Collection[Scope]]
"""By each part of a project that conflicts with others, those that it is never installed with."""

_MOST_CHOICES = 8
"""Whose markers are tried."""
_MOST_RIVALS = 30
"""In one conflict, for each of them has all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An origin, and whom it is for: the normalised names of an ``extra`` and of a ``group``, and
    a ``marker``; empty where it is for all.
    """

    origin: Origin
    marker: str = ""
    extra: str = ""
    group: str = ""

    @property
    def is_for_all(self) -> bool:
        """Whether nothing limits it."""
        return not (self.marker or self.extra or self.group)

    def is_for(self, scope: Scope, rivals: Rivals | None) -> bool | None:
        """Whether what stands in *scope* comes from here, where the marker holds; None where that
        depends on what is installed with it, or on what is not known.

        uv resolves all parts of a project at once, so that what is said for one of them is said
        for all, but for those that are declared never to be installed together.
        """
        part = Scope(extra=self.extra, group=self.group)
        if part in (MAIN, scope):
            return True
        if rivals is None:
            return None
        if part not in rivals:
            return True
        return False if scope in rivals[part] else None


def choices_in(value: Node | None) -> tuple[Choice, ...]:
    """What a table says, or an array of such. What has none of the keys that say anything is half
    a binding, to what nobody knows; an empty table beside others is what a header begins with.
    """
    tables = (table for table in tables_in(value) if table.members)
    return tuple(map(_choice_of, tables)) or (Choice(origin=NOWHERE),)


def read_rivals(uv: TableNode | None, project: str) -> Rivals | None:
    """The parts of *project*, a normalised name, that conflict by ``tool.uv``, which is *uv*; None
    where they are too many.
    """
    conflicts = uv.get("conflicts") if uv is not None else None
    found: dict[Scope, set[Scope]] = {}
    for conflict in conflicts.items if isinstance(conflicts, ArrayNode) else ():
        parts = {
            Scope(extra=normalise(each.string("extra")), group=normalise(each.string("group")))
            for each in tables_in(conflict)
            if normalise(each.string("package")) in ("", project)
        }
        if len(parts) > _MOST_RIVALS:
            return None
        for part in parts:
            found.setdefault(part, set()).update(parts - {part})
    return found


def choose(
    choices: Sequence[Choice],
    scope: Scope,
    rivals: Rivals | None,
    *,
    marker: str | None,
    runtime: str | None,
) -> Origin:
    """The origin of a dependency in *scope* which has the *marker*, in a project that requires
    *runtime*. What none of the choices is for comes from the default index, as with uv.

    Where several origins are left, which of them counts is for the installer to see: then nobody
    is asked. Without a *marker* none is tried, for that takes up to some milliseconds.
    """
    left = [
        (each, is_for) for each in choices if (is_for := each.is_for(scope, rivals)) is not False
    ]
    certain = {each.marker for each, is_for in left if is_for}
    if marker is None or len(choices) > _MOST_CHOICES:
        is_whole = "" in certain
    else:
        extra, group = (None if name == ANY_NAME else name for name in scope)
        # not where the project's Python rules it out, for there uv takes the index all the same
        left = [
            (each, is_for)
            for each, is_for in left
            if may_meet(each.marker, marker, extra=extra, group=group)
        ]
        is_whole = is_covered(_where(marker, runtime), certain, extra=extra, group=group)
    origins = [each.origin for each, _ in left]
    return _agreed(origins if is_whole else [*origins, ANYWHERE])


def _where(marker: str, runtime: str | None) -> str:
    """The marker of the places where a dependency with *marker* is installed."""
    lowest = floor(runtime) if runtime is not None else None
    conditions = [f"({marker})"] * bool(marker)
    if lowest is not None:
        conditions.append(f"python_full_version >= '{lowest}'")
    return " and ".join(conditions)


def _choice_of(table: TableNode) -> Choice:
    origin = origin_of(table)
    is_half = origin is ANYWHERE and SOURCES.keys().isdisjoint(
        key.value for key, _ in table.members
    )
    return Choice(
        origin=NOWHERE if is_half else origin,
        marker=table.string("marker"),
        extra=normalise(table.string("extra")),
        group=normalise(table.string("group")),
    )


def _agreed(origins: Sequence[Origin]) -> Origin:
    if len({replace(each, place=None) for each in origins}) <= 1:
        return origins[0] if origins else ANYWHERE
    return next((each for each in origins if not each.source.is_looked_up), NOWHERE)

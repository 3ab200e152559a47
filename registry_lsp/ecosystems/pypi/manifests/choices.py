"""Which of several places a dependency comes from: each of uv's sources may be for one extra, one
group or where a marker holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from registry_lsp.ecosystems.pypi.manifests.origins import (
    ANYWHERE,
    NOWHERE,
    SOURCES,
    Origin,
    origin_of,
)
from registry_lsp.ecosystems.pypi.manifests.scopes import ANY_NAME, Scope
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.versions.marker_overlap import is_covered, may_meet
from registry_lsp.ecosystems.pypi.versions.markers import floor
from registry_lsp.syntax.nodes import Node, TableNode, tables_in

_MOST_CHOICES = 8
"""Whose markers are tried."""


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

    def may_be_for(self, scope: Scope) -> bool:
        """Whether what stands in *scope* may come from here."""
        parts = zip((self.extra, self.group), scope, strict=True)
        return all(own in ("", name) or name == ANY_NAME for own, name in parts)

    def is_for(self, scope: Scope) -> bool:
        """Whether all that stands in *scope* comes from here, where the marker holds."""
        return self.extra in ("", scope.extra) and self.group in ("", scope.group)


def choices_in(value: Node | None) -> tuple[Choice, ...]:
    """What a table says, or an array of such. What has none of the keys that say anything is half
    a binding, to what nobody knows; an empty table beside others is what a header begins with.
    """
    tables = (table for table in tables_in(value) if table.members)
    return tuple(map(_choice_of, tables)) or (Choice(origin=NOWHERE),)


def choose(
    choices: Sequence[Choice], scope: Scope, *, marker: str | None, runtime: str | None
) -> Origin:
    """The origin of a dependency in *scope* which has the *marker*, in a project that requires
    *runtime*. What none of the choices is for comes from the default index, as with uv.

    Where several origins are left, which marker holds is for the installer to see: then nobody is
    asked. Without a *marker* none is tried, for that takes up to some milliseconds.
    """
    left = [each for each in choices if each.may_be_for(scope)]
    certain = {each.marker for each in left if each.is_for(scope)}
    if marker is None or len(choices) > _MOST_CHOICES:
        is_whole = "" in certain
    else:
        where = _where(marker, runtime)
        extra, group = (None if name == ANY_NAME else name for name in scope)
        left = [each for each in left if may_meet(each.marker, where, extra=extra, group=group)]
        is_whole = is_covered(where, certain, extra=extra, group=group)
    origins = [each.origin for each in left]
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

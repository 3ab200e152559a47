"""What a lock file has: its entries, and whom of a manifest's dependencies each is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from registry_lsp.core.manifests import Dependency, Locked
from registry_lsp.core.ports.versions import InvalidRequirementError, Requirement
from registry_lsp.ecosystems.pypi.manifests.scopes import MAIN, NO_PART, Scope
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.versions.choice import parse_version
from registry_lsp.ecosystems.pypi.versions.dialects import SCHEMES
from registry_lsp.ecosystems.pypi.versions.marker_overlap import may_meet

_MOST_PROJECTS = 100_000
_MOST_ENTRIES = 64
"""Of one project: real ones have a dozen, one for each Python and platform at most."""
_MOST_MARKERS = 16
"""That are held against a dependency's own, for each takes up to a millisecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One version of a project in a lock file. ``scopes`` are the parts that it is locked for,
    empty where the file does not tell. Of one that is installed ``place`` is the path of the folder
    (or file) from its environment that tells of it.
    """

    version: str
    place: str = ""
    marker: str = ""
    scopes: frozenset[Scope] = frozenset()
    is_registry: bool = True


Entries = Mapping[str, tuple[Entry, ...]]
"""By the project's normalised name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LockFile:
    """A lock file, read. Two readings are never equal: to compare them would take long.

    ``members`` are the projects that it was made for, where it tells: by their folder (relative to
    the lock file's, '/' between the parts, '.' for that itself), what each of their scopes asks
    for. Those in ``workspace`` are locked by this file alone, the others may have one of their
    own.
    """

    entries: Entries
    members: Mapping[str, Mapping[Scope, Entries]] = field(default_factory=dict)
    workspace: frozenset[str] = frozenset()

    def entries_for(self, name: str, scope: Scope, member: str) -> tuple[Entry, ...]:
        """What is locked of *name* for a *scope* of a *member*; for anybody where that one's part
        is not told.
        """
        own = self.members.get(member, {}).get(scope, {}).get(name)
        return own if own is not None else self.entries.get(name, ())


def collect(found: Iterable[tuple[str, Entry]]) -> Entries:
    """Entries by the normalised names that they have been *found* under; those of no name or no
    version are left out. Raises :class:`ValueError` where there are more than anybody installs.
    """
    by_name: dict[str, list[Entry]] = {}
    for name, entry in found:
        if not name or parse_version(entry.version) is None:
            continue
        its = by_name.setdefault(normalise(name), [])
        if len(its) < _MOST_ENTRIES:
            its.append(entry)
        if len(by_name) > _MOST_PROJECTS:
            raise ValueError("the lock file names more projects than anybody installs")
    return {name: tuple(entries) for name, entries in by_name.items()}


def locked_versions(
    entries: Sequence[Entry], dependency: Dependency, scope: Scope, *, by: str
) -> tuple[Locked, ...]:
    """The versions of *entries* that are locked for *dependency*, which stands in *scope*.

    What comes from elsewhere than the dependency says is none of its. Where there are several,
    they are those of its scope, then those whose marker can hold where its own does, then those
    that it admits: the first of these that none would be left of is passed over.
    """
    is_registry = dependency.source.is_looked_up
    kept = [each for each in entries if each.is_registry is is_registry]
    if len(kept) > 1:
        for fits in (_is_in_scope, _can_hold, _is_admitted):
            if fits is not _can_hold or len(kept) <= _MOST_MARKERS:
                kept = _narrowed(kept, fits, dependency, scope)
    markers: dict[str, list[str]] = {}
    for each in kept:
        markers.setdefault(each.version, []).append(each.marker)
    if len(markers) == 1:  # the dependency's own condition is all that there is
        return (Locked(version=kept[0].version, by=by),)
    return tuple(
        Locked(version=version, by=by, marker=either(its)) for version, its in markers.items()
    )


def either(markers: Sequence[str]) -> str:
    """The marker that holds where one of *markers* does; empty where one of them always does."""
    return " or ".join(dict.fromkeys(markers)) if all(markers) else ""


def pinned_version(dependency: Dependency) -> str | None:
    """The one version that *dependency* itself names, None where it names none or several."""
    requirement = _requirement(dependency)
    return requirement.pinned if requirement is not None else None


def _narrowed(
    entries: list[Entry],
    fits: Callable[[Entry, Dependency, Scope], bool],
    dependency: Dependency,
    scope: Scope,
) -> list[Entry]:
    if len({each.version for each in entries}) == 1:
        return entries
    return [each for each in entries if fits(each, dependency, scope)] or entries


def _is_in_scope(entry: Entry, _dependency: Dependency, scope: Scope) -> bool:
    return scope in entry.scopes or (scope.extra != "" and MAIN in entry.scopes)  # as Poetry has it


def _can_hold(entry: Entry, dependency: Dependency, scope: Scope) -> bool:
    if scope == NO_PART:
        return may_meet(entry.marker, dependency.marker)
    return may_meet(entry.marker, dependency.marker, extra=scope.extra, group=scope.group)


def _is_admitted(entry: Entry, dependency: Dependency, _scope: Scope) -> bool:
    requirement = _requirement(dependency, prereleases=True)
    return requirement is None or requirement.admits(entry.version)


def _requirement(dependency: Dependency, *, prereleases: bool | None = None) -> Requirement | None:
    scheme = SCHEMES[dependency.dialect]
    try:
        return scheme.parse(dependency.specifier, prereleases=prereleases)
    except InvalidRequirementError:
        return None

"""A project whose tools read the tables of TOML: what it has from the files around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from registry_lsp.core.manifests import Dependency, Index, Locked, Manifest, Problem, Role, Source
from registry_lsp.core.pointers import Mentions, Pointer
from registry_lsp.ecosystems.pypi.locks.find import PythonLock
from registry_lsp.ecosystems.pypi.manifests.bindings import Bindings
from registry_lsp.ecosystems.pypi.manifests.origins import ANYWHERE
from registry_lsp.ecosystems.pypi.manifests.uv_constraints import held_by_uv
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.project.definitions import definitions_of, mentions_of
from registry_lsp.ecosystems.pypi.project.local_indexes import kept, without_local
from registry_lsp.ecosystems.pypi.project.pythons import installed_on
from registry_lsp.ecosystems.pypi.project.uv_workspaces import NOTHING, Heritage

_NO_INDEX = "uv finds no index called '{}': neither the project nor its workspace has one."
_NO_MEMBER = "uv finds no project called '{}' in the workspace."
_IS_MEMBER = (
    "'{}' is a project of this workspace: uv takes it from here only, and needs "
    "'{} = {{ workspace = true }}' in 'tool.uv.sources'."
)
_NOT_BOUND = ("tool.hatch.", "tool.uv.exclude-")
"""Sections whose names uv's sources bind nothing of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardProject:
    """The project of any other manifest: a ``pyproject.toml``, a ``Pipfile``, a script. ``named``
    are the indexes that uv has from its variables.
    """

    heritage: Heritage
    lock: PythonLock
    named: frozenset[str] = frozenset()

    def resolve(self, manifest: Manifest) -> Manifest:
        """*manifest* with what uv takes from the files around it.

        Of a member of a workspace, the root's indexes count: its own serve the names that it binds
        to them. Only where the root puts none in the default one's place, the member's own default
        one stays, though uv would ask the configuration's: no name goes from an index that somebody
        has put there to the public one. The root's sources bind what the member does not bind
        itself, and its constraints and overrides hold in the place of the member's. What is bound
        to an index or a member that there is not is a problem.
        """
        if self.lock.python is not None:
            on = installed_on(manifest.dependencies, self.lock.python)
            manifest = replace(manifest, dependencies=on)
        if self.heritage == NOTHING:
            return manifest
        members = dict(self.heritage.members or ())
        bindings, local = self._bindings(manifest), dict(self.heritage.local)
        indexes = self._indexes(manifest.indexes)
        nearby = frozenset[str]().union(*(local.get(each.url, ()) for each in indexes))
        bound = tuple(
            kept(self._bound(each, bindings, manifest.runtime), nearby)
            for each in manifest.dependencies
        )
        return replace(
            manifest,
            indexes=without_local(indexes, local),
            dependencies=self._held(self._linked(each, members) for each in bound),
            problems=(*manifest.problems, *self._problems(bound, indexes, members)),
        )

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """What the lock file says, else what is installed."""
        return self.lock.locked(dependency)

    def substitutes(self, _dependency: Dependency) -> tuple[str, ...]:
        """None: what comes from elsewhere has no version."""
        return ()

    def members(self) -> frozenset[str]:
        """The projects of the workspace."""
        return frozenset(name for name, _ in self.heritage.members or ())

    def locked_names(self) -> frozenset[str]:
        """What the lock files name, else what is installed."""
        return self.lock.names()

    def definitions(self, dependency: Dependency, _manifest: Manifest) -> tuple[Pointer, ...]:
        """See :class:`registry_lsp.core.ports.project.Project`."""
        return definitions_of(dependency, self.lock)

    def mentions(self, dependency: Dependency | None, manifest: Manifest) -> Mentions:
        """See :class:`registry_lsp.core.ports.project.Project`."""
        return mentions_of(dependency, manifest, (path for _, path in self.heritage.members or ()))

    def _held(self, dependencies: Iterable[Dependency]) -> tuple[Dependency, ...]:
        """*dependencies* with the constraints of the workspace's root, which alone uv reads."""
        if not self.heritage.is_member:
            return tuple(dependencies)
        return held_by_uv(dependencies, self.heritage.constraints)

    def _indexes(self, own: tuple[Index, ...]) -> tuple[Index, ...]:
        inherited = self.heritage.indexes
        if self.heritage.is_member:
            is_put = any(each.role == "default" for each in inherited)
            kept = {"explicit"} if is_put else {"explicit", "default"}
            own = tuple(
                each if each.role in kept else replace(each, role="explicit") for each in own
            )
        elif any(each.role == "default" for each in own):
            inherited = tuple(each for each in inherited if each.role != "default")
        return (*own, *inherited)

    def _problems(
        self,
        dependencies: Iterable[Dependency],
        indexes: Iterable[Index],
        members: Mapping[str, str],
    ) -> Iterator[Problem]:
        """What uv refuses of the bindings of *dependencies*, as soon as it needs them."""
        names = {*self.named, *(each.name for each in indexes)}
        is_judged = self.heritage.is_bound_by_uv
        for each in dependencies:
            if each.dialect != "pep440":
                continue
            reason = None
            if each.source is Source.WORKSPACE:
                # a target is another workspace, of which nothing is known here
                is_known = self.heritage.members is not None and not each.target
                if is_known and each.name not in members:
                    reason = _NO_MEMBER.format(each.display_name)
            elif self._is_unbound_member(each, members):
                reason = _IS_MEMBER.format(each.display_name, each.name)
            elif is_judged and each.index and each.index not in names:
                reason = _NO_INDEX.format(each.index)
            if reason is not None:
                yield Problem(span=each.name_span, reason=reason)

    def _is_unbound_member(self, dependency: Dependency, members: Mapping[str, str]) -> bool:
        """Whether *dependency* is one of the workspace's own *members*, and is not said to be."""
        return (
            self.heritage.is_bound_by_uv
            and dependency.name in members
            and dependency.source not in (Source.WORKSPACE, Source.REFERENCE)
            and not dependency.section.startswith(_NOT_BOUND)
        )

    def _linked(self, dependency: Dependency, members: Mapping[str, str]) -> Dependency:
        """*dependency* with a link to the member of the workspace that it is. No registry is asked
        for a member, however its name is written.
        """
        if dependency.source is Source.REGISTRY and self._is_unbound_member(dependency, members):
            dependency = replace(dependency, source=Source.WORKSPACE, target="", index=None)
        if dependency.source is not Source.WORKSPACE or dependency.link:
            return dependency
        return replace(dependency, link=members.get(dependency.name, ""))

    def _bindings(self, manifest: Manifest) -> Bindings:
        """What the workspace's root says of names, for the groups of *manifest*."""
        included = (each.target for each in manifest.links if each.role is Role.GROUP)
        return Bindings(
            named=dict(self.heritage.origins),
            shared=frozenset(map(normalise, included)),
            replaced=dict(self.heritage.replaced),
        )

    def _bound(self, dependency: Dependency, bindings: Bindings, runtime: str | None) -> Dependency:
        """*dependency* with the origin that the workspace's root gives its name."""
        is_bound = dependency.name in bindings.named or dependency.name in bindings.replaced
        if not is_bound or dependency.dialect != "pep440":
            return dependency
        if dependency.source is not Source.REGISTRY or dependency.index is not None:
            return dependency
        origin = bindings.of(
            dependency.name, dependency.section, marker=dependency.marker, runtime=runtime
        )
        if origin is ANYWHERE:
            return dependency
        return replace(
            dependency,
            source=origin.source,
            target=origin.target,
            index=origin.index,
            link=origin.link,
            via=self.heritage.via,
        )

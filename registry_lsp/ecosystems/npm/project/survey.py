"""What the files around an npm manifest say of it: catalogs, workspaces and lock files."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from registry_lsp.core.manifests import Dependency, Locked, Manifest, Problem, Source
from registry_lsp.core.pointers import Mentions, Pointer, here
from registry_lsp.core.ports.project import Files, Project
from registry_lsp.core.text import printable
from registry_lsp.ecosystems.npm.locks.find import NpmLock, find_lock_file, with_installed
from registry_lsp.ecosystems.npm.locks.installed import MODULES
from registry_lsp.ecosystems.npm.manifests.catalog_sections import (
    DEFAULT,
    catalog_of,
    problem_of,
)
from registry_lsp.ecosystems.npm.manifests.direct_sections import DIRECT_SECTIONS
from registry_lsp.ecosystems.npm.manifests.entries import SHOWN
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PNPM_WORKSPACE
from registry_lsp.ecosystems.npm.manifests.replacements import Replacements
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YARN_SETTINGS
from registry_lsp.ecosystems.npm.project.catalog_lookup import CatalogLookup, Settled
from registry_lsp.ecosystems.npm.project.catalogs import (
    MANIFEST,
    UNNAMED,
    Shelf,
    find_shelf,
    own_entries,
)
from registry_lsp.ecosystems.npm.project.definitions import (
    catalog_entry,
    catalog_mentions,
    entry_catalog,
    entry_of,
    package_at,
    package_mentions,
)
from registry_lsp.ecosystems.npm.project.installer import Installer
from registry_lsp.ecosystems.npm.project.local_packages import LocalPackages, find_local
from registry_lsp.ecosystems.npm.project.overridden import find_replacements, read_package
from registry_lsp.ecosystems.npm.project.readings import as_read
from registry_lsp.ecosystems.npm.project.refusals import refusal
from registry_lsp.ecosystems.npm.project.workspaces import relative

_NPM = "npm"


def survey(path: Path, manifest: Manifest, files: Files) -> Project:
    """What lies around the manifest at *path*, an absolute one: the catalogs, for who types may ask
    for one, and the members of its workspace, for nobody but they can tell which names no registry
    needs to hear of.
    """
    folder = path.parent
    sources = {each.source for each in manifest.dependencies}
    refers = Source.REFERENCE in sources and path.name == PNPM_WORKSPACE
    beside = files.read(folder / MANIFEST, read_package) if refers else None
    lock = find_lock_file(folder, files)
    workspace, installer = find_local(folder, lock, files)
    project = NpmProject(
        path=path,
        shelf=find_shelf(folder, files),
        workspace=workspace,
        installer=installer,
        replaced=find_replacements(path, workspace.root, files, installer.name),
        direct=None if beside is None else frozenset(beside.direct),
        lock=lock,
    )
    resolved = project.resolve(manifest).dependencies
    return replace(
        project,
        linked=_linked(project.lock, resolved),
        lock=with_installed(project.lock, folder, files, resolved),
    )


def _linked(lock: NpmLock, dependencies: Iterable[Dependency]) -> frozenset[str]:
    """Of the *dependencies* of a workspace's member those that a registry could be asked for and
    that *lock* takes from a folder all the same, since the root or another member names it.
    """
    if not lock.place.member:
        return frozenset()
    asked = (each for each in dependencies if each.source is Source.REGISTRY)
    return frozenset(each.display_name for each in asked if lock.is_linked(each))


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmProject:
    """What lies around the manifest at ``path``: the file that its catalogs stand in, the
    workspace that it belongs to, who installs that, what the root replaces, and what is locked;
    ``linked`` are the
    names that the lock file takes from folders which others name. ``direct`` are the
    dependencies of the package.json beside it that it may refer to, None where it refers to its
    own.
    """

    path: Path
    workspace: LocalPackages
    installer: Installer = field(default_factory=Installer)
    shelf: Shelf | None = None
    replaced: Replacements = field(default_factory=Replacements)
    direct: frozenset[str] | None = None
    linked: frozenset[str] = frozenset()
    lock: NpmLock = field(default_factory=NpmLock)

    def resolve(self, manifest: Manifest) -> Manifest:
        """*manifest* with the specifiers of its catalogs put in, and linked to what the project
        has itself.
        """
        catalogs, replaced = self._catalogs(manifest), self.replaced.applier()
        found = [self._settle(each, catalogs, replaced) for each in manifest.dependencies]
        problems = tuple(problem for _, problem in found if problem is not None)
        dependencies = tuple(dependency for dependency, _ in found)
        stated = self._stated(manifest)
        if (
            not problems
            and stated is manifest.problems
            and all(map(operator.is_, dependencies, manifest.dependencies))
        ):
            return manifest
        return replace(manifest, dependencies=dependencies, problems=(*stated, *problems))

    def _stated(self, manifest: Manifest) -> tuple[Problem, ...]:
        """The problems of *manifest* but for those that only another package manager has with it
        than the one that the project asks for, or has been locked by.
        """
        if all(self.installer.says(each.by) for each in manifest.problems):
            return manifest.problems
        return tuple(each for each in manifest.problems if self.installer.says(each.by))

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """The version of a resolved *dependency* that is locked, else installed."""
        return self.lock.locked(dependency)

    def substitutes(self, dependency: Dependency) -> tuple[str, ...]:
        """``workspace:`` for a package of the workspace, and the catalogs that have an entry for
        it: not for npm, which knows neither.
        """
        if self.installer.name == _NPM or dependency.section not in DIRECT_SECTIONS:
            return ()
        name, entries = dependency.display_name, self.shelf.shared.entries if self.shelf else {}
        catalogs = [catalog for catalog, entry in entries if entry == name]
        named = sorted(each for each in catalogs if each not in (DEFAULT, UNNAMED))
        own = [f"workspace:{each}" for each in ("*", "^", "~")] if name in self.members() else []
        default = ["catalog:"] if len(named) < len(catalogs) else []
        return (*own, *default, *(f"catalog:{each}" for each in named))

    def members(self) -> frozenset[str]:
        """The packages of the workspace."""
        return frozenset(self.workspace.members.by_name)

    def locked_names(self) -> frozenset[str]:
        """What the lock file names, else what is installed."""
        return self.lock.names()

    def definitions(self, dependency: Dependency, manifest: Manifest) -> tuple[Pointer, ...]:
        """See :class:`registry_lsp.core.ports.project.Project`."""
        catalogs = self._catalogs(manifest)
        if catalog_of(dependency) is None and (asked := catalogs.asked(dependency)) is not None:
            file, name = catalogs.file, dependency.display_name
            return (catalog_entry(file, asked, name),) if file else ()
        if dependency.source in (Source.WORKSPACE, Source.PATH):
            return (package_at(dependency.link),) if dependency.link else ()
        if dependency.source is Source.REFERENCE and dependency.link:
            return (entry_of(dependency.link, dependency.display_name),)
        installed = self.lock.installed_at(dependency)
        return (package_at(installed),) if installed else self.lock.entry(dependency)

    def mentions(self, dependency: Dependency | None, manifest: Manifest) -> Mentions:
        """See :class:`registry_lsp.core.ports.project.Project`."""
        manifests = self.workspace.manifests or (self.path.name,)
        if dependency is None:
            declared = (here(manifest.name_span),) if manifest.name_span is not None else ()
            return package_mentions(manifest.name, declared, manifests)
        name, file = dependency.display_name, self.path.name
        catalog = entry_catalog(dependency, file)
        if catalog is None:
            lookup = self._catalogs(manifest)
            file, catalog = lookup.file, lookup.asked(dependency)
        if catalog is not None and file:
            return catalog_mentions(file, catalog, name, manifests)
        if dependency.source is not Source.WORKSPACE or not dependency.link:
            return Mentions()
        return package_mentions(dependency.name, (package_at(dependency.link),), manifests)

    def _catalogs(self, manifest: Manifest) -> CatalogLookup:
        """The catalogs that count for *manifest*: those of its own text, if it has them and no
        other file does.
        """
        shelf, own = self.shelf, own_entries(manifest)
        if shelf is None or shelf.path == self.path or (own and not shelf.shared.entries):
            return CatalogLookup(entries=own, file=self.path.name if shelf or own else "", via="")
        file = relative(shelf.path, self.path.parent)
        shared = shelf.shared
        return CatalogLookup(
            entries=shared.entries,
            file=file,
            via=file,
            is_whole=shared.is_whole,
            is_yarns=shelf.path.name == YARN_SETTINGS,
            lines=shared.lines,
        )

    def _settle(
        self,
        dependency: Dependency,
        catalogs: CatalogLookup,
        replaced: Callable[[Dependency], Dependency],
    ) -> Settled:
        dependency = as_read(dependency, self.installer)
        refused = refusal(dependency, self.installer)
        if dependency.source is Source.REGISTRY and not self._has_other(dependency):
            return dependency, refused  # as nearly all are
        is_named = dependency.source is Source.REFERENCE and dependency.written.strip()[:1] == "$"
        if is_named and self.direct is not None:
            return _referred(dependency, self.direct)
        problem = refused or self.workspace.refusal(dependency)
        if dependency.source is Source.WORKSPACE:
            settled, missed = self.workspace.settle(dependency, self.lock.manager)
            return settled, problem or missed
        is_entry = catalog_of(dependency) is not None
        if is_entry or dependency.section in DIRECT_SECTIONS:
            dependency = replaced(dependency)
        if dependency.source is Source.CATALOG and not is_entry and problem is None:
            dependency, problem = catalogs.settle(dependency)
            dependency = as_read(dependency, self.installer)
        if dependency.source.is_looked_up:
            dependency = self.workspace.localised(dependency, self.lock)
        is_direct = dependency.section in DIRECT_SECTIONS and dependency.source is Source.REGISTRY
        if is_direct and dependency.display_name in self.linked:
            by = self.lock.by
            link = "../" * len(self.lock.place.member.split("/")) + by if by != MODULES else ""
            dependency = replace(dependency, source=Source.REFERENCE, target=by, link=link)
        return dependency, problem

    def _has_other(self, dependency: Dependency) -> bool:
        """Whether the project itself may have what *dependency* names."""
        name = dependency.display_name
        others = (self.replaced.by_name, self.workspace.members.by_name, self.linked)
        return any(name in each for each in others)


def _referred(dependency: Dependency, direct: frozenset[str]) -> Settled:
    """An override of pnpm's workspace that refers to a dependency of the root's manifest."""
    if dependency.target in direct:
        return replace(dependency, link=MANIFEST), None
    name = printable(dependency.target, SHOWN)
    reason = f"'{name}' is no direct dependency of the package.json beside this file."
    return dependency, problem_of(dependency, reason)

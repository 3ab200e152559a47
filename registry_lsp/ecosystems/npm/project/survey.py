"""What the files around an npm manifest say of it: catalogs, workspaces and lock files."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from pathlib import Path

from registry_lsp.core.manifests import Dependency, Locked, Manifest, Source
from registry_lsp.core.ports import Files, Project
from registry_lsp.core.text import printable
from registry_lsp.ecosystems.npm.locks.find import NpmLock, find_lock
from registry_lsp.ecosystems.npm.manifests.catalog_sections import catalog_of, problem_of
from registry_lsp.ecosystems.npm.manifests.entries import SHOWN
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PNPM_WORKSPACE
from registry_lsp.ecosystems.npm.manifests.sections import DIRECT_SECTIONS
from registry_lsp.ecosystems.npm.project.catalog_lookup import CatalogLookup, Settled
from registry_lsp.ecosystems.npm.project.catalogs import (
    MANIFEST,
    Shelf,
    find_shelf,
    own_entries,
)
from registry_lsp.ecosystems.npm.project.workspaces import (
    Members,
    find_members,
    find_workspace,
    relative,
)

_AROUND = frozenset({Source.CATALOG, Source.WORKSPACE, Source.REFERENCE})
"""Sources that are settled by what lies around the manifest."""


def survey(path: Path, manifest: Manifest, files: Files) -> Project:
    """What lies around the manifest at *path*, an absolute one. The catalogs and members of its
    workspace are looked for only where *manifest* asks for them.
    """
    folder = path.parent
    sources = {each.source for each in manifest.dependencies}
    shelf = find_shelf(folder, files) if Source.CATALOG in sources else None
    members = _members(folder, manifest, files) if Source.WORKSPACE in sources else None
    refers = Source.REFERENCE in sources and path.name == PNPM_WORKSPACE
    direct = files.read(folder / MANIFEST, read_direct) if refers else None
    project = NpmProject(path=path, shelf=shelf, members=members, direct=direct)
    lock = find_lock(folder, files, project.resolve(manifest).dependencies)
    return replace(project, lock=lock)


def read_direct(raw: bytes) -> frozenset[str]:
    """The names of the direct dependencies of a package.json. Raises :class:`ValueError` where it
    is no text.
    """
    manifest = PackageJson().parse(raw.decode("utf-8-sig"))
    return frozenset(
        each.display_name for each in manifest.dependencies if each.section in DIRECT_SECTIONS
    )


def _members(folder: Path, manifest: Manifest, files: Files) -> Members | None:
    workspace = find_workspace(folder, files)
    if workspace is None:
        return None
    names = (_member_name(each) for each in manifest.dependencies if _is_by_name(each))
    return find_members(workspace, folder, names, files)


def _is_by_name(dependency: Dependency) -> bool:
    """Whether it is a member of the workspace that it says the name of, and not the path."""
    if dependency.source is not Source.WORKSPACE:
        return False
    return "/" not in dependency.target or "@" in dependency.target


def _member_name(dependency: Dependency) -> str:
    """The name of the member: that of pnpm's ``workspace:name@range``, or the dependency's own."""
    name = dependency.target[: dependency.target.find("@", 1)]
    return name if "@" in dependency.target[1:] else dependency.name


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmProject:
    """What lies around the manifest at ``path``: the file that its catalogs stand in, the members
    of its workspace that it asks for, and what is locked. ``direct`` are the dependencies of the
    package.json beside it that it may refer to, None where it refers to its own.
    """

    path: Path
    shelf: Shelf | None = None
    members: Members | None = None
    direct: frozenset[str] | None = None
    lock: NpmLock | None = None

    def resolve(self, manifest: Manifest) -> Manifest:
        """*manifest* with the specifiers of its catalogs put in and its members linked to."""
        if not any(each.source in _AROUND for each in manifest.dependencies):
            return manifest
        catalogs = self._catalogs(manifest)
        found = [self._settle(each, catalogs) for each in manifest.dependencies]
        problems = (problem for _, problem in found if problem is not None)
        return replace(
            manifest,
            dependencies=tuple(dependency for dependency, _ in found),
            problems=(*manifest.problems, *problems),
        )

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """The version of a resolved *dependency* that is locked, else installed."""
        return self.lock.locked(dependency) if self.lock is not None else ()

    def _catalogs(self, manifest: Manifest) -> CatalogLookup:
        """The catalogs that count for *manifest*: those of its own text, if it has them and no
        other file does.
        """
        shelf, own = self.shelf, own_entries(manifest)
        if shelf is None or shelf.path == self.path or (own and not shelf.shared.entries):
            return CatalogLookup(entries=own, file=self.path.name if shelf or own else "", via="")
        file = relative(shelf.path, self.path.parent)
        shared = shelf.shared
        return CatalogLookup(entries=shared.entries, file=file, via=file, is_whole=shared.is_whole)

    def _settle(self, dependency: Dependency, catalogs: CatalogLookup) -> Settled:
        if dependency.source is Source.CATALOG and catalog_of(dependency) is None:
            return catalogs.settle(dependency)
        if dependency.source is Source.WORKSPACE and self.members is not None:
            return _member(dependency, self.members)
        if dependency.source is Source.REFERENCE and self.direct is not None:
            return _referred(dependency, self.direct)
        return dependency, None


def _member(dependency: Dependency, members: Members) -> Settled:
    """*dependency* with a link to the member of the workspace that it is."""
    if not _is_by_name(dependency):
        if dependency.target.startswith("."):  # from the manifest's own folder, as pnpm has it
            return dependency, None
        path = posixpath.normpath(posixpath.join(members.root, dependency.target, MANIFEST))
        return replace(dependency, link=path), None
    name = _member_name(dependency)
    if (path := members.paths.get(name, "")) or not members.is_complete:
        return replace(dependency, link=path), None
    reason = f"No package of the workspace is called '{printable(name, SHOWN)}'."
    return dependency, problem_of(dependency, reason)


def _referred(dependency: Dependency, direct: frozenset[str]) -> Settled:
    """An override of pnpm's workspace that refers to a dependency of the root's manifest."""
    if dependency.target in direct:
        return replace(dependency, link=MANIFEST), None
    name = printable(dependency.target, SHOWN)
    reason = f"'{name}' is no direct dependency of the package.json beside this file."
    return dependency, problem_of(dependency, reason)

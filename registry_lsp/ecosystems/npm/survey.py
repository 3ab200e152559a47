"""What the files around an npm manifest say of it: catalogs, workspaces and lock files."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from registry_lsp.core.manifests import Dependency, Locked, Manifest, Problem, Source
from registry_lsp.core.ports import Files, Project
from registry_lsp.core.text import printable
from registry_lsp.ecosystems.npm.catalogs import (
    DEFAULT,
    MANIFEST,
    PNPM_WORKSPACE,
    Entries,
    Shelf,
    find_shelf,
    own_entries,
)
from registry_lsp.ecosystems.npm.entries import SHOWN
from registry_lsp.ecosystems.npm.links import link
from registry_lsp.ecosystems.npm.lock_file import catalog_of
from registry_lsp.ecosystems.npm.locks import NpmLock, find_lock
from registry_lsp.ecosystems.npm.manifest import PackageJson
from registry_lsp.ecosystems.npm.sections import DIRECT_SECTIONS
from registry_lsp.ecosystems.npm.specifier import classify
from registry_lsp.ecosystems.npm.workspaces import Members, find_members, find_workspace

_AROUND = frozenset({Source.CATALOG, Source.WORKSPACE, Source.REFERENCE})
"""Sources that are settled by what lies around the manifest."""
_WEB = ("http://", "https://")
_NO_CATALOGS = (
    "No catalog is there: pnpm's would stand in pnpm-workspace.yaml, Yarn's in .yarnrc.yml and "
    "Bun's in the package.json of the workspace."
)


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
    return find_members(workspace, names, files)


def _is_by_name(dependency: Dependency) -> bool:
    """Whether it is a member of the workspace that it says the name of, and not the path."""
    if dependency.source is not Source.WORKSPACE:
        return False
    return "/" not in dependency.target or "@" in dependency.target


def _member_name(dependency: Dependency) -> str:
    """The name of the member: that of pnpm's ``workspace:name@range``, or the dependency's own."""
    name = dependency.target[: dependency.target.find("@", 1)]
    return name if "@" in dependency.target[1:] else dependency.name


_Settled: TypeAlias = tuple[Dependency, Problem | None]


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
        own = own_entries(manifest)
        found = [self._settle(each, own) for each in manifest.dependencies]
        problems = (problem for _, problem in found if problem is not None)
        return replace(
            manifest,
            dependencies=tuple(dependency for dependency, _ in found),
            problems=(*manifest.problems, *problems),
        )

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """The version of a resolved *dependency* that is locked, else installed."""
        return self.lock.locked(dependency) if self.lock is not None else ()

    def _settle(self, dependency: Dependency, own: Entries) -> _Settled:
        if dependency.source is Source.WORKSPACE:
            return self._member(dependency)
        if dependency.source is Source.CATALOG and catalog_of(dependency) is None:
            return self._catalogued(dependency, own)
        if dependency.source is Source.REFERENCE and self.direct is not None:
            return self._referred(dependency, self.direct)
        return dependency, None

    def _catalogued(self, dependency: Dependency, own: Entries) -> _Settled:
        """*dependency* with the specifier of its catalog; *own* are the manifest's entries."""
        shelf = self.shelf
        is_own = shelf is None or shelf.path == self.path or not shelf.shared.entries
        entries = own if is_own or shelf is None else shelf.shared.entries
        text = entries.get((dependency.target, dependency.display_name))
        if text is None:
            is_whole = shelf is None or shelf.shared.is_whole
            return dependency, self._absence(dependency, entries) if is_whole else None
        means = classify(text)
        if means.source is Source.CATALOG:
            reason = "An entry of a catalog cannot ask for a catalog itself."
            return dependency, _problem(dependency, reason)
        via = "" if is_own or shelf is None else self._from_here(shelf.path)
        page = link(means.source, means.target, dependency.display_name)
        settled = replace(
            dependency,
            name=dependency.display_name if means.name is None else means.name,
            source=means.source,
            target=means.target,
            specifier=means.specifier,
            specifier_span=None,
            via=via,
            link=page if page.startswith(_WEB) else via,
        )
        return settled, None

    def _absence(self, dependency: Dependency, entries: Entries) -> Problem:
        """Says that there is no entry for *dependency*, and where one would stand."""
        if self.shelf is None and not entries:
            return _problem(dependency, _NO_CATALOGS)
        catalog, name = (printable(each, SHOWN) for each in (dependency.target, dependency.name))
        is_default = dependency.target == DEFAULT
        place = "catalog" if is_default else f"catalogs.{catalog}"
        which = "default catalog" if is_default else f"catalog '{catalog}'"
        is_there = any(each == dependency.target for each, _ in entries)
        lack = f"The {which} has no entry for '{name}'" if is_there else f"There is no {which}"
        file = self.path if self.shelf is None else self.shelf.path
        reason = f"{lack}: add '{name}' to '{place}' in {self._from_here(file)}."
        return _problem(dependency, reason)

    def _member(self, dependency: Dependency) -> _Settled:
        """*dependency* with a link to the member of the workspace that it is."""
        members = self.members
        if members is None:
            return dependency, None
        if not _is_by_name(dependency):
            if dependency.target.startswith("."):  # from the manifest's own folder, as pnpm has it
                return dependency, None
            path = members.root.joinpath(*dependency.target.split("/"), MANIFEST)
            return replace(dependency, link=self._from_here(path)), None
        name = _member_name(dependency)
        if (found := members.paths.get(name)) is not None:
            path = members.root.joinpath(*found.split("/"))
            return replace(dependency, link=self._from_here(path)), None
        if not members.is_complete:
            return dependency, None
        reason = f"No package of the workspace is called '{printable(name, SHOWN)}'."
        return dependency, _problem(dependency, reason)

    def _referred(self, dependency: Dependency, direct: frozenset[str]) -> _Settled:
        """An override of pnpm's workspace that refers to a dependency of the root's manifest."""
        if dependency.target in direct:
            return replace(dependency, link=MANIFEST), None
        name = printable(dependency.target, SHOWN)
        reason = f"'{name}' is no direct dependency of the package.json beside this file."
        return dependency, _problem(dependency, reason)

    def _from_here(self, path: Path) -> str:
        """*path* from the manifest's folder, its steps joined by '/'."""
        return os.path.relpath(path, self.path.parent).replace(os.sep, "/")


def _problem(dependency: Dependency, reason: str) -> Problem:
    return Problem(span=dependency.written_span or dependency.name_span, reason=reason)

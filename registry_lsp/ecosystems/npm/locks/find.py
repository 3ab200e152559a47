"""Which version of a dependency is locked: the lock file that belongs to a manifest.

That is the nearest one upwards that lists its folder among the members of its workspace, for all
managers lock there wherever they are started, and what lies in the folder itself is left over from
before; but a ``yarn.lock`` makes the folder a project of its own for Yarn 2 and newer. Else it is
the one in the folder itself; one of a project that merely lies around it is nobody's.

Where there are several in one folder, that of the package manager counts that the package.json
beside them asks for (``packageManager``, ``devEngines``), else of the one that has left its mark in
``node_modules``, else of the managers the youngest: who moves to another one moves to a newer one,
and leaves the old file behind. Bun passes over what it can no longer read (``bun.lockb``) as pnpm,
Yarn and npm pass over each other's files; npm itself prefers ``npm-shrinkwrap.json``, and where it
keeps no lock file it says in ``node_modules`` what it has put there. What no lock file answers,
what is installed does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from registry_lsp.core.manifests import Dependency, Locked
from registry_lsp.core.pointers import Pointer
from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.npm.locks.bun_lock import read_bun_lock, read_sealed_lock
from registry_lsp.ecosystems.npm.locks.installed import MODULES, Installed, find_installed
from registry_lsp.ecosystems.npm.locks.lock_file import (
    PEERS,
    Descriptor,
    LockFile,
    Place,
    descriptor,
    is_version,
)
from registry_lsp.ecosystems.npm.locks.package_files import NO_ROOT, read_root
from registry_lsp.ecosystems.npm.locks.package_lock import read_package_lock
from registry_lsp.ecosystems.npm.locks.pnpm_lock import read_pnpm_lock
from registry_lsp.ecosystems.npm.locks.yarn_lock import YarnLock, read_yarn_lock
from registry_lsp.ecosystems.npm.manifests.catalog_sections import catalog_of
from registry_lsp.ecosystems.npm.versions.ranges import parse_range
from registry_lsp.ecosystems.npm.versions.semver import parse_version

_INSTALLED = ("optionalDependencies", "dependencies", "devDependencies")
"""Sections of what is installed for the manifest itself; of a name the last of these counts."""
_SECTIONS = frozenset({PEERS, *_INSTALLED})
_MANIFEST = "package.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of lock file: whose it is, where it lies, and who says so for people."""

    manager: str
    path: str
    by: str
    read: Callable[[bytes], LockFile]


def _kind(manager: str, path: str, read: Callable[[bytes], LockFile]) -> _Kind:
    return _Kind(manager=manager, path=path, by=path, read=read)


_KINDS = (
    _kind("bun", "bun.lock", read_bun_lock),
    _kind("bun", "bun.lockb", read_sealed_lock),
    _kind("pnpm", "pnpm-lock.yaml", read_pnpm_lock),
    _kind("yarn", "yarn.lock", read_yarn_lock),
    _kind("npm", "npm-shrinkwrap.json", read_package_lock),
    _kind("npm", "package-lock.json", read_package_lock),
)
_HIDDEN = _Kind(
    manager="npm", path=f"{MODULES}/.package-lock.json", by=MODULES, read=read_package_lock
)
_MARKS = MappingProxyType(
    {
        ".package-lock.json": "npm",
        ".yarn-integrity": "yarn",
        ".yarn-state.yml": "yarn",
        ".modules.yaml": "pnpm",
    }
)
"""What the package managers leave in ``node_modules``; Bun leaves nothing there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmLock:
    """What is locked, and else installed, for one manifest.

    ``lock`` is the lock file that belongs to it, None where none does, and ``place`` where the
    manifest stands to it; ``by`` is its name, and ``manager`` the package manager whose it is.
    ``packages`` are those installed of what is not locked, or locked in ``node_modules`` alone: by
    the name that they are installed under. Two are equal where they come from the same reading of
    the same files.
    """

    lock: LockFile | None = None
    place: Place = field(default_factory=lambda: Place(member="", root=NO_ROOT))
    by: str = ""
    manager: str = ""
    packages: Mapping[str, Installed] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_modern_yarns(self) -> bool:
        """Whether Yarn 2 or a newer one has locked it."""
        return isinstance(self.lock, YarnLock) and self.lock.members is not None

    def is_linked(self, dependency: Dependency) -> bool | None:
        """Whether *dependency* is locked to a folder of the project's own, or to what a registry
        has; None where the lock file says neither.
        """
        if self.lock is None or not _is_locked(dependency):
            return None
        if self.lock.is_linked(dependency, self.place):
            return True
        return None if self.lock.version(dependency, self.place) is None else False

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """The version that a resolved *dependency* is locked to, else the one installed; none
        for entries that only change what others ask for.
        """
        if not _is_locked(dependency):
            return ()
        version = self.lock.version(dependency, self.place) if self.lock is not None else None
        if version is not None:
            return (Locked(version=version, by=self.by),)
        found = self._package(dependency)
        return (Locked(version=found.version, by=MODULES),) if found is not None else ()

    def installed_at(self, dependency: Dependency) -> str:
        """The path, from the manifest's folder, of the package.json of what a resolved *dependency*
        is installed as and not locked to; empty where that is nowhere.
        """
        if [each.by for each in self.locked(dependency)] != [MODULES]:
            return ""
        found = self._package(dependency)
        return found.path if found is not None else ""

    def _package(self, dependency: Dependency) -> Installed | None:
        found = self.packages.get(dependency.display_name)
        if found is None or found.name != dependency.name or not is_version(found.version):
            return None
        if catalog_of(dependency) is not None and not _fits(found.version, dependency.specifier):
            return None  # what another catalog's entry, or none, has led to
        return found

    def names(self) -> frozenset[str]:
        """What is locked, else installed, by name."""
        if self.lock is not None:
            return self.lock.names()
        return frozenset(each.name for each in self.packages.values() if each.name)

    def entry(self, dependency: Dependency) -> tuple[Pointer, ...]:
        """Where the lock file has what a resolved *dependency* is locked to."""
        if self.lock is None or self.by == MODULES or not _is_locked(dependency):
            return ()
        find = self.lock.entry(dependency, self.place)
        steps = self.place.member.count("/") + 1 if self.place.member else 0
        return (Pointer(path="../" * steps + self.by, find=find),) if find is not None else ()


def find_lock(folder: Path, files: Files, dependencies: Iterable[Dependency] = ()) -> NpmLock:
    """What is locked for the manifest in *folder*, and installed of its resolved *dependencies*."""
    return with_installed(find_lock_file(folder, files), folder, files, dependencies)


def with_installed(
    lock: NpmLock, folder: Path, files: Files, dependencies: Iterable[Dependency]
) -> NpmLock:
    """*lock*, the one of the manifest in *folder*, with what is installed of the resolved
    *dependencies* that it does not answer, or that it knows as installed.
    """
    dependencies = tuple(dependencies)
    lock = replace(lock, place=replace(lock.place, peers=_peers(dependencies)))
    names = dict.fromkeys(
        each.display_name
        for each in dependencies
        if _is_locked(each)
        and each.source.is_looked_up
        and (lock.by == MODULES or not lock.locked(each))
    )
    return replace(lock, packages=find_installed(folder, names, files)) if names else lock


def find_lock_file(folder: Path, files: Files) -> NpmLock:
    """What is locked in the lock file that belongs to the manifest in *folder*."""
    own = NpmLock()
    for root in (folder, *folder.parents):
        found = tuple(_locks_in(root, files))
        if not found:
            continue
        said = files.read(root / _MANIFEST, read_root) or NO_ROOT
        member = folder.relative_to(root).as_posix()
        place = Place(member="" if member == "." else member, root=said)
        holding = [(kind, lock) for kind, lock in found if lock.holds(place)]
        if holding:
            kind, lock = _likeliest(holding, said.manager, root, files)
            own = NpmLock(lock=lock, place=place, by=kind.by, manager=kind.manager)
            if place.member or own.is_modern_yarns:
                return own
    return own


def _likeliest(
    holding: Sequence[tuple[_Kind, LockFile]], manager: str, root: Path, files: Files
) -> tuple[_Kind, LockFile]:
    """Of the lock files *holding* a manifest, the youngest manager's first, the one that counts:
    that of the *manager* asked for, of the one that has installed, or the first.
    """
    managers = {kind.manager for kind, _ in holding}
    if len(managers) > 1 and manager not in managers:
        manager = _installer(root, files)
    return next((each for each in holding if each[0].manager == manager), holding[0])


def _installer(root: Path, files: Files) -> str:
    """Who has installed what lies in the project at *root*; empty where nobody or several have
    left a mark.
    """
    names = frozenset(files.names(root / MODULES))
    marks = {manager for mark, manager in _MARKS.items() if mark in names}
    return marks.pop() if len(marks) == 1 else ""


def _locks_in(root: Path, files: Files) -> Iterator[tuple[_Kind, LockFile]]:
    """The lock files in a folder that can be read, the likeliest first."""
    is_alone = True
    for kind in (*_KINDS, _HIDDEN):
        if kind is _HIDDEN and not is_alone:
            return
        lock = files.read(root / kind.path, kind.read)
        if lock is not None:
            is_alone = False
            yield kind, lock


def _is_locked(dependency: Dependency) -> bool:
    """Whether *dependency* is one that is installed, and not only said something of."""
    return dependency.section in _SECTIONS or catalog_of(dependency) is not None


def _fits(version: str, specifier: str) -> bool:
    """Whether *version* may be what was installed for *specifier*, which may be a tag."""
    wanted = parse_range(specifier, loose=True, include_prerelease=True)
    installed = parse_version(version, loose=True)
    return wanted is None or installed is None or wanted.admits(installed)


def _peers(dependencies: Iterable[Dependency]) -> dict[str, Descriptor]:
    """Under which descriptors a manifest with these *dependencies* installs its peers: those of
    the last of its other sections.
    """
    peers: set[str] = set()
    asked: dict[str, tuple[int, Descriptor]] = {}
    for each in dependencies:
        name = each.display_name
        if each.section == PEERS:
            peers.add(name)
        elif each.section in _INSTALLED:
            rank = _INSTALLED.index(each.section)
            if name not in asked or rank >= asked[name][0]:
                asked[name] = rank, descriptor(each)
    return {name: asked[name][1] for name in peers if name in asked}

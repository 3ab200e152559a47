"""Which of a manifest's dependencies its workspace has itself, and no registry needs to hear of.

Only pnpm and Yarn ask for ``workspace:`` there. A plain range is taken from the workspace too,
where the version of the member fits it: by npm, Yarn and Bun always, by pnpm up to its version 8
and where ``link-workspace-packages`` is set. What the lock file says is the proof; without one,
and where nobody knows who installs, the names of members are told to nobody.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from pathlib import Path

from registry_lsp.core.manifests import Dependency, Problem, Source
from registry_lsp.core.ports.project import Files
from registry_lsp.core.text import printable
from registry_lsp.ecosystems.npm.locks.find import NpmLock
from registry_lsp.ecosystems.npm.locks.lock_file import PEERS
from registry_lsp.ecosystems.npm.locks.package_files import NO_ROOT, read_root
from registry_lsp.ecosystems.npm.manifests.catalog_sections import problem_of
from registry_lsp.ecosystems.npm.manifests.direct_sections import DIRECT_SECTIONS
from registry_lsp.ecosystems.npm.manifests.entries import SHOWN
from registry_lsp.ecosystems.npm.manifests.package_manager import MANAGER_SECTIONS
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import CONFIGURATION
from registry_lsp.ecosystems.npm.project.catalog_lookup import Settled
from registry_lsp.ecosystems.npm.project.catalogs import MANIFEST
from registry_lsp.ecosystems.npm.project.installer import Installer, find_installer
from registry_lsp.ecosystems.npm.project.workspaces import (
    Member,
    Members,
    find_workspace,
    gather_members,
)
from registry_lsp.ecosystems.npm.versions.ranges import parse_range
from registry_lsp.ecosystems.npm.versions.semver import parse_version

_NPM, _YARN, _BUN = "npm", "yarn", "bun"
_PARTICULAR = frozenset({_YARN, _BUN})
"""Who refuses a member of another version than ``workspace:`` asks for."""
_OPTIONAL = "optionalDependencies"
_UNKNOWN_TO_NPM = frozenset({Source.WORKSPACE, Source.CATALOG, Source.FOREIGN})
_ANY_OF_IT = frozenset({"", "*", "^", "~"})
"""What stands behind ``workspace:`` for the member of whatever version."""
_TOOLS = frozenset({*MANAGER_SECTIONS, CONFIGURATION})
"""Sections of what the package managers install for themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPackages:
    """The workspace of a manifest: its ``root`` and ``members``, the ``place`` of the manifest's
    folder, a path from the root, and the package ``manager`` that the root asks for, or has
    settings of, empty where it says nothing. A manifest that belongs to no workspace is a root
    without members, but that it is one itself to Yarn.
    """

    root: Path
    members: Members
    place: str
    manager: str

    @property
    def manifests(self) -> tuple[str, ...]:
        """The paths of the members' manifests from the manifest's folder."""
        return tuple(Member(each, "").path_from(self.place) for each in self.members.paths)

    def refusal(self, dependency: Dependency) -> Problem | None:
        """What npm, if it is the manager, says of protocols that only others know. A member that
        the root itself asks for is there already, whatever is written.
        """
        is_read = dependency.section in DIRECT_SECTIONS and dependency.source in _UNKNOWN_TO_NPM
        if self.manager != _NPM or not is_read:
            return None
        is_workspace = dependency.source is Source.WORKSPACE
        if is_workspace and not self.place and dependency.name in self.members.by_name:
            return None
        protocol = printable(dependency.written.partition(":")[0].strip(), SHOWN)
        return problem_of(dependency, f"npm knows no '{protocol}:'.")

    def settle(self, dependency: Dependency, installer: str = "") -> Settled:
        """*dependency*, whose source is the workspace, with a link to the member that it is, and
        what the *installer*, empty where nobody knows who that is, says of it.
        """
        target = dependency.target
        if "/" in target and "@" not in target:
            if target.startswith("."):  # from the manifest's own folder, as pnpm has it
                return dependency, None
            path = posixpath.normpath(posixpath.join(target, MANIFEST))
            return replace(dependency, link=Member(path, "").path_from(self.place)), None
        name = _member_name(dependency)
        member = self.members.by_name.get(name)
        if member is None:
            return replace(dependency, link=""), self._absence(dependency, name)
        settled = replace(dependency, link=member.path_from(self.place))
        return settled, _misfit(dependency, member, self.manager or installer)

    def _absence(self, dependency: Dependency, name: str) -> Problem | None:
        """Says that no member is called *name*, where somebody would miss it."""
        is_needed = dependency.section != (PEERS if self.manager == _YARN else _OPTIONAL)
        if not self.members.is_complete or not is_needed:
            return None
        reason = f"No package of the workspace is called '{printable(name, SHOWN)}'."
        return problem_of(dependency, reason)

    def localised(self, dependency: Dependency, lock: NpmLock) -> Dependency:
        """*dependency*, which a registry could be asked for, as one of the workspace if it is
        that; what an alias names is only where the *lock* says so, and so it is where the alias is
        called as a member, which npm takes whatever is written.
        """
        by_name = self.members.by_name
        member = by_name.get(dependency.name)
        is_linked = None if dependency.section in _TOOLS else lock.is_linked(dependency)
        if member is None and is_linked:
            member = by_name.get(dependency.display_name)
        if member is None or dependency.section in _TOOLS:
            return dependency
        if is_linked is None:
            is_known = bool(self.manager or lock.manager)
            is_alias = dependency.source is Source.ALIAS
            is_linked = not is_alias and not (is_known and _is_unfit(dependency, member))
        if not is_linked:
            return dependency
        link = member.path_from(self.place)
        return replace(dependency, source=Source.WORKSPACE, target=dependency.specifier, link=link)


def find_local(folder: Path, lock: NpmLock, files: Files) -> tuple[LocalPackages, Installer]:
    """The workspace of the manifest in *folder*, which has that *lock*, and who installs it."""
    found = find_workspace(folder, files)
    root = folder if found is None else found
    installer = find_installer(root, lock, files)
    said = (files.read(root / MANIFEST, read_root) or NO_ROOT).manager
    manager = said if said or lock.manager else installer.name
    is_known = found is not None or manager == _YARN
    place = folder.relative_to(root).as_posix()
    packages = LocalPackages(
        root=root,
        members=files.gathered(root, gather_members) if is_known else Members(),
        place="" if place == "." else place,
        manager=manager,
    )
    return packages, installer


def _misfit(dependency: Dependency, member: Member, installer: str) -> Problem | None:
    """Says that *member* has another version than Yarn or Bun is asked for. A tag stands for any
    to Bun, and some versions of pnpm take whatever there is.
    """
    target = dependency.target.strip()
    is_unasked = installer == _YARN and dependency.section == PEERS
    if installer not in _PARTICULAR or is_unasked or target in _ANY_OF_IT:
        return None
    wanted = parse_range(target, loose=True, include_prerelease=True)
    version = parse_version(member.version or "0.0.0", loose=True)
    if version is None or (installer == _BUN if wanted is None else wanted.admits(version)):
        return None
    shown, there = (printable(each, SHOWN) for each in (dependency.target, str(version)))
    return problem_of(dependency, f"The workspace has the version {there}, not '{shown}'.")


def _member_name(dependency: Dependency) -> str:
    """The name of the member: that of pnpm's ``workspace:name@range``, or the dependency's own."""
    name = dependency.target[: dependency.target.find("@", 1)]
    return name if "@" in dependency.target[1:] else dependency.name


def _is_unfit(dependency: Dependency, member: Member) -> bool:
    """Whether no package manager would take *member* for *dependency*, and so asks a registry.
    Some take prereleases, and a tag may be any version.
    """
    wanted = parse_range(dependency.specifier, loose=True, include_prerelease=True)
    version = parse_version(member.version, loose=True)
    return wanted is not None and version is not None and not wanted.admits(version)

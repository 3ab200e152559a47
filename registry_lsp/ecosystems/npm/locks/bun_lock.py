"""``bun.lock``: JSON with comments and trailing commas, its packages by the path of names that
leads to them (Bun's documentation of its lock file).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.pointers import Find
from registry_lsp.ecosystems.npm.locks.lock_file import (
    Place,
    is_declared,
    is_version,
    package_of,
    read_json,
)
from registry_lsp.ecosystems.npm.locks.passages import member
from registry_lsp.ecosystems.npm.manifests.catalog_sections import catalog_of
from registry_lsp.ecosystems.npm.versions.ranges import satisfies
from registry_lsp.net.decoding import decode_one


class _Document(msgspec.Struct):
    workspaces: dict[str, msgspec.Raw] = {}
    packages: dict[str, msgspec.Raw] = {}


class _Workspace(msgspec.Struct):
    name: str = ""


_DOCUMENT = msgspec.json.Decoder(_Document)
_WORKSPACE = msgspec.json.Decoder(_Workspace)
_PACKAGE = msgspec.json.Decoder(list[msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)
_LINKS = ("workspace:", "link:", "file:")

# Each match takes a bounded number of steps, for no thread may run beside one of them. Group 1 is
# what stays.
_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)'
_BUT_COMMENTS = re.compile(
    rb'((?:[^"/]+|' + _STRING + rb"|/(?![/*])){1,512})|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL
)
_BUT_TRAILING_COMMAS = re.compile(
    rb'((?:[^",]+|' + _STRING + rb"|,(?!\s*[\]}])){1,512})|,", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BunLock:
    """``packages`` are name and version by path; ``versions`` all versions of each name;
    ``members`` the names of the workspace's packages by their folders.
    """

    packages: Mapping[str, tuple[str, str]]
    versions: Mapping[str, frozenset[str]]
    members: Mapping[str, str]

    def holds(self, place: Place) -> bool:
        """Whether the folder is the lock's own, or that of a member of its workspace."""
        return not place.member or place.member in self.members

    def version(self, dependency: Dependency, place: Place) -> str | None:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        if catalog_of(dependency) is not None:
            return self._catalogued(dependency)
        name, version = self._package(dependency, place)
        return version if name == dependency.name and is_version(version) else None

    def names(self) -> frozenset[str]:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        return frozenset(name for name, _ in self.packages.values() if name)

    def is_linked(self, dependency: Dependency, place: Place) -> bool:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        return self._package(dependency, place)[1].startswith(_LINKS)

    def entry(self, dependency: Dependency, place: Place) -> Find | None:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        version = self.version(dependency, place)
        if version is None:
            return None
        if catalog_of(dependency) is None:
            return member(self._path(dependency, place), opening="[")
        wanted = (dependency.name, version)
        return member(
            *(path for path, each in self.packages.items() if each == wanted), opening="["
        )

    def _package(self, dependency: Dependency, place: Place) -> tuple[str, str]:
        """The name and version of what *dependency* of the manifest at *place* is locked to."""
        return self.packages.get(self._path(dependency, place), ("", ""))

    def _path(self, dependency: Dependency, place: Place) -> str:
        """The path of what *dependency* is locked to, empty where there is none."""
        name = dependency.display_name
        parent = self.members.get(place.member, "") if place.member else ""
        # With './' where another package has the member's name, and so the path without it.
        for path in (f"./{parent}/{name}", f"{parent}/{name}", name):
            if path in self.packages:
                return path
        return ""

    def _catalogued(self, entry: Dependency) -> str | None:
        """The one version that a catalog's *entry* can have led to: the file does not say which
        it was, and another catalog's entry may have led to another version.
        """
        versions = self.versions.get(entry.name, ())
        fitting = [each for each in versions if satisfies(each, entry.specifier, loose=True)]
        return fitting[0] if len(fitting) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SealedLock:
    """A lock file that says nothing to us: ``bun.lockb``, Bun's older one, is binary."""

    def holds(self, place: Place) -> bool:
        """Whether the folder is the lock's own, or declared a workspace."""
        return is_declared(place)

    def version(self, _dependency: Dependency, _place: Place) -> str | None:
        """None: nobody can tell."""
        return None

    def names(self) -> frozenset[str]:
        """None: nobody can read it."""
        return frozenset()

    def is_linked(self, _dependency: Dependency, _place: Place) -> bool:
        """No: nobody can tell."""
        return False

    def entry(self, _dependency: Dependency, _place: Place) -> None:
        """None: it is no text."""
        return


def read_sealed_lock(_raw: bytes) -> SealedLock:
    """That there is such a file is all that can be read in it."""
    return SealedLock()


def read_bun_lock(raw: bytes) -> BunLock:
    """Read it. Raises :class:`ValueError`."""
    document = read_json(plain_json(raw), _DOCUMENT)
    workspaces = {
        path: decode_one(workspace, _WORKSPACE) for path, workspace in document.workspaces.items()
    }
    packages = {path: package_of(_locator(entry)) for path, entry in document.packages.items()}
    return BunLock(
        packages=packages,
        versions=_by_name(packages.values()),
        members={path: each.name for path, each in workspaces.items() if each is not None},
    )


def _by_name(packages: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    versions: dict[str, set[str]] = {}
    for name, version in packages:
        versions.setdefault(name, set()).add(version)
    return {name: frozenset(each) for name, each in versions.items()}


def _locator(entry: msgspec.Raw) -> str:
    """``name@version``, with which a package's list begins; empty where it is no such list."""
    parts = decode_one(entry, _PACKAGE)
    return (decode_one(parts[0], _TEXT) or "") if parts else ""


def plain_json(raw: bytes) -> bytes:
    """*raw* without the comments and trailing commas, which JSON has none of."""
    for pattern in (_BUT_COMMENTS, _BUT_TRAILING_COMMAS):
        raw = b"".join(match[1] or b"" for match in pattern.finditer(raw))
    return raw

"""npm's lock files: ``package-lock.json``, ``npm-shrinkwrap.json`` and the hidden one that says
what npm has put into ``node_modules`` (npm's documentation of ``package-lock.json``).

Since version 2 of the format there are ``packages`` by their place on disk, and in workspaces one
looks for a package as Node.js does, upwards from the member's folder. Version 1, of npm 6 and
older, has ``dependencies`` by name, and knows no workspaces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.pointers import Find
from registry_lsp.ecosystems.npm.locks.lock_file import Place, is_version, package_of, read_json
from registry_lsp.ecosystems.npm.locks.passages import member
from registry_lsp.net.decoding import decode_one

_MODULES = "node_modules/"
_ALIAS = "npm:"


class _Document(msgspec.Struct):
    packages: dict[str, msgspec.Raw] | None = None
    dependencies: dict[str, msgspec.Raw] | None = None


class _Entry(msgspec.Struct):
    name: str | None = None
    version: str | None = None
    resolved: str | bool | None = None
    link: bool = False


_DOCUMENT = msgspec.json.Decoder(_Document)
_ENTRY = msgspec.json.Decoder(_Entry)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PackageLock:
    """``packages`` are name and version by place, each empty where it has none; ``links`` are the
    places that only point to others.
    """

    packages: Mapping[str, tuple[str, str]]
    links: Mapping[str, str]

    def holds(self, place: Place) -> bool:
        """Whether the folder is the lock's own, or that of one of its packages."""
        return not place.member or place.member in self.packages

    def version(self, dependency: Dependency, place: Place) -> str | None:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        found = self.packages.get(self._seat(dependency, place)[1])
        if found is None:
            return None
        name, version = found
        return version if name == dependency.name and is_version(version) else None

    def names(self) -> frozenset[str]:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        places = (each.rpartition("node_modules/") for each in self.packages)
        return frozenset(name for _, folder, name in places if folder)

    def is_linked(self, dependency: Dependency, place: Place) -> bool:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        seat, target = self._seat(dependency, place)
        return seat != target

    def entry(self, dependency: Dependency, place: Place) -> Find | None:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        if self.version(dependency, place) is None:
            return None
        target = self._seat(dependency, place)[1]
        # what version 1 of the format has is called without its place
        return member(target, target.removeprefix(_MODULES), opening="{")

    def _seat(self, dependency: Dependency, place: Place) -> tuple[str, str]:
        """Where *dependency* is found from *place*, and where the package itself lies, which is
        another place where the first is a link; both empty where it is found nowhere.
        """
        for seat in _seats(place.member, dependency.display_name):
            if seat in self.links or seat in self.packages:
                return seat, self.links.get(seat, seat)
        return "", ""


def read_package_lock(raw: bytes) -> PackageLock:
    """Read any of npm's lock files, of any version. Raises :class:`ValueError`."""
    document = read_json(raw, _DOCUMENT)
    packages: dict[str, tuple[str, str]] = {}
    links: dict[str, str] = {}
    for seat, entry in _entries(document):
        if entry.link and isinstance(entry.resolved, str):
            links[seat] = entry.resolved
        else:
            packages[seat] = _identity(seat, entry)
    return PackageLock(packages=packages, links=links)


def _entries(document: _Document) -> Iterator[tuple[str, _Entry]]:
    """The entries by their place on disk; what is no entry is left out."""
    if document.packages is not None:
        prefix, listed = "", document.packages
    else:
        prefix, listed = _MODULES, document.dependencies or {}
    for seat, raw in listed.items():
        entry = decode_one(raw, _ENTRY)
        if entry is not None:
            yield prefix + seat, entry


def _identity(seat: str, entry: _Entry) -> tuple[str, str]:
    """Its name and version. The name is written down only where the place does not tell it."""
    version = entry.version or ""
    if version.startswith(_ALIAS):  # version 1 of the format
        return package_of(version.removeprefix(_ALIAS))
    _, modules, name = seat.rpartition(_MODULES)
    return entry.name or (name if modules else seat.rpartition("/")[2]), version


def _seats(member: str, name: str) -> Iterator[str]:
    """Where Node.js looks for the package *name* from the folder *member*."""
    folder = member
    while folder:
        yield f"{folder}/{_MODULES}{name}"
        folder = folder.rpartition("/")[0]
    yield _MODULES + name

"""``yarn.lock``, as Yarn 1 writes it and, differently, Yarn 2 and newer.

Both list entries under the descriptors that they answer, ``name@range``; ours is looked up by
exactly what the manifest says, and a peer by what another section says of it: no version of Yarn
installs a peer for its own descriptor. Yarn 1 writes a format of its own and nothing of
workspaces; newer ones write YAML of a fixed layout, put ``npm:`` before ranges, list the members
of the workspace as entries too, and what catalogs and ``resolutions`` make of a range under that
instead. Of either only the lines that begin an entry and the two that identify it are looked at.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.pointers import Find
from registry_lsp.ecosystems.npm.locks.lock_file import (
    CONFLICT,
    PEERS,
    Place,
    descriptor,
    is_declared,
    is_version,
    package_of,
)
from registry_lsp.ecosystems.npm.locks.passages import line_entry

_METADATA = "__metadata"
_ALIAS = "npm:"
_LOCAL = "0.0.0-use.local"
_LONGEST_LINE = 2**16
_FIELDS = ("  version", "  resolution")
_QUOTED_OR_BARE = re.compile(r'"([^"]*)"|([^",\s][^",]*)')


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YarnLock:
    """``versions`` are the real name and the version by descriptor. ``members`` are the folders
    of the workspace's members, None where the lock does not say.
    """

    versions: Mapping[str, tuple[str, str]]
    members: frozenset[str] | None

    def holds(self, place: Place) -> bool:
        """Whether the folder is the lock's own, or that of a member of its workspace."""
        if self.members is None:
            return is_declared(place)
        return not place.member or place.member in self.members

    def version(self, dependency: Dependency, place: Place) -> str | None:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        name, version = self._entry(dependency, place)
        is_told = name == dependency.name and version != _LOCAL and is_version(version)
        return version if is_told else None

    def names(self) -> frozenset[str]:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        return frozenset(name for name, _ in self.versions.values() if name)

    def is_linked(self, dependency: Dependency, place: Place) -> bool:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        return self._entry(dependency, place)[1] == _LOCAL

    def entry(self, dependency: Dependency, place: Place) -> Find | None:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        if self.version(dependency, place) is None:
            return None
        read = _descriptors if self.members is None else _separate_descriptors
        return line_entry(self._descriptor(dependency, place), read)

    def _entry(self, dependency: Dependency, place: Place) -> tuple[str, str]:
        """The name and version of the entry that answers *dependency*, empty where none does."""
        return self.versions.get(self._descriptor(dependency, place), ("", ""))

    def _descriptor(self, dependency: Dependency, place: Place) -> str:
        """The one of the entry that answers *dependency*, empty where none does."""
        wanted = self._descriptors(dependency, place)
        return next((each for each in wanted if each in self.versions), "")

    def _descriptors(self, dependency: Dependency, place: Place) -> Iterator[str]:
        """What Yarn would look *dependency* up by, the likeliest first; nothing for a peer that
        the manifest does not install itself.
        """
        name, asked = dependency.display_name, descriptor(dependency)
        if dependency.section == PEERS:
            if name not in place.peers:
                return
            asked = place.peers[name]
        if self.members is None:
            yield f"{name}@{asked.range}"
            return
        range = f"npm:{asked.range}" if asked.is_own else asked.range
        yield f"{name}@{range}"
        for pattern in (f"{name}@{range}", name):
            wanted = place.root.resolutions.get(pattern)
            if wanted is not None:
                yield f"{name}@{wanted}"
                yield f"{name}@npm:{wanted}"


def read_yarn_lock(raw: bytes) -> YarnLock:
    """Read a lock file of any version of Yarn. Raises :class:`ValueError` where a merge has left
    it in conflict.
    """
    versions: dict[str, tuple[str, str]] = {}
    members: set[str] = set()
    is_classic = True
    for descriptors, fields in _entries(raw):
        if descriptors == [_METADATA]:
            is_classic = False
        version, resolution = fields.get("version", ""), fields.get("resolution", "")
        # What 'resolutions' replace by an alias Yarn 1 lists beside that alias.
        name = package_of(resolution)[0] or next(map(_aliased, filter(_aliased, descriptors)), "")
        for each in descriptors if is_classic else _separated(descriptors):
            versions[each] = (name or package_of(each)[0], version)
        members.add(resolution.partition("@workspace:")[2])
    return YarnLock(versions=versions, members=None if is_classic else frozenset(members))


def _entries(raw: bytes) -> Iterator[tuple[list[str], dict[str, str]]]:
    """The entries as their descriptors, and those of their fields that identify them."""
    descriptors: list[str] = []
    fields: dict[str, str] = {}
    for line in io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", errors="replace"):
        if line.startswith(" "):
            if line.startswith(_FIELDS):
                field, _, value = line.strip().partition(" ")
                fields[field.rstrip(":")] = value.strip('"')
        elif line.startswith(CONFLICT):
            raise ValueError("a merge has left it in conflict")
        elif line[0] not in "#:\n":
            yield descriptors, fields
            descriptors, fields = _descriptors(line), {}
    yield descriptors, fields


def _descriptors(line: str) -> list[str]:
    """What stands in the line that begins an entry, each quoted part by itself: a very long key
    is marked with a '?'. Nothing is in a line that no package has ranges enough for: it would be
    searched in one go.
    """
    if len(line) > _LONGEST_LINE:
        return []
    key = line.removeprefix("? ").rstrip().removesuffix(":")
    return [quoted or bare for quoted, bare in _QUOTED_OR_BARE.findall(key)]


def _separate_descriptors(line: str) -> list[str]:
    """What stands in a line that begins an entry of a newer Yarn."""
    return _separated(_descriptors(line))


def _separated(parts: list[str]) -> list[str]:
    """The descriptors in the quoted *parts* of a key: Yarn 1 quotes each by itself, for which
    ``>=1, <2`` is one range, and newer ones all of them together.
    """
    return [each for part in parts for each in part.split(", ")]


def _aliased(text: str) -> str:
    """The name of the package that the descriptor *text* of Yarn 1 is an alias of, empty where it
    is none.
    """
    range = package_of(text)[1]
    alias = range.removeprefix(_ALIAS)
    return (package_of(alias)[0] or alias) if alias != range else ""

"""``pnpm-lock.yaml`` of the versions 5.4, 6 and 9 of its format: pnpm 7 and newer.

It says for each member of the workspace, and for the one package of a project that is none, which
version each of its dependencies has, and for each catalog which its entries have. Only the parts
that say so are read: the rest is by far the most of it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.pointers import Find
from registry_lsp.ecosystems.npm.locks.lock_file import CONFLICT, Place, is_version
from registry_lsp.ecosystems.npm.locks.passages import locator
from registry_lsp.ecosystems.npm.manifests.catalog_sections import catalog_of
from registry_lsp.syntax.nodes import Node, StringNode, TableNode
from registry_lsp.syntax.yaml.scanner import scan_yaml

_GROUPS = ("dependencies", "devDependencies", "optionalDependencies")
_CATALOGS = "catalogs"
_IMPORTERS = "importers"
_WANTED = frozenset({_CATALOGS, _IMPORTERS, *_GROUPS})
_DOCUMENT = "---"
_OWN = "."
_LINK = "link:"
_VERSION = "version"

# '/name@1.0.0' of format 6 and 'name@1.0.0' of format 9, perhaps with the prefix of a registry;
# '/name/1.0.0' of format 5, before either perhaps a registry's host. Behind the version may stand
# what fills its peers: '(react@18.2.0)', and '_react@18.2.0' of format 5.
_LOCATOR = re.compile(
    r"(?:[^/@]+\.[^/@]+(?=/))?/?((?:@[^/@]+/)?[^/@]+)[/@](?:[a-z][\w-]*:)?(\d[^_(/]*)"
)
_PEERS = re.compile(r"[_(]")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PnpmLock:
    """``importers`` are the members' parts of the file by their folders, unread; ``catalogs`` are
    what their entries are locked to, by the catalog's name and the entry's.
    """

    importers: Mapping[str, str]
    catalogs: Mapping[tuple[str, str], str]

    def holds(self, place: Place) -> bool:
        """Whether the folder is the lock's own, or that of a member of its workspace."""
        return not place.member or place.member in self.importers

    def version(self, dependency: Dependency, place: Place) -> str | None:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        name, catalog = dependency.display_name, catalog_of(dependency)
        if catalog is not None:
            text = self.catalogs.get((catalog, name), "")
        else:
            text = self._imported(name, place)
        real_name, version = _identity(name, text)
        return version if real_name == dependency.name and is_version(version) else None

    def names(self) -> frozenset[str]:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        return frozenset(name for _, name in self.catalogs)

    def is_linked(self, dependency: Dependency, place: Place) -> bool:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        if catalog_of(dependency) is not None:
            return False
        return self._imported(dependency.display_name, place).startswith(_LINK)

    def entry(self, dependency: Dependency, place: Place) -> Find | None:
        """See :class:`registry_lsp.ecosystems.npm.locks.lock_file.LockFile`."""
        version = self.version(dependency, place)
        return None if version is None else locator(dependency.name, version)

    def _imported(self, name: str, place: Place) -> str:
        """What the dependency *name* of the manifest at *place* is locked to."""
        return _importer(self.importers.get(place.member or _OWN, "")).get(name, "")


def read_pnpm_lock(raw: bytes) -> PnpmLock:
    """Read it. Raises :class:`ValueError` where a merge has left it in conflict."""
    blocks = _blocks(raw)
    importers = dict(_importers(blocks.get(_IMPORTERS, ())))
    if not importers:
        importers[_OWN] = "".join(line for group in _GROUPS for line in blocks.get(group, ()))
    catalogs = scan_yaml("".join(blocks.get(_CATALOGS, ())))
    listed = catalogs.table(_CATALOGS) if isinstance(catalogs, TableNode) else None
    return PnpmLock(
        importers=importers,
        catalogs={
            (catalog.key.value, name): version
            for catalog in (listed.members if listed is not None else ())
            for name, version in _versions(catalog.value)
        },
    )


def _blocks(raw: bytes) -> dict[str, list[str]]:
    """The lines of the parts that are wanted. Of several documents the last one counts: pnpm 11
    and newer lock themselves in one before it.
    """
    blocks: dict[str, list[str]] = {}
    block: list[str] | None = None
    for line in io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", errors="replace"):
        if line[0] not in " #\n":
            if line.startswith(CONFLICT):
                raise ValueError("a merge has left it in conflict")
            if line.startswith(_DOCUMENT):
                blocks = {}
            key = line.partition(":")[0]
            block = blocks.setdefault(key, []) if key in _WANTED else None
        if block is not None:
            block.append(line)
    return blocks


def _importers(block: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The folders of the members, each with the part of the file that is about it."""
    entries = [line for line in block[1:] if line.strip()]
    margin = " " * (len(entries[0]) - len(entries[0].lstrip(" "))) if entries else ""
    at = len(margin)
    starts = [place for place, line in enumerate(entries) if line[at : at + 1] not in (" ", "")]
    for start, end in pairwise((*starts, len(entries))):
        first = scan_yaml(entries[start])
        if isinstance(first, TableNode) and first.members:
            yield first.members[0].key.value, "".join(entries[start:end])


@lru_cache(maxsize=64)
def _importer(part: str) -> Mapping[str, str]:
    """What one member's dependencies are locked to, by their names."""
    tree = scan_yaml(part)
    groups = tree.members if isinstance(tree, TableNode) else ()
    if len(groups) == 1 and groups[0].key.value not in _GROUPS:  # of a workspace
        groups = groups[0].value.members if isinstance(groups[0].value, TableNode) else ()
    wanted = (value for key, value in groups if key.value in _GROUPS)
    return dict(entry for group in wanted for entry in _versions(group))


def _versions(group: Node | None) -> Iterator[tuple[str, str]]:
    """The entries of a group or catalog, and what they are locked to. Format 5 has nothing but
    that, later ones a table.
    """
    for key, value in group.members if isinstance(group, TableNode) else ():
        locked = value.get(_VERSION) if isinstance(value, TableNode) else value
        if isinstance(locked, StringNode):
            yield key.value, locked.value


def _identity(name: str, text: str) -> tuple[str, str]:
    """The real name and version of what the dependency *name* is locked to."""
    if text[:1].isdigit():
        version = _PEERS.split(text, maxsplit=1)[0]
        if is_version(version):
            return name, version
    found = _LOCATOR.match(text)
    return (found[1], found[2]) if found else ("", "")

"""Which package manager installs a project, as far as its files tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.npm.locks.find import NpmLock
from registry_lsp.ecosystems.npm.locks.package_files import NO_ROOT, read_root
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import OLDER_PNPM, PNPM_WORKSPACE
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YARN_SETTINGS
from registry_lsp.ecosystems.npm.project.catalogs import MANIFEST, read_pnpm_workspace
from registry_lsp.syntax.nodes import TableNode
from registry_lsp.syntax.yaml.scanner import scan_yaml

_PNPM, _YARN = "pnpm", "yarn"
_MAJOR = re.compile(r"[0-9]{1,9}")
_FIRST_TAKING_NUMBERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Installer:
    """A package manager: its ``name``, empty where nobody knows whose the project is, and the
    ``major`` part of its version, None where nobody knows that. ``is_modern_yarn`` for Yarn 2 and
    newer.
    """

    name: str = ""
    major: int | None = None
    is_modern_yarn: bool = False

    def says(self, by: str) -> bool:
        """Whether a problem that is a problem *by* that installer alone may be one here."""
        if by == OLDER_PNPM:
            is_older = self.major is None or self.major < _FIRST_TAKING_NUMBERS
            return self.name in {"", _PNPM} and is_older
        return not by or self.name in {"", by}


def find_installer(root: Path, lock: NpmLock, files: Files) -> Installer:
    """Who installs the project in the folder *root*: who its package.json asks for, else who has
    written the *lock*, else Yarn where its settings lie there and pnpm's do not.
    """
    said = files.read(root / MANIFEST, read_root) or NO_ROOT
    name = said.manager or lock.manager
    found = _MAJOR.search(said.version)
    major = int(found[0]) if found else None
    is_open = not name and files.read(root / PNPM_WORKSPACE, read_pnpm_workspace) is None
    if is_open and files.read(root / YARN_SETTINGS, _has_settings):
        return Installer(name=_YARN, is_modern_yarn=True)
    is_modern = lock.is_modern_yarns if major is None else major > 1
    return Installer(name=name, major=major, is_modern_yarn=name == _YARN and is_modern)


def _has_settings(raw: bytes) -> bool:
    """Whether a file in YAML has any fields. Raises :class:`ValueError` where it is no text."""
    root = scan_yaml(raw.decode("utf-8-sig"))
    return isinstance(root, TableNode) and bool(root.members)

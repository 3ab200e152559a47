"""Which package manager installs a project, and so whose configuration counts.

In this order: what the package.json says (``packageManager``, ``devEngines``), the nearest one
upwards within the project; the nearest lock file; the mark that a manager has left in
``node_modules``; the file that only one of them reads. Where several have left lock files in one
folder the mark decides between them. Where nothing tells, it may be any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from registry_lsp.ecosystems.npm.config.bun import BUNFIG
from registry_lsp.ecosystems.npm.config.places import is_file, read_manager, read_text, upwards
from registry_lsp.ecosystems.npm.config.yarn_classic import YARNRC
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PNPM_WORKSPACE
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YARN_SETTINGS

NPM, OLDER_PNPM, PNPM, CLASSIC_YARN, YARN, BUN = MANAGERS = (
    "npm",
    "pnpm 10",
    "pnpm",
    "Yarn 1",
    "Yarn",
    "Bun",
)
"""The managers, and their versions where these read other files."""

_PNPMS = frozenset({OLDER_PNPM, PNPM})
_YARNS = frozenset({CLASSIC_YARN, YARN})
_LOCKS = {
    "bun.lock": frozenset({BUN}),
    "bun.lockb": frozenset({BUN}),
    "pnpm-lock.yaml": _PNPMS,
    "yarn.lock": _YARNS,
    "npm-shrinkwrap.json": frozenset({NPM}),
    "package-lock.json": frozenset({NPM}),
}
_MARKS = {
    ".package-lock.json": frozenset({NPM}),
    ".yarn-integrity": frozenset({CLASSIC_YARN}),
    ".yarn-state.yml": frozenset({YARN}),
    ".modules.yaml": _PNPMS,
}
_FILES = {
    PNPM_WORKSPACE: _PNPMS,
    YARN_SETTINGS: frozenset({YARN}),
    BUNFIG: frozenset({BUN}),
    YARNRC: frozenset({CLASSIC_YARN}),
}
_MAJOR = re.compile(r"[0-9]{1,9}")
_HEAD = 512


def managers_of(folder: Path | None, root: Path | None) -> tuple[str, ...]:
    """Those of the managers that may install the manifest in *folder*, whose project has its root
    in the folder *root*.
    """
    found: frozenset[str] | None = None
    if folder is not None and root is not None:
        folders = tuple(_within(folder, root))
        found = _named(folders) or _by_files(folders)
    return tuple(each for each in MANAGERS if found is None or each in found)


def _within(folder: Path, root: Path) -> Iterator[Path]:
    for each in upwards(folder):
        yield each
        if each == root:
            return


def _named(folders: tuple[Path, ...]) -> frozenset[str] | None:
    for each in folders:
        name, version = read_manager(each / "package.json")
        if name:
            return _versions(name, version)
    return None


def _versions(name: str, version: str) -> frozenset[str] | None:
    """The managers of a *name*, of those that differ the one of the *version*, if it is known."""
    found = _MAJOR.search(version)
    major = int(found[0]) if found else None
    match name:
        case "npm":
            return frozenset({NPM})
        case "bun":
            return frozenset({BUN})
        case "pnpm":
            return _PNPMS if major is None else frozenset({PNPM if major > 10 else OLDER_PNPM})
        case "yarn":
            return _YARNS if major is None else frozenset({YARN if major > 1 else CLASSIC_YARN})
    return None


def _by_files(folders: tuple[Path, ...]) -> frozenset[str] | None:
    for each in folders:
        locks = [_of_lock(each / name, who) for name, who in _LOCKS.items() if is_file(each / name)]
        if not locks:
            continue
        locking = frozenset().union(*locks)
        marked = _only(each / "node_modules" / name for name in _MARKS)
        return marked & locking if marked and marked & locking else locking
    for each in folders:
        paths = (each / "node_modules" / name for name in _MARKS)
        if marked := _only(paths):
            return marked
    return _only(each / name for each in folders for name in _FILES)


def _only(paths: Iterator[Path]) -> frozenset[str] | None:
    """Whose the files are that are there; None where there are none, or of several."""
    whose = {**_MARKS, **_FILES}
    found = {whose[path.name] for path in paths if is_file(path)}
    return found.pop() if len(found) == 1 else None


def _of_lock(path: Path, who: frozenset[str]) -> frozenset[str]:
    """Whose a lock file is: the two of Yarn's begin differently."""
    if path.name != "yarn.lock":
        return who
    head = read_text(path, _HEAD)
    if "__metadata:" in head:
        return frozenset({YARN})
    return frozenset({CLASSIC_YARN}) if "yarn lockfile v1" in head else who

"""What is installed in ``node_modules``, for where no lock file says what is locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.npm.locks.package_files import read_installed

MODULES = "node_modules"
_MANIFEST = "package.json"


class Installed(NamedTuple):
    """A package that is installed: its real name and its version, as it gives them itself, and its
    manifest's path from the folder that it is installed for.
    """

    name: str
    version: str
    path: str


def find_installed(folder: Path, names: Iterable[str], files: Files) -> Mapping[str, Installed]:
    """Those of the packages *names* that Node.js would load from *folder*.

    Node.js looks into ``node_modules`` of the folder and of all above it (its documentation of
    loading from ``node_modules``).
    """
    seats = tuple(each / MODULES for each in (folder, *folder.parents) if each.name != MODULES)
    there = tuple((seat, frozenset(found)) for seat in seats if (found := files.names(seat)))
    ups = {seat: "../" * (len(folder.parts) - len(seat.parent.parts)) for seat, _ in there}
    packages = {}
    for name in names:
        for seat, folders in there:
            if name.partition("/")[0] not in folders:
                continue
            within = f"{name}/{_MANIFEST}"
            package = files.read(seat / within, read_installed)
            if package is not None:
                packages[name] = Installed(*package, f"{ups[seat]}{MODULES}/{within}")
                break
    return packages

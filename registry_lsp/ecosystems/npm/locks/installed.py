"""What is installed in ``node_modules``, for where no lock file says what is locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.npm.locks.package_files import read_installed

MODULES = "node_modules"
_MANIFEST = "package.json"


def find_installed(
    folder: Path, names: Iterable[str], files: Files
) -> Mapping[str, tuple[str, str]]:
    """Those of the packages *names* that Node.js would load from *folder*, each with its real
    name and version as it gives them itself.

    Node.js looks into ``node_modules`` of the folder and of all above it (its documentation of
    loading from ``node_modules``).
    """
    seats = tuple(each / MODULES for each in (folder, *folder.parents) if each.name != MODULES)
    there = tuple((seat, frozenset(found)) for seat in seats if (found := files.names(seat)))
    packages = {}
    for name in names:
        for seat, folders in there:
            if name.partition("/")[0] not in folders:
                continue
            package = files.read(seat / f"{name}/{_MANIFEST}", read_installed)
            if package is not None:
                packages[name] = package
                break
    return packages

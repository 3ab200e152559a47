"""Projects with lock files, and dependencies to ask them about."""

from __future__ import annotations

import shutil
from pathlib import Path

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.locks.find import PythonLock, find_lock
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.session.files import FileStore, Sight

LOCKS = Path(__file__).parents[1] / "ecosystems" / "pypi" / "locks"
"""Folders with manifests and what the tools made of them: real lock files, each package cut down
to one of its files.
"""
_PLACE = Span(0, 0)


def project(name: str, tmp_path: Path) -> Path:
    """A copy of one of those folders, in which nothing lies above."""
    return Path(shutil.copytree(LOCKS / name, tmp_path / name))


def lock_of(path: Path, store: FileStore | None = None) -> PythonLock:
    """What is locked for the manifest at *path*, by its files as they are on disk; what has been
    read already is taken from *store*.
    """
    return find_lock(path, Sight(store or FileStore()))


def dependency(
    name: str,
    specifier: str = "",
    *,
    section: str = "project.dependencies",
    marker: str = "",
    dialect: str = "pep440",
    source: Source = Source.REGISTRY,
) -> Dependency:
    """A dependency as a manifest's format makes it."""
    return Dependency(
        name=normalise(name),
        display_name=name,
        name_span=_PLACE,
        specifier=specifier,
        specifier_span=_PLACE,
        span=_PLACE,
        section=section,
        dialect=dialect,
        marker=marker,
        source=source,
    )


def install(environment: Path, *names: str, python: str = "lib/python3.12") -> Path:
    """Make a virtual environment with folders of these *names* in it; where they are."""
    packages = environment / python / "site-packages"
    packages.mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text("home = /usr/bin\n")
    for name in names:
        (packages / name).mkdir()
    return packages

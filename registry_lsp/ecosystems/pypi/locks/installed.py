"""What is installed in a project's virtual environment, by the names of the folders that
installers leave there (the packaging specification *Recording installed projects*).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from email.parser import BytesHeaderParser
from functools import lru_cache
from pathlib import Path

from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.pypi.locks.lock_entries import Entries, Entry, collect
from registry_lsp.ecosystems.pypi.locks.pythons import MARK
from registry_lsp.ecosystems.pypi.names import is_valid_name
from registry_lsp.ecosystems.pypi.versions.choice import parse_version

_ENVIRONMENTS = (".venv", "venv")
_PYTHON = re.compile(r"(?:python|pypy)[0-9]+\.[0-9]+t?")
_DIST_INFO = ".dist-info"
_EGG_INFO = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)(?:-py[0-9.]+(?:-[^-]+)?)?\.egg-info")
_METADATA, _OLD_METADATA = "METADATA", "PKG-INFO"
_MOST_METADATA = 2**20

Distribution = tuple[str, Entry]


def find_environment(folders: Iterable[Path], files: Files) -> Path | None:
    """The first virtual environment that lies in one of *folders* (PEP 405: ``pyvenv.cfg``)."""
    for folder in folders:
        for name in _ENVIRONMENTS:
            if files.read(folder / name / MARK, is_there):
                return folder / name
    return None


def installed_in(environment: Path, files: Files) -> Entries:
    """What is installed in a virtual environment: in whichever of its Pythons has it first."""
    entries: dict[str, tuple[Entry, ...]] = {}
    for folder in _site_packages(environment, files):
        names, place = files.names(folder), folder.relative_to(environment).as_posix()
        found = dict(_distributions(names, place))
        unclear = (each for each in names if each.endswith(_DIST_INFO) and "-" not in each[:-10])
        told = (
            (said[0], replace(said[1], place=f"{place}/{each}"))
            for each in unclear
            if (said := files.read(folder / each / _METADATA, _read_metadata)) is not None
        )
        found.update(collect(told))
        entries = {**found, **entries}
    return entries


def metadata_in(place: str) -> str:
    """Where an installed project tells of itself, by the *place* of its entry."""
    return f"{place}/{_METADATA if place.endswith(_DIST_INFO) else _OLD_METADATA}"


def is_there(_raw: bytes) -> bool:
    """That there is a file at all."""
    return True


def _site_packages(environment: Path, files: Files) -> Iterator[Path]:
    """Where projects are installed, which differs between systems (:mod:`sysconfig`)."""
    for name in files.names(environment / "lib"):
        if _PYTHON.fullmatch(name):
            yield environment / "lib" / name / "site-packages"
    yield environment / "Lib" / "site-packages"


@lru_cache(maxsize=8)
def _distributions(names: tuple[str, ...], place: str) -> Entries:
    """What the *names* in the folder at *place* tell. Remembered, for nothing is installed while
    one types.
    """
    return collect(
        (found[0], replace(found[1], place=f"{place}/{name}"))
        for name in names
        if name.endswith("-info") and (found := _distribution(name)) is not None
    )


def _distribution(name: str) -> Distribution | None:
    if name.endswith(_DIST_INFO):
        project, _, version = name.removesuffix(_DIST_INFO).rpartition("-")
        return _told(project, version)
    legacy = _EGG_INFO.fullmatch(name)
    return _told(legacy["name"], legacy["version"]) if legacy is not None else None


def _told(project: str, version: str) -> Distribution | None:
    if not is_valid_name(project) or parse_version(version) is None:
        return None
    return project, Entry(version=version)


def _read_metadata(raw: bytes) -> Distribution | None:
    headers = BytesHeaderParser().parsebytes(raw[:_MOST_METADATA])
    return _told(str(headers.get("Name", "")).strip(), str(headers.get("Version", "")).strip())

"""Which files are requirements or constraints files because others include them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from registry_lsp.core.manifests import Link, Role
from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.pypi.project.includes import (
    MOST_FILES,
    candidates,
    heed,
    place,
)
from registry_lsp.ecosystems.pypi.requirements import encodings
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS, REQUIREMENTS
from registry_lsp.ecosystems.pypi.requirements.sources import SOURCES, read_whole

_WEB = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ENDINGS = frozenset({".txt", ".in"})
_LARGEST = 2**16
"""Bytes of a file that is read to be offered: nobody writes more by hand."""


def role_of(path: Path, files: Files) -> Role | None:
    """What the file at *path* is to the requirements files around it that their names tell, and to
    what these include: requirements where any of them takes it so, else constraints.
    """
    own = place(path)
    known = [each for each, is_alike in candidates(own, files) if is_alike or SOURCES.matches(each)]
    found: Role | None = None
    for includer in _reached(known, files):
        for target, role in _included(includer, files):
            if target == own and role is Role.REQUIREMENTS:
                return role
            found = role if target == own else found
    return found


def may_include(path: Path, other: Path, files: Files) -> bool:
    """Whether ``-r`` or ``-c`` in the file at *path* may be meant for the one at *other*."""
    own, other = place(path), place(other)
    if own == other or own in _reached([other], files):
        return False
    if REQUIREMENTS.matches(other) or CONSTRAINTS.matches(other):
        return True
    return other.suffix in _ENDINGS and files.read(other, _reads_as_requirements) is True


def _reached(starts: list[Path], files: Files) -> list[Path]:
    """The files that *starts* are, and that they include, in whichever role."""
    found = dict.fromkeys(starts)
    waiting = list(found)
    while waiting and len(found) < MOST_FILES:
        for target, _ in _included(waiting.pop(), files):
            if target not in found:
                found[target] = None
                waiting.append(target)
    return list(found)


def _included(path: Path, files: Files) -> Iterator[tuple[Path, Role]]:
    """What the file at *path* includes itself, with the role of each."""
    heeded = files.read(path, heed)
    for step in heeded.steps if heeded is not None else ():
        if isinstance(step, Link) and not _WEB.match(step.target):
            yield place(path.parent / step.target), step.role


def _reads_as_requirements(raw: bytes) -> bool:
    """Whether pip could read all of a file, and something of it. Raises :class:`ValueError`."""
    if len(raw) > _LARGEST:
        raise ValueError("this is longer than what anybody writes")
    reading = read_whole(encodings.decode(raw))
    return reading is not None and bool(reading.entries.dependencies or reading.links)

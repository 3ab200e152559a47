"""The requirements files around one: those that it includes, and those that include it."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from registry_lsp.core.manifests import Index, Link, Role
from registry_lsp.core.ports import Files
from registry_lsp.ecosystems.pypi.requirements import encodings
from registry_lsp.ecosystems.pypi.requirements.files import read_file
from registry_lsp.ecosystems.pypi.requirements.release_control import ReleaseOption
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS, REQUIREMENTS
from registry_lsp.ecosystems.pypi.requirements.search_scope import ELSEWHERE, UNKNOWN

DEEPEST = 24
"""How many files may include each other in a row."""
MOST_FILES = 200
"""How many files are gone through from one, each as often as it is included."""
MOST_STEPS = 200
"""How many options of one file are taken."""
MOST_CANDIDATES = 64
"""How many files are looked at that might include one."""

_FOLLOWED = frozenset({Role.REQUIREMENTS, Role.CONSTRAINTS})
_WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Here:
    """The place of the file itself among the steps of one that includes it."""


Step: TypeAlias = Index | ReleaseOption | Here
"""What stands for a whole installation."""
HERE = Here()


@dataclass(frozen=True, slots=True, kw_only=True)
class Included:
    """What a line of the file includes: its ``target`` as the link has it, the steps below it in
    reading order, and pip's ``complaint`` about it, a sentence.
    """

    target: str
    steps: tuple[Step, ...] = ()
    complaint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The files around one: ``included`` by it, and for each outermost file that includes it the
    steps of all that is installed then.
    """

    included: tuple[Included, ...] = ()
    including: tuple[tuple[Step, ...], ...] = ()


def look_around(path: Path, links: Iterable[Link], files: Files) -> Around:
    """What stands around the requirements file at *path*, whose *links* are its own.

    Those that include it are looked for in its folder, that folder's parent and its folder
    ``requirements``, by their names. A file on the web is not fetched, and says nothing.
    """
    own = _place(path)
    tree = _Tree(own, files)
    included = tuple(
        Included(target=target, steps=tuple(tree.below((own,), target)), complaint=tree.complaint())
        for target in dict.fromkeys(each.target for each in links if each.role in _FOLLOWED)
    )
    including: dict[Path, tuple[Step, ...]] = {}
    reached: set[Path] = set()
    for candidate in _candidates(own, files):
        tree = _Tree(own, files)
        steps = tuple(tree.steps_of((candidate,)))
        if HERE in steps:
            including[candidate] = steps
            reached |= tree.reached
    outermost = [each for each in including if each not in reached] or list(including)
    return Around(included=included, including=tuple(including[each] for each in outermost))


def in_order(
    indexes: Iterable[Index], links: Iterable[Link], releases: Iterable[ReleaseOption] = ()
) -> Iterator[Index | Link | ReleaseOption]:
    """*indexes*, *releases* and the includes among *links* in reading order. The indexes of one
    line keep theirs.
    """
    waiting, control = deque(indexes), deque(releases)
    for link in links:
        if link.role in _FOLLOWED:
            while waiting and waiting[0].span.start < link.span.start:
                yield waiting.popleft()
            while control and control[0].at < link.span.start:
                yield control.popleft()
            yield link
    yield from waiting
    yield from control


class _Tree:
    """The files that one includes, gone through as pip does: depth first, each as often as it is
    included. What cannot be gone through leaves an index that is unknown.
    """

    def __init__(self, own: Path, files: Files) -> None:
        self.reached: set[Path] = set()
        self._own = own
        self._files = files
        self._count = 0
        self._complaint: str | None = None

    def complaint(self) -> str | None:
        """What pip would refuse of what was gone through since the last time this was asked."""
        found, self._complaint = self._complaint, None
        return found

    def below(self, above: tuple[Path, ...], target: str) -> Iterator[Step]:
        """The steps of *target*, which the last file of *above* includes."""
        if _WEB.match(target):
            return
        path = _place(above[-1].parent / target)
        self.reached.add(path)
        if path in above:
            self._complain(f"'{target}' includes itself in the end, which pip refuses.")
        elif path == self._own:
            yield HERE
        else:
            yield from self.steps_of((*above, path), target)

    def steps_of(self, files: tuple[Path, ...], target: str = "") -> Iterator[Step]:
        """The steps of the last of *files*, each of which the one before it includes."""
        self._count += 1
        if self._count > MOST_FILES or len(files) > DEEPEST:
            yield UNKNOWN
            return
        path = files[-1]
        heeded = self._files.read(path, _heed)
        if heeded is None:
            if path.name not in self._files.names(path.parent):
                self._complain(f"There is no file '{target}', and pip installs nothing without it.")
                return
            self._complain(f"The file '{target}' cannot be read.")
            yield UNKNOWN
            return
        for step in heeded.steps:
            if isinstance(step, Link):
                yield from self.below(files, step.target)
            else:
                yield step

    def _complain(self, reason: str) -> None:
        self._complaint = self._complaint or reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """What a requirements file says for the whole installation, in reading order."""

    steps: tuple[Index | ReleaseOption | Link, ...]


def _heed(raw: bytes) -> _File:
    reading = read_file(encodings.decode(raw), "requirements", options_only=True)
    steps = tuple(
        replace(each, span=ELSEWHERE) if isinstance(each, Index) else each
        for each in in_order(reading.indexes, reading.links, reading.releases)
    )
    return _File(steps=steps if len(steps) <= MOST_STEPS else (*steps[:MOST_STEPS], UNKNOWN))


def _candidates(own: Path, files: Files) -> list[Path]:
    """The files that may include *own*, by their names."""
    folders = dict.fromkeys((own.parent, own.parent.parent, own.parent / "requirements"))
    found = (
        folder / name
        for folder in folders
        for name in files.names(folder)
        if name.endswith((".txt", ".in"))
    )
    alike = (each for each in found if REQUIREMENTS.matches(each) or CONSTRAINTS.matches(each))
    return [each for each, _ in zip(alike, range(MOST_CANDIDATES), strict=False) if each != own]


def _place(path: Path) -> Path:
    """*path* without '..', as pip compares them; links on disk are not followed."""
    return Path(os.path.normpath(path))

"""The requirements files around one: those that it includes, and those that include it."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from registry_lsp.core.manifests import Index, Link, Role
from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.pypi.project.steps import HERE, MOST_STEPS, Step, reduced
from registry_lsp.ecosystems.pypi.requirements import encodings
from registry_lsp.ecosystems.pypi.requirements.files import read_file
from registry_lsp.ecosystems.pypi.requirements.release_control import ReleaseOption
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS, REQUIREMENTS
from registry_lsp.ecosystems.pypi.requirements.search_scope import ELSEWHERE, UNKNOWN

DEEPEST = 24
"""How many files may include each other in a row."""
MOST_FILES = 200
"""How many files are gone through from one."""
MOST_TAKEN = 100_000
"""How many steps are taken together from all files around one."""
MOST_CANDIDATES = 128
"""How many files are looked at that might include one."""
_MOST_FOLDERS = 64
"""How many folders beside one are looked into."""
_LARGEST_CANDIDATE = 2**17
"""Bytes of a file that might include one, where its name does not say that it is of the kind."""

FOLLOWED = frozenset({Role.REQUIREMENTS, Role.CONSTRAINTS})
"""What pip reads along with the file that names it."""
_WEB = re.compile(r"https?://", re.IGNORECASE)
_NEVER = frozenset({".git", ".hg", "node_modules", "__pycache__"})
"""Folders in which nobody keeps requirements, and which change all the time."""


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
    """The files around one: ``included`` by it, and for each of the ``outermost`` files that
    include it the steps of all that is installed then, each once.
    """

    included: tuple[Included, ...] = ()
    including: tuple[tuple[Step, ...], ...] = ()
    outermost: tuple[Path, ...] = ()


def look_around(path: Path, links: Iterable[Link], files: Files) -> Around:
    """What stands around the requirements file at *path*, whose *links* are its own.

    Those that include it are looked for in its folder, in that folder's parent, and in the folders
    that these two have, whatever their names are: what is no requirements file does not include
    it. A file on the web is not fetched: what it might say, the line says that includes it.
    """
    own = place(path)
    spent = _Spent()
    tree = _Tree(own, files, spent)
    below = {
        target: tree.below((own,), target)
        for target in dict.fromkeys(each.target for each in links if each.role in FOLLOWED)
    }
    including: dict[Path, tuple[Step, ...]] = {}
    reached: set[Path] = set()
    for candidate, is_alike in candidates(own, files):
        tree = _Tree(own, files, spent)
        steps = tree.of((candidate,), reader=heed if is_alike else _heed_short).steps
        if HERE in steps:
            including[candidate] = steps
            reached |= tree.reached
    outermost = [each for each in including if each not in reached] or list(including)
    installed = dict.fromkeys(including[each] for each in outermost)
    return Around(
        included=tuple(
            Included(target=target, steps=found.steps, complaint=found.complaint)
            for target, found in below.items()
        ),
        including=((UNKNOWN, HERE),) if spent.is_all else tuple(installed),
        outermost=tuple(outermost),
    )


def in_order(
    indexes: Iterable[Index], links: Iterable[Link], releases: Iterable[ReleaseOption] = ()
) -> Iterator[Index | Link | ReleaseOption]:
    """*indexes*, *releases* and the includes among *links* in reading order. The indexes of one
    line keep theirs.
    """
    waiting, control = deque(indexes), deque(releases)
    for link in links:
        if link.role in FOLLOWED:
            while waiting and waiting[0].span.start < link.span.start:
                yield waiting.popleft()
            while control and control[0].at < link.span.start:
                yield control.popleft()
            yield link
    yield from waiting
    yield from control


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effect:
    """What a file with all that it includes comes to, and what pip would refuse of it."""

    steps: tuple[Step, ...] = ()
    complaint: str | None = None


_ANY = _Effect(steps=(UNKNOWN,))


@dataclass(slots=True)
class _Spent:
    """How many steps have been ``taken`` from the files around one."""

    taken: int = 0

    @property
    def is_all(self) -> bool:
        """Whether no more may be taken: what includes the file is not known then."""
        return self.taken > MOST_TAKEN


class _Tree:
    """The files that one includes, gone through as pip does: depth first. pip reads each as often
    as it is included; here each is read once, for it comes to the same every time. What cannot be
    gone through leaves an index that is unknown.
    """

    def __init__(self, own: Path, files: Files, spent: _Spent) -> None:
        self.reached: set[Path] = set()
        self._own = own
        self._files = files
        self._spent = spent
        self._effects: dict[Path, _Effect] = {}

    def below(self, above: tuple[Path, ...], target: str) -> _Effect:
        """What *target* comes to, which the last file of *above* includes."""
        if _WEB.match(target):
            return _Effect()
        path = place(above[-1].parent / target)
        self.reached.add(path)
        if path in above:
            complaint = f"'{target}' includes itself in the end, which pip refuses."
            return _Effect(complaint=complaint)
        if path == self._own:
            return _Effect(steps=(HERE,))
        if path not in self._effects:
            self._effects[path] = self.of((*above, path), target)
        return self._effects[path]

    def of(
        self,
        files: tuple[Path, ...],
        target: str = "",
        reader: Callable[[bytes], _File] | None = None,
    ) -> _Effect:
        """What the last of *files* comes to, each of which the one before it includes."""
        if len(self._effects) >= MOST_FILES or len(files) > DEEPEST or self._spent.is_all:
            return _ANY
        path = files[-1]
        heeded = self._files.read(path, reader or heed)
        if heeded is not None:
            return self._together(files, heeded)
        if path.name not in self._files.names(path.parent):
            return _Effect(
                complaint=f"There is no file '{target}', and pip installs nothing without it."
            )
        return replace(_ANY, complaint=f"The file '{target}' cannot be read.")

    def _together(self, files: tuple[Path, ...], heeded: _File) -> _Effect:
        """What the steps of a file come to, with those below its includes in their places."""
        steps: list[Step] = []
        complaint: str | None = None
        for step in heeded.steps:
            if isinstance(step, Link):
                found = self.below(files, step.target)
                steps += found.steps
                complaint = complaint or found.complaint
            else:
                steps.append(step)
        self._spent.taken += len(steps)
        return _Effect(steps=reduced(steps), complaint=complaint)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """What a requirements file says for the whole installation, in reading order."""

    steps: tuple[Index | ReleaseOption | Link, ...]


def heed(raw: bytes) -> _File:
    """What a requirements file says for the whole installation. Raises :class:`ValueError`."""
    reading = read_file(encodings.decode(raw), "requirements", options_only=True)
    steps = tuple(
        replace(each, span=ELSEWHERE) if isinstance(each, Index) else each
        for each in in_order(reading.indexes, reading.links, reading.releases)
    )
    return _File(steps=steps if len(steps) <= MOST_STEPS else (*steps[:MOST_STEPS], UNKNOWN))


def _heed_short(raw: bytes) -> _File:
    if len(raw) > _LARGEST_CANDIDATE:
        raise ValueError("this is too long for a list of requirements files")
    return heed(raw)


def candidates(own: Path, files: Files) -> list[tuple[Path, bool]]:
    """The files that may include *own*, with whether their names say that they are of its kind:
    these come first.
    """
    near, above = own.parent, own.parent.parent
    likely = (near, above, near / "requirements", above / "requirements")
    beside = (*_folders_in(near, files), *_folders_in(above, files))
    found = [
        path
        for folder in dict.fromkeys((*likely, *beside))
        for name in files.names(folder)
        if name.endswith((".txt", ".in")) and (path := folder / name) != own
    ]
    judged = [(each, REQUIREMENTS.matches(each) or CONSTRAINTS.matches(each)) for each in found]
    return sorted(judged, key=lambda each: not each[1])[:MOST_CANDIDATES]


def _folders_in(folder: Path, files: Files) -> Iterator[Path]:
    """What may be folders in *folder*, by their names."""
    likely = (
        name for name in files.names(folder) if "." not in name.lstrip(".") and name not in _NEVER
    )
    return islice((folder / name for name in likely), _MOST_FOLDERS)


def place(path: Path) -> Path:
    """*path* without '..', as pip compares them; links on disk are not followed."""
    return Path(os.path.normpath(path))

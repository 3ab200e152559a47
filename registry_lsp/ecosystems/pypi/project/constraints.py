"""The constraints that hold for a requirements file: those of all files that pip reads with it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from registry_lsp.core.manifests import Dependency, Link, Manifest, Role
from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.pypi.project.includes import (
    DEEPEST,
    FOLLOWED,
    MOST_FILES,
    heed,
    place,
)
from registry_lsp.ecosystems.pypi.requirements import encodings
from registry_lsp.ecosystems.pypi.requirements.files import read_file
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS
from registry_lsp.ecosystems.pypi.versions.constraining import NONE, Line, Lines, by_name

_WEB = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_REQUIRED = "requirements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """The constraints on what a requirements file asks for: those ``below`` each of its includes,
    those of every installation ``around`` it in which its requirements are installed, and those
    that hold ``always``.
    """

    below: Mapping[tuple[Role, str], Lines] = field(default_factory=dict)
    around: tuple[Lines, ...] = ()
    always: Lines = field(default_factory=dict)

    def on(self, dependency: Dependency, manifest: Manifest) -> tuple[Line, ...]:
        """Those on the name of *dependency*, which *manifest* asks for. Where several installations
        install it, those that all of them have.
        """
        if dependency.section != _REQUIRED:
            return ()
        name = dependency.name
        own = [
            line
            for link in manifest.links
            for line in self.below.get((link.role, link.target), NONE).get(name, ())
        ]
        own += self.always.get(name, ())
        if self.around:
            first, *others = (each.get(name, ()) for each in self.around)
            own += (each for each in first if all(each in other for other in others))
        return tuple(dict.fromkeys(own))


def find_constraints(
    path: Path,
    links: Iterable[Link],
    outermost: Iterable[Path],
    files: Files,
    everywhere: Iterable[str],
) -> Constraints:
    """What constrains the requirements file at *path*, whose *links* are its own, and which is
    installed with each of the *outermost* files. *everywhere* are the files for every
    installation; their paths are taken to be from the folder of *path*.
    """
    own = place(path)
    below = {
        (link.role, link.target): by_name(_Walk(own, files).below((own,), link))
        for link in {(each.role, each.target): each for each in links}.values()
        if link.role in FOLLOWED
    }
    around = []
    for each in outermost:
        walk = _Walk(own, files)
        lines = by_name(walk.read((each,), _role(each)))
        if walk.is_required:
            around.append(lines)
    walk = _Walk(own, files)
    always = (line for each in everywhere for line in walk.named((own,), each, Role.CONSTRAINTS))
    return Constraints(below=below, around=tuple(around), always=by_name(always))


class _Walk:
    """The files that pip reads from one on, each once in each of its two roles. What cannot be
    read, or lies on the web, says nothing.
    """

    def __init__(self, own: Path, files: Files) -> None:
        self.is_required = False
        """Whether the requirements of the file that this is about are installed as well."""
        self._own = own
        self._files = files
        self._seen: set[tuple[Path, Role]] = set()

    def below(self, above: tuple[Path, ...], link: Link) -> Iterator[Line]:
        """The constraints of the file that *link*, of the last of *above*, includes."""
        yield from self.named(above, link.target, link.role)

    def named(self, above: tuple[Path, ...], target: str, role: Role) -> Iterator[Line]:
        """Those of the file *target*, which the last of *above* names in that *role*."""
        if _WEB.match(target) or len(above) > DEEPEST or len(self._seen) > MOST_FILES:
            return
        path = place(above[-1].parent / target)
        if path == self._own:
            self.is_required = self.is_required or role is Role.REQUIREMENTS
            return
        if path in above or (path, role) in self._seen:
            return
        self._seen.add((path, role))
        yield from self.read((*above, path), role)

    def read(self, files: tuple[Path, ...], role: Role) -> Iterator[Line]:
        """Those of the last of *files*, each of which the one before it includes, in that *role*,
        and of what it includes.
        """
        path = files[-1]
        if role is Role.REQUIREMENTS:
            heeded = self._files.read(path, heed)
            steps = heeded.steps if heeded is not None else ()
            for link in (each for each in steps if isinstance(each, Link)):
                yield from self.below(files, link)
            return
        found = _together(self._files.shown(path), self._files.read(path, read_constraints))
        if found is None:
            return
        by = _relative(path, self._own.parent)
        for each in found.dependencies:
            yield Line(
                name=each.name,
                specifier=each.specifier,
                marker=each.marker,
                by=by,
                source=each.source,
                target=each.target,
                link=_link(each, path.parent, self._own.parent),
            )
        for link in found.links:
            yield from self.below(files, link)


def _role(path: Path) -> Role:
    """What an outermost file is for, by its name: nobody says it."""
    return Role.CONSTRAINTS if CONSTRAINTS.matches(path) else Role.REQUIREMENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A constraints file: what it constrains, and what it includes."""

    dependencies: tuple[Dependency, ...]
    links: tuple[Link, ...]


def read_constraints(raw: bytes) -> _File:
    """Read a constraints file. Raises :class:`ValueError` where it is no text."""
    return _said(encodings.decode(raw))


@lru_cache(maxsize=8)
def _said(text: str) -> _File:
    reading = read_file(text, "constraints")
    named = tuple(each for each in reading.entries.dependencies if each.name)
    links = tuple(each for each in reading.links if each.role in FOLLOWED)
    return _File(dependencies=named, links=links)


def _together(shown: str | None, saved: _File | None) -> _File | None:
    """What a file says that an editor has open with the text *shown*, and what is *saved* of where
    packages come from: what somebody takes out of it leads no name anywhere before that is saved.
    """
    if shown is None:
        return saved
    typed, kept = _said(shown), saved or _File(dependencies=(), links=())
    elsewhere = (each for each in kept.dependencies if not each.source.is_looked_up)
    places = {(each.role, each.target) for each in typed.links}
    links = (each for each in kept.links if (each.role, each.target) not in places)
    return _File(dependencies=(*typed.dependencies, *elsewhere), links=(*typed.links, *links))


def _relative(path: Path, base: Path) -> str:
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()


def _link(dependency: Dependency, folder: Path, base: Path) -> str:
    """Where *dependency*, whose file lies in *folder*, can be looked at, from the folder *base*."""
    link = dependency.link
    return link if not link or _WEB.match(link) else _relative(place(folder / link), base)

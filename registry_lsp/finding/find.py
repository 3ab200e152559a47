"""Which manifests lie below the paths that somebody names."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePath

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.finding.ignored import Ignored, ignored_at
from registry_lsp.finding.included import ManifestFile, included, may_include, text_of

_KEPT = (".git", ".hg", ".svn", ".bzr", ".jj", "_darcs", "CVS")
"""What version control leaves in the folder that it keeps."""

SKIPPED = frozenset(
    {
        *_KEPT,
        *("node_modules", "bower_components"),
        *(".venv", "venv", ".tox", ".nox", "__pypackages__", "site-packages"),
    }
)
"""Folders that hold other people's manifests, or none: never walked into, unless named."""

MOST_FOLDERS = 50_000
"""Folders of a workspace that are looked through where somebody waits: no workspace has more, and a
disk may have millions."""

_MOST_OF_A_FILE = 2**20
"""Bytes of a file that are looked at to tell whether it is a manifest."""

_SOURCE = ".in"
"""The suffix of what pip-tools compiles requirements files from."""
_BESIDE = 200
"""Files beside one, and above it, that are looked at for whether they include it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The manifests that were found, in the order of the paths and then of their names.

    ``complaints`` are sentences, one for each path that cannot be checked: a named one that is
    not there or is no manifest, and whatever the system does not let us read.
    """

    files: tuple[ManifestFile, ...]
    complaints: tuple[str, ...] = ()


def find_manifests(
    paths: Iterable[Path],
    ecosystems: Sequence[Ecosystem],
    *,
    home: Path,
    environ: Mapping[str, str],
    most: int | None = None,
    is_given_up: Callable[[], bool] = lambda: False,
) -> Search:
    """The manifests that *paths* are, or that lie below them, each one once.

    A file that is named is taken, whatever git thinks of it. Below a folder are passed over
    the folders in :data:`SKIPPED`, virtual environments, what git ignores, and every link: a
    link in somebody's project could lead to a file that is none of the project's business.
    What these manifests include comes behind them, whatever it is called, and so is a file that is
    named and that one beside it or above includes.
    What cannot be checked is complained of, and stops nothing else; so is what lies below a path
    beyond *most* folders, or was yet to come when the search *is_given_up*.
    """
    files: dict[str, ManifestFile] = {}
    complaints: list[str] = []
    for path in paths:
        walk = _Walk(ecosystems, complaints, most=most, is_given_up=is_given_up)
        for real, found in _found_at(path, walk, home, environ):
            files.setdefault(real, found)
    return Search(files=tuple(files.values()), complaints=tuple(complaints))


def manifests_below(
    folder: Path,
    ecosystems: Sequence[Ecosystem],
    *,
    home: Path,
    environ: Mapping[str, str],
    most: int,
) -> list[ManifestFile] | None:
    """The manifests below *folder*, as :func:`find_manifests` finds them; None where it has more
    than *most* folders. What cannot be read is passed over.
    """
    walk = _Walk(ecosystems, [], most=most)
    real = os.path.realpath(folder)
    found = _with_included(folder, walk, ignored_at(real, home=home, environ=environ))
    return None if walk.is_cut else found


def holds_everything(folder: PurePath, home: Path) -> bool:
    """Whether *folder* is no workspace, as all that the user has lies in it, or a whole disk."""
    return folder == home or folder in home.parents or folder == PurePath(folder.anchor)


def is_project(folder: Path) -> bool:
    """Whether somebody keeps *folder* as a whole under version control."""
    return any((folder / each).exists() for each in _KEPT)


def _found_at(
    path: Path,
    walk: _Walk,
    home: Path,
    environ: Mapping[str, str],
) -> list[tuple[str, ManifestFile]]:
    """The manifests that *path* is, or that lie below it, each with its path without links."""
    ecosystems, complaints = walk.ecosystems, walk.complaints
    try:
        real = os.path.realpath(path)
        if stat.S_ISDIR(path.stat().st_mode):
            ignored = ignored_at(real, home=home, environ=environ)
            walked = _with_included(path, walk, ignored)
            below = [(os.path.realpath(each[0]), each) for each in walked]
            if walk.is_cut:
                complaints.append(f"{path}: not all of its folders were looked through")
            return below
        found = _named(path, PurePath(real), ecosystems)
    except (FileNotFoundError, NotADirectoryError):
        complaints.append(f"{path}: there is no such file or folder")
    except OSError as error:
        complaints.append(_unreadable(path, error))
    else:
        if found is not None:
            return [(real, found)]
        names = (format.name for each in ecosystems for format in each.formats)
        complaints.append(f"{path}: not a manifest ({', '.join(names)})")
    return []


def _named(path: Path, real: PurePath, ecosystems: Sequence[Ecosystem]) -> ManifestFile | None:
    """A file that is a manifest by its own place, or by the one that a link leads to: the name
    of its folder may say it.

    Else it is what a manifest beside it or above includes it as. Every other ``.in`` file is a
    source of requirements, since a person has named it, and so is a text that reads as one. A walk
    takes them by their names alone: templates of many other tools have that suffix too.
    """
    return (
        _as_manifest(path, path.absolute(), ecosystems)
        or _as_manifest(path, real, ecosystems)
        or _as_included(path, ecosystems)
        or _as_source(path, ecosystems)
    )


def _as_included(path: Path, ecosystems: Sequence[Ecosystem]) -> ManifestFile | None:
    """What a manifest in the folder of *path*, or above that, includes it as."""
    own = Path(os.path.abspath(path))  # noqa: PTH100 - links are not followed
    beside: list[ManifestFile] = []
    for folder in (own.parent, own.parent.parent):
        with suppress(OSError), os.scandir(folder) as found:
            for entry in islice(found, _BESIDE):
                each = Path(entry.path)
                if entry.is_file(follow_symlinks=False) and may_include(each, ecosystems):
                    manifest = _as_manifest(each, each, ecosystems)
                    beside += [manifest] if manifest is not None else []
    for other, ecosystem, format in included(beside, os.path.isfile):
        if other == own:
            return path, ecosystem, format
    return None


def _with_included(folder: Path, walk: _Walk, ignored: Ignored) -> list[ManifestFile]:
    """What a *walk* through *folder* finds, where *ignored* holds, and what that includes."""
    found = list(walk.below(folder, ignored))
    more = included(found, lambda other: _is_ours(other, folder, ignored))
    return [
        *found,
        *(
            (folder / os.path.relpath(other, folder), ecosystem, format)
            for other, ecosystem, format in more
        ),
    ]


def _is_ours(path: Path, root: Path, ignored: Ignored) -> bool:
    """Whether a walk below *root*, where *ignored* holds, would come to the file at *path*."""
    try:
        parts = path.relative_to(os.path.abspath(root)).parts  # noqa: PTH100 - links are not followed
        folder = os.path.realpath(root)
        for name in parts[:-1]:
            folder = os.path.join(folder, name)  # noqa: PTH118 - paths are text here, for speed
            is_link = stat.S_ISLNK(os.lstat(folder).st_mode)
            if name in SKIPPED or is_link or ignored.covers(folder, is_folder=True):
                return False
            ignored = ignored.below(folder)
        file = os.path.join(folder, parts[-1])  # noqa: PTH118
        return stat.S_ISREG(os.lstat(file).st_mode) and not ignored.covers(file, is_folder=False)
    except (ValueError, IndexError, OSError):  # elsewhere, or not there
        return False


def _unreadable(path: Path, error: OSError) -> str:
    return f"{path}: {error.strerror or 'cannot be read'}"


def _as_manifest(
    path: Path, judged: PurePath, ecosystems: Sequence[Ecosystem]
) -> ManifestFile | None:
    for ecosystem in ecosystems:
        for format in ecosystem.formats:
            if format.matches(judged) and _holds(path, format):
                return path, ecosystem, format
    return None


def _holds(path: Path, format: ManifestFormat) -> bool:
    """Whether the file is one by its text too. One that cannot be read is one where its path alone
    says so, as whoever reads it next will tell.
    """
    is_one_by_its_path = format.holds("")
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_OF_A_FILE)
        return format.holds(format.decode(raw))
    except UnicodeDecodeError:
        return is_one_by_its_path
    except OSError:
        if is_one_by_its_path:
            return True
        raise


def _as_source(path: Path, ecosystems: Sequence[Ecosystem]) -> ManifestFile | None:
    """A file with the suffix of sources, for the first format that has such files; one with another
    suffix of that kind where its text is such.
    """
    for ecosystem in ecosystems:
        for format in ecosystem.formats:
            suffixes = {PurePath(pattern).suffix for pattern in format.patterns}
            if path.suffix not in suffixes or _SOURCE not in suffixes:
                continue
            if path.suffix == _SOURCE or _reads_as_one(path, ecosystem, format):
                return path, ecosystem, format
    return None


def _reads_as_one(path: Path, ecosystem: Ecosystem, format: ManifestFormat) -> bool:
    """Whether more of the file can be read than not."""
    if not _holds(path, format):
        return False
    manifest = format.parse(text_of(path, format))
    sound = [each for each in manifest.dependencies if _is_sound(each, ecosystem)]
    faults = len(manifest.problems) + len(manifest.dependencies) - len(sound)
    return len(sound) + len(manifest.links) > faults


def _is_sound(dependency: Dependency, ecosystem: Ecosystem) -> bool:
    try:
        ecosystem.schemes[dependency.dialect].parse(dependency.specifier)
    except InvalidRequirementError:
        return False
    return True


class _Walk:
    """One walk through a folder, or through *most* folders of it, until it *is_given_up*: then it
    ``is_cut``. Folders wait in a list, since trees may be deep.
    """

    def __init__(
        self,
        ecosystems: Sequence[Ecosystem],
        complaints: list[str],
        *,
        most: int | None = None,
        is_given_up: Callable[[], bool] = lambda: False,
    ) -> None:
        self.ecosystems = ecosystems
        self.complaints = complaints
        self._most = most
        self._is_given_up = is_given_up
        self.is_cut = False
        self._seen: set[tuple[int, int]] = set()

    def below(self, root: Path, ignored: Ignored) -> Iterator[ManifestFile]:
        real = os.path.realpath(root)
        waiting = [(real, root, ignored)]
        while waiting:
            has_enough = self._most is not None and len(self._seen) >= self._most
            if has_enough or self._is_given_up():
                self.is_cut = True
                return
            folder, shown, rules = waiting.pop()
            entries = self._entries(folder, shown)
            if folder != real and any(each.name == "pyvenv.cfg" for each in entries):
                continue
            folders = []
            for entry in entries:
                path = shown / entry.name
                try:  # some file systems tell what an entry is only to who may look at it
                    is_folder = entry.is_dir(follow_symlinks=False)
                    is_file = entry.is_file(follow_symlinks=False)
                except OSError as error:
                    self.complaints.append(_unreadable(path, error))
                    continue
                if is_folder and entry.name not in SKIPPED:
                    if not rules.covers(entry.path, is_folder=True):
                        folders.append((entry.path, path, rules.below(entry.path)))
                elif is_file and (found := self._manifest(path, entry.path, rules)):
                    yield found
            waiting += reversed(folders)

    def _manifest(self, path: Path, real: str, rules: Ignored) -> ManifestFile | None:
        try:
            found = _as_manifest(path, PurePath(real), self.ecosystems)
        except OSError as error:
            self.complaints.append(_unreadable(path, error))
            return None
        return found if found and not rules.covers(real, is_folder=False) else None

    def _entries(self, folder: str, shown: Path) -> list[os.DirEntry[str]]:
        """What lies in *folder*, by name; nothing where it was seen before (a junction or a
        mount may lead upwards) or cannot be read.
        """
        try:
            status = os.stat(folder)  # noqa: PTH116 - paths are text here, for speed
            if (status.st_dev, status.st_ino) in self._seen:
                return []
            self._seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as found:
                return sorted(found, key=lambda each: each.name)
        except OSError as error:
            self.complaints.append(_unreadable(shown, error))
            return []

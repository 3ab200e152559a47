"""Which lock file belongs to a Python manifest, and what it says; failing that, what is installed
in the project's virtual environment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from registry_lsp.core.manifests import Dependency, Locked
from registry_lsp.core.pointers import Pointer
from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.pypi.locks.compiled import compiled_name, read_compiled
from registry_lsp.ecosystems.pypi.locks.installed import (
    find_environment,
    installed_in,
    is_there,
    metadata_in,
)
from registry_lsp.ecosystems.pypi.locks.lock_entries import (
    Entries,
    LockFile,
    locked_versions,
    pinned_version,
)
from registry_lsp.ecosystems.pypi.locks.passages import entry_in, name_in_metadata
from registry_lsp.ecosystems.pypi.locks.pipfile_lock import read_pipfile_lock
from registry_lsp.ecosystems.pypi.locks.pythons import Python, pinned_python, python_of
from registry_lsp.ecosystems.pypi.locks.toml_locks import (
    read_pdm_lock,
    read_poetry_lock,
    read_pylock,
)
from registry_lsp.ecosystems.pypi.locks.uv_lock import read_uv_lock
from registry_lsp.ecosystems.pypi.manifests.scopes import Scope, scope_of
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS
from registry_lsp.ecosystems.pypi.versions.choice import parse_version
from registry_lsp.ecosystems.pypi.versions.marker_overlap import may_meet

Reader = Callable[[bytes], LockFile]

_PYPROJECT = "pyproject.toml"
_UV = "uv.lock"
_PYLOCK = "pylock.toml"
_NAMED_PYLOCK = re.compile(r"pylock\.[^.]+\.toml")
_TOOLS: tuple[tuple[str, str, Reader], ...] = (
    ("uv", _UV, read_uv_lock),
    ("poetry", "poetry.lock", read_poetry_lock),
    ("pdm", "pdm.lock", read_pdm_lock),
)
"""The tools that have a lock file of their own, in the order in which they are believed where the
manifest has tables of none or several of them."""
_TABLE = re.compile(rb"^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*(uv|poetry|pdm)(?![\w-])", re.MULTILINE)
_MOST_FOLDERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one lock file says to one member of its workspace. ``by`` is the file's name."""

    by: str
    file: LockFile
    member: str = "."

    def locked(self, dependency: Dependency, scope: Scope) -> tuple[Locked, ...]:
        """The versions that are locked of *dependency*, which stands in *scope*."""
        entries = self.file.entries_for(dependency.name, scope, self.member)
        return locked_versions(entries, dependency, scope, by=self.by)

    def entry(self, dependency: Dependency, scope: Scope) -> Pointer | None:
        """Where the file has those versions; None where it has none."""
        versions = frozenset(each.version for each in self.locked(dependency, scope))
        if not versions:
            return None
        steps = 0 if self.member == "." else self.member.count("/") + 1
        find = entry_in(self.by, dependency.name, versions)
        return Pointer(path="../" * steps + self.by, find=find)


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonLock:
    """What is locked for a manifest, by several lock files where several are made for it; and
    what is ``installed``, ``environment`` being the name of the folder where it is and ``seat``
    its path from the manifest's. ``python`` is the one that the project is installed on, as far as
    its environment, or what pins one, tells.
    """

    parts: tuple[Part, ...] = ()
    installed: Entries = field(default_factory=dict, hash=False)
    environment: str = ""
    seat: str = ""
    python: Python | None = None

    def names(self) -> frozenset[str]:
        """What is locked, else installed, by its normalised name."""
        if self.parts:
            return frozenset(name for part in self.parts for name in part.file.entries)
        return frozenset(self.installed)

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """The versions that are locked of *dependency*: several where that depends on markers or
        groups that it does not tell of. Where none is locked or pinned, the one that is installed.
        """
        scope = scope_of(dependency.section)
        if scope is None:
            return ()
        found: dict[str, Locked] = {}
        is_known = False
        for part in self.parts:
            entries = part.file.entries_for(dependency.name, scope, part.member)
            is_known = is_known or bool(entries)
            for each in part.locked(dependency, scope):
                found.setdefault(each.version, each)
        if is_known:  # perhaps from elsewhere, and then it was not installed from a registry either
            return self._here(tuple(found.values()))
        present = self.installed.get(dependency.name, ())
        if not present or pinned_version(dependency) is not None:
            return ()
        return locked_versions(present, dependency, scope, by=self.environment)

    def _here(self, locked: tuple[Locked, ...]) -> tuple[Locked, ...]:
        """*locked*, with word of those that are for other Pythons than the project's own."""
        if len(locked) < 2 or self.python is None:
            return locked
        own = self.python.marker
        here = {each.version for each in locked if may_meet(each.marker, own)}
        if not here:
            return locked
        return tuple(replace(each, is_elsewhere=each.version not in here) for each in locked)

    def entry(self, dependency: Dependency) -> tuple[Pointer, ...]:
        """Where the lock files have what *dependency* is locked to; where they have nothing of it,
        what tells of the version that is installed, if that is the one that it names.
        """
        scope = scope_of(dependency.section)
        if scope is None:
            return ()
        found = [part.entry(dependency, scope) for part in self.parts]
        name = dependency.name
        if any(part.file.entries_for(name, scope, part.member) for part in self.parts):
            return tuple(each for each in found if each is not None)
        return tuple(self._installed(dependency))

    def _installed(self, dependency: Dependency) -> Iterator[Pointer]:
        pinned = parse_version(pinned_version(dependency) or "")
        versions = {each.version for each in self.locked(dependency) if each.by == self.environment}
        for each in self.installed.get(dependency.name, ()):
            is_pinned = pinned is not None and parse_version(each.version) == pinned
            if each.version in versions or is_pinned:
                path = f"{self.seat}/{metadata_in(each.place)}"
                yield Pointer(path=path, find=name_in_metadata)


def find_lock(path: Path, files: Files) -> PythonLock:
    """What is locked for the manifest at *path*, by its kind:

    - ``pyproject.toml``: the lock file of the tool that it has a table of, else ``uv.lock``,
      ``poetry.lock``, ``pdm.lock`` or ``pylock.toml`` beside it; else the ``uv.lock`` of a folder
      above which has it as a project; else all ``pylock.<name>.toml`` beside it. A ``uv.lock``
      above that names it as a member of the workspace stands over its own, which uv does not read.
    - ``Pipfile``: ``Pipfile.lock``.
    - ``requirements.in``: the ``requirements.txt`` that is compiled from it.
    - other requirements files, and these too: ``pylock.toml`` beside them.
    - scripts: ``<script>.lock``; what is installed does not concern them, nor ``hatch.toml``.
    """
    folder = path.parent
    if path.suffix == ".py":
        return PythonLock(parts=_first(folder, ((f"{path.name}.lock", read_uv_lock),), files))
    if path.name == "hatch.toml":
        return PythonLock()
    parts = _first(folder, _candidates(path, files), files)
    above = tuple(islice((folder, *folder.parents), _MOST_FOLDERS))
    depth = _repository(above, files)
    if path.name == _PYPROJECT and (not parts or parts[0].by == _UV):
        workspace = _workspace(above, files, is_locked=bool(parts))
        if workspace is not None:
            parts, depth = (workspace[0],), max(depth, workspace[1])
        elif not parts:
            parts = tuple(_named(folder, files))
    inner = above[: depth + 1]
    environment = find_environment(inner, files)
    python = _python(path, parts, environment, inner, files)
    if environment is None:
        return PythonLock(parts=parts, python=python)
    return PythonLock(
        parts=parts,
        installed=installed_in(environment, files),
        environment=environment.name,
        seat="../" * above.index(environment.parent) + environment.name,
        python=python,
    )


def _python(
    path: Path,
    parts: tuple[Part, ...],
    environment: Path | None,
    folders: tuple[Path, ...],
    files: Files,
) -> Python | None:
    """The Python that the project of the manifest at *path* is installed on: that of its
    *environment*, else the one that is pinned in *folders*. uv goes by the pin, and makes an
    environment anew that has another.
    """
    own = python_of(environment, files) if environment is not None else None
    pinned = pinned_python(folders, files)
    is_uv = any(part.by == _UV for part in parts) or (
        path.name == _PYPROJECT and files.read(path, _read_tools) == frozenset({"uv"})
    )
    if not is_uv or own is None or pinned is None:
        return own or pinned
    is_kept = f"{own.version}.".startswith(f"{pinned.version}.")
    return own if is_kept else pinned


def _candidates(path: Path, files: Files) -> Iterator[tuple[str, Reader]]:
    """The names of the lock files that one beside the manifest may have, the first one first."""
    if path.name == "Pipfile":
        yield "Pipfile.lock", read_pipfile_lock
    elif path.name == _PYPROJECT:
        tables = files.read(path, _read_tools) or frozenset()
        for _, name, reader in sorted(_TOOLS, key=lambda tool: tool[0] not in tables):
            yield name, reader
        yield _PYLOCK, read_pylock
    else:
        compiled = compiled_name(path)
        if compiled is not None:
            yield compiled, read_compiled
        if not CONSTRAINTS.matches(path):
            yield _PYLOCK, read_pylock


def _first(
    folder: Path, candidates: Iterable[tuple[str, Reader]], files: Files
) -> tuple[Part, ...]:
    """The first of some lock files in *folder* that can be read and has anything."""
    for name, reader in candidates:
        file = files.read(folder / name, reader)
        if file is not None and file.entries:
            return (Part(by=name, file=file),)
    return ()


def _workspace(
    above: tuple[Path, ...], files: Files, *, is_locked: bool
) -> tuple[Part, int] | None:
    """What uv's lock file of a workspace says to the project in the innermost of the folders
    *above*, and in which of them it lies. Any lock file may lie there: it must have the project,
    as a member of its workspace where that *is_locked* by itself.
    """
    for depth, root in enumerate(above):
        file = files.read(root / _UV, read_uv_lock) if depth else None
        member = above[0].relative_to(root).as_posix()
        if file is not None and member in (file.workspace if is_locked else file.members):
            return Part(by=_UV, file=file, member=member), depth
    return None


def _named(folder: Path, files: Files) -> Iterator[Part]:
    """What every ``pylock.<name>.toml`` in *folder* says (PEP 751)."""
    for name in files.names(folder):
        if _NAMED_PYLOCK.fullmatch(name):
            yield from _first(folder, ((name, read_pylock),), files)


def _repository(above: tuple[Path, ...], files: Files) -> int:
    """At which of some folders, the innermost first, the repository begins that all are in; the
    first, where there is none.
    """
    for at, folder in enumerate(above):
        git = folder / ".git"  # a folder; in a submodule or another worktree a file
        if files.read(git / "HEAD", is_there) or files.read(git, is_there):
            return at
    return 0


def _read_tools(raw: bytes) -> frozenset[str]:
    """The tools with lock files of their own that a ``pyproject.toml`` has tables of."""
    return frozenset(name.decode() for name in _TABLE.findall(raw))

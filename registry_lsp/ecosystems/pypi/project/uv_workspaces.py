"""What uv takes from the ``pyproject.toml`` files around a project: its workspace's root, and the
nearest one with uv's tables, whose indexes are the project's.

The rules are those of uv's *Workspaces* and *Configuration files*, and of uv itself where these
are silent. ``uv.toml`` is read with the configuration, and hides the indexes found here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path, PurePosixPath, PureWindowsPath

from registry_lsp.core.manifests import Index, Manifest, Source
from registry_lsp.core.ports.project import Files
from registry_lsp.ecosystems.pypi.manifests.bindings import UNBOUND, read_bindings
from registry_lsp.ecosystems.pypi.manifests.choices import Choice
from registry_lsp.ecosystems.pypi.manifests.project_indexes import read_indexes, read_pip_indexes
from registry_lsp.ecosystems.pypi.manifests.reading import strings
from registry_lsp.ecosystems.pypi.manifests.uv_constraints import read_uv_constraints
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.project.local_indexes import local_names, placed
from registry_lsp.ecosystems.pypi.requirements.search_scope import ELSEWHERE
from registry_lsp.ecosystems.pypi.versions.constraining import Line
from registry_lsp.syntax.toml.scanner import scan_toml

_PYPROJECT = "pyproject.toml"
_MOST_FOLDERS = 32
"""How many folders are looked at above one."""
_MOST_MEMBERS = 4000
"""How many folders of a workspace are looked at."""
_DEEPEST = 8
"""How many folders '**' stands for."""
_WEB = re.compile(r"https?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heritage:
    """What a project has from the files around it: the ``indexes`` that uv asks, and, of a member
    of a workspace, the root's ``origins`` of names, and the names that the root has ``replaced``
    by addresses, with the section where, and its ``constraints``, each with the name of its list.
    ``members`` are the workspace's projects, as
    pairs of name and path, None where they are not known; ``via`` is the root's file. Both paths
    are from the project's folder. ``is_bound_by_uv`` where no other tool binds names; ``local``
    are the names in the indexes that are folders, by their addresses.
    """

    indexes: tuple[Index, ...] = ()
    origins: tuple[tuple[str, tuple[Choice, ...]], ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    constraints: tuple[tuple[str, Line], ...] = ()
    members: tuple[tuple[str, str], ...] | None = None
    via: str = ""
    is_member: bool = False
    is_bound_by_uv: bool = False
    local: tuple[tuple[str, frozenset[str]], ...] = ()


NOTHING = Heritage()


def heritage_of(path: Path, manifest: Manifest, files: Files) -> Heritage:
    """What the project or script at *path* has from the files around it."""
    is_script = path.name != _PYPROJECT
    tables = _tables_around(path, files)
    root = None if is_script else _workspace_of(path.parent, tables)
    settings = _settings_above(root or path.parent, tables)
    own = None if is_script else dict(tables).get(path.parent)
    found = Heritage(is_bound_by_uv=own is None or not own.is_other)
    is_other = own is not None and not own.is_uv and (own.is_other or bool(manifest.indexes))
    if settings is not None and settings is not own and (root is not None or not is_other):
        found = replace(found, indexes=settings.indexes)
    indexes = (*manifest.indexes, *found.indexes)
    found = replace(found, local=local_names(indexes, path.parent, files))
    if root is None:
        # what is not on disk yet may be the root of a workspace
        return found if own is None else replace(found, members=())
    rooted = dict(tables)[root]
    if root != path.parent:
        origins = tuple(
            (name, tuple(_from(path.parent, root, each) for each in choices))
            for name, choices in rooted.origins
        )
        via = _relative(root / _PYPROJECT, path.parent)
        found = replace(
            found,
            origins=origins,
            replaced=rooted.replaced,
            constraints=tuple((key, replace(each, by=via)) for key, each in rooted.constraints),
            via=via,
            is_member=True,
        )
    return replace(found, members=_members(root, path.parent, rooted, files))


def settings_around(path: Path, files: Files) -> tuple[Index, ...]:
    """The indexes that ``uv pip`` takes for the requirements file at *path*: those of the root of
    the workspace around it, else of the nearest file with uv's tables. The explicit ones serve
    nobody there, for uv's sources bind no name of such a file.
    """
    tables = _tables_around(path, files)
    project = next((folder for folder, _ in tables), path.parent)
    settings = _settings_above(_workspace_of(project, tables) or project, tables)
    found = settings.pip_indexes if settings is not None else ()
    return tuple(each for each in found if each.role != "explicit")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """What a ``pyproject.toml`` says for others. ``members`` and ``excluded`` are the patterns of
    a workspace's folders, ``members`` is None where it has none.
    """

    name: str
    is_uv: bool
    is_other: bool
    indexes: tuple[Index, ...]
    pip_indexes: tuple[Index, ...]
    origins: tuple[tuple[str, tuple[Choice, ...]], ...]
    replaced: tuple[tuple[str, str], ...]
    constraints: tuple[tuple[str, Line], ...]
    members: tuple[str, ...] | None
    excluded: tuple[str, ...]


def _read_tables(raw: bytes) -> _Tables:
    # uv refuses what is no UTF-8, and then no index is asked: not the public one in its place
    root = scan_toml(raw.decode("utf-8-sig", "replace"))
    project, uv = root.section("project"), root.section("tool", "uv")
    workspace = root.section("tool", "uv", "workspace")
    others = (root.section("tool", name) for name in ("poetry", "pdm"))
    bindings = read_bindings(root, {}) if uv is not None else UNBOUND
    return _Tables(
        name=normalise(project.string("name")) if project is not None else "",
        is_uv=uv is not None,
        is_other=any(each is not None for each in others),
        indexes=read_indexes(root) if uv else (),
        pip_indexes=read_pip_indexes(root),
        origins=tuple((name, _placeless(each)) for name, each in bindings.named.items()),
        replaced=tuple(bindings.replaced.items()),
        constraints=tuple(read_uv_constraints(root)),
        members=tuple(strings(workspace.get("members"))) if workspace is not None else None,
        excluded=tuple(strings(workspace.get("exclude"))) if workspace is not None else (),
    )


def _tables_around(path: Path, files: Files) -> tuple[tuple[Path, _Tables], ...]:
    """The files in the folder of *path* and above, the innermost first."""
    folders = islice((path.parent, *path.parent.parents), _MOST_FOLDERS)
    found = ((folder, files.read(folder / _PYPROJECT, _read_tables)) for folder in folders)
    return tuple((folder, _placed(each, folder)) for folder, each in found if each is not None)


def _placed(tables: _Tables, folder: Path) -> _Tables:
    """*tables* of a file in *folder*, with indexes that mean the same everywhere."""

    def elsewhere(indexes: tuple[Index, ...]) -> tuple[Index, ...]:
        return tuple(placed(replace(each, span=ELSEWHERE), folder) for each in indexes)

    return replace(
        tables, indexes=elsewhere(tables.indexes), pip_indexes=elsewhere(tables.pip_indexes)
    )


def _settings_above(folder: Path, tables: Iterable[tuple[Path, _Tables]]) -> _Tables | None:
    """The nearest of *tables* that are uv's, in *folder* or above."""
    return next((it for place, it in tables if it.is_uv and place in _up(folder)), None)


def _workspace_of(folder: Path, tables: Iterable[tuple[Path, _Tables]]) -> Path | None:
    """The root of the workspace that the project in *folder* is a member of, the root too. The
    nearest workspace above counts, and no other.
    """
    for root, each in tables:
        if each.members is not None:
            inner = folder.relative_to(root).as_posix()
            is_in = inner == "." or _is_any(inner, each.members)
            return root if is_in and not _is_any(inner, each.excluded) else None
    return None


def _is_any(folder: str, patterns: Iterable[str]) -> bool:
    parts = PurePosixPath(folder).parts
    return any(_fits(parts, PurePosixPath(pattern).parts) for pattern in patterns)


def _fits(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Whether the folder of these *parts* is one that *pattern* names: '**' stands for any number
    of folders.
    """
    ends = {0}  # how many parts the pattern's beginning may have taken
    for each in pattern:
        if each == "**":
            ends = set(range(min(ends), len(parts) + 1))
        else:
            ends = {at + 1 for at in ends if at < len(parts) and fnmatchcase(parts[at], each)}
        if not ends:
            return False
    return len(parts) in ends


def _members(
    root: Path, base: Path, tables: _Tables, files: Files
) -> tuple[tuple[str, str], ...] | None:
    """The names of the workspace's projects, with where they are from the folder *base*; None
    where not all folders are looked at that may be members.
    """
    folders = [root]
    for pattern in tables.members or ():
        parts = PurePosixPath(pattern).parts
        if ".." in parts or pattern.startswith(("/", "\\")) or PureWindowsPath(pattern).anchor:
            return None  # beyond the root, on another machine even: a stranger's file says so
        folders += _matching(root, parts, files)
    if len(folders) > _MOST_MEMBERS:
        return None
    found = []
    for folder in dict.fromkeys(folders):
        is_out = _is_any(_relative(folder, root), tables.excluded)
        each = None if is_out else _read_at(folder, files)
        if each is not None and each.name:
            found.append((each.name, _relative(folder / _PYPROJECT, base)))
    return tuple(found)


def _read_at(folder: Path, files: Files) -> _Tables | None:
    return files.read(folder / _PYPROJECT, _read_tables)


def _matching(root: Path, pattern: tuple[str, ...], files: Files) -> list[Path]:
    """The folders below *root* that *pattern* may name."""
    found = [root]
    for each in pattern:
        if each == "**":
            level = found
            for _ in range(_DEEPEST):
                level = _below(level, "*", files)
                found = [*found, *level][:_MOST_MEMBERS]
        elif re.search(r"[*?\[]", each):
            found = _below(found, each, files)
        else:
            found = [folder / each for folder in found]
    return found


def _below(folders: Iterable[Path], pattern: str, files: Files) -> list[Path]:
    inner = (
        folder / name
        for folder in folders
        for name in files.names(folder)
        if fnmatchcase(name, pattern)
    )
    return list(islice(inner, _MOST_MEMBERS))


def _placeless(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """*choices* without the places in their own file, which are nobody else's."""
    return tuple(replace(each, origin=replace(each.origin, place=None)) for each in choices)


def _from(folder: Path, root: Path, choice: Choice) -> Choice:
    """What *root* says of a name, with its path from *folder*."""
    origin = choice.origin
    if origin.source is not Source.PATH or not origin.link or _WEB.match(origin.link):
        return choice
    return replace(choice, origin=replace(origin, link=_relative(root / origin.link, folder)))


def _relative(path: Path, base: Path) -> str:
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()


def _up(folder: Path) -> frozenset[Path]:
    return frozenset((folder, *folder.parents))

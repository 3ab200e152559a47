"""uv's configuration: ``uv.toml``, ``[tool.uv]``, and the variables that begin with ``UV_``.

The order is uv's own (its documents' *Configuration files* and *Package indexes*): the variables
stand over the project's file, that over the user's, that over the machine's; lists are put
together, and of several indexes of one name the first counts. A ``uv.toml`` hides the ``[tool.uv]``
beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import tomli

from registry_lsp.core.gates import Gates
from registry_lsp.core.manifests import Index
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.config.age_gates import uv_gates
from registry_lsp.ecosystems.pypi.config.places import (
    UnreadableError,
    dot_config,
    is_file,
    is_windows,
    machine_folders,
    read,
    upwards,
    user_folder,
)
from registry_lsp.ecosystems.pypi.manifests.project_indexes import uv_indexes
from registry_lsp.ecosystems.pypi.manifests.reading import gate_in, gates_in, strings
from registry_lsp.syntax.nodes import TableNode
from registry_lsp.syntax.toml.scanner import scan_toml

_FILE = "uv.toml"
_PYPROJECT = "pyproject.toml"
_LOCK = "uv.lock"
_NAMED = re.compile(r"\A(?P<name>[\w.-]+)=(?=\w+:|[./])")
_NO_LETTER = re.compile(r"[^A-Za-z0-9]")
_NOWHERE = Span(0, 0)
_UV = re.compile(rb"tool[\"' \t]*\.[\"' \t]*uv|^[ \t]*\[[ \t]*tool[ \t]*\]", re.MULTILINE)
"""What a file has that has tables of uv's."""
_TRUE = frozenset({"1", "true", "yes", "on", "t", "y"})
_BEST_MATCH = "unsafe-best-match"


@dataclass(frozen=True, slots=True, kw_only=True)
class UvSettings:
    """What uv is set to, beside what the manifest says.

    ``named`` are the indexes of the environment, which come before the project's; ``project`` those
    of the project's ``uv.toml``, None where it has none and its tables count; ``others`` are those
    of the user and the machine, which come last. ``pip_project`` and ``pip_others`` are what ``uv
    pip`` has in the place of both. ``is_used`` is whether the project is uv's, ``is_best_taken``
    whether the best of all indexes is taken, and not the first that has a name. ``links`` are where
    archives are looked for as well. ``insecure`` are hosts whose certificates are not looked at;
    ``has_keyring`` is whether the keyring is asked; ``is_without_index`` is whether no index is.
    ``gates`` say how old a release must be.
    """

    named: tuple[Index, ...] = ()
    project: tuple[Index, ...] | None = None
    others: tuple[Index, ...] = ()
    pip_project: tuple[Index, ...] | None = None
    pip_others: tuple[Index, ...] = ()
    is_used: bool = False
    is_best_taken: bool = False
    insecure: tuple[str, ...] = ()
    has_keyring: bool = False
    is_without_index: bool = False
    links: tuple[str, ...] = ()
    gates: Gates = field(default_factory=Gates)

    @property
    def of_pip(self) -> UvSettings:
        """What ``uv pip`` is set to, which installs from requirements files."""
        return replace(self, project=self.pip_project, others=self.pip_others)


def read_uv(around: Surroundings) -> UvSettings:
    """Read all of it. Raises :class:`UnreadableError`."""
    own, has_file = (None, False)
    others: list[TableNode] = []
    environ = around.environ
    is_used = is_uvs(around)
    if not _is_on(environ, "UV_NO_CONFIG"):
        named = environ.get("UV_CONFIG_FILE")
        if named:
            others = [_read(Path(named))]
        else:
            own, has_file = _project(around)
            others = [_read(path) for path in _files(around)]
    tables = [*((own,) if own is not None else ()), *others]
    trusted = tables if around.trusted else others
    strategy = environ.get("UV_INDEX_STRATEGY") or _first(tables, "index-strategy")
    keyring = environ.get("UV_KEYRING_PROVIDER") or _first(trusted, "keyring-provider")
    insecure = [each for one in trusted for each in strings(one.get("allow-insecure-host"))]
    return UvSettings(
        named=tuple(indexes_of_environ(environ)),
        project=tuple(uv_indexes(own)) if own is not None and has_file else None,
        others=tuple(index for each in others for index in uv_indexes(each)),
        pip_project=tuple(_of_pip(own)) if own is not None and has_file else None,
        pip_others=tuple(index for each in others for index in _of_pip(each)),
        is_used=is_used,
        is_best_taken=strategy == _BEST_MATCH,
        insecure=(*environ.get("UV_INSECURE_HOST", "").split(), *insecure),
        has_keyring=keyring == "subprocess",
        is_without_index=_is_on(environ, "UV_NO_INDEX"),
        links=(
            *environ.get("UV_FIND_LINKS", "").replace(",", " ").split(),
            *(each for one in tables for each in strings(one.get("find-links"))),
        ),
        gates=_gates(environ, tables),
    )


def _of_pip(table: TableNode) -> Iterator[Index]:
    """The indexes of ``uv pip``: what its own section says stands over the same outside of it."""
    return uv_indexes(table, table.section("pip"))


def _gates(environ: Mapping[str, str], tables: Iterable[TableNode]) -> Gates:
    """How old a release must be: the variable stands over the files, each of these over the next;
    packages have gates of their own from whichever says so first.
    """
    written, where = environ.get("UV_EXCLUDE_NEWER", "").strip(), "UV_EXCLUDE_NEWER"
    said: str | bool | None = written or None
    by_package: dict[str, object] = {}
    for each in tables:
        if said is None:
            said, where = gate_in(each.get("exclude-newer")), "uv's configuration"
        for name, value in gates_in(each.table("exclude-newer-package")).items():
            by_package.setdefault(name, value)
    return uv_gates(said, by_package, where)


def indexes_of(settings: UvSettings, manifest: Iterable[Index]) -> tuple[Index, ...]:
    """The indexes that serve any name, in uv's order, the default one last; *manifest* are those
    of the project's tables. None where no index is asked; without a default one the last is that
    of the caller's.
    """
    project = settings.project if settings.project is not None else tuple(manifest)
    every = (*settings.named, *project, *settings.others)
    found: dict[str, Index] = {}
    for at, each in enumerate(every):
        found.setdefault(each.name or f" {at}", each)
    left = [each for each in found.values() if each.role != "explicit"]
    defaults = [each for each in left if each.role == "default"]
    return (*(each for each in left if each.role != "default"), *defaults[:1])


def variables_of(name: str) -> tuple[str, str]:
    """The variables that hold the user's name and the password for the index *name*."""
    stem = f"UV_INDEX_{_NO_LETTER.sub('_', name).upper()}"
    return f"{stem}_USERNAME", f"{stem}_PASSWORD"


def indexes_of_environ(environ: Mapping[str, str]) -> Iterator[Index]:
    """The indexes of the environment, the older variables behind the newer ones."""
    for variable in ("UV_INDEX", "UV_EXTRA_INDEX_URL"):
        for each in environ.get(variable, "").split():
            yield _index(each, "extra")
    for variable in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if address := environ.get(variable, "").strip():
            yield _index(address, "default")


def _index(written: str, role: str) -> Index:
    named = _NAMED.match(written)
    name, url = (named["name"], written[named.end() :]) if named else (None, written)
    return Index(name=name, url=url, role=role, span=_NOWHERE)


def _is_on(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").strip().lower() in _TRUE


def is_uvs(around: Surroundings) -> bool:
    """Whether anything around says that uv installs here: its file, its tables or its lock. Raises
    :class:`UnreadableError`.
    """
    return any(
        is_file(folder / _FILE)
        or is_file(folder / _LOCK)
        or _tables(folder / _PYPROJECT) is not None
        for folder in upwards(around)
    )


def _project(around: Surroundings) -> tuple[TableNode | None, bool]:
    """The settings of the project, and whether a ``uv.toml`` has them: those of the nearest folder
    upwards that has any, or, in a workspace, of its root.
    """
    found: tuple[TableNode, bool] | None = None
    for folder in upwards(around):
        tables = _tables(folder / _PYPROJECT)
        has_file = is_file(folder / _FILE)
        here = _read(folder / _FILE) if has_file else tables
        is_root = tables is not None and tables.section("workspace") is not None
        if here is not None and (found is None or is_root):
            found = here, has_file
        if is_root:
            break
    return found or (None, False)


def _tables(path: Path) -> TableNode | None:
    """Uv's tables in a ``pyproject.toml``. Raises :class:`UnreadableError`."""
    raw = read(path)
    return _scanned(raw).section("tool", "uv") if raw and _UV.search(raw) else None


def _read(path: Path) -> TableNode:
    """What a ``uv.toml`` says. Raises :class:`UnreadableError` where uv could not read it either:
    half of it may be without the index that has all names, or with half of its address.
    """
    raw = read(path) or b""
    if not _is_sound(raw):
        raise UnreadableError(str(path))
    return _scanned(raw)


@lru_cache(maxsize=32)
def _is_sound(raw: bytes) -> bool:
    try:
        tomli.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return True


@lru_cache(maxsize=32)
def _scanned(raw: bytes) -> TableNode:
    """Remembered, for the files are read anew every few seconds and change seldom."""
    return scan_toml(raw.decode("utf-8-sig", "replace"))


def _files(around: Surroundings) -> Iterator[Path]:
    """The files of the user and the machine: uv has no place of its own for macOS."""
    plain = around if is_windows(around) else replace(around, platform="linux")
    user = user_folder(around, "uv") if is_windows(around) else dot_config(around) / "uv"
    yield user / _FILE
    yield from (folder / _FILE for folder in machine_folders(plain, "uv"))
    if not is_windows(around):
        yield around.root / "etc" / "uv" / _FILE


def _first(tables: Iterable[TableNode], key: str) -> str:
    return next((said for each in tables if (said := each.string(key))), "")

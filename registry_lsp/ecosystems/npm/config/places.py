"""The files that package managers are configured by: where they lie, and reading them.

The places are those of the managers' own documents; Node.js is looked for and never run.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import tomli

from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.stamps import Stamp, stamp
from registry_lsp.ecosystems.npm.config.npmrc import parse
from registry_lsp.ecosystems.npm.manifests.package_manager import wanted_manager
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.yaml.scanner import scan_yaml, yaml_fault

LARGEST = 2**20
"""Bytes; a longer file is no configuration."""
_MOST_FOLDERS = 64
_WINDOWS = "win32"
_MAC = "darwin"

T = TypeVar("T")
Said: TypeAlias = Mapping[str, Any]
"""What a file of YAML or TOML says: texts, lists and mappings; of other values their texts."""


class BrokenError(ValueError):
    """A file that is there, and that its own manager could not read either: nobody knows what it
    is to say.
    """


def upwards(folder: Path | None) -> Iterator[Path]:
    """*folder* and those above it."""
    if folder is not None:
        yield from islice((folder, *folder.parents), _MOST_FOLDERS)


def from_home(written: str, around: Surroundings, base: Path | None = None) -> Path:
    """The path that is *written*: below home where it begins so, else from *base*."""
    if written.startswith(("~/", "~\\")):
        return around.home / written[2:]
    return (base or around.folder or around.home) / written


def pnpm_folder(around: Surroundings) -> Path:
    """Where pnpm keeps the user's own configuration."""
    if named := around.environ.get("XDG_CONFIG_HOME"):
        return Path(named) / "pnpm"
    if around.platform == _MAC:
        return around.home / "Library" / "Preferences" / "pnpm"
    if around.platform == _WINDOWS and (named := around.environ.get("LOCALAPPDATA")):
        return Path(named) / "pnpm" / "config"
    return around.home / ".config" / "pnpm"


def node_prefix(around: Surroundings) -> Path | None:
    """The folder that the Node.js on the path is installed below, as npm reckons it."""
    if named := around.environ.get("PREFIX"):
        return Path(named)
    node = _on_path("node", around)
    if node is None:
        return None
    return node.parent if around.platform == _WINDOWS else node.parent.parent


def builtin_file(around: Surroundings) -> Path | None:
    """The configuration that npm was installed with: on Windows it has its prefix from there."""
    if around.platform == _WINDOWS:
        node = _on_path("node", around)
        return node.parent / "node_modules" / "npm" / "npmrc" if node is not None else None
    npm = _on_path("npm", around)
    return npm.parent.parent / "npmrc" if npm is not None else None


def is_file(path: str | Path) -> bool:
    """Whether a file is there; not where one may not look."""
    return os.path.isfile(path)  # noqa: PTH113 - Path.is_file raises where one may not look


def read_npmrc(path: Path | None) -> Mapping[str, str]:
    """The settings of a ``.npmrc``; none where it cannot be read, which npm takes for none."""
    return _read(path, _npmrc) or {}


def read_text(path: Path, size: int = LARGEST) -> str:
    """The first *size* bytes of a file as text; empty where it cannot be read."""
    return (_read(path, _text) or "")[:size]


def read_yaml(path: Path) -> Said | None:
    """What a file of YAML says, None where there is none. Raises :class:`BrokenError`."""
    return _read_whole(path, _yaml)


def read_toml(path: Path) -> Said | None:
    """What a file of TOML says, None where there is none. Raises :class:`BrokenError`."""
    return _read_whole(path, _toml)


def read_manager(path: Path) -> tuple[str, str]:
    """The name and version of the package manager that a package.json asks for, each empty where
    it does not say.
    """
    return _read(path, _manager) or ("", "")


def table(said: Said | None, *path: str) -> Said:
    """The mapping at *path*; an empty one where there is none."""
    for key in path:
        inner = said.get(key) if said is not None else None
        said = inner if isinstance(inner, dict) else {}
    return said or {}


def text(said: Said, key: str) -> str:
    """The text under *key*, empty where there is none."""
    value = said.get(key)
    return value if isinstance(value, str) else ""


def _on_path(name: str, around: Surroundings) -> Path | None:
    path = around.environ.get("PATH") or around.environ.get("Path")
    return _which(name, path) if path else None


@lru_cache(maxsize=16)
def _which(name: str, path: str) -> Path | None:
    found = shutil.which(name, path=path)
    try:
        return Path(found).resolve() if found else None
    except OSError:
        return None


def _read(path: Path | None, reader: Callable[[bytes], T]) -> T | None:
    """What *reader* makes of a file; None where there is none, or none that can be read."""
    found = _kept(path, reader)
    return None if isinstance(found, BrokenError) else found


def _read_whole(path: Path, reader: Callable[[bytes], T]) -> T | None:
    """As :func:`_read`; raises BrokenError for a file that is there and cannot be read."""
    found = _kept(path, reader)
    if isinstance(found, BrokenError):
        raise BrokenError(str(path))
    return found


def _kept(path: Path | None, reader: Callable[[bytes], T]) -> T | BrokenError | None:
    mark = stamp(path) if path is not None else None
    return _made(path, reader, mark) if path is not None and mark is not None else None


@lru_cache(maxsize=256)
def _made(path: Path, reader: Callable[[bytes], T], _mark: Stamp) -> T | BrokenError:
    """What *reader* makes of a file, kept for as long as its stamp is the same: configuration is
    read anew every few seconds while a document is open.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        return reader(raw) if len(raw) <= LARGEST else BrokenError("too large")
    except (OSError, BrokenError) as error:
        return BrokenError(str(error))


def _npmrc(raw: bytes) -> Mapping[str, str]:
    return parse(_text(raw))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8-sig", errors="replace")


def _yaml(raw: bytes) -> Said:
    written = _text(raw)
    if yaml_fault(written) is not None:
        raise BrokenError("broken YAML")
    said = _plain(scan_yaml(written))
    return said if isinstance(said, dict) else {}


def _toml(raw: bytes) -> Said:
    try:
        return tomli.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BrokenError("broken TOML") from error


def _manager(raw: bytes) -> tuple[str, str]:
    root = scan_json(_text(raw))
    name, version = wanted_manager(root) if isinstance(root, TableNode) else ("", "")
    return name.lower(), version


def _plain(node: Node | None) -> object:
    if isinstance(node, StringNode):
        return node.value
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, ArrayNode):
        return [_plain(item) for item in node.items]
    if isinstance(node, TableNode):
        return _merged({member.key.value: _plain(member.value) for member in node.members})
    return None


def _merged(said: dict[str, object]) -> dict[str, object]:
    """A mapping with those that it takes in by the key ``<<``, whose own words stand over them (the
    merge keys of YAML 1.1, which pnpm reads). What is taken in twice is the first one's.
    """
    taken = said.pop("<<", None)
    for each in taken if isinstance(taken, list) else [taken]:
        if isinstance(each, dict):
            said = {**each, **said}
    return said

"""Where tools keep their configuration, on each system; and reading it.

The places are those of the tools' own documents, and of platformdirs, which they ask. That asks
the process's environment; here the surroundings say where home is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import tomli

from registry_lsp.core.ports.routes import Surroundings

_LARGEST = 2**22
"""Bytes; a longer file is no configuration."""
_MOST_FOLDERS = 32
_MAC = "darwin"
_WINDOWS = "win32"


class UnreadableError(ValueError):
    """A file that is there and cannot be read: nobody knows what it would say."""


def user_folder(around: Surroundings, app: str) -> Path:
    """Where *app* keeps the user's configuration: a roaming folder on Windows."""
    if around.platform == _WINDOWS:
        named = around.environ.get("APPDATA")
        return Path(named or around.home / "AppData" / "Roaming") / app
    if around.platform == _MAC:
        return around.home / "Library" / "Application Support" / app
    return dot_config(around) / app


def dot_config(around: Surroundings) -> Path:
    """``~/.config``, or what stands for it."""
    return Path(around.environ.get("XDG_CONFIG_HOME") or around.home / ".config")


def machine_folders(around: Surroundings, app: str) -> tuple[Path, ...]:
    """Where *app* keeps the machine's configuration; the first of them counts most."""
    if around.platform == _WINDOWS:
        named = around.environ.get("PROGRAMDATA") or around.environ.get("ALLUSERSPROFILE")
        return (Path(named or around.root / "ProgramData") / app,)
    if around.platform == _MAC:
        return (around.root / "Library" / "Application Support" / app,)
    named = around.environ.get("XDG_CONFIG_DIRS")
    if not named:
        return (around.root / "etc" / "xdg" / app,)
    return tuple(Path(each) / app for each in named.split(":") if each)


def is_windows(around: Surroundings) -> bool:
    """Whether the system is Windows."""
    return around.platform == _WINDOWS


def is_mac(around: Surroundings) -> bool:
    """Whether the system is macOS."""
    return around.platform == _MAC


def upwards(around: Surroundings) -> Iterator[Path]:
    """The manifest's folder and those above it."""
    if around.folder is not None:
        yield from islice((around.folder, *around.folder.parents), _MOST_FOLDERS)


def is_file(path: Path) -> bool:
    """Whether there is a file that one may look at."""
    return os.path.isfile(path)  # noqa: PTH113 - Path.is_file raises where one may not look


def repository(around: Surroundings) -> Iterator[Path]:
    """The manifest's folder and those above it within the same repository."""
    for folder in upwards(around):
        yield folder
        if os.path.exists(folder / ".git"):  # noqa: PTH110 - as is_file
            return


def read(path: Path) -> bytes | None:
    """What is in a file, None where there is none. Raises :class:`UnreadableError`."""
    if not is_file(path):  # nor a pipe, which would never end
        return None
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableError(str(path)) from error
    if len(raw) > _LARGEST:
        raise UnreadableError(str(path))
    return raw


def read_toml(path: Path) -> Mapping[str, Any]:
    """What a file of TOML says; nothing where there is none. Raises :class:`UnreadableError`."""
    raw = read(path)
    try:
        return {} if raw is None else tomli.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(path)) from error


def table(said: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The table at *path*; an empty one where there is none."""
    for key in path:
        inner = said.get(key)
        said = inner if isinstance(inner, dict) else {}
    return said


def text(said: Mapping[str, Any], key: str) -> str:
    """The string under *key*, empty where there is none."""
    value = said.get(key)
    return value if isinstance(value, str) else ""

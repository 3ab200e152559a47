"""Where an npm project has its root: the folder whose ``.npmrc`` counts."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from registry_lsp.ecosystems.npm.config.places import is_file
from registry_lsp.ecosystems.npm.manifests.member_patterns import is_member
from registry_lsp.net.decoding import GarbageError, as_mapping, as_texts, decode

_MANIFEST = "package.json"
_PNPM = "pnpm-workspace.yaml"
_LARGEST = 2**20


class _Project(msgspec.Struct):
    workspaces: object = None


_PROJECT = msgspec.json.Decoder(_Project)


def project_root(folder: Path) -> Path:
    """The root of the project that *folder* lies in, as npm finds it (``@npmcli/config``,
    ``loadLocalPrefix``).

    That is the nearest folder upwards with a ``package.json`` or ``node_modules``; where a
    ``package.json`` above it names it among its workspaces, that one's folder, whose ``.npmrc``
    then stands instead of the workspace's own. A ``pnpm-workspace.yaml`` makes a root too.
    """
    above = (folder, *folder.parents)
    own = next((each for each in above if _is_project(each)), folder)
    for each in own.parents:
        if is_file(each / _PNPM) or is_member(
            own.relative_to(each).parts, _workspaces(each / _MANIFEST)
        ):
            return each
    return own


def _is_project(folder: Path) -> bool:
    modules = folder / "node_modules"
    return is_file(folder / _MANIFEST) or os.path.isdir(modules)  # noqa: PTH112 - as is_file


def _workspaces(path: Path) -> tuple[str, ...]:
    """The patterns of ``workspaces``: a list, or an object's ``packages``."""
    try:
        with path.open("rb") as file:
            said = decode(file.read(_LARGEST), _PROJECT).workspaces
    except (OSError, GarbageError):
        return ()
    return as_texts(as_mapping(said).get("packages", said))

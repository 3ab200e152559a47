"""The package.json files around a manifest: the project's root, and the packages installed.

Those of the project itself are read tolerantly. One that is broken for the moment, by half a save
or a merge, still tells which names are the project's own, and no registry need hear of those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import msgspec

from registry_lsp.net.decoding import GarbageError, as_mapping, as_text, as_texts, decode
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode

_LARGEST = 2**20

T = TypeVar("T")


class _Root(msgspec.Struct, rename="camel"):
    package_manager: object = None
    dev_engines: object = None
    workspaces: object = None
    resolutions: object = None


class _Package(msgspec.Struct):
    name: object = None
    version: object = None
    workspaces: object = None


_ROOT = msgspec.json.Decoder(_Root)
_PACKAGE = msgspec.json.Decoder(_Package)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Root:
    """What the package.json beside a lock file says of the whole project.

    ``manager`` is the name of the package manager that the project asks for, and ``version`` its
    version or a range, each empty where it asks for none. ``workspaces`` are the patterns of its
    members' folders; ``resolutions`` are Yarn's, as written. Two readings are never equal.
    """

    manager: str = ""
    version: str = ""
    workspaces: tuple[str, ...] = ()
    resolutions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Package(NamedTuple):
    """The name and version that a package.json gives, each empty where it gives none, and the
    patterns of its members' folders, if it is the root of a workspace.
    """

    name: str
    version: str
    workspaces: tuple[str, ...]


NO_ROOT = Root()
"""Where there is no package.json, or none that can be read."""


def read_root(raw: bytes) -> Root:
    """Read a package.json. Raises :class:`ValueError` where it is none, not even a broken one."""
    said = _mended(raw, _ROOT, _Root)
    resolutions = as_mapping(said.resolutions).items()
    manager, version = _manager(said)
    return Root(
        manager=manager,
        version=version,
        workspaces=_patterns(said.workspaces),
        resolutions={name: wanted for name, wanted in resolutions if isinstance(wanted, str)},
    )


def read_installed(raw: bytes) -> tuple[str, str]:
    """The name and version that an installed package's package.json gives, empty where it gives
    none. Raises :class:`ValueError` where it is none.
    """
    said = _decoded(raw, _PACKAGE)
    return as_text(said.name) or "", as_text(said.version) or ""


def read_member(raw: bytes) -> Package:
    """Read the package.json of a member. Raises :class:`ValueError` where it is none, not even a
    broken one.
    """
    said = _mended(raw, _PACKAGE, _Package)
    return Package(
        name=as_text(said.name) or "",
        version=as_text(said.version) or "",
        workspaces=_patterns(said.workspaces),
    )


def _patterns(workspaces: object) -> tuple[str, ...]:
    """Those of ``workspaces``: a list, or an object's ``packages``."""
    return as_texts(as_mapping(workspaces).get("packages", workspaces))


def _decoded(raw: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    if len(raw) > _LARGEST:
        raise GarbageError("larger than any package.json")
    return decode(raw, decoder)


def _mended(raw: bytes, decoder: msgspec.json.Decoder[T], kind: type[T]) -> T:
    """What *raw* says, or what can still be made out of it."""
    try:
        return _decoded(raw, decoder)
    except GarbageError:
        root = scan_json(raw.decode("utf-8-sig", "replace")) if len(raw) <= _LARGEST else None
        if not isinstance(root, TableNode):
            raise
        return msgspec.convert(_plain(root), kind)


def _plain(node: Node | None) -> object:
    """The strings, arrays and objects of *node*, and None for all else."""
    if isinstance(node, StringNode):
        return node.value
    if isinstance(node, ArrayNode):
        return [_plain(each) for each in node.items]
    if isinstance(node, TableNode):
        return {member.key.value: _plain(member.value) for member in node.members}
    return None


def _manager(said: _Root) -> tuple[str, str]:
    """The name and version in ``packageManager``, else in ``devEngines.packageManager``; where
    that is a list the first is the one to use.
    """
    written = as_text(said.package_manager)
    if written is not None:
        name, _, version = written.partition("@")
        return name.lower(), version
    wanted = as_mapping(said.dev_engines).get("packageManager")
    first = as_mapping(wanted[0] if isinstance(wanted, list) and wanted else wanted)
    return (as_text(first.get("name")) or "").lower(), as_text(first.get("version")) or ""

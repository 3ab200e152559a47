"""What npm's lock files have in common, whichever tool wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.pointers import Find
from registry_lsp.ecosystems.npm.locks.package_files import Root
from registry_lsp.ecosystems.npm.manifests.member_patterns import is_member
from registry_lsp.ecosystems.npm.manifests.specifier import Specifier, classify
from registry_lsp.ecosystems.npm.versions.semver import SPACES, parse_version

T = TypeVar("T")

PEERS = "peerDependencies"
"""The section of what the manifest's users install, and not it itself."""

CONFLICT = "<<<<<<<"
"""What begins the lines of one side where a merge has left a file in conflict."""

_NPM = "npm:"
_MARK = b"\xef\xbb\xbf"


class Descriptor(NamedTuple):
    """What a dependency asks for, with whatever white space is written around it: its range,
    ``npm:name@range`` of an alias, or the address or path that it is; and whether that is a range
    of its own name.
    """

    range: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a manifest stands to its lock file: ``member`` is the path of the manifest's folder
    from the lock's, its steps joined by '/', empty where they are the same; ``root`` is what the
    package.json beside the lock says. ``peers`` are by name the descriptors under which the
    manifest itself installs its peers, those that it does.
    """

    member: str
    root: Root
    peers: Mapping[str, Descriptor] = field(default_factory=lambda: MappingProxyType({}))


class LockFile(Protocol):
    """One lock file, read. Two readings are never equal."""

    def holds(self, place: Place) -> bool:
        """Whether the dependencies of the manifest at *place* are locked here."""
        ...

    def version(self, dependency: Dependency, place: Place) -> str | None:
        """The version that is locked for *dependency* of the manifest at *place*; None where
        there is none, or where what is locked is another package or has no version.
        """
        ...

    def names(self) -> frozenset[str]:
        """The names of all packages that are locked here, as far as they are read."""
        ...

    def is_linked(self, dependency: Dependency, place: Place) -> bool:
        """Whether *dependency* of the manifest at *place* is locked to a folder of the project's
        own: the lock file is the proof that no registry was asked for it.
        """
        ...

    def entry(self, dependency: Dependency, place: Place) -> Find | None:
        """Finds in the lock file's text what :meth:`version` tells of; None where that is None."""
        ...


def is_declared(place: Place) -> bool:
    """Whether the folder is the lock's own, or a workspace by the package.json beside it: for
    lock files that do not say so themselves.
    """
    return not place.member or is_member(place.member.split("/"), place.root.workspaces)


def is_version(text: object) -> bool:
    """Whether *text* is one version as npm writes it, and no address, range or tag."""
    return isinstance(text, str) and parse_version(text) is not None


def read_json(raw: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """A lock file in JSON, a byte order mark before it aside. Raises :class:`ValueError`."""
    try:
        return decoder.decode(raw.removeprefix(_MARK))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def package_of(text: str) -> tuple[str, str]:
    """The two sides of ``name@version``, whose name may have a scope; no name where it has none."""
    at = text.find("@", 1)
    return (text[:at], text[at + 1 :]) if at > 0 else ("", text)


def descriptor(dependency: Dependency) -> Descriptor:
    """What a resolved *dependency* asks for, a catalog's entry or an override put in."""
    means = classify(dependency.written)
    is_as_written = (means.name, means.specifier) == (dependency.name, dependency.specifier)
    if dependency.source is Source.REGISTRY:
        return Descriptor(_range(dependency, means), is_own=True)
    if dependency.source is not Source.ALIAS or is_as_written:
        return Descriptor(dependency.written, is_own=False)
    version = f"@{dependency.specifier}" if dependency.specifier else ""
    return Descriptor(f"npm:{dependency.name}{version}", is_own=False)


def _range(dependency: Dependency, means: Specifier) -> str:
    """The range that *dependency* asks for, as it is written if that is what is written."""
    if means.source is not Source.REGISTRY or means.specifier != dependency.specifier:
        return dependency.specifier
    text = dependency.written.lstrip(SPACES)
    is_protocol = text[: len(_NPM)].lower() == _NPM
    return text[len(_NPM) :].rstrip(SPACES) if is_protocol else dependency.written

"""The open documents: immutable, read when first needed, and replaced as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath

from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import PackageId
from registry_lsp.core.ports import Ecosystem, ManifestFormat, Routes
from registry_lsp.core.text import LineIndex, Snapshot


@dataclass(frozen=True, kw_only=True)
class Document:
    """A manifest as it stood at one version, with what its project's configuration says.

    Not slotted: what is worked out from the text is kept beside it.
    """

    snapshot: Snapshot
    path: PurePath
    ecosystem: Ecosystem
    format: ManifestFormat
    routes: Routes
    is_ignored: Callable[..., bool] = lambda *_: False
    """Whether the settings leave a package out, by its ecosystem and its names."""
    bound_before: frozenset[str] = frozenset()
    """The names that the text before this one bound to an index of their own."""

    @cached_property
    def manifest(self) -> Manifest:
        """What the text says."""
        return self.format.parse(self.snapshot.text)

    @cached_property
    def lines(self) -> LineIndex:
        """Where the text's lines begin."""
        return LineIndex(self.snapshot.text)

    @cached_property
    def ids(self) -> tuple[PackageId | None, ...]:
        """For each dependency the package to ask for, None where none may be asked for."""
        return tuple(self.id_of(dependency) for dependency in self.manifest.dependencies)

    @cached_property
    def bound(self) -> frozenset[str]:
        """The names that this text binds to an index of their own, or would if it were whole."""
        return frozenset(
            each.name for each in self.manifest.dependencies if each.index is not None
        ).union(self._withheld)

    @cached_property
    def _withheld(self) -> frozenset[str]:
        """The names whose binding is gone from a text that is broken just now: in the midst of
        typing a header, a private name must not be asked of the index that serves the others.
        """
        bound = {each.name for each in self.manifest.dependencies if each.index is not None}
        gone = self.bound_before - bound
        return gone if gone and self.format.fault(self.snapshot.text) else frozenset()

    def successor(self, snapshot: Snapshot) -> Document:
        """The document with another text."""
        was_read = "manifest" in self.__dict__  # else nobody has asked for anything in it
        return replace(
            self, snapshot=snapshot, bound_before=self.bound if was_read else self.bound_before
        )

    def id_of(self, dependency: Dependency) -> PackageId | None:
        """The package that *dependency* names, in the registry that would serve it."""
        if not dependency.source.is_looked_up or not dependency.name:
            return None
        if self.ignores(dependency) or dependency.name in self._withheld:
            return None
        registry = self.routes.registry_for(dependency, self.manifest)
        if registry is None:
            return None
        return PackageId(ecosystem=self.ecosystem.name, name=dependency.name, registry=registry)

    def ignores(self, dependency: Dependency) -> bool:
        """Whether the settings want nothing asked and nothing said of *dependency*."""
        return self.is_ignored(self.ecosystem.name, dependency.name, dependency.display_name)


Recognise = Callable[[PurePath], "tuple[Ecosystem, ManifestFormat] | None"]


def recogniser(ecosystems: tuple[Ecosystem, ...]) -> Recognise:
    """A function that tells which format, of which ecosystem, a file of some path has."""
    formats = [(ecosystem, format) for ecosystem in ecosystems for format in ecosystem.formats]

    def recognise(path: PurePath) -> tuple[Ecosystem, ManifestFormat] | None:
        return next((pair for pair in formats if pair[1].matches(path)), None)

    return recognise

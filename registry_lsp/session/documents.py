"""The open documents: immutable, read when first needed, and replaced as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath

from registry_lsp.core.manifests import Dependency, Locked, Manifest
from registry_lsp.core.packages import PackageId, RegistryRef
from registry_lsp.core.ports import Alone, Ecosystem, ManifestFormat, Project, Routes
from registry_lsp.core.text import LineIndex, Snapshot

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the packages of a whole text come from: ``registries`` by name, None where nobody may
    be asked; ``elsewhere`` are the names that no registry serves; ``indexes`` are the manifest's
    own, as pairs of role and address.
    """

    registries: Mapping[str, RegistryRef | None]
    elsewhere: frozenset[str]
    indexes: tuple[tuple[str, str], ...]


def _addresses(manifest: Manifest) -> tuple[tuple[str, str], ...]:
    return tuple((index.role, index.url) for index in manifest.indexes)


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
    before: Standing | None = None
    """What the last whole text before this one said of where its packages come from."""
    project: Project | None = None
    """What the files around it say; None while nobody has looked, and so nobody may be asked."""

    @cached_property
    def written(self) -> Manifest:
        """What the text says by itself."""
        return self.format.parse(self.snapshot.text)

    @cached_property
    def manifest(self) -> Manifest:
        """What the text says, with what stands elsewhere in the project put in."""
        return (self.project or Alone()).resolve(self.written)

    @cached_property
    def lines(self) -> LineIndex:
        """Where the text's lines begin."""
        return LineIndex(self.snapshot.text)

    @cached_property
    def ids(self) -> tuple[PackageId | None, ...]:
        """For each dependency the package to ask for, None where none may be asked for."""
        return tuple(self.id_of(dependency) for dependency in self.manifest.dependencies)

    @cached_property
    def heritage(self) -> Standing | None:
        """What the next text is held against: this one where it is whole, else the one before."""
        if self.project is None or "manifest" not in self.__dict__ or self._is_broken:
            return self.before  # nobody has asked for anything in it, or it is not to be believed
        pairs = tuple(zip(self.manifest.dependencies, self.ids, strict=True))
        return Standing(
            registries={
                each.name: id.registry if id is not None else None
                for each, id in pairs
                if each.source.is_looked_up
            },
            elsewhere=frozenset(each.name for each, _ in pairs if not each.source.is_looked_up),
            indexes=_addresses(self.manifest),
        )

    @cached_property
    def _is_broken(self) -> bool:
        return self.format.fault(self.snapshot.text) is not None

    def successor(self, snapshot: Snapshot) -> Document:
        """The document with another text."""
        return replace(self, snapshot=snapshot, before=self.heritage)

    def within(self, project: Project) -> Document:
        """The document in what is now known of its project; itself where that is nothing new."""
        if project == self.project:
            return self
        document = replace(self, project=project)
        for name in ("written", "lines"):
            if name in self.__dict__:
                document.__dict__[name] = self.__dict__[name]
        return document

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """The versions of *dependency* that are locked, else installed."""
        return self.project.locked(dependency) if self.project is not None else ()

    def id_of(self, dependency: Dependency) -> PackageId | None:
        """The package that *dependency* names, in the registry that would serve it."""
        if self.project is None or not dependency.source.is_looked_up or not dependency.name:
            return None
        if self.ignores(dependency):
            return None
        registry = self.routes.registry_for(dependency, self.manifest)
        if registry is None or not self._may_tell(dependency, registry):
            return None
        return PackageId(ecosystem=self.ecosystem.name, name=dependency.name, registry=registry)

    def _may_tell(self, dependency: Dependency, registry: RegistryRef) -> bool:
        """Whether *registry* may hear of the name, given what the last whole text said.

        In the midst of typing a header or an index's address, names would go where they were
        never meant for; and what came from elsewhere (a path, the workspace) is no registry's
        before somebody has begun to write a version of it.
        """
        before = self.before
        if before is None:
            return True
        if dependency.name in before.elsewhere and not _DIGIT.search(dependency.specifier):
            return False
        if not self._is_broken:
            return True
        if dependency.name in before.registries:
            return before.registries[dependency.name] == registry
        return before.indexes == _addresses(self.manifest)

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

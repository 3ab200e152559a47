"""The open documents: immutable, read when first needed, and replaced as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath
from typing import Any

from registry_lsp.core.duplicates import duplicates
from registry_lsp.core.gates import Gate
from registry_lsp.core.ignores import heard_problems
from registry_lsp.core.manifests import Dependency, Locked, Manifest, Problem, Source
from registry_lsp.core.packages import PackageId, RegistryRef
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.ports.project import Alone, Project
from registry_lsp.core.ports.routes import Routes
from registry_lsp.core.text import LineIndex, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a text that somebody has saved says of where its packages come from, in the project as
    that is now.

    ``bindings`` are by name the indexes that they are bound to (None: to none), and ``elsewhere``
    the names that no registry serves.
    """

    manifest: Manifest
    bindings: Mapping[str, frozenset[str | None]]
    elsewhere: frozenset[str]


def _standing(manifest: Manifest) -> Standing:
    bindings: dict[str, frozenset[str | None]] = {}
    elsewhere = set()
    for each in manifest.dependencies:
        if each.source.is_looked_up:
            bindings[each.name] = bindings.get(each.name, frozenset()) | {each.index}
        elif each.source not in WITHIN:
            elsewhere.add(each.name)
    return Standing(manifest=manifest, bindings=bindings, elsewhere=frozenset(elsewhere))


WITHIN = frozenset({Source.CATALOG, Source.REFERENCE})
"""Sources that only say where the specifier stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowhere:
    """The routes of a manifest whose configuration nobody has read, or could: nobody is asked."""

    def registry_for(self, _dependency: Dependency, _manifest: Manifest) -> RegistryRef | None:
        """None."""
        return None

    def why_unknown(self, _dependency: Dependency, _manifest: Manifest) -> str | None:
        """That it could not be read."""
        return "the project's configuration could not be read"

    def gate_for(self, _dependency: Dependency, _manifest: Manifest) -> Gate | None:
        """None."""
        return None


class Unseen(Alone):
    """The project of a manifest whose surroundings could not be looked at: as any index or
    workspace may lie there, nobody is asked.
    """


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
    before: Manifest | None = None
    """What the text says that was saved before this one, where this one is not known to be."""
    is_at_rest: bool = True
    """Whether nobody is in the midst of typing it: what nobody could read is told only then."""
    is_manifest: bool = True
    """Whether its text, or an earlier one, has shown it to be what its path suggests."""
    longest: int | None = None
    """The most characters of a text that is read, None where any is: nobody can type while one
    takes seconds."""
    project: Project | None = None
    """What the files around it say; None while nobody has looked, and so nobody may be asked."""

    @cached_property
    def written(self) -> Manifest:
        """What the text says by itself."""
        return self.format.parse(self.snapshot.text) if self._is_read else Manifest()

    @property
    def _is_read(self) -> bool:
        """Whether the text is looked at."""
        is_long = self.longest is not None and len(self.snapshot.text) > self.longest
        return self.is_manifest and not is_long

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
    def twins(self) -> Mapping[int, Dependency]:
        """By its place each dependency that asks for what another has asked for, with that one."""
        return duplicates(self.manifest.dependencies, self.ecosystem.slot)

    @cached_property
    def dated(self) -> frozenset[PackageId]:
        """The packages whose releases' moments count, which only full answers tell for sure."""
        pairs = zip(self.manifest.dependencies, self.ids, strict=True)
        return frozenset(id for each, id in pairs if id is not None and self.gate_of(each))

    def gate_of(self, dependency: Dependency) -> Gate | None:
        """The project's rule on how old a release of *dependency* must be."""
        return self.routes.gate_for(dependency, self.manifest)

    @property
    def saved_manifest(self) -> Manifest | None:
        """What is known to be saved: it says where names may go, whatever is being typed."""
        if self.before is not None or self.fault is not None or not self._is_read:
            return self.before
        return self.written

    @cached_property
    def _standing(self) -> Standing | None:
        """What was saved before, in the project as it is; None where the text itself was."""
        if self.before is None:
            return None
        return _standing((self.project or Alone()).resolve(self.before))

    @cached_property
    def _has_other_indexes(self) -> bool:
        """Whether the text has other indexes than the one that was saved before, or is another
        installer's, who asks others.
        """
        saved = self._standing
        return saved is not None and _whereabouts(saved.manifest) != _whereabouts(self.manifest)

    @property
    def is_surveyed(self) -> bool:
        """Whether the files around it are known; nobody may be asked before."""
        return self.project is not None and not isinstance(self.project, Unseen)

    @cached_property
    def fault(self) -> Problem | None:
        """Why nobody could read the text as it stands."""
        return self.format.fault(self.snapshot.text) if self._is_read else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the manifest and it wants to be told, its fault before all else."""
        problems, ignores = self.manifest.problems, self.manifest.ignores
        if ignores and problems:
            problems = heard_problems(ignores, problems, self.manifest.dependencies)
        if not self.is_at_rest or self.fault is None or self.fault in problems:
            return problems
        return (self.fault, *problems)

    @property
    def is_settled(self) -> bool:
        """Whether the text stands as somebody has left it, and all of it can be read in a project
        that is known: what is not in it then is not there.
        """
        return self.is_at_rest and self.is_surveyed and self.fault is None

    def successor(self, snapshot: Snapshot) -> Document:
        """The document with another text."""
        return replace(
            self,
            snapshot=snapshot,
            before=self.saved_manifest,
            is_manifest=self.is_manifest or self.format.holds(snapshot.text),
            project=self.project if self.is_manifest else None,  # nobody has looked around it
            is_at_rest=False,
        )

    def rested(self) -> Document:
        """The document when nobody is typing in it any more."""
        return self if self.is_at_rest else self._with(is_at_rest=True)

    def saved(self) -> Document:
        """The document, its text being the one on disk now: it says itself where names may go."""
        return self if self.before is None or self.fault is not None else self._with(before=None)

    def within(self, project: Project, routes: Routes) -> Document:
        """The document in what is now known of its project; itself where that is nothing new."""
        if project == self.project and routes == self.routes:
            return self
        return self._with(project=project, routes=routes)

    def beside(self, on_disk: str | None) -> Document:
        """The document, whose file has this text *on_disk*; None where there is none to be read.

        Where it is the document's own it is saved, whether the client has said so or not: a
        branch is switched behind the client's back. An editor may also open a text that it has
        kept from an earlier day and that was never saved.
        """
        if on_disk is None:
            return self
        if _unmarked(on_disk) == _unmarked(self.snapshot.text):
            return self.saved()
        if self.before is not None or self.format.fault(on_disk) is not None:
            return self
        return self._with(before=self.format.parse(on_disk))

    @property
    def around(self) -> Manifest:
        """What to look around for: all that the text refers to, and what is saved does."""
        written, saved = self.written, self.before
        if saved is None:
            return written
        places = {(each.role, each.target) for each in written.links}
        sources = {each.source for each in written.dependencies}
        links = (each for each in saved.links if (each.role, each.target) not in places)
        dependencies = (each for each in saved.dependencies if each.source not in sources)
        return replace(
            written,
            links=(*written.links, *links),
            dependencies=(*written.dependencies, *dependencies),
        )

    def _with(self, **changes: Any) -> Document:
        """The document with the same text and other *changes*: that is not read again."""
        document = replace(self, **changes)
        for name in ("written", "lines", "fault"):
            if name in self.__dict__:
                document.__dict__[name] = self.__dict__[name]
        return document

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """The versions of *dependency* that are locked, else installed."""
        return self.project.locked(dependency) if self.project is not None else ()

    def id_of(self, dependency: Dependency) -> PackageId | None:
        """The package that *dependency* names, in the registry that would serve it."""
        if not self.is_surveyed or not dependency.source.is_looked_up or not dependency.name:
            return None
        if self.ignores(dependency):
            return None
        registry = self.routes.registry_for(dependency, self.manifest)
        if registry is None or self.is_withheld(dependency):
            return None
        return PackageId(ecosystem=self.ecosystem.name, name=dependency.name, registry=registry)

    def why_unknown(self, dependency: Dependency) -> str | None:
        """Why there is no such registry, where one cause is known."""
        if not self.is_surveyed:
            return "what lies around the manifest could not be read"
        return self.routes.why_unknown(dependency, self.manifest)

    def is_withheld(self, dependency: Dependency) -> bool:
        """Whether nobody hears of *dependency* before the text is saved.

        What goes to another registry than the saved text has it go to may be a header, a binding
        or an address in the midst of being typed, and what came from elsewhere (a path, the
        workspace) would be no registry's.
        """
        saved = self._standing
        if saved is None:
            return False
        if dependency.name in saved.elsewhere and not dependency.via:
            return True
        bindings = saved.bindings.get(dependency.name, frozenset({dependency.index}))
        if dependency.index in bindings and not self._has_other_indexes:
            return False
        registry = self.routes.registry_for(dependency, self.manifest)
        return all(
            self.routes.registry_for(replace(dependency, index=index), saved.manifest) != registry
            for index in bindings
        )

    def ignores(self, dependency: Dependency) -> bool:
        """Whether the settings want nothing asked and nothing said of *dependency*."""
        return self.is_ignored(self.ecosystem.name, dependency.name, dependency.display_name)


def _whereabouts(manifest: Manifest) -> tuple[object, ...]:
    indexes = ((each.name, each.url, each.role) for each in manifest.indexes)
    return (manifest.installers, *indexes)


def _unmarked(text: str) -> str:
    """*text* without what editors may leave out: a byte order mark, and how its lines end."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n")

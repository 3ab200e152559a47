"""What the files around a Python manifest say of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from registry_lsp.core.home import home
from registry_lsp.core.manifests import (
    Dependency,
    Index,
    Link,
    Locked,
    Manifest,
    Problem,
)
from registry_lsp.core.pointers import Mentions, Pointer
from registry_lsp.core.ports.project import Files, Project
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.pypi.config.constraint_files import constraint_files
from registry_lsp.ecosystems.pypi.config.uv import indexes_of_environ
from registry_lsp.ecosystems.pypi.locks.find import PythonLock, find_lock
from registry_lsp.ecosystems.pypi.project.constraints import Constraints, find_constraints
from registry_lsp.ecosystems.pypi.project.definitions import definitions_of
from registry_lsp.ecosystems.pypi.project.includes import Around, in_order, look_around
from registry_lsp.ecosystems.pypi.project.local_indexes import kept, local_names, without_local
from registry_lsp.ecosystems.pypi.project.pythons import installed_on
from registry_lsp.ecosystems.pypi.project.standard import StandardProject
from registry_lsp.ecosystems.pypi.project.steps import Step, filled, reduced
from registry_lsp.ecosystems.pypi.project.uv_workspaces import NOTHING, heritage_of, settings_around
from registry_lsp.ecosystems.pypi.requirements.release_control import (
    ANY_CONTROL,
    ReleaseOption,
    control_of,
)
from registry_lsp.ecosystems.pypi.requirements.search_scope import UNKNOWN, agreed, searched
from registry_lsp.ecosystems.pypi.versions.constraining import constrained

MOST_TOGETHER = 5_000
"""How many steps of included files are taken, each as often as it is included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsProject:
    """The project of a requirements file, as pip has it when the outermost file is installed that
    includes it: the file itself, where nobody includes it.

    ``--index-url``, ``--extra-index-url`` and ``--no-index`` hold for everything that is installed
    together, and so do the options of prereleases. Where several outermost files include this
    one, :func:`agreed` says what is asked; prereleases are taken where all of them take them. The
    file's own word on prereleases stands over that of the others.

    ``settings`` are the indexes that ``uv pip`` would have beside those of the files. Nobody can
    tell which of the two installs them, so that the settings count as one more installation.
    ``nearby`` are the names that those of them have that are folders.

    ``constraints`` are what all those files say of versions beside the requirements.
    """

    around: Around
    constraints: Constraints = field(default_factory=Constraints)
    settings: tuple[Index, ...] = ()
    nearby: frozenset[str] = frozenset()
    lock: PythonLock

    def resolve(self, manifest: Manifest) -> Manifest:
        """*manifest* with the indexes and the constraints of the whole installation, and with what
        pip refuses of the files that it includes.

        What it includes that was not there when the project was surveyed is an unknown index:
        nobody is asked until somebody has looked.
        """
        own, problems = self._own(manifest)
        installed = [tuple(filled(steps, own)) for steps in self.around.including] or [own]
        scopes = [
            searched(each for each in steps if isinstance(each, Index)) for steps in installed
        ]
        if self.settings:
            scopes.append(searched(self.settings))
        dependencies = manifest.dependencies
        if self.nearby:
            dependencies = tuple(kept(each, self.nearby) for each in dependencies)
        dependencies = _with_prereleases(dependencies, installed)
        dependencies = installed_on(dependencies, self.lock.python)
        return replace(
            manifest,
            dependencies=tuple(
                constrained(each, lines) if (lines := self.constraints.on(each, manifest)) else each
                for each in dependencies
            ),
            problems=(*manifest.problems, *problems),
            indexes=agreed(scopes),
            installers=(*manifest.installers, "uv") if self.settings else manifest.installers,
        )

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """What the lock file says, else what is installed."""
        return self.lock.locked(dependency)

    def substitutes(self, _dependency: Dependency) -> tuple[str, ...]:
        """None: what comes from elsewhere has no version."""
        return ()

    def members(self) -> frozenset[str]:
        """None: pip knows no workspace."""
        return frozenset()

    def locked_names(self) -> frozenset[str]:
        """What the lock file names, else what is installed."""
        return self.lock.names()

    def definitions(self, dependency: Dependency, _manifest: Manifest) -> tuple[Pointer, ...]:
        """See :class:`registry_lsp.core.ports.project.Project`."""
        return definitions_of(dependency, self.lock)

    def mentions(self, _dependency: Dependency | None, _manifest: Manifest) -> Mentions:
        """Nowhere: such a file is no package's own."""
        return Mentions()

    def _own(self, manifest: Manifest) -> tuple[tuple[Step, ...], tuple[Problem, ...]]:
        """The steps of the file itself with all that it includes, and what is wrong with that."""
        included = {each.target: each for each in self.around.included}
        steps: list[Step] = []
        problems: list[Problem] = []
        for step in in_order(manifest.indexes, manifest.links):
            if not isinstance(step, Link):
                steps.append(step)
            elif (found := included.get(step.target)) is None:
                steps.append(UNKNOWN)
            else:
                steps += found.steps if len(steps) < MOST_TOGETHER else (UNKNOWN,)
                if found.complaint is not None:
                    problems.append(Problem(span=step.span, reason=found.complaint))
        return reduced(steps), tuple(problems)


def survey(
    path: Path, manifest: Manifest, files: Files, *, environ: Mapping[str, str] = os.environ
) -> Project:
    """Look at the files around the manifest at *path*; *environ* may name indexes and constraints
    beside theirs, and says where the user's configuration is.
    """
    lock = find_lock(path, files)
    if path.name == "pyproject.toml" or path.suffix == ".py":
        named = frozenset(each.name for each in indexes_of_environ(environ) if each.name)
        heritage = heritage_of(path, manifest, files)
        return StandardProject(heritage=heritage, lock=lock, named=named)
    if path.name in {"Pipfile", "hatch.toml"}:
        return StandardProject(heritage=NOTHING, lock=lock)
    settings = settings_around(path, files)
    local = dict(local_names(settings, path.parent, files))
    around = look_around(path, manifest.links, files)
    users = home() if environ is os.environ else Path(environ.get("HOME", os.devnull))
    surroundings = Surroundings(folder=path.parent, home=users, environ=environ)
    everywhere = constraint_files(surroundings)
    return RequirementsProject(
        around=around,
        constraints=find_constraints(path, manifest.links, around.outermost, files, everywhere),
        settings=without_local(settings, local),
        nearby=frozenset[str]().union(*local.values()),
        lock=lock,
    )


def _with_prereleases(
    dependencies: tuple[Dependency, ...], installed: list[tuple[Step, ...]]
) -> tuple[Dependency, ...]:
    controls = [
        control_of(each for each in steps if isinstance(each, ReleaseOption)) for steps in installed
    ]
    if all(each == ANY_CONTROL for each in controls):
        return dependencies
    return tuple(
        replace(each, prereleases=said.pop())
        if each.prereleases is None
        and len(said := {control.prereleases_of(each.name) for control in controls}) == 1
        else each
        for each in dependencies
    )

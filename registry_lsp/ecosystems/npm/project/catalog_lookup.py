"""What ``catalog:`` stands for: the entry of a catalog, or a problem where there is none. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from registry_lsp.core.manifests import Dependency, Entry, Problem, Source
from registry_lsp.core.text import LineIndex, printable
from registry_lsp.ecosystems.npm.manifests.catalog_sections import DEFAULT, RECURSIVE, problem_of
from registry_lsp.ecosystems.npm.manifests.entries import SHOWN
from registry_lsp.ecosystems.npm.manifests.links import link
from registry_lsp.ecosystems.npm.manifests.specifier import Specifier, classify
from registry_lsp.ecosystems.npm.project.catalogs import UNNAMED, Entries
from registry_lsp.ecosystems.npm.project.definitions import asked_catalog

Settled: TypeAlias = tuple[Dependency, Problem | None]
"""A dependency with what stands elsewhere put in, and the problem with that, if it has one."""


_RESOLUTIONS = "resolutions"
_UNRESOLVED = "Yarn takes no 'catalog:' in 'resolutions'."
_NOWHERE = (
    "No catalog is there: pnpm's would stand in pnpm-workspace.yaml, Yarn's in .yarnrc.yml and "
    "Bun's in the package.json of the workspace."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogLookup:
    """The catalogs that count for one manifest.

    ``file`` is the path, from the manifest's folder, of the one that they stand in or would stand
    in, empty where nobody knows; ``via`` is the same where it is another file than the manifest,
    and ``lines`` are then those of its text. What is not found in one that is not ``is_whole`` may
    yet be there. ``is_yarns`` where Yarn reads them, who tells the catalog without a name from one
    called ``default``, and looks up no ``resolutions``.
    """

    entries: Entries
    file: str
    via: str
    is_whole: bool = True
    is_yarns: bool = False
    lines: LineIndex | None = None

    def settle(self, dependency: Dependency) -> Settled:
        """*dependency* with the specifier of its catalog.

        Without an entry it stays what it is, which nobody is asked about.
        """
        if self.is_yarns and dependency.section == _RESOLUTIONS:
            return dependency, problem_of(dependency, _UNRESOLVED)
        listed = self.entries.get((self.asked(dependency) or UNNAMED, dependency.display_name))
        if listed is None:
            return dependency, self._absence(dependency) if self.is_whole else None
        means = classify(listed.text)
        if means.source is Source.CATALOG:
            return dependency, problem_of(dependency, RECURSIVE)
        settled = replace(
            dependency,
            name=dependency.display_name if means.name is None else means.name,
            source=means.source,
            target=means.target,
            specifier=means.specifier,
            specifier_span=None,
            via=self.via,
            entry=Entry(path=self.via, span=listed.span, lines=self.lines),
            link=self._link(means, dependency.display_name),
        )
        return settled, None

    def asked(self, dependency: Dependency) -> str | None:
        """The name of the catalog that *dependency* asks for, None where it asks for none."""
        return asked_catalog(dependency.written, is_yarns=self.is_yarns)

    def _link(self, means: Specifier, name: str) -> str:
        """What the entry names, else the file that it stands in: a path in there is from there."""
        page = link(means.source, means.target, name) if means.target else ""
        is_here = not self.via or page.startswith(("http://", "https://"))
        return page if is_here else self.via

    def _absence(self, dependency: Dependency) -> Problem:
        """Says that there is no entry for *dependency*, and where one would stand."""
        if not self.file:
            return problem_of(dependency, _NOWHERE)
        target, name = self.asked(dependency) or UNNAMED, printable(dependency.display_name, SHOWN)
        catalog, place = "default catalog", "catalog"
        if target != UNNAMED and (target != DEFAULT or self.is_yarns):
            shown = printable(target, SHOWN)
            catalog, place = f"catalog '{shown}'", f"catalogs.{shown}"
        is_there = any(each == target for each, _ in self.entries)
        lack = f"The {catalog} has no entry for '{name}'" if is_there else f"There is no {catalog}"
        return problem_of(dependency, f"{lack}: add '{name}' to '{place}' in {self.file}.")

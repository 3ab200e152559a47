"""Which packages overrides take from elsewhere than a registry: no registry need hear of those,
even where a dependency gives them a version. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.ecosystems.npm.manifests.overrides import given, meets
from registry_lsp.ecosystems.npm.manifests.selectors import (
    Selector,
    npm_selector,
    pnpm_selector,
    resolution_selector,
)
from registry_lsp.ecosystems.npm.manifests.specifier import classify
from registry_lsp.ecosystems.npm.versions.semver import SPACES
from registry_lsp.syntax.nodes import StringNode, TableNode

ELSEWHERE = frozenset({Source.GIT, Source.URL, Source.PATH, Source.WORKSPACE, Source.FOREIGN})
"""Sources that no registry of npm's is asked for."""
_REFERENCE = "$"
_DESCRIBED = "npm:"
_MOST_OF_A_NAME = 100
"""Overrides of one package that are looked at; nobody writes as many."""
_WITHOUT_NPMS = frozenset({"pnpm", "yarn"})


class Override(NamedTuple):
    """An override that holds whoever asks: of which package, for what is asked for (empty: for
    anything), what is installed instead, and the section that says so.
    """

    name: str
    range: str
    written: str
    section: str


class Elsewhere(NamedTuple):
    """What comes from elsewhere where it is asked for as ``range`` (empty: however); ``section``
    says so, in ``file`` where that is another than the manifest.
    """

    range: str
    section: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    """What overrides take from elsewhere, by the names of the packages."""

    by_name: Mapping[str, tuple[Elsewhere, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def applier(self) -> Callable[[Dependency], Dependency]:
        """What makes of each dependency of one manifest itself or, where it is replaced, a
        reference to what replaces it. Of those with one name in one section the first is judged
        for all, as no manager reads more than one.
        """
        judged: dict[tuple[str, str], Elsewhere | None] = {}

        def applied(dependency: Dependency) -> Dependency:
            if not self.by_name:
                return dependency
            key = dependency.section, dependency.display_name
            if key not in judged:
                judged[key] = self._for(dependency)
            found = judged[key]
            if found is None:
                return dependency
            target = f"{found.section} in {found.file}" if found.file else found.section
            return replace(dependency, source=Source.REFERENCE, target=target, link=found.file)

        return applied

    def _for(self, dependency: Dependency) -> Elsewhere | None:
        """What replaces *dependency*. An alias goes by its own name; but whose real name is
        replaced, that is nobody's to hear.
        """
        asked = [(dependency.display_name, dependency.written)]
        if dependency.source is Source.ALIAS:
            asked.append((dependency.name, dependency.specifier))
        for name, written in asked:
            for each in self.by_name.get(name, ()):
                if _is_selected(each.range, written):
                    return each
        return None


def replacements(
    stated: Iterable[tuple[str, Iterable[Override]]], direct: Mapping[str, str]
) -> Replacements:
    """Those of the overrides *stated*, by the file that states them (empty: the manifest), that
    lead elsewhere; *direct* are the specifiers that their references stand for.
    """
    by_name: dict[str, list[Elsewhere]] = {}
    for file, overrides in stated:
        for name, range, written, section in overrides:
            wanted = written.strip(SPACES)
            if wanted.startswith(_REFERENCE):
                wanted = direct.get(wanted.removeprefix(_REFERENCE), "")
            found = by_name.setdefault(name, []) if _is_elsewhere(wanted) else []
            if len(found) < _MOST_OF_A_NAME:
                found.append(Elsewhere(range, section, file))
    return Replacements(by_name={name: tuple(found) for name, found in by_name.items()})


def package_overrides(root: TableNode, manager: str) -> Iterator[Override]:
    """Those of a ``package.json`` whose tree is *root* and that is installed by *manager*, empty
    where nobody knows: npm's and Bun's, Yarn's and pnpm's.
    """
    yield from flat(root.table("resolutions"), resolution_selector, "resolutions")
    yield from flat(root.table("pnpm", "overrides"), pnpm_selector, "pnpm.overrides")
    table = root.table("overrides")
    if table is None or manager in _WITHOUT_NPMS:
        return
    for key, value in table.members:
        selector = npm_selector(key.value)
        written, _ = given(key, value, selector) if selector is not None else (None, None)
        if selector is not None and written is not None:
            yield Override(selector.name, selector.range, written, "overrides")


def flat(
    table: TableNode | None, select: Callable[[str], Selector | None], section: str
) -> Iterator[Override]:
    """Those of the flat *table*, whose keys *select* reads."""
    for key, value in table.members if table is not None else ():
        selector = select(key.value) if isinstance(value, StringNode) else None
        if isinstance(value, StringNode) and selector is not None and not selector.is_nested:
            yield Override(selector.name, selector.range, value.value, section)


def _is_elsewhere(written: str) -> bool:
    """Whether nothing of it comes from a registry; what Yarn patches does come from one."""
    is_patched = written.lower().startswith("patch:")
    return not is_patched and classify(written).source in ELSEWHERE


def _is_selected(range: str, written: str) -> bool:
    """Whether an override for *range* holds for what is asked for as *written*: of Yarn's
    descriptors for that alone, of the ranges of others for all that may have a version in common.
    """
    if not range:
        return True
    if range.startswith(_DESCRIBED):
        return range.removeprefix(_DESCRIBED) == written.removeprefix(_DESCRIBED)
    return classify(written).source is not Source.CATALOG and meets(range.strip(SPACES), written)

"""What overrides put in the place of a project's own dependencies. What they take from elsewhere
than a registry no registry need hear of, even where a dependency gives it a version; and what they
take under another name, or in another version, is judged as that. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.ecosystems.npm.manifests.catalog_sections import catalog_of
from registry_lsp.ecosystems.npm.manifests.overrides import given, meets
from registry_lsp.ecosystems.npm.manifests.selectors import (
    Selector,
    npm_selector,
    pnpm_selector,
    resolution_selector,
)
from registry_lsp.ecosystems.npm.manifests.specifier import Specifier, classify
from registry_lsp.ecosystems.npm.versions.semver import SPACES
from registry_lsp.syntax.nodes import StringNode, TableNode

ELSEWHERE = frozenset({Source.GIT, Source.URL, Source.PATH, Source.WORKSPACE, Source.FOREIGN})
"""Sources that no registry of npm's is asked for."""
_REFERENCE = "$"
_DESCRIBED = "npm:"
_REMOVED = "-"
_ANY = frozenset({"", "*"})
_PEERS = "peerDependencies"
_MOST_OF_A_NAME = 100
"""Overrides of one package that are looked at; nobody writes as many."""
NPM = "npm"
PNPMS = frozenset({"pnpm"})
"""Who reads what is pnpm's alone."""
_NPMS = frozenset({NPM, "bun"})
_RESOLUTIONS = frozenset({"pnpm", "yarn", "bun"})


class Override(NamedTuple):
    """An override that holds whoever asks: of which package, for what is asked for (empty: for
    anything), what is installed instead, the section that says so, and the package managers that
    read it; ``is_glob`` where the key says ``**/``, which Yarn 1 reads and newer ones pass over.
    """

    name: str
    range: str
    written: str
    section: str
    readers: frozenset[str]
    is_glob: bool = False


class Replacement(NamedTuple):
    """What is replaced where it is asked for as ``range`` (empty: however): by what ``means``, or
    by something from elsewhere than a registry where that is None. ``section`` says so, in
    ``file`` where that is another than the manifest.
    """

    range: str
    section: str
    file: str
    means: Specifier | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    """What overrides replace, by the names of the packages."""

    by_name: Mapping[str, tuple[Replacement, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def applier(self) -> Callable[[Dependency], Dependency]:
        """What makes of each dependency of one manifest itself or, where it is replaced, what is
        installed instead: of what comes from elsewhere a reference to what says so. Of those with
        one name in one section the first is judged for all, as no manager reads more than one.
        """
        judged: dict[tuple[str, str], Replacement | None] = {}

        def applied(dependency: Dependency) -> Dependency:
            if not self.by_name:
                return dependency
            key = dependency.section, dependency.display_name
            if key not in judged:
                judged[key] = self._for(dependency)
            found = judged[key]
            if found is None:
                return dependency
            if found.means is not None:
                return _installed(dependency, found.means, found.file)
            target = f"{found.section} in {found.file}" if found.file else found.section
            return replace(dependency, source=Source.REFERENCE, target=target, link=found.file)

        return applied

    def _for(self, dependency: Dependency) -> Replacement | None:
        """What replaces *dependency*. An alias goes by its own name; but whose real name comes
        from elsewhere, that is nobody's to hear.
        """
        for each in self.by_name.get(dependency.display_name, ()):
            if _is_selected(each.range, dependency.written):
                return each
        if dependency.source is not Source.ALIAS:
            return None
        for each in self.by_name.get(dependency.name, ()):
            if each.means is None and _is_selected(each.range, dependency.specifier):
                return each
        return None


def replacements(
    stated: Iterable[tuple[str, Iterable[Override]]],
    direct: Mapping[str, str],
    manager: str,
    *,
    with_versions: bool = False,
) -> Replacements:
    """Those of the overrides *stated*, by the file that states them (empty: the manifest), that
    lead elsewhere, whoever reads them, since a name that is told is told; and of those that
    *manager* reads (empty: nobody knows who installs) those that lead to another package, and
    *with_versions* to another version. *direct* are the specifiers that references stand for.
    """
    by_name: dict[str, list[Replacement]] = {}
    for file, overrides in stated:
        for override in overrides:
            means = meaning(override, direct)
            is_read = not manager or manager in override.readers
            if means is not None and not (
                is_read and _replaces(override, means, with_versions=with_versions)
            ):
                continue
            found = by_name.setdefault(override.name, [])
            if len(found) < _MOST_OF_A_NAME:
                found.append(Replacement(override.range, override.section, file, means))
    return Replacements(by_name={name: tuple(found) for name, found in by_name.items()})


def meaning(override: Override, direct: Mapping[str, str]) -> Specifier | None:
    """What *override* has installed, a reference to one of the *direct* specifiers put in; None
    where that is something from elsewhere than a registry, or nothing.
    """
    wanted = override.written.strip(SPACES)
    if wanted.startswith(_REFERENCE):
        wanted = direct.get(wanted.removeprefix(_REFERENCE), "")
    return None if wanted == _REMOVED or _is_elsewhere(wanted) else classify(wanted)


def package_overrides(root: TableNode, manager: str) -> Iterator[Override]:
    """Those of a ``package.json`` whose tree is *root* and that is installed by *manager*, empty
    where nobody knows: npm's and Bun's, Yarn's and pnpm's.
    """
    yield from flat(root.table("resolutions"), resolution_selector, "resolutions", _RESOLUTIONS)
    yield from flat(root.table("pnpm", "overrides"), pnpm_selector, "pnpm.overrides", PNPMS)
    table = root.table("overrides")
    if table is None or (manager and manager not in _NPMS):
        return
    for key, value in table.members:
        selector = npm_selector(key.value)
        written, _ = given(key, value, selector) if selector is not None else (None, None)
        if selector is not None and written is not None:
            yield Override(selector.name, selector.range, written, "overrides", _NPMS)


def flat(
    table: TableNode | None,
    select: Callable[[str], Selector | None],
    section: str,
    readers: frozenset[str],
) -> Iterator[Override]:
    """Those of the flat *table* called *section*, whose keys *select* reads, and *readers* it."""
    for key, value in table.members if table is not None else ():
        selector = select(key.value) if isinstance(value, StringNode) else None
        if isinstance(value, StringNode) and selector is not None and not selector.is_nested:
            name, is_glob = selector.name, selector.offset > 0
            yield Override(name, selector.range, value.value, section, readers, is_glob)


def _replaces(override: Override, means: Specifier, *, with_versions: bool) -> bool:
    """Whether what *override* ``means``, of a registry, is another package or version. Yarn 1
    locks what ``**/`` selects under the dependency's own range, and so nothing is lost there.
    """
    if means.source is Source.ALIAS:
        return bool(means.name)
    is_version = means.source is Source.REGISTRY and means.specifier not in _ANY
    return with_versions and is_version and not override.is_glob


def _installed(dependency: Dependency, means: Specifier, file: str) -> Dependency:
    """*dependency* as what ``means``, an override in *file*, has installed for it. A peer's range
    and a catalog's entry are for others, and stay in another version what they are.
    """
    is_others = dependency.section == _PEERS or catalog_of(dependency) is not None
    if is_others and means.source is not Source.ALIAS:
        return dependency
    if not (dependency.source.is_looked_up or dependency.source is Source.CATALOG):
        return dependency
    name = means.name or dependency.display_name
    if (dependency.name, dependency.specifier) == (name, means.specifier):
        return dependency
    return replace(
        dependency,
        name=name,
        source=means.source,
        target="",
        specifier=means.specifier,
        specifier_span=None,
        via=file,
        link=file,
    )


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

"""Which package indexes a project's installer would ask.

The setting ``registries.pypi.url`` stands over all configuration. Else the manifest's own tool
says it, by its own configuration and rule (:mod:`.rules`): a requirements file is pip's, and uv's
as well where the project uses uv or the user has given it indexes; a ``pyproject.toml`` is of the
tool that it has tables or a lock file of, else pip's, or of another that the user has given
indexes; a ``Pipfile`` is Pipenv's. Where several tools may install, no name goes to the public
index that one of them would not send there.

A dependency that is bound to an index of the manifest's (uv's ``sources``, Poetry's ``source``)
goes there and nowhere else, whatever the setting: the setting says where the default index is.
An index that nobody has defined is not asked, and neither is one whose address cannot be read:
the public index would be told names that were never meant for it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from registry_lsp.core.gates import Gate, Gates, both
from registry_lsp.core.manifests import Dependency, Index, Manifest
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.config.age_gates import freed, with_indexes
from registry_lsp.ecosystems.pypi.config.links import Links, links_of
from registry_lsp.ecosystems.pypi.config.references import Referrer
from registry_lsp.ecosystems.pypi.config.rules import (
    agreed,
    bound,
    mirrored,
    plan,
    strung,
    why_none,
)
from registry_lsp.ecosystems.pypi.config.settings import (
    PDM,
    PIP,
    PIPENV,
    POETRY,
    UV,
    Settings,
    read_settings,
)
from registry_lsp.ecosystems.pypi.requirements.search_scope import ELSEWHERE, LINKS, TRUSTED
from registry_lsp.endpoints import PYPI_INDEX
from registry_lsp.net.addresses import registry_ref

_NOWHERE = Span(0, 0)
_PUBLIC_NAME = "pypi"
_REMEMBERED = 16
"""Of the manifest's states: a keystroke may move its indexes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiRoutes:
    """The indexes of one project. ``forced`` is the setting's index, None where its address cannot
    be read; ``is_forced`` where there is such a setting. ``links`` are by tool the places where it
    looks for archives beside the indexes, and ``gates`` say by tool how old a release must be.
    """

    settings: Settings
    forced: RegistryRef | None = None
    is_forced: bool = False
    links: Mapping[str, Links] = field(default_factory=dict)
    gates: Mapping[str, Gates] = field(default_factory=dict)
    known: dict[Hashable, RegistryRef | None] = field(default_factory=dict, compare=False)
    archives: dict[str, Links] = field(default_factory=dict, compare=False)

    def gate_for(self, dependency: Dependency, manifest: Manifest) -> Gate | None:
        """How old a release must be for all that may install from *manifest*."""
        newer = self._newer(manifest)
        if not self.gates and not newer:
            return None
        found: Gate | None = None
        for tool in self._installers(manifest):
            gates = self.gates.get(tool) or Gates()
            own = gates.of(dependency.name)
            if tool == UV and newer and not gates.is_special(dependency.name):
                own = with_indexes(own, newer)
            elif tool == POETRY and own is not None:
                own = freed(own, self._freed(manifest))
            found = both(found, own)
        return found

    def _newer(self, manifest: Manifest) -> dict[str, str | bool]:
        """What uv's indexes say of how old a release from them must be, by their addresses."""
        uv = self.settings.uv
        written = manifest.indexes if uv.project is None else uv.project
        found: dict[str, str | bool] = {}
        for each in (*written, *uv.others):
            if each.newer is not None and (ref := registry_ref(each.url)) is not None:
                found.setdefault(ref.url, each.newer)
        return found

    def _freed(self, manifest: Manifest) -> Iterator[str]:
        """The addresses of the sources that Poetry takes releases of any age from."""
        said = self.settings.poetry.freed_sources
        public = Index(name=_PUBLIC_NAME, url=PYPI_INDEX, role="", span=_NOWHERE)
        for each in (*manifest.indexes, public) if said else ():
            urls = {each.url, each.url.rstrip("/"), f"{each.url.rstrip('/')}/"}
            is_freed = (each.name or "").lower() in said or urls & said
            if is_freed and (ref := registry_ref(each.url)) is not None:
                yield ref.url

    def registry_for(self, dependency: Dependency, manifest: Manifest) -> RegistryRef | None:
        """The index that *dependency* is bound to, or those that may have it; None where one of
        them is unknown: names that were meant for it would go to the next.
        """
        tools = self._installers(manifest)
        if dependency.index is not None:
            return self._bound(dependency.index.lower(), tools, manifest)
        if self.is_forced:
            return self.forced
        key = tools, manifest.indexes
        if key not in self.known:
            if len(self.known) >= _REMEMBERED:
                self.known.clear()
            self.known[key] = self._of_tools(tools, manifest.indexes)
        found = self.known[key]
        if found is None or PIPENV in tools:
            return found
        links = [self.links[tool] for tool in tools if tool in self.links]
        links += self._written_links(manifest.indexes)
        is_partial = any(each.may_have_more(dependency.name) for each in links)
        every = (each.versions.get(dependency.name, ()) for each in links)
        archives = tuple(dict.fromkeys(version for versions in every for version in versions))
        if not is_partial and not archives:
            return found
        return replace(found, is_partial=is_partial, archives=archives)

    def why_unknown(self, dependency: Dependency, manifest: Manifest) -> str | None:
        """The cause where there is one alone."""
        tools = self._installers(manifest)
        broken = next((self.settings.broken[it] for it in tools if it in self.settings.broken), "")
        if broken:
            return f"{broken} cannot be read"
        if dependency.index is not None:
            return self._why_unbound(dependency.index, tools, manifest)
        if self.is_forced:
            return "the setting registries.pypi.url is no address"
        refer = self._referrer(tools, manifest.indexes)
        causes = (why_none(each, manifest.indexes, refer) for each in tools)
        found = next((each for each in causes if each is not None), None)
        return found or f"{' and '.join(tools)}, which may install it, would ask different indexes"

    def _why_unbound(self, name: str, tools: tuple[str, ...], manifest: Manifest) -> str:
        if not name:
            return "which index it comes from depends on the machine, or is only half written"
        names = {each.name.lower() for each, _ in self._indexes(tools, manifest) if each.name}
        if name.lower() in names:
            return f"the address of the index '{name}' cannot be read"
        return f"no index is called '{name}'"

    def _written_links(self, indexes: tuple[Index, ...]) -> Iterator[Links]:
        """Where the manifest itself has archives looked for; a path of another file's may be from
        any folder.
        """
        for each in indexes:
            if each.role == LINKS:
                if each.url not in self.archives:
                    around = self.settings.around
                    found = links_of((each.url,), around.folder, is_ours=around.trusted)
                    self.archives[each.url] = found
                is_whose = each.span != ELSEWHERE or Path(each.url).is_absolute()
                yield self.archives[each.url] if is_whose else Links(has_pages=True)

    def _installers(self, manifest: Manifest) -> tuple[str, ...]:
        """The tools that may install from *manifest*."""
        said, locking = manifest.installers, self.settings.locking
        if not said and (locking or self.settings.uv.is_used):
            return locking[:1] or (UV,)
        if said in ((), (PIP,)):
            return (PIP, *self._besides(said))
        locked = tuple(each for each in said if each in locking)
        return locked if locked and PIP not in said else said

    def _besides(self, said: tuple[str, ...]) -> Iterator[str]:
        """Who may install beside pip where nothing else says so: uv and PDM, where the user has
        given them indexes of their own.
        """
        uv, pdm = self.settings.uv, self.settings.pdm
        if uv.is_used or uv.named or uv.others or uv.is_without_index:
            yield UV
        if not said and any(each.url for each in pdm.users.values()):
            yield PDM

    def _referrer(self, tools: tuple[str, ...], indexes: tuple[Index, ...]) -> Referrer:
        """Who makes the references of any name. Beside pip it is ``uv pip`` that installs."""
        settings = self.settings
        if PIP in tools and UV in tools:
            settings = replace(settings, uv=settings.uv.of_pip)
        trusted = tuple(each.url for each in indexes if each.role == TRUSTED)
        return Referrer(settings=settings, trusted=trusted)

    def _of_tools(self, tools: tuple[str, ...], indexes: tuple[Index, ...]) -> RegistryRef | None:
        refer = self._referrer(tools, indexes)
        plans = [found for tool in tools if (found := plan(tool, indexes, refer)) is not None]
        together = agreed(plans) if len(plans) == len(tools) else None
        return strung(together) if together is not None else None

    def _bound(self, name: str, tools: tuple[str, ...], manifest: Manifest) -> RegistryRef | None:
        """The index called *name*, in lower case."""
        refer, tool = Referrer(settings=self.settings), tools[0]
        if tool in self.settings.broken:
            return None
        for index, is_ours in self._indexes(tools, manifest):
            if index.name and index.name.lower() == name:
                found = bound(refer.of_index(tool, index, is_ours=is_ours))
                return mirrored(found, refer) if tool == PIPENV else found
        if name != _PUBLIC_NAME:
            return None
        # Poetry's and pdm's own name for the public index, which the setting stands for
        if self.is_forced:
            return self.forced
        return refer.of_address(tool, PYPI_INDEX, is_ours=True)

    def _indexes(self, tools: tuple[str, ...], manifest: Manifest) -> Iterator[tuple[Index, bool]]:
        """Those that names may be bound to, and whether the user's own word names them."""
        uv, pdm = self.settings.uv, self.settings.pdm
        if UV in tools:
            yield from ((each, True) for each in uv.named)
        yield from ((each, False) for each in manifest.indexes)
        if UV in tools:
            yield from ((each, False) for each in uv.project or ())
        if PDM in tools:
            for sources, is_ours in ((pdm.project, False), (pdm.users, True)):
                for each in sources.values():
                    if each.url:
                        yield Index(name=each.name, url=each.url, role="", span=_NOWHERE), is_ours


def routes(surroundings: Surroundings) -> PypiRoutes:
    """Read the configuration."""
    settings = read_settings(surroundings)
    refer, setting = Referrer(settings=settings), surroundings.registry_url
    return PypiRoutes(
        settings=settings,
        forced=None if setting is None else _of_setting(setting, refer),
        is_forced=setting is not None,
        links=dict(_links(settings)),
        gates=_gates(settings),
    )


def _gates(settings: Settings) -> dict[str, Gates]:
    """By tool, where any is set: most projects have none, and no keystroke need look for one."""
    gates = {PIP: settings.pip.gates, UV: settings.uv.gates, POETRY: settings.poetry.gates}
    gates[PDM] = settings.pdm.gates
    return {tool: each for tool, each in gates.items() if each != Gates()}


def _links(settings: Settings) -> Iterator[tuple[str, Links]]:
    """By tool, where any is set."""
    around, pip = settings.around, settings.pip
    for tool, said, is_ours in (
        (PIP, pip.values("find-links"), "find-links" not in pip.strangers),
        (UV, settings.uv.links, around.trusted),
    ):
        if said:
            yield tool, links_of(said, around.folder or around.home, is_ours=is_ours)


def _of_setting(address: str, refer: Referrer) -> RegistryRef | None:
    """The index at the setting's *address*: below a server's bare root, the usual place."""
    ref = refer.of_address(PIP, address, is_ours=True)
    if ref is None or urlsplit(ref.url).path != "/":
        return ref
    return replace(ref, url=f"{ref.url}simple/")

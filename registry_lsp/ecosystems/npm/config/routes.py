"""Which registry a project's packages are asked of.

The setting ``registries.npm.url`` says where the default registry is; all else the configuration
of the package manager that installs the project, which reads its own files and no other's. A scope
that is bound goes there whatever the setting is, as with npm's own ``--registry``.

Where nobody knows which manager installs, a name goes where all of them would send it. Where only
some of them would send it to a registry that is not the public one, it goes to that one, for the
public one is never told of a name that is meant for another; where they would send it to different
ones, or one of them to nobody knows where, nobody is asked. What cannot be read as an address is
not replaced by the public registry either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from registry_lsp.core.gates import Gate, Gates, both
from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.ages import gates_of
from registry_lsp.ecosystems.npm.config.bun import bun_register
from registry_lsp.ecosystems.npm.config.managers import (
    BUN,
    CLASSIC_YARN,
    NPM,
    OLDER_PNPM,
    PNPM,
    YARN,
    managers_of,
)
from registry_lsp.ecosystems.npm.config.npm import npm_register
from registry_lsp.ecosystems.npm.config.pnpm import older_pnpm_register, pnpm_register
from registry_lsp.ecosystems.npm.config.project_root import project_root
from registry_lsp.ecosystems.npm.config.registers import Register, telling
from registry_lsp.ecosystems.npm.config.yarn import yarn_register
from registry_lsp.ecosystems.npm.config.yarn_classic import classic_yarn_register
from registry_lsp.endpoints import NPM_REGISTRY, YARN_REGISTRY

_REGISTERS: Mapping[str, Callable[[Surroundings, Path | None], Register]] = MappingProxyType(
    {
        NPM: npm_register,
        OLDER_PNPM: older_pnpm_register,
        PNPM: pnpm_register,
        CLASSIC_YARN: classic_yarn_register,
        YARN: yarn_register,
        BUN: bun_register,
    }
)
_DEFAULTS = frozenset({NPM_REGISTRY, YARN_REGISTRY})
"""Where packages come from of which no configuration says anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmRoutes:
    """The registries of one project, by each manager that may install it, and those of their
    rules on how old a release must be that there are.
    """

    registers: tuple[Register, ...]
    gates: tuple[Gates, ...] = ()

    def gate_for(self, dependency: Dependency, manifest: Manifest) -> Gate | None:
        """How old a release must be for every manager that may install it."""
        found: Gate | None = None
        for each in self.gates:
            found = both(found, each.of(dependency.name))
        return found

    def registry_for(self, dependency: Dependency, manifest: Manifest) -> RegistryRef | None:
        """The registry that *dependency* may be asked of; None where it is unknown."""
        return agreed(each.registry_of(dependency.name) for each in self.registers)

    def why_unknown(self, dependency: Dependency, manifest: Manifest) -> str | None:
        """What the first manager lacks that does not know, else what they differ in."""
        hosts: dict[str, None] = {}
        for each in self.registers:
            ref = each.registry_of(dependency.name)
            if ref is None:
                return each.why_unknown(dependency.name)
            hosts[ref.host] = None
        return f"package managers that may install it would ask different ones ({', '.join(hosts)})"


def routes(surroundings: Surroundings) -> NpmRoutes:
    """Read the configuration. npm goes on without a file that it cannot read, and so does this."""
    folder = surroundings.folder
    root = project_root(folder) if folder is not None else None
    managers = managers_of(folder, root)
    registers = (_register(each, surroundings, root) for each in managers)
    gates = (gates_of(each, surroundings, root) for each in managers)
    return NpmRoutes(
        registers=tuple(registers), gates=tuple(each for each in gates if each != Gates())
    )


def _register(manager: str, around: Surroundings, root: Path | None) -> Register:
    read = _REGISTERS[manager]
    register = read(around, root)
    if around.trusted:
        return register
    return telling(register, lambda: read(replace(around, trusted=True, is_supposed=True), root))


def agreed(refs: Iterable[RegistryRef | None]) -> RegistryRef | None:
    """The registry to ask, where each manager may have another one: of the same address the first
    that has a credential.
    """
    by_url: dict[str, RegistryRef] = {}
    for ref in refs:
        if ref is None:
            return None
        known = by_url.get(ref.url)
        if known is None or (known.authorization is None and ref.authorization is not None):
            by_url[ref.url] = ref
    private = [ref for url, ref in by_url.items() if url not in _DEFAULTS]
    if not private:
        return next(iter(by_url.values()), None)
    return private[0] if len(private) == 1 else None

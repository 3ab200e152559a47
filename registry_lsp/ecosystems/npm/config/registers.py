"""Which registry one package manager would ask: for each scope, and for all else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.credentials import (
    credential_for,
    token_key,
    unset_variable_of,
)
from registry_lsp.ecosystems.npm.config.npmrc import has_variable
from registry_lsp.ecosystems.npm.config.reaching import transport_for
from registry_lsp.ecosystems.npm.config.words import Words
from registry_lsp.endpoints import NPM_REGISTRY
from registry_lsp.net.addresses import registry_ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The registries of one project by one manager's configuration, None for one that is unknown.

    ``scoped`` is the default one for packages of scopes that are not bound, where those have
    another credential; ``is_scope_hidden`` where it binds a scope that only the environment names.
    ``broken`` is the file that cannot be read, where that is why nothing is known; ``refused`` says
    by scope (empty for the default registry) why its manager would ask nobody.
    """

    default: RegistryRef | None
    scoped: RegistryRef | None = None
    scopes: Mapping[str, RegistryRef | None] = field(default_factory=lambda: MappingProxyType({}))
    is_scope_hidden: bool = False
    broken: str = ""
    refused: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def refs(self) -> Iterator[RegistryRef]:
        """All of the registries that are known."""
        for each in (self.default, self.scoped, *self.scopes.values()):
            if each is not None:
                yield each

    def registry_of(self, name: str) -> RegistryRef | None:
        """The registry of a package's scope, or the default one."""
        scope = scope_of(name)
        if scope in self.scopes:
            return self.scopes[scope]
        if not scope:
            return self.default
        return None if self.is_scope_hidden else self.scoped or self.default

    def why_unknown(self, name: str) -> str:
        """Why nobody is known to have the package, as the end of a sentence."""
        scope = scope_of(name)
        if self.broken:
            return f"{self.broken} cannot be read"
        if why := self.refused.get(scope if scope in self.scopes else ""):
            return why
        if scope in self.scopes:
            return f"the address of {scope}'s registry, as configured, cannot be read"
        if scope and self.is_scope_hidden:
            return "a scope is configured by a ${VARIABLE}, and it might be this one"
        return "the address of the default registry, as configured, cannot be read"


def nowhere(file: str) -> Register:
    """Where the configuration cannot be read, for this *file*: nobody is asked for anything."""
    return Register(default=None, is_scope_hidden=True, broken=file)


def telling(register: Register, trusted: Callable[[], Register]) -> Register:
    """*register* with a mark on each private registry that is asked without a credential and that
    would get one by the register of the same project if it were *trusted*.
    """
    if all(each.is_public or each.authorization is not None for each in register.refs):
        return register
    other = trusted()

    def told(one: RegistryRef | None, two: RegistryRef | None) -> RegistryRef | None:
        if one is None or two is None or one.authorization is not None:
            return one
        return replace(one, is_withheld=one.url == two.url and two.authorization is not None)

    return replace(
        register,
        default=told(register.default, other.default),
        scoped=told(register.scoped, other.scoped or other.default),
        scopes={
            scope: told(ref, other.scopes.get(scope)) for scope, ref in register.scopes.items()
        },
    )


def scope_of(name: str) -> str:
    """The scope of a package's name with its ``@``; empty where it has none."""
    return name.partition("/")[0] if name.startswith("@") else ""


def bound(ref: RegistryRef | None) -> RegistryRef | None:
    """A scope's registry: what is in it nobody else hears of, unless everybody knows it."""
    return ref if ref is None or ref.is_public else replace(ref, is_bound=True)


def register_of(
    words: Words,
    around: Surroundings,
    *,
    base: Path | None,
    scopes: Mapping[str, str] = MappingProxyType({}),
) -> Register:
    """The register of npm's settings; *scopes* are those that a manager binds by itself.

    A credential of the settings stands over one in the address. The setting ``registries.npm.url``
    says where the default registry is, and nothing of scopes.
    """
    own_default = words.own.get("registry", NPM_REGISTRY)
    default = around.registry_url
    is_own = default is not None
    if default is None:
        default = words.said.get("registry", NPM_REGISTRY)
        is_own = default == own_default
    own_scopes = {**scopes, **Words(said=words.own, own={}).scopes}

    def ref(address: str, scope: str = "") -> RegistryRef | None:
        found = registry_ref(address)
        if found is None:
            return None
        is_named = is_own if not scope else own_scopes.get(scope) == address
        credential = credential_for(found.url, words, is_own=is_named, scope=scope)
        shown_all = registry_ref(own_default)
        is_default = shown_all is not None and shown_all.url == found.url
        return replace(
            found,
            authorization=credential or found.authorization,
            unset_variable=unset_variable_of(credential),
            credential_place=f"~/.npmrc ({token_key(found)})",
            transport=transport_for(found.url, words, around, base=base, is_own=is_default),
        )

    all_scopes = {**scopes, **words.scopes}
    return Register(
        default=ref(default),
        scopes={scope: bound(ref(said, scope)) for scope, said in all_scopes.items()},
        is_scope_hidden=any(has_variable(scope) for scope in all_scopes),
    )

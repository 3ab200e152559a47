"""Which package index a project's installer would ask.

In this order: the setting ``registries.pypi.url``; the index that the manifest itself puts in the
default one's place (pip's ``--index-url``, uv's ``default = true``, Poetry's primary source);
``PIP_INDEX_URL``; ``UV_DEFAULT_INDEX`` and its older name ``UV_INDEX_URL``; the public index.
The file is nearer than the environment to what is installed from it: pip reads option lines of a
requirements file over its own configuration, and the other tools have no such variable or agree.

A dependency that is bound to an index of the manifest's (uv's ``sources``, Poetry's ``source``)
goes there and nowhere else, whatever the setting: the setting says where the default index is.
An index that nobody has defined is not asked, and neither is one whose address cannot be read:
the public index would be told names that were never meant for it.

Indexes beside the default one (pip's and uv's extra ones) are asked before it, each for what the
one before it does not have, as uv does: so a private package's name stays private. Poetry's
supplemental ones are asked last. Where the manifest says that there is no default index, those
of the environment are not asked either, as with pip's ``--no-index``. pip takes the best of all
of them; whether the same name stands in several with different versions is not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from registry_lsp.core.gates import Gate
from registry_lsp.core.manifests import Dependency, Index, Manifest
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports import Surroundings
from registry_lsp.endpoints import PYPI_INDEX
from registry_lsp.net.addresses import registry_ref

_DEFAULT_VARIABLES = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")
_EXTRA_VARIABLES = ("PIP_EXTRA_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_NAMED = re.compile(r"\A[\w.-]+=(?=\w+:)")
_TRUE = frozenset({"1", "t", "true", "y", "yes", "on"})
_PUBLIC_NAME = "pypi"


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiRoutes:
    """The indexes of one project.

    ``forced`` is the setting's index, ``default`` the environment's or the public one, and
    ``extras`` are those that the environment has beside it; each None where its address cannot be
    read. ``is_forced`` where there is such a setting: it stands for all of them.
    ``expansions`` are the variables that may be expanded in the manifest's own addresses: the
    environment where the workspace is trusted, else none.
    """

    default: RegistryRef | None
    extras: tuple[RegistryRef | None, ...] = ()
    forced: RegistryRef | None = None
    is_forced: bool = False
    expansions: Mapping[str, str] = field(default_factory=dict, repr=False)

    def gate_for(self, _dependency: Dependency, _manifest: Manifest) -> Gate | None:
        """None: no release-age gate is read yet."""
        return None

    def registry_for(self, dependency: Dependency, manifest: Manifest) -> RegistryRef | None:
        """The index that *dependency* is bound to, or those that may have it; None where one of
        them is unknown: names that were meant for it would go to the next.
        """
        if dependency.index is not None:
            return self._bound(dependency.index.lower(), manifest)
        if self.is_forced:
            return self.forced
        own = [index for index in manifest.indexes if index.role == "default"]
        if any(not index.url for index in own):  # the manifest's way to say that there is none
            others: tuple[RegistryRef | None, ...] = ()
        else:
            others = (*self.extras, self._ref(own[0]) if own else self.default)
        extras, last = self._of_role("extra", manifest), self._of_role("supplemental", manifest)
        return _in_turn((*extras, *others, *last))

    def _of_role(self, role: str, manifest: Manifest) -> tuple[RegistryRef | None, ...]:
        return tuple(self._ref(index) for index in manifest.indexes if index.role == role)

    def _bound(self, name: str, manifest: Manifest) -> RegistryRef | None:
        for index in manifest.indexes:
            if index.name and index.name.lower() == name:
                return self._ref(index)
        if name != _PUBLIC_NAME:
            return None
        # Poetry's and pdm's own name for the public index, which the setting stands for
        return self.forced if self.is_forced else registry_ref(PYPI_INDEX)

    def _ref(self, index: Index) -> RegistryRef | None:
        """A variable that may not or cannot be expanded leaves braces, which no address has."""
        expanded = _VARIABLE.sub(
            lambda found: self.expansions.get(found[1]) or found[0],
            index.url,
        )
        return registry_ref(expanded)


def _in_turn(refs: Sequence[RegistryRef | None]) -> RegistryRef | None:
    """One reference that asks *refs* in their order."""
    first: RegistryRef | None = None
    for ref in reversed(refs):
        if ref is None:
            return None
        first = replace(ref, otherwise=first)
    return first


def routes(surroundings: Surroundings) -> PypiRoutes:
    """Read the configuration."""
    environ = surroundings.environ
    address = next(
        (value for name in _DEFAULT_VARIABLES if (value := environ.get(name, "").strip())),
        PYPI_INDEX,
    )
    extras = " ".join(environ.get(name, "") for name in _EXTRA_VARIABLES).split()
    has_index = environ.get("PIP_NO_INDEX", "").strip().lower() not in _TRUE
    setting = surroundings.registry_url
    return PypiRoutes(
        # uv allows its index a name, as in name=https://...
        default=registry_ref(_NAMED.sub("", address)) if has_index else None,
        extras=tuple(registry_ref(_NAMED.sub("", extra)) for extra in extras) if has_index else (),
        forced=None if setting is None else _of_setting(setting),
        is_forced=setting is not None,
        expansions=environ if surroundings.trusted else {},
    )


def _of_setting(address: str) -> RegistryRef | None:
    """The index at the setting's *address*: below a server's bare root, the usual place."""
    ref = registry_ref(address)
    if ref is None or urlsplit(ref.url).path != "/":
        return ref
    return RegistryRef(url=f"{ref.url}simple/", authorization=ref.authorization)

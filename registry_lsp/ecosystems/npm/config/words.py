"""npm's settings, put together of what everybody says, and whose word each of them is. Pure.

A project's own file is not the user's word. Unless the workspace is trusted, its variables are not
expanded: a registry that is named with one is not known, and is not asked; a credential that is
written with one is not sent. Nor does it say how a registry is reached, what is trusted and which
of the user's files are shown: that would hand what the user has to a stranger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registry_lsp.ecosystems.npm.config.npmrc import expand, has_variable

CERTIFICATES = (":certfile", ":keyfile")
"""What the names of the client's own certificate and key end in, behind a registry's address."""

_REGISTRY = ":registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The settings of one source, variables as written unless they are expanded already.
    ``is_own`` where they are the user's word, or the machine's.
    """

    values: Mapping[str, str] = field(repr=False)
    is_own: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The settings of all layers, the highest standing: those ``said`` by anybody, and those that
    are the user's ``own``.
    """

    said: Mapping[str, str] = field(repr=False)
    own: Mapping[str, str] = field(repr=False)

    @property
    def strangers(self) -> Mapping[str, str]:
        """What only the project says."""
        return {key: value for key, value in self.said.items() if self.own.get(key) != value}

    @property
    def scopes(self) -> Mapping[str, str]:
        """The address that each scope is bound to."""
        return {
            key.removesuffix(_REGISTRY): value
            for key, value in self.said.items()
            if key.startswith("@") and key.endswith(_REGISTRY)
        }


def put_together(layers: Iterable[Layer], environ: Mapping[str, str]) -> Words:
    """The words of *layers*, the lowest first. An empty word is none."""
    said: dict[str, str] = {}
    own: dict[str, str] = {}
    for layer in layers:
        values = _expanded(layer.values, environ) if layer.is_own else _unexpanded(layer.values)
        present = {key: value for key, value in values.items() if value}
        said.update(present)
        if layer.is_own:
            own.update(present)
    return Words(said=said, own=own)


def _expanded(settings: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    return {expand(key, environ): expand(value, environ) for key, value in settings.items()}


def _unexpanded(settings: Mapping[str, str]) -> dict[str, str]:
    """A stranger's settings, of which registries and credentials count: an address keeps its
    variables and so can never be asked, and a credential that is written with one is none.
    """
    return {key: value for key, value in settings.items() if _may_say(key, value)}


def _may_say(key: str, value: str) -> bool:
    if key.startswith("//"):
        return not (has_variable(key) or has_variable(value) or key.endswith(CERTIFICATES))
    return key == "registry" or key.startswith("@")

"""Bun's configuration: ``bunfig.toml`` of the project over that of the user, over ``.npmrc``, all
of them below the environment's ``BUN_CONFIG_REGISTRY`` (its documents *bunfig* and *npmrc*).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from registry_lsp.core.packages import RegistryRef, Secret, Transport
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.npm import NPMRC, project_layer
from registry_lsp.ecosystems.npm.config.places import (
    BrokenError,
    Said,
    from_home,
    read_npmrc,
    read_toml,
    table,
    text,
)
from registry_lsp.ecosystems.npm.config.registers import Register, bound, nowhere, register_of
from registry_lsp.ecosystems.npm.config.words import Layer, put_together
from registry_lsp.net.addresses import basic, registry_ref

BUNFIG = "bunfig.toml"
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A registry as ``bunfig.toml`` names it; ``url`` is empty for the default one's."""

    url: str
    credential: Secret | None = field(default=None, repr=False)
    is_own: bool


def bun_register(around: Surroundings, root: Path | None) -> Register:
    """Bun's registries, for the project whose root is the folder *root*."""
    try:
        files = tuple(_files(around, root))
    except BrokenError as error:
        return nowhere(str(error))
    layers = (
        Layer(values=read_npmrc(around.home / NPMRC)),
        project_layer(around, root, around.home / NPMRC),
    )
    words = put_together(layers, around.environ)
    below = register_of(words, around, base=root)
    places: dict[str, _Place] = {}
    for said, is_own in files:
        places.update(_places(said, around, is_own=is_own))
    named = around.environ.get("BUN_CONFIG_REGISTRY") or around.environ.get("NPM_CONFIG_REGISTRY")
    if named:
        places[""] = _Place(url=named, credential=_token(around), is_own=True)
    if around.registry_url is not None:
        places.pop("", None)
    transport = _transport(files, around, root)
    default = below.default
    if "" in places:
        default = _ref(places[""], below.default, transport)
    scopes = {
        scope: bound(_ref(place, default, transport)) for scope, place in places.items() if scope
    }
    return Register(
        default=default,
        scopes={**below.scopes, **scopes},
        is_scope_hidden=below.is_scope_hidden,
    )


def _files(around: Surroundings, root: Path | None) -> Iterator[tuple[Said, bool]]:
    """The tables ``install``, the user's before the project's, and whether they are the user's
    word.
    """
    folder = Path(around.environ.get("XDG_CONFIG_HOME") or around.home)
    for path, is_own in (
        (folder / f".{BUNFIG}", True),
        (around.home / f".{BUNFIG}" if folder != around.home else None, True),
        (root / BUNFIG if root is not None else None, around.trusted),
    ):
        if path is not None and (said := read_toml(path)) is not None:
            yield table(said, "install"), is_own


def _places(said: Said, around: Surroundings, *, is_own: bool) -> Iterator[tuple[str, _Place]]:
    """The registries of one file by their scopes, the default one under none."""
    environ = around.environ if is_own else {}
    if said.get("registry") is not None:
        yield "", _place(said["registry"], environ, is_own=is_own)
    for name, value in table(said, "scopes").items():
        yield f"@{name.removeprefix('@')}", _place(value, environ, is_own=is_own)


def _place(said: object, environ: Mapping[str, str], *, is_own: bool) -> _Place:
    if isinstance(said, str):
        return _Place(url=_expanded(said, environ), is_own=is_own)
    fields = said if isinstance(said, dict) else {}
    token, user, password = (
        _whole(_expanded(text(fields, name), environ)) for name in ("token", "username", "password")
    )
    credential = Secret(f"Bearer {token}") if token else None
    if credential is None and user and password:
        credential = basic(user.encode(), password.encode())
    url = _expanded(text(fields, "url"), environ)
    return _Place(url=url, credential=credential, is_own=is_own)


def _expanded(written: str, environ: Mapping[str, str]) -> str:
    """*written* with its variables; one that is not set stays as it is."""
    return _VARIABLE.sub(lambda found: environ.get(found[1] or found[2], found[0]), written)


def _whole(written: str) -> str:
    """A credential that needs no variable any more; empty for any other."""
    return "" if _VARIABLE.search(written) else written


def _token(around: Surroundings) -> Secret | None:
    named = around.environ.get("BUN_CONFIG_TOKEN") or around.environ.get("NPM_CONFIG_TOKEN")
    return Secret(f"Bearer {named}") if named else None


def _ref(
    place: _Place, default: RegistryRef | None, transport: Transport | None
) -> RegistryRef | None:
    """The registry at a *place*. What has no address of its own is the *default* one's, without
    the credential: that was not written for this address.
    """
    if not place.url:
        return default
    if "$" in place.url:
        return None
    found = registry_ref(place.url)
    if found is None:
        return None
    if place.credential is not None:
        found = replace(found, authorization=place.credential)
    return replace(found, transport=transport)


def _transport(
    files: tuple[tuple[Said, bool], ...], around: Surroundings, root: Path | None
) -> Transport | None:
    """The authorities that the user's own files name."""
    authorities: tuple[str, ...] = ()
    for said, is_own in files:
        if not is_own:
            continue
        if file := text(said, "cafile"):
            authorities = (str(from_home(file, around, root)),)
        elif written := said.get("ca"):
            listed = written if isinstance(written, list) else [written]
            authorities = tuple(each for each in listed if isinstance(each, str))
    return Transport(authorities=authorities) if authorities else None

"""Bun's configuration: ``bunfig.toml`` of the project over that of the user, over ``.npmrc``, all
of them below the environment's ``BUN_CONFIG_REGISTRY`` (its documents *bunfig* and *npmrc*). To the
environment belongs what the project's ``.env`` files say. They are the project's word: unless the
workspace is trusted, only the project's own files are expanded with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from registry_lsp.core.packages import RegistryRef, Secret, Transport
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.credentials import credential_for, token_key
from registry_lsp.ecosystems.npm.config.env_files import read_env_files
from registry_lsp.ecosystems.npm.config.npm import NPMRC, project_layer
from registry_lsp.ecosystems.npm.config.npmrc import expand, variables
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
_REGISTRY = ("BUN_CONFIG_REGISTRY", "NPM_CONFIG_REGISTRY")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A registry as ``bunfig.toml`` names it; ``url`` is empty for the default one's."""

    url: str
    credential: Secret | None = field(default=None, repr=False)
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variables:
    """The variables that there are: all that are ``said``, the user's ``own``, and those of the
    project where nobody trusts it.
    """

    said: Mapping[str, str] = field(repr=False)
    own: Mapping[str, str] = field(repr=False)
    strangers: Mapping[str, str] = field(default_factory=dict, repr=False)


def bun_register(around: Surroundings, root: Path | None) -> Register:
    """Bun's registries, for the project whose root is the folder *root*."""
    known = _variables(around, root)
    try:
        files = tuple(_files(around, root))
    except BrokenError as error:
        return nowhere(str(error))
    layers = (
        Layer(values=read_npmrc(around.home / NPMRC)),
        _filled(project_layer(around, root, around.home / NPMRC), known),
    )
    words = put_together(layers, known.own)
    below = register_of(words, around, base=root)
    places: dict[str, _Place] = {}
    for said, is_own in files:
        places.update(_places(said, known, is_own=is_own))
    named = next((name for name in _REGISTRY if known.said.get(name)), "")
    if named:
        is_own = bool(known.own.get(named))
        environ = known.own if is_own else known.strangers
        credential = _token(environ)
        places[""] = _Place(url=known.said[named], credential=credential, is_own=is_own)
    if around.registry_url is not None:
        places.pop("", None)
    transport = _transport(files, around, root)

    def ref(place: _Place, default: RegistryRef | None) -> RegistryRef | None:
        found = _ref(place, default)
        if found is None or not place.url:
            return found
        beside = credential_for(found.url, words, is_own=place.is_own)
        credential = found.authorization or beside
        return replace(
            found,
            authorization=credential,
            transport=transport,
            credential_place=f"~/.npmrc ({token_key(found)})",
        )

    default = ref(places[""], below.default) if "" in places else below.default
    scopes = {scope: bound(ref(place, default)) for scope, place in places.items() if scope}
    return Register(
        default=default,
        scopes={**below.scopes, **scopes},
        is_scope_hidden=below.is_scope_hidden,
    )


def _variables(around: Surroundings, root: Path | None) -> _Variables:
    said = read_env_files(root, around.environ)
    own = {**said, **around.environ}
    if around.trusted:
        return _Variables(said=own, own=own)
    strangers = {name: value for name, value in said.items() if name not in around.environ}
    return _Variables(said=own, own=around.environ, strangers=strangers)


def _filled(layer: Layer, known: _Variables) -> Layer:
    """A stranger's settings with those of its variables that are a stranger's too."""
    if layer.is_own or not known.strangers:
        return layer

    def each(text: str) -> str:
        return expand(text, known.strangers) if variables(text) <= known.strangers.keys() else text

    return replace(layer, values={each(key): each(value) for key, value in layer.values.items()})


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


def _places(said: Said, known: _Variables, *, is_own: bool) -> Iterator[tuple[str, _Place]]:
    """The registries of one file by their scopes, the default one under none."""
    environ = known.own if is_own else known.strangers
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


def _token(environ: Mapping[str, str]) -> Secret | None:
    named = environ.get("BUN_CONFIG_TOKEN") or environ.get("NPM_CONFIG_TOKEN")
    return Secret(f"Bearer {named}") if named else None


def _ref(place: _Place, default: RegistryRef | None) -> RegistryRef | None:
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
    return replace(found, authorization=place.credential or found.authorization)


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

"""pnpm's configuration: its own files, and what it reads of npm's.

pnpm 11 and newer take registries from ``pnpm-workspace.yaml``, over the user's ``config.yaml``,
over ``.npmrc`` and ``auth.ini``, of which nothing but registries, credentials, certificates and
proxies counts; of variables ``pnpm_config_registry``, and with an address in their names those
that begin with ``npm_config_`` too. Older ones read what npm reads, their own ``rc`` in the place
of npm's global file, and the ``registries`` of ``pnpm-workspace.yaml``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.npm import (
    find_user_file,
    named_by_environment,
    project_layer,
)
from registry_lsp.ecosystems.npm.config.npmrc import expand
from registry_lsp.ecosystems.npm.config.places import (
    BrokenError,
    Said,
    pnpm_folder,
    read_npmrc,
    read_yaml,
    table,
    text,
)
from registry_lsp.ecosystems.npm.config.registers import Register, nowhere, register_of
from registry_lsp.ecosystems.npm.config.words import Layer, put_together
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PNPM_WORKSPACE
from registry_lsp.endpoints import JSR_REGISTRY, NPM_REGISTRY
from registry_lsp.net.addresses import registry_ref

JSR = MappingProxyType({"@jsr": JSR_REGISTRY})
"""The scope that pnpm and Yarn bind by themselves."""

_VARIABLE = re.compile(r"pnpm_config_(.+)", re.IGNORECASE | re.DOTALL)
_SCOPED = re.compile(r"(npm|pnpm)_config_(//.+)", re.IGNORECASE | re.DOTALL)
_DEFAULT = "default"
_UNBOUND = ("_authToken", "_auth", "username", "_password")
_READ = frozenset(
    {"ca", "cafile", "cert", "key", "registry", "strict-ssl", "noproxy", "no-proxy"}
    | {"proxy", "http-proxy", "https-proxy"}
)


def pnpm_register(around: Surroundings, root: Path | None) -> Register:
    """The registries of pnpm 11 and newer, for the project whose root is the folder *root*."""
    try:
        words = put_together(_layers(around, root), around.environ)
    except BrokenError as error:
        return nowhere(str(error))
    return register_of(words, around, base=root, scopes=JSR)


def older_pnpm_register(around: Surroundings, root: Path | None) -> Register:
    """The registries of pnpm 10 and older."""
    from_environ = named_by_environment(around.environ)
    user_file = find_user_file(around, from_environ.get("userconfig", ""))
    try:
        layers = (
            _pinned(Layer(values=read_npmrc(pnpm_folder(around) / "rc")), around),
            _pinned(Layer(values=read_npmrc(user_file)), around),
            _pinned(project_layer(around, root, user_file), around),
            _workspace(around, root, has_default=False),
            Layer(values=from_environ),
        )
    except BrokenError as error:
        return nowhere(str(error))
    return register_of(put_together(layers, around.environ), around, base=root, scopes=JSR)


def _layers(around: Surroundings, root: Path | None) -> Iterator[Layer]:
    """The settings of every source of pnpm's, lowest first."""
    folder = pnpm_folder(around)
    users = read_yaml(folder / "config.yaml") or {}
    said = _variables(around.environ)
    stored = _from_json(said.pop("-auth", ""))
    user_file = find_user_file(around, _auth_file(around, users, said))
    project = project_layer(around, root, user_file)
    yield Layer(values=_stored(table(users, "_auth"), routes=True))
    for layer in (
        Layer(values=read_npmrc(user_file)),
        Layer(values=read_npmrc(folder / "auth.ini")),
        project,
    ):
        pinned = _pinned(layer, around)
        yield replace(pinned, values=_readable(pinned.values))
    yield Layer(values={**_routes(users), **_network(users)})
    yield _workspace(around, root)
    yield Layer(values=_scoped(around.environ))
    yield Layer(values={key: said[key] for key in _READ if key in said})
    yield Layer(values=_stored(table(users, "_auth"), routes=False))
    yield Layer(values=_stored(stored, routes=True))


def _auth_file(around: Surroundings, users: Said, said: Mapping[str, str]) -> str:
    names = ("npmrc-auth-file", "userconfig")
    named = next((said[name] for name in names if said.get(name)), "")
    from_npm = named_by_environment(around.environ).get("userconfig", "")
    return named or text(users, "npmrcAuthFile") or from_npm


def _pinned(layer: Layer, around: Surroundings) -> Layer:
    """A file whose credentials for no address are for the registry that it names itself, or else
    for the public one; what it has for that address stands over them (pnpm's
    ``rescopeUnscopedCreds``, since 10.34 and 11.4).
    """
    unbound = {key: layer.values[key] for key in _UNBOUND if layer.values.get(key)}
    if not unbound:
        return layer
    written = layer.values.get("registry", "") or NPM_REGISTRY
    found = registry_ref(expand(written, around.environ) if layer.is_own else written)
    place = found.url.partition(":")[2] if found is not None else ""
    pinned = {f"{place}:{key}": value for key, value in unbound.items()} if place else {}
    kept = {key: value for key, value in layer.values.items() if key not in unbound}
    return replace(layer, values={**pinned, **kept})


def _workspace(around: Surroundings, root: Path | None, *, has_default: bool = True) -> Layer:
    """What ``pnpm-workspace.yaml`` says of registries; *has_default* where ``registry`` is read."""
    said = dict((read_yaml(root / PNPM_WORKSPACE) if root is not None else None) or {})
    if not has_default:
        said.pop("registry", None)
    return Layer(values={**_routes(said), **_network(said)}, is_own=around.trusted)


def _routes(said: Said) -> dict[str, str]:
    """Where packages come from, in npm's words: ``registry``, and ``registries`` with either an
    address for each scope or, since pnpm 11.23, the scopes of each address.
    """
    found = {"registry": text(said, "registry")}
    for name, value in table(said, "registries").items():
        if isinstance(value, str):
            found[_key(name)] = value
        elif isinstance(value, dict):
            scopes = value.get("scopes")
            for scope in scopes if isinstance(scopes, list) else ():
                if isinstance(scope, str):
                    found[_key(_DEFAULT if scope == "@" else scope)] = name
    return {key: value for key, value in found.items() if value}


def _network(said: Said) -> dict[str, str]:
    """How registries are reached, in npm's words."""
    names = (("httpsProxy", "https-proxy"), ("httpProxy", "http-proxy"), ("noProxy", "noproxy"))
    pairs = (*names, ("proxy", "proxy"), ("strictSsl", "strict-ssl"), ("cafile", "cafile"))
    return {npms: value for own, npms in pairs if (value := text(said, own))}


def _key(scope: str) -> str:
    return "registry" if scope == _DEFAULT else f"{scope}:registry"


def _readable(values: Mapping[str, str]) -> dict[str, str]:
    return {
        key: value
        for key, value in values.items()
        if key in _READ
        or key.startswith("//")
        or (key.startswith("@") and key.endswith(":registry"))
    }


def _variables(environ: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, value in environ.items():
        match = _VARIABLE.fullmatch(name)
        if match is not None and value and not match[1].startswith("//"):
            found[match[1].replace("_", "-").lower()] = value
    return found


def _scoped(environ: Mapping[str, str]) -> dict[str, str]:
    """What is set for an address: of the same name pnpm's own variable counts."""
    found: dict[str, tuple[bool, str]] = {}
    for name, value in environ.items():
        match = _SCOPED.fullmatch(name)
        if match is None or not value:
            continue
        is_pnpms = match[1].lower() == "pnpm"
        if is_pnpms or not found.get(match[2], (False, ""))[0]:
            found[match[2]] = (is_pnpms, value)
    return {key: value for key, (_, value) in found.items()}


def _from_json(written: str) -> Said:
    try:
        said = json.loads(written) if written else {}
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _stored(said: Said, *, routes: bool) -> dict[str, str]:
    """The tokens of ``_auth``, by address and scope, in npm's words; or with *routes* also that
    the scopes are of that address. A scope that is ``@`` alone is everything's.
    """
    found = {}
    for url, scopes in said.items():
        parts = urlsplit(url) if url.startswith(("http://", "https://")) else None
        if parts is None or not isinstance(scopes, dict):
            continue
        place = f"//{parts.netloc}{parts.path.rstrip('/')}/"
        for scope, credentials in scopes.items():
            token = text(credentials, "authToken") if isinstance(credentials, dict) else ""
            if not token or not scope.startswith("@"):
                continue
            infix = "" if scope == "@" else f":{scope}"
            found[f"{place}{infix}:_authToken"] = token
            if routes:
                found[_key(_DEFAULT if scope == "@" else scope)] = url
    return found

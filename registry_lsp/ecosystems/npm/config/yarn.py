"""The configuration of Yarn 2 and newer: ``.yarnrc.yml`` upwards from the manifest, then at home,
all of them below the variables ``YARN_*``.

Yarn takes the settings of all files together, the nearest counting most, scope by scope. It sends
a credential with what is asked within a scope, and elsewhere only where ``npmAlwaysAuth`` says so
(its ``npmConfigUtils`` and ``npmHttpUtils``). Yarn may send the user's credential for a scope to
wherever the project says that the scope is; here it goes only where the user's own files, or the
address that it is written for, would have it go. Over plain ``http`` it asks only the hosts of
``unsafeHttpWhitelist`` (its core's ``httpUtils``), and so does this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from registry_lsp.core.packages import RegistryRef, Secret, Transport
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.credentials import may_go_to
from registry_lsp.ecosystems.npm.config.places import (
    BrokenError,
    Said,
    from_home,
    read_yaml,
    table,
    text,
    upwards,
)
from registry_lsp.ecosystems.npm.config.pnpm import JSR
from registry_lsp.ecosystems.npm.config.reaching import more_authorities
from registry_lsp.ecosystems.npm.config.registers import Register, bound, nowhere
from registry_lsp.ecosystems.npm.config.yarn_variables import expand, is_open
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YARN_SETTINGS
from registry_lsp.endpoints import NPM_REGISTRY
from registry_lsp.net.addresses import basic, registry_ref

_TRUE = frozenset({"true", "1"})
_FALSE = frozenset({"false", "0"})
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ANY_SCOPE = "@"
_TABLES = ("npmScopes", "npmRegistries")
_SERVER = "npmRegistryServer"
_SECRETS = ("npmAuthToken", "npmAuthIdent")
_WHITELIST = "unsafeHttpWhitelist"
_MOST_GLOBS = 100
"""A longer list is there to keep us busy."""
_FROM_ENVIRONMENT = (
    *(
        _SERVER,
        _WHITELIST,
        "npmAlwaysAuth",
        *_SECRETS,
        "enableStrictSsl",
        "httpProxy",
        "httpsProxy",
    ),
    *("httpsCaFilePath", "httpsCertFilePath", "httpsKeyFilePath"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """All settings together, and those of the user's own files alone."""

    said: Said = field(repr=False)
    own: Said = field(repr=False)


def yarn_register(around: Surroundings, root: Path | None) -> Register:
    """The registries of Yarn 2 and newer, for the project whose root is the folder *root*."""
    try:
        settings = _read(around, root)
    except BrokenError as error:
        return nowhere(str(error))
    scopes = {f"@{name}" for name in table(settings.said, "npmScopes")} | set(JSR)
    return Register(
        default=_ref(settings, around, ""),
        scoped=_ref(settings, around, _ANY_SCOPE),
        scopes={scope: bound(_ref(settings, around, scope)) for scope in sorted(scopes)},
        is_scope_hidden=any(is_open(scope) for scope in scopes),
        refused={
            scope: f"Yarn asks {host} over plain http only if unsafeHttpWhitelist has it"
            for scope in ("", *sorted(scopes))
            if (host := _unsafe(settings, around, scope))
        },
    )


def _read(around: Surroundings, root: Path | None) -> _Settings:
    name = around.environ.get("YARN_RC_FILENAME") or YARN_SETTINGS
    home = around.home / YARN_SETTINGS
    above = [each / name for each in upwards(around.folder or root) if each / name != home]
    own: list[Said] = [_expanded(_file(home) or {}, around.environ, home)]
    said = list(own)
    for path in reversed(above):
        if (written := _file(path)) is None:
            continue
        if around.trusted:
            own.append(_expanded(written, around.environ, path))
            said.append(own[-1])
        else:
            said.append(_strangers(written))
    named = _named_by_environment(around.environ)
    return _Settings(said=_merged((*said, named)), own=_merged((*own, named)))


def _merged(trees: tuple[Said, ...]) -> Said:
    """Trees of settings together, the last one counting most."""
    found: dict[str, Any] = {}
    for tree in trees:
        for key, value in tree.items():
            before = found.get(key)
            if isinstance(before, dict) and isinstance(value, dict):
                found[key] = _merged((before, value))
            else:
                found[key] = value
    return found


def _file(path: Path) -> Said | None:
    """What a file says; None where there is none. Raises :class:`BrokenError` for one that Yarn
    refuses, as it does what is no mapping where one belongs: half a key among it.
    """
    said = read_yaml(path)
    for name in _TABLES:
        inner = said.get(name) if said is not None else None
        tables = [inner, *inner.values()] if isinstance(inner, dict) else [inner]
        if any(each is not None and not isinstance(each, dict) for each in tables):
            raise BrokenError(str(path))
    return said


def _expanded(said: Said, environ: Mapping[str, str], path: Path) -> Said:
    """A file of the user's own, its paths from its own folder."""

    def each(key: str, value: object) -> object:
        if isinstance(value, str):
            found = expand(value, environ)
            is_path = key.endswith("FilePath") and not is_open(found)
            return str(path.parent / found) if is_path and found else found
        return (
            {inner: each(inner, said) for inner, said in value.items()}
            if isinstance(value, dict)
            else value
        )

    return {key: each(key, value) for key, value in said.items()}


def _strangers(said: Said) -> Said:
    """What a project may say: its addresses, variables and all, and credentials without any."""
    keys = frozenset({_SERVER, "npmAlwaysAuth", *_SECRETS})

    def plain(table: Said) -> Said:
        return {
            key: value
            for key, value in table.items()
            if key in keys and isinstance(value, str) and not (key in _SECRETS and is_open(value))
        }

    found: dict[str, Any] = dict(plain(said))
    for name in _TABLES:
        inner = table(said, name)
        found[name] = {key: plain(value) for key, value in inner.items() if isinstance(value, dict)}
    if _WHITELIST in said:
        found[_WHITELIST] = said[_WHITELIST]
    return found


def _named_by_environment(environ: Mapping[str, str]) -> Said:
    """``YARN_NPM_REGISTRY_SERVER`` and the like; what has parts of its own has no variable."""
    names = {f"YARN_{_WORD.sub('_', name).upper()}": name for name in _FROM_ENVIRONMENT}
    return {name: environ[variable] for variable, name in names.items() if environ.get(variable)}


def _bound_server(tree: Said, scope: str) -> str:
    """Where a *scope* is bound to in one tree of settings; empty where it is not."""
    own = text(table(tree, "npmScopes", scope.removeprefix("@")), _SERVER) if scope else ""
    return own or JSR.get(scope, "")


def _server(tree: Said, scope: str) -> str:
    """Where the packages of a *scope* are, in one tree of settings."""
    return _bound_server(tree, scope) or text(tree, _SERVER) or NPM_REGISTRY


def _ref(settings: _Settings, around: Surroundings, scope: str) -> RegistryRef | None:
    address = _server(settings.said, scope)
    is_own = address == _server(settings.own, scope)
    if around.registry_url is not None and not _bound_server(settings.said, scope):
        address, is_own = around.registry_url, False
    found = registry_ref(address)
    if found is None or _unsafe(settings, around, scope):
        return None
    credential = _credential(settings, found.url, scope, is_own=is_own)
    return replace(
        found,
        authorization=credential or found.authorization,
        credential_place=f"~/.yarnrc.yml ({_token_place(settings, found, scope)})",
        transport=_transport(settings.own, found.url, around),
    )


def _token_place(settings: _Settings, ref: RegistryRef, scope: str) -> str:
    """The keys that lead to a token for *ref*."""
    if _bound_server(settings.own, scope):
        return f"npmScopes, {scope.removeprefix('@')}, npmAuthToken"
    return f"npmRegistries, //{ref.url.partition('://')[2].rstrip('/')}, npmAuthToken"


def _unsafe(settings: _Settings, around: Surroundings, scope: str) -> str:
    """The host that Yarn would not ask for the packages of a *scope*, as it is named for plain
    ``http`` alone; empty where it would, and for what the setting names.
    """
    if around.registry_url is not None and not _bound_server(settings.said, scope):
        return ""
    found = registry_ref(_server(settings.said, scope))
    if found is None or not found.url.startswith("http:"):
        return ""
    written = settings.said.get(_WHITELIST)
    listed = written.split(",") if isinstance(written, str) else written
    host = urlsplit(found.url).hostname or ""
    globs = islice((each for each in listed or () if isinstance(each, str)), _MOST_GLOBS)
    return "" if any(fnmatchcase(host, each.strip()) for each in globs) else host


def _credential(settings: _Settings, url: str, scope: str, *, is_own: bool) -> Secret | None:
    """The credential for a registry: the scope's own, else the registry's own, else the general
    one. *is_own* says that the user's own files have the scope at this address.
    """
    scopes = (table(each, "npmScopes", scope.removeprefix("@")) for each in _both(settings))
    said, own = scopes if scope else ({}, {})
    is_bound = False
    if not _has_secret(said):
        key = _registry_key(settings.said, url)
        is_bound = bool(key) and (may_go_to(url) or "://" in key)
        said, own = (
            (table(each, "npmRegistries", key) for each in _both(settings))
            if key
            else _both(settings)
        )
    if not scope and text(said, "npmAlwaysAuth").lower() not in _TRUE:
        return None
    for name in _SECRETS:
        value = text(said, name)
        if not value or is_open(value):
            continue
        if value == text(own, name) and not (is_own or is_bound):
            return None
        return Secret(f"Bearer {value}") if name == "npmAuthToken" else _identity(value)
    return None


def _both(settings: _Settings) -> Iterator[Said]:
    return iter((settings.said, settings.own))


def _has_secret(said: Said) -> bool:
    return any(text(said, name) for name in _SECRETS)


def _registry_key(tree: Said, url: str) -> str:
    """The key of ``npmRegistries`` for an address: with its scheme, or without."""
    registries = table(tree, "npmRegistries")
    whole = url.rstrip("/")
    wanted = (whole, whole.partition(":")[2])
    return next((key for each in wanted for key in registries if key.rstrip("/") == each), "")


def _identity(value: str) -> Secret:
    user, colon, password = value.partition(":")
    return basic(user.encode(), password.encode()) if colon else Secret(f"Basic {value}")


def _transport(own: Said, url: str, around: Surroundings) -> Transport | None:
    """How the user's own files have a registry reached, those of its host before the general."""
    parts = urlsplit(url)
    hosts = table(own, "networkSettings")
    globs = sorted(hosts, key=len, reverse=True)
    fitting = [hosts[each] for each in globs if fnmatchcase(parts.hostname or "", each)]

    def said(name: str) -> str:
        tables = (*(each for each in fitting if isinstance(each, dict)), own)
        value = next((found for each in tables if (found := text(each, name))), "")
        return "" if is_open(value) else value

    authority = said("httpsCaFilePath")
    certificate, key = said("httpsCertFilePath"), said("httpsKeyFilePath")
    proxy = said("httpsProxy" if parts.scheme == "https" else "httpProxy")
    found = Transport(
        verify=text(own, "enableStrictSsl").lower() not in _FALSE,
        authorities=(str(from_home(authority, around)),) if authority else (),
        more_authorities=() if authority else more_authorities(around),
        certificate=certificate or None,
        key=Secret(key) if certificate and key else None,
        proxy=Secret(proxy) if proxy else None,
    )
    return found if found != Transport() else None

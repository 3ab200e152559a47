"""Which registry npm would ask, by a project's configuration.

The order is npm's own (its documents *config* and *npmrc*), highest first: the setting
``registries.npm.url``, ``npm_config_*`` variables, the project's ``.npmrc``, the user's, the
global one. ``@scope:registry`` binds a scope whatever the default registry is: not even the
setting leads it elsewhere, as npm's own ``--registry`` does not.

The project's file is not the user's word. Unless the workspace is trusted, its variables are not
expanded: a registry that is named with one is not known, and is not asked; a credential that is
written with one is not sent. What cannot be read as an address is not replaced by the public
registry either: that would tell it names that were never meant for it.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from registry_lsp.core.gates import Gate
from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import RegistryRef, Secret
from registry_lsp.core.ports import Surroundings
from registry_lsp.ecosystems.npm.config.npmrc import LONGEST, expand, has_variable, parse
from registry_lsp.ecosystems.npm.config.project_root import project_root
from registry_lsp.endpoints import NPM_REGISTRY
from registry_lsp.net.addresses import basic, registry_ref

_ENVIRONMENT = re.compile(r"npm_config_(.+)", re.IGNORECASE | re.DOTALL)
_INNER_UNDERSCORE = re.compile(r"(?!^)_")
_LAST_STEP = re.compile(r"([^/]+|/)$")
_BOUND = ":registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmRoutes:
    """The registries of one project: by scope, and for all else.

    ``is_scope_hidden`` where the configuration binds a scope that only the environment names.
    """

    default: RegistryRef | None
    scopes: Mapping[str, RegistryRef | None]
    is_scope_hidden: bool = False

    def gate_for(self, _dependency: Dependency, _manifest: Manifest) -> Gate | None:
        """None: no release-age gate is read yet."""
        return None

    def registry_for(self, dependency: Dependency, manifest: Manifest) -> RegistryRef | None:
        """The registry of the dependency's scope, or the default one; None where it is unknown."""
        scope = dependency.name.partition("/")[0] if dependency.name.startswith("@") else ""
        if scope in self.scopes:
            return self.scopes[scope]
        return None if scope and self.is_scope_hidden else self.default


def routes(surroundings: Surroundings) -> NpmRoutes:
    """Read the configuration. npm goes on without a file that it cannot read, and so does this."""
    settings: dict[str, str] = {}
    for layer in _layers(surroundings):
        settings.update({key: value for key, value in layer.items() if value})
    address = surroundings.registry_url
    if address is None:
        address = settings.get("registry", NPM_REGISTRY)
    scopes = {
        key.removesuffix(_BOUND): _registry(value, settings)
        for key, value in settings.items()
        if key.startswith("@") and key.endswith(_BOUND)
    }
    return NpmRoutes(
        default=_registry(address, settings),
        scopes=scopes,
        is_scope_hidden=any(has_variable(scope) for scope in scopes),
    )


def _layers(surroundings: Surroundings) -> Iterator[Mapping[str, str]]:
    """The settings of every source, lowest first, with their variables expanded where they may
    be.
    """
    environ = surroundings.environ
    from_environ = _expanded(_named_by_environment(environ), environ)
    user = _user_file(surroundings.home, from_environ)
    for path in (_global_file(environ, from_environ), user):
        yield _expanded(parse(_read(path)), environ)
    if surroundings.folder is not None:
        project = project_root(surroundings.folder) / ".npmrc"
        # npm reads a file that is both as the user's: a home folder may hold a package.json
        written = parse(_read(project if project != user else None))
        if surroundings.trusted:
            yield _expanded(written, environ)
        else:
            yield _unexpanded(written)
    yield from_environ


def _named_by_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What is set of npm among the environment's variables (``@npmcli/config``, ``loadEnv``).

    An empty one is not set: it must not hide what the same name in other letters says.
    """
    found = {}
    for name, value in environ.items():
        match = _ENVIRONMENT.fullmatch(name)
        if match is None or not value:
            continue
        key = match[1]
        if not key.startswith("//"):
            key = _INNER_UNDERSCORE.sub("-", key).lower()
        found[key] = value
    return found


def _expanded(settings: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    return {expand(key, environ): expand(value, environ) for key, value in settings.items()}


def _unexpanded(settings: Mapping[str, str]) -> dict[str, str]:
    """A stranger's settings: an address keeps its variables and so can never be asked, and a
    credential that is written with one is none.
    """
    return {
        key: value
        for key, value in settings.items()
        if not (key.startswith("//") and (has_variable(value) or has_variable(key)))
    }


def _user_file(home: Path, from_environ: Mapping[str, str]) -> Path:
    named = from_environ.get("userconfig")
    return _below_home(named, home) if named else home / ".npmrc"


def _below_home(written: str, home: Path) -> Path:
    return home / written[2:] if written.startswith(("~/", "~\\")) else Path(written)


def _global_file(environ: Mapping[str, str], from_environ: Mapping[str, str]) -> Path | None:
    """The global file, where the environment says where it is: npm knows it by its own place."""
    named = from_environ.get("globalconfig")
    if named:
        return Path(named)
    prefix = from_environ.get("prefix") or environ.get("PREFIX")
    return Path(prefix, "etc", "npmrc") if prefix else None


def _read(path: Path | None) -> str:
    """The text of a file; empty where it cannot be read."""
    if path is None:
        return ""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return ""


def _registry(address: str, settings: Mapping[str, str]) -> RegistryRef | None:
    """The registry at *address*, with the credential that the settings have for it.

    A credential of the settings stands over one in the address.
    """
    ref = registry_ref(address)
    if ref is None:
        return None
    credential = _credential(ref.url, settings)
    return replace(ref, authorization=credential) if credential is not None else ref


def _credential(url: str, settings: Mapping[str, str]) -> Secret | None:
    """What is written for the address or the nearest place above it (``npm-registry-fetch``,
    ``auth.js``): ``//host/path/:_authToken``, then without the last slash, then without the last
    step of the path, and so on down to the host.
    """
    parts = urlsplit(url)
    place = f"//{parts.netloc}{parts.path}"
    while len(place) > len("//"):
        found = _credential_at(place, settings)
        if found is not None:
            return found
        place = _LAST_STEP.sub("", place)
    return None


def _credential_at(place: str, settings: Mapping[str, str]) -> Secret | None:
    # what a secret store hands over often has a line break at its end
    if token := settings.get(f"{place}:_authToken", "").strip():
        return Secret(f"Bearer {token}")
    if pair := settings.get(f"{place}:_auth", "").strip():
        return Secret(f"Basic {pair}")
    user, password = settings.get(f"{place}:username"), settings.get(f"{place}:_password")
    if not user or not password:
        return None
    try:
        return basic(user.encode(), b64decode(password))
    except ValueError:
        return None

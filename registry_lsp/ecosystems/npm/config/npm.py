"""npm's own configuration: its files, and its variables.

The order is npm's (its documents *config* and *npmrc*), highest first: ``npm_config_*`` variables,
the project's ``.npmrc``, the user's, the global one, the one that npm was installed with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.npmrc import expand
from registry_lsp.ecosystems.npm.config.places import (
    builtin_file,
    from_home,
    node_prefix,
    read_npmrc,
)
from registry_lsp.ecosystems.npm.config.registers import Register, register_of
from registry_lsp.ecosystems.npm.config.words import Layer, put_together

_VARIABLE = re.compile(r"npm_config_(.+)", re.IGNORECASE | re.DOTALL)
_INNER_UNDERSCORE = re.compile(r"(?!^)_")
NPMRC = ".npmrc"


def npm_register(around: Surroundings, root: Path | None) -> Register:
    """The registries of npm, for the project whose root is the folder *root*."""
    words = put_together(npm_layers(around, root), around.environ)
    return register_of(words, around, base=root)


def npm_layers(around: Surroundings, root: Path | None) -> Iterator[Layer]:
    """The settings of every source of npm's, lowest first."""
    from_environ = named_by_environment(around.environ)
    builtin = read_npmrc(builtin_file(around))
    user_file = find_user_file(around, from_environ.get("userconfig", ""))
    user = read_npmrc(user_file)
    yield Layer(values=builtin)
    yield Layer(values=read_npmrc(_global_file(around, (from_environ, user, builtin))))
    yield Layer(values=user)
    yield project_layer(around, root, user_file)
    yield Layer(values=from_environ)


def project_layer(around: Surroundings, root: Path | None, user_file: Path) -> Layer:
    """What the project's own file says. One that is also the user's is read as the user's: a home
    folder may hold a package.json.
    """
    file = root / NPMRC if root is not None else None
    values = read_npmrc(file) if file != user_file else {}
    return Layer(values=values, is_own=around.trusted)


def find_user_file(around: Surroundings, named: str) -> Path:
    """The user's own file, which may be *named* elsewhere."""
    if not named:
        return around.home / NPMRC
    return from_home(expand(named, around.environ), around)


def named_by_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What is set of npm among the environment's variables (``@npmcli/config``, ``loadEnv``).

    An empty one is not set: it must not hide what the same name in other letters says.
    """
    found = {}
    for name, value in environ.items():
        match = _VARIABLE.fullmatch(name)
        if match is None or not value:
            continue
        key = match[1]
        if not key.startswith("//"):
            key = _INNER_UNDERSCORE.sub("-", key).lower()
        found[key] = value
    return found


def _global_file(around: Surroundings, above: tuple[Mapping[str, str], ...]) -> Path | None:
    """The global file: where one of those *above* it says, else below npm's prefix."""
    for name, below in (("globalconfig", ()), ("prefix", ("etc", "npmrc"))):
        said = next((each[name] for each in above if each.get(name)), "")
        if said:
            return from_home(expand(said, around.environ), around).joinpath(*below)
    prefix = node_prefix(around)
    return prefix / "etc" / "npmrc" if prefix is not None else None

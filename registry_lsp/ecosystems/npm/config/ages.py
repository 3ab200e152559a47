"""Where each package manager is told how old a release must be.

A project's own file counts here whoever trusts it: all that it can do is to hold releases back, or
to let them pass as its installer would. Newer managers hold releases back for a day by themselves;
that is heeded where the project names their version, since nobody else knows which one installs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from registry_lsp.core.gates import Gates
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.age_gates import (
    bun_gates,
    npm_gates,
    pnpm_gates,
    yarn_gates,
)
from registry_lsp.ecosystems.npm.config.bun import BUNFIG
from registry_lsp.ecosystems.npm.config.managers import BUN, NPM, OLDER_PNPM, PNPM, YARN
from registry_lsp.ecosystems.npm.config.npm import NPMRC, named_by_environment, npm_layers
from registry_lsp.ecosystems.npm.config.npmrc import LIST_BREAK
from registry_lsp.ecosystems.npm.config.places import (
    BrokenError,
    Said,
    pnpm_folder,
    read_manager,
    read_npmrc,
    read_toml,
    read_yaml,
    table,
    text,
    upwards,
)
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PNPM_WORKSPACE
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YARN_SETTINGS

_DAY_OF_PNPM = "1440"
_DAY_OF_YARN = "1d"
_FIRST_PNPM = (11, 0)
_FIRST_STRICT_PNPM = (11, 1)
_FIRST_YARN = (4, 18)
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})")
_LISTED = re.compile(rf"{LIST_BREAK}|[,\n]")
_FALSE = "false"
_YARNS = "npmMinimalAgeGate"
_BY_ITSELF = "its default"


def gates_of(manager: str, around: Surroundings, root: Path | None) -> Gates:
    """How old a release must be for *manager*, one of the names in :mod:`.managers`, in the
    project whose root is the folder *root*. A file that is broken says nothing.
    """
    read = _READERS.get(manager)
    try:
        return read(around, root) if read is not None else Gates()
    except BrokenError:
        return Gates()


def _of_npm(around: Surroundings, root: Path | None) -> Gates:
    said: dict[str, str] = {}
    for layer in npm_layers(around, root):
        said.update({key: value for key, value in layer.values.items() if value})
    excluded = _listed(said.get("min-release-age-exclude", ""))
    return npm_gates(said.get("min-release-age"), said.get("before"), excluded, NPMRC)


def _of_older_pnpm(around: Surroundings, root: Path | None) -> Gates:
    """Up to 10, pnpm takes nothing that is too new, or whose date nobody tells."""
    said: dict[str, str] = {}
    for path in (pnpm_folder(around) / "rc", around.home / NPMRC, *_below(root, NPMRC)):
        said.update(read_npmrc(path))
    said.update(named_by_environment(around.environ))
    workspace = read_yaml(root / PNPM_WORKSPACE) if root is not None else None
    if workspace is not None and "minimumReleaseAge" in workspace:
        excluded = _texts(workspace.get("minimumReleaseAgeExclude"))
        age = workspace.get("minimumReleaseAge")
        return pnpm_gates(age, excluded, PNPM_WORKSPACE, is_strict=True)
    excluded = tuple(_listed(said.get("minimum-release-age-exclude", "")))
    return pnpm_gates(said.get("minimum-release-age"), excluded, NPMRC, is_strict=True)


def _of_pnpm(around: Surroundings, root: Path | None) -> Gates:
    """A day with pnpm 11 and newer, unless something says otherwise.

    It takes what is too new where nothing else matches, unless it is told to be strict or (since
    11.1) is told an age. One release whose date nobody tells has it pass over its rule for the
    whole package, or with ``minimumReleaseAgeIgnoreMissingTime: false`` refuse it (its npm
    resolver's ``publishTimes`` and ``pickMatchingVersion``).
    """
    users = read_yaml(pnpm_folder(around) / "config.yaml") or {}
    own = (read_yaml(root / PNPM_WORKSPACE) if root is not None else None) or {}
    version = _version(root, "pnpm")
    is_lenient = _FIRST_PNPM <= version < _FIRST_STRICT_PNPM
    said = {**({"minimumReleaseAgeStrict": _FALSE} if is_lenient else {}), **users, **own}
    named = around.environ.get("pnpm_config_minimum_release_age")
    if named:
        return _pnpm({**said, "minimumReleaseAge": named}, "pnpm_config_minimum_release_age")
    if "minimumReleaseAge" in said:
        return _pnpm(said, PNPM_WORKSPACE if "minimumReleaseAge" in own else "pnpm's config.yaml")
    if version >= _FIRST_PNPM:
        said = {"minimumReleaseAgeStrict": _FALSE, **said, "minimumReleaseAge": _DAY_OF_PNPM}
        return _pnpm(said, _BY_ITSELF)
    return Gates()


def _pnpm(said: Said, where: str) -> Gates:
    return pnpm_gates(
        said.get("minimumReleaseAge"),
        _texts(said.get("minimumReleaseAgeExclude")),
        where,
        is_lenient=text(said, "minimumReleaseAgeStrict") == _FALSE,
        is_strict=text(said, "minimumReleaseAgeIgnoreMissingTime") == _FALSE,
        is_whole=True,
    )


def _of_yarn(around: Surroundings, root: Path | None) -> Gates:
    name = around.environ.get("YARN_RC_FILENAME") or YARN_SETTINGS
    paths = [around.home / YARN_SETTINGS]
    paths += [each / name for each in reversed(tuple(upwards(around.folder or root)))]
    said: dict[str, object] = {}
    scopes: dict[str, object] = {}
    for path in dict.fromkeys(paths):
        written = read_yaml(path) or {}
        said.update(written)
        own = ((scope, table(written, "npmScopes", scope)) for scope in table(written, "npmScopes"))
        scopes.update({scope: it[_YARNS] for scope, it in own if _YARNS in it})
    age: object = around.environ.get("YARN_NPM_MINIMAL_AGE_GATE") or said.get(_YARNS)
    where = YARN_SETTINGS
    if age is None and _version(root, "yarn") >= _FIRST_YARN:
        age, where = _DAY_OF_YARN, _BY_ITSELF
    return yarn_gates(age, _texts(said.get("npmPreapprovedPackages")), scopes, where)


def _of_bun(around: Surroundings, root: Path | None) -> Gates:
    folder = Path(around.environ.get("XDG_CONFIG_HOME") or around.home)
    said: dict[str, object] = {}
    for path in (folder / f".{BUNFIG}", around.home / f".{BUNFIG}", *_below(root, BUNFIG)):
        said.update(table(read_toml(path), "install"))
    excluded = _texts(said.get("minimumReleaseAgeExcludes"))
    return bun_gates(said.get("minimumReleaseAge"), excluded, BUNFIG)


def _below(root: Path | None, name: str) -> Iterator[Path]:
    if root is not None:
        yield root / name


def _version(root: Path | None, manager: str) -> tuple[int, int]:
    """The version of *manager* that the project names; zeros where it names none."""
    name, version = read_manager(root / "package.json") if root is not None else ("", "")
    found = _VERSION.search(version) if name == manager else None
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _listed(written: str) -> list[str]:
    return [each.strip() for each in _LISTED.split(written) if each.strip()]


def _texts(said: object) -> tuple[str, ...]:
    listed = said if isinstance(said, list) else [said]
    return tuple(each for each in listed if isinstance(each, str))


_READERS: Mapping[str, Callable[[Surroundings, Path | None], Gates]] = MappingProxyType(
    {
        NPM: _of_npm,
        OLDER_PNPM: _of_older_pnpm,
        PNPM: _of_pnpm,
        YARN: _of_yarn,
        BUN: _of_bun,
    }
)

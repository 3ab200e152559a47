"""Poetry's configuration: who one is to its sources, and how they are reached.

Where its sources are stands in the manifest alone. The order is Poetry's own (its documents'
*Configuration*): variables that begin with ``POETRY_`` stand over the project's ``poetry.toml``,
that over the user's ``config.toml``, and its ``auth.toml`` over both files. All of it is by the
source's name, and any project may give a source of its own that name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from registry_lsp.core.gates import Gates
from registry_lsp.core.packages import Transport
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.pypi.config.age_gates import poetry_gates
from registry_lsp.ecosystems.pypi.config.places import (
    is_file,
    read_toml,
    table,
    text,
    upwards,
    user_folder,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoetrySettings:
    """What the user has said of sources, and what the project's own file has: that may say who
    one is, and nothing of how a server is reached.
    """

    users: Mapping[str, Any] = field(default_factory=dict, repr=False)
    project: Mapping[str, Any] = field(default_factory=dict, repr=False)
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    def of_project(self, name: str) -> tuple[str, str] | None:
        """The credential for the source *name* that the project's file holds itself."""
        return _pair(table(self.project, "http-basic", name))

    def of_user(self, name: str) -> tuple[str, str] | None:
        """The user's credential for the source *name*."""
        user = self.user_of(name)
        password = self._value(name, "http-basic", "password")
        return (user, password) if password else None

    def user_of(self, name: str) -> str:
        """The user's name at the source *name*, empty where none is set."""
        return self._value(name, "http-basic", "username")

    @property
    def has_keyring(self) -> bool:
        """Whether the keyring is asked."""
        said = self.environ.get("POETRY_KEYRING_ENABLED", "").lower()
        is_off = table(self.users, "keyring").get("enabled") is False
        return said not in ("false", "0") and not is_off

    @property
    def gates(self) -> Gates:
        """How old a release must be, since Poetry 2.4."""
        said = _over(table(self.project, "solver"), table(self.users, "solver"))
        age = self.environ.get("POETRY_SOLVER_MIN_RELEASE_AGE") or said.get("min-release-age")
        freed = self.environ.get("POETRY_SOLVER_MIN_RELEASE_AGE_EXCLUDE")
        excluded = said.get("min-release-age-exclude") if freed is None else freed
        return poetry_gates(age, _listed(excluded), "Poetry's configuration")

    @property
    def freed_sources(self) -> frozenset[str]:
        """The sources that the gates are not for: by their names in lower case, or addresses."""
        said = _over(table(self.project, "solver"), table(self.users, "solver"))
        freed = self.environ.get("POETRY_SOLVER_MIN_RELEASE_AGE_EXCLUDE_SOURCE")
        excluded = said.get("min-release-age-exclude-source") if freed is None else freed
        return frozenset(each if "://" in each else each.lower() for each in _listed(excluded))

    def transport(self, name: str) -> Transport | None:
        """How the source *name* is reached; None where nothing is said of it."""
        cert = table(self.users, "certificates", name).get("cert")
        said = self._value(name, "certificates", "cert")
        is_off = cert is False or said.lower() == "false"
        found = Transport(
            verify=not is_off,
            authorities=(said,) if said and not is_off and said.lower() != "true" else (),
            certificate=self._value(name, "certificates", "client-cert") or None,
        )
        return found if found != Transport() else None

    def _value(self, name: str, section: str, key: str) -> str:
        words = "_".join((section, name, key)).upper().replace("-", "_").replace(".", "_")
        said = self.environ.get(f"POETRY_{words}", "")
        return said or text(table(self.users, section, name), key)


def read_poetry(around: Surroundings) -> PoetrySettings:
    """Read all of it. Raises :class:`UnreadableError`."""
    named = around.environ.get("POETRY_CONFIG_DIR")
    folder = Path(named) if named else user_folder(around, "pypoetry")
    users = _over(read_toml(folder / "auth.toml"), read_toml(folder / "config.toml"))
    root = next((each for each in upwards(around) if is_file(each / "pyproject.toml")), None)
    project = read_toml(root / "poetry.toml") if root is not None else {}
    if around.trusted:
        users = _over(project, users)
    return PoetrySettings(users=users, project=project, environ=around.environ)


def _over(upper: Mapping[str, Any], lower: Mapping[str, Any]) -> dict[str, Any]:
    """*upper* with what it does not say itself from *lower*."""
    found = dict(lower)
    for key, value in upper.items():
        under = found.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            found[key] = _over(value, under)
        else:
            found[key] = value
    return found


def _listed(said: object) -> list[str]:
    """The strings in a list, or in a string with commas between them."""
    every = said.split(",") if isinstance(said, str) else said if isinstance(said, list) else ()
    return [each.strip() for each in every if isinstance(each, str)]


def _pair(said: Mapping[str, Any]) -> tuple[str, str] | None:
    user, password = text(said, "username"), text(said, "password")
    return (user, password) if user or password else None

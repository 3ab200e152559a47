"""pip's configuration: its files, and the variables that begin with ``PIP_``.

The order is pip's own (its documents' *Configuration*): the variables stand over the files, of
these ``PIP_CONFIG_FILE`` over the environment's, the user's and the machine's; and whatever
``[install]`` says stands over ``[global]``, in whichever files they are. A file that pip could not
read would have it install nothing: then nobody is asked.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from registry_lsp.core.gates import Gates
from registry_lsp.core.packages import Secret, Transport
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.pypi.config.age_gates import pip_gates
from registry_lsp.ecosystems.pypi.config.places import (
    UnreadableError,
    is_file,
    is_mac,
    is_windows,
    machine_folders,
    read,
    repository,
    user_folder,
)

_SECTIONS = ("global", "install")
_PREFIX = "PIP_"
_IGNORED = frozenset({"version", "help"})
_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
_REACHING = frozenset({"trusted-host", "cert", "client-cert", "proxy"})
"""How servers are reached: no stranger's file has a say in that."""
_ENVIRONMENTS = (".venv", "venv")
_ORIGIN_PORTS = MappingProxyType({"http": 80, "https": 443})


@dataclass(frozen=True, slots=True, kw_only=True)
class PipSettings:
    """What pip is set to, by the options' long names without hyphens in front. ``strangers`` are
    those whose value a project's file says that nobody trusts.
    """

    said: Mapping[str, str] = field(default_factory=dict, repr=False)
    strangers: frozenset[str] = frozenset()
    home: Path = Path()

    def values(self, name: str) -> tuple[str, ...]:
        """Those of an option that may be given several times."""
        return tuple(self.said.get(name, "").split())

    @property
    def is_without_index(self) -> bool:
        """Whether no index is asked, whatever else is said of them."""
        return self.said.get("no-index", "").strip().lower() in _TRUE

    @property
    def gates(self) -> Gates:
        """How old a release must be."""
        return pip_gates(self.said.get("uploaded-prior-to"), "pip's configuration")

    def transport(self, url: str, trusted: Sequence[str] = ()) -> Transport | None:
        """How the server at *url* is reached, where the hosts *trusted* are so beside those of
        pip's configuration; None where nothing is said of it.
        """
        hosts = (*self.values("trusted-host"), *trusted)
        found = Transport(
            verify=not any(is_of(each, url) for each in hosts),
            authorities=tuple(filter(None, (self._path("cert"),))),
            certificate=self._path("client-cert") or None,
            proxy=Secret(self.said["proxy"].strip()) if "proxy" in self.said else None,
        )
        return found if found != Transport() else None

    def _path(self, name: str) -> str:
        written = self.said.get(name, "").strip()
        return str(self.home / written[2:]) if written.startswith("~/") else written


def read_pip(around: Surroundings) -> PipSettings:
    """Read all of it. Raises :class:`UnreadableError`."""
    sections: dict[str, dict[str, str]] = {name: {} for name in _SECTIONS}
    own, is_ours = _environments(around)
    stranger: dict[str, str] = {}
    for path in _files(around, own):
        found = _read_file(path)
        for name, settings in sections.items():
            said = found.get(name, {})
            if path == own and not is_ours:
                said = {key: each for key, each in said.items() if key not in _REACHING}
                stranger.update(said)
            settings.update(said)
    merged = {
        name: value
        for settings in (*sections.values(), _of_environ(around.environ))
        for name, value in settings.items()
        if value
    }
    strangers = frozenset(name for name, value in stranger.items() if merged.get(name) == value)
    return PipSettings(said=merged, strangers=strangers, home=around.home)


def _files(around: Surroundings, own: Path | None) -> Iterator[Path]:
    """Pip's files, the lowest first; *own* is that of the project's environment."""
    named = around.environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    name = "pip.ini" if is_windows(around) else "pip.conf"
    yield from (folder / name for folder in machine_folders(around, "pip"))
    if not is_windows(around) and not is_mac(around):
        yield around.root / "etc" / name
    if not named or not os.path.exists(named):  # noqa: PTH110 - Path.exists raises for a NUL
        yield around.home / ("pip" if is_windows(around) else ".pip") / name
        yield _user_folder(around) / name
    if own is not None:
        yield own
    if named:
        yield Path(named)


def _user_folder(around: Surroundings) -> Path:
    folder = user_folder(around, "pip")
    if is_mac(around) and not os.path.isdir(folder):  # noqa: PTH112 - as places.is_file
        return around.home / ".config" / "pip"
    return folder


def _environments(around: Surroundings) -> tuple[Path | None, bool]:
    """The file of the virtual environment that the project has or that is active, and whether it
    is the user's word: what lies in the project's folder may have come with it.
    """
    name = "pip.ini" if is_windows(around) else "pip.conf"
    folders = (folder / each for folder in repository(around) for each in _ENVIRONMENTS)
    found = next((each for each in folders if is_file(each / "pyvenv.cfg")), None)
    active = around.environ.get("VIRTUAL_ENV")
    if found is not None:
        return found / name, around.trusted or (bool(active) and Path(active or "") == found)
    return (Path(active) / name, True) if active else (None, True)


class _Parser(configparser.RawConfigParser):
    """pip's own: names in any case, with underscores or hyphens."""

    def optionxform(self, optionstr: str) -> str:
        return _normalised(optionstr)


def _normalised(name: str) -> str:
    return name.lower().replace("_", "-").removeprefix("--")


def _read_file(path: Path) -> Mapping[str, Mapping[str, str]]:
    """The sections of a file. Raises :class:`UnreadableError`."""
    raw = read(path)
    if raw is None:
        return {}
    parser = _Parser()
    try:
        parser.read_string(raw.decode("utf-8"))
    except (UnicodeDecodeError, configparser.Error) as error:
        raise UnreadableError(str(path)) from error
    return {name: dict(parser.items(name)) for name in parser.sections()}


def _of_environ(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for variable, value in environ.items()
        if variable.startswith(_PREFIX)
        and (name := _normalised(variable.removeprefix(_PREFIX))) not in _IGNORED
    }


def is_of(host: str, url: str) -> bool:
    """Whether *host* is that of *url*, as pip's ``--trusted-host``: with a port or without."""
    try:
        one, other = urlsplit(f"//{host}"), urlsplit(url)
        if one.hostname is None or one.hostname != other.hostname:
            return False
        return one.port in (None, other.port or _ORIGIN_PORTS.get(other.scheme))
    except ValueError:
        return False

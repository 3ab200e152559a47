"""The user's netrc: credentials by host, which every Python installer looks into."""

from __future__ import annotations

import netrc
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.pypi.config.places import is_file

_NAMES = (".netrc", "_netrc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Netrc:
    """``hosts`` are pairs of name and password by host; ``default`` is for any other."""

    hosts: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    default: tuple[str, str] | None = field(default=None, repr=False)

    def of(self, host: str, *, is_ours: bool) -> tuple[str, str] | None:
        """What is said for *host*; the default only where *is_ours*: it names no place, and a
        stranger's may be any.
        """
        return self.hosts.get(host) or (self.default if is_ours else None)


def read_netrc(around: Surroundings) -> Netrc:
    """Read it as ``requests`` does: ``NETRC``, else one in the home folder. One that cannot be
    read says nothing.
    """
    named = around.environ.get("NETRC")
    paths = (Path(named),) if named else tuple(around.home / name for name in _NAMES)
    path = next((each for each in paths if is_file(each)), None)
    if path is None:
        return Netrc()
    try:
        said = netrc.netrc(str(path)).hosts
    except (OSError, ValueError, netrc.NetrcParseError):
        return Netrc()
    hosts = {
        host: (login or account or "", password or "")
        for host, (login, account, password) in said.items()
    }
    return Netrc(
        hosts={host: each for host, each in hosts.items() if host != "default"},
        default=hosts.get("default"),
    )

"""The Git services that npm knows by name, as its ``hosted-git-info`` knows them. Pure."""

from __future__ import annotations

import re
from types import MappingProxyType
from urllib.parse import urlsplit

from registry_lsp.endpoints import CODE_HOSTS
from registry_lsp.net.addresses import web_link

DEFAULT = "github"
"""Whose repository ``owner/name`` is."""

_SHORTCUT = re.compile(
    rf"(?:({'|'.join(CODE_HOSTS)}):)?/?(?:[^@#/]*@)?((?:[\w.~-]+/)*)([\w.~-]+)(?:#.*)?",
    re.ASCII | re.DOTALL,
)
_REPOSITORY_PATHS = MappingProxyType(
    {
        "github": r"/[^/]+/[^/]+(?:/(?:tree)?(?:/.*)?)?",
        "bitbucket": r"/[^/]+/[^/]+(?:/(?!get(?:/|\Z)).*)?",
        "gitlab": r"(?!.*(?:/-/|/archive\.tar\.gz))/.+/[^/]+",
        "gist": r"/[^/]+(?:/[^/]*(?:/(?!raw(?:/|\Z)).*)?)?",
        "sourcehut": r"/[^/]+/[^/]+(?:/(?!archive(?:/|\Z)).*)?",
    }
)
"""The paths below each service that lead to a repository, and not to a file of one."""
_BY_HTTP = frozenset({"github"})
"""The services of which http addresses count as well as https ones."""


def _repositories() -> re.Pattern[str]:
    """All addresses of repositories at these services, user information and port let be."""
    alternatives = (
        rf"http{'s?' if name in _BY_HTTP else 's'}://(?:[^@/?#\\]*@)?(?:www\.)?"
        rf"{re.escape(urlsplit(CODE_HOSTS[name]).netloc)}(?::[0-9]*)?(?:{path})"
        for name, path in _REPOSITORY_PATHS.items()
    )
    return re.compile("|".join(alternatives), re.IGNORECASE)


_REPOSITORY = _repositories()


def is_repository(address: str) -> bool:
    """Whether npm takes a web address for a Git repository because of where it lies."""
    return _REPOSITORY.fullmatch(re.split("[?#]", address, maxsplit=1)[0]) is not None


def shortcut_page(spec: str) -> str:
    """Where people look at the repository that *spec* names in short: ``owner/name``,
    ``gitlab:group/owner/name#v1``, ``gist:1a2b``; empty where it names none.
    """
    found = _SHORTCUT.fullmatch(spec)
    if found is None:
        return ""
    service, owner, name = found[1] or DEFAULT, found[2], found[3].removesuffix(".git")
    if service == "gist":
        owner = ""
    elif not owner:
        return ""
    return web_link(f"{CODE_HOSTS[service]}{owner}{name}") or "" if name else ""

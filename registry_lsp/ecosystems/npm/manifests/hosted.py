"""Repositories of the Git services that npm knows by name, as its ``hosted-git-info`` finds them.

They are named in short (``gitlab:owner/name``; ``owner/name`` is one of GitHub's) or by any
address of theirs, and a commit, tag or range may follow behind a ``#``. Pure.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from urllib.parse import urlsplit

from registry_lsp.endpoints import CODE_HOSTS
from registry_lsp.net.addresses import web_link

_DEFAULT = "github"
_OWNERLESS = "gist"

_SHORTCUT = re.compile(
    rf"(?:({'|'.join(CODE_HOSTS)}):)?/?(?:[^@#/]*@)?((?:[\w.~-]+/)*)([\w.~-]+)", re.ASCII
)
_PATHS = MappingProxyType(
    {
        "github": r"([^/]+/[^/]+)(?:/(?:tree)?(?:/.*)?)?",
        "bitbucket": r"([^/]+/[^/]+)(?:/(?!get(?:/|\Z)).*)?",
        "gitlab": r"(?!.*(?:/-/|/archive\.tar\.gz))(.+/[^/]+)",
        "gist": r"(?:[^/]+/([^/]+)(?:/(?!raw(?:/|\Z)).*)?|([^/]+)/?)",
        "sourcehut": r"([^/]+/[^/]+)(?:/(?!archive(?:/|\Z)).*)?",
    }
)
"""By service, the paths that lead to a repository and not to a file of one; the repository's own
path is their group.
"""
_PLAIN_HTTP = frozenset({"github"})
"""The services of which an ``http`` address counts as an ``https`` one does."""


def _addresses(service: str, path: str) -> re.Pattern[str]:
    """The addresses of a service's repositories, those that ``git`` and ``ssh`` write too."""
    host = re.escape(urlsplit(CODE_HOSTS[service]).netloc)
    web = "https?" if service in _PLAIN_HTTP else "https"
    scheme = rf"(?:{web}|git\+https?|(?:git\+)?ssh|git)://(?:[^@/?#\\]*@)?(?:www\.)?"
    return re.compile(
        rf"(?:{scheme}{host}(?::[0-9]*)?/|[^@/?#\\:\s]+@{host}:(?!//)){path}", re.IGNORECASE
    )


_ADDRESSES = MappingProxyType(
    {service: _addresses(service, path) for service, path in _PATHS.items()}
)


def repository_page(spec: str) -> str:
    """Where people look at the repository that *spec* names; empty where it names none of a
    service that npm knows.
    """
    place = re.split("[?#]", spec, maxsplit=1)[0]
    for service, addresses in _ADDRESSES.items():
        if found := addresses.fullmatch(place):
            return _page(service, next(filter(None, found.groups())))
    found = _SHORTCUT.fullmatch(place)
    if found is None:
        return ""
    service, owner, name = found[1] or _DEFAULT, found[2], found[3]
    if service == _OWNERLESS:
        owner = ""
    elif not owner:
        return ""
    return _page(service, owner + name)


def _page(service: str, path: str) -> str:
    path = path.removesuffix(".git")
    return web_link(CODE_HOSTS[service] + path) or "" if path else ""

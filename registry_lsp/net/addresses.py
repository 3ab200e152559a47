"""Addresses as people write them into configuration and metadata. Pure."""

from __future__ import annotations

import re
from base64 import b64encode
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit, urlunsplit

from registry_lsp.core.packages import RegistryRef, Secret

LONGEST = 2048
"""Code points; a longer address is nobody's."""

_PORTS = {"http": 80, "https": 443}
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\ud800-\udfff\\<>\"`{}|^]")

_DIRECT = re.compile(
    r"(?:(?P<kind>git|hg|svn|bzr)\+)?(?:(?P<scheme>https?)|(?P<by>ssh|git))://"
    r"(?:[^@/?#\\]*@)?(?P<host>[^/?#@\\]+)(?P<path>/[^#]*)?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_SCP = re.compile(
    r"(?:git\+ssh://)?(?P<by>[^@/:\s]+)@(?P<host>[^:/\s]+):(?![0-9]+/)(?P<path>[^#\s]+)(?:#.*)?"
)
_OF_REPOSITORY = frozenset({"kind", "by"})
_REVISION = re.compile(r"(?:\.git)?(?:(?<=[^/])@[^@]*)?\Z")


def web_link(value: object) -> str | None:
    """*value* where it is an http(s) address that people may be led to.

    One with user information is none: it may be a secret, or look like another host.
    """
    text = value.strip() if isinstance(value, str) else ""
    parts = _parts(text)
    return text if parts is not None and "@" not in parts.netloc else None


def host_of(url: str) -> str:
    """The host of any *url* with its port, for people; empty where it has none."""
    try:
        netloc = urlsplit(url).netloc
    except ValueError:
        return ""
    return netloc.rpartition("@")[2]


def source_page(address: str) -> str:
    """Where people can look at what *address* names, an archive or a repository; empty where
    nowhere.

    User information, the fragment and the marks of version control go (``git+``, ``.git``,
    ``@revision``), and what Git asks for by SSH is looked at through the web.
    """
    found = _SCP.fullmatch(address) or _DIRECT.fullmatch(address)
    if found is None:
        return ""
    is_repository = any(each for name, each in found.groupdict().items() if name in _OF_REPOSITORY)
    host, path = found["host"], found["path"] or "/"
    if is_repository:
        host, path = host.partition(":")[0], _REVISION.sub("", path.rstrip("/"))
    scheme = found.groupdict().get("scheme") or "https"
    return web_link(f"{scheme}://{host}/{path.lstrip('/')}") or ""


def registry_ref(url: str) -> RegistryRef | None:
    """The registry at *url*; None where it is no http(s) address.

    User information becomes a Basic authorization, its percent-encoding undone (RFC 7617); the
    query and the fragment are dropped, and the path gets a slash at its end.
    """
    parts = _parts(url.strip())
    if parts is None:
        return None
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    if parts.port not in (None, _PORTS[parts.scheme]):
        host = f"{host}:{parts.port}"
    path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    clean = urlunsplit((parts.scheme, host, path, "", ""))
    user, at, _ = parts.netloc.rpartition("@")
    return RegistryRef(url=clean, authorization=_basic_of(user) if at else None)


def basic(user: bytes, password: bytes) -> Secret:
    """The value of an Authorization header for a name and a password (RFC 7617)."""
    return Secret("Basic " + b64encode(user + b":" + password).decode("ascii"))


def _basic_of(user_information: str) -> Secret | None:
    user, _, password = user_information.partition(":")
    if not user and not password:
        return None
    return basic(unquote_to_bytes(user), unquote_to_bytes(password))


def _parts(text: str) -> SplitResult | None:
    """The parts of an http(s) address with a host; None for anything else."""
    if len(text) > LONGEST or _UNFIT.search(text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no port
    except ValueError:
        return None
    return parts if parts.scheme in _PORTS and parts.hostname else None

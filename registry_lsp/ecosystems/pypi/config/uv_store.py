"""uv's own store of credentials (``uv auth login``): a file of services, each an address
with who one is there and at all below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from registry_lsp.core.packages import Secret
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.pypi.config.places import (
    UnreadableError,
    is_windows,
    read_toml,
    text,
    user_folder,
)
from registry_lsp.net.addresses import basic, registry_ref

_FILE = "credentials.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Who one is at the address ``url``, and at all below it."""

    url: str
    user: str
    authorization: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class UvStore:
    """All that is stored."""

    entries: tuple[Stored, ...] = ()

    def of(self, url: str, user: str) -> Secret | None:
        """What is stored for *url*, by the nearest address above it; of several users the one
        called *user* counts, and none where no name is given.
        """
        found = [
            each for each in self.entries if _reaches(each.url, url) and user in ("", each.user)
        ]
        nearest = max((len(each.url) for each in found), default=0)
        said = [each for each in found if len(each.url) == nearest]
        return said[0].authorization if len(said) == 1 else None


def read_store(around: Surroundings) -> UvStore:
    """Read it. One that cannot be read says nothing."""
    named = around.environ.get("UV_CREDENTIALS_DIR")
    try:
        said = read_toml(Path(named or _folder(around)) / _FILE)
    except UnreadableError:
        return UvStore()
    entries = said.get("credential")
    found = entries if isinstance(entries, list) else []
    tables = [each for each in found if isinstance(each, dict)]
    return UvStore(entries=tuple(each for table in tables for each in _entry(table)))


def _folder(around: Surroundings) -> Path:
    """Where uv keeps its data: it has no place of its own for macOS."""
    if is_windows(around):
        return user_folder(around, "uv") / "data" / "credentials"
    data = Path(around.environ.get("XDG_DATA_HOME") or around.home / ".local" / "share")
    return data / "uv" / "credentials"


def _entry(said: Mapping[str, Any]) -> Iterator[Stored]:
    ref = registry_ref(text(said, "service"))
    scheme = text(said, "scheme") or "basic"
    user, token = text(said, "username"), text(said, "token")
    if ref is None:
        return
    if scheme == "bearer" and token.isascii() and token.isprintable() and token:
        yield Stored(url=ref.url, user=user, authorization=Secret(f"Bearer {token}"))
    elif scheme == "basic":
        secret = basic(user.encode(), text(said, "password").encode())
        yield Stored(url=ref.url, user=user, authorization=secret)


def _reaches(service: str, url: str) -> bool:
    """Whether *url* is at *service* or below it; both end in a slash."""
    one, other = urlsplit(service), urlsplit(url)
    is_same = (one.scheme, one.netloc) == (other.scheme, other.netloc)
    return is_same and other.path.startswith(one.path)

"""The seam to the network: what it takes to ask somebody over HTTP, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from registry_lsp.core.packages import Secret, Transport, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask again with: the ETag and Last-Modified headers, verbatim."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A complete answer. Header names are lower-case; ``body`` is decoded of its transfer
    encodings; ``url`` is the address that answered, after redirects.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type, lower-case and without parameters; empty where none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A host that is left alone for so many ``seconds`` yet, and why."""

    reason: Unavailable
    seconds: float


class Hosts(Protocol):
    """Those that a client asks, of whom some are left alone for a while."""

    @property
    def paused(self) -> Sequence[Pause]:
        """Who is left alone now."""
        ...

    def reopen(self) -> None:
        """Ask those as well who were not there a moment ago."""
        ...


class Http(Protocol):
    """One client for every registry and service."""

    async def get(
        self,
        url: str,
        *,
        accept: str,
        authorization: Secret | None = None,
        within: str | None = None,
        validators: Validators | None = None,
        transport: Transport | None = None,
    ) -> Response | Unavailable:
        """The answer to a GET, whatever its status below 500 (429 aside), or why there is none.

        *authorization* goes to what lies *within* that address (its scheme, host, port and path)
        and nowhere else; to *url* alone, where that is None. *transport* is how it is reached,
        None where the environment says.
        Retries, redirects, time-outs and the cap on bodies happen inside. A 304 comes back as
        such, and only where *validators* were given.
        """
        ...

    async def post(
        self,
        url: str,
        *,
        body: bytes,
        accept: str,
        content_type: str,
        authorization: Secret | None = None,
        within: str | None = None,
        transport: Transport | None = None,
    ) -> Response | Unavailable:
        """The answer to a POST that is only a question, and so may be asked again: as of a GET.

        It is asked again at another address where a redirect says so with 307 or 308; any other
        redirect is refused, since it would make another question of it.
        """
        ...

"""One request, and where a redirect may lead it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx

from registry_lsp.core.packages import Secret, Transport, Trouble, Unavailable
from registry_lsp.core.ports.http import Response, Validators
from registry_lsp.net.bodies import ACCEPTED_ENCODING
from registry_lsp.net.gates import Origin

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses that lead on where they come with a Location (RFC 9110, 15.4)."""

_KEEPING = frozenset({307, 308})
_STEP_BACK = re.compile(r"(?:\A|[/\\])\.{1,2}(?=[/\\;]|\Z)")
_DECODINGS = 3  # of percent-encoding: a proxy may undo one layer, the server behind it the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A GET, or with a ``body`` a POST. ``url`` has no user information and no fragment.
    ``authorization`` is what goes to it, and may go on to what lies ``within`` an address.
    """

    url: httpx.URL
    accept: str
    within: httpx.URL
    authorization: Secret | None = None
    validators: Validators = field(default_factory=Validators)
    transport: Transport | None = None
    body: bytes | None = None
    content_type: str = ""

    @property
    def method(self) -> str:
        """HTTP's own word for it."""
        return "GET" if self.body is None else "POST"

    @property
    def origin(self) -> Origin:
        """Whom it goes to."""
        return _origin(self.url)

    @property
    def host(self) -> str:
        """The host for people, with its port where it is not the scheme's own."""
        return self.url.netloc.decode("ascii")

    @property
    def place(self) -> str:
        """What a log may say of the address: host and path, percent-encoded as they are sent."""
        return self.host + self.url.raw_path.partition(b"?")[0].decode("ascii")

    @property
    def is_conditional(self) -> bool:
        """Whether the server may answer that nothing has changed."""
        return bool(self.validators.etag or self.validators.last_modified)

    def headers(self) -> dict[str, str]:
        """The headers to send."""
        headers = {"Accept": self.accept, "Accept-Encoding": ACCEPTED_ENCODING}
        if self.body is not None:
            headers["Content-Type"] = self.content_type
        if self.authorization is not None:
            headers["Authorization"] = self.authorization.value
        if self.validators.etag:
            headers["If-None-Match"] = self.validators.etag
        if self.validators.last_modified:
            headers["If-Modified-Since"] = self.validators.last_modified
        return headers

    def unavailable(
        self,
        trouble: Trouble,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        detail: str | None = None,
    ) -> Unavailable:
        """The end of asking its host."""
        return Unavailable(
            trouble=trouble, host=self.host, status=status, retry_after=retry_after, detail=detail
        )


def request(
    url: str,
    *,
    accept: str,
    authorization: Secret | None,
    within: str | None = None,
    validators: Validators | None = None,
    transport: Transport | None = None,
    body: bytes | None = None,
    content_type: str = "",
) -> Request | None:
    """A request for *url*; None where there is no asking it.

    Only http and https are asked. User information is taken off: credentials come as
    *authorization* alone, which is sent where *url* lies *within* the address that it is for
    (*url* itself, where that is None). So is a client's own certificate to that address's origin.
    """
    try:
        address = httpx.URL(url)
        scope = address if within is None else httpx.URL(within)
    except (httpx.InvalidURL, ValueError):  # ValueError: lone surrogates
        return None
    made = Request(
        url=address.copy_with(userinfo=b"", fragment=None),
        accept=accept,
        within=scope.copy_with(userinfo=b"", query=None, fragment=None),
        authorization=authorization if _is_within(address, scope) else None,
        validators=validators or Validators(),
        transport=_transport_to(address, scope, transport),
        body=body,
        content_type=content_type,
    )
    if address.scheme not in ("http", "https") or not address.host:
        return None
    # a credential with a line break in it is no header, and the library's error would show it
    fit = all(value.isascii() and value.isprintable() for value in made.headers().values())
    return made if fit else None


def location(answer: Response) -> str | None:
    """Where the answer leads on to; None where it does not."""
    return answer.headers.get("location") if answer.status in REDIRECTS else None


def redirected(asked: Request, target: str, *, status: int = 308) -> Request | Trouble:
    """The request that a redirect to *target* asks for, or why it is not followed.

    The authorization goes along only within the address that it is for, and never comes back
    once it was left behind. What was asked over https is not asked over http, and what was sent
    with a body goes on only by a redirect that keeps it (RFC 9110, 15.4).
    """
    if asked.body is not None and status not in _KEEPING:
        return Trouble.REFUSED
    try:
        url = str(asked.url.join(target))
    except (httpx.InvalidURL, ValueError):
        return Trouble.REFUSED
    onward = request(
        url,
        accept=asked.accept,
        authorization=asked.authorization,
        within=str(asked.within),
        validators=asked.validators,
        transport=asked.transport,
        body=asked.body,
        content_type=asked.content_type,
    )
    if onward is None or (asked.url.scheme == "https" and onward.url.scheme != "https"):
        return Trouble.REFUSED
    return onward


def _is_within(url: httpx.URL, scope: httpx.URL) -> bool:
    """Whether *url* is *scope* or lies below it: by scheme, host, port and path.

    Steps back that are written plainly are gone from both paths already. One that only the
    server sees, because it is encoded or has a backslash, leads to nobody knows where.
    """
    path, root = _path(url), _path(scope)
    if _origin(url) != _origin(scope) or not path.startswith(root):
        return False
    rest = path[len(root) :]
    if rest and not (root.endswith("/") or rest.startswith("/")):
        return False
    for _ in range(_DECODINGS):
        if _STEP_BACK.search(rest):
            return False
        rest = unquote(rest)
    return _STEP_BACK.search(rest) is None


def _transport_to(
    url: httpx.URL, scope: httpx.URL, transport: Transport | None
) -> Transport | None:
    if transport is None or _origin(url) == _origin(scope):
        return transport
    return transport.elsewhere


def _origin(url: httpx.URL) -> Origin:
    return url.scheme, url.host, url.port


def _path(url: httpx.URL) -> str:
    """The path as it is sent."""
    return url.raw_path.partition(b"?")[0].decode("ascii")

"""Clients of the network library, by what a registry is reached with: certificates and proxies.

All of this takes a while, and runs in threads.
"""

from __future__ import annotations

import logging
import os
import re
import ssl
from dataclasses import dataclass
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from registry_lsp.core.packages import Transport, Trouble
from registry_lsp.core.stamps import Stamp, stamp
from registry_lsp.net.addresses import host_of

LARGEST = 16 * 2**20
"""Bytes of the largest file of certificates: whole systems' have half a megabyte."""

_LONGEST_NAME = 100
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----")

_log = logging.getLogger("registry_lsp.net")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What all clients have in common: ``timeout`` is the seconds without progress,
    ``concurrency`` the most connections of one.
    """

    user_agent: str
    timeout: float
    concurrency: int


class UnusableError(Exception):
    """Nobody can be asked this way. ``detail`` says what is wrong, and holds no secret."""

    def __init__(self, trouble: Trouble, detail: str | None = None) -> None:
        super().__init__(detail or trouble.value)
        self.trouble = trouble
        self.detail = detail


def connect(transport: Transport | None, manners: Manners) -> httpx.AsyncClient:
    """A client for *transport*, or for what the environment says. Raises UnusableError.

    The environment's values are not logged: a proxy's address may hold a password.
    """
    for name in ("httpx", "httpcore", "hpack", "h2"):
        # set to debug these would write whole addresses and headers, credentials among them
        logging.getLogger(name).setLevel(logging.WARNING)
    transport = transport or Transport()
    context = _context(transport, marks(transport), _environments_files())
    proxy = _proxy(transport, context)
    unproxied = [_pattern(host) for host in transport.unproxied if proxy is not None]
    try:
        return httpx.AsyncClient(
            http2=True,
            verify=context,
            proxy=proxy,
            mounts=dict.fromkeys(unproxied),
            trust_env=transport.proxy is None,
            timeout=manners.timeout,
            limits=httpx.Limits(
                max_connections=manners.concurrency, max_keepalive_connections=manners.concurrency
            ),
            headers={"User-Agent": manners.user_agent},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # nobody is followed
        )
    except (ImportError, ValueError, RuntimeError, httpx.InvalidURL) as error:
        if proxy is not None:
            raise UnusableError(Trouble.UNUSABLE, _of_proxy(host_of(str(proxy.url)))) from None
        _log.warning(
            "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY cannot be used: %s", type(error).__name__
        )
        raise UnusableError(Trouble.UNREACHABLE) from None


def marks(transport: Transport | None) -> tuple[Stamp | None, ...]:
    """The stamps of the files that *transport* names: others are another transport."""
    if transport is None:
        return ()
    named = (*transport.authorities, *transport.more_authorities, *_own(transport))
    return tuple(stamp(Path(each)) for each in named if not _is_pem(each))


def _own(transport: Transport) -> tuple[str, str] | tuple[()]:
    """The client's own certificate and its key, where it has one: one file may hold both."""
    if transport.certificate is None:
        return ()
    key = transport.key.value if transport.key is not None else transport.certificate
    return transport.certificate, key


@lru_cache(maxsize=4)
def _context(
    transport: Transport,
    _marks: tuple[Stamp | None, ...],
    files: tuple[tuple[str, Stamp | None], ...],
) -> ssl.SSLContext:
    """What is trusted, and what is shown: one for all clients, as long as the files are the same.
    It is never changed, and each would take 20 ms and more than a megabyte.
    """
    if transport.verify and not _names_certificates(transport):
        return _shared(*files)
    # one of one's own trusts nobody yet, and is as lenient with certificates as installers are
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if transport.authorities else None
    context = own or _environments()
    for each in transport.authorities:
        _trust(context, each)
    for each in transport.more_authorities:
        _trust_too(context, each)
    if not transport.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if shown := _own(transport):
        _show(context, *shown)
    return context


def _names_certificates(transport: Transport) -> bool:
    return bool(transport.authorities or transport.more_authorities or transport.certificate)


def _environments_files() -> tuple[tuple[str, Stamp | None], ...]:
    """What the environment names to be trusted, as it is on disk now."""
    named = (os.environ.get(each, "") for each in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    return tuple((each, stamp(Path(each)) if each else None) for each in named)


@lru_cache(maxsize=1)
def _shared(*_files: tuple[str, Stamp | None]) -> ssl.SSLContext:
    """The one context of all clients that trust whom the environment does."""
    return _environments()


def _environments() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except (OSError, ValueError) as error:
        _log.warning("SSL_CERT_FILE or SSL_CERT_DIR cannot be used: %s", type(error).__name__)
        raise UnusableError(Trouble.INSECURE) from None


def _trust(context: ssl.SSLContext, authority: str) -> None:
    """Trust the certificates of a PEM text, of a file, or of a folder as OpenSSL hashes it."""
    if not _is_pem(authority) and _is_folder(authority):
        context.load_verify_locations(capath=authority)
        return
    text = authority if _is_pem(authority) else _read(authority, authority).decode("latin-1")
    found = "\n".join(match[0] for match in _CERTIFICATE.finditer(text))
    try:
        context.load_verify_locations(cadata=found)
    except (ssl.SSLError, ValueError):  # ValueError: nothing was found
        detail = f"no certificates that can be read are in {_place(authority)}"
        raise UnusableError(Trouble.UNUSABLE, detail) from None


def _trust_too(context: ssl.SSLContext, authority: str) -> None:
    try:
        _trust(context, authority)
    except UnusableError as error:
        _log.warning("%s", error.detail)


def _show(context: ssl.SSLContext, certificate: str, key: str) -> None:
    """Have the client show its own certificate. The standard library takes it from files only."""
    with TemporaryDirectory(prefix="registry-lsp-") as folder:
        shown = _file(certificate, Path(folder, "certificate"), certificate)
        kept = _file(key, Path(folder, "key"), _nameable(key))
        try:
            # a key that has a password would else be asked for on the client's own input
            context.load_cert_chain(shown, kept, password=lambda: "")
        except (OSError, ValueError) as error:
            places = " and ".join(dict.fromkeys((_place(certificate), _place(key))))
            why = getattr(error, "reason", None) or type(error).__name__
            detail = f"no certificate with a key that fits it, and has no password, is in {places}"
            raise UnusableError(Trouble.UNUSABLE, f"{detail} ({why})") from None


def _file(said: str, spare: Path, name: str) -> Path:
    """A file with what is *said*, a PEM text or a path already; *spare* is where to make one, and
    *name* what to call it.
    """
    if not _is_pem(said):
        _read(said, name)
        return Path(said)
    spare.touch(mode=0o600)
    spare.write_text(said, encoding="utf-8", errors="replace")
    return spare


def _nameable(key: str) -> str:
    """What to call the file of a *key*: somebody may have written the key where its path goes."""
    path = Path(key)
    is_path = path.is_absolute() and len(path.name) <= _LONGEST_NAME and _is_folder(path.parent)
    return key if is_path else "the client's key"


def _read(path: str, name: str) -> bytes:
    """A file's bytes; *name* is what to call it. Neither a pipe nor a device is looked into: it
    might never end.
    """
    try:
        Path(path).stat()
        if stamp(Path(path)) is None:
            raise UnusableError(Trouble.UNUSABLE, f"{name} is no file")
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = getattr(error, "strerror", None) or "no path"
        raise UnusableError(Trouble.UNUSABLE, f"{name} cannot be read ({why})") from None
    if len(raw) > LARGEST:
        raise UnusableError(Trouble.UNUSABLE, f"{name} is too large")
    return raw


def _place(said: str) -> str:
    return "what the configuration itself holds" if _is_pem(said) else said


def _is_folder(path: str | Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises for names that no system takes


def _is_pem(said: str) -> bool:
    return "-----BEGIN " in said


def _proxy(transport: Transport, context: ssl.SSLContext) -> httpx.Proxy | None:
    if transport.proxy is None or not transport.proxy.value:
        return None
    address = transport.proxy.value
    try:
        is_safe = httpx.URL(address).scheme == "https"
        proxy = httpx.Proxy(address, ssl_context=context if is_safe else None)
    except (ValueError, httpx.InvalidURL):
        raise UnusableError(Trouble.UNUSABLE, _of_proxy(host_of(address))) from None
    if not proxy.url.host:
        raise UnusableError(Trouble.UNUSABLE, _of_proxy(""))
    return proxy


def _of_proxy(host: str) -> str:
    return f"the address of the proxy{f' at {host}' if host else ''}"


def _pattern(host: str) -> str:
    """The library's pattern for a host and all below it."""
    return f"all://*{host}"

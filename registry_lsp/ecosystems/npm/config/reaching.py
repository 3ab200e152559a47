"""How npm's settings have a registry reached: certificates and proxies. The user's words alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from registry_lsp.core.packages import Secret, Transport
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.credentials import certificate_for
from registry_lsp.ecosystems.npm.config.npmrc import LIST_BREAK
from registry_lsp.ecosystems.npm.config.places import from_home, is_file
from registry_lsp.ecosystems.npm.config.words import Words

_FALSE = frozenset({"false", "0"})
_BEGIN = "-----BEGIN "
_NONE = frozenset({"false", "null", "undefined"})
_MORE = "NODE_EXTRA_CA_CERTS"


def transport_for(
    url: str, words: Words, around: Surroundings, *, base: Path | None, is_own: bool
) -> Transport | None:
    """How *words* have the registry at *url* reached; None where they leave it to the
    environment.

    Paths are from *base*, the project's root. ``cert`` and ``key``, which npm shows to everybody,
    are for the registry that the user names as the default one alone: *is_own* says that it is.
    """
    if around.is_supposed:  # to see whether a file is there can tell another machine who asks
        return None
    own = words.own
    certificate, key = certificate_for(url, words) or ("", "")
    if certificate:
        certificate, key = (str(from_home(each, around, base)) for each in (certificate, key))
    elif is_own:
        certificate, key = (_pem(own.get(name, "")) for name in ("cert", "key"))
        if _BEGIN not in certificate or _BEGIN not in key:  # npm takes no paths here
            certificate = key = ""
    authorities = _authorities(own, around, base)
    proxy, unproxied = _proxy(own, around.environ)
    found = Transport(
        verify=own.get("strict-ssl", "true").strip().lower() not in _FALSE,
        authorities=authorities,
        more_authorities=() if authorities else more_authorities(around),
        certificate=certificate if certificate and key else None,
        key=Secret(key) if certificate and key else None,
        proxy=proxy,
        unproxied=unproxied,
    )
    return found if found != Transport() else None


def more_authorities(around: Surroundings) -> tuple[str, ...]:
    """What Node.js trusts beside its own authorities; it passes over a file that is not there."""
    named = around.environ.get(_MORE, "")
    return (named,) if named and is_file(named) else ()


def exceptions(written: str) -> tuple[str, ...]:
    """The hosts of a list such as ``NO_PROXY``, each with all below it."""
    parts = (each.strip().strip(".").lower() for each in written.split(","))
    return tuple(each for each in parts if each)


def variable(name: str, environ: Mapping[str, str]) -> str:
    """A variable of the environment, in whichever letters it is written."""
    return environ.get(name) or environ.get(name.upper()) or ""


def _authorities(
    own: Mapping[str, str], around: Surroundings, base: Path | None
) -> tuple[str, ...]:
    """``cafile`` where there is such a file, else ``ca``."""
    if named := own.get("cafile"):
        path = from_home(named, around, base)
        if is_file(path):
            return (str(path),)
    said = own.get("ca", "")
    if said.strip().lower() in _NONE:
        return ()
    return tuple(_pem(each) for each in said.split(LIST_BREAK) if each.strip())


def _pem(written: str) -> str:
    return written.replace("\\n", "\n")


def _proxy(
    own: Mapping[str, str], environ: Mapping[str, str]
) -> tuple[Secret | None, tuple[str, ...]]:
    """The proxy, and who is reached without it. npm's is for both schemes."""
    said = (own.get(name, "") for name in ("https-proxy", "proxy", "http-proxy"))
    proxy = next((each for each in said if each and each.strip().lower() not in _NONE), "")
    without = own.get("noproxy") or own.get("no-proxy") or ""
    if not proxy and without:  # it is the environment's own, with exceptions of npm's
        proxy = variable("https_proxy", environ) or variable("http_proxy", environ)
    if not proxy:
        return None, ()
    return Secret(proxy), exceptions(without or variable("no_proxy", environ))

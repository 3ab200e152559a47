"""Which credential goes to a registry, by npm's settings. Pure.

npm writes credentials for an address without a scheme (``//host/path/:_authToken``), and looks for
them from a registry's own address up to its host (``npm-registry-fetch``, ``auth.js``).
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from registry_lsp.core.packages import RegistryRef, Secret
from registry_lsp.ecosystems.npm.config.npmrc import variables
from registry_lsp.ecosystems.npm.config.words import CERTIFICATES, Words
from registry_lsp.net.addresses import basic

_LAST_STEP = re.compile(r"([^/]+|/)$")


def credential_for(url: str, words: Words, *, is_own: bool, scope: str = "") -> Secret | None:
    """The credential that *words* have for the registry at *url*, by pnpm's rule first the one
    for the *scope*. ``is_own`` says whether it is the user who names this address.
    """
    settings = words.said if is_own or may_go_to(url) else words.strangers
    for place in _places(url):
        for infix in (f":{scope}", "") if scope else ("",):
            found = _credential_at(place + infix, settings)
            if found is not None:
                return found
        if _certificate_at(place, settings) is not None:
            return None  # npm looks no further than to the nearest place that has anything
    return None


def token_key(ref: RegistryRef) -> str:
    """The key that npm and those who read its files have a token for *ref* behind."""
    return f"//{ref.url.partition('://')[2]}:_authToken"


def unset_variable_of(credential: Secret | None) -> str | None:
    """A variable that *credential* still names, as npm leaves one that is not set; None where it
    names none.
    """
    named = variables(credential.value) if credential is not None else ()
    return min(named, default=None)


def certificate_for(url: str, words: Words) -> tuple[str, str] | None:
    """The paths of the client's own certificate and key, in the nearest place that has any
    credential. Only the user's own words count.
    """
    for place in _places(url):
        found = _certificate_at(place, words.own)
        if found is not None or _credential_at(place, words.said) is not None:
            return found
    return None


def may_go_to(url: str) -> bool:
    """Whether a credential of the user's that was written without a scheme may go to *url*, which
    somebody else has named: where no port stands in it, it was written for https.
    """
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.port is not None


def _places(url: str) -> Iterator[str]:
    """``//host/path/``, then without the last slash, then without the last step of the path, and
    so on down to the host.
    """
    parts = urlsplit(url)
    place = f"//{parts.netloc}{parts.path}"
    while len(place) > len("//"):
        yield place
        place = _LAST_STEP.sub("", place)


def _credential_at(place: str, settings: Mapping[str, str]) -> Secret | None:
    # what a secret store hands over often has a line break at its end
    if token := settings.get(f"{place}:_authToken", "").strip():
        return Secret(f"Bearer {token}")
    if pair := settings.get(f"{place}:_auth", "").strip():
        return Secret(f"Basic {pair}")
    user, password = settings.get(f"{place}:username"), settings.get(f"{place}:_password")
    if not user or not password:
        return None
    try:
        return basic(user.encode(), b64decode(password))
    except ValueError:
        return None


def _certificate_at(place: str, settings: Mapping[str, str]) -> tuple[str, str] | None:
    certificate, key = (settings.get(place + suffix) for suffix in CERTIFICATES)
    return (certificate, key) if certificate and key else None

"""An address as its tool would ask it: with the credential and the connection that are set for it.

A credential that is written for an address or a host goes there, whoever names the place; one that
is written for a name (uv's, Poetry's and PDM's) goes where the user's own word has the name, for
any project may give an address of its own that name, and where the workspace is trusted. A
stranger's file has no say in how servers are reached, and leads no credential of the netrc over a
line that others can read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from registry_lsp.core.manifests import Index
from registry_lsp.core.packages import RegistryRef, Transport
from registry_lsp.ecosystems.pypi.config.pip import is_of
from registry_lsp.ecosystems.pypi.config.settings import PDM, PIP, PIPENV, POETRY, UV, Settings
from registry_lsp.ecosystems.pypi.config.uv import variables_of
from registry_lsp.net.addresses import basic, registry_ref

_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_PLAIN_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)", re.ASCII)
"""As Pipenv has it, which leaves them to the system's shell (``os.path.expandvars``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referrer:
    """Makes the references of one project. ``settings`` are all tools'; ``trusted`` are the hosts
    that its own requirements files have pip trust.
    """

    settings: Settings
    trusted: tuple[str, ...] = ()

    def of_index(self, tool: str, index: Index, *, is_ours: bool) -> RegistryRef | None:
        """The registry of *index* as *tool* asks it, None where there is no asking it. *is_ours* is
        whether the user's own word names it; what the manifest names is a stranger's word.
        """
        is_ours = is_ours or self.settings.around.trusted
        address = self._expanded(tool, index.url) if is_ours else index.url
        name = index.name or ""
        if index.is_credentialed is False:
            found = registry_ref(address)
            found = found and self._reached(tool, name, found, is_ours=is_ours)
        else:
            found = self.of_address(tool, address, name=name, is_ours=is_ours)
        if found is None:
            return None
        if is_ours and not index.is_verified:
            transport = found.transport or Transport()
            found = replace(found, transport=replace(transport, verify=False))
        is_credentialed = index.is_credentialed is True
        return replace(found, overlooked=index.overlooked, is_credentialed=is_credentialed)

    def of_address(
        self, tool: str, address: str, *, name: str = "", is_ours: bool
    ) -> RegistryRef | None:
        """The registry at *address*, which the tool calls *name*."""
        ref = registry_ref(address)
        if ref is None:
            return None
        ref = replace(ref, credential_place=_credential_place(tool, name, ref))
        user, password = _user_information(address)
        pair = self._named(tool, name, ref.url, is_ours=is_ours) if name else None
        if pair is not None and (tool != POETRY or ref.authorization is None):
            return self._reached(tool, name, _with(ref, pair), is_ours=is_ours)
        if name and not is_ours and self._named(tool, name, ref.url, is_ours=True) is not None:
            ref = replace(ref, is_withheld=True)
        if not password:
            host = urlsplit(ref.url).hostname or ""
            said = self.settings.netrc.of(host, is_ours=is_ours)
            if said is not None and user in ("", said[0]) and (is_ours or _is_safe(ref.url)):
                return self._reached(tool, name, _with(ref, said), is_ours=is_ours)
            if tool == UV and (stored := self.settings.uv_store.of(ref.url, user)) is not None:
                ref = replace(ref, authorization=stored)
                return self._reached(tool, name, ref, is_ours=is_ours)
            if is_ours or _is_safe(ref.url):
                vaults = tuple(self._vaults(tool, name, ref, user or None, is_ours=is_ours))
                ref = replace(ref, vaults=vaults)
        return self._reached(tool, name, ref, is_ours=is_ours)

    def _expanded(self, tool: str, address: str) -> str:
        """A variable that cannot be expanded leaves what no address has."""
        environ = self.settings.around.environ
        return (_PLAIN_VARIABLE if tool in (PDM, PIPENV) else _VARIABLE).sub(
            lambda found: environ.get(found[found.lastindex or 1]) or found[0], address
        )

    def _named(self, tool: str, name: str, url: str, *, is_ours: bool) -> tuple[str, str] | None:
        """The credential that is set for the *name*."""
        settings = self.settings
        if tool == UV and is_ours:
            user, password = (settings.around.environ.get(it, "") for it in variables_of(name))
            return (user, password) if user or password else None
        if tool == POETRY:
            of_user = settings.poetry.of_user(name) if is_ours else None
            return of_user or settings.poetry.of_project(name)
        if tool == PDM:
            for sources, is_free in ((settings.pdm.project, True), (settings.pdm.users, is_ours)):
                source = sources.get(name)
                if source is not None and source.credential is not None:
                    written = registry_ref(source.url) if source.url else None
                    is_its = written is not None and written.url == url
                    if is_its or (is_free and not source.url):
                        return source.credential
        return None

    def _vaults(
        self, tool: str, name: str, ref: RegistryRef, user: str | None, *, is_ours: bool
    ) -> Iterator[tuple[str, str | None]]:
        """Where in the keyring its tool looks, the most special place first."""
        if ref.is_public or (tool == UV and not (self.settings.uv.has_keyring and user)):
            return
        if tool == POETRY and not self.settings.poetry.has_keyring:
            return
        if tool == POETRY and name and is_ours:
            said = self.settings.poetry.user_of(name)
            yield f"poetry-repository-{name}", user or said or None
        yield ref.url, user
        yield ref.host, user
        if tool == PDM and name and is_ours:
            yield f"pdm-pypi-{name}", user

    def _reached(self, tool: str, name: str, ref: RegistryRef, *, is_ours: bool) -> RegistryRef:
        transport: Transport | None = None
        settings = self.settings
        if tool in (PIP, PIPENV):
            hosts = self.trusted if tool == PIP and settings.around.trusted else ()
            transport = settings.pip.transport(ref.url, hosts)
        elif tool == UV and any(is_of(each, ref.url) for each in settings.uv.insecure):
            transport = Transport(verify=False)
        elif tool == POETRY and name and is_ours:
            transport = settings.poetry.transport(name)
        elif tool == PDM and name:
            transport = self._pdm_transport(name, ref.url, is_ours=is_ours)
        if tool in (PIP, PIPENV, POETRY):
            transport = self._bundled(transport)
        return replace(ref, transport=transport) if transport is not None else ref

    def _bundled(self, transport: Transport | None) -> Transport | None:
        """*transport*, by which the certificates are trusted as well that the library ``requests``
        is told of, unless something else is said of certificates.
        """
        environ = self.settings.around.environ
        bundle = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE")
        found = transport or Transport()
        if not bundle or found.authorities or not found.verify:
            return transport
        return replace(found, more_authorities=(bundle,))

    def _pdm_transport(self, name: str, url: str, *, is_ours: bool) -> Transport | None:
        """What is set for the source *name*, if that is at *url* or any place may be called so."""
        for sources in (self.settings.pdm.project, self.settings.pdm.users):
            source = sources.get(name)
            if source is not None and source.transport is not None:
                written = registry_ref(source.url) if source.url else None
                if is_ours or (written is not None and written.url == url):
                    return source.transport
        return None


def _credential_place(tool: str, name: str, ref: RegistryRef) -> str:
    """Where *tool* would have a credential from for *ref*, which it calls *name*."""
    if name and tool == UV:
        return " and ".join(variables_of(name))
    if name and tool == POETRY:
        return f"Poetry's auth.toml (poetry config http-basic.{name})"
    if name and tool == PDM:
        return f"PDM's config.toml (pdm config pypi.{name}.username and pypi.{name}.password)"
    return f"~/.netrc (machine {urlsplit(ref.url).hostname or ''})"


def _with(ref: RegistryRef, pair: tuple[str, str]) -> RegistryRef:
    user, password = pair
    return replace(ref, authorization=basic(user.encode(), password.encode()))


def _user_information(address: str) -> tuple[str, str]:
    parts = urlsplit(address.strip())
    return unquote(parts.username or ""), unquote(parts.password or "")


def _is_safe(url: str) -> bool:
    """Whether nobody in between can read what goes to *url*."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

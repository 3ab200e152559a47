"""The system's keyring, which may have a credential for an index that wants one.

It is asked through the library ``keyring``, where that is installed beside this server, as pip
does: only after a refusal, by the index's address and then by its host, and by the names that
Poetry and PDM keep theirs under. No program is run that a project's file names.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import threading
from collections.abc import Callable
from typing import TypeAlias

from registry_lsp.core.packages import RegistryRef, Secret
from registry_lsp.net.addresses import basic

PATIENCE = 10.0
"""Seconds that the keyring may take: some ask the user first."""

Lookup: TypeAlias = Callable[[str, "str | None"], "tuple[str, str] | None"]
"""Gives the name and the password for a service, and a user's name where that is known."""

_LOG = logging.getLogger(__name__)


def ask_library(service: str, user: str | None) -> tuple[str, str] | None:
    """What the library says; None where it is not installed or has nothing. Raises whatever the
    system's keyring raises.
    """
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return None
    found = keyring.get_credential(service, user)
    if found is None:
        return None
    return str(found.username or ""), str(found.password or "")


class Vault:
    """Asks the keyring beside the event loop, once for each index. Lives on one event loop."""

    def __init__(self, look: Lookup = ask_library, *, patience: float = PATIENCE) -> None:
        self._look = look
        self._patience = patience
        self._asked: dict[RegistryRef, asyncio.Future[Secret | None]] = {}

    async def credential(self, registry: RegistryRef) -> Secret | None:
        """The credential for *registry*, None where there is none or nobody says in time."""
        asked = self._asked.get(registry)
        if asked is None:
            asked = self._asked[registry] = self._begin(registry)
        try:
            return await asyncio.wait_for(asyncio.shield(asked), self._patience)
        except asyncio.TimeoutError:
            return None

    def known(self, registry: RegistryRef) -> Secret | None:
        """The credential, where it has been found already."""
        asked = self._asked.get(registry)
        return asked.result() if asked is not None and asked.done() else None

    def _begin(self, registry: RegistryRef) -> asyncio.Future[Secret | None]:
        """Ask in a thread that nobody need wait for: a keyring that hangs must not keep the server
        from ending.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Secret | None] = loop.create_future()

        def settle(found: Secret | None) -> None:
            if not future.done():
                future.set_result(found)

        def work() -> None:
            found = self._search(registry)
            try:
                loop.call_soon_threadsafe(settle, found)
            except RuntimeError:  # the loop has ended meanwhile
                return

        threading.Thread(target=work, daemon=True, name="registry-lsp-keyring").start()
        return future

    def _search(self, registry: RegistryRef) -> Secret | None:
        for service, user in registry.vaults:
            try:
                found = self._look(service, user)
            except Exception as error:  # noqa: BLE001 - a keyring is anybody's code
                # its words may hold what it was asked for
                _LOG.info("the keyring failed: %s", type(error).__name__)
                return None
            if found is not None:
                return basic(found[0].encode(), found[1].encode())
        return None

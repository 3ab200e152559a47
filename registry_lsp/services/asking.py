"""How a service is asked for a JSON document: at its own address, with its own credential."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

import msgspec

from registry_lsp.core.packages import RegistryRef, Unauthorized, Unavailable
from registry_lsp.core.ports.answers import Fetched, Refusal
from registry_lsp.core.ports.http import Http
from registry_lsp.net.addresses import registry_ref
from registry_lsp.net.reading import settle

DAY = 86_400.0
"""Seconds in a day: how long what services say is good for."""

_JSON = "application/json"

T = TypeVar("T")


class Service:
    """A service at *url*, or where that is None at *public*, its public address.

    ``name`` is what its setting is called; ``is_own`` says that it is one that the user has set in
    the public one's place, and so may be told what the public one may not.
    """

    name: ClassVar[str]

    def __init__(self, http: Http, url: str | None, public: str) -> None:
        self._http = http
        self._place = registry_ref(url or public) or RegistryRef(url=public)
        self.is_own = self._place.url != public
        self.trouble: Unauthorized | Unavailable | None = None
        """Why it did not answer when it was last asked; None where it did, or was not asked yet."""

    @property
    def url(self) -> str:
        """Its base address, without user information, ending in a slash."""
        return self._place.url

    async def get(self, path: str, read: Callable[[bytes], T]) -> Fetched[T] | Refusal:
        """What *read* makes of the document at *path*, below its address. It raises GarbageError
        for what is not the document that was asked for.
        """
        answer = await self._http.get(
            self.url + path,
            accept=_JSON,
            authorization=self._place.authorization,
            within=self.url,
        )
        return self._heard(await settle(answer, lambda it: read(it.body), fresh_for=DAY))

    async def post(
        self, path: str, question: object, read: Callable[[bytes], T]
    ) -> Fetched[T] | Refusal:
        """As :meth:`get`, of what the service answers to a *question* in JSON's own types."""
        answer = await self._http.post(
            self.url + path,
            body=msgspec.json.encode(question),
            accept=_JSON,
            content_type=_JSON,
            authorization=self._place.authorization,
            within=self.url,
        )
        return self._heard(await settle(answer, lambda it: read(it.body), fresh_for=DAY))

    def _heard(self, said: Fetched[T] | Refusal) -> Fetched[T] | Refusal:
        self.trouble = said if isinstance(said, Unauthorized | Unavailable) else None
        return said


def as_count(value: object) -> int | None:
    """A number of things: a whole number, not below zero, and nothing else that JSON has."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if value >= 0 else None

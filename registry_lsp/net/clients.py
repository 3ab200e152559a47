"""The clients that are open: one for each way of reaching registries, made when first needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio.lowlevel
import httpx

from registry_lsp.core.packages import Transport
from registry_lsp.core.stamps import Stamp
from registry_lsp.core.threads import in_thread
from registry_lsp.net.transports import Manners, UnusableError, connect, marks

MOST = 8
"""How many clients stay open while nobody uses them."""


@dataclass(slots=True, eq=False)
class _Held:
    """A client, or why there is none; ``marks`` are of the files that it was made from."""

    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    made: httpx.AsyncClient | UnusableError | None = None
    marks: tuple[Stamp | None, ...] = ()
    users: int = 0


class Clients:
    """Clients by transport. Those that nobody uses are closed where there are many."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._held: dict[Transport | None, _Held] = {}
        self._retired: list[_Held] = []

    async def prepare(self) -> None:
        """Make the environment's own client ready."""
        await self._ready(self._place(None, ()), None)

    async def check(self, transport: Transport | None) -> None:
        """Raises UnusableError where nobody can be asked by way of *transport*."""
        async with self.lease(transport):
            pass

    @asynccontextmanager
    async def lease(self, transport: Transport | None) -> AsyncIterator[httpx.AsyncClient]:
        """The client of *transport*, which stays open meanwhile. Raises UnusableError."""
        seen = () if transport is None else await in_thread(marks, transport)
        held = self._place(transport, seen)
        held.users += 1
        try:
            await self._retire()
            yield await self._ready(held, transport)
        finally:
            held.users -= 1

    async def aclose(self) -> None:
        """Close all of them."""
        held = [*self._held.values(), *self._retired]
        self._held.clear()
        self._retired.clear()
        for each in held:
            await _close(each)

    def _place(self, transport: Transport | None, seen: tuple[Stamp | None, ...]) -> _Held:
        """Where the client is held, as the last one used; another one where its files are."""
        held = self._held.pop(transport, None)
        if held is not None and held.marks != seen:
            self._retired.append(held)
            held = None
        if held is None:
            held = _Held(marks=seen)
        self._held[transport] = held
        return held

    async def _ready(self, held: _Held, transport: Transport | None) -> httpx.AsyncClient:
        async with held.opening:
            if held.made is None:
                # The library would look for its own loop's backend at the first connection.
                await anyio.lowlevel.checkpoint()
                try:
                    held.made = await in_thread(connect, transport, self._manners)
                except UnusableError as error:
                    held.made = error
        if isinstance(held.made, UnusableError):
            raise UnusableError(held.made.trouble, held.made.detail)
        return held.made

    async def _retire(self) -> None:
        """Close what nobody uses any more: the rest waits until somebody comes again."""
        idle = [transport for transport, held in self._held.items() if not held.users]
        for transport in idle[: max(0, len(self._held) - MOST)]:
            self._retired.append(self._held.pop(transport))
        gone = [held for held in self._retired if not held.users]
        self._retired = [held for held in self._retired if held.users]
        for held in gone:
            await _close(held)


async def _close(held: _Held) -> None:
    if isinstance(held.made, httpx.AsyncClient):
        await held.made.aclose()

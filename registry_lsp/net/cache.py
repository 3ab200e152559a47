"""The cache: what registries said, kept between sessions and shared by all servers of one user.

Nothing here blocks the event loop, and nothing that happens to the file is fatal: the cache is
then set up anew, or goes on in memory and says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from registry_lsp.net.entries import Entry, Statistics, Touch
from registry_lsp.net.store import Store

__all__ = ["DiskCache", "Entry", "Statistics"]

MAX_BYTES = 256 * 2**20
"""The default bound on all payloads together, in bytes as they are stored."""

MAX_AGE = 60 * 86_400.0
"""Seconds after which an entry that nobody has asked for anew is forgotten."""

_SOON = 0.2  # seconds that writes are gathered for, so that one transaction takes many

T = TypeVar("T")


class DiskCache:
    """Entries by key, in one file in *folder*; in memory alone where that is None.

    Keys and payloads come without credentials: the file holds whatever it is given. *clock*
    gives seconds since the epoch. Everything that touches the file runs in one thread of the
    cache's own, in the order of the calls; it starts with the first of them. Lives on one event
    loop. After :meth:`close` nothing is found and nothing is kept.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        max_bytes: int = MAX_BYTES,
        max_age: float = MAX_AGE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = Store(folder, max_bytes=max_bytes, max_age=max_age, clock=clock)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="registry-lsp-cache")
        self._entries: dict[str, Entry] = {}
        self._touches: dict[str, Touch] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def trouble(self) -> str | None:
        """Why nothing is kept on disk although it should be; None where all is well so far."""
        return self._store.trouble

    def prepare(self) -> None:
        """Begin to open the file, which the first question would otherwise wait for."""
        if not self._closed:
            self._worker.submit(self._store.read, ())

    async def get_many(self, keys: Sequence[str]) -> dict[str, Entry]:
        """The entries of *keys* that are known, however old."""
        if self._closed:
            return {}
        waiting = {key: self._entries[key] for key in keys if key in self._entries}
        touches = dict(self._touches)
        stored = [key for key in keys if key not in waiting]
        if not stored:
            return waiting
        found = await self._work(self._store.read, stored)
        known = {entry.key: _touched(entry, touches.get(entry.key)) for entry in found}
        return waiting | known

    def put(self, entry: Entry) -> None:
        """Keep *entry* in the place of what its key had. It is found at once and written soon."""
        self._touches.pop(entry.key, None)
        self._entries[entry.key] = entry
        self._write_soon()

    def touch(self, keys: Iterable[str], fetched_at: float, fresh_until: float) -> None:
        """Note that what is kept under *keys* was said again at *fetched_at*."""
        touch = Touch(fetched_at=fetched_at, fresh_until=fresh_until)
        for key in keys:
            if key in self._entries:
                self._entries[key] = _touched(self._entries[key], touch)
            else:
                self._touches[key] = touch
        self._write_soon()

    async def delete(self, keys: Sequence[str]) -> None:
        """Forget *keys*."""
        for key in keys:
            self._entries.pop(key, None)
            self._touches.pop(key, None)
        if not self._closed:
            await self._work(self._store.delete, keys)

    async def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._touches.clear()
        if not self._closed:
            await self._work(self._store.clear)

    def save(self) -> None:
        """Have what waits written, without waiting for it."""
        if not self._closed:
            self._write()

    async def flush(self) -> None:
        """Write what waits to be written, now."""
        await asyncio.wrap_future(self._write())

    async def statistics(self) -> Statistics:
        """How much is kept."""
        if self._closed:
            return Statistics()
        await self.flush()
        return await self._work(self._store.statistics)

    async def close(self) -> None:
        """Write what waits to be written, close the file and end the thread."""
        if self._closed:
            return
        self._closed = True
        await self.flush()
        await self._work(self._store.close)
        self._worker.shutdown(wait=False)

    def finish(self, patience: float) -> None:
        """As :meth:`close`, of a process that ends: without an event loop, and for *patience*
        seconds at most.
        """
        self.save()
        self._closed = True
        with contextlib.suppress(RuntimeError):  # closed to the end already
            wait((self._worker.submit(self._store.close),), timeout=patience)

    def _write_soon(self) -> None:
        if self._closed:
            self._entries.clear()
            self._touches.clear()
        elif self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_SOON, self._write)

    def _write(self) -> Future[None]:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        entries, touches = tuple(self._entries.values()), self._touches
        self._entries, self._touches = {}, {}
        return self._worker.submit(self._store.write, entries, touches)

    async def _work(self, call: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, call, *args)


def _touched(entry: Entry, touch: Touch | None) -> Entry:
    if touch is None:
        return entry
    return replace(entry, fetched_at=touch.fetched_at, fresh_until=touch.fresh_until)

"""How often packages are downloaded: npm's counts, and those of Python packages.

Both are bounded in how often they may be asked, and count once a day.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import msgspec

from registry_lsp.core.packages import Trouble, Unavailable
from registry_lsp.core.ports.answers import Fetched, Refusal
from registry_lsp.core.ports.http import Http
from registry_lsp.core.services import Downloads
from registry_lsp.endpoints import NPM_DOWNLOADS, PYPI_DOWNLOADS
from registry_lsp.net.addresses import host_of
from registry_lsp.net.decoding import GarbageError, as_mapping, decode
from registry_lsp.services.asking import Service, as_count
from registry_lsp.services.limits import RateLimit

_PER_SECOND = (5, 1.0)
_PER_MINUTE = (30, 60.0)


class _Point(msgspec.Struct):
    downloads: Any = None


class _Recent(msgspec.Struct):
    data: Any = None


_POINT = msgspec.json.Decoder(_Point)
_RECENT = msgspec.json.Decoder(_Recent)


class NpmDownloads(Service):
    """npm's counts (its document *download-counts*), by the period that is asked for."""

    name = "npmDownloads"
    has_periods = True

    def __init__(self, http: Http, url: str | None = None) -> None:
        super().__init__(http, url, NPM_DOWNLOADS)

    async def downloads(self, name: str, period: str) -> Fetched[Downloads] | Refusal:
        """How often the package *name* was downloaded in one of ``core.operations.PERIODS``."""
        path = f"downloads/point/{period}/{quote(name, safe='@/', errors='replace')}"
        return await self.get(path, lambda body: _of_point(body, period))


class PypiDownloads(Service):
    """Counts of Python packages, without mirrors: always the last day, week and month."""

    name = "pypiDownloads"
    has_periods = False

    def __init__(
        self,
        http: Http,
        url: str | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(http, url, PYPI_DOWNLOADS)
        self._limit = RateLimit(_PER_SECOND, _PER_MINUTE, clock=clock)

    async def downloads(self, name: str, _period: str) -> Fetched[Downloads] | Refusal:
        """How often the project of the normalised *name* was downloaded lately."""
        wait = self._limit.take()
        if wait:
            host = host_of(self.url)
            return Unavailable(trouble=Trouble.RATE_LIMITED, host=host, retry_after=wait)
        return await self.get(f"api/packages/{quote(name, safe='')}/recent", _of_recent)


def _of_point(body: bytes, period: str) -> Downloads:
    count = as_count(decode(body, _POINT).downloads)
    if count is None:
        raise GarbageError("a point has a number of downloads")
    return Downloads(**{period.replace("-", "_"): count})


def _of_recent(body: bytes) -> Downloads:
    said = as_mapping(decode(body, _RECENT).data)
    counts = {name: as_count(said.get(name)) for name in ("last_day", "last_week", "last_month")}
    if not any(count is not None for count in counts.values()):
        raise GarbageError("recent downloads are of a day, a week and a month")
    return Downloads(**counts)

"""Threads for what takes the event loop too long: files to be read, documents to be decoded."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

MOST = 4
"""Threads that work at the same time. The C library keeps the memory that each of them has ever
needed, some megabytes, and more of them would only wait for the interpreter. They are others than
the event loop's own, which look up hosts: who is offline waits long for these, and not for files.
"""

_WORKERS = ThreadPoolExecutor(max_workers=MOST, thread_name_prefix="registry-lsp-work")

P = ParamSpec("P")
T = TypeVar("T")

_HERE = threading.local()


class UnwantedError(Exception):
    """Nobody waits any more for what a thread works out."""


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What *work* comes to, in a thread. Who stops waiting stops it only where it asks
    :func:`check_wanted`.
    """
    unwanted = threading.Event()

    def begin() -> T:
        _HERE.unwanted = unwanted
        try:
            return work(*args, **kwargs)
        finally:
            del _HERE.unwanted

    try:
        return await asyncio.get_running_loop().run_in_executor(_WORKERS, begin)
    except asyncio.CancelledError:
        unwanted.set()
        raise


def check_wanted() -> None:
    """Raise UnwantedError in a thread for whose work nobody waits any more: what takes seconds
    asks between two pieces, and ends with the process.
    """
    unwanted: threading.Event | None = getattr(_HERE, "unwanted", None)
    if unwanted is not None and unwanted.is_set():
        raise UnwantedError

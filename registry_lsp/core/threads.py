"""Threads for what takes the event loop too long: files to be read, documents to be decoded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

MOST = 4
"""Threads that work at the same time. The C library keeps the memory that each of them has ever
needed, some megabytes, and more of them would only wait for the interpreter. They are others than
the event loop's own, which look up hosts: who is offline waits long for these, and not for files.
"""

_WORKERS = ThreadPoolExecutor(max_workers=MOST, thread_name_prefix="registry-lsp-work")

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What *work* comes to, in a thread. Who stops waiting does not stop it."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_WORKERS, partial(work, *args, **kwargs))

"""A child process of the cache's tests, in a mount namespace of its own.

Run as ``python cache_mounted.py FOLDER full|read-only``. FOLDER is a small file system that
nobody else sees; it is said on standard output what became of the cache there.
"""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from registry_lsp.net.cache import DiskCache, Entry


def entries(name: str, count: int) -> list[Entry]:
    now = time.time()
    return [
        Entry(key=f"{name}-{at}", payload=os.urandom(20_000), fetched_at=now, fresh_until=now)
        for at in range(count)
    ]


async def kept(folder: Path, wanted: list[Entry]) -> bool:
    """Whether a session of its own finds all of *wanted*."""
    cache = DiskCache(folder)
    found = await cache.get_many([each.key for each in wanted])
    await cache.close()
    return found == {each.key: each for each in wanted}


async def written(folder: Path, wanted: list[Entry]) -> DiskCache:
    cache = DiskCache(folder)
    for each in wanted:
        cache.put(each)
    await cache.flush()
    assert cache.trouble is None, cache.trouble
    return cache


async def full(folder: Path) -> None:
    first = entries("first", 5)
    cache = await written(folder, first)
    ballast = folder / "ballast"
    with suppress(OSError), ballast.open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()
    for each in entries("lost", 50):
        cache.put(each)
    await cache.flush()
    assert "full" in (cache.trouble or ""), cache.trouble
    found = await cache.get_many([each.key for each in first])
    assert found == {each.key: each for each in first}
    ballast.unlink()
    later = entries("later", 2)
    for each in later:
        cache.put(each)
    await cache.close()
    assert await kept(folder, first + later)


def remount(folder: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", str(folder)], check=True)


async def read_only(folder: Path) -> None:
    first = entries("first", 5)
    await (await written(folder, first)).close()
    await asyncio.to_thread(remount, folder, "ro")
    cache = DiskCache(folder)
    (probe,) = entries("probe", 1)
    cache.put(probe)
    await cache.flush()
    assert await cache.get_many([probe.key]) == {probe.key: probe}
    await cache.close()
    assert cache.trouble
    await asyncio.to_thread(remount, folder, "rw")
    assert await kept(folder, first)


if __name__ == "__main__":
    work = {"full": full, "read-only": read_only}[sys.argv[2]]
    asyncio.run(work(Path(sys.argv[1])))
    print("fine")

"""A child process of the cache's tests: writes entries without end, or until it has so many.

Run as ``python cache_writer.py FOLDER NAME COUNT``; a COUNT of 0 is without end. It says
'writing' once its first entries are on disk.
"""

import asyncio
import sys
import time
from pathlib import Path

from registry_lsp.net.cache import DiskCache, Entry


async def write(folder: Path, name: str, count: int) -> None:
    cache = DiskCache(folder)
    at, now = 0, time.time()
    while not count or at < count:
        payload = f"{name} {at} ".encode() * 400
        cache.put(Entry(key=f"{name}-{at}", payload=payload, fetched_at=now, fresh_until=now))
        at += 1
        if at % 10 == 0:
            await cache.flush()
        if at == 10:
            print("writing", flush=True)
    await cache.close()
    assert cache.trouble is None, cache.trouble


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))

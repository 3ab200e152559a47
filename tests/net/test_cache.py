"""The cache: what goes in comes out, in this session and the next."""

import asyncio
import os
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.ports.http import Validators
from registry_lsp.net.cache import DiskCache, Entry, Statistics
from registry_lsp.net.database import FILE_NAME
from registry_lsp.net.entries import entry, row
from support.waiting import Clock

DAY = 86_400.0

Open = Callable[..., DiskCache]


def an_entry(key: str, payload: bytes = b"payload", at: float = 1_000_000.0) -> Entry:
    return Entry(key=key, payload=payload, fetched_at=at, fresh_until=at + 60)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def reopen(tmp_path: Path, clock: Clock) -> AsyncIterator[Open]:
    """Opens the cache of one folder anew each time, as sessions do."""
    opened: list[DiskCache] = []

    def build(folder: Path | None = tmp_path / "cache", **settings: object) -> DiskCache:
        opened.append(DiskCache(folder, **{"clock": lambda: clock.now, **settings}))
        return opened[-1]

    yield build
    for cache in opened:
        await cache.close()


async def test_entries_outlive_the_session(reopen: Open):
    first = reopen()
    given_entry = Entry(
        key="npm left-pad",
        payload=bytes(range(256)) * 100,
        validators=Validators(etag='W/"1"', last_modified="Sun, 06 Nov 1994 08:49:37 GMT"),
        fetched_at=12.5,
        fresh_until=99.25,
    )
    first.put(given_entry)
    await first.close()
    second = reopen()
    assert await second.get_many(["npm left-pad", "npm right-pad"]) == {"npm left-pad": given_entry}
    assert second.trouble is None


@pytest.mark.parametrize("is_on_disk", [True, False])
async def test_the_same_interface_on_disk_and_in_memory(reopen: Open, *, is_on_disk: bool):
    cache = reopen() if is_on_disk else reopen(None)
    assert await cache.get_many([]) == {}
    assert await cache.get_many(["a"]) == {}
    cache.put(an_entry("a"))
    cache.put(an_entry("b"))
    assert await cache.get_many(["a"]) == {"a": an_entry("a")}  # before it is written
    await cache.flush()
    assert await cache.get_many(["a", "b"]) == {"a": an_entry("a"), "b": an_entry("b")}
    assert await cache.statistics() == Statistics(entries=2, bytes=14)
    cache.put(an_entry("a", b"newer"))
    assert (await cache.get_many(["a"]))["a"].payload == b"newer"
    await cache.delete(["a", "nobody"])
    assert await cache.get_many(["a", "b"]) == {"b": an_entry("b")}
    await cache.clear()
    assert await cache.statistics() == Statistics()
    assert cache.trouble is None


async def test_nothing_is_made_before_it_is_needed(reopen: Open, tmp_path: Path):
    before = threading.active_count()
    cache = reopen()
    assert threading.active_count() == before
    assert not (tmp_path / "cache").exists()
    await cache.get_many(["a"])
    assert (tmp_path / "cache" / FILE_NAME).exists()


async def test_writes_are_gathered_and_happen_by_themselves(reopen: Open, tmp_path: Path):
    cache, other = reopen(), reopen()
    for at in range(100):
        cache.put(an_entry(str(at)))
    assert not (tmp_path / "cache").exists()

    async def both() -> int:
        while not (found := await other.get_many(["0", "99"])):
            pass
        return len(found)

    # one transaction takes them all, so that nobody sees the first without the last
    assert await asyncio.wait_for(both(), 10) == 2


@pytest.mark.parametrize("is_written", [True, False])
async def test_a_touch_moves_the_times_and_nothing_else(reopen: Open, *, is_written: bool):
    cache = reopen()
    cache.put(an_entry("a"))
    if is_written:
        await cache.flush()
    cache.touch(["a", "nobody"], 2_000_000.0, 2_000_060.0)
    moved = {"a": an_entry("a", at=2_000_000.0)}
    assert await cache.get_many(["a", "nobody"]) == moved
    await cache.close()
    assert await reopen().get_many(["a", "nobody"]) == moved


async def test_what_is_put_after_a_touch_stands(reopen: Open):
    cache = reopen()
    cache.put(an_entry("a"))
    await cache.flush()
    cache.touch(["a"], 2_000_000.0, 2_000_060.0)
    cache.put(an_entry("a", at=3_000_000.0))
    await cache.close()
    assert (await reopen().get_many(["a"]))["a"].fetched_at == 3_000_000.0


async def test_a_closed_cache_finds_and_keeps_nothing(reopen: Open):
    cache = reopen()
    cache.put(an_entry("a"))
    await cache.close()
    await cache.close()
    cache.put(an_entry("b"))
    cache.touch(["a"], 5.0, 6.0)
    await cache.delete(["a"])
    await cache.clear()
    assert await cache.get_many(["a", "b"]) == {}
    assert await cache.statistics() == Statistics()
    assert await reopen().get_many(["a", "b"]) == {"a": an_entry("a")}


async def test_the_event_loop_goes_on_meanwhile(reopen: Open):
    cache = reopen()
    await cache.get_many(["a"])
    threads = {thread.name for thread in threading.enumerate()}
    assert sum(name.startswith("registry-lsp-cache") for name in threads) == 1


async def test_a_thousand_keys_in_one_call(reopen: Open):
    cache = reopen()
    keys = [f"key {at}" for at in range(1_700)]
    for key in keys:
        cache.put(an_entry(key))
    await cache.flush()
    assert sorted(await cache.get_many(keys)) == sorted(keys)


@pytest.mark.parametrize(
    "key", ["", "\ud800", "a\x00b", "\U0001f40d" * 1000, "'; DROP TABLE entries"]
)
async def test_any_text_is_a_key(reopen: Open, key: str):
    cache = reopen()
    cache.put(an_entry(key))
    await cache.flush()
    assert await cache.get_many([key]) == {key: an_entry(key)}
    assert cache.trouble is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has other means of keeping files private")
async def test_the_file_is_the_users_own(reopen: Open, tmp_path: Path):
    cache = reopen()
    cache.put(an_entry("a"))
    await cache.flush()
    folder = tmp_path / "cache"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = list(folder.iterdir())
    assert {file.name for file in files} >= {FILE_NAME, FILE_NAME + "-wal"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


# --- pruning --------------------------------------------------------------------------------------


async def test_what_nobody_asks_for_is_forgotten_after_sixty_days(reopen: Open, clock: Clock):
    cache = reopen()
    cache.put(an_entry("old", at=clock.now))
    cache.put(an_entry("kept", at=clock.now))
    await cache.flush()
    clock.now += 61 * DAY
    cache.touch(["kept"], clock.now, clock.now)
    await cache.flush()
    assert list(await cache.get_many(["old", "kept"])) == ["kept"]


async def test_the_least_recently_fetched_goes_when_it_is_too_much(reopen: Open, clock: Clock):
    cache = reopen(max_bytes=4000)
    for at in range(20):
        cache.put(an_entry(f"{at:02}", os.urandom(400), at=clock.now + at))
        await cache.flush()
    kept = sorted(await cache.get_many([f"{at:02}" for at in range(20)]))
    assert kept == [f"{at:02}" for at in range(20 - len(kept), 20)]
    assert 8 <= len(kept) <= 11  # early pruning comes after each eighth of the bound


async def test_one_process_prunes_a_day(reopen: Open, clock: Clock):
    first, second = reopen(), reopen()
    for cache in (first, second):
        cache.put(an_entry("old", at=clock.now - 61 * DAY))
        await cache.flush()
    assert await first.get_many(["old"])  # the second found that it had been done
    clock.now += DAY + 1
    second.put(an_entry("new", at=clock.now))
    await second.flush()
    assert not await first.get_many(["old"])


async def test_a_clock_that_was_wrong_does_not_stop_pruning(reopen: Open, clock: Clock):
    clock.now += 10_000 * DAY
    first = reopen()
    first.put(an_entry("a", at=clock.now))
    await first.close()
    clock.now -= 10_000 * DAY
    second = reopen()
    second.put(an_entry("old", at=clock.now - 61 * DAY))
    await second.flush()
    assert not await second.get_many(["old"])


async def test_the_disk_gets_its_space_back(reopen: Open, tmp_path: Path):
    cache = reopen()
    for at in range(50):
        cache.put(an_entry(str(at), os.urandom(40_000)))
    await cache.close()
    file = tmp_path / "cache" / FILE_NAME
    assert file.stat().st_size > 1_500_000
    cache = reopen()
    await cache.clear()
    await cache.close()
    assert file.stat().st_size < 100_000


# --- rows -----------------------------------------------------------------------------------------


@given(st.binary(max_size=200), st.sampled_from([1, 100, 1000]), st.text(max_size=20))
def test_a_row_gives_its_entry_back(seed: bytes, times: int, key: str):
    kept = an_entry(key, seed * times)
    assert entry(row(kept)) == kept
    assert len(row(kept)[-1]) <= len(kept.payload)


def test_large_payloads_are_packed_where_it_pays():
    assert row(an_entry("a", b"x" * 4096))[5] == 0
    assert row(an_entry("a", b"x" * 4097))[5] == 1
    assert row(an_entry("a", os.urandom(5000)))[5] == 0


def test_a_damaged_row_is_no_entry():
    key, etag, modified, fetched, fresh, _, payload = row(an_entry("a"))
    assert entry((key, etag, modified, fetched, fresh, 1, payload)) is None
    assert entry((b"\xff", etag, modified, fetched, fresh, 0, payload)) is None


async def test_a_damaged_row_hides_no_other(reopen: Open, tmp_path: Path):
    cache = reopen()
    cache.put(an_entry("a"))
    cache.put(an_entry("b"))
    await cache.close()
    connection = sqlite3.connect(tmp_path / "cache" / FILE_NAME)
    connection.execute("UPDATE entries SET packed = 1 WHERE key = ?", (b"a",))
    connection.commit()
    connection.close()
    assert await reopen().get_many(["a", "b"]) == {"b": an_entry("b")}

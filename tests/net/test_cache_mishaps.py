"""Whatever happens to the cache's file, the session goes on."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from registry_lsp.net.cache import DiskCache, Entry
from registry_lsp.net.database import FILE_NAME, connect, is_broken, set_aside, transaction

NOW = float(int(time.time()))
WRITER = Path(__file__).with_name("cache_writer.py")
MOUNTED = Path(__file__).with_name("cache_mounted.py")


def an_entry(key: str) -> Entry:
    return Entry(key=key, payload=b"payload", fetched_at=NOW, fresh_until=NOW)


async def works(cache: DiskCache) -> bool:
    """Whether what is put is found again once it is written."""
    cache.put(an_entry("probe"))
    await cache.flush()
    return await cache.get_many(["probe"]) == {"probe": an_entry("probe")}


async def written(folder: Path, count: int = 200) -> Path:
    cache = DiskCache(folder)
    for at in range(count):
        cache.put(Entry(key=str(at), payload=os.urandom(2000), fetched_at=NOW, fresh_until=NOW))
    await cache.close()
    return folder / FILE_NAME


def whole(folder: Path) -> bool:
    connection = sqlite3.connect(folder / FILE_NAME)
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log was told about the cache."""
    return [each.getMessage() for each in caplog.records if each.name == "registry_lsp.net"]


async def reopened(folder: Path) -> bool:
    """Whether a first and a second session work, and the second finds what the first wrote."""
    first = DiskCache(folder)
    assert await works(first)
    await first.close()
    assert first.trouble is None
    second = DiskCache(folder)
    assert await second.get_many(["probe"]) == {"probe": an_entry("probe")}
    await second.close()
    return second.trouble is None and whole(folder)


@pytest.mark.parametrize("content", [b"garbage" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000])
async def test_a_file_of_garbage_is_set_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
):
    (tmp_path / FILE_NAME).write_bytes(content)
    assert await reopened(tmp_path)
    assert (tmp_path / (FILE_NAME + ".broken")).read_bytes() == content
    (line,) = said(caplog)
    assert line.startswith("the cache was broken and is begun anew: ")


@pytest.mark.parametrize("content", [b"", b"x"])
async def test_an_empty_file_is_begun(tmp_path: Path, content: bytes):
    (tmp_path / FILE_NAME).write_bytes(content)
    assert await reopened(tmp_path)


@pytest.mark.parametrize("part", [0.03, 0.3, 0.7, 0.99])
async def test_a_truncated_file_is_set_aside_when_it_shows(tmp_path: Path, part: float):
    file = await written(tmp_path)
    os.truncate(file, int(file.stat().st_size * part))
    cache = DiskCache(tmp_path)
    await cache.get_many([str(at) for at in range(200)])
    assert await works(cache)
    await cache.close()
    assert cache.trouble is None
    assert await reopened(tmp_path)


@pytest.mark.parametrize("offset", [0, 20, 100, 4096, 9000, 40_000])
async def test_an_overwritten_page_is_no_crash(tmp_path: Path, offset: int):
    file = await written(tmp_path)
    with file.open("r+b") as damaged:
        damaged.seek(offset)
        damaged.write(b"\xa5" * 4000)
    cache = DiskCache(tmp_path)
    await cache.get_many([str(at) for at in range(200)])
    assert await works(cache)
    await cache.clear()
    assert await works(cache)
    await cache.close()
    assert cache.trouble is None


async def test_a_file_that_breaks_meanwhile_is_begun_anew(tmp_path: Path):
    cache = DiskCache(tmp_path)
    assert await works(cache)
    for suffix in ("", "-wal"):
        with (tmp_path / (FILE_NAME + suffix)).open("r+b") as damaged:
            damaged.write(b"\xa5" * 20_000)
    other = DiskCache(tmp_path)
    assert await works(other)
    await other.close()
    await cache.close()
    assert await reopened(tmp_path)


async def test_another_programs_database_is_set_aside(tmp_path: Path):
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("CREATE TABLE entries (mine TEXT)")
    connection.commit()
    connection.close()
    assert await reopened(tmp_path)
    aside = sqlite3.connect(tmp_path / (FILE_NAME + ".broken"))
    assert aside.execute("SELECT count(mine) FROM entries").fetchone() == (0,)
    aside.close()


async def test_a_table_that_is_missing_is_begun_anew(tmp_path: Path):
    connection = sqlite3.connect(await written(tmp_path))
    connection.execute("DROP TABLE entries")
    connection.commit()
    connection.close()
    assert await reopened(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows tells a folder from a lack of rights only")
async def test_a_folder_in_its_place_is_set_aside(tmp_path: Path):
    (tmp_path / FILE_NAME / "inside").mkdir(parents=True)
    assert await reopened(tmp_path)
    assert (tmp_path / (FILE_NAME + ".broken") / "inside").is_dir()


async def test_what_cannot_be_set_aside_is_left_for_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / FILE_NAME).write_bytes(b"garbage" * 1000)
    (tmp_path / (FILE_NAME + ".broken") / "inside").mkdir(parents=True)
    cache = DiskCache(tmp_path)
    assert await works(cache)
    assert await works(cache)
    await cache.close()
    assert cache.trouble == "file is not a database"
    assert said(caplog) == [f"the cache is kept in memory only: {tmp_path}: {cache.trouble}"]


@pytest.mark.parametrize("column", ["fetched_at", "fresh_until", "etag", "payload"])
@pytest.mark.parametrize("value", ["soon", b"\x00", float("inf")])
async def test_a_value_of_another_type_loses_its_row_alone(
    tmp_path: Path, column: str, value: object
):
    file = await written(tmp_path, count=2)
    connection = sqlite3.connect(file)
    connection.execute(f"UPDATE entries SET {column} = ? WHERE key = ?", (value, b"0"))
    connection.commit()
    connection.close()
    cache = DiskCache(tmp_path)
    found = await cache.get_many(["0", "1"])
    fits = (column, type(value)) in {("etag", str), ("payload", bytes), ("etag", float)}
    assert set(found) == ({"0", "1"} if fits else {"1"})
    assert await works(cache)
    await cache.close()
    assert cache.trouble is None


async def test_a_folder_that_cannot_be_made_is_left_for_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file" / "cache", tmp_path / "nul\x00"):
        caplog.clear()
        cache = DiskCache(folder)
        assert await works(cache)
        await cache.close()
        assert cache.trouble
        assert str(tmp_path) not in cache.trouble
        assert said(caplog) == [f"the cache is kept in memory only: {folder}: {cache.trouble}"]


async def test_a_folder_that_may_only_be_read_is_left_for_memory(tmp_path: Path):
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("this user may write everywhere")
    cache = DiskCache(folder)
    assert await works(cache)
    await cache.close()
    assert cache.trouble


async def test_a_file_that_somebody_holds_for_ever_is_left_for_memory(tmp_path: Path):
    file = await written(tmp_path)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    cache = DiskCache(tmp_path)
    assert await works(cache)
    await cache.close()
    assert "locked" in (cache.trouble or "")
    holder.close()
    assert await reopened(tmp_path)


async def test_a_write_that_finds_no_turn_is_lost_and_no_more(tmp_path: Path):
    cache = DiskCache(tmp_path)
    assert await works(cache)
    holder = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    cache.put(an_entry("lost"))
    await cache.flush()
    assert await cache.get_many(["probe", "lost"]) == {"probe": an_entry("probe")}
    holder.execute("ROLLBACK")
    holder.close()
    assert await works(cache)
    await cache.close()
    assert cache.trouble is None


async def test_twenty_sessions_in_a_row(tmp_path: Path):
    for at in range(20):
        cache = DiskCache(tmp_path)
        assert len(await cache.get_many([str(each) for each in range(20)])) == at
        cache.put(an_entry(str(at)))
        await cache.close()
        assert cache.trouble is None


async def test_twenty_sessions_at_once(tmp_path: Path):
    caches = [DiskCache(tmp_path) for _ in range(20)]
    for at, cache in enumerate(caches):
        cache.put(an_entry(str(at)))
    await asyncio.gather(*(cache.flush() for cache in caches))
    keys = [str(at) for at in range(20)]
    for cache in caches:
        assert len(await cache.get_many(keys)) == 20
        await cache.close()
        assert cache.trouble is None


def test_what_fails_half_way_leaves_nothing():
    connection = connect(None)

    def half(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE pruned SET at = 5")
        raise KeyError

    with pytest.raises(KeyError):
        transaction(half)(connection)
    assert not connection.in_transaction
    assert connection.execute("SELECT at FROM pruned").fetchone() == (0,)
    connection.close()


def test_what_is_set_aside_takes_its_side_files_along(tmp_path: Path):
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / (FILE_NAME + suffix)).touch()
    assert set_aside(tmp_path / FILE_NAME)
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME + ".broken"]


@pytest.mark.parametrize(
    ("error", "broken"),
    [
        (sqlite3.DatabaseError("file is not a database"), True),
        (sqlite3.OperationalError("no such column: payload"), True),
        (sqlite3.OperationalError("disk I/O error"), False),
        (sqlite3.OperationalError("database or disk is full"), False),
        (sqlite3.IntegrityError("NOT NULL constraint failed"), False),
        (PermissionError(), False),
    ],
)
def test_only_a_fault_of_the_file_itself_costs_it_its_place(error: Exception, *, broken: bool):
    assert is_broken(error) == broken


# --- processes ------------------------------------------------------------------------------------


@contextmanager
def writer(folder: Path, name: str, count: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that writes; it has ended when this has, and is killed if need be."""
    command = [sys.executable, str(WRITER), str(folder), name, str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


async def test_two_processes_write_at_once(tmp_path: Path):
    with writer(tmp_path, "one", 300) as one, writer(tmp_path, "two", 300) as two:
        assert one.wait(60) == 0
        assert two.wait(60) == 0
    cache = DiskCache(tmp_path)
    keys = [f"{name}-{at}" for name in ("one", "two") for at in range(300)]
    found = await cache.get_many(keys)
    await cache.close()
    assert sorted(found) == sorted(keys)
    assert all(
        each.payload == (key.replace("-", " ") + " ").encode() * 400 for key, each in found.items()
    )
    assert whole(tmp_path)


@pytest.mark.parametrize("times", [1, 20, 60])
async def test_a_process_that_is_killed_leaves_the_others_fine(tmp_path: Path, times: int):
    witness = DiskCache(tmp_path)
    assert await works(witness)
    with writer(tmp_path, "doomed", 0) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"writing"
        for at in range(times):  # meanwhile the witness writes too
            witness.put(an_entry(str(at)))
            await witness.flush()
    assert process.returncode != 0
    assert await works(witness)
    found = await witness.get_many([f"doomed-{at}" for at in range(10)])
    assert len(found) == 10
    await witness.close()
    assert witness.trouble is None
    assert await reopened(tmp_path)


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_a_disk_that_takes_nothing_loses_nothing_that_it_has(tmp_path: Path, trouble: str):
    unshare = shutil.which("unshare")
    mount = f'mount -t tmpfs -o size=1m tmpfs "{tmp_path}"'
    alone = [unshare or "", "--user", "--map-root-user", "--mount", "sh", "-ec"]
    run = partial(subprocess.run, check=False, capture_output=True, text=True)
    if unshare is None or run([*alone, mount]).returncode:
        pytest.skip("this machine gives nobody a file system of their own")
    child = f'"{sys.executable}" "{MOUNTED}" "{tmp_path}" {trouble}'
    done = run([*alone, f"{mount}\n{child}"])
    assert (done.stdout, done.returncode) == ("fine\n", 0), done.stderr


async def test_fifty_processes_that_are_killed_lose_nothing_that_was_committed(tmp_path: Path):
    committed = set()
    for at in range(50):
        with writer(tmp_path, f"doomed{at}", 0) as process:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == b"writing"
        committed |= {f"doomed{at}-{number}" for number in range(10)}
    cache = DiskCache(tmp_path)
    found = await cache.get_many(sorted(committed))
    await cache.close()
    assert set(found) == committed
    assert cache.trouble is None
    assert whole(tmp_path)

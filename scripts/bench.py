"""The measurements behind scripts/bench. The registry is a peer on loopback, in its own process."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import bench_asking
from bench_hostile import hostile
from bench_locks import locks

from registry_lsp.ecosystems import discover
from support.editor import Editor, editor
from support.loopback import SILENCE, Act, LoopbackServer, Request
from support.registries import ABBREVIATED, NpmPackage, Registries

LATENCY = 0.05
"""Seconds that the registry takes for each answer."""
FEW, MANY = 100, 2000
"""Dependencies of the manifest that is opened, and of the one that is parsed and typed in."""
ROUNDS = 5


def main() -> None:
    parts = {
        "parse": parse,
        "hostile": hostile,
        "start": start,
        "first": starting,
        "open": opening,
        "type": typing,
        "ask": asking,
        "lock": locking,
    }
    for name in sys.argv[1:] or parts:
        outcome = parts[name]()
        if asyncio.iscoroutine(outcome):
            asyncio.run(outcome)


def parse() -> None:
    """The time that a manifest of 2,000 dependencies takes to be read, in each format."""
    lines = [f"package-{number}>=1.{number},<3" for number in range(MANY)]
    texts = {
        "package.json": manifest(MANY),
        "requirements.txt": "\n".join(lines),
        "pyproject.toml": '[project]\nname = "x"\ndependencies = [\n'
        + "".join(f'    "{line}",\n' for line in lines)
        + "]\n",
        "pnpm-workspace.yaml": "catalog:\n"
        + "".join(f"  package-{number}: ^1.{number}.0\n" for number in range(MANY)),
    }
    for format in (format for ecosystem in discover() for format in ecosystem.formats):
        for name, text in texts.items():
            if not format.matches(Path(name)):
                continue
            times = []
            for _ in range(31):
                began = time.perf_counter()
                read = format.parse(text)
                times.append(time.perf_counter() - began)
            assert len(read.dependencies) == MANY
            say(f"parse {name}, {MANY} dependencies", times, limit="15")


async def start() -> None:
    """The time from starting the process to the answer to ``initialize``."""
    times = []
    for _ in range(2 * ROUNDS):
        with project() as folder:
            began = time.perf_counter()
            async with editor(folder):
                times.append(time.perf_counter() - began)
    say("start of the process to the answer to initialize", times)


async def starting() -> None:
    """From nothing to the diagnostics of a file that is opened at once, known from the disk."""
    times = []
    with project() as folder, registry() as peer:
        await opened(folder, peer.address)
        peer.ask("silence")
        for _ in range(2 * ROUNDS):
            began = time.perf_counter()
            async with editor(folder, client="neovim", options=options(peer.address)) as it:
                uri = it.open("package.json", manifest(FEW))
                await it.diagnostics(uri, lambda shown: len(shown) == FEW)
                times.append(time.perf_counter() - began)
    say(f"start of the process to all diagnostics of {FEW} dependencies, warm", times)


async def opening() -> None:
    """Opening 100 dependencies, each answered after 50 ms: cold, then from the disk alone."""
    names = ("cold, first", "cold, all", "warm, first", "warm, all")
    times: dict[str, list[float]] = {name: [] for name in names}
    counts, peaks = [], []
    for _ in range(ROUNDS):
        with project() as folder, registry() as peer:
            first, whole, peak = await opened(folder, peer.address)
            times["cold, first"].append(first)
            times["cold, all"].append(whole)
            counts.append(peer.ask("count"))
            peaks.append(peak)
            # The warm start may lean neither on the registry nor on fresh answers.
            peer.ask("silence")
            age(folder)
            first, whole, _ = await opened(folder, peer.address)
            times["warm, first"].append(first)
            times["warm, all"].append(whole)
    limits = (f"{2 * LATENCY * 1000:.0f}", "1000", "150", "150")
    for name, limit in zip(names, limits, strict=True):
        say(f"didOpen of {FEW} dependencies to diagnostics: {name}", times[name], limit=limit)
    print(f"{'requests for them, cold':68} {statistics.median(counts):8.0f}")
    print(f"{'peak memory':68} {statistics.median(peaks) / 2**20:8.1f} MiB")


async def opened(folder: Path, address: str) -> tuple[float, float, int]:
    """Seconds from didOpen to the first and to all diagnostics, and the peak memory in bytes."""
    async with editor(folder, client="neovim", options=options(address)) as it:
        await ready(it)
        began = time.perf_counter()
        uri = it.open("package.json", manifest(FEW))
        await it.diagnostics(uri, lambda shown: len(shown) >= 1)
        first = time.perf_counter() - began
        await it.diagnostics(uri, lambda shown: len(shown) == FEW)
        return first, time.perf_counter() - began, peak_memory(it)


async def typing() -> None:
    """200 changes in a row to 2,000 dependencies, from the first to the settled diagnostics."""
    with project() as folder, registry() as peer:
        async with editor(folder, client="neovim", options=options(peer.address)) as it:
            uri = it.open("package.json", manifest(MANY))
            began = time.perf_counter()
            await it.diagnostics(uri, lambda shown: len(shown) == MANY)
            say(f"didOpen of {MANY} dependencies to all diagnostics", [time.perf_counter() - began])
            asked, published = peer.ask("count"), len(it.published[uri])
            before = peak_memory(it)
            began = time.perf_counter()
            for count in range(200):
                it.change(uri, manifest(MANY, typed="typed"[: 1 + count % 5]))
            await it.diagnostics(uri, lambda shown: len(shown) == MANY)
            say(
                "200 changes in a row to the diagnostics of the last", [time.perf_counter() - began]
            )
            print(f"{'publications meanwhile':68} {len(it.published[uri]) - published:8}")
            grown = (peak_memory(it) - before) / 2**20
            print(f"{'growth of peak memory meanwhile':68} {grown:8.1f} MiB")
            await it.diagnostics(uri, lambda shown: any("typed" in each.message for each in shown))
            print(f"{'requests meanwhile':68} {peer.ask('count') - asked:8}")


async def asking() -> None:
    """Questions about 500 dependencies."""
    with project() as folder, registry() as peer:
        await bench_asking.asking(folder, options(peer.address))
    with project() as folder, registry() as peer:
        await bench_asking.loading(folder, options(peer.address))


async def locking() -> None:
    """What is waited for while a large lock file is read."""
    with project() as folder:
        await locks(folder)


# --- the stage --------------------------------------------------------------------------------


class Peer:
    """The registry in its own process."""

    def __init__(self, pipe: Connection, address: str) -> None:
        self._pipe = pipe
        self.address = address

    def ask(self, word: str) -> int:
        """Tell it to do something; the number of requests so far."""
        self._pipe.send(word)
        return int(self._pipe.recv())


@contextmanager
def registry() -> Iterator[Peer]:
    """A registry that has every package, and answers after LATENCY."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there,))
    process.start()
    try:
        yield Peer(here, here.recv())
    finally:
        here.send("stop")
        process.join()


def serve(pipe: Connection) -> None:
    """Be the registry until told to stop."""
    packages = {
        f"package-{number}": NpmPackage(versions={f"1.{minor}.0": {} for minor in range(100)})
        for number in range(MANY)
    }
    versions = {f"1.{number // 50}.{number % 50}": {} for number in range(3000)}
    packages["package-0"] = NpmPackage(versions=versions)
    registries = Registries(npm=packages)
    # Its answers are made beforehand: what is measured is the one who asks.
    ready: dict[str, Act] = {}
    is_silent = False

    async def answer(request: Request) -> Act:
        if is_silent:
            return SILENCE
        return ready.get(request.path) or await registries(request)

    async def run() -> None:
        nonlocal is_silent
        for name in packages:
            asked = Request(method="GET", path=f"/npm/{name}", headers={"accept": ABBREVIATED})
            ready[asked.path] = await registries(asked)
        async with LoopbackServer(answer, latency=LATENCY) as server:
            pipe.send(server.url)
            while (word := await asyncio.to_thread(pipe.recv)) != "stop":
                is_silent = word == "silence"
                pipe.send(len(server.requests))

    asyncio.run(run())


def age(folder: Path) -> None:
    """Make everything in the project's cache stale."""
    (file,) = folder.rglob("cache-*.sqlite3")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE entries SET fresh_until = 0")


@contextmanager
def project() -> Iterator[Path]:
    """An empty project."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def manifest(count: int, typed: str | None = None) -> str:
    """A package.json of *count* dependencies, every one outdated; *typed* is a half-typed name."""
    dependencies = {f"package-{number}": "1.1.0" for number in range(count)}
    if typed is not None:
        dependencies[typed] = "1.0.0"
    return json.dumps({"dependencies": dependencies}, indent=2)


def options(address: str) -> dict[str, object]:
    return {"registries": {"npm": {"url": address + "npm/"}}}


async def ready(it: Editor) -> None:
    """Wait until the server has begun and settled: what it does at its start is measured apart."""
    other = it.open("requirements.txt", "x==\n")
    await it.diagnostics(other, bool)
    await asyncio.sleep(0.5)


def peak_memory(it: Editor) -> int:
    """The server's peak resident memory in bytes; 0 where the system does not tell."""
    status = Path(f"/proc/{it.process.pid}/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def say(what: str, seconds: Sequence[float], limit: str | None = None) -> None:
    """One line: the median in milliseconds, the extremes, and what it should be at most."""
    low, middle, high = (1000 * pick(seconds) for pick in (min, statistics.median, max))
    wish = f", wanted {limit} or less" if limit else ""
    print(f"{what:68} {middle:8.1f} ms  ({low:.1f} to {high:.1f}{wish})", flush=True)


if __name__ == "__main__":
    main()

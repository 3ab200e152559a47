"""The ``check`` command: from paths to a report on the screen and an exit code."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from registry_lsp.checking import document, table
from registry_lsp.checking.find import ManifestFile, find_manifests
from registry_lsp.checking.output import deliver
from registry_lsp.checking.report import CheckedFile, Report, report
from registry_lsp.core import settings as core_settings
from registry_lsp.core.ports import Ecosystem
from registry_lsp.core.settings import Settings
from registry_lsp.core.text import printable


class Checker(Protocol):
    """What judges manifests: the application's own, or a peer of it in a test.

    ``progress`` is told how many of how many dependencies are judged.
    """

    def __call__(
        self,
        files: Sequence[ManifestFile],
        settings: Settings,
        *,
        environ: Mapping[str, str],
        progress: Callable[[int, int], None],
    ) -> Awaitable[list[CheckedFile]]:
        """The verdicts on *files*, in their order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line asks for. ``format`` is 'table' or 'json', ``color`` 'auto',
    'always' or 'never'.
    """

    paths: tuple[Path, ...]
    format: str = "table"
    color: str = "auto"
    offline: bool = False
    cached: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """Where the report goes, and where everything else does."""

    out: TextIO
    err: TextIO


def run(
    request: Request,
    check: Checker,
    *,
    ecosystems: Sequence[Ecosystem],
    home: Path,
    environ: Mapping[str, str],
    streams: Streams,
) -> int:
    """Check what is asked for, print the report, and give the exit code.

    0: nothing at warning or above; 1: something is; 2: a path that is no manifest, a folder or
    a manifest that could not be read, a report that could not be written, or a registry that
    could not be asked about a package, whether or not something was known of it before: only
    who asks for no more (``offline``) is content with that.
    """
    settings, complaints = _settings(request, ecosystems, environ)
    _tell(streams.err, complaints)
    search = find_manifests(request.paths, ecosystems, home=home, environ=environ)
    _tell(streams.err, search.complaints)
    if search.complaints and not search.files:
        return 2
    if not search.files:
        below = ", ".join(str(path) for path in request.paths)
        _tell(streams.err, [f"no manifests below {below}"])
    checked: list[CheckedFile] = []
    if search.files:
        with _progress(streams.err, environ) as progress:
            verdicts = check(search.files, settings, environ=environ, progress=progress)
            checked = asyncio.run(_awaited(verdicts))
    found = report(checked, settings, now=time.time())
    failure = _print(found, request, environ, streams.out)
    _tell(streams.err, found.notes)
    if failure is not None:
        _tell(streams.err, [f"the report could not be written: {failure}"])
        return 2
    return 2 if search.complaints else found.exit_code


def _settings(
    request: Request, ecosystems: Sequence[Ecosystem], environ: Mapping[str, str]
) -> tuple[Settings, tuple[str, ...]]:
    names = [each.name for each in ecosystems]
    settings, complaints = core_settings.load(None, environ, ecosystems=names)
    network = replace(settings.network, offline=settings.network.offline or request.offline)
    cache = replace(settings.cache, enabled=settings.cache.enabled and request.cached)
    return replace(settings, network=network, cache=cache), complaints


async def _awaited(checked: Awaitable[list[CheckedFile]]) -> list[CheckedFile]:
    """*checked*, which Ctrl-C cancels and then goes on as KeyboardInterrupt; a second one breaks
    in at once. Python 3.11 does so by itself, where 3.10 breaks in anywhere and may lose it.
    """
    if threading.current_thread() is not threading.main_thread():
        return await checked
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    previous = signal.getsignal(signal.SIGINT)
    is_interrupted = False

    def interrupt(*_: object) -> None:
        nonlocal is_interrupted
        is_interrupted = True
        signal.signal(signal.SIGINT, previous)
        if task is not None:
            loop.call_soon_threadsafe(task.cancel)

    signal.signal(signal.SIGINT, interrupt)
    try:
        return await checked
    except asyncio.CancelledError:
        if is_interrupted:
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGINT, previous)


@contextmanager
def _progress(err: TextIO, environ: Mapping[str, str]) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing anywhere else; it is gone when the report comes."""
    console = Console(file=err, _environ=environ)
    columns = (TextColumn("asking registries"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class _Console(Console):
    """A console that leaves a broken pipe to who printed."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704 - rich calls this while it handles the error


def _print(found: Report, request: Request, environ: Mapping[str, str], out: TextIO) -> str | None:
    """Print the report; why that failed, where it did."""
    if request.format == "json":
        return deliver(out, lambda: out.write(document.render(found)))
    return deliver(out, lambda: table.draw(found, _console(request.color, environ, out)))


def _console(color: str, environ: Mapping[str, str], out: TextIO) -> Console:
    always, never = color == "always", color == "never"
    console = _Console(
        file=out,
        force_terminal=True if always else None,
        color_system=None if never else "standard" if always else "auto",
        no_color=False if always else None,
        markup=False,
        emoji=False,
        highlight=False,
        _environ=environ,
    )
    # Into a file or another program nothing need be folded at a screen's edge.
    on_screen = console.is_terminal or "COLUMNS" in environ
    console.width = max(table.LEAST_WIDTH, console.width) if on_screen else table.FILE_WIDTH
    return console


def _tell(err: TextIO, sentences: Sequence[str]) -> None:
    text = "".join(f"registry-lsp: {printable(sentence, 1000)}\n" for sentence in sentences)
    deliver(err, lambda: err.write(text))

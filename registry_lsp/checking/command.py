"""The ``check`` command: from paths to a report on the screen and an exit code."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from registry_lsp.checking import document, table
from registry_lsp.checking.checked import CheckedFile
from registry_lsp.checking.report import Report, report
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.settings import Settings
from registry_lsp.core.text import printable
from registry_lsp.finding.find import find_manifests
from registry_lsp.finding.included import ManifestFile
from registry_lsp.terminal.console import Streams, console, moving, tell
from registry_lsp.terminal.interrupts import awaited
from registry_lsp.terminal.output import INVALID_PARAMETER, deliver, error_record, json_text
from registry_lsp.terminal.settings import command_settings


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
    settings, complaints = command_settings(
        ecosystems, environ, offline=request.offline, cached=request.cached
    )
    tell(streams.err, complaints)
    search = find_manifests(request.paths, ecosystems, home=home, environ=environ)
    tell(streams.err, search.complaints)
    if search.complaints and not search.files:
        if request.format == "json":
            said = "; ".join(printable(each, 1000) for each in search.complaints)
            text = json_text(error_record(INVALID_PARAMETER, f"{said}."))
            deliver(streams.out, lambda: streams.out.write(text))
        return 2
    if not search.files:
        below = ", ".join(str(path) for path in request.paths)
        tell(streams.err, [f"no manifests below {below}"])
    checked: list[CheckedFile] = []
    if search.files:
        with _progress(streams.err, environ) as progress:
            verdicts = check(search.files, settings, environ=environ, progress=progress)
            checked = asyncio.run(awaited(verdicts))
    found = report(checked, settings, now=time.time())
    failure = _print(found, request, environ, streams.out)
    tell(streams.err, found.notes)
    if failure is not None:
        tell(streams.err, [f"the report could not be written: {failure}"])
        return 2
    return 2 if search.complaints else found.exit_code


@contextmanager
def _progress(err: TextIO, environ: Mapping[str, str]) -> Iterator[Callable[[int, int], None]]:
    """A bar on a screen, nothing anywhere else; it is gone when the report comes."""
    screen = moving(err, environ)
    columns = (TextColumn("asking registries"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, console=screen, transient=True, disable=screen is None)
    with bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print(found: Report, request: Request, environ: Mapping[str, str], out: TextIO) -> str | None:
    """Print the report; why that failed, where it did."""
    if request.format == "json":
        return deliver(out, lambda: out.write(document.render(found)))
    return deliver(out, lambda: table.draw(found, console(request.color, environ, out)))

"""A query on the command line: from arguments to a record on the screen and an exit code."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console
from rich.status import Status

from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.settings import Settings
from registry_lsp.queries import errors, screen
from registry_lsp.queries.errors import QueryError
from registry_lsp.queries.records import Record
from registry_lsp.terminal.console import Streams, console, moving, tell
from registry_lsp.terminal.interrupts import awaited
from registry_lsp.terminal.output import INVALID_PARAMETER, deliver, json_text
from registry_lsp.terminal.settings import command_settings

_OF_USAGE = frozenset({INVALID_PARAMETER, errors.UNKNOWN_REGISTRY, errors.UNKNOWN_PERIOD})


class Answerer(Protocol):
    """Who answers queries: the application's own, or a peer of it in a test."""

    def __call__(
        self,
        operation: str,
        parameters: Mapping[str, object],
        settings: Settings,
        *,
        environ: Mapping[str, str],
    ) -> Awaitable[Record]:
        """The record that answers. Raises :class:`QueryError`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line asks. ``color`` is 'auto', 'always' or 'never'."""

    operation: str
    parameters: Mapping[str, object]
    as_json: bool = False
    color: str = "auto"
    offline: bool = False
    cached: bool = True


def run(
    request: Request,
    answer: Answerer,
    *,
    ecosystems: Sequence[Ecosystem],
    environ: Mapping[str, str],
    streams: Streams,
) -> int:
    """Ask, print the record or the error, and give the exit code.

    0: there is an answer; 1: there is none; 2: the question makes no sense, or the answer could
    not be written.
    """
    settings, complaints = command_settings(
        ecosystems, environ, offline=request.offline, cached=request.cached
    )
    tell(streams.err, complaints)
    try:
        with _waiting(moving(streams.err, environ)):
            asked = answer(request.operation, request.parameters, settings, environ=environ)
            record = asyncio.run(awaited(asked))
    except QueryError as error:
        code = 2 if error.code in _OF_USAGE else 1
        if not request.as_json:
            tell(streams.err, [error.message])
            return code
        record, status = error.record(), code
    else:
        status = 1 if _is_beyond(record) else 0
    failure = _print(request, record, environ, streams, ecosystems)
    if failure is not None:
        tell(streams.err, [f"the answer could not be written: {failure}"])
        return 2
    return status


def _is_beyond(record: Record) -> bool:
    """Whether a page was asked for that there is not."""
    page, pages = record.get("page"), record.get("pages")
    return isinstance(page, int) and isinstance(pages, int) and page > max(pages, 1)


def _waiting(shown: Console | None) -> AbstractContextManager[object]:
    """Something that moves on a screen, nothing anywhere else; gone when the answer comes."""
    return nullcontext() if shown is None else Status("asking the registry", console=shown)


def _print(
    request: Request,
    record: Record,
    environ: Mapping[str, str],
    streams: Streams,
    ecosystems: Sequence[Ecosystem],
) -> str | None:
    """Print the record; why that failed, where it did."""
    if request.as_json:
        return deliver(streams.out, lambda: streams.out.write(json_text(record)))
    shown = console(request.color, environ, streams.out)
    names = {each.name: each.runtime_name for each in ecosystems}
    name = names.get(record.get("registry", ""), "")
    return deliver(
        streams.out, lambda: screen.draw(request.operation, record, shown, runtime_name=name)
    )

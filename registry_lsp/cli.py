"""The command line: serve an editor, check manifests, or ask about a package.

Only argparse is imported here; what does the work is imported when it is asked for, so that
``--version`` and a usage error come at once, and a server is there as soon as it can be.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import takewhile
from pathlib import Path

from registry_lsp.core.home import home
from registry_lsp.core.operations import OPERATIONS
from registry_lsp.terminal.arguments import UsageError, parser
from registry_lsp.terminal.output import INVALID_PARAMETER, deliver, error_record, json_text

_INTERRUPTED = 130
"""128 and SIGINT's number, as shells have it."""

_AS_JSON = (["--json"], ["--format=json"], ["--format", "json"])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the answer is the exit code.

    *argv* are the arguments without the program's name, None for those of the process. A usage
    error leaves by SystemExit with 2, as argparse does.
    """
    if sys.stderr is None:  # who started this has closed it
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - to the end
    arguments = _parsed(argv)
    try:
        if arguments.command is None:
            return _serve()
        if arguments.command == "completion":
            return _complete(arguments)
        return _check(arguments) if arguments.command == "check" else _ask(arguments)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    try:
        return parser().parse_args(argv)
    except UsageError as error:
        if _asks_for_json(sys.argv[1:] if argv is None else argv):
            _record(error.message)
        argparse.ArgumentParser.error(error.parser, error.message)
    except SystemExit:
        # --version and --help have written something by now, which may not have arrived yet.
        failure = deliver(sys.stdout) if sys.stdout is not None else None
        if failure is None:
            raise
        raise SystemExit(_failed(f"standard output: {failure}")) from None


def _asks_for_json(argv: Sequence[str]) -> bool:
    """Whether arguments that could not be understood ask for an answer for programs."""
    options = list(takewhile(lambda each: each != "--", argv))
    places = range(len(options))
    return any(options[at : at + len(form)] == form for form in _AS_JSON for at in places)


def _record(message: str) -> None:
    """Say on standard output, as other errors are told to programs, what is wrong with the
    arguments.
    """
    if sys.stdout is not None:
        sentence = f"{message[:1].upper()}{message[1:].removesuffix('.')}."
        text = json_text(error_record(INVALID_PARAMETER, sentence))
        deliver(sys.stdout, lambda: sys.stdout.write(text))


def _failed(why: str) -> int:
    """Say it on standard error; the exit code."""
    deliver(sys.stderr, lambda: sys.stderr.write(f"registry-lsp: {why}\n"))
    return 2


def _check(arguments: argparse.Namespace) -> int:
    from registry_lsp import app
    from registry_lsp.checking.command import Request, run
    from registry_lsp.ecosystems import discover
    from registry_lsp.terminal.console import Streams

    if sys.stdout is None:
        return _failed("standard output is closed: the report has nowhere to go")
    for stream in (sys.stdout, sys.stderr):
        _make_encodable(stream)
    logging.basicConfig(level=logging.WARNING, format="registry-lsp: %(message)s")
    request = Request(
        paths=tuple(arguments.paths or [Path()]),
        format=arguments.format,
        color=arguments.color,
        offline=arguments.offline,
        cached=not arguments.no_cache,
    )
    return run(
        request,
        app.check,
        ecosystems=discover(),
        home=home(),
        environ=os.environ,
        streams=Streams(out=sys.stdout, err=sys.stderr),
    )


def _ask(arguments: argparse.Namespace) -> int:
    from registry_lsp import app
    from registry_lsp.ecosystems import discover
    from registry_lsp.queries.command import Request, run
    from registry_lsp.terminal.console import Streams

    if sys.stdout is None:
        return _failed("standard output is closed: the answer has nowhere to go")
    for stream in (sys.stdout, sys.stderr):
        _make_encodable(stream)
    logging.basicConfig(level=logging.WARNING, format="registry-lsp: %(message)s")
    operation = next(each for each in OPERATIONS if each.name == arguments.command)
    names = (*operation.needed, *operation.optional)
    request = Request(
        operation=operation.name,
        parameters={name: getattr(arguments, name) for name in names},
        as_json=arguments.json,
        color=arguments.color,
        offline=arguments.offline,
        cached=not arguments.no_cache,
    )
    streams = Streams(out=sys.stdout, err=sys.stderr)
    return run(request, app.ask, ecosystems=discover(), environ=os.environ, streams=streams)


def _complete(arguments: argparse.Namespace) -> int:
    from registry_lsp.ecosystems import discover
    from registry_lsp.terminal.shells import completion

    if sys.stdout is None:
        return _failed("standard output is closed: the script has nowhere to go")
    registries = sorted(each.name for each in discover())
    script = completion(parser(), arguments.shell, registries)
    failure = deliver(sys.stdout, lambda: sys.stdout.write(f"{script.rstrip()}\n"))
    return 0 if failure is None else _failed(f"standard output: {failure}")


def _make_encodable(stream: object) -> None:
    """Let the stream take any text: as UTF-8 on Windows, whose own code pages lack most of it,
    and elsewhere in the terminal's encoding with escapes for what that lacks.
    """
    if isinstance(stream, TextIOWrapper):
        encoding = "utf-8" if sys.platform == "win32" else None
        stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _serve() -> int:
    if sys.stdin is None or sys.stdout is None:
        return _failed("an editor speaks on standard input and output, and one of them is closed")
    if sys.stdin.isatty():
        sys.stderr.write(
            "registry-lsp: waiting for an editor on standard input;"
            " Ctrl-C stops, 'registry-lsp --help' says what else there is\n"
        )
        sys.stderr.flush()
    from registry_lsp import app

    return app.serve()

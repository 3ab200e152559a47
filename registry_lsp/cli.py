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
from typing import Any, NoReturn

from registry_lsp import __version__
from registry_lsp.core.operations import LARGEST_PAGE, OPERATIONS, PAGE_SIZE, PERIODS, Operation
from registry_lsp.terminal.output import INVALID_PARAMETER, deliver, error_record, json_text

_INTERRUPTED = 130
"""128 and SIGINT's number, as shells have it."""

_MAIN_EXAMPLES = """\
examples:
  registry-lsp                     serve an editor on standard input and output
  registry-lsp check               check the manifests below this folder
  registry-lsp check --help        say more about checking
  registry-lsp package npm react   say what is known of a package
"""

_CHECK_EXAMPLES = """\
examples:
  registry-lsp check                        all manifests below this folder
  registry-lsp check web/package.json       one file
  registry-lsp check --format json api web  for another program
  registry-lsp check --offline              only what the cache knows

exit codes:
  0  nothing at warning or above
  1  at least one warning or error
  2  a usage error, or something that could not be read or asked
"""

_QUERY_EPILOG = """\
exit codes:
  0  there is an answer
  1  there is none, and why not is said
  2  a usage error
"""

_AS_JSON = (["--json"], ["--format=json"], ["--format", "json"])

_PARAMETERS = {
    "registry": "npm (or node, nodejs) or pypi (or python, pip)",
    "name": "the package's name",
    "version": "a version, or a dist-tag of npm's",
    "query": "what to look for",
    "page": "which page of the answer (default: 1)",
    "page_size": f"entries of a page, at most {LARGEST_PAGE} (default: {PAGE_SIZE})",
    "period": f"one of {', '.join(PERIODS)} (default: last-month); for PyPI always"
    " the last day, week and month",
}


class _UsageError(Exception):
    """Arguments that nobody can make sense of, and the parser that says so."""

    def __init__(self, parser: argparse.ArgumentParser, message: str) -> None:
        super().__init__(message)
        self.parser = parser
        self.message = message


class _Parser(argparse.ArgumentParser):
    """A parser, as are those of its commands, that leaves saying what is wrong to who called it."""

    def error(self, message: str) -> NoReturn:
        raise _UsageError(self, message)


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
        return _check(arguments) if arguments.command == "check" else _ask(arguments)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    try:
        return _parser().parse_args(argv)
    except _UsageError as error:
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


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="registry-lsp",
        description="A language server for the dependency manifests of npm and Python projects.",
        epilog=_MAIN_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"registry-lsp {__version__}")
    parser.add_argument(
        "--stdio",
        action="store_true",
        help="serve on standard input and output; the default, and the only way there is",
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    _add_check(
        commands.add_parser(
            "check",
            help="check manifests and report on the screen",
            description="Look up every dependency of the manifests in their registries.",
            epilog=_CHECK_EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
    )
    for operation in OPERATIONS:
        _add_query(commands, operation)
    return parser


def _add_query(commands: Any, operation: Operation) -> None:
    about = operation.about
    parser = commands.add_parser(
        operation.name,
        help=f"ask about a package: {about}",
        description=f"Ask {operation.whom}: {about}.",
        epilog=_QUERY_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for name in operation.needed:
        parser.add_argument(name, metavar=name.upper(), help=_PARAMETERS[name])
    for name in operation.optional:
        if name == "version":
            parser.add_argument(name, metavar="VERSION", nargs="?", help=_PARAMETERS[name])
            continue
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=_whole if name in ("page", "page_size") else str,
            metavar=name.upper(),
            help=_PARAMETERS[name],
        )
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    _add_common(parser)


def _whole(text: str) -> int | str:
    """A number, or what is none: the query itself refuses that, with --json as an object."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="a manifest, or a folder to look for manifests in (default: this folder)",
    )
    parser.add_argument(
        "--format",
        choices=("table", "json"),
        default="table",
        help="a table for people (the default) or JSON for programs",
    )
    parser.add_argument(
        "--json", dest="format", action="store_const", const="json", help="as --format json"
    )
    _add_common(parser)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--offline", action="store_true", help="ask nobody; use only what the cache knows"
    )
    parser.add_argument(
        "--no-cache", action="store_true", help="neither read nor write the cache on disk"
    )
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colours: on a terminal (auto, the default), always or never",
    )


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
        home=Path.home(),
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

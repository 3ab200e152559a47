"""What the command line takes: its commands, their arguments and what is said of each."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

from registry_lsp import __version__
from registry_lsp.core.operations import LARGEST_PAGE, OPERATIONS, PAGE_SIZE, PERIODS, Operation

SHELLS = ("bash", "zsh", "fish", "powershell", "tcsh")
"""Those whose completion can be written."""

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

_COMPLETION_EPILOG = """\
examples:
  eval "$(registry-lsp completion bash)"                 in ~/.bashrc
  eval "$(registry-lsp completion zsh)"                  in ~/.zshrc, below compinit
  registry-lsp completion fish | source                  in ~/.config/fish/config.fish
  registry-lsp completion powershell | Out-String | Invoke-Expression    in $PROFILE
  registry-lsp completion tcsh > ~/.registry-lsp.tcsh    once, and in ~/.tcshrc:
  source ~/.registry-lsp.tcsh
"""

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


class UsageError(Exception):
    """Arguments that nobody can make sense of, and the parser that says so."""

    def __init__(self, parser: argparse.ArgumentParser, message: str) -> None:
        super().__init__(message)
        self.parser = parser
        self.message = message


class _Parser(argparse.ArgumentParser):
    """A parser, as are those of its commands, that leaves saying what is wrong to who called it."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(self, message)


def parser() -> argparse.ArgumentParser:
    """The command line; parsing raises UsageError for what nobody can make sense of."""
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
    completion = commands.add_parser(
        "completion",
        help="write the completion of these commands for a shell",
        description="Write a script that completes these commands, for the shell to read in.",
        epilog=_COMPLETION_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    completion.add_argument("shell", choices=SHELLS, help="the shell that is to complete them")
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

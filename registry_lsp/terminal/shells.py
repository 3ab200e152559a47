"""The completion of the command line for shells, written by shtab from what the parser says."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

import shtab

from registry_lsp.core.operations import PERIODS

_OF_ONE_FILE = {"tcsh": ("'p/*/()/'", "'p/*/f/'"), "zsh": ('"(*)::', '"*:')}
"""What shtab writes for shells of which it has the first of several files completed only, and what
completes them all.
"""


def completion(parser: argparse.ArgumentParser, shell: str, registries: Sequence[str]) -> str:
    """The script that makes *shell* (one of `arguments.SHELLS`) complete *parser*'s commands.

    *registries* are the names to offer where one is wanted. The parser is spent by this: it takes
    no other names of registries or periods any more.
    """
    for action in _actions(parser):
        if action.dest == "registry":
            action.choices = registries
        elif action.dest == "period":
            action.choices = PERIODS
        elif action.dest == "paths":
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # as shtab asks for it
    script = shtab.complete(parser, shell=shell)
    return script.replace(*_OF_ONE_FILE[shell]) if shell in _OF_ONE_FILE else script


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for below in action.choices.values():
                yield from _actions(below)

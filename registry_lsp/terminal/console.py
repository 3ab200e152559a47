"""The screen, or whatever standard output is: how wide it is, and what it can show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, TextIO, cast

from rich.console import Console

from registry_lsp.core.text import printable
from registry_lsp.terminal.output import deliver

LEAST_WIDTH = 60
"""Columns that tables need to be read with ease; a narrower screen wraps them."""
FILE_WIDTH = 160
"""Columns where there is no screen."""
_BLANKS = re.compile(r" +(?=\n)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """Where the report goes, and where everything else does."""

    out: TextIO
    err: TextIO


class _Trimmed:
    """A stream that leaves out the blanks at the ends of lines: tables fill their last column with
    them, which a screen does not show and a file keeps.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        """Write *text*, of which no line is without its end."""
        self._out.write(_BLANKS.sub("", text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


class _Console(Console):
    """A console that leaves a broken pipe to who printed."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704 - rich calls this while it handles the error


def console(color: str, environ: Mapping[str, str], out: TextIO) -> Console:
    """A console on *out*; *color* is 'auto', 'always' or 'never'."""
    always, never = color == "always", color == "never"
    made = _Console(
        file=out if out.isatty() else cast("IO[str]", _Trimmed(out)),
        force_terminal=True if always else None,
        color_system=None if never else "standard" if always else "auto",
        no_color=False if always else None,
        markup=False,
        emoji=False,
        highlight=False,
        _environ=environ,
    )
    # Into a file or another program nothing need be folded at a screen's edge.
    on_screen = made.is_terminal or "COLUMNS" in environ
    made.width = max(LEAST_WIDTH, made.width) if on_screen else FILE_WIDTH
    return made


def moving(err: TextIO, environ: Mapping[str, str]) -> Console | None:
    """A console for what moves while somebody waits; None where *err* is no screen, whatever the
    environment says of colours: what moves fills a log with lines.
    """
    return console("auto", environ, err) if err.isatty() else None


def tell(err: TextIO, sentences: Sequence[str]) -> None:
    """Say *sentences* on standard error, a line each."""
    text = "".join(f"registry-lsp: {printable(sentence, 1000)}\n" for sentence in sentences)
    deliver(err, lambda: err.write(text))

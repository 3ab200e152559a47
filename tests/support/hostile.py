"""Texts that nobody writes: what is repeated in them has brought readers to their knees."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

PIECES = (
    *("[", "{", "(", "}", "]", '{"a":', "a={", "[[", "- ", "{[", "[{a="),
    *('"', "'", '"""\n', "'''\n", '["a",', '"a": "1",\n', "a = 1\n", "a: ", "a:\n", "? a\n: "),
    *("\\", "\\\n", "\\u0041", "\\n", "\\ud800", "\n", "\r\n ", "\n\t- ", " ", "\t", "#", "\n# "),
    *(
        "/*\n",
        "//\n",
        "\n[a.b]\n",
        "\n[[a]]\n",
        "a.",
        "1.",
        "9",
        "1||",
        ">=1,",
        ">=1 ",
        "^",
        "*",
        "-",
    ),
    *(
        ",",
        "=",
        ":",
        "@",
        ";",
        "|\n  ",
        "&a *a ",
        "!",
        "${A}",
        "$a",
        "%41",
        "x",
        "é",
        "🚀",
        "\u2028",
    ),
    *("\x00", "\ud800", "\udfff", "\x85", "\ufeff", " --hash=", "\n-e ", "\n-r x", " @ https://a"),
    *(" and (os_name == 'a' or ", "'a' in ", "\n# /// script\n# ///", "{root:", "npm:a@", "a>"),
)


def cpu(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, float]:
    """What *work* returns, and the seconds of this process's own time that it takes."""
    began = process_time()
    result = work(*args, **kwargs)
    return result, process_time() - began


def repeated(piece: str, size: int) -> str:
    """*piece* as often as makes about *size* characters."""
    return piece * (size // len(piece))

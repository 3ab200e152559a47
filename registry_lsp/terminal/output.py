"""The standard streams: what is written gets there, or it is said why not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, TextIO

INVALID_PARAMETER = "invalid-parameter"
"""The code of an error in what somebody asked with."""


def deliver(stream: TextIO, write: Callable[[], object] = lambda: None) -> str | None:
    """Have *write* write to *stream*, and see all of it off; why it cannot be, None where it can.

    A reader that has seen enough (``| head``) is no failure. After either what is left goes
    nowhere: the interpreter flushes the standard streams once more at its end, and would wail.
    """
    try:
        write()
        stream.flush()
    except BrokenPipeError:
        _abandon(stream)
    except OSError as error:
        _abandon(stream)
        return error.strerror or "it cannot be written to"
    return None


def json_text(document: Mapping[str, Any]) -> str:
    """A document for programs: printable ASCII, so that no terminal takes it for an order."""
    text = json.dumps(document, indent=2, ensure_ascii=True)
    return text.replace("\x7f", "\\u007f") + "\n"


def error_record(code: str, message: str, *, retryable: bool = False) -> dict[str, object]:
    """Why there is no answer, as programs get it; *retryable* says that there may be one later."""
    return {"error": {"code": code, "message": message, "retryable": retryable}}


def _abandon(stream: TextIO) -> None:
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - os.devnull is no path on Windows
        os.dup2(nowhere.fileno(), stream.fileno())

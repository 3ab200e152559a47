"""What a command is called with, one object or nothing, and how it answers that it has failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def argument(arguments: tuple[Any, ...], name: str) -> str | None:
    """The text that stands under *name* in the object that a command was called with; a text in
    place of the object is meant too, where there is but one thing to say.
    """
    given = arguments[0] if arguments else None
    if isinstance(given, Mapping):
        given = given.get(name)
    return given if isinstance(given, str) and given else None


def shown_already(answer: Mapping[str, Any]) -> dict[str, Any]:
    """*answer*, whose error the user has been shown: a client that shows the errors of commands
    has no need to.
    """
    return {**answer, "error": {**answer["error"], "shown": True}}

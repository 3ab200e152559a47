"""What versions are sorted by. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias


class Key(Protocol):
    """What versions of one scheme are sorted by."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __gt__(self, other: Any, /) -> bool: ...


KeyOf: TypeAlias = Callable[[str], Key | None]
"""Sorts versions as their ecosystem does; None for what is no version."""

"""Keeping what was worked out of an object for as long as that very object is asked about."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")


class ByIdentity(Generic[S, T]):
    """What was worked out of the last *most* objects: by which object it is, not by what it says,
    for comparing two that say much takes longer than working it out.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[tuple[int, Hashable], tuple[S, T]] = {}

    def get(self, subject: S, way: Hashable, make: Callable[[], T]) -> T:
        """What *make* makes of *subject* in this *way*, once."""
        kept = self._kept.get((id(subject), way))
        # One that is kept is alive, so that nothing else has its identity.
        return kept[1] if kept is not None else self.keep(subject, way, make())

    def find(self, subject: S, way: Hashable) -> T | None:
        """What was worked out of *subject* in this *way*; None where nothing is kept of it."""
        kept = self._kept.get((id(subject), way))
        return kept[1] if kept is not None else None

    def keep(self, subject: S, way: Hashable, it: T) -> T:
        """Keep *it*, for whoever works it out in a way of their own."""
        self._kept[(id(subject), way)] = (subject, it)
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        return it

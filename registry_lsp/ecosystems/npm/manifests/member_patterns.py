"""The patterns that name the folders of a workspace's members: ``packages/*``, ``!**/test``. Pure.

Those of npm's ``@npmcli/map-workspaces``, which pnpm, Yarn and Bun share but for the finest
points: what stands between braces or parentheses is taken for anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

LEFT_OUT = frozenset({"node_modules", "bower_components"})
"""Folders that no manager looks for members in."""

_DEEP = "**"
_ALTERNATIVES = re.compile(r"\{[^{}]*\}|[!@+*?]?\([^()]*\)")
_WILD = re.compile(r"[*?\[]")


def is_member(steps: Sequence[str], patterns: Iterable[str]) -> bool:
    """Whether the folder that lies *steps* below a root is one of the workspaces that the root's
    *patterns* name. Of those that match it the last decides: '!' takes out.
    """
    is_inside = False
    for pattern in patterns:
        if _matches(steps, pattern_steps(pattern)):
            is_inside = not is_exclusion(pattern)
    return is_inside


def is_exclusion(pattern: str) -> bool:
    """Whether *pattern* takes folders out."""
    return (len(pattern) - len(pattern.lstrip("!"))) % 2 == 1


@lru_cache(maxsize=1024)
def pattern_steps(pattern: str) -> tuple[str, ...]:
    """*pattern* step by step, without the '!' before it."""
    wanted = pattern.lstrip("!").replace("\\", "/").strip("/").removeprefix("./")
    return tuple(_ALTERNATIVES.sub("*", wanted).split("/"))


class Reach:
    """How far the steps to a folder have led into one pattern: the places in it, from which a
    further step may lead on.
    """

    __slots__ = ("_pattern", "_places")

    def __init__(self, pattern: Sequence[str], places: Iterable[int] = (0,)) -> None:
        self._pattern = pattern
        self._places = _closed(set(places), pattern)

    @property
    def is_whole(self) -> bool:
        """Whether the folder itself matches."""
        return len(self._pattern) in self._places

    @property
    def is_open(self) -> bool:
        """Whether the folder, or one within it, may match."""
        return bool(self._places)

    @property
    def names(self) -> frozenset[str] | None:
        """The names that lead on; None where any may."""
        wanted = [self._pattern[at] for at in self._places if at < len(self._pattern)]
        return None if any(_WILD.search(each) for each in wanted) else frozenset(wanted)

    def step(self, name: str) -> Reach:
        """How far the folder *name* in this one leads. A wildcard stands for no hidden one."""
        pattern = self._pattern
        return Reach(
            pattern,
            [
                at if pattern[at] == _DEEP else at + 1
                for at in self._places
                if at < len(pattern) and _is_step(name, pattern[at])
            ],
        )


def _is_step(name: str, step: str) -> bool:
    if step == name:
        return True
    return not name.startswith(".") and (step == _DEEP or fnmatchcase(name, step))


def _matches(steps: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the path matches, step by step; ``**`` stands for any number of steps."""
    reach = Reach(pattern)
    for step in steps:
        reach = reach.step(step)
    return reach.is_whole


def _closed(reached: set[int], pattern: Sequence[str]) -> frozenset[int]:
    """The places in *pattern* that can be reached without another step."""
    for at, step in enumerate(pattern):
        if at in reached and step == _DEEP:
            reached.add(at + 1)
    return frozenset(reached)

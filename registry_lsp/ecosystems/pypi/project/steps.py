"""What requirements files say for the whole installation, one step after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from registry_lsp.core.manifests import Index
from registry_lsp.ecosystems.pypi.requirements.release_control import ReleaseOption
from registry_lsp.ecosystems.pypi.requirements.search_scope import STAYING, UNKNOWN

MOST_STEPS = 100
"""How many steps are taken: nobody has as many indexes."""


@dataclass(frozen=True, slots=True)
class Here:
    """The place of the file itself among the steps of one that includes it."""


Step: TypeAlias = Index | ReleaseOption | Here
"""What stands for a whole installation."""
HERE = Here()


def reduced(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Few steps that come to the same as *steps*, whatever stands in the place of :data:`HERE`:
    a file that is included from many others counts as often as it makes a difference.

    Of the options of prereleases the last of equal ones counts. Of the indexes those from the last
    default one on do, of equal ones the first, and no other beside an index that is none. More
    than :data:`MOST_STEPS` that are left are an index that is unknown.
    """
    left = tuple(_indexes_and_places(steps, _last_options(steps)))
    if len(left) <= MOST_STEPS:
        return left
    return (UNKNOWN, HERE) if HERE in left else (UNKNOWN,)


def filled(steps: Iterable[Step], own: Sequence[Step]) -> Iterator[Step]:
    """*steps* with the file's *own* where it is included."""
    for step in steps:
        if isinstance(step, Here):
            yield from own
        else:
            yield step


def _last_options(steps: Iterable[Step]) -> frozenset[int]:
    """Which of *steps* are options that no equal one follows: each sets what it speaks of,
    whatever was said before.
    """
    last = {(it.name, it.value): at for at, it in enumerate(steps) if isinstance(it, ReleaseOption)}
    return frozenset(last.values())


def _indexes_and_places(steps: Sequence[Step], options: frozenset[int]) -> Iterator[Step]:
    """The *options* among *steps*, and the indexes and places that make a difference."""
    defaults = [(at, it) for at, it in enumerate(steps) if _is_default(it)]
    none = next((it for _, it in defaults if isinstance(it, Index) and not it.url), None)
    since = defaults[-1][0] if defaults else 0
    places = _places(steps, since)
    if none is not None:
        yield none
    elif UNKNOWN in steps:
        yield UNKNOWN
    seen: set[tuple[str, str]] = set()
    for at, step in enumerate(steps):
        if isinstance(step, Index):
            key = (step.role, step.url)
            counts = at >= since or step.role in STAYING
            if none is None and counts and key not in seen and step != UNKNOWN:
                seen.add(key)
                yield step
        elif isinstance(step, Here):
            if at in places:
                seen.clear()  # it may hold a default index, which takes away those before it
                yield step
        elif at in options:
            yield step


def _places(steps: Sequence[Step], since: int) -> frozenset[int]:
    """Which of the places of the file are left: the last one has the last word, and behind the
    default index at *since* the first one is the earliest place of the file's extra indexes.
    """
    every = [at for at, step in enumerate(steps) if isinstance(step, Here)]
    first = next((at for at in every if at >= since), None)
    return frozenset(at for at in (first, *every[-1:]) if at is not None)


def _is_default(step: Step) -> bool:
    return isinstance(step, Index) and step.role == "default"

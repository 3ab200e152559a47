"""Whether two markers (PEP 508) can hold at the same place, tried on a grid of the places that
there are: the Pythons, the platforms and the machines that markers speak of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName

from registry_lsp.syntax.requirements.specifier import marker_complaint

_INSTALLED = ("extra", "dependency_groups")
_MAIN_GROUPS = ("default", "main")
"""What tools call the group of a project's own dependencies in a ``pylock.toml``."""
_UNTRIED = ("platform_release", "platform_version", "implementation_version")
"""Of these there is no end, and nobody's locks depend on them."""
_MOST_TRIED = 300
"""Places that a marker is tried at, for each takes some ten microseconds."""
_LONGEST = 500
_PATCH = re.compile(r"[0-9]\.[0-9]+\.[0-9]")
_MINOR, _FULL = "python_version", "python_full_version"


class _Dimension(NamedTuple):
    """What places differ in: the variables that tell, and their values, one set for each kind."""

    variables: tuple[str, ...]
    kinds: tuple[tuple[str, ...], ...]


_MINORS = _Dimension((_MINOR,), tuple((each,) for each in ("2.7", *(f"3.{n}" for n in range(21)))))
_PATCHES = _Dimension((_FULL,), (("5",), ("0",), ("99",)))
"""Within a minor version: its middle, and its ends for those who tell patches apart."""
_GRID = (
    _MINORS,
    _PATCHES,
    _Dimension(
        ("sys_platform", "platform_system", "os_name"),
        (
            ("linux", "Linux", "posix"),
            ("darwin", "Darwin", "posix"),
            ("win32", "Windows", "nt"),
            ("emscripten", "Emscripten", "posix"),
        ),
    ),
    _Dimension(
        ("platform_machine",),
        tuple(
            (name,) for name in ("x86_64", "AMD64", "aarch64", "arm64", "i686", "ppc64le", "s390x")
        ),
    ),
    _Dimension(
        ("implementation_name", "platform_python_implementation"),
        (("cpython", "CPython"), ("pypy", "PyPy")),
    ),
)
_SIZES = tuple(len(each.kinds) for each in _GRID)
_EVERYWHERE = (1 << prod(_SIZES)) - 1


def may_meet(one: str, other: str, *, extra: str | None = None, group: str | None = None) -> bool:
    """Whether both markers can hold at once; an empty one always does.

    *extra* and *group* are what is installed of the project, empty where neither is; None where
    nobody knows. What cannot be read may hold anywhere, and so may what speaks of too much.
    """
    return _possible(one, extra, group) & _possible(other, extra, group) != 0


def do_meet(one: str, other: str) -> bool:
    """Whether both markers are known to hold at once somewhere, whatever is installed."""
    here, there = _places(one, None, None), _places(other, None, None)
    return here is not None and there is not None and here & there != 0


def is_covered(
    marker: str, others: Iterable[str], *, extra: str | None = None, group: str | None = None
) -> bool:
    """Whether wherever *marker* can hold one of *others* is known to; *extra* and *group* as in
    :func:`may_meet`.
    """
    left = _possible(marker, extra, group)
    for other in others:
        left &= ~(_places(other, extra, group) or 0)
    return left == 0


def _possible(marker: str, extra: str | None, group: str | None) -> int:
    """The places that *marker* can hold at, for all that is known."""
    places = _places(marker, extra, group)
    return _EVERYWHERE if places is None else places


@lru_cache(maxsize=4096)
def _places(marker: str, extra: str | None, group: str | None) -> int | None:
    """The places of the grid that *marker* holds at, a bit for each; None where nobody knows."""
    if not marker:
        return _EVERYWHERE
    asks = any(word in marker for word in _INSTALLED)
    if asks and (extra is None or group is None):
        return None
    if len(marker) > _LONGEST or any(word in marker for word in _UNTRIED):
        return None
    if marker_complaint(marker) is not None:
        return None
    tried = tuple(_speaks_of(marker, each) for each in _GRID)
    kinds = [range(size if is_tried else 1) for size, is_tried in zip(_SIZES, tried, strict=True)]
    if prod(map(len, kinds)) > _MOST_TRIED:
        return None
    installed: dict[str, str | frozenset[str]] = {
        "extra": extra or "",
        "extras": frozenset({extra} if extra else ()),
        "dependency_groups": frozenset({group} if group else _MAIN_GROUPS),
    }
    parsed = Marker(marker)
    found = 0
    try:
        for place in product(*kinds):
            if parsed.evaluate({**_environment(place), **installed}):
                found |= _alike(place, tried)
    except (UndefinedComparison, UndefinedEnvironmentName):
        return None
    return found if found or asks else None  # a place that is not on the grid


def _speaks_of(marker: str, dimension: _Dimension) -> bool:
    if dimension is _MINORS:
        return _MINOR in marker or _FULL in marker
    if dimension is _PATCHES and _PATCH.search(marker) is None:
        return False
    return any(variable in marker for variable in dimension.variables)


@lru_cache(maxsize=2048)
def _environment(place: tuple[int, ...]) -> dict[str, str]:
    """The variables at the place that is of these kinds, one for each dimension."""
    values: dict[str, str] = {}
    for dimension, kind in zip(_GRID, place, strict=True):
        values.update(zip(dimension.variables, dimension.kinds[kind], strict=True))
    values[_FULL] = f"{values[_MINOR]}.{values[_FULL]}"
    return values


def _alike(place: tuple[int, ...], tried: tuple[bool, ...]) -> int:
    """The places that differ from *place* in nothing but the dimensions that were not *tried*."""
    found = _EVERYWHERE
    for at, (kind, is_tried) in enumerate(zip(place, tried, strict=True)):
        if is_tried:
            found &= _places_of(at, kind)
    return found


@lru_cache(maxsize=256)
def _places_of(at: int, kind: int) -> int:
    """All places of one *kind* in the dimension *at*; the last dimension counts fastest."""
    stride = prod(_SIZES[at + 1 :])
    block = ((1 << stride) - 1) << (kind * stride)
    return sum(block << start for start in range(0, prod(_SIZES), stride * _SIZES[at]))

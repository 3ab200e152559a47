"""Whether two markers (PEP 508) can hold at the same place, tried on a grid of the places that
there are: the Pythons, the platforms and the machines that markers speak of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice, product

from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName

from registry_lsp.syntax.requirements import marker_complaint

_INSTALLED = ("extra", "dependency_groups")
_MAIN_GROUPS = ("default", "main")
"""What tools call the group of a project's own dependencies in a ``pylock.toml``."""
_MOST_PLACES = 300
"""That are tried, for a place takes some ten microseconds: about the Pythons on all platforms."""
_MICRO = re.compile(r"[0-9]\.[0-9]+\.[0-9]")
_MINORS = ("2.7", *(f"3.{minor}" for minor in range(21)))
_DIMENSIONS: tuple[tuple[Mapping[str, str], ...], ...] = (
    tuple(
        {"sys_platform": name, "platform_system": system, "os_name": family}
        for name, system, family in (
            ("linux", "Linux", "posix"),
            ("darwin", "Darwin", "posix"),
            ("win32", "Windows", "nt"),
            ("emscripten", "Emscripten", "posix"),
        )
    ),
    tuple(
        {"platform_machine": name}
        for name in ("x86_64", "AMD64", "aarch64", "arm64", "i686", "ppc64le", "s390x")
    ),
    tuple(
        {"implementation_name": name, "platform_python_implementation": written}
        for name, written in (("cpython", "CPython"), ("pypy", "PyPy"))
    ),
)
"""What places differ in besides their Python: variables that change together."""


def may_meet(one: str, other: str, *, extra: str | None = None, group: str | None = None) -> bool:
    """Whether both markers can hold at once; an empty one always does.

    *extra* and *group* are what is installed of the project, empty where neither is; None where
    nobody knows. What cannot be read may hold anywhere, and so may what speaks of too much.
    """
    asks = any(word in marker for marker in (one, other) for word in _INSTALLED)
    if extra is None or group is None:
        return asks or not one or not other or _meet(one, other, "", "")
    return _meet(one, other, extra, group) if asks or (one and other) else True


@lru_cache(maxsize=2048)
def _meet(one: str, other: str, extra: str, group: str) -> bool:
    texts = [each for each in (one, other) if each and marker_complaint(each) is None]
    markers = [Marker(each) for each in texts]
    installed: dict[str, str | frozenset[str]] = {
        "extra": extra,
        "extras": frozenset({extra} if extra else ()),
        "dependency_groups": frozenset({group} if group else _MAIN_GROUPS),
    }
    places = tuple(islice(_places(" ".join(texts)), _MOST_PLACES + 1))
    if len(places) > _MOST_PLACES:
        return True
    try:
        return any(
            all(marker.evaluate({**place, **installed}) for marker in markers) for place in places
        )
    except (UndefinedComparison, UndefinedEnvironmentName):
        return True


def _places(text: str) -> Iterator[dict[str, str]]:
    """The places that differ in what *text* speaks of."""
    varied: list[tuple[Mapping[str, str], ...]] = []
    if "python_" in text:
        varied.append(tuple(_pythons(text)))
    varied += (places for places in _DIMENSIONS if any(variable in text for variable in places[0]))
    for choice in product(*varied):
        yield {name: value for part in choice for name, value in part.items()}


def _pythons(text: str) -> Iterator[dict[str, str]]:
    """Each minor version at its middle; at its ends too where *text* tells patches apart."""
    micros = ("0", "5", "99") if _MICRO.search(text) else ("5",)
    for minor, micro in product(_MINORS, micros):
        yield {"python_version": minor, "python_full_version": f"{minor}.{micro}"}

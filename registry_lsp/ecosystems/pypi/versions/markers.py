"""What a project's Python requirement and a dependency's marker say of the Python in use.

Lower bounds matter here: a release fits a project where it runs on the oldest Python that the
project admits. Where there is none, a marker's upper bound does: the release must run on the newest
Python below it. What cannot be read excludes nothing, as pip has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

_MAX_TEXT = 2_000

_CLAUSE = re.compile(
    r"(?P<op>===|==|~=|!=|>=|<=|>|<|=|\^|~|)\s*"
    r"(?P<version>v?(?:[0-9]{1,9}!)?[0-9]{1,9}(?:\.[0-9]{1,9})*(?:[._-]?[A-Za-z0-9]+){0,6})"
    r"(?P<wildcard>\.\*)?"
)
_BETWEEN = re.compile(r"[,\s]*")
_LOWER = frozenset({"===", "==", "~=", ">=", ">", "=", "^", "~", ""})

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<paren>[()])
        | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
        | (?P<op>===|==|~=|!=|>=|<=|>|<)
        | '(?P<single>[^']*)' | "(?P<double>[^"]*)"
    )""",
    re.VERBOSE,
)
_PYTHON = frozenset({"python_version", "python_full_version"})
_FLIPPED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
"""What an operator says of its right side where the variable stands there."""
_CEILINGS = frozenset({"<", "<=", "==", "==="})
_LAST_OF_TWO = Version("2.7")
"""The newest minor version of Python 2; that of Python 3 is not known."""
_Choice: TypeAlias = Callable[[Iterable[Version]], Version]
"""``min`` or ``max``."""


@lru_cache(maxsize=512)
def floor(specifier: str) -> Version | None:
    """The lowest Python version that *specifier* admits, by its lower bounds.

    Reads ``requires-python`` and Poetry's constraints alike (``^3.9``, ``>=3.9 || >=4``). None
    where there is no lower bound, or where the text cannot be read.
    """
    if len(specifier) > _MAX_TEXT:
        return None
    floors = [_floor_of(each) for each in specifier.replace("||", "|").split("|")]
    return _of_all(min, floors)


@lru_cache(maxsize=512)
def narrow(runtime: str | None, marker: str) -> str | None:
    """*runtime*, a requirement on Python, narrowed to where *marker* (PEP 508) holds.

    Only a lower bound of ``python_version`` or ``python_full_version`` above that of *runtime*
    narrows it; it takes the place of the bounds that it tightens. Where neither has one, the
    marker's upper bound does, to the newest minor version below it: ``==3.9.*`` below 3.10.
    Where the project says nothing at all, it is installed on a Python that nobody knows, and only
    an upper bound tells something of it.
    """
    if "python" not in marker:
        return runtime
    lowest = floor(runtime) if runtime is not None else None
    bound = _marker_floor(marker) if runtime is not None else None
    if bound is None or runtime is None:
        newest = _marker_ceiling(marker) if lowest is None else None
        return f"=={newest}.*" if newest is not None else runtime
    if lowest is not None and lowest >= bound:
        return runtime
    if "|" in runtime:
        return f">={bound}"
    kept = [each.strip() for each in runtime.split(",")]
    kept = [each for each in kept if each.startswith(("<", "!="))]
    return ",".join([f">={bound}", *kept])


def narrowed(runtime: str | None, marker: str) -> tuple[str | None, str]:
    """What :func:`narrow` makes of *runtime*, and *marker* where that is what says so; else an
    empty text.
    """
    found = narrow(runtime, marker)
    return found, "" if found == runtime else marker


def stricter(runtime: str | None, own: str) -> str | None:
    """*runtime*, or the requirement *own* where its lower bound is above that of *runtime*."""
    lowest = floor(own) if own else None
    if lowest is None:
        return runtime
    known = floor(runtime) if runtime is not None else None
    return own if known is None or lowest > known else runtime


@lru_cache(maxsize=4096)
def runs_on(requires_python: str | None, lowest: Version | None) -> bool:
    """Whether a release that says *requires_python* runs on the Python version *lowest*.

    pip ignores what it cannot read, such as the old ``>=2.7.*``; so does this.
    """
    if requires_python is None or lowest is None or len(requires_python) > _MAX_TEXT:
        return True
    try:
        return SpecifierSet(requires_python).contains(lowest, prereleases=True)
    except ValueError:  # an invalid specifier, or a number beyond what Python converts
        return True


def _floor_of(alternative: str) -> Version | None:
    """The floor of clauses that hold together."""
    lowest: Version | None = None
    excluded: list[Version] = []
    for op, version, wildcard in _clauses(alternative):
        if op == "!=" and wildcard:
            excluded.append(version)
        if op not in _LOWER:
            continue
        bound = _above(version) if op == ">" else version
        if lowest is None or bound > lowest:
            lowest = bound
    if lowest is None:
        return None
    return _beyond(lowest, excluded)


def _clauses(text: str) -> Iterator[tuple[str, Version, bool]]:
    """The clauses of *text*: operator, version, and whether it ends in ``.*``. None at all where
    any of them cannot be read.
    """
    clauses = []
    at = _end_of_gap(text, 0)
    while at < len(text):
        found = _CLAUSE.match(text, at)
        if found is None:
            return
        try:
            version = Version(found["version"])
        except InvalidVersion:
            return
        clauses.append((found["op"], version, found["wildcard"] is not None))
        at = _end_of_gap(text, found.end())
    yield from clauses


def _end_of_gap(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _above(version: Version) -> Version:
    """The first Python release above *version*: Python counts in three numbers."""
    major, minor, micro = (*version.release, 0, 0)[:3]
    return Version(f"{major}.{minor}.{micro + 1}")


def _beyond(lowest: Version, excluded: list[Version]) -> Version:
    """The first version from *lowest* on that lies in no ``!=X.*`` of *excluded*."""
    for prefix in sorted(excluded):
        width = len(prefix.release)
        if (*lowest.release, 0, 0)[:width] == prefix.release:
            *head, last = prefix.release
            lowest = Version(".".join(map(str, (*head, last + 1))))
    return lowest


@lru_cache(maxsize=512)
def _marker_floor(marker: str) -> Version | None:
    """The lowest Python version under which *marker* can hold, by its lower bounds."""
    return _marker_bound(marker, _comparison_floor, max, min)


@lru_cache(maxsize=512)
def _marker_ceiling(marker: str) -> Version | None:
    """The newest minor version of Python under which *marker* can hold, by its upper bounds."""
    return _marker_bound(marker, _comparison_ceiling, min, max)


def _marker_bound(
    marker: str,
    bound_of: Callable[[list[str]], Version | None],
    together: _Choice,
    either: _Choice,
) -> Version | None:
    """The bound of *marker*, whose comparisons have those that *bound_of* tells.

    Of what holds *together* those count that there are; of alternatives (*either*) there is none
    where one of them has no bound.
    """
    if len(marker) > _MAX_TEXT:
        return None
    alternatives: list[Version | None] = []
    current: Version | None = None
    outer: list[tuple[list[Version | None], Version | None]] = []
    words: list[str] = []
    for word in _words(marker):
        if word not in {"(", ")", "and", "or"}:
            words.append(word)
            continue
        current = _of_those_there(together, current, bound_of(words))
        words = []
        if word == "(":
            outer.append((alternatives, current))
            alternatives, current = [], None
        elif word == "or":
            alternatives.append(current)
            current = None
        elif word == ")" and outer:
            inner = _of_all(either, [*alternatives, current])
            alternatives, current = outer.pop()
            current = _of_those_there(together, current, inner)
    current = _of_those_there(together, current, bound_of(words))
    return _of_all(either, [*alternatives, current])


def _words(marker: str) -> Iterator[str]:
    """The tokens of *marker*; a quoted string keeps one leading quote to tell it from a name."""
    at = 0
    while found := _TOKEN.match(marker, at):
        at = found.end()
        kind = found.lastgroup or ""
        yield f"'{found[kind]}" if kind in {"single", "double"} else found[kind]


def _comparison_floor(words: list[str]) -> Version | None:
    """The floor that one comparison sets, None where it is not about Python's version."""
    variable, op, text = _comparison(words)
    if variable == "python_full_version":
        return floor(op + text)
    return _minor_floor(op, text.strip()) if variable else None


def _comparison_ceiling(words: list[str]) -> Version | None:
    """The newest minor version that one comparison admits, None where it sets no upper bound."""
    variable, op, text = _comparison(words)
    bound = floor(f">={text.strip()}") if variable and op in _CEILINGS else None
    if bound is None:
        return None
    major, minor, *more = (*bound.release, 0)
    if op != "<" or any(more):
        return Version(f"{major}.{minor}") if len(bound.release) > 1 else None
    if minor:
        return Version(f"{major}.{minor - 1}")
    return _LAST_OF_TWO if major == 3 else None


def _comparison(words: list[str]) -> tuple[str, str, str]:
    """The variable of Python's version that is compared, the operator and the text that it is
    compared with; empty where that is none.
    """
    if len(words) != 3:
        return "", "", ""
    left, op, right = words
    if right in _PYTHON:
        left, op, right = right, _FLIPPED.get(op, op), left
    if left not in _PYTHON or not right.startswith("'"):
        return "", "", ""
    return left, op, right[1:]


def _minor_floor(op: str, text: str) -> Version | None:
    """The floor that ``python_version`` sets: it counts in two numbers, so that what lies above
    3.8 begins with 3.9.
    """
    lowest = floor(f">={text}") if op in _LOWER else None
    if lowest is None:
        return None
    major, minor, *more = (*lowest.release, 0)
    step = 1 if op == ">" or any(more) else 0
    return Version(f"{major}.{minor + step}")


def _of_those_there(choice: _Choice, *bounds: Version | None) -> Version | None:
    known = [each for each in bounds if each is not None]
    return choice(known) if known else None


def _of_all(choice: _Choice, bounds: list[Version | None]) -> Version | None:
    known = [each for each in bounds if each is not None]
    return choice(known) if known and len(known) == len(bounds) else None

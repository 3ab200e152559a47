"""Poetry's version constraints, written here after its documentation and held to poetry-core.

A constraint is a union of ranges over PEP 440 versions. Poetry really intersects and unites its
ranges, and where a bound meets a post-release or a local version this gives other answers than
asking each clause by itself: so it is done here too.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import NamedTuple

from packaging.version import VERSION_PATTERN, Version

from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.versions.choice import (
    BEYOND,
    PythonRequirement,
    PythonVersions,
    parse_version,
)
from registry_lsp.ecosystems.pypi.versions.ranges import (
    ANYTHING,
    Range,
    Ranges,
    allows,
    exactly,
    intersection,
    outside,
    union,
)
from registry_lsp.ecosystems.pypi.versions.rewriting import admits, rewritten, usual_ranges, widened

_MAX_CONSTRAINT = 2_000
_MAX_CLAUSE = 200

_CLAUSE = re.compile(
    r"(?P<op>~=|===?|!=|<>|>=|<=|=|>|<|\^|~|)\s*"
    rf"(?P<version>{VERSION_PATTERN}|dev)(?P<wildcard>(?:\.\*)*)"
    r"|(?P<any>v?[x*](?:\.[x*])*)",
    re.VERBOSE | re.IGNORECASE,
)
_OR = re.compile(r"\|\|?")
_CEILING = re.compile(r"<(?!>)")
_AND = re.compile(r"[ ]*,[ ]*|[ ]+")


class PoetryScheme(PythonVersions):
    """The dialect ``poetry``: the dependency tables of ``[tool.poetry]``."""

    def parse(self, specifier: str, *, prereleases: bool | None = None) -> PythonRequirement:
        """Read a constraint; an empty one is none. Raises :class:`InvalidRequirementError`."""
        return _parse(specifier).taking(prereleases=prereleases)

    def replace(self, specifier: str, version: str) -> str:
        """*specifier* for *version*: operators, precision and spacing kept where the result then
        admits it. An alternative (``||``) is added where there are several; an empty one gives
        ``^``.
        """
        if _OR.search(specifier) is None:
            return rewritten(specifier, version, parse=_parse, default="^")
        *_, last = _OR.split(specifier)
        added = rewritten(last.strip(), version, parse=_parse, default="^")
        # United with what was there, the addition may be lost: '>1' swallows '>=1.post1'.
        candidates = (specifier, f"{specifier.rstrip()} || {added}")
        admitting = (each for each in candidates if admits(each, version, parse=_parse))
        default = rewritten("", version, parse=_parse, default="^")
        return next(admitting, default or specifier)

    def widen(self, specifier: str, version: str) -> str | None:
        """*specifier* with a higher ceiling where it has one, else with an alternative (``||``)
        more: ``^1.2 || ^2.0``.
        """
        alternatives = _OR.split(specifier)
        if len(alternatives) == 1 and _CEILING.search(specifier) is not None:
            return widened(specifier, version, parse=_parse)
        if admits(specifier, version, parse=_parse) or _parse(specifier).pinned is not None:
            return None
        added = rewritten(alternatives[-1].strip(), version, parse=_parse, default="^")
        wider = f"{specifier.rstrip()} || {added}"
        return wider if admits(wider, version, parse=_parse) else None

    def ranges(self, version: str) -> tuple[str, ...]:
        """What is compatible by Poetry's caret, then by its tilde; below the next major one; it
        alone.
        """
        return usual_ranges(version, "^", "~", ">=,<", "==")


def lies_within(inner: str, outer: str) -> bool | None:
    """Whether all Pythons that the constraint *inner* admits lie within *outer*; None where one of
    them cannot be read, or is empty. Development releases of Python count for nothing here.
    """
    if not inner.strip() or not outer.strip():
        return None
    try:
        one, other = (_of_python(_read(each)[0]) for each in (inner, outer))
    except InvalidRequirementError:
        return None
    return intersection(one, other) == one


def _of_python(ranges: Ranges) -> Ranges:
    """*ranges* that begin and end with the release where they do with its first development one."""
    released = (
        bounds._replace(
            low=Version(low.base_version) if low is not None and low.dev == 0 else low,
            high=Version(high.base_version) if high is not None and high.dev == 0 else high,
        )
        for bounds in ranges
        for low, high in [bounds[:2]]
    )
    return union(each for each in released if each.point is None or each.has_low is each.has_high)


@lru_cache(maxsize=4096)
def _parse(specifier: str) -> PythonRequirement:
    ranges, clauses = _read(specifier)
    told = [each for each in clauses if each.version is not None and each.op != "!="]
    return PythonRequirement(
        contains=lambda version: allows(ranges, version),
        takes_prereleases=any(each.version.is_prerelease for each in told if each.version),
        prefers_finals=True,
        pinned=_pinned(ranges, clauses),
        named=tuple(each.text for each in told if each.op not in BEYOND),
        but_for=tuple(partial(allows, each.ranges) for each in clauses if each.op == "!="),
    )


def _read(specifier: str) -> tuple[Ranges, list[_Clause]]:
    """What a constraint admits, and all its clauses. Raises :class:`InvalidRequirementError`."""
    if len(specifier) > _MAX_CONSTRAINT:
        raise InvalidRequirementError("The version constraint is too long to be read.")
    if not specifier.strip():
        return ANYTHING, []
    clauses: list[_Clause] = []
    parts: list[Range] = []
    for alternative in _OR.split(specifier.strip()):
        together = _clauses(alternative)
        clauses += together
        both = together[0].ranges
        for each in together[1:]:
            both = intersection(both, each.ranges)
        parts += both
    return union(parts), clauses


class _Clause(NamedTuple):
    """One clause, with the version that it names as read and as written."""

    op: str
    ranges: Ranges
    version: Version | None = None
    text: str = ""


def _pinned(ranges: Ranges, clauses: list[_Clause]) -> str | None:
    """The version that is left, as it was written."""
    point = ranges[0].point if len(ranges) == 1 else None
    if point is None:
        return None
    return next((each.text for each in clauses if each.version == point), str(point))


def _clauses(alternative: str) -> list[_Clause]:
    """The clauses that hold together, at least one. Commas at the end are let pass."""
    text = alternative.strip().rstrip(",").rstrip()
    if not text:
        raise InvalidRequirementError("A version constraint is missing beside '||'.")
    clauses: list[_Clause] = []
    at = 0
    while True:
        found = _CLAUSE.match(text, at)
        if found is None:
            raise InvalidRequirementError(_fault(text[at:]))
        at = found.end()
        gap = None if at == len(text) else _AND.match(text, at)
        if gap is None and at < len(text):
            raise InvalidRequirementError(_fault(text[found.start() :]))
        clauses.append(_clause(found))
        if gap is None:
            return clauses
        at = gap.end()


def _fault(rest: str) -> str:
    shown = rest.split(" ", 1)[0] if rest[:1].isalnum() else rest
    shown = shown if len(shown) <= 40 else f"{shown[:39]}…"
    return (
        f"'{shown}' is not a version constraint." if shown else "A version constraint is missing."
    )


def _clause(found: re.Match[str]) -> _Clause:
    if found["any"] is not None:
        return _Clause(op="", ranges=ANYTHING)
    op, text, wildcard = found["op"], found["version"], found["wildcard"]
    if op == "===" or len(text) > _MAX_CLAUSE:
        raise InvalidRequirementError(_fault(found[0]))
    version = parse_version("0.0.dev0" if text == "dev" else text)
    if version is None:
        raise InvalidRequirementError(_fault(found[0]))
    if wildcard and not _takes_wildcard(op, text, wildcard):
        raise InvalidRequirementError(f"'.*' cannot follow '{found['op']}{text[:40]}'.")
    return _Clause(op, _ranges(op, version, is_wild=bool(wildcard)), version, text)


_SHORT_NUMBERS = re.compile(r"v?[0-9]+(?:\.[0-9]+){0,2}")


def _takes_wildcard(op: str, text: str, wildcard: str) -> bool:
    """Poetry lets several ``.*`` follow up to three numbers, and one any version."""
    if wildcard == ".*":
        return op not in {"^", "~", "~="}
    return op in {"", "==", "!="} and _SHORT_NUMBERS.fullmatch(text) is not None


def _ranges(op: str, version: Version, *, is_wild: bool) -> Ranges:
    match op:
        case "<":
            return (Range(high=version if version.is_prerelease else _first(version)),)
        case "<=":
            return (Range(high=version, has_high=True),)
        case ">":
            return (Range(low=version),)
        case ">=":
            return (Range(low=version, has_low=True),)
        case "^" | "~" | "~=":
            return (Range(version, _above(op, version), has_low=True),)
    if is_wild:
        low, high = _first(version), _after_wildcard(version)
        return outside(low, high, edges=True) if op == "!=" else (Range(low, high, has_low=True),)
    return outside(version, version, edges=False) if op == "!=" else (exactly(version),)


def _above(op: str, version: Version) -> Version:
    """What the compatible operators stop at: the first development release of the next version
    that may break.
    """
    release = version.release
    if op == "~=":
        place = max(0, len(release) - 2)
    elif op == "~":
        place = 0 if len(release) == 1 else 1
    else:
        # The first number that is not zero, of the three that count: '^0.0.3' stays below 0.0.4.
        place = next((at for at, number in enumerate(release[:2]) if number), len(release) - 1)
        place = min(place, 2)
    return _counted(version, place)


def _counted(version: Version, place: int) -> Version:
    """The first development release of *version* counted up at the number *place*."""
    head = [*version.release, 0, 0][: place + 1]
    head[-1] += 1
    return Version(f"{version.epoch}!{'.'.join(map(str, head))}.dev0")


def _first(version: Version) -> Version:
    """The first development release of *version*: the lowest that sorts beside it."""
    return Version(f"{_stem(version)}{_post(version.post)}.dev0")


def _after_wildcard(version: Version) -> Version:
    """What a wildcard behind *version* stops at."""
    if version.post is not None:
        post = version.post if version.dev is not None else version.post + 1
        return Version(f"{_stem(version)}{_post(post)}.dev0")
    if version.pre is not None:
        letter, number = version.pre
        number = number if version.dev is not None else number + 1
        return Version(f"{version.epoch}!{_numbers(version)}{letter}{number}.dev0")
    if version.dev is not None:
        return Version(f"{version.epoch}!{_numbers(version)}.dev{version.dev + 1}")
    return _counted(version, len(version.release) - 1)


def _stem(version: Version) -> str:
    pre = "" if version.pre is None else f"{version.pre[0]}{version.pre[1]}"
    return f"{version.epoch}!{_numbers(version)}{pre}"


def _numbers(version: Version) -> str:
    return ".".join(map(str, version.release))


def _post(number: int | None) -> str:
    return "" if number is None else f".post{number}"

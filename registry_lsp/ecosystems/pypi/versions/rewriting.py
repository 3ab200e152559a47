"""Specifiers rewritten for another version, as their author would write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from packaging.version import Version

from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.versions.choice import PythonRequirement, parse_version

_CLAUSE = re.compile(
    r"(?P<op>===|==|~=|!=|<=|>=|<|>|=|~|\^|)(?P<gap>\s*)(?P<version>(?:v?[0-9]+!)?[^\s,|=<>!~^]+)"
)
_EXACT = frozenset({"===", "==", "=", ""})
_COMPATIBLE = frozenset({"~=", "~", "^"})

Parse = Callable[[str], PythonRequirement]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """The version that is written, how to read what was written, and whether the author's number
    of release segments is kept.
    """

    text: str
    version: Version
    parse: Parse
    keeps_precision: bool


def rewritten(specifier: str, version: str, *, parse: Parse, default: str) -> str:
    """*specifier* so that it admits *version*, with its operators, precision and spacing kept.

    *parse* reads the dialect, *default* is the operator that its users write where nothing was
    written. What cannot be kept gives way: first the precision, then the specifier.
    """
    parsed = parse_version(version)
    if parsed is None:
        return specifier
    candidates = [f"{default}{parsed.public}", f"=={version}"]
    if specifier.strip():
        candidates[:0] = (
            _rewrite(
                specifier,
                _Target(text=version, version=parsed, parse=parse, keeps_precision=keeps),
            )
            for keeps in (True, False)
        )
    admitting = (each for each in candidates if each and admits(each, version, parse=parse))
    return next(admitting, candidates[-1])


def widened(specifier: str, version: str, *, parse: Parse) -> str | None:
    """*specifier* so that it admits *version* beside all that it admits already: its ceilings rise,
    and what has one of its own (``~=1.4``, ``==1.4.*``) is written with two clauses for that.
    None where it admits it already, names one version only, or cannot be made to.
    """
    target = parse_version(version)
    if target is None or admits(specifier, version, parse=parse):
        return None
    if parse(specifier).pinned is not None:
        return None
    wider = _CLAUSE.sub(lambda found: _wider(found, target, parse), specifier)
    return wider if admits(wider, version, parse=parse) else None


def _wider(found: re.Match[str], target: Version, parse: Parse) -> str:
    """One clause, with a ceiling above the target where it has one."""
    op, gap, written = found["op"], found["gap"], found["version"]
    old = parse_version(written.removesuffix(".*"))
    if old is None or parse(found[0]).contains(target):
        return found[0]
    if op == "<":
        return f"<{gap}{_next_bound(old, target)}"
    if op == "<=":
        return f"<={gap}{target.public}"
    place = len(old.release) - (1 if written.endswith(".*") else 2)
    if op not in {"~=", "=="} or place < 0:
        return found[0]
    head = [*target.release, *[0] * place][: place + 1]
    head[-1] += 1
    floor = written.removesuffix(".*")
    return f">={gap}{floor},<{gap}{_epoch(target)}{'.'.join(map(str, head))}"


def usual_ranges(version: str, *leads: str) -> tuple[str, ...]:
    """*version* behind each of *leads*; ``>=,<`` is everything from it on below the next major one,
    and ``==`` takes its local part along.
    """
    parsed = parse_version(version)
    if parsed is None:
        return ()
    above = f"{_epoch(parsed)}{parsed.major + 1}"
    bounded = {">=,<": f">={parsed.public},<{above}", "==": f"=={version}"}
    return tuple(bounded.get(each, f"{each}{parsed.public}") for each in leads)


def admits(specifier: str, version: str, *, parse: Parse) -> bool:
    """Whether *specifier* can be read and admits *version*."""
    try:
        return parse(specifier).admits(version)
    except InvalidRequirementError:
        return False


def _rewrite(specifier: str, target: _Target) -> str:
    pieces: list[str] = []
    at = 0
    for found in _CLAUSE.finditer(specifier):
        between, at = specifier[at : found.start()], found.end()
        clause = _clause(found, target)
        if clause is not None:
            # Where the first clauses went, so does the separator behind them.
            pieces.append(f"{between if pieces else _blank(specifier)}{clause}")
    return "".join(pieces) + specifier[at:] if pieces else ""


def _blank(specifier: str) -> str:
    return specifier[: len(specifier) - len(specifier.lstrip())]


def _clause(found: re.Match[str], target: _Target) -> str | None:
    """One clause for the target, None where it has to go."""
    op, gap, written = found["op"], found["gap"], found["version"]
    stem = written.removesuffix(".*")
    old = parse_version(stem)
    if not op and old is None:
        return found[0]  # Poetry's '*', or nothing that can be read
    if op in _EXACT:
        if stem != written and old is not None and target.keeps_precision:
            return f"{op}{gap}{_numbers(target.version, len(old.release))}.*"
        return f"{op}{gap}{target.version if op == '===' else target.text}"
    if op in _COMPATIBLE:
        if old is not None and target.keeps_precision:
            return f"{op}{gap}{_numbers(target.version, len(old.release))}"
        return f"{op}{gap}{target.version.public}"
    if op in {">=", ">"}:
        return f">={gap}{target.version.public}"
    return _upper_or_exclusion(found, old, target)


def _upper_or_exclusion(found: re.Match[str], old: Version | None, target: _Target) -> str | None:
    op, gap = found["op"], found["gap"]
    try:
        admits = target.parse(found[0]).contains(target.version)
    except InvalidRequirementError:
        return None
    if admits:
        return found[0]
    if op == "!=" or old is None:
        return None
    if op == "<=":
        return f"<={gap}{target.version.public}"
    return f"<{gap}{_next_bound(old, target.version)}"


def _next_bound(old: Version, version: Version) -> str:
    """The bound above *version* that stands to it as *old* stood to what it bounded: the last
    number of *old* that is not zero says which number is counted up.
    """
    width = len(old.release)
    place = max((at for at, number in enumerate(old.release) if number), default=0)
    head = [*version.release, *[0] * width][: place + 1]
    head[-1] += 1
    return _epoch(version) + ".".join(map(str, head + [0] * (width - place - 1)))


def _numbers(version: Version, width: int) -> str:
    """The first *width* release numbers of *version*, zeros where it has fewer."""
    return _epoch(version) + ".".join(map(str, [*version.release, *[0] * width][:width]))


def _epoch(version: Version) -> str:
    return f"{version.epoch}!" if version.epoch else ""

"""What a manifest has left unsaid: its own word on which findings are not to be told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.manifests import Dependency, Ignore, Problem
from registry_lsp.core.text import Span

EVERY_CODE = frozenset(Code)
"""What may be found of a dependency that nothing is known of."""
_PASSING = frozenset({Code.UNAUTHORIZED, Code.REGISTRY_UNAVAILABLE})
"""What comes and goes with the network: that it is not there now says nothing."""
_KNOWN = frozenset(code.value for code in Code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """An ignore, or a code of one, that leaves nothing unsaid.

    ``code`` is the one that it names, as written, None where nothing of the ignore is of use.
    ``is_unknown`` says that no finding has this code; ``fault`` is what is wrong with how the
    ignore is written, empty where nothing is.
    """

    span: Span
    code: str | None = None
    is_unknown: bool = False
    fault: str = ""


def heard(ignores: Sequence[Ignore], assessment: Assessment) -> Assessment:
    """*assessment* without the findings that one of *ignores* has left unsaid: those are kept
    apart.
    """
    about = [each for each in ignores if _is_about(each, assessment.dependency)]
    verdict = assessment.verdict
    unsaid = tuple(f for f in verdict.findings if any(_names(each, f.code) for each in about))
    if not unsaid:
        return assessment
    findings = tuple(each for each in verdict.findings if each not in unsaid)
    return replace(assessment, verdict=replace(verdict, findings=findings), unsaid=unsaid)


def heard_problems(
    ignores: Sequence[Ignore], problems: Sequence[Problem], dependencies: Sequence[Dependency]
) -> tuple[Problem, ...]:
    """Those of *problems* that none of *ignores* leaves unsaid."""
    extents = [
        extent
        for each in ignores
        if _names(each, Code.INVALID_REQUIREMENT)
        for extent in _extents(each, dependencies)
    ]
    return tuple(each for each in problems if not any(_meet(it, each.span) for it in extents))


def unused(
    ignores: Sequence[Ignore], assessments: Sequence[Assessment], problems: Sequence[Problem]
) -> tuple[Unused, ...]:
    """What of *ignores* leaves nothing unsaid, and will not once all is known.

    *problems* are all of the manifest's, told or not.
    """
    return tuple(said for each in ignores for said in _unused(each, assessments, problems))


def _unused(
    ignore: Ignore, assessments: Sequence[Assessment], problems: Sequence[Problem]
) -> Iterator[Unused]:
    if ignore.fault:
        yield Unused(span=ignore.span, fault=ignore.fault)
        return
    subjects = [each for each in assessments if _is_about(ignore, each.dependency)]
    found = {finding.code for each in subjects for finding in each.unsaid}
    extents = list(_extents(ignore, (each.dependency for each in subjects)))
    if any(_meet(extent, each.span) for extent in extents for each in problems):
        found.add(Code.INVALID_REQUIREMENT)
    pending = frozenset[Code]().union(*(each.pending for each in subjects))
    if ignore.codes is None:
        if not found and not pending:
            yield Unused(span=ignore.span)
        return
    idle = [
        Unused(span=span, code=code, is_unknown=code not in _KNOWN)
        for code, span in ignore.codes
        if code not in _KNOWN or Code(code) not in (found | pending | _PASSING)
    ]
    if len(idle) == len(ignore.codes) and not any(each.is_unknown for each in idle):
        yield Unused(span=ignore.span)
    else:
        yield from idle


def _is_about(ignore: Ignore, dependency: Dependency) -> bool:
    if ignore.pattern is not None:
        pattern = ignore.pattern.lower()
        names = (dependency.name, dependency.display_name)
        return any(fnmatchcase(name.lower(), pattern) for name in names)
    extent = ignore.extent
    if extent is None:
        return False
    return any(_meet(extent, span) for span in (dependency.span, *dependency.hashes))


def _extents(ignore: Ignore, dependencies: Iterable[Dependency]) -> Iterator[Span]:
    """Where the problems lie that *ignore* is about."""
    if ignore.pattern is None:
        if ignore.extent is not None:
            yield ignore.extent
        return
    yield from (each.span for each in dependencies if _is_about(ignore, each))


def _names(ignore: Ignore, code: Code) -> bool:
    if ignore.fault:
        return False
    return ignore.codes is None or any(name == code.value for name, _ in ignore.codes)


def _meet(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end

"""What a manifest has left unsaid: its own word on which findings are not to be told. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from registry_lsp.core.edits import Edit
from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.manifests import Dependency, Ignore, Problem
from registry_lsp.core.text import Span

IGNORE = "ignore"
"""The word that has findings left unsaid, in every format."""
EVERY_CODE = frozenset(Code)
"""What may be found of a dependency that nothing is known of."""
_PASSING = frozenset({Code.UNAUTHORIZED, Code.REGISTRY_UNAVAILABLE})
"""What comes and goes with the network: that it is not there now says nothing."""
_WILD = frozenset("*?[")
_KNOWN = frozenset(code.value for code in Code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """An ignore, or a code of one, that leaves nothing unsaid.

    ``code`` is the one that it names, as written, None where nothing of the ignore is of use.
    ``is_unknown`` says that no finding has this code; ``fault`` is what is wrong with how the
    ignore is written, empty where nothing is, and ``word`` the one that stands where only
    :data:`IGNORE` may, and where.
    """

    span: Span
    code: str | None = None
    is_unknown: bool = False
    fault: str = ""
    word: tuple[str, Span] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignoring:
    """The ``edit`` that leaves a finding unsaid; it ``is_shared`` where that of others in the same
    line is left unsaid by it as well.
    """

    edit: Edit
    is_shared: bool = False


def unread(span: Span, word: str, at: Span, *, extent: Span | None = None) -> Ignore:
    """What is told of an instruction at *span* that nobody reads, as *word* stands in it, *at* the
    place of 'ignore': who has written it takes it for heeded.
    """
    return Ignore(
        span=span,
        extent=extent,
        fault=f"{IGNORE!r} is expected, not {word!r}" if word else f"{IGNORE!r} is expected",
        word=(word, at) if word else None,
    )


def heard(ignores: Sequence[Ignore], assessments: Sequence[Assessment]) -> list[Assessment]:
    """*assessments* without the findings that one of *ignores* leaves unsaid: those are kept
    apart.
    """
    index = _Index(ignores)
    return [_heard(index.about(each.dependency), each) for each in assessments]


def reasons(ignores: Sequence[Ignore], assessment: Assessment) -> dict[Code, str]:
    """The codes that *assessment* leaves unsaid, each with what is written beside the ignore that
    it is left unsaid for.
    """
    about = _Index(ignores).about(assessment.dependency)
    codes = dict.fromkeys(each.code for each in assessment.unsaid)
    return {
        code: next((each.reason for each in about if each.reason and _names(each, code)), "")
        for code in codes
    }


def heard_problems(
    ignores: Sequence[Ignore], problems: Sequence[Problem], dependencies: Sequence[Dependency]
) -> tuple[Problem, ...]:
    """Those of *problems* that none of *ignores* leaves unsaid."""
    index = _Index(tuple(each for each in ignores if _names(each, Code.INVALID_REQUIREMENT)))
    unsaid = {at for _, at in index.of_problems(problems, dependencies)}
    return tuple(each for at, each in enumerate(problems) if at not in unsaid)


def unused(
    ignores: Sequence[Ignore], assessments: Sequence[Assessment], problems: Sequence[Problem]
) -> tuple[Unused, ...]:
    """What of *ignores* leaves nothing unsaid, and will not once all is known.

    *problems* are all of the manifest's, told or not.
    """
    index = _Index(ignores)
    found: dict[int, set[Code]] = defaultdict(set)
    for assessment in assessments:
        codes = {finding.code for finding in assessment.unsaid} | assessment.pending
        for each in index.about(assessment.dependency):
            found[id(each)] |= codes
    dependencies = [each.dependency for each in assessments]
    for each, _ in index.of_problems(problems, dependencies):
        found[id(each)].add(Code.INVALID_REQUIREMENT)
    return tuple(said for each in ignores for said in _unused(each, found[id(each)]))


def _heard(about: Sequence[Ignore], assessment: Assessment) -> Assessment:
    verdict = assessment.verdict
    unsaid = tuple(f for f in verdict.findings if any(_names(each, f.code) for each in about))
    if not unsaid:
        return assessment
    findings = tuple(each for each in verdict.findings if each not in unsaid)
    return replace(assessment, verdict=replace(verdict, findings=findings), unsaid=unsaid)


def _unused(ignore: Ignore, found: set[Code]) -> Iterator[Unused]:
    """What is of no use, where the codes that it leaves unsaid, or may yet, are *found*."""
    if ignore.fault:
        yield Unused(span=ignore.span, fault=ignore.fault, word=ignore.word)
    elif ignore.codes is None:
        if not found:
            yield Unused(span=ignore.span)
    else:
        idle = [
            Unused(span=span, code=code, is_unknown=code not in _KNOWN)
            for code, span in ignore.codes
            if code not in _KNOWN or Code(code) not in found | _PASSING
        ]
        if len(idle) == len(ignore.codes) and not any(each.is_unknown for each in idle):
            yield Unused(span=ignore.span)
        else:
            yield from idle


class _Index:
    """Which ignores are about what. Manifests have thousands of dependencies, and may have as many
    ignores. Extents are lines: of two that differ one ends before the other begins.
    """

    def __init__(self, ignores: Sequence[Ignore]) -> None:
        self._by_name: dict[str, list[Ignore]] = defaultdict(list)
        self._globs: list[tuple[str, Ignore]] = []
        placed = []
        for each in ignores:
            if each.extent is not None:
                placed.append((each.extent, each))
            elif each.pattern is not None and _WILD.isdisjoint(each.pattern):
                self._by_name[each.pattern.lower()].append(each)
            elif each.pattern is not None:
                self._globs.append((each.pattern.lower(), each))
        placed.sort(key=lambda pair: pair[0].start)
        self._placed = placed
        self._ends = [extent.end for extent, _ in placed]

    def about(self, dependency: Dependency) -> list[Ignore]:
        """Those that are about *dependency*."""
        found = [
            each for span in (dependency.span, *dependency.hashes) for each in self._meeting(span)
        ]
        return found + self._named(dependency)

    def of_problems(
        self, problems: Sequence[Problem], dependencies: Sequence[Dependency]
    ) -> Iterator[tuple[Ignore, int]]:
        """Those that are about problems, each with the place of one: it lies in the extent, or
        begins in a dependency that is named.
        """
        order = sorted(range(len(problems)), key=lambda at: problems[at].span.start)
        starts = [problems[at].span.start for at in order]
        for at, problem in enumerate(problems):
            for each in self._meeting(problem.span):
                yield each, at
        for dependency in dependencies if problems else ():
            span = dependency.span
            first, last = bisect_left(starts, span.start), bisect_right(starts, span.end)
            if first < last:
                for each in self._named(dependency):
                    yield from ((each, at) for at in order[first:last])

    def _meeting(self, span: Span) -> Iterator[Ignore]:
        for at in range(bisect_left(self._ends, span.start), len(self._placed)):
            extent, each = self._placed[at]
            if extent.start > span.end:
                return
            yield each

    def _named(self, dependency: Dependency) -> list[Ignore]:
        names = {dependency.name.lower(), dependency.display_name.lower()}
        found = [each for name in names for each in self._by_name.get(name, ())]
        globs = self._globs
        return found + [
            each for glob, each in globs if any(fnmatchcase(name, glob) for name in names)
        ]


def _names(ignore: Ignore, code: Code) -> bool:
    if ignore.fault:
        return False
    return ignore.codes is None or any(name == code.value for name, _ in ignore.codes)

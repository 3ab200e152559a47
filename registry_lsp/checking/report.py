"""What ``check`` has to say, before it is drawn: the files, their dependencies, the words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os.path import normpath
from pathlib import Path

from registry_lsp.checking.checked import CheckedFile, Entries
from registry_lsp.core.advisories import Exposed
from registry_lsp.core.findings import Assessment, Code, Finding, Severity
from registry_lsp.core.ignores import Unused
from registry_lsp.core.manifests import Dependency, Locked, Problem
from registry_lsp.core.packages import Found, Lookup, Unauthorized, Unavailable
from registry_lsp.core.settings import Settings
from registry_lsp.core.text import LineIndex, Span, printable
from registry_lsp.features import troubles, wording

_TOLD_ONCE = frozenset({Code.UNAUTHORIZED, Code.REGISTRY_UNAVAILABLE})
"""Codes of what a note says in full, for all packages that it meets."""
_NAMED = 3
"""How many packages a note names before it only counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A place: ``line`` and ``column`` from 1, in code points, of the file at ``path``, or of the
    very file that speaks of it where that is None.
    """

    line: int
    column: int
    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A finding in words; ``message`` is one printable line, and ``brief`` what of it is not said
    for all packages of a registry at once, where something is. ``related`` is another place that
    has to do with it, None where there is none. One that ``is_repeated`` is told there as well, of
    the entry of a catalog, and counts there.
    """

    code: Code
    severity: Severity
    message: str
    brief: str | None = None
    related: Related | None = None
    is_repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A dependency. ``line`` and ``column`` are of its name, from 1, in code points.

    ``locked`` are the versions that are locked or installed, of which ``current`` is the newest;
    ``exposed`` is what is known against versions in use; ``untold`` says why it could not be asked.
    ``ignored`` are the codes of the findings that the manifest wants not to be told.
    ``registry`` is the name of the ecosystem whose registry serves it, None where none does;
    ``unasked`` says why no registry is asked: where else it comes from, or that the settings leave
    it out. Where the registry was due to be asked again and could not be, ``age_seconds`` is how
    long ago it said what is shown, and ``as_known`` has that and the reason in words. ``newer`` is
    a release above the latest that the project's runtime or a constraint rules out, and
    ``ruled_out`` says why.
    """

    name: str
    registry: str | None
    section: str
    line: int
    column: int
    requirement: str
    current: str | None
    locked: tuple[Locked, ...]
    wanted: str | None
    latest: str | None
    findings: tuple[Statement, ...]
    newer: str | None = None
    ruled_out: str = ""
    exposed: tuple[Exposed, ...] = ()
    ignored: tuple[Code, ...] = ()
    untold: str | None = None
    unasked: str | None = None
    age_seconds: float | None = None
    as_known: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A problem of the manifest that lies on no dependency; its place as of a :class:`Row`."""

    line: int
    column: int
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """One manifest. ``unreadable`` says why there is nothing else."""

    path: Path
    ecosystem: str
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    unreadable: str | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All that is said of the file and its dependencies."""
        findings = (statement for row in self.rows for statement in row.findings)
        return (*(fault.statement for fault in self.faults), *findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All files. ``notes`` are sentences on who could not be asked; ``unknown``
    counts the dependencies of which therefore nothing is known, and ``old`` those of which only
    what was known before can be shown, though nobody asked for no more than that.
    """

    files: tuple[FileReport, ...]
    notes: tuple[str, ...] = ()
    unknown: int = 0
    old: int = 0

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity."""
        told = (said for file in self.files for said in file.statements)
        found = Counter(said.severity for said in told if not said.is_repeated)
        return {severity: found[severity] for severity in Severity}

    @property
    def dependencies(self) -> int:
        """How many dependencies all files have."""
        return sum(len(file.rows) for file in self.files)

    @property
    def untold(self) -> int:
        """Of how many dependencies it could not be asked what is known against them."""
        return sum(row.untold is not None for file in self.files for row in file.rows)

    @property
    def unreadable(self) -> int:
        """How many files could not be read."""
        return sum(file.unreadable is not None for file in self.files)

    @property
    def exit_code(self) -> int:
        """2 where something could not be judged, else 1 where a finding is a warning or an
        error, else 0. A check that saw only half must not read as one that saw everything.
        """
        if self.unknown or self.old or self.unreadable:
            return 2
        counts = self.counts
        return 1 if counts[Severity.ERROR] or counts[Severity.WARNING] else 0


def report(checked: Iterable[CheckedFile], settings: Settings, *, now: float) -> Report:
    """Put what was found into words, findings that the settings turn off left out.

    *now* is seconds since the epoch: what was known before is as old as it is then.
    """
    checked = tuple(checked)
    assessments = [each for file in checked for each in file.assessments]
    entries = Entries(checked)
    files = tuple(_file(file, settings, now, entries) for file in checked)
    aged = sum(row.age_seconds is not None for file in files for row in file.rows)
    return Report(
        files=files,
        notes=(*_notes(assessments, now), *_silences(checked)),
        unknown=sum(isinstance(each.lookup, Unauthorized | Unavailable) for each in assessments),
        old=0 if settings.network.offline else aged,
    )


def _file(file: CheckedFile, settings: Settings, now: float, entries: Entries) -> FileReport:
    index = LineIndex(file.text)
    own, others = _shared_out(file.problems, file.assessments)
    faults = []
    for problem in others:
        line, column = _place(index, problem.span)
        faults += [
            Fault(line=line, column=column, statement=statement)
            for statement in _problem_statements(problem, settings)
        ]
    faults += _unused(file.unused, index, settings)
    rows = []
    silences = file.untold or [None] * len(file.assessments)
    for assessment, problems, silence in zip(file.assessments, own, silences, strict=True):
        statements = [
            each for problem in problems for each in _problem_statements(problem, settings)
        ]
        statements += _finding_statements(file.path, index, assessment, settings, entries)
        row = _row(file.ecosystem, index, assessment, tuple(statements), now)
        unasked = _unasked(file.ecosystem, assessment.dependency, settings)
        untold = troubles.why(silence) if silence is not None else None
        ruled_out = wording.ruled_out(assessment, file.runtime_name)
        rows.append(replace(row, unasked=unasked, untold=untold, ruled_out=ruled_out))
    return FileReport(
        path=file.path,
        ecosystem=file.ecosystem,
        rows=tuple(rows),
        faults=tuple(faults),
        unreadable=file.unreadable,
    )


def _row(
    ecosystem: str,
    index: LineIndex,
    assessment: Assessment,
    statements: tuple[Statement, ...],
    now: float,
) -> Row:
    dependency, verdict = assessment.dependency, assessment.verdict
    line, column = _place(index, dependency.name_span)
    return Row(
        name=wording.shown(dependency.display_name),
        registry=ecosystem if dependency.source.is_looked_up else None,
        section=dependency.section,
        line=line,
        column=column,
        requirement=dependency.specifier or wording.shown(dependency.written),
        current=assessment.current,
        locked=assessment.locked,
        wanted=verdict.wanted.version if verdict.wanted else None,
        latest=verdict.latest.version if verdict.latest else None,
        findings=statements,
        newer=verdict.newer.version if verdict.newer else None,
        exposed=assessment.exposed,
        ignored=tuple(dict.fromkeys(each.code for each in assessment.unsaid)),
        age_seconds=_age(assessment.lookup, now),
        as_known=wording.as_known(assessment, now),
    )


def _unasked(ecosystem: str, dependency: Dependency, settings: Settings) -> str | None:
    is_ignored = settings.ignores(ecosystem, dependency.name, dependency.display_name)
    return wording.elsewhere(dependency) or (wording.IGNORED if is_ignored else None)


def _age(lookup: Lookup | None, now: float) -> float | None:
    if not isinstance(lookup, Found) or lookup.trouble is None:
        return None
    return max(0.0, now - lookup.asked_at)


def _finding_statements(
    path: Path, index: LineIndex, assessment: Assessment, settings: Settings, entries: Entries
) -> Iterator[Statement]:
    dependency = assessment.dependency
    for finding in assessment.verdict.findings:
        severity = settings.diagnostics.severity_of(finding.code, finding.severity)
        if severity is None:
            continue
        twin = assessment.twin if finding.code is Code.DUPLICATE_DEPENDENCY else None
        related = None if twin is None else _related(index, twin.name_span)
        message, brief = wording.message(finding, assessment), _brief(finding, assessment)
        is_repeated, entry = False, dependency.entry
        if entry is not None and finding.is_of_entry(dependency):
            is_repeated = entries.tell(path, entry, finding)
            severity = severity.repeated if is_repeated else severity
            place = Path(normpath(path.parent / entry.path)) if entry.path else None
            related = _related(entry.lines or index, entry.span, place)
            told = wording.standing(entry, index)
            message, brief = f"{message}; {told}", brief and f"{brief}; {told}"
        yield Statement(
            code=finding.code,
            severity=severity,
            message=message,
            brief=brief,
            related=related,
            is_repeated=is_repeated,
        )


def _brief(finding: Finding, assessment: Assessment) -> str | None:
    lookup = assessment.lookup
    if finding.code not in _TOLD_ONCE or not isinstance(lookup, Unauthorized | Unavailable):
        return None
    return f"nothing is known: {troubles.in_short(lookup)}"


def _unused(ignores: Iterable[Unused], index: LineIndex, settings: Settings) -> Iterator[Fault]:
    severity = settings.diagnostics.severity_of(Code.UNUSED_IGNORE)
    if severity is None:
        return
    for each in ignores:
        line, column = _place(index, each.span)
        message = wording.unused(each)
        statement = Statement(code=Code.UNUSED_IGNORE, severity=severity, message=message)
        yield Fault(line=line, column=column, statement=statement)


def _problem_statements(problem: Problem, settings: Settings) -> Iterator[Statement]:
    code = Code.INVALID_REQUIREMENT
    severity = settings.diagnostics.severity_of(code)
    if severity is not None:
        yield Statement(code=code, severity=severity, message=wording.problem(problem))


def _place(index: LineIndex, span: Span) -> tuple[int, int]:
    line, column = index.position(span.start, "utf-32")
    return line + 1, column + 1


def _related(index: LineIndex, span: Span, path: Path | None = None) -> Related:
    line, column = _place(index, span)
    return Related(line=line, column=column, path=path)


def _shared_out(
    problems: Iterable[Problem], assessments: Sequence[Assessment]
) -> tuple[list[list[Problem]], list[Problem]]:
    """The problems of each dependency, those that start within its span, and the other ones."""
    order = sorted(range(len(assessments)), key=lambda at: assessments[at].dependency.span.start)
    starts = [assessments[at].dependency.span.start for at in order]
    own: list[list[Problem]] = [[] for _ in assessments]
    others = []
    for problem in problems:
        before = bisect_right(starts, problem.span.start)
        at = order[before - 1] if before else None
        if at is not None and assessments[at].dependency.span.touches(problem.span.start):
            own[at].append(problem)
        else:
            others.append(problem)
    return own, others


def _notes(assessments: Iterable[Assessment], now: float) -> Iterator[str]:
    """What could not be asked: one sentence for each cause (and age of what is shown instead),
    however many packages it meets.
    """
    met: dict[tuple[str, str], list[str]] = {}
    for each in assessments:
        as_known = wording.as_known(each, now)
        if isinstance(each.lookup, Unauthorized | Unavailable):
            asked = each.id.registry if each.id is not None else None
            later = "; try it again later" if troubles.is_passing(each.lookup) else ""
            sentence = ("nothing is known of", f": {troubles.why(each.lookup, asked)}{later}")
        elif as_known is not None:
            sentence = ("what is said of", f" is {as_known}")
        else:
            continue
        met.setdefault(sentence, []).append(each.dependency.display_name)
    for (before, after), names in met.items():
        yield f"{before} {_some(names)}{after}"


def _silences(files: Iterable[CheckedFile]) -> Iterator[str]:
    """Whom it could not be asked what is known against releases: a sentence for each cause."""
    met: dict[str, list[str]] = {}
    for file in files:
        for assessment, silence in zip(file.assessments, file.untold, strict=False):
            if silence is not None:
                names = met.setdefault(troubles.why(silence), [])
                names.append(assessment.dependency.display_name)
    for why, names in met.items():
        yield f"advisories on {_some(names)} could not be asked for: {why}"


def _some(names: Sequence[str]) -> str:
    named = [printable(name, 60) for name in dict.fromkeys(names)]
    rest = len(named) - _NAMED
    return ", ".join(named[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")

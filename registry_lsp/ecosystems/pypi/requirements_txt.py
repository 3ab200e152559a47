"""Requirements and constraints files, read as pip reads them (its *Requirements File Format*).

What pip would look up on disk or in the environment is judged by its looks alone: nothing is
opened, and ``${VARIABLE}`` is not expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from registry_lsp.core.manifests import Dependency, Index, Manifest, Problem, Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.direct import is_path, is_url, read_direct, source_of
from registry_lsp.ecosystems.pypi.markers import narrow
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.pip_options import (
    Option,
    OptionFault,
    options_start,
    read_options,
)
from registry_lsp.syntax.requirement_lines import LogicalLine, logical_lines
from registry_lsp.syntax.requirements import (
    RequirementText,
    marker_complaint,
    scan_requirement,
    stripped,
)

_PLAIN = re.compile(r"[A-Za-z0-9][^/\\@:;$]*[0-9](?<!\.bz2)")
"""What cannot be an address, a path or an archive, and has no marker: most lines."""
_HASHES = re.compile(r"(?:--hash=sha(?:256|384|512):[0-9a-f]+[ \t]*)+")
"""What pip-compile writes behind every requirement: nothing in it is at fault."""
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
_PATTERNS = (
    "**/requirements*.txt",
    "**/*requirements.txt",
    "**/requirements/*.txt",
    # pip-tools compiles '*.in', but so do autoconf, distutils and others: only those that say
    # whose they are, by their own name or their folder's.
    "**/requirements*.in",
    "**/*requirements.in",
    "**/requirements/*.in",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsTxt:
    """Requirements files, or with ``is_constraints`` constraints files.

    A ``${VARIABLE}`` in a name or a specifier leaves a line without a dependency, for nobody
    knows which. An unnamed path or address is a dependency whose ``name`` is empty. A
    ``--no-index`` is an :class:`Index` without an address, of the role 'default'.
    """

    name: str = "requirements.txt"
    patterns: Sequence[str] = _PATTERNS
    is_constraints: bool = False

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one. A constraints file is not a requirements file,
        wherever it lies.
        """
        if not self.is_constraints and CONSTRAINTS.matches(path):
            return False
        return any(path.match(each.removeprefix("**/")) for each in self.patterns)

    def holds(self, _text: str) -> bool:
        """Every file of that name is one."""
        return True

    def decode(self, raw: bytes) -> str:
        """UTF-8, with or without a mark at its beginning. Raises :class:`UnicodeDecodeError`."""
        return raw.decode("utf-8-sig")

    def parse(self, text: str) -> Manifest:
        """Read it: a broken line is a problem, and costs no other."""
        reading = _Reading(section="constraints" if self.is_constraints else "requirements")
        for line in logical_lines(text):
            _read(line, reading)
        return Manifest(
            dependencies=tuple(reading.dependencies),
            problems=tuple(reading.problems),
            indexes=tuple(reading.indexes),
        )

    def fault(self, text: str) -> Problem | None:
        """An option that cannot be read: pip then reads nothing of the file. What else it refuses
        is a problem of its line.
        """
        reading = _Reading(section="requirements")
        for line in logical_lines(text):
            if "-" in line.text:
                _read(line, reading)
        return reading.fault


REQUIREMENTS = RequirementsTxt()
CONSTRAINTS = RequirementsTxt(
    name="constraints.txt",
    patterns=("**/constraints*.txt", "**/*constraints.txt", "**/constraints*.in"),
    is_constraints=True,
)


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    section: str
    dependencies: list[Dependency] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    fault: Problem | None = None


def _read(line: LogicalLine, reading: _Reading) -> None:
    start = options_start(line)
    if start == line.end:
        _requirement(line, line.end, reading)
        return
    options: list[Option] = []
    for each in () if _HASHES.fullmatch(line.text, start, line.end) else read_options(line, start):
        if isinstance(each, OptionFault):
            _complain(line, each.span, each.reason, reading)
            reading.fault = reading.fault or reading.problems[-1]
        else:
            options.append(each)
    end = _trim(line, start)
    if end > line.start:
        _requirement(line, end, reading)
        return
    editable = next((each for each in options if each.name == "--editable"), None)
    if editable is not None:
        _editable(line, editable, reading)
        return
    for option in options:
        _apply(line, option, reading)


def _trim(line: LogicalLine, end: int) -> int:
    return line.start + len(line.text[line.start : end].rstrip())


def _apply(line: LogicalLine, option: Option, reading: _Reading) -> None:
    """Take in an option that stands for the whole file; includes and the like change nothing."""
    index = Index(name=None, url=option.value, role="default", span=line.place(option.value_span))
    if option.name == "--no-index":
        reading.indexes = [index]
    elif any(not each.url for each in reading.indexes):
        return  # once pip has read '--no-index', it takes no index any more
    elif option.name == "--index-url":
        reading.indexes = [index]  # in place of all before, the extra ones too
    elif option.name == "--extra-index-url":
        reading.indexes.append(replace(index, role="extra"))


def _editable(line: LogicalLine, option: Option, reading: _Reading) -> None:
    """The requirement of ``-e``: a path, an address of version control, or a named one."""
    if reading.section == "constraints":
        _complain(line, option.span, "A constraint cannot be editable.", reading)
    span = option.value_span
    if option.value != span.slice(line.text):
        return  # quoted in pieces: there is no one place to point at
    scanned = _scan(line.text, span.start, span.end)
    if scanned is not None and scanned.url:
        _named(line, scanned, span, reading)
        return
    is_web = is_url(option.value) and source_of(option.value) is Source.URL
    if is_web and "+" not in option.value.partition(":")[0]:
        reason = "Only a path or an address of version control can be editable."
        _complain(line, span, reason, reading)
    _direct(line, span, ";", reading)


def _requirement(line: LogicalLine, end: int, reading: _Reading) -> None:
    text, start = line.text, line.start
    span = Span(start, end)
    body = text[start:end]
    if _PLAIN.fullmatch(body):
        scanned = scan_requirement(text, start, end)
    elif is_url(body):
        _direct(line, span, "; ", reading)
        return
    elif is_path(body):
        _direct(line, span, ";", reading)
        return
    elif _VARIABLE.search(body.partition("@")[0]):
        return
    else:
        scanned = _scan(text, start, end)
    if scanned is None:
        reason = "A requirement begins with the name of a project, which this line does not."
        _complain(line, span, reason, reading)
        return
    _named(line, scanned, span, reading)


def _scan(text: str, start: int, end: int) -> RequirementText | None:
    """The requirement in ``text[start:end]``. pip cuts at the first semicolon, wherever it
    stands, and lets an empty marker pass.
    """
    semicolon = text.find(";", start, end)
    if semicolon == end - 1:
        return scan_requirement(text, start, semicolon)
    if semicolon < 0 or text.find("@", start, semicolon) < 0:
        return scan_requirement(text, start, end)
    marker, span = stripped(text, semicolon + 1, end)
    scanned = scan_requirement(text, start, semicolon)
    if scanned is None:
        return None
    complaint = scanned.complaint or marker_complaint(marker)
    return scanned._replace(
        marker=marker,
        marker_span=span,
        complaint=complaint,
        complaint_span=scanned.complaint_span or (span if complaint else None),
    )


def _named(line: LogicalLine, scanned: RequirementText, span: Span, reading: _Reading) -> None:
    if scanned.complaint is not None:
        _complain(line, scanned.complaint_span or span, scanned.complaint, reading)
    if reading.section == "constraints" and scanned.extras and scanned.extras_span:
        _complain(line, scanned.extras_span, "A constraint cannot have extras.", reading)
    is_direct = scanned.url_span is not None
    spans: Iterable[Span] = (scanned.name_span, scanned.specifier_span, span)
    if line.seams is not None:
        spans = map(line.place, spans)
    name_span, specifier_span, whole = spans
    reading.dependencies.append(
        Dependency(
            name=normalise(scanned.name),
            display_name=scanned.name,
            name_span=name_span,
            specifier=scanned.specifier,
            specifier_span=None if is_direct else specifier_span,
            span=whole,
            section=reading.section,
            dialect="pep440",
            source=source_of(scanned.url) if is_direct else Source.REGISTRY,
            extras=scanned.extras,
            marker=scanned.marker,
            target=scanned.url,
            runtime=narrow(None, scanned.marker) if scanned.marker else None,
        )
    )


def _direct(line: LogicalLine, span: Span, separator: str, reading: _Reading) -> None:
    """A dependency on an address or a path, with the marker behind *separator*."""
    cut = line.text.find(separator, span.start, span.end)
    marker = ""
    end = span.end
    if cut >= 0:
        marker, marker_span = stripped(line.text, cut + len(separator), span.end)
        grumble = marker_complaint(marker) if marker else None
        if grumble is not None:
            _complain(line, marker_span, grumble, reading)
        end = span.start + len(line.text[span.start : cut].rstrip())
    direct = read_direct(line.text, span.start, end)
    if direct.complaint is not None:
        _complain(line, Span(span.start, end), direct.complaint, reading)
    if reading.section == "constraints" and not direct.name:
        _complain(line, Span(span.start, end), "A constraint needs a name.", reading)
    reading.dependencies.append(
        Dependency(
            name=normalise(direct.name),
            display_name=direct.name or direct.target,
            name_span=line.place(direct.name_span),
            specifier="",
            specifier_span=None,
            span=line.place(span),
            section=reading.section,
            dialect="pep440",
            source=direct.source,
            extras=direct.extras,
            marker=marker,
            target=direct.target,
            runtime=narrow(None, marker) if marker else None,
        )
    )


def _complain(line: LogicalLine, span: Span, reason: str, reading: _Reading) -> None:
    reading.problems.append(Problem(span=line.place(span), reason=reason))

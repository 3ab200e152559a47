"""What one line of a requirements file requires, as pip reads it.

What pip would look up on disk or in the environment is judged by its looks alone: nothing is
opened, and ``${VARIABLE}`` is not expanded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from registry_lsp.core.manifests import Dependency, Problem, Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.requirements.direct import (
    Direct,
    editable_complaint,
    extras_behind,
    is_path,
    is_url,
    link_to,
    read_direct,
    read_editable_direct,
    source_of,
    url_complaint,
    wheel_complaint,
)
from registry_lsp.ecosystems.pypi.requirements.pip_options import Option
from registry_lsp.ecosystems.pypi.versions.markers import narrow, narrowed
from registry_lsp.syntax.requirements.lines import LogicalLine
from registry_lsp.syntax.requirements.specifier import (
    RequirementText,
    marker_complaint,
    scan_requirement,
    stripped,
)

_CLAUSE = r"(?:[=~!<>]=|[<>])[ \t]*[0-9][0-9.]*(?:\.\*)?"
_USUAL = re.compile(
    rf"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)[ \t]*({_CLAUSE}(?:[ \t]*,[ \t]*{_CLAUSE})*|)"
)
"""Most lines, which need no other look: a name, and comparisons with final versions."""
_PLAIN = re.compile(r"[A-Za-z0-9][^/\\@:;$]*[0-9](?<!\.bz2)")
"""What cannot be an address, a path or an archive, and has no marker."""
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")

_NO_NAME = "A requirement begins with the name of a project, which this line does not."
_NO_CONSTRAINT = "A constraint cannot be editable."


@dataclass(slots=True)
class Entries:
    """What has been read so far, and what is wrong with it. ``section`` is 'constraints' or
    'requirements'.
    """

    section: str
    dependencies: list[Dependency] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def are_constraints(self) -> bool:
        """Whether the file constrains only."""
        return self.section == "constraints"

    def complain(self, line: LogicalLine, span: Span, reason: str) -> None:
        """Take in a problem with *span*, an extent of the line's text."""
        self.problems.append(Problem(span=line.place(span), reason=reason))


def read_requirement(
    line: LogicalLine, limit: int, entries: Entries, hashes: tuple[Span, ...] = ()
) -> None:
    """Take in the requirement that *line* is, up to the offset *limit* in its text: its end, or
    the blank before its options. *hashes* are the extents of its hashes in the file.
    """
    text, start = line.text, line.start
    usual = _USUAL.match(text, start, limit)
    if usual is not None and (usual.end() == limit or text[usual.end() : limit].isspace()):
        name, specifier = usual.groups()
        if specifier or "." not in name:  # which could be an archive
            _usual(line, usual, entries, hashes)
            return
    body = text[start:limit].rstrip()
    end = start + len(body)
    scanned: RequirementText | None
    if _PLAIN.fullmatch(body):
        scanned = scan_requirement(text, start, end)
    elif is_url(body):
        cut = text.find("; ", start, limit)  # pip leaves blanks before an option where they are
        _unnamed(line, Span(start, end), cut, entries, hashes)
        return
    elif _VARIABLE.search(body.partition("@")[0]):
        return
    elif is_path(body):
        _unnamed(line, Span(start, end), text.find(";", start, end), entries, hashes)
        return
    else:
        scanned = _scan(text, start, end)
    if scanned is None:
        entries.complain(line, Span(start, end), _NO_NAME)
        return
    _named(line, scanned, Span(start, end), entries, hashes)


def _usual(
    line: LogicalLine, usual: re.Match[str], entries: Entries, hashes: tuple[Span, ...]
) -> None:
    name, specifier = usual.groups()
    start, name_end = usual.span(1)
    middle, end = usual.span(2) if specifier else (name_end, name_end)
    place = line.place
    specifier_span = place(Span(middle, end))
    entries.dependencies.append(
        Dependency(
            name=normalise(name),
            display_name=name,
            name_span=place(Span(start, name_end)),
            specifier=specifier,
            specifier_span=specifier_span,
            span=place(Span(start, end)),
            section=entries.section,
            dialect="pep440",
            hashes=hashes,
            written=specifier,
            written_span=specifier_span if specifier else None,
        )
    )


def read_editable_option(line: LogicalLine, option: Option, entries: Entries) -> None:
    """Take in the requirement of ``-e``: a path, an address of version control, or a named one.

    A value that is quoted in pieces has no parts to point at: all its spans are that of the whole.
    """
    if entries.are_constraints:
        entries.complain(line, option.span, _NO_CONSTRAINT)
    span = option.value_span
    if option.value == span.slice(line.text):
        _editable(line, span, entries)
        return
    inner = Entries(entries.section)
    inner_line = LogicalLine(option.value, 0, len(option.value))
    _editable(inner_line, Span(0, len(option.value)), inner)
    whole = line.place(span)
    entries.problems += (replace(each, span=whole) for each in inner.problems)
    entries.dependencies += (
        replace(each, name_span=whole, span=whole, written_span=whole)
        for each in inner.dependencies
    )


def read_editable(line: LogicalLine, limit: int, option: Option, entries: Entries) -> None:
    """Take in what stands before an ``-e``, up to the offset *limit*: pip takes that for the
    editable, with the blanks before the option, and passes over the option's own value.
    """
    body = line.text[line.start : limit]
    if "@" in body or is_url(body) or (is_path(body) and not body[-1].isspace()):
        if entries.are_constraints:
            entries.complain(line, option.span, _NO_CONSTRAINT)
        _editable(line, Span(line.start, limit), entries)
        return
    reason = "pip takes what stands before this option for the editable, which this cannot be."
    entries.complain(line, option.span, reason)
    read_requirement(line, limit, entries)


def _editable(line: LogicalLine, span: Span, entries: Entries) -> None:
    scanned = scan_requirement(line.text, span.start, span.end)
    if scanned is None or not scanned.url:
        direct = read_editable_direct(line.text, span.start, span.end)
        _direct(line, direct, span, span, "", entries, ())
        return
    grumble = editable_complaint(scanned.url)
    if grumble is not None and scanned.url_span is not None:
        entries.complain(line, scanned.url_span, grumble)
    _named(line, scanned, span, entries, is_editable=True)


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


def _named(
    line: LogicalLine,
    scanned: RequirementText,
    span: Span,
    entries: Entries,
    hashes: tuple[Span, ...] = (),
    *,
    is_editable: bool = False,
) -> None:
    _judge(line, scanned, span, entries)
    url, url_span, marker, extras = scanned.url, scanned.url_span, scanned.marker, scanned.extras
    if url_span is not None:
        behind, grumble = ((), None) if is_editable else extras_behind(url)
        extras, grumble = behind or extras, grumble or url_complaint(url)
        if grumble is None and not is_editable:
            grumble = wheel_complaint(scanned.name, url)
        if grumble is not None:
            entries.complain(line, url_span, grumble)
    place = line.place
    specifier, specifier_span = scanned.specifier, place(scanned.specifier_span)
    written_span = specifier_span if specifier else None
    runtime, runtime_by = narrowed(None, marker)
    entries.dependencies.append(
        Dependency(
            name=normalise(scanned.name),
            display_name=scanned.name,
            name_span=place(scanned.name_span),
            specifier=specifier,
            specifier_span=None if url_span else specifier_span,
            span=place(span),
            section=entries.section,
            dialect="pep440",
            source=source_of(url) if url_span else Source.REGISTRY,
            extras=extras,
            extra_spans=tuple(place(each) for each in scanned.extra_spans(line.text)),
            marker=marker,
            target=url,
            runtime=runtime,
            runtime_by=runtime_by,
            hashes=hashes,
            written=url if url_span else specifier,
            written_span=place(url_span) if url_span else written_span,
            link=link_to(url) if url_span else "",
        )
    )


def _judge(line: LogicalLine, scanned: RequirementText, span: Span, entries: Entries) -> None:
    if scanned.complaint is not None:
        entries.complain(line, scanned.complaint_span or span, scanned.complaint)
    if scanned.extras_span is not None and scanned.extras and entries.are_constraints:
        entries.complain(line, scanned.extras_span, "A constraint cannot have extras.")


def _unnamed(
    line: LogicalLine, span: Span, cut: int, entries: Entries, hashes: tuple[Span, ...]
) -> None:
    """A dependency on an address or a path, with a marker behind the semicolon at the offset
    *cut*; there is none where that is negative.
    """
    marker, end = "", span.end
    if cut >= 0:
        marker, marker_span = stripped(line.text, cut + 1, span.end)
        grumble = marker_complaint(marker) if marker else None
        if grumble is not None:
            entries.complain(line, marker_span, grumble)
        end = span.start + len(line.text[span.start : cut].rstrip())
    if end == span.start:
        entries.complain(line, span, _NO_NAME)
        return
    direct = read_direct(line.text, span.start, end)
    _direct(line, direct, span, Span(span.start, end), marker, entries, hashes)


def _direct(
    line: LogicalLine,
    direct: Direct,
    span: Span,
    written_span: Span,
    marker: str,
    entries: Entries,
    hashes: tuple[Span, ...],
) -> None:
    if direct.complaint is not None:
        entries.complain(line, written_span, direct.complaint)
    if entries.are_constraints and not direct.name:
        entries.complain(line, written_span, "A constraint needs a name.")
    entries.dependencies.append(
        Dependency(
            name=normalise(direct.name),
            display_name=direct.name or direct.target,
            name_span=line.place(direct.name_span),
            specifier="",
            specifier_span=None,
            span=line.place(span),
            section=entries.section,
            dialect="pep440",
            source=direct.source,
            extras=direct.extras,
            marker=marker,
            target=direct.target,
            runtime=narrow(None, marker),
            hashes=hashes,
            written=direct.target,
            written_span=line.place(written_span),
            link=link_to(direct.target),
        )
    )

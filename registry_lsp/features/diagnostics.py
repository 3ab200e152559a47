"""textDocument/publishDiagnostics: findings as squiggles."""

from __future__ import annotations

import time
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, NamedTuple, TypeAlias

from lsprotocol import types

from registry_lsp.core.findings import Assessment, Code, Finding, Severity
from registry_lsp.core.manifests import Entry, Part
from registry_lsp.core.remembering import ByIdentity
from registry_lsp.core.settings import Settings
from registry_lsp.core.text import Encoding, Snapshot, Span
from registry_lsp.features import troubles, wording
from registry_lsp.features.markup import decent_link
from registry_lsp.server import RegistryServer, client_range, range_in
from registry_lsp.session.documents import Document
from registry_lsp.session.following import path_from
from registry_lsp.session.heeding import unused_ignores

SOURCE = "registry-lsp"

_FADED = (Code.YANKED, Code.DEPRECATED)
_UNTOLD_AT_FIRST = frozenset(
    {
        Code.PACKAGE_NOT_FOUND.value,
        Code.INVALID_REQUIREMENT.value,
        Code.NO_MATCHING_VERSION.value,
        Code.UNKNOWN_EXTRA.value,
    }
)
"""What is found of nearly everything that is half typed."""


class Publisher:
    """Tells a client of findings, the session's audience, unless it asks for them itself."""

    def __init__(self, ls: RegistryServer) -> None:
        self._ls = ls
        self._plain: dict[str, dict[int, tuple[types.Diagnostic, Any]]] = {}
        self._sent: dict[str, tuple[int, list[Any]]] = {}

    def publish(self, document: Document, assessments: Sequence[Assessment]) -> None:
        """Send the freshest diagnostics, with the version of the text that they are of, unless
        these were the last that were sent.
        """
        for published in self._ls.when_published:
            published(document, assessments)
        if pulls(self._ls.client_capabilities):
            return
        uri, version = document.snapshot.uri, document.snapshot.version
        items = self._made_plain(uri, current(self._ls, document, assessments))
        if self._sent.get(uri) == (version, items):
            return
        self._sent[uri] = (version, items)
        said = {"uri": uri, "version": version, "diagnostics": items}
        self._ls.tell(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, said)

    def _made_plain(self, uri: str, items: Sequence[types.Diagnostic]) -> list[Any]:
        """*items* as JSON knows them: what was published before is made so once."""
        before, known = self._plain.get(uri, {}), {}
        for each in items:
            known[id(each)] = before.get(id(each)) or (each, self._ls.plain(each))
        self._plain[uri] = known
        return [plain for _, plain in known.values()]

    def retract(self, uri: str) -> None:
        """Take every diagnostic of *uri* away."""
        for retracted in self._ls.when_retracted:
            retracted(uri)
        self._plain.pop(uri, None)
        self._sent.pop(uri, None)
        if not pulls(self._ls.client_capabilities):
            self._ls.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri=uri, diagnostics=[])
            )


def pulls(client: types.ClientCapabilities) -> bool:
    """Whether a client of these capabilities asks for diagnostics, and asks again when it is told
    that there is news.
    """
    text, workspace = client.text_document, client.workspace
    if text is None or text.diagnostic is None or workspace is None:
        return False
    return workspace.diagnostics is not None and bool(workspace.diagnostics.refresh_support)


def current(
    ls: RegistryServer, document: Document, assessments: Sequence[Assessment]
) -> list[types.Diagnostic]:
    """The diagnostics of *document* as its settings and the client have them: the same ones again,
    as long as nothing else is known.
    """
    settings, relates = ls.settings(document.snapshot.uri), ls.relates_diagnostics
    way = (id(settings), ls.encoding, relates)
    _, before = _TOLD.get(document.snapshot, way, lambda: (settings, {}))
    return build(
        document,
        assessments,
        settings,
        ls.encoding,
        now=time.time(),
        relates=relates,
        before=before,
        unfinished=ls.session(document.snapshot.uri).unfinished(document),
    )


def digest(items: Sequence[types.Diagnostic]) -> str:
    """What tells these diagnostics from any others: the same ones have the same, in whichever
    session they are found.
    """
    said = blake2b(digest_size=12)
    for each in items:
        places = [each.range, *(it.location.range for it in each.related_information or ())]
        numbers = [
            number
            for place in places
            for number in (
                *(place.start.line, place.start.character),
                *(place.end.line, place.end.character),
            )
        ]
        said.update(repr((each.code, each.severity, each.message, numbers)).encode())
    return said.hexdigest()


def build(
    document: Document,
    assessments: Sequence[Assessment],
    settings: Settings,
    encoding: Encoding,
    *,
    now: float,
    relates: bool = True,
    before: Before | None = None,
    unfinished: int | None = None,
) -> list[types.Diagnostic]:
    """The diagnostics of *document*; *now* is epoch seconds. *relates* is whether the client shows
    what other places have to do with one. *before* are those that were made of the same text, for
    the same settings and client: what is there is taken from it, and what is not is put there.
    Of what somebody is still typing at the code-point offset *unfinished* it is not told what is
    wrong with nearly everything that is half typed.
    """
    if not settings.diagnostics.enabled:
        return []
    half_typed = _HalfTyped(document, unfinished) if unfinished is not None else None
    found: list[types.Diagnostic] = []
    for assessment in assessments:
        if not assessment.verdict.findings:
            continue
        stale = wording.as_known(assessment, now)
        made = before.get(id(assessment.dependency)) if before is not None else None
        if made is None or not made.holds(assessment, stale):
            some = [
                _diagnostic(
                    finding, assessment, document, severity, encoding, stale, relates=relates
                )
                for finding in assessment.verdict.findings
                if (severity := settings.diagnostics.severity_of(finding.code, finding.severity))
                is not None
            ]
            made = _Made(assessment, stale, some)
            if before is not None:
                before[id(assessment.dependency)] = made
        found += (
            [each for each in made.diagnostics if each.code not in _UNTOLD_AT_FIRST]
            if half_typed is not None and half_typed.reaches(assessment.dependency.span)
            else made.diagnostics
        )
    severity = settings.diagnostics.severity_of(Code.INVALID_REQUIREMENT)
    if severity is not None:
        found += [
            types.Diagnostic(
                range=client_range(document, problem.span, encoding),
                message=wording.problem(problem),
                severity=types.DiagnosticSeverity(severity),
                code=Code.INVALID_REQUIREMENT.value,
                source=SOURCE,
            )
            for problem in document.problems
            if half_typed is None or not half_typed.has(problem.span)
        ]
    severity = settings.diagnostics.severity_of(Code.UNUSED_IGNORE)
    if severity is not None:
        found += [
            types.Diagnostic(
                range=client_range(document, each.span, encoding),
                message=wording.unused(each),
                severity=types.DiagnosticSeverity(severity),
                code=Code.UNUSED_IGNORE.value,
                source=SOURCE,
                tags=[types.DiagnosticTag.Unnecessary],
            )
            for each in unused_ignores(document, assessments)
        ]
    return found


class _HalfTyped:
    """What of a document somebody is still typing, whose cursor is at a code-point *offset*."""

    def __init__(self, document: Document, offset: int) -> None:
        self._offset = offset
        self._word_end = len(document.snapshot.text[:offset].rstrip(" \t"))
        self._entries = [
            each.span for each in document.manifest.dependencies if self.reaches(each.span)
        ]

    def reaches(self, span: Span) -> bool:
        """Whether the cursor stands in *span*, or only blanks behind it."""
        return span.start <= self._offset and self._word_end <= span.end

    def has(self, span: Span) -> bool:
        """Whether *span* is of a dependency that the cursor stands in, or the cursor in it."""
        return self.reaches(span) or any(each.touches(span.start) for each in self._entries)


class _Made(NamedTuple):
    """The diagnostics of a dependency, and what they were made of."""

    assessment: Assessment
    stale: str | None
    diagnostics: list[types.Diagnostic]

    def holds(self, assessment: Assessment, stale: str | None) -> bool:
        """Whether they are those of *assessment* as well. Its parts are the same objects where
        nothing else has become known, which is seen faster than whether they say the same.
        """
        own = self.assessment
        return (
            own.dependency is assessment.dependency
            and own.verdict is assessment.verdict
            and own.lookup is assessment.lookup
            and own.twin is assessment.twin
            and own.near == assessment.near
            and own.locked == assessment.locked
            and self.stale == stale
        )


Before: TypeAlias = dict[int, _Made]
"""What was made of each dependency, by its identity."""

_TOLD: ByIdentity[Snapshot, tuple[Settings, Before]] = ByIdentity(most=8)
"""By the text. The settings are kept so that no others have their identity."""


def _diagnostic(
    finding: Finding,
    assessment: Assessment,
    document: Document,
    severity: Severity,
    encoding: Encoding,
    stale: str | None,
    *,
    relates: bool,
) -> types.Diagnostic:
    message = wording.message(finding, assessment)
    if troubles.is_passing(assessment.lookup) and finding.code is Code.REGISTRY_UNAVAILABLE:
        message += "; it is asked again by itself"
    entry = assessment.dependency.entry
    if entry is not None and finding.is_of_entry(assessment.dependency):
        message += f"; {wording.standing(entry, document.lines)}"
        severity = severity.repeated
    related = _related(finding, assessment, document, encoding) if relates else None
    return types.Diagnostic(
        range=client_range(document, _span(finding, assessment), encoding),
        message=f"{message} ({stale})" if stale else message,
        severity=types.DiagnosticSeverity(severity),
        code=finding.code.value,
        code_description=_page(finding),
        related_information=related,
        source=SOURCE,
        tags=[types.DiagnosticTag.Deprecated] if finding.code in _FADED else None,
    )


def _related(
    finding: Finding, assessment: Assessment, document: Document, encoding: Encoding
) -> list[types.DiagnosticRelatedInformation] | None:
    """Where the other entry of a package stands that has two, or the one that has its version."""
    dependency, twin = assessment.dependency, assessment.twin
    if dependency.entry is not None and finding.is_of_entry(dependency):
        target = _entry(dependency.entry, document, encoding)
        words = wording.entry(dependency)
        if target is None:
            return None
        return [types.DiagnosticRelatedInformation(location=target, message=words)]
    if twin is None or finding.code is not Code.DUPLICATE_DEPENDENCY:
        return None
    place = client_range(document, twin.name_span, encoding)
    location = types.Location(uri=document.snapshot.uri, range=place)
    return [types.DiagnosticRelatedInformation(location=location, message=wording.twin(twin))]


def _entry(entry: Entry, document: Document, encoding: Encoding) -> types.Location | None:
    """Where *entry* stands, as its file was read; None where no client can be led there."""
    if entry.lines is None:
        place = client_range(document, entry.span, encoding)
        return types.Location(uri=document.snapshot.uri, range=place)
    path = path_from(document, entry.path)
    if path is None:
        return None
    return types.Location(uri=path.as_uri(), range=range_in(entry.lines, entry.span, encoding))


def _page(finding: Finding) -> types.CodeDescription | None:
    """Where people read about an advisory."""
    url = finding.arg("url")
    address = decent_link(url) if isinstance(url, str) else None
    return types.CodeDescription(href=address) if address else None


def _span(finding: Finding, assessment: Assessment) -> Span:
    dependency = assessment.dependency
    if finding.part is Part.EXTRA:
        extras = zip(dependency.extras, dependency.extra_spans, strict=False)
        spans = (span for extra, span in extras if extra == finding.arg("extra"))
        return next(spans, dependency.name_span)
    span = dependency.specifier_span or dependency.written_span
    return span if finding.part is Part.SPECIFIER and span is not None else dependency.name_span

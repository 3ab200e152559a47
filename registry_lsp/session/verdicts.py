"""Judging a whole document from what is in memory, and only what has changed since."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache

from registry_lsp.core.advisories import Advisory, Exposed
from registry_lsp.core.assess import assess
from registry_lsp.core.duplicates import duplicate
from registry_lsp.core.exposure import exposed, in_use, vulnerable
from registry_lsp.core.extras import unknown_extras
from registry_lsp.core.findings import Assessment, Code, Verdict
from registry_lsp.core.gates import GATES_OPEN
from registry_lsp.core.ignores import EVERY_CODE, heard
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import (
    Found,
    Lookup,
    Missing,
    Package,
    PackageId,
    ReleaseId,
    Trouble,
    Unavailable,
)
from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.core.text import Span
from registry_lsp.session.advisories import AdvisoryIndex
from registry_lsp.session.descriptions import Descriptions
from registry_lsp.session.documents import Document
from registry_lsp.session.packages import PackageIndex


@dataclass(slots=True)
class _Remembered:
    """A verdict, with its subject, whose identity so stays its own, and with what is ``known``
    against what is in use and what that comes to: ``whole`` is the verdict with that.
    """

    subject: object
    verdict: Verdict
    in_use: tuple[ReleaseId, ...] = ()
    known: tuple[tuple[Advisory, ...], ...] = ()
    exposed: tuple[Exposed, ...] = ()
    whole: Verdict | None = None


class Judge:
    """Remembers one document's verdicts: a keystroke moves spans and changes one verdict."""

    def __init__(
        self, packages: PackageIndex, advisories: AdvisoryIndex, descriptions: Descriptions
    ) -> None:
        self._packages = packages
        self._advisories = advisories
        self._descriptions = descriptions
        self._verdicts: dict[Hashable, _Remembered] = {}
        self._last: tuple[Document, object, tuple[Assessment, ...]] | None = None
        self._before: tuple[Document, object, list[Assessment]] | None = None
        """Each dependency by itself, with the document and what counts beside the packages."""

    def judge(self, document: Document) -> tuple[Assessment, ...]:
        """The document's assessments, from what is known in memory: the same ones again, as long
        as nothing else has become known.
        """
        turns = (self._packages.turn, self._advisories.turn, self._descriptions.turn)
        stamp = (*turns, self._packages.now() // GATES_OPEN)
        if self._last is not None and self._last[0] is document and self._last[1] == stamp:
            return self._last[2]
        found = self._judged(document)
        self._last = (document, stamp, found)
        return found

    def _judged(self, document: Document) -> tuple[Assessment, ...]:
        found = self._each(document)
        for at, twin in document.twins.items():
            if not document.ignores(twin):
                found[at] = _doubled(found[at], twin)
        ignores = document.manifest.ignores
        if not ignores:
            return tuple(found)
        return tuple(
            replace(each, pending=self._pending(document, each)) for each in heard(ignores, found)
        )

    def _each(self, document: Document) -> list[Assessment]:
        """Each dependency by itself. While packages arrive, only those are judged anew of which
        something else is known.
        """
        told = tuple(problem.span for problem in document.manifest.problems)
        pairs = zip(document.manifest.dependencies, document.ids, strict=True)
        beside = (
            self._advisories.turn,
            self._descriptions.turn,
            self._packages.now() // GATES_OPEN,
        )
        before = self._before
        is_same = before is not None and before[0] is document and before[1] == beside
        if before is not None and is_same and not document.dated:
            found = [
                last
                if id is None
                or (self._packages.peek(id) is last.lookup and not isinstance(last.lookup, Missing))
                else self._assessment(document, dependency, id, self._verdicts, told)
                for last, (dependency, id) in zip(before[2], pairs, strict=True)
            ]
        else:
            known, self._verdicts = self._verdicts, {}
            found = [
                self._assessment(document, dependency, id, known, told) for dependency, id in pairs
            ]
        self._before = (document, beside, found)
        return list(found)

    def _pending(self, document: Document, assessment: Assessment) -> frozenset[Code]:
        """The codes of what may be found yet."""
        dependency, lookup, id = assessment.dependency, assessment.lookup, assessment.id
        if document.project is None or document.ignores(dependency):
            return EVERY_CODE
        if not dependency.source.is_looked_up:
            return frozenset()
        is_full = document.gate_of(dependency) is not None
        if id is None or not _is_certain(lookup) or self._packages.is_due(id, full=is_full):
            return EVERY_CODE
        release, pending = assessment.described, set()
        if not all(self._advisories.is_known(each) for each in assessment.in_use):
            pending.add(Code.VULNERABLE)
        if release is not None and self._descriptions.peek(release) is None:
            pending.add(Code.UNKNOWN_EXTRA)
        return frozenset(pending)

    def judge_one(self, document: Document, dependency: Dependency) -> Assessment:
        """The assessment of one dependency, from what is known in memory."""
        found = self._assessment(document, dependency, document.id_of(dependency), {}, ())
        (left,) = heard(document.manifest.ignores, [found])
        return left

    def _assessment(
        self,
        document: Document,
        dependency: Dependency,
        id: PackageId | None,
        known: dict[Hashable, _Remembered],
        told: tuple[Span, ...],
    ) -> Assessment:
        if not dependency.source.is_looked_up or document.ignores(dependency):
            return Assessment(dependency=dependency, verdict=Verdict())
        gate = document.gate_of(dependency)
        lookup = (
            self._packages.peek(id, full=gate is not None)
            if id is not None
            else _nowhere(document, dependency)
        )
        subject = lookup.package if isinstance(lookup, Found) else lookup
        locked = document.locked(dependency)
        versions = tuple(each.version for each in locked)
        now = self._packages.now()
        key = (*_key(dependency, subject, versions), gate, gate and now // GATES_OPEN)
        scheme = document.ecosystem.schemes[dependency.dialect]
        remembered = known.get(key)
        if remembered is None:
            verdict = assess(dependency, lookup, scheme, locked=versions, gate=gate, now=now)
            remembered = _Remembered(subject=subject, verdict=verdict)
            if isinstance(subject, Package):
                remembered.in_use = in_use(verdict, subject, scheme, versions)
        self._verdicts[key] = remembered
        self._expose(remembered, dependency, scheme, now)
        verdict = _once(remembered.whole or remembered.verdict, dependency, told)
        if isinstance(lookup, Found) and (
            lookup.is_partial or lookup.package.id.registry.otherwise is not None
        ):
            verdict = _without(Code.NO_MATCHING_VERSION, verdict)  # another index may have it
        found = Assessment(
            dependency=dependency,
            id=id,
            lookup=lookup,
            locked=locked,
            in_use=remembered.in_use,
            exposed=remembered.exposed,
            near=self._packages.near(id) if id is not None and isinstance(lookup, Missing) else (),
            verdict=verdict,
        )
        return self._described(document, found) if dependency.extras else found

    def _described(self, document: Document, assessment: Assessment) -> Assessment:
        """*assessment* with what the wanted release says of the extras that are asked of it."""
        lookup, verdict = assessment.lookup, assessment.verdict
        wanted = verdict.wanted
        if not isinstance(lookup, Found) or wanted is None or wanted.is_local:
            return assessment
        release = ReleaseId(package=lookup.package.id_of(wanted.version), version=wanted.version)
        metadata = self._descriptions.peek(release)
        if metadata is not None:
            normalise = document.ecosystem.normalise
            unknown = unknown_extras(assessment.dependency, metadata, normalise)
            verdict = replace(verdict, findings=(*verdict.findings, *unknown))
        return replace(assessment, described=release, verdict=verdict)

    def _expose(
        self, remembered: _Remembered, dependency: Dependency, scheme: VersionScheme, now: float
    ) -> None:
        """Bring what is known against what is in use up to date."""
        known = tuple(self._advisories.peek(each) for each in remembered.in_use)
        pairs = zip(known, remembered.known, strict=False)
        if len(known) == len(remembered.known) and all(one is other for one, other in pairs):
            return
        remembered.known = known
        package = remembered.subject
        remembered.exposed = tuple(
            exposed(dependency, package, scheme, each.version, some, remembered.verdict, now)
            for each, some in zip(remembered.in_use, known, strict=True)
            if some and isinstance(package, Package)
        )
        against = tuple(
            each for some in remembered.exposed for each in vulnerable(dependency, some)
        )
        findings = (*against, *remembered.verdict.findings)
        remembered.whole = replace(remembered.verdict, findings=findings) if against else None


def _doubled(assessment: Assessment, twin: Dependency) -> Assessment:
    """*assessment* of a dependency that asks for what *twin* asks for."""
    verdict = assessment.verdict
    findings = (*verdict.findings, duplicate(assessment.dependency, twin))
    return replace(assessment, twin=twin, verdict=replace(verdict, findings=findings))


def _is_certain(lookup: Lookup | None) -> bool:
    """Whether nothing else can be known of a package."""
    if isinstance(lookup, Found):
        return lookup.trouble is None and not lookup.is_partial
    return isinstance(lookup, Missing)


def _once(verdict: Verdict, dependency: Dependency, told: tuple[Span, ...]) -> Verdict:
    """*verdict* without what a problem of the manifest says of this very place already."""
    if not told or not any(_overlap(span, dependency.span) for span in told):
        return verdict
    return _without(Code.INVALID_REQUIREMENT, verdict)


def _without(code: Code, verdict: Verdict) -> Verdict:
    return replace(verdict, findings=tuple(f for f in verdict.findings if f.code is not code))


def _nowhere(document: Document, dependency: Dependency) -> Unavailable | None:
    """Nobody may be asked for it; for what is still being typed nobody need be."""
    if not dependency.name or document.project is None or document.is_withheld(dependency):
        return None
    return _unknown(document.why_unknown(dependency))


@lru_cache(maxsize=256)
def _unknown(why: str | None) -> Unavailable:
    """One for each cause, as verdicts are remembered by what they are of."""
    return Unavailable(trouble=Trouble.NOWHERE, host="", detail=why)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _key(dependency: Dependency, subject: object, locked: tuple[str, ...]) -> tuple[Hashable, ...]:
    span = dependency.specifier_span or dependency.written_span
    return (
        dependency.display_name,
        dependency.specifier,
        dependency.dialect,
        dependency.runtime,
        dependency.prereleases,
        dependency.constraint,
        locked,
        span is not None and span.start != span.end,
        id(subject),
    )

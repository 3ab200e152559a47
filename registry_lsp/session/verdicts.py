"""Judging a whole document from what is in memory, and only what has changed since."""

from __future__ import annotations

from collections.abc import Hashable

from registry_lsp.core.assess import assess
from registry_lsp.core.findings import Assessment, Verdict
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import Found, Lookup
from registry_lsp.session.documents import Document
from registry_lsp.session.packages import PackageIndex


class Judge:
    """Remembers one document's verdicts: a keystroke moves spans and changes one verdict."""

    def __init__(self, packages: PackageIndex) -> None:
        self._packages = packages
        # The subject is kept beside its verdict, so that its identity stays its own.
        self._verdicts: dict[Hashable, tuple[object, Verdict]] = {}

    def judge(self, document: Document) -> tuple[Assessment, ...]:
        """The document's assessments, from what is known in memory."""
        verdicts: dict[Hashable, tuple[object, Verdict]] = {}
        assessments = []
        for dependency, id in zip(document.manifest.dependencies, document.ids, strict=True):
            lookup = self._packages.peek(id) if id is not None else None
            if not dependency.source.is_looked_up:
                verdict = Verdict()
            else:
                subject = lookup.package if isinstance(lookup, Found) else lookup
                key = _key(dependency, subject)
                known = self._verdicts.get(key)
                verdict = known[1] if known else self._assess(document, dependency, lookup)
                verdicts[key] = (subject, verdict)
            assessments.append(
                Assessment(dependency=dependency, id=id, lookup=lookup, verdict=verdict)
            )
        self._verdicts = verdicts
        return tuple(assessments)

    def _assess(self, document: Document, dependency: Dependency, lookup: Lookup | None) -> Verdict:
        return assess(dependency, lookup, document.ecosystem.schemes[dependency.dialect])


def _key(dependency: Dependency, subject: object) -> Hashable:
    span = dependency.specifier_span
    return (
        dependency.display_name,
        dependency.specifier,
        dependency.dialect,
        dependency.runtime,
        span is not None and span.start != span.end,
        id(subject),
    )

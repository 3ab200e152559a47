"""textDocument/inlayHint: behind a dependency the version that it could have, where it has another.

Nothing stands where there is nothing to say, so that lines do not jump.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lsprotocol import types

from registry_lsp.core.edits import Edit
from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.order import is_newer
from registry_lsp.core.packages import Release
from registry_lsp.core.settings import Settings
from registry_lsp.core.text import Span, printable
from registry_lsp.core.updates import updates
from registry_lsp.features import times
from registry_lsp.features.edits import text_edits
from registry_lsp.features.refreshing import Refresher
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document

PATIENCE = 8.0
"""Seconds for which a client waits that asks once and cannot be told to ask again: Eglot gives up
after 10, Helix after 20."""

_OUTDATED = frozenset({Code.OUTDATED_PATCH, Code.OUTDATED_MINOR, Code.OUTDATED_MAJOR})
_REST = re.compile(r"""["']?[ \t]*,?(?=[ \t]*(?:[\r\n]|\Z))""")
_LAZY = frozenset({"tooltip", "textEdits"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A word and a version, shown at an offset of the text."""

    at: int
    word: str
    release: Release
    assessment: Assessment

    @property
    def label(self) -> str:
        """What is shown."""
        return f"{self.word} {printable(self.release.version, 80)}"


def register(ls: RegistryServer) -> None:
    """Answer textDocument/inlayHint, and inlayHint/resolve for who wants the rest later."""
    ls.when_news.append(Refresher(ls, "inlay hints", _wants_refresh, ask_again).news)

    @ls.feature(types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintOptions(resolve_provider=True))
    async def hints(
        ls: RegistryServer, params: types.InlayHintParams
    ) -> list[types.InlayHint] | None:
        uri = params.text_document.uri
        document = await ls.document(uri)
        if document is not None and not _wants_refresh(ls.client_capabilities):
            document = await _answered(ls, document)
        if document is None:
            return None
        span = Span(*(ls.offset(document, each) for each in (params.range.start, params.range.end)))
        near = _near(document, ls.session(uri).assessments(document), span)
        found = [each for each in build(document, near, ls.settings(uri)) if span.touches(each.at)]
        if _resolves(ls.client_capabilities):
            return [_brief(ls, document, each) for each in found]
        return [_whole(ls, document, each, _brief(ls, document, each)) for each in found]

    @ls.feature(types.INLAY_HINT_RESOLVE)
    async def resolve(ls: RegistryServer, hint: types.InlayHint) -> types.InlayHint:
        uri, version, at = hint.data or ("", None, None)
        document = await ls.document(uri)
        if document is None or document.snapshot.version != version:
            return hint
        assessments = ls.session(uri).assessments(document)
        for each in build(document, assessments, ls.settings(uri)):
            if each.at == at and each.label == hint.label:
                return _whole(ls, document, each, hint)
        return hint


async def _answered(ls: RegistryServer, document: Document) -> Document | None:
    """*document* once it is known what there is to be shown, or nobody waits any longer; None where
    its text is another by then, which is asked about anew.
    """
    session = ls.session(document.snapshot.uri)
    assessments = session.assessments(document)
    if all(each.id is None or each.lookup is not None for each in assessments):
        return document
    try:
        return await asyncio.wait_for(session.answered(document), PATIENCE)
    except asyncio.TimeoutError:
        return document


def _near(
    document: Document, assessments: Iterable[Assessment], span: Span
) -> Iterator[Assessment]:
    """Those whose hint may stand in *span*: it stands on the line on which a dependency ends."""
    first = document.lines.start_of(span.start)
    for each in assessments:
        if each.dependency.span.start <= span.end and each.dependency.span.end >= first:
            yield each


def build(
    document: Document, assessments: Iterable[Assessment], settings: Settings
) -> Iterator[Hint]:
    """The hints of *document*, in the order of its dependencies: the latest release where the
    requirement does not admit it, else the wanted one where something older is locked.
    """
    if not settings.inlay_hints.enabled:
        return
    for assessment in assessments:
        release = _latest(assessment, settings)
        word = "latest" if release is not None else "wanted"
        release = release or _wanted(document, assessment)
        if release is not None:
            at = place(document.snapshot.text, assessment)
            yield Hint(at=at, word=word, release=release, assessment=assessment)


def _latest(assessment: Assessment, settings: Settings) -> Release | None:
    """The latest release where the requirement is outdated, and that is to be told."""
    told = (
        settings.diagnostics.severity_of(each.code)
        for each in assessment.verdict.findings
        if each.code in _OUTDATED
    )
    return assessment.verdict.latest if any(told) else None


def _wanted(document: Document, assessment: Assessment) -> Release | None:
    """The wanted release, where a lock file has an older one."""
    verdict = assessment.verdict
    if verdict.current is None or verdict.wanted is None or not assessment.locked:
        return None
    scheme = document.ecosystem.schemes[assessment.dependency.dialect]
    is_behind = is_newer(scheme, verdict.wanted.version, verdict.current)
    return verdict.wanted if is_behind else None


def place(text: str, assessment: Assessment) -> int:
    """Where the hint of a dependency stands: behind it, and where nothing follows on its line but
    a comma, behind that. It stands on no line that nothing of the dependency is on.
    """
    dependency = assessment.dependency
    end = dependency.span.end
    end -= len(dependency.span.slice(text)) - len(dependency.span.slice(text).rstrip())
    rest = _REST.match(text, end)
    return end if rest is None else rest.end()


def _resolves(client: types.ClientCapabilities) -> bool:
    """Whether the client asks for the rest of a hint when somebody looks at it."""
    text = client.text_document
    hints = text.inlay_hint if text is not None else None
    support = hints.resolve_support if hints is not None else None
    return support is not None and _LAZY.issubset(support.properties)


def _brief(ls: RegistryServer, document: Document, hint: Hint) -> types.InlayHint:
    here = client_range(document, Span(hint.at, hint.at), ls.encoding).start
    data = [document.snapshot.uri, document.snapshot.version, hint.at]
    return types.InlayHint(position=here, label=hint.label, padding_left=True, data=data)


def _whole(
    ls: RegistryServer, document: Document, hint: Hint, brief: types.InlayHint
) -> types.InlayHint:
    """The hint with what it says when looked at, and the edit that is made when it is accepted."""
    now = time.time()
    edit = edit_of(document, hint, now)
    brief.tooltip = tooltip(hint, now)
    if edit is not None:
        brief.text_edits = text_edits(document, (edit,), ls.encoding)
    return brief


def edit_of(document: Document, hint: Hint, now: float) -> Edit | None:
    """What writes the hint's version into the manifest; None where nothing can."""
    scheme = document.ecosystem.schemes[hint.assessment.dependency.dialect]
    offered = updates(hint.assessment, scheme, now)
    return next((each.edit for each in offered if each.release == hint.release), None)


def tooltip(hint: Hint, now: float) -> str:
    """What is said of the versions, in plain text; *now* is epoch seconds."""
    verdict = hint.assessment.verdict
    lines = [
        f"{name}: {printable(version, 80)}"
        for name, version in (
            ("current", hint.assessment.current),
            ("wanted", verdict.wanted.version if verdict.wanted else None),
            ("latest", verdict.latest.version if verdict.latest else None),
        )
        if version is not None
    ]
    if hint.release.published is not None:
        age = times.duration(max(0.0, now - hint.release.published))
        lines.append(f"{printable(hint.release.version, 80)} was published {age} ago.")
    return "\n".join(lines)


def _wants_refresh(client: types.ClientCapabilities) -> bool:
    workspace = client.workspace
    hints = workspace.inlay_hint if workspace is not None else None
    return hints is not None and bool(hints.refresh_support)


async def ask_again(ls: RegistryServer) -> None:
    """Have the client ask for the hints that it shows anew."""
    await ls.workspace_inlay_hint_refresh_async(None)

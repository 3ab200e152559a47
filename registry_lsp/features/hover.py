"""textDocument/hover: what is known of the package under the cursor, and of its people."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timezone

from lsprotocol import types

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.manifests import Dependency, Source, site_at
from registry_lsp.core.packages import Found, Metadata, Package, Person, Release
from registry_lsp.features import wording
from registry_lsp.features.markup import Markdown, Markup, Plain
from registry_lsp.net.addresses import web_link
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document

PATIENCE = 3.0
"""Seconds that a hover waits for its own package before it shows what it has."""

_MOST_REQUIRES = 12
_MOST_PEOPLE = 8
_MOST_LOCKED = 6


def register(ls: RegistryServer) -> None:
    """Answer textDocument/hover."""

    @ls.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: RegistryServer, params: types.HoverParams) -> types.Hover | None:
        document = await ls.document(params.text_document.uri)
        if document is None:
            return None
        site = site_at(document.manifest, ls.offset(document, params.position))
        if site is None:
            return None
        assessment = await _learn(ls, document, site.dependency)
        required = await _required(ls, assessment)
        kind = ls.hover_markup
        markup = Markdown() if kind is types.MarkupKind.Markdown else Plain()
        text = build(document, assessment, markup, wanted=required, now=time.time())
        return types.Hover(
            contents=types.MarkupContent(kind=kind, value=text),
            range=client_range(document, site.span, ls.encoding),
        )


async def _learn(ls: RegistryServer, document: Document, dependency: Dependency) -> Assessment:
    """The dependency's assessment, from its full document where that comes in time."""
    id = document.id_of(dependency)
    packages = ls.session.packages
    # A name that is being typed is not asked for.
    if id is not None and (packages.peek(id) is not None or await ls.session.rests(document)):
        asked = asyncio.ensure_future(packages.fetch(id, full=True))
        await asyncio.wait((asked,), timeout=PATIENCE)
    return ls.session.assessment(document, dependency)


async def _required(ls: RegistryServer, assessment: Assessment) -> Metadata | None:
    """What the wanted version says of itself, where the package's own words are another's."""
    lookup, wanted = assessment.lookup, assessment.verdict.wanted
    if assessment.id is None or wanted is None or not isinstance(lookup, Found):
        return None
    held = lookup.package.metadata
    if held is not None and held.version == wanted.version:
        return held
    asked = asyncio.ensure_future(ls.session.packages.metadata(lookup.package.id, wanted.version))
    done, _ = await asyncio.wait((asked,), timeout=PATIENCE)
    return asked.result() if done else None


def build(
    document: Document,
    assessment: Assessment,
    markup: Markup,
    *,
    wanted: Metadata | None,
    now: float,
) -> str:
    """The hover's text. *wanted* is the wanted version's own metadata, *now* epoch seconds."""
    dependency, lookup = assessment.dependency, assessment.lookup
    if not dependency.source.is_looked_up:
        return _elsewhere(dependency, markup)
    blocks = [_title(document, assessment, markup)]
    if not isinstance(lookup, Found):
        blocks.append(_versions(document, assessment, markup, now))
        blocks += [markup.text(wording.message(f, assessment)) for f in assessment.verdict.findings]
        if document.ignores(dependency):
            blocks.append(markup.quiet("the settings leave it out (ignore)"))
        elif document.is_withheld(dependency):
            blocks.append(markup.quiet("its registry is asked once this change is saved"))
        elif lookup is None:
            blocks.append(markup.quiet("its registry has not answered yet"))
        return "\n\n".join(block for block in blocks if block)
    # Where nobody tells of the wanted version, what the newest one says is told as its own.
    metadata = wanted or lookup.package.metadata
    blocks += [
        _summary(lookup, metadata, markup),
        _versions(document, assessment, markup, now),
        _warnings(assessment, markup),
        _facts(document, assessment, metadata, markup),
        _requires(metadata, markup),
        _people(lookup.package.metadata or wanted, markup),
        _links(document, assessment, lookup.package.metadata or wanted, markup),
    ]
    if (stale := wording.as_known(assessment, now)) is not None:
        blocks.append(markup.quiet(stale))
    return "\n\n".join(block for block in blocks if block)


def _elsewhere(dependency: Dependency, markup: Markup) -> str:
    place = wording.shown(dependency.target)
    name = markup.strong(wording.shown(dependency.display_name) or place)
    target = f": {markup.code(place)}" if place else ""
    page = markup.link("look at it", web_link(dependency.link))
    blocks = [f"{name} {wording.elsewhere(dependency)}, not from a registry{target}", page]
    return "\n\n".join(block for block in blocks if block)


def _title(document: Document, assessment: Assessment, markup: Markup) -> str:
    dependency = assessment.dependency
    title = markup.strong(dependency.display_name)
    if dependency.source is Source.ALIAS and dependency.name:
        title += f" · {markup.text(f'an alias of {dependency.name}')}"
    title += f" · {markup.text(document.ecosystem.name)}"
    if dependency.via:
        specifier = markup.code(dependency.specifier)
        title += f" · {specifier} {markup.text(f'in {dependency.via}')}"
    return title


def _summary(lookup: Found, metadata: Metadata | None, markup: Markup) -> str:
    own = lookup.package.metadata or metadata
    return markup.text(own.summary, 400) if own is not None and own.summary else ""


def _versions(document: Document, assessment: Assessment, markup: Markup, now: float) -> str:
    verdict, lookup = assessment.verdict, assessment.lookup
    package = lookup.package if isinstance(lookup, Found) else None
    rows = [
        *_current(assessment, package, markup),
        ("wanted", verdict.wanted, ""),
        ("latest", verdict.latest, ""),
        ("newer", verdict.newer, _why_out(document, assessment, markup)),
    ]
    lines = []
    for name, release, note in rows:
        if release is None:
            continue
        parts = [f"{name} {markup.code(release.version)}"]
        if release.published is not None:
            parts.append(f"{_date(release.published)} ({_ago(release.published, now)})")
        parts += [mark for mark, on in (("yanked", release.yanked),) if on]
        parts += ["deprecated"] if release.deprecated is not None else []
        parts += [note] if note else []
        lines.append(markup.item(" · ".join(parts)))
    return "\n".join(lines)


def _current(
    assessment: Assessment, package: Package | None, markup: Markup
) -> list[tuple[str, Release | None, str]]:
    """The versions that are locked, with who says so and where that depends on; else the pin."""

    def release(version: str) -> Release:
        listed = package.release(version) if package is not None else None
        return listed or Release(version=version)

    rows: list[tuple[str, Release | None, str]] = []
    for each in assessment.locked[:_MOST_LOCKED]:
        by = markup.text(each.by, 60)
        note = f"{by}, where {markup.code(each.marker)}" if each.marker else by
        rows.append(("current", release(each.version), note))
    if rows or assessment.verdict.current is None:
        return rows
    return [("current", release(assessment.verdict.current), "")]


def _why_out(document: Document, assessment: Assessment, markup: Markup) -> str:
    newer, own = assessment.verdict.newer, assessment.dependency.runtime
    if newer is None or newer.runtime is None or own is None:
        return ""
    needs = f"{document.ecosystem.runtime_name} {markup.code(newer.runtime)}"
    return f"needs {needs}, and this project supports {markup.code(own)}"


def _warnings(assessment: Assessment, markup: Markup) -> str:
    grave = (
        Code.YANKED,
        Code.DEPRECATED,
        Code.NO_MATCHING_VERSION,
        Code.INVALID_REQUIREMENT,
        Code.INCOMPATIBLE_PYTHON,
        Code.INCOMPATIBLE_ENGINE,
    )
    said = [
        markup.text(wording.message(finding, assessment))
        for finding in assessment.verdict.findings
        if finding.code in grave
    ]
    package = assessment.lookup.package if isinstance(assessment.lookup, Found) else None
    if package is not None and package.status is not None:
        reason = f": {package.status_reason}" if package.status_reason else ""
        said.append(markup.text(f"this project is {package.status}{reason}"))
    return "\n\n".join(f"⚠ {each}" for each in said)


def _facts(
    document: Document, assessment: Assessment, metadata: Metadata | None, markup: Markup
) -> str:
    facts = []
    if metadata is not None and metadata.license:
        facts.append(f"licence {markup.text(metadata.license, 80)}")
    wanted = assessment.verdict.wanted
    runtime = wanted.runtime if wanted is not None else None
    if (
        runtime is None
        and metadata is not None
        and (not wanted or wanted.version == metadata.version)
    ):
        runtime = metadata.runtime
    if runtime:
        facts.append(f"runs on {document.ecosystem.runtime_name} {markup.code(runtime)}")
    return " · ".join(facts)


def _requires(metadata: Metadata | None, markup: Markup) -> str:
    if metadata is None:
        return ""
    needed = [each for each in metadata.requires if each.kind in ("runtime", "peer")]
    always = [each for each in needed if not (each.marker and "extra" in each.marker)]
    if not always:
        return f"{markup.code(metadata.version)} requires nothing else"
    shown = ", ".join(
        markup.code(f"{each.name} {each.specifier}".strip()) for each in always[:_MOST_REQUIRES]
    )
    more = f" and {len(always) - _MOST_REQUIRES} more" if len(always) > _MOST_REQUIRES else ""
    return f"{markup.code(metadata.version)} requires {shown}{more}"


def _people(metadata: Metadata | None, markup: Markup) -> str:
    if metadata is None:
        return ""
    lines = []
    for people, role in ((metadata.authors, "by"), (metadata.maintainers, "maintained by")):
        names = list(dict.fromkeys(filter(None, (_called(person, markup) for person in people))))
        if names:
            more = f" and {len(names) - _MOST_PEOPLE} more" if len(names) > _MOST_PEOPLE else ""
            lines.append(f"{role} {', '.join(names[:_MOST_PEOPLE])}{more}")
    return " · ".join(lines)


def _called(person: Person, markup: Markup) -> str:
    name = person.name or person.email
    if not name:
        return ""
    return markup.link(name, person.url) or markup.text(name, 80)


def _links(
    document: Document, assessment: Assessment, metadata: Metadata | None, markup: Markup
) -> str:
    wanted = assessment.verdict.wanted
    version = wanted.version if wanted else None
    lookup = assessment.lookup
    id = lookup.package.id if isinstance(lookup, Found) else None
    page = document.ecosystem.package_page(id, version) if id is not None else None
    pairs = [("package page", page)]
    if metadata is not None:
        pairs += [
            ("homepage", metadata.homepage),
            ("repository", metadata.repository),
            ("documentation", metadata.documentation),
            ("changelog", metadata.changelog),
            ("issues", metadata.issues),
            ("funding", metadata.funding),
        ]
    seen: dict[str, str] = {}
    for label, url in pairs:
        if url and url.rstrip("/") not in seen:
            seen[url.rstrip("/")] = markup.link(label, url)
    return " · ".join(filter(None, seen.values()))


def _date(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, timezone.utc).date().isoformat()


def _ago(epoch: float, now: float) -> str:
    return f"{wording.duration(now - epoch)} ago" if now >= epoch else "in the future"

"""The hover of a dependency, put together from its parts. Pure."""

from __future__ import annotations

from registry_lsp.core.findings import Assessment
from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.packages import Found, Metadata
from registry_lsp.core.services import Extras
from registry_lsp.features import wording
from registry_lsp.features.hovers.advisories import advisories
from registry_lsp.features.hovers.facts import facts, requires, summary
from registry_lsp.features.hovers.ignored import ignored
from registry_lsp.features.hovers.people import links, people
from registry_lsp.features.hovers.trust import provenance
from registry_lsp.features.hovers.usage import listing
from registry_lsp.features.hovers.versions import versions
from registry_lsp.features.hovers.warnings import problems, warnings
from registry_lsp.features.markup import Markup
from registry_lsp.net.addresses import web_link
from registry_lsp.session.documents import Document

_NOTHING = Extras()


def build(
    document: Document,
    assessment: Assessment,
    markup: Markup,
    *,
    wanted: Metadata | None,
    now: float,
    extras: Extras = _NOTHING,
) -> str:
    """The hover's text. *wanted* is the wanted version's own metadata, *now* epoch seconds;
    *extras* are what is known beyond the registry's documents.
    """
    dependency, lookup = assessment.dependency, assessment.lookup
    if not dependency.source.is_looked_up:
        return _elsewhere(document, dependency, markup)
    blocks = [_title(document, assessment, markup)]
    if not isinstance(lookup, Found):
        blocks.append(versions(document, assessment, markup, now))
        blocks += [markup.text(wording.message(f, assessment)) for f in assessment.verdict.findings]
        # Why there is nothing to be told is told all the same.
        blocks += [markup.quiet(wording.message(f, assessment)) for f in assessment.unsaid]
        blocks.append(problems(document, dependency, markup))
        blocks.append(ignored(document.manifest.ignores, assessment, markup))
        if document.ignores(dependency):
            blocks.append(markup.quiet(wording.IGNORED))
        elif document.is_withheld(dependency):
            blocks.append(markup.quiet("its registry is asked once this change is saved"))
        elif not dependency.name:
            blocks.append(markup.quiet("no registry is asked: this names no package"))
        elif lookup is None:
            blocks.append(markup.quiet("its registry has not answered yet"))
        return "\n\n".join(block for block in blocks if block)
    # Where nobody tells of the wanted version, what the newest one says is told as its own.
    metadata, newest = wanted or lookup.package.metadata, lookup.package.metadata or wanted
    blocks += [
        summary(lookup, metadata, markup),
        versions(document, assessment, markup, now),
        advisories(assessment, markup),
        warnings(assessment, markup),
        problems(document, dependency, markup),
        ignored(document.manifest.ignores, assessment, markup),
        markup.quiet(whence) if (whence := wording.whence(assessment)) else "",
        facts(document, assessment, metadata, markup, extras),
        requires(assessment, metadata, markup),
        people(newest, markup),
        provenance(extras.provenance, newest.repository if newest else None, markup),
        listing(extras, markup),
        links(document, assessment, newest, markup),
    ]
    if (stale := wording.as_known(assessment, now)) is not None:
        blocks.append(markup.quiet(stale))
    return "\n\n".join(block for block in blocks if block)


def _elsewhere(document: Document, dependency: Dependency, markup: Markup) -> str:
    place = wording.place(dependency)
    name = markup.strong(wording.shown(dependency.display_name) or place)
    target = f": {markup.code(place)}" if place else ""
    blocks = [
        f"{name} {wording.elsewhere(dependency)}{target}",
        _leads(dependency, markup),
        problems(document, dependency, markup),
        markup.quiet("no registry is asked for it"),
        markup.link("look at it", web_link(dependency.link)),
    ]
    return "\n\n".join(block for block in blocks if block)


def _leads(dependency: Dependency, markup: Markup) -> str:
    """The file on the disk that it leads to, where its own words do not say so already."""
    link = dependency.link
    if not link or "://" in link or link == dependency.target:
        return ""
    return f"leads to {markup.code(link)}"


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

"""textDocument/completion and completionItem/resolve: what may be typed at the cursor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types

from registry_lsp.core.findings import Assessment
from registry_lsp.core.gates import passed
from registry_lsp.core.manifests import Dependency, Part
from registry_lsp.core.packages import Found, Package, RegistryRef, ReleaseId
from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.core.reshaping import in_use_everywhere
from registry_lsp.core.sites import site_at, typed_at
from registry_lsp.core.text import Span
from registry_lsp.core.threads import in_thread
from registry_lsp.core.words import Sort
from registry_lsp.features.completions import names, versions, words
from registry_lsp.features.completions.bare import bare_place, quote
from registry_lsp.features.completions.escapes import plain
from registry_lsp.features.completions.items import Abilities, listed
from registry_lsp.features.completions.names import NamePlace
from registry_lsp.features.completions.offers import Offers, together, written
from registry_lsp.features.completions.place import place_at
from registry_lsp.features.completions.resolving import PATIENCE, documentation_of
from registry_lsp.features.completions.subject import Subject, styles
from registry_lsp.features.completions.values import typed_in
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document
from registry_lsp.session.files import FileStore, Sight
from registry_lsp.session.names import Heard
from registry_lsp.session.tasks import within

if TYPE_CHECKING:
    from registry_lsp.session.session import Session

DATES_PATIENCE = 0.4
"""Seconds more that it waits for publish dates, where the registry tells them separately."""

NAMES_PATIENCE = 1.0
"""Seconds that it waits for names that begin as is typed: it is asked again when more is."""

_TRIGGERS = "\"'^~=<>!.,-@/:[ "
_REMEMBERED = 64  # documents

T = TypeVar("T")


def register(ls: RegistryServer) -> None:
    """Answer textDocument/completion and completionItem/resolve."""
    options = types.CompletionOptions(trigger_characters=list(_TRIGGERS), resolve_provider=True)
    newest: dict[str, types.CompletionParams] = {}
    named: dict[str, NamePlace] = {}

    @ls.feature(types.TEXT_DOCUMENT_COMPLETION, options)
    async def completion(
        ls: RegistryServer, params: types.CompletionParams
    ) -> dict[str, Any] | None:
        uri = params.text_document.uri
        _remember(newest, uri, params)
        document = await ls.document(uri)
        if document is None:
            return None
        offset, text = ls.offset(document, params.position), document.snapshot.text
        place, bare = name_place(document, offset), None
        if place is None and not is_version(document, offset):
            place = bare = bare_place(document, offset, name_place)
        if place is not None:
            _remember(named, uri, place)
        whole, at = typed_in(document, offset)
        own_words, substitutes, extras, begun, offered = await asyncio.gather(
            _words(document, offset),
            _substitutes(whole, at),
            _extras(ls, document, offset),
            # where both may be typed, it is a name that has not ended yet
            _names(ls, document, place, lambda: newest.get(uri) is params),
            _versions(ls, whole, at),
        )
        if whole is not document and at != offset:
            here = Span(offset, offset)
            substitutes = substitutes and replace(substitutes, span=here)
            offered = offered and replace(offered, span=here)
        found = (own_words, substitutes, extras, begun, offered)
        offers = together(text, [each for each in found if each is not None])
        if offers is None:
            return None
        read = whole.snapshot.text if at == offset else text  # with the quote that is missing
        write = document.format.quoting(read, offers.span) if bare is None else quote
        offers = written(offers, write)
        range = ls.plain(client_range(document, offers.span, ls.encoding))
        return listed(offers, range, uri, Abilities.of(ls.client_capabilities))

    @ls.feature(types.COMPLETION_ITEM_RESOLVE)
    async def resolve(ls: RegistryServer, item: types.CompletionItem) -> types.CompletionItem:
        said = await documentation_of(ls, item.data, named)
        if said:
            item.documentation = said
        return item


def _remember(last: dict[str, T], uri: str, it: T) -> None:
    """Have *it* be the last of the document *uri*, of a few documents."""
    last.pop(uri, None)
    last[uri] = it
    if len(last) > _REMEMBERED:
        del last[next(iter(last))]


# --- names ------------------------------------------------------------------------------------


def name_place(document: Document, offset: int) -> NamePlace | None:
    """Where the name is that is typed at *offset*. Half a name, and a key without a value, are no
    dependency yet: they are looked for in the text as it would be if there were more.
    """
    text, parse = document.snapshot.text, document.format.parse
    place = names.place_in(document.manifest, text, offset, "", parse)
    if place is not None or is_version(document, offset):
        return place
    fill = names.fill_of(names.typed_before(text, offset))
    wholes = [document.format.completed(text, offset, fill)]
    if not text.startswith("-", offset):  # which would make a name of an option
        wholes.append(text[:offset] + fill + text[offset:])
    for whole in dict.fromkeys(wholes):
        if whole != text:
            completed = document.successor(replace(document.snapshot, text=whole))
            place = names.place_in(completed.manifest, whole, offset, fill, parse)
            if place is not None:
                return place
    return None


def is_version(document: Document, offset: int) -> bool:
    """Whether a version stands at the code-point *offset*, and so nothing else is typed there. What
    joins the words of a name does not end one.
    """
    site = site_at(document.manifest, offset)
    if site is None or site.part is not Part.SPECIFIER or site.span.start >= offset:
        return False
    behind_name = document.snapshot.text[site.dependency.name_span.end : offset]
    return bool(behind_name.strip("-._"))


async def _names(
    ls: RegistryServer,
    document: Document,
    place: NamePlace | None,
    is_newest: Callable[[], bool],
) -> Offers | None:
    """What the name may become: the project's own names, and those that its registry has; where
    that must be told of it, once the typing rests, if nobody has asked for another by then.
    """
    if place is None:
        return None
    uri, normalise = document.snapshot.uri, document.ecosystem.normalise
    session = ls.session(uri)
    typed = replace(place.dependency, name=normalise(place.typed), display_name=place.typed)
    id = document.id_of(typed) if place.typed else None
    heard = Heard(is_whole=id is None)
    is_asked = id is not None and ls.settings(uri).completion.names
    if id is not None and is_asked:

        async def rests() -> bool:
            return await session.rests(document) and is_newest()

        heard = await session.services.names.beginning(
            document, id, most=names.MOST, patience=NAMES_PATIENCE, rests=rests
        )
    project = document.project
    own = set(project.locked_names()) if project is not None else set()
    if project is not None and not place.is_alias:  # an alias leads to a registry
        own.update(project.members())
    if id is not None:
        own.update(_found(session, id.registry))
    own.discard(place.dependency.name)
    candidates = names.likeliest(
        place, normalise, likely=heard.likely, own=own, hits=heard.hits, listed=heard.names
    )
    return names.build(place, candidates, normalise, is_whole=heard.is_whole)


def _found(session: Session, registry: RegistryRef) -> set[str]:
    """The names in the open manifests that *registry* is known to have: what somebody has half
    typed elsewhere is nobody's name.
    """
    ids = {each for document in session.documents.values() for each in document.ids}
    return {
        each.name
        for each in ids
        if each is not None
        and each.registry == registry
        and isinstance(session.packages.peek(each), Found)
    }


# --- words and extras -------------------------------------------------------------------------


async def _words(document: Document, offset: int) -> Offers | None:
    text = document.snapshot.text
    found = None if is_version(document, offset) else document.format.words_at(text, offset)
    if found is None:
        return None
    if found.sort is not Sort.FILE:
        return words.build(found)
    path = Path(document.path)
    if not path.is_absolute():
        return None
    typed = text[found.span.start : offset]
    inclusion, files = document.ecosystem.inclusion, Sight(FileStore(), document.path)
    if inclusion is None:
        return None
    may_include = inclusion.may_include

    def takes(other: Path) -> bool:
        return may_include(path, other, files)

    return words.build(found, await in_thread(words.files_in, path, typed, takes))


async def _substitutes(document: Document, offset: int) -> Offers | None:
    """What the project itself has for the version that is typed."""
    site = site_at(document.manifest, offset)
    if site is None or document.project is None:
        return None
    known = document.project.substitutes(site.dependency)
    return words.substitutes(site.dependency, document.snapshot.text, offset, known)


async def _extras(ls: RegistryServer, document: Document, offset: int) -> Offers | None:
    """The extras of the release that would be installed, by its own word."""
    text = document.snapshot.text
    for dependency in document.manifest.dependencies:
        if dependency.span.touches(offset):
            span = words.extra_place(dependency, text, offset)
            if span is not None:
                break
    else:
        return None
    session = ls.session(document.snapshot.uri)
    package = await _package(session, document, dependency, is_typing_name=False)
    verdict = session.assessment(document, dependency).verdict
    release = verdict.wanted or verdict.latest
    if package is None or release is None:
        return Offers(span=span, is_incomplete=True)
    source = ReleaseId(package=package.id_of(release.version), version=release.version)
    descriptions = session.services.descriptions
    await within(PATIENCE, descriptions.learn((source,)))
    metadata = descriptions.peek(source)
    if metadata is None:
        return Offers(span=span, is_incomplete=True)
    return words.extras(span, dependency, text, metadata.extras, release.version)


# --- versions ---------------------------------------------------------------------------------


async def _versions(ls: RegistryServer, document: Document, offset: int) -> Offers | None:
    text = document.snapshot.text
    dependency = typed_at(document.manifest, text, offset)
    if dependency is None:
        return None
    whole, place = text, place_at(text, dependency, offset)
    span = place.span if place is not None else None
    if place is None and (meant := plain(text, dependency, offset, document.format.parse)):
        whole, dependency = meant.text, meant.dependency
        place = place_at(whole, dependency, meant.offset)
        span = meant.span_in(text, place.span) if place is not None else None
    if place is None or span is None:
        return None
    session = ls.session(document.snapshot.uri)
    is_typing_name = dependency.name_span.touches(offset)
    package = await _package(session, document, dependency, is_typing_name=is_typing_name)
    if package is None:
        # What is typed next may be a name that is known.
        return Offers(span=span, is_incomplete=True)
    subject = _subject(ls, document, dependency, package)
    return replace(versions.build(subject, place=place, text=whole), span=span)


def _subject(
    ls: RegistryServer, document: Document, dependency: Dependency, package: Package
) -> Subject:
    uri = document.snapshot.uri
    scheme, now = document.ecosystem.schemes[dependency.dialect], time.time()
    assessment = ls.session(uri).assessment(document, dependency)
    gate = document.gate_of(dependency)
    return Subject(
        dependency=dependency,
        # What the project's gate holds back would not be installed.
        package=passed(package, gate, now, scheme.is_prerelease).package,
        scheme=scheme,
        runtime_name=document.ecosystem.runtime_name,
        prereleases=ls.settings(uri).completion.prereleases,
        base=_base(assessment, scheme),
        locked=tuple(each.version for each in assessment.locked),
        latest=assessment.verdict.latest,
        styles=styles(document.manifest, dependency),
        now=now,
    )


def _base(assessment: Assessment, scheme: VersionScheme) -> str | None:
    """The version that is in use: locked or pinned, else the one that what is written would
    install; none where nothing is written.
    """
    verdict, locked = assessment.verdict, assessment.locked
    if verdict.current is not None:
        return in_use_everywhere(assessment, scheme)
    if len(locked) == 1:  # what is typed now may not be a specifier yet
        return locked[0].version
    if verdict.wanted is None or not assessment.dependency.specifier.strip():
        return None
    return verdict.wanted.version


async def _package(
    session: Session, document: Document, dependency: Dependency, *, is_typing_name: bool
) -> Package | None:
    """The dependency's package. No half-typed name is asked for: its document asks for it once the
    typing rests, and a completion does not wait for that.
    """
    id = document.id_of(dependency)
    if id is None:
        return None
    packages = session.packages
    is_known = packages.peek(id) is not None
    if is_typing_name and not is_known and not session.is_resting(document):
        return None
    await within(PATIENCE, packages.fetch(id))
    lookup = packages.peek(id)
    if not isinstance(lookup, Found):
        return None
    if not any(release.published for release in lookup.package.releases):
        await within(DATES_PATIENCE, packages.fetch(id, full=True))
        lookup = packages.peek(id)
    return lookup.package if isinstance(lookup, Found) else None

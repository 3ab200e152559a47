"""textDocument/completion: the versions of the dependency that is being typed.

Only the version under the cursor is replaced, so that every operator around it stays.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable
from dataclasses import dataclass

from lsprotocol import types

from registry_lsp.core.gates import passed
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import Found, Package, Release
from registry_lsp.core.ports.versions import InvalidRequirementError, VersionScheme
from registry_lsp.core.settings import Prereleases
from registry_lsp.core.sites import typed_at
from registry_lsp.core.text import Span, printable
from registry_lsp.features import wording
from registry_lsp.features.version_place import Place, place_at
from registry_lsp.server import RegistryServer, client_range
from registry_lsp.session.documents import Document

MOST = 400
"""How many versions are offered at once; typing on brings others."""
PATIENCE = 3.0
"""Seconds that a completion waits for its package."""
DATES_PATIENCE = 0.4
"""Seconds more that it waits for publish dates, where the registry tells them separately."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One version to choose. ``filter`` is what the client holds against the typed text."""

    release: Release
    text: str
    filter: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The versions to choose from, in their order, and the span that each replaces."""

    span: Span
    offers: tuple[Offer, ...]
    is_incomplete: bool


def register(ls: RegistryServer) -> None:
    """Answer textDocument/completion."""
    options = types.CompletionOptions(trigger_characters=list("\"'^~=<>!.,-@ "))

    @ls.feature(types.TEXT_DOCUMENT_COMPLETION, options)
    async def completion(
        ls: RegistryServer, params: types.CompletionParams
    ) -> types.CompletionList | None:
        document = await ls.document(params.text_document.uri)
        if document is None:
            return None
        offset, text = ls.offset(document, params.position), document.snapshot.text
        dependency = typed_at(document.manifest, text, offset)
        place = place_at(text, dependency, offset) if dependency is not None else None
        if dependency is None or place is None:
            return None
        is_typing_name = dependency.name_span.touches(offset)
        package = await _package(ls, document, dependency, is_typing_name=is_typing_name)
        if package is None:
            # What is typed next may be a name that is known.
            return types.CompletionList(is_incomplete=True, items=[])
        offers = build(
            dependency,
            _passed(document, dependency, package),
            document.ecosystem.schemes[dependency.dialect],
            place=place,
            text=text,
            prereleases=ls.settings(params.text_document.uri).completion.prereleases,
            now=time.time(),
        )
        return _answer(ls, document, offers)


async def _package(
    ls: RegistryServer, document: Document, dependency: Dependency, *, is_typing_name: bool
) -> Package | None:
    """The dependency's package. No half-typed name is asked for: that waits for the rest."""
    id = document.id_of(dependency)
    if id is None:
        return None
    session = ls.session(document.snapshot.uri)
    packages = session.packages
    is_known = packages.peek(id) is not None
    if is_typing_name and not is_known and not await session.rests(document):
        return None
    brief = asyncio.ensure_future(packages.fetch(id))
    await asyncio.wait((brief,), timeout=PATIENCE)
    lookup = packages.peek(id)
    if not isinstance(lookup, Found):
        return None
    if not any(release.published for release in lookup.package.releases):
        full = asyncio.ensure_future(packages.fetch(id, full=True))
        await asyncio.wait((full,), timeout=DATES_PATIENCE)
        lookup = packages.peek(id)
    return lookup.package if isinstance(lookup, Found) else None


def _passed(document: Document, dependency: Dependency, package: Package) -> Package:
    """What the project's gate leaves of *package*: nothing else would be installed."""
    scheme = document.ecosystem.schemes[dependency.dialect]
    return passed(package, document.gate_of(dependency), time.time(), scheme.is_prerelease).package


def build(
    dependency: Dependency,
    package: Package,
    scheme: VersionScheme,
    *,
    place: Place,
    text: str,
    prereleases: Prereleases,
    now: float,
) -> Offers:
    """The versions that may stand in *place* of *text*; *now* is epoch seconds."""
    typed = place.typed
    releases = _offered(dependency, package, scheme, typed, prereleases)
    begun = [each for each in releases if each.version.startswith(typed)]
    # A whole version, or one that nothing starts with, is there to be replaced by any other:
    # the client is told that each of them answers what is typed, and asks again on more.
    longer = [each for each in begun if _continues(each, typed)]
    is_replaced = bool(typed) and len(longer) < max(len(begun), 1)
    if is_replaced:
        candidates = longer + [each for each in releases if not _continues(each, typed)]
    else:
        candidates = begun
    offers = tuple(
        Offer(
            release=release,
            text=written,
            filter=typed if is_replaced else release.version,
            note=_note(release, now),
        )
        for release in candidates[:MOST]
        if (written := _written(dependency, scheme, place, text, release.version)) is not None
    )
    is_incomplete = is_replaced or len(candidates) > MOST
    return Offers(span=place.span, offers=offers, is_incomplete=is_incomplete)


def _written(
    dependency: Dependency, scheme: VersionScheme, place: Place, text: str, version: str
) -> str | None:
    """What is put in for *version*, so that the installer takes the whole: with the rest of an
    operator that is begun, or all of one, and without a local part where that may not be; None
    where nothing helps.
    """
    span = dependency.specifier_span
    if span is None:
        return None
    if place.is_fresh:
        forms = [scheme.replace("", version)]
    else:
        public = version.partition("+")[0]
        forms = [lead + each for lead in ("", "=", "==") for each in (version, public)]
    before = text[span.start : place.span.start]
    behind = text[place.span.end : max(span.end, place.span.end)]
    if "\\" in before + behind:
        return forms[0]  # continued on another line
    for form in forms:
        with contextlib.suppress(InvalidRequirementError):
            scheme.parse(before + form + behind)
            return form
    return None


def _continues(release: Release, typed: str) -> bool:
    """Whether more typing could lead from *typed* to the release's version."""
    return release.version.startswith(typed) and release.version != typed


def _offered(
    dependency: Dependency,
    package: Package,
    scheme: VersionScheme,
    typed: str,
    prereleases: Prereleases,
) -> list[Release]:
    """The releases to offer, newest first and the withdrawn ones last."""
    wants = prereleases is Prereleases.ALWAYS or (
        prereleases is Prereleases.AUTO
        and (
            _names_prerelease(dependency, scheme, typed)
            or _begins_prerelease(package, scheme, typed)
            or all(scheme.is_prerelease(each.version) for each in package.releases)
        )
    )
    offered = [each for each in package.releases if wants or not scheme.is_prerelease(each.version)]
    return sorted(offered, key=lambda each: each.yanked or each.deprecated is not None)


def _names_prerelease(dependency: Dependency, scheme: VersionScheme, typed: str) -> bool:
    named: Iterable[str] = (typed,) if typed else ()
    # Half-typed, what is typed of the version must do.
    with contextlib.suppress(InvalidRequirementError):
        named = (*named, *scheme.parse(dependency.specifier).named)
    return any(scheme.key(each) is not None and scheme.is_prerelease(each) for each in named)


def _begins_prerelease(package: Package, scheme: VersionScheme, typed: str) -> bool:
    """Whether what is *typed* goes beyond numbers and can only become a prerelease: ``2.0-rc.``."""
    if not typed.strip("0123456789.!"):
        return False
    begun = [each for each in package.releases if each.version.startswith(typed)]
    return bool(begun) and all(scheme.is_prerelease(each.version) for each in begun)


def _note(release: Release, now: float) -> str:
    parts = []
    if release.published is not None and release.published <= now:
        parts.append(f"{wording.duration(now - release.published)} ago")
    if release.yanked:
        parts.append("yanked")
    if release.deprecated is not None:
        parts.append("deprecated")
    return ", ".join(parts)


def _answer(ls: RegistryServer, document: Document, offers: Offers) -> types.CompletionList:
    span = client_range(document, offers.span, ls.encoding)
    return types.CompletionList(
        is_incomplete=offers.is_incomplete,
        items=[
            types.CompletionItem(
                label=offer.release.version,
                kind=types.CompletionItemKind.Constant,
                detail=offer.note or None,
                documentation=_documentation(document, offer.release),
                filter_text=offer.filter,
                sort_text=f"{place:05}",
                tags=[types.CompletionItemTag.Deprecated] if _is_withdrawn(offer) else None,
                deprecated=True if _is_withdrawn(offer) else None,
                preselect=True if place == 0 and not _is_withdrawn(offer) else None,
                text_edit=types.TextEdit(range=span, new_text=offer.text),
            )
            for place, offer in enumerate(offers.offers)
        ],
    )


def _is_withdrawn(offer: Offer) -> bool:
    return offer.release.yanked or offer.release.deprecated is not None


def _documentation(document: Document, release: Release) -> str | None:
    reason = release.yanked_reason if release.yanked else release.deprecated
    said = printable(reason) if reason else ""
    if release.yanked:
        return f"Yanked: {said}" if said else "Yanked."
    if release.deprecated is not None:
        return f"Deprecated: {said}" if said else "Deprecated."
    needs = f"Needs {document.ecosystem.runtime_name} "
    return needs + printable(release.runtime, 80) if release.runtime else None

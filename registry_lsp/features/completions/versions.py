"""The versions that may be typed at a place of a specifier, and what each is written as. Pure.

Only the version under the cursor is replaced, so that every operator around it stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import Package, Release
from registry_lsp.core.ports.versions import InvalidRequirementError, VersionScheme
from registry_lsp.core.settings import Prereleases
from registry_lsp.core.text import Span
from registry_lsp.features import wording
from registry_lsp.features.completions.place import Place

MOST = 400
"""How many versions are offered at once; typing on brings others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One version to choose. ``filter`` is what the client holds against the typed text."""

    release: Release
    text: str
    filter: str
    note: str

    @property
    def is_withdrawn(self) -> bool:
        """Whether nobody should take it: it is yanked or deprecated."""
        return self.release.yanked or self.release.deprecated is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The versions to choose from, in their order, and the span that each replaces."""

    span: Span
    offers: tuple[Offer, ...]
    is_incomplete: bool


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

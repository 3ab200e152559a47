"""The versions of the dependency that is being typed, and what asks for some of them. Pure.

Only the version under the cursor is replaced, so that every operator around it stays.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from registry_lsp.core.constraints import admits
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import Package, Release
from registry_lsp.core.ports.versions import InvalidRequirementError, VersionScheme
from registry_lsp.core.remembering import ByIdentity
from registry_lsp.core.settings import Prereleases
from registry_lsp.core.text import printable
from registry_lsp.features.completions.bounds import Accepts, ceilings, exclusions
from registry_lsp.features.completions.offers import MOST, Kind, Offer, Offers
from registry_lsp.features.completions.place import Place
from registry_lsp.features.completions.rest import Left, left_by, rest_at
from registry_lsp.features.completions.subject import Subject, runs_of, said

_ORDERS: ByIdentity[Package, tuple[Release, ...]] = ByIdentity(most=16)
_SAMPLE = 40  # specifiers of a section that tell its style


def build(subject: Subject, *, place: Place, text: str) -> Offers:
    """What may stand in *place* of *text*."""
    typed = place.typed
    runs = runs_of(subject)
    rest, scheme = rest_at(subject.dependency, place, text), subject.scheme
    prereleases = _wants_prereleases(subject, typed)
    left = left_by(rest, subject.package, scheme, prereleases=prereleases)
    accepts = _accepting(subject, place, text)
    if place.is_fresh and rest.text and rest.has_floor:
        return _joined(subject, place, left, accepts, runs)
    releases = _offered(subject, runs, left, prereleases=prereleases)
    begun = [each for each in releases if each.version.startswith(typed)] if typed else releases
    # A whole version, or one that nothing starts with, is there to be replaced by any other:
    # the client is told that each of them answers what is typed, and asks again on more.
    longer = [each for each in begun if each.version != typed]
    is_replaced = bool(typed) and len(longer) < max(len(begun), 1)
    candidates: Iterable[Release] = begun
    if is_replaced:
        others = (each for each in releases if not _continues(each, typed))
        candidates = chain(longer, others)
    write = _writer(subject, place, accepts, left)
    whole = _is_whole(subject.dependency, place, text)
    ranges = tuple(_ranges(subject, runs, write)) if whole and not typed else ()
    offered = {each.text for each in ranges}
    versions = tuple(
        Offer(
            kind=Kind.VERSION,
            # what is put in is what is read, and not only what is found by it
            label=written if place.is_fresh else release.version,
            text=written,
            filter=typed if is_replaced else release.version,
            **said(subject, release, runs, left),
        )
        for release in islice(candidates, MOST)
        if (written := write(release.version)) is not None and written not in offered
    )
    tags = tuple(_tags(subject, typed, write, runs, left, is_whole=whole))
    bounds: Iterable[Offer] = ()
    if left is not None and rest.operator == "<":
        bounds = ceilings(subject, left, accepts, "" if is_replaced else typed)
        if is_replaced:
            bounds = (replace(each, filter=typed) for each in bounds)
    return Offers(
        span=place.span,
        offers=(*ranges, *bounds, *versions, *tags),
        is_incomplete=is_replaced or len(begun) > MOST,
    )


def _is_whole(dependency: Dependency, place: Place, text: str) -> bool:
    """Whether nothing but what *place* replaces stands in the specifier."""
    span = dependency.specifier_span
    if span is None:
        return False
    return not (text[span.start : place.span.start] + text[place.span.end : span.end]).strip()


# --- versions ---------------------------------------------------------------------------------


def _accepting(subject: Subject, place: Place, text: str) -> Accepts:
    """The first of some texts with which, in *place*, the installer takes the whole, and something
    is left: behind a lone ``>`` nothing is above the newest, and ``>=`` is meant.
    """
    span, scheme = subject.dependency.specifier_span, subject.scheme
    if span is None:
        return lambda _: None
    before = text[span.start : place.span.start]
    behind = text[place.span.end : max(span.end, place.span.end)]
    is_continued = "\\" in before + behind  # on another line
    is_above, releases = (before + behind).strip() == ">", subject.package.releases

    def accepts(forms: Iterable[str]) -> str | None:
        for form in forms:
            if is_continued:
                return form
            with contextlib.suppress(InvalidRequirementError):
                asked = scheme.parse(before + form + behind)
                if not is_above or any(asked.admits(each.version) for each in releases):
                    return form
        return None

    return accepts


def _writer(
    subject: Subject, place: Place, accepts: Accepts, left: Left | None
) -> Callable[[str], str | None]:
    """What is put in for a version: with the rest of an operator that is begun, or all of one, and
    without a local part where that may not be; None where nothing helps.
    """
    has_ceiling = left is not None and left.rest.has_ceiling

    def write(version: str) -> str | None:
        public = version.partition("+")[0]
        if not place.is_fresh:
            leads = ("", "=", "==")
            return accepts(lead + each for lead in leads for each in (version, public))
        return accepts((f">={public}" if has_ceiling else subject.scheme.replace("", version),))

    return write


def _joined(
    subject: Subject,
    place: Place,
    left: Left | None,
    accepts: Accepts,
    runs: Callable[[Release], bool],
) -> Offers:
    """What may follow a floor behind a comma: a ceiling, or what is ruled out; never a second
    floor.
    """
    if left is None:
        return Offers(span=place.span)

    def begun(typed: str) -> tuple[Offer, ...]:
        above = () if left.rest.has_ceiling else ceilings(subject, left, accepts, typed)
        without = exclusions(subject, left, accepts, typed, runs)
        return tuple(islice(chain(above, without), MOST + 1))

    typed = place.typed
    found = begun(typed)
    if not found and typed:
        return Offers(
            span=place.span,
            offers=tuple(replace(each, filter=typed) for each in begun("")[:MOST]),
            is_incomplete=True,
        )
    return Offers(span=place.span, offers=found[:MOST], is_incomplete=len(found) > MOST)


def _continues(release: Release, typed: str) -> bool:
    """Whether more typing could lead from *typed* to the release's version."""
    return release.version.startswith(typed) and release.version != typed


def _offered(
    subject: Subject, runs: Callable[[Release], bool], left: Left | None, *, prereleases: bool
) -> tuple[Release, ...]:
    """The releases to offer, newest first, then those that do not run where the project does or
    that its constraint rules out, those that do not go with the rest of what is written, and the
    withdrawn ones last. The order of thousands is worked out once.
    """
    scheme, dependency = subject.scheme, subject.dependency

    def rank(release: Release) -> int:
        if release.yanked or release.deprecated is not None:
            return 3
        if left is not None and not left.suits(release.version, scheme):
            return 2
        return 0 if runs(release) and admits(dependency, release.version, scheme) else 1

    def offered() -> tuple[Release, ...]:
        known = subject.package.releases
        some = (each for each in known if prereleases or not scheme.is_prerelease(each.version))
        return tuple(sorted(some, key=rank))

    rest = left.rest if left is not None else None
    way = (scheme, prereleases, dependency.runtime, dependency.constraint, rest)
    return _ORDERS.get(subject.package, way, offered)


def _wants_prereleases(subject: Subject, typed: str) -> bool:
    """Whether prereleases are offered."""
    scheme, package, prereleases = subject.scheme, subject.package, subject.prereleases
    return prereleases is Prereleases.ALWAYS or (
        prereleases is Prereleases.AUTO
        and (
            _names_prerelease(subject.dependency, scheme, typed)
            or _begins_prerelease(package, scheme, typed)
            or all(scheme.is_prerelease(each.version) for each in package.releases)
        )
    )


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


# --- ranges and tags --------------------------------------------------------------------------


def _ranges(
    subject: Subject, runs: Callable[[Release], bool], write: Callable[[str], str | None]
) -> Iterator[Offer]:
    """Whole specifiers of the latest release: in the way that the section has most, then in the
    ways that are usual.
    """
    latest = subject.latest
    if latest is None:
        return
    scheme, version = subject.scheme, latest.version
    forms = [scheme.replace(each, version) for each in _usual(scheme, subject.styles, version)]
    for text in dict.fromkeys((*forms, *scheme.ranges(version))):
        if (text == version and write(version) == version) or not _admits(scheme, text, version):
            continue  # a bare version stands among the versions
        yield Offer(
            kind=Kind.RANGE,
            label=text,
            text=text,
            filter=text,
            **said(subject, latest, runs),
        )


def _usual(scheme: VersionScheme, styles: Sequence[str], version: str) -> Iterator[str]:
    """One specifier in the style that most of *styles* have: those alike become the same when they
    are rewritten.
    """
    counts = Counter(scheme.replace(each, version) for each in styles[:_SAMPLE])
    if counts:
        usual = counts.most_common(1)[0][0]
        yield next(each for each in styles if scheme.replace(each, version) == usual)


def _admits(scheme: VersionScheme, specifier: str, version: str) -> bool:
    try:
        return scheme.parse(specifier).admits(version)
    except InvalidRequirementError:
        return False


def _tags(
    subject: Subject,
    typed: str,
    write: Callable[[str], str | None],
    runs: Callable[[Release], bool],
    left: Left | None,
    *,
    is_whole: bool,
) -> Iterator[Offer]:
    """The dist-tags: where one may stand itself, itself, and behind an operator its version."""
    scheme = subject.scheme
    for tag, version in subject.package.dist_tags:
        release = subject.package.release(version)
        if release is None or not tag.startswith(typed):
            continue
        written = tag if is_whole and _is_tag(scheme, tag) else write(version)
        if written is None:
            continue
        told = said(subject, release, runs, left)
        yield Offer(
            kind=Kind.TAG,
            label=tag,
            text=written,
            filter=tag,
            **{**told, "note": ", ".join(filter(None, (printable(version, 40), told["note"])))},
        )


def _is_tag(scheme: VersionScheme, text: str) -> bool:
    try:
        return scheme.parse(text).tag == text
    except InvalidRequirementError:
        return False

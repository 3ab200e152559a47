"""What bounds the rest of a constraint above, or rules one of its releases out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from registry_lsp.core.packages import Release
from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.features.completions.offers import Kind, Offer
from registry_lsp.features.completions.rest import Left
from registry_lsp.features.completions.subject import Subject, said

_MAJORS = 5  # of which each has a ceiling offered

Accepts = Callable[[Iterable[str]], "str | None"]
"""Which of some texts is the first with which the installer takes the whole; None of none."""


def ceilings(subject: Subject, left: Left, accepts: Accepts, typed: str) -> Iterator[Offer]:
    """The upper bounds that begin with what is *typed*, with their operator where none stands
    there: above the newest of all that is left, then above the newest of each older major version.
    """
    lead = "" if left.rest.operator else "<"
    for version, newest in _above(left.releases, subject.scheme).items():
        text = accepts((lead + version,)) if version.startswith(typed) else None
        if text is not None:
            yield Offer(
                kind=Kind.RANGE,
                label=text,
                text=text,
                filter=version if typed else text,
                note=f"up to {newest.version}",
                about=(subject.package.id.name, newest.version),
            )


def _above(releases: Iterable[Release], scheme: VersionScheme) -> dict[str, Release]:
    """The ceilings of *releases*, newest first, and the newest release below each."""
    found: dict[str, Release] = {}
    majors: set[tuple[int, ...]] = set()
    for each in releases:
        major = scheme.segments(each.version)[:2]
        if major in majors or len(majors) == _MAJORS:
            continue
        highest, *lower = scheme.ceilings(each.version) or ("",)
        for version in (highest, *(lower if not majors else ())):
            found.setdefault(version, each)
        majors.add(major)
    found.pop("", None)
    return found


def exclusions(
    subject: Subject,
    left: Left,
    accepts: Accepts,
    typed: str,
    runs: Callable[[Release], bool],
) -> Iterator[Offer]:
    """Releases that the rest admits, to be ruled out: the withdrawn ones first."""
    for each in chain(left.withdrawn, left.releases):
        if not each.version.startswith(typed):
            continue
        public = each.version.partition("+")[0]
        text = accepts((f"!={each.version}", f"!={public}"))
        if text is not None:
            told = {**said(subject, each, runs), "step": "", "is_withdrawn": False}
            yield Offer(
                kind=Kind.VERSION,
                label=text,
                text=text,
                filter=each.version if typed else text,
                **told,
            )

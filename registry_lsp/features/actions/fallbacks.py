"""What can be done where nothing that is asked for is there, or would run. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from registry_lsp.core.fallbacks import fallback, near_tags
from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.core.text import printable
from registry_lsp.features import wording
from registry_lsp.features.actions.offers import Offer, Step, named, noted, settled


def fallbacks(
    assessment: Assessment, scheme: VersionScheme, now: float, *, is_open: bool
) -> Iterator[Offer]:
    """To have what there is, and what runs; *scheme* and *now* are as for :func:`offers`. It is
    preferred where it is safe and nothing else is preferred (*is_open*).
    """
    name, told = named(assessment), frozenset(each.code for each in assessment.verdict.findings)
    for tag, edit in near_tags(assessment, scheme).items():
        yield Offer(
            name=f"tag {tag}",
            title=f"Replace {printable(assessment.dependency.specifier, 40)} by {tag}",
            step=Step(edit=edit),
            settles=told & {Code.NO_MATCHING_VERSION},
        )
    found = fallback(assessment, scheme, now)
    if found is None:
        return
    version, is_safe = printable(found.release.version, 80), found.is_safe(scheme)
    if found.is_misfit:
        runtime = printable(wording.version_of(assessment.dependency), 40)
        why = f"which runs on {wording.runtime(scheme.misfit)} {runtime}"
    elif found.base is not None:
        why = f"the newest below {printable(found.base, 80)}"
    elif assessment.verdict.newer is not None:
        why = "the latest that this project can use"
    else:
        why = "the latest"
    notes = noted([found.tier.value] if found.tier is not None else [], found.edit)
    title = f"Use {name} {version}, {why}" + (f" ({notes})" if notes else "")
    yield Offer(
        name=f"use {found.release.version}",
        title=title,
        step=Step(edit=found.edit, doubt=None if is_safe else title),
        settles=settled(assessment, told, found.release.version),
        is_preferred=is_open and is_safe,
    )

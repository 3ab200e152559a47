"""What can be done about an extra that the release does not provide. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from registry_lsp.core.edits import Edit
from registry_lsp.core.extras import near_extras
from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.manifests import Manifest
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.removal import without_extra
from registry_lsp.core.text import printable
from registry_lsp.features.actions.offers import Offer, Step

_SETTLED = frozenset({Code.UNKNOWN_EXTRA})
_MOST = 3
"""How many extras are offered for one, and for how many."""


def unknown_extra_offers(
    assessment: Assessment,
    format: ManifestFormat,
    text: str,
    manifest: Manifest,
    normalise: Callable[[str], str],
    *,
    is_open: bool,
) -> Iterator[Offer]:
    """To have a near extra that there is, or none. The only one that is near is preferred, where
    nothing else is (*is_open*).
    """
    dependency = assessment.dependency
    unknown = [each for each in assessment.verdict.findings if each.code is Code.UNKNOWN_EXTRA]
    for finding in unknown[:_MOST]:
        extra, provided = finding.arg("extra"), finding.arg("provided")
        places = [
            (at, span)
            for at, (each, span) in enumerate(
                zip(dependency.extras, dependency.extra_spans, strict=False)
            )
            if each == extra
        ]
        if not isinstance(extra, str) or not places:
            continue
        at, span = places[0]
        known = provided.split(", ") if isinstance(provided, str) else ()
        near = near_extras(extra, dependency, known, normalise)
        for other in near[:_MOST]:
            yield Offer(
                name=f"extra {extra} {other}",
                title=f"Replace extra {printable(extra, 60)} by {other}",
                step=Step(edit=Edit(span=span, text=other)),
                settles=_SETTLED,
                extent=span,
                is_preferred=is_open and len(near) == 1,
            )
            is_open = is_open and len(near) > 1
        edit = without_extra(format, text, manifest, dependency, at)
        if edit is not None:
            yield Offer(
                name=f"no extra {extra}",
                title=f"Remove extra {printable(extra, 60)}",
                step=Step(edit=edit),
                settles=_SETTLED,
                extent=span,
            )

"""What can be done about an ignore that leaves nothing unsaid. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from registry_lsp.core.edits import Edit
from registry_lsp.core.findings import Code
from registry_lsp.core.ignores import IGNORE, Unused
from registry_lsp.core.manifests import Manifest
from registry_lsp.core.names import is_near
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.removal import unignored
from registry_lsp.core.text import printable
from registry_lsp.features.actions.offers import Offer, Step

_SETTLED = frozenset({Code.UNUSED_IGNORE})


def unused_offers(
    unused: Unused, format: ManifestFormat, text: str, manifest: Manifest
) -> Iterator[Offer]:
    """To have the code, or the word, that was meant instead of one that there is not, and to take
    away what is of no use. That is preferred, unless something else may have been meant.
    """
    code = printable(unused.code, 60) if unused.code is not None else ""
    meant = []
    if unused.is_unknown and unused.code is not None and unused.span.slice(text) == unused.code:
        meant = [each.value for each in Code if is_near(unused.code, each.value)]
    for other in meant:
        yield Offer(
            name=f"meant {other}",
            title=f"Replace {code} by {other}",
            step=Step(edit=Edit(span=unused.span, text=other)),
            settles=_SETTLED,
            is_preferred=len(meant) == 1,
        )
    if unused.word is not None and is_near(unused.word[0], IGNORE):
        word, place = unused.word
        yield Offer(
            name=f"meant {IGNORE}",
            title=f"Replace {printable(word, 60)} by {IGNORE}",
            step=Step(edit=Edit(span=place, text=IGNORE)),
            settles=_SETTLED,
            is_preferred=True,
        )
    edit = unignored(format, text, manifest, unused)
    if edit is not None:
        yield Offer(
            name=f"unignore {code}",
            title=f"Remove {code} from this ignore" if code else "Remove this unused ignore",
            step=Step(edit=edit),
            settles=_SETTLED,
            is_preferred=not unused.fault and not unused.is_unknown,
        )

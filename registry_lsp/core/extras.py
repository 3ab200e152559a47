"""Whether a release provides the extras that are asked of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from registry_lsp.core.findings import Code, Finding
from registry_lsp.core.manifests import Dependency, Part
from registry_lsp.core.names import is_near
from registry_lsp.core.packages import Metadata, Requires

_ASKED = re.compile(r"""\bextra\s*==\s*(?:'([^']*)'|"([^"]*)")""")
"""A marker's word on an extra, as all build backends write it."""
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
"""What may be written into a manifest (PEP 508): a registry's word is a stranger's."""
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")


def unknown_extras(
    dependency: Dependency, metadata: Metadata, normalise: Callable[[str], str]
) -> tuple[Finding, ...]:
    """The extras of *dependency* that the release does not provide which *metadata* is of; names
    are the same that are alike once normalised (PEP 685).

    Metadata that tell neither of extras nor of requirements may come from an archive that tells
    nothing of itself: then nothing is said. What only a marker of a requirement speaks of counts
    as provided, since metadata older than 2.1 had no other place for it.
    """
    if not metadata.extras and not metadata.requires:
        return ()
    provided = {normalise(each) for each in (*metadata.extras, *_marked(metadata))}
    return tuple(
        Finding(
            code=Code.UNKNOWN_EXTRA,
            part=Part.EXTRA,
            args=(
                ("extra", extra),
                ("version", metadata.version),
                ("provided", ", ".join(metadata.extras)),
            ),
        )
        for extra in dict.fromkeys(dependency.extras)
        if normalise(extra) not in provided
    )


def near_extras(
    extra: str, dependency: Dependency, provided: Iterable[str], normalise: Callable[[str], str]
) -> tuple[str, ...]:
    """Those of the *provided* extras that may be meant by one of *dependency* that is not, as they
    are spelled there, the likeliest first; none that it has beside it already.
    """
    asked = {normalise(each) for each in dependency.extras}
    near = [
        each
        for each in provided
        if _PLAIN.fullmatch(each)
        and normalise(each) not in asked
        and is_near(normalise(extra), normalise(each))
    ]
    first = normalise(extra)[:1]
    return tuple(sorted(near, key=lambda each: (normalise(each)[:1] != first, each)))


def added_by(
    extra: str, metadata: Metadata, normalise: Callable[[str], str]
) -> tuple[Requires, ...]:
    """What the release that *metadata* is of requires for that *extra* only."""
    name = normalise(extra)
    return tuple(
        each
        for each in metadata.requires
        if any(normalise(one or other) == name for one, other in _ASKED.findall(each.marker or ""))
    )


def _marked(metadata: Metadata) -> Iterator[str]:
    for each in metadata.requires:
        for one, other in _QUOTED.findall(each.marker or ""):
            yield one or other

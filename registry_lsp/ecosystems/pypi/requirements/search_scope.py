"""Which indexes pip searches, after all the option lines that it has read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from registry_lsp.core.manifests import Index
from registry_lsp.core.text import Span

ELSEWHERE = Span(0, 0)
"""The span of an index that another file names."""

UNKNOWN = Index(name=None, url="", role="extra", span=ELSEWHERE)
"""An index of which nothing is known: while there is one nobody is asked, for a name that is
meant for it must not go to the next.
"""


LINKS = "links"
"""The role of a place where archives lie beside the indexes (``--find-links``): it cannot be asked
for a name, and stays whatever index is put in the default one's place.
"""

TRUSTED = "trusted"
"""The role of a host whose certificate pip does not look at (``--trusted-host``), on whichever
index it is; its ``url`` is the host, with a port or without.
"""

STAYING = frozenset({LINKS, TRUSTED})
"""The roles of what is no index itself, and stays whatever becomes of the indexes before it."""


def searched(indexes: Iterable[Index]) -> tuple[Index, ...]:
    """What is left of *indexes*, which come in reading order.

    A default one stands in the place of all before it, the extra ones too; once there is none
    (``--no-index``), no index is taken any more. An unknown one stays whatever follows, unless
    no index is asked at all. What is named twice is asked once, as with pip.
    """
    kept: dict[tuple[str, str], Index] = {}
    unknown: tuple[Index, ...] = ()
    for index in indexes:
        if index.role == "default" and not index.url:
            return (index,)
        if index == UNKNOWN:
            unknown = (index,)
        else:
            if index.role == "default":
                kept = {key: each for key, each in kept.items() if each.role in STAYING}
            kept.setdefault((index.role, index.url), index)
    return (*unknown, *kept.values())


def agreed(scopes: Sequence[tuple[Index, ...]]) -> tuple[Index, ...]:
    """What may be asked where several installations read the same file, each with its own scope.

    Each would ask its own indexes for the file's names. Where the scopes differ, the default
    index of the configuration is asked only if none of them puts anything in its place: the
    first one that is put there stays the default, the others are asked as extra ones. An
    installation that asks no index takes the configuration's away, and adds nothing.
    """
    told = list(dict.fromkeys(tuple((each.role, each.url) for each in scope) for scope in scopes))
    if len(told) <= 1:
        return scopes[0] if scopes else ()
    found = {(each.role, each.url): each for scope in reversed(scopes) for each in scope}
    every = [found[key] for key in dict.fromkeys(key for scope in told for key in scope)]
    extras = [each for each in every if each.role != "default"]
    defaults = [each for each in every if each.role == "default" and each.url]
    none = [each for each in every if each.role == "default" and not each.url]
    beside = (replace(each, role="extra") for each in defaults[1:])
    return (*(defaults[:1] or none[:1]), *extras, *beside)

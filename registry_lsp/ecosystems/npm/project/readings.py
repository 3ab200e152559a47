"""``npm:next`` as Yarn 2 and newer read it: a dist-tag of the dependency's own package, where all
others read an alias of a package of that name (``NpmTagResolver`` of ``@yarnpkg/plugin-npm``).
Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.text import Span

_TAG = re.compile(r"(?!v)[a-z0-9._-]+", re.IGNORECASE)


def as_own_tag(dependency: Dependency) -> Dependency:
    """*dependency* with the tag that Yarn takes it for, itself where it is nothing of the kind."""
    tag = dependency.name
    is_bare = dependency.source is Source.ALIAS and dependency.specifier_span is None
    if not is_bare or dependency.specifier or _TAG.fullmatch(tag) is None:
        return dependency
    written, place = dependency.written, dependency.written_span
    at = None
    if place is not None and place.end - place.start == len(written) and written.endswith(tag):
        at = Span(place.end - len(tag), place.end)
    return replace(
        dependency,
        name=dependency.display_name,
        source=Source.REGISTRY,
        specifier=tag,
        specifier_span=at,
    )

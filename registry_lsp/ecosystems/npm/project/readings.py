"""What one package manager reads otherwise than all others. Pure.

To Yarn 2 and newer ``npm:next`` is a dist-tag of the dependency's own package (``NpmTagResolver``
of ``@yarnpkg/plugin-npm``), where all others read an alias of a package of that name. To Bun
``link:name`` is the package of that name that ``bun link`` has registered, and no folder.
"""

from __future__ import annotations

import re
from dataclasses import replace

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.npm.manifests.specifier import is_valid_name
from registry_lsp.ecosystems.npm.project.installer import Installer

_BUN, _LINK = "bun", "link:"
_TAG = re.compile(r"(?!v)[a-z0-9._-]+", re.IGNORECASE)


def as_read(dependency: Dependency, installer: Installer) -> Dependency:
    """*dependency* as the *installer* reads it."""
    if dependency.source is Source.ALIAS and installer.is_modern_yarn:
        return _as_own_tag(dependency)
    if dependency.source is Source.PATH and installer.name == _BUN:
        name = dependency.target.removeprefix(_LINK)
        is_registered = name != dependency.target and is_valid_name(name)
        return replace(dependency, link="") if is_registered else dependency
    return dependency


def _as_own_tag(dependency: Dependency) -> Dependency:
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

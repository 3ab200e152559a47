"""What is told of the package that a completion's item is about, once somebody looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lsprotocol import types

from registry_lsp.core.advisories import Advisory
from registry_lsp.core.packages import Found, ReleaseId
from registry_lsp.features.completions import documentation
from registry_lsp.features.completions.items import Abilities
from registry_lsp.features.completions.names import NamePlace
from registry_lsp.features.markup import Markdown, Plain
from registry_lsp.server import RegistryServer
from registry_lsp.session.tasks import within

PATIENCE = 3.0
"""Seconds that a completion waits for its package."""


async def documentation_of(
    ls: RegistryServer, data: Any, named: Mapping[str, NamePlace]
) -> types.MarkupContent | str | None:
    """What is known of the package that an item's *data* names, asked of its own registry."""
    about = data if isinstance(data, dict) else {}
    uri, name, version = (about.get(each) for each in ("uri", "name", "version"))
    document = await ls.document(uri) if isinstance(uri, str) else None
    if document is None:
        return None
    session = ls.session(document.snapshot.uri)
    id = next((each for each in document.ids if each is not None and each.name == name), None)
    place = named.get(document.snapshot.uri)
    if id is None and isinstance(name, str) and place is not None:
        id = document.id_of(replace(place.dependency, name=name, display_name=name))
    if id is None:
        return None
    await within(PATIENCE, session.packages.fetch(id, full=True))
    lookup = session.packages.peek(id)
    if not isinstance(lookup, Found):
        return None
    package = lookup.package
    release = package.release(version) if isinstance(version, str) else None
    metadata = package.metadata
    known: tuple[Advisory, ...] = ()
    if release is not None:
        source = package.id_of(release.version)
        known = session.advisories.peek(ReleaseId(package=source, version=release.version))
        if metadata is None or metadata.version != release.version:
            metadata = await within(PATIENCE, session.packages.metadata(source, release.version))
    kind = Abilities.of(ls.client_capabilities).markup
    text = documentation.build(
        package,
        release,
        metadata,
        known,
        Markdown() if kind is types.MarkupKind.Markdown else Plain(),
        runtime_name=document.ecosystem.runtime_name,
    )
    if not text or kind is None:
        return text or None
    return types.MarkupContent(kind=kind, value=text)

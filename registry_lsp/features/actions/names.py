"""Which packages may have been meant by a name that nobody has: near names that there are.

A registry is asked only for names that it has told itself, and for what the project would ask that
very registry for: neither a name of the project's own nor one from a lock file goes anywhere.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.meant import ranked
from registry_lsp.core.names import is_near
from registry_lsp.core.packages import PackageId
from registry_lsp.server import RegistryServer
from registry_lsp.session.documents import Document

PATIENCE = 1.0
"""Seconds that actions wait for near names, and again for what is known of them."""
_ASKED = 8
_PLAIN = re.compile(r"[A-Za-z0-9@._~/-]{1,214}")
"""What may be written into a manifest: a registry's word is a stranger's."""


async def meant(
    ls: RegistryServer, document: Document, assessments: Iterable[Assessment]
) -> dict[str, Sequence[str]]:
    """By the name of each that was not found those that may be meant, the likeliest first."""
    missing = {
        each.dependency.name: each
        for each in assessments
        if each.id is not None
        and any(finding.code is Code.PACKAGE_NOT_FOUND for finding in each.verdict.findings)
    }
    found = await asyncio.gather(*(_near(ls, document, each) for each in missing.values()))
    return dict(zip(missing, found, strict=True))


async def _near(ls: RegistryServer, document: Document, assessment: Assessment) -> tuple[str, ...]:
    id, uri = assessment.id, document.snapshot.uri
    if id is None:
        return ()
    session, settings = ls.session(uri), ls.settings(uri)
    told = await session.services.names.near(
        document, id, is_asked=settings.completion.names, patience=PATIENCE
    )
    known = {
        each.name
        for other in session.documents.values()
        for each in other.ids
        if each is not None and each.registry == id.registry and is_near(id.name, each.name)
    }
    ids = [_id(document, assessment, each) for each in told[:_ASKED] if _PLAIN.fullmatch(each)]
    asked = [each for each in ids if each is not None and each.registry == id.registry]
    if asked:
        flights = [asyncio.ensure_future(session.packages.fetch(each)) for each in asked]
        await asyncio.wait(flights, timeout=PATIENCE)
    candidates = {each.name: each for each in asked}
    candidates |= {each: replace(id, name=each) for each in known}
    return ranked({name: session.packages.peek(each) for name, each in candidates.items()})


def _id(document: Document, assessment: Assessment, name: str) -> PackageId | None:
    """The package that the dependency would be by another *name*."""
    normalised = document.ecosystem.normalise(name)
    dependency = replace(assessment.dependency, name=normalised, display_name=name)
    return document.id_of(dependency)

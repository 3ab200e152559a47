"""Which packages may have been meant by a name that nobody has: near names that there are.

A registry is asked only for names that it has told itself, and for what the project would ask that
very registry for: neither a name of the project's own nor one from a lock file goes anywhere.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.names import is_near
from registry_lsp.core.packages import QUARANTINED, SECURITY_HOLDING, Found, Lookup, PackageId
from registry_lsp.server import RegistryServer
from registry_lsp.session.documents import Document

PATIENCE = 1.0
"""Seconds that actions wait for near names, and again for what is known of them."""
MOST = 3
"""How many names are offered for one."""
_ASKED = 8
_FEWER = 10
"""Times as many releases as others has the package that is meant: what imitates it has few."""
_WITHDRAWN = frozenset({QUARANTINED, SECURITY_HOLDING})
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


def ranked(lookups: Mapping[str, Lookup | None]) -> tuple[str, ...]:
    """The names of packages that there are, the one with the most releases first; what has far
    fewer may only imitate it, and what has been withdrawn is meant by nobody.
    """
    counts = {
        name: len(lookup.package.releases)
        for name, lookup in lookups.items()
        if isinstance(lookup, Found) and lookup.package.status not in _WITHDRAWN
    }
    most = max(counts.values(), default=0)
    likely = [name for name, count in counts.items() if count and count * _FEWER >= most]
    return tuple(sorted(likely, key=lambda name: (-counts[name], name))[:MOST])

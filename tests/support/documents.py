"""Documents and assessments for the tests of what is built from them."""

from __future__ import annotations

from pathlib import PurePosixPath

from registry_lsp.core.assess import assess
from registry_lsp.core.findings import Assessment
from registry_lsp.core.packages import Lookup, Trouble, Unavailable
from registry_lsp.core.ports.project import Alone
from registry_lsp.core.text import Snapshot
from registry_lsp.session.documents import Document
from support import toy

NOWHERE = Unavailable(trouble=Trouble.NOWHERE, host="")


def document(text: str, version: int = 1) -> Document:
    """A toy document with *text*."""
    ecosystem = toy.ecosystem(toy.ToyRegistry({}))
    return Document(
        snapshot=Snapshot(uri="file:///project/toy.txt", version=version, text=text),
        path=PurePosixPath("/project/toy.txt"),
        ecosystem=ecosystem,
        format=ecosystem.formats[0],
        routes=toy.ToyRoutes(),
        project=Alone(),
    )


def assessments(document: Document, lookups: dict[str, Lookup]) -> tuple[Assessment, ...]:
    """The verdicts on *document*, where its registry answers *lookups* by name."""
    found = []
    for dependency, id in zip(document.manifest.dependencies, document.ids, strict=True):
        lookup = lookups.get(dependency.name) if id is not None else NOWHERE
        verdict = assess(dependency, lookup, toy.ToyScheme())
        found.append(Assessment(dependency=dependency, id=id, lookup=lookup, verdict=verdict))
    return tuple(found)

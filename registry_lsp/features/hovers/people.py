"""Who made a package, who keeps it, and where to read on."""

from __future__ import annotations

import re

from registry_lsp.core.findings import Assessment
from registry_lsp.core.packages import Found, Metadata, Person
from registry_lsp.features.markup import Markup
from registry_lsp.session.documents import Document

_MOST_PEOPLE = 8
_FIRST_PAGE = re.compile(r"(?:\.git)?(?:/tree/(?:main|master))?/?(?:#readme)?\Z")


def people(metadata: Metadata | None, markup: Markup) -> str:
    """Its authors and maintainers, each once."""
    if metadata is None:
        return ""
    lines = []
    full = {_squashed(each.name) for each in (*metadata.authors, *metadata.maintainers)}
    for people, role in ((metadata.authors, "by"), (metadata.maintainers, "maintained by")):
        told = [each for each in people if not _is_account(each, full)]
        names = list(dict.fromkeys(filter(None, (_called(person, markup) for person in told))))
        if names:
            more = f" and {len(names) - _MOST_PEOPLE} more" if len(names) > _MOST_PEOPLE else ""
            lines.append(f"{role} {', '.join(names[:_MOST_PEOPLE])}{more}")
    return " · ".join(lines)


def _squashed(name: str | None) -> str:
    """A name of several words as accounts are called by it; empty for any other."""
    words = (name or "").split()
    return "".join(words).lower() if len(words) > 1 else ""


def _is_account(person: Person, full: set[str]) -> bool:
    """Whether it is only the account of somebody who is named in full."""
    return person.name is not None and person.name.lower() in full


def _called(person: Person, markup: Markup) -> str:
    name = person.name or person.email
    if not name:
        return ""
    return markup.link(name, person.url) or markup.text(name, 80)


def _place(address: str) -> str:
    """A repository's address without what only leads to its first page."""
    return _FIRST_PAGE.sub("", address).lower()


def links(
    document: Document, assessment: Assessment, metadata: Metadata | None, markup: Markup
) -> str:
    """The package's pages, each once."""
    wanted = assessment.verdict.wanted
    version = wanted.version if wanted else None
    lookup = assessment.lookup
    id = lookup.package.id if isinstance(lookup, Found) else None
    page = document.ecosystem.package_page(id, version) if id is not None else None
    pairs = [("package page", page)]
    if metadata is not None:
        home, repository = metadata.homepage, metadata.repository
        is_one = home and repository and _place(home) == _place(repository)
        pairs += [
            ("homepage", None if is_one else home),
            ("repository", repository),
            ("documentation", metadata.documentation),
            ("changelog", metadata.changelog),
            ("issues", metadata.issues),
            ("funding", metadata.funding),
        ]
    seen: dict[str, str] = {}
    for label, url in pairs:
        if url and url.rstrip("/") not in seen:
            seen[url.rstrip("/")] = markup.link(label, url)
    return " · ".join(filter(None, seen.values()))

"""Django Packages: a directory in which Django's developers compare packages, in grids.

It has no question by the name of a Python project: a package's slug is made of its repository's
name and edited by people. So the project's own name is tried, then the search; and only an entry
whose ``pypi_url`` names the project is believed to be of it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec

from registry_lsp.core.packages import Missing
from registry_lsp.core.ports.answers import Fetched, Refusal
from registry_lsp.core.ports.http import Http
from registry_lsp.core.services import Listing, Page
from registry_lsp.endpoints import DJANGO_PACKAGES
from registry_lsp.net.decoding import as_mapping, as_text, as_texts, as_timestamp, decode
from registry_lsp.services.asking import Service, as_count

MOST_CANDIDATES = 3
"""How many of the search's hits are looked at."""
MOST_GRIDS = 3
"""How many grids are named: each title costs a question."""

_MOST_TITLES = 512
_MOST_PARTICIPANTS = 1000
_WEEKS = 52
_CLASSIFIER = "Framework :: Django"
_PREFIXES = ("djangorestframework", "djangocms", "drf-")
_OF_PROJECT = re.compile(r"(?:https?://[^/]+/(?:pypi|project)/)?(?P<name>[^/\s?#]+)(?:/[^/]*)?/?")
_REFERENCE = re.compile(r"/(?P<kind>grids|categories)/(?P<key>[\w-]{1,100})/?\Z")


class _Package(msgspec.Struct):
    slug: Any = None
    title: Any = None
    category: Any = None
    grids: Any = None
    last_updated: Any = None
    pypi_url: Any = None
    repo_forks: Any = None
    repo_watchers: Any = None
    commits_over_52: Any = None
    participants: Any = None


class _Titled(msgspec.Struct):
    title: Any = None
    title_plural: Any = None
    slug: Any = None


_PACKAGE = msgspec.json.Decoder(_Package)
_TITLED = msgspec.json.Decoder(_Titled)
_HITS = msgspec.json.Decoder(list[Any])


@dataclass(frozen=True, slots=True)
class _Reference:
    """A grid or a category, as a package names it: ``kind`` is a step of its address."""

    kind: str
    key: str


class DjangoPackages(Service):
    """Asks Django Packages (its API v4). *normalise* is how names of Python projects are
    compared.
    """

    name = "djangoPackages"

    def __init__(
        self, http: Http, url: str | None = None, *, normalise: Callable[[str], str]
    ) -> None:
        super().__init__(http, url, DJANGO_PACKAGES)
        self._normalise = normalise
        self._pages: dict[_Reference, Page] = {}

    def concerns(self, name: str, classifiers: Iterable[str]) -> bool:
        """Whether the Python project of the normalised *name* is Django's, by its name or else by
        its classifiers.
        """
        if name.startswith(_PREFIXES) or "django" in name.split("-"):
            return True
        return any(
            each == _CLASSIFIER or each.startswith(f"{_CLASSIFIER} ") for each in classifiers
        )

    async def listing(self, name: str) -> Fetched[Listing] | Refusal:
        """The entry of the project of that normalised *name*; Missing where there is none."""
        if not name.isdigit():  # a number would be taken for an entry's id
            said = await self._entry(name, name)
            if not isinstance(said, Missing):
                return await self._told(said)
        hits = await self.get(f"api/v4/search/?q={quote(name, safe='')}", _slugs)
        if not isinstance(hits, Fetched):
            return hits
        others = [slug for slug in hits.value if slug != name]
        for slug in others[:MOST_CANDIDATES]:
            said = await self._entry(slug, name)
            if not isinstance(said, Missing):
                return await self._told(said)
        return Missing()

    async def _entry(self, slug: str, name: str) -> Fetched[_Package] | Refusal:
        """The entry *slug*; Missing where it is not that of the project *name*."""
        path = f"api/v4/packages/{quote(slug, safe='')}/"
        said = await self.get(path, lambda body: decode(body, _PACKAGE))
        if isinstance(said, Fetched) and self._project_of(said.value) != name:
            return Missing()
        return said

    def _project_of(self, package: _Package) -> str | None:
        """The normalised name that ``pypi_url`` has: an address of any age, or the bare name."""
        match = _OF_PROJECT.fullmatch(as_text(package.pypi_url) or "")
        return self._normalise(match["name"]) if match is not None else None

    async def _told(self, said: Fetched[_Package] | Refusal) -> Fetched[Listing] | Refusal:
        """The listing of an entry, with the titles of its category and of some of its grids."""
        if not isinstance(said, Fetched):
            return said
        entry = said.value
        grids = _references(as_texts(entry.grids))
        category, *named = await asyncio.gather(
            self._page(next(iter(_references([as_text(entry.category) or ""])), None)),
            *(self._page(grid) for grid in grids[:MOST_GRIDS]),
        )
        return Fetched(
            value=Listing(
                directory="Django Packages",
                page=Page(
                    title=as_text(entry.title) or as_text(entry.slug) or "",
                    url=f"{self.url}packages/p/{quote(as_text(entry.slug) or '', safe='')}/",
                ),
                stars=as_count(entry.repo_watchers),
                forks=as_count(entry.repo_forks),
                commits=_commits(entry.commits_over_52),
                participants=len(_listed(entry.participants)) or None,
                category=category,
                grids=tuple(filter(None, named)),
                grids_in_all=len(grids),
                updated=as_timestamp(entry.last_updated),
            ),
            fresh_for=said.fresh_for,
        )

    async def _page(self, reference: _Reference | None) -> Page | None:
        """What a grid or a category is called, and its page for people; None where that cannot be
        had: the rest is told without it.
        """
        if reference is None or reference in self._pages:
            return self._pages.get(reference) if reference is not None else None
        path = f"api/v4/{reference.kind}/{reference.key}/"
        said = await self.get(path, lambda body: decode(body, _TITLED))
        if not isinstance(said, Fetched):
            return None
        title = as_text(said.value.title_plural) or as_text(said.value.title)
        if title is None:
            return None
        place = f"{self.url}{'grids/g' if reference.kind == 'grids' else reference.kind}/"
        slug = quote(as_text(said.value.slug) or "", safe="")
        page = Page(title=title, url=f"{place}{slug}/" if slug else None)
        if len(self._pages) >= _MOST_TITLES:
            del self._pages[next(iter(self._pages))]
        self._pages[reference] = page
        return page


def _slugs(body: bytes) -> tuple[str, ...]:
    """The slugs of the packages among a search's hits, which are grids as well."""
    hits = (as_mapping(each) for each in decode(body, _HITS))
    slugs = (as_text(hit.get("slug")) for hit in hits if hit.get("item_type") == "package")
    return tuple(slug for slug in slugs if slug is not None and not slug.isdigit())


def _references(addresses: Sequence[str]) -> tuple[_Reference, ...]:
    """What *addresses* name, each once. They are never asked themselves: only their last step is
    taken, and looked for at the service's own address.
    """
    matches = (_REFERENCE.search(address) for address in addresses)
    found = (_Reference(match["kind"], match["key"]) for match in matches if match is not None)
    return tuple(dict.fromkeys(found))


def _listed(value: object) -> tuple[str, ...]:
    """A list of names, or one with commas between them, as older answers have it."""
    names = as_texts(value.split(",") if isinstance(value, str) else value)
    return tuple(dict.fromkeys(names[:_MOST_PARTICIPANTS]))


def _commits(value: object) -> tuple[int, ...]:
    """A year's commits by week, the oldest first; none where it is not a whole list of numbers."""
    values = value.split(",") if isinstance(value, str) else value
    if not isinstance(values, list):
        return ()
    counts = [as_count(int(each) if _is_number(each) else each) for each in values[-_WEEKS:]]
    return tuple(count for count in counts if count is not None) if None not in counts else ()


def _is_number(value: object) -> bool:
    text = value.strip() if isinstance(value, str) else ""
    return text.isascii() and text.isdigit() and len(text) < 9

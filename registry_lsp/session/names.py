"""Which names there are that begin as somebody types, as the registries tell: by their search, or
by the list of all that they have. Asked when somebody types in a name's place.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from registry_lsp.core.names import NameList, is_near
from registry_lsp.core.packages import (
    Missing,
    PackageId,
    RegistryRef,
    SearchHit,
    SearchPage,
)
from registry_lsp.core.ports.answers import Fetched, Refusal
from registry_lsp.core.ports.registry import Registry
from registry_lsp.core.threads import in_thread
from registry_lsp.session import records
from registry_lsp.session.answers import Answers, Question
from registry_lsp.session.documents import WITHIN, Document

MOST = 20
"""How many packages a search is asked for."""
LEAST = 2
"""How many characters of a name must be there before a registry is asked for it."""
LIST_PATIENCE = 0.1
"""Seconds that a keystroke waits for a list: one that the disk has is there by then."""
_MISTYPED = 2
"""Characters at the end of a name without which a search may find the one that was meant."""
HOUR = 3600.0
WEEK = 7 * 86_400.0
"""Seconds for which a search and a list are good: new packages come every minute, and hardly one
of them is looked for by its first letters. A list may have tens of megabytes.
"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What registries tell: the names in their lists that are ``likely`` to be meant, the ``hits``
    of a search, best first, and more ``names``, the shortest first. ``is_whole`` says that nothing
    is to be had that is not among it.
    """

    likely: tuple[str, ...] = ()
    hits: tuple[SearchHit, ...] = ()
    names: tuple[str, ...] = ()
    is_whole: bool = False


class Names:
    """Asks the registries of each ecosystem, by its name. Lives on one event loop."""

    def __init__(self, answers: Answers, registries: Mapping[str, Registry]) -> None:
        self._answers = answers
        self._registries = registries
        self._given_up: dict[str, float] = {}

    async def beginning(
        self,
        document: Document,
        id: PackageId,
        *,
        most: int,
        patience: float,
        rests: Callable[[], Awaitable[bool]],
    ) -> Heard:
        """Up to *most* packages that the name of *id* may become. The name is told to its own
        registry alone, once the typing *rests* (if it says so), which is waited for *patience*
        seconds; and to nobody where :func:`may_be_told` says so. Who has a list is told nothing,
        and nobody waits for it: at a later keystroke it is there.
        """
        registry = self._registries.get(id.ecosystem)
        if registry is None:
            return Heard()
        refs = [each.alone for each in id.registry.in_turn()]
        lists = [_list(registry, id.ecosystem, each) for each in refs]
        listing = asyncio.gather(*map(self._learn, lists))
        await asyncio.wait((listing,), timeout=LIST_PATIENCE)
        is_listed = not (
            listing.done() and all(isinstance(each, Missing) for each in listing.result())
        )
        search = None
        if not is_listed and may_be_told(document, id):
            search = _search(registry, id.ecosystem, refs[0], id.name)
            if await rests():
                learning = self._learn(search)
                await asyncio.wait((asyncio.ensure_future(learning),), timeout=patience)
        known = [self._answers.peek(each) for each in lists]
        start = document.ecosystem.normalise(id.name)
        names = [name for each in known if each for name in each.beginning(start, most + 1)]
        likely = (
            each
            for each in (start, *document.ecosystem.well_known)
            if each.startswith(start) and any(some and each in some for some in known)
        )
        page = self._answers.peek(search) if search is not None else None
        return Heard(
            likely=tuple(dict.fromkeys(likely)),
            hits=page.hits if page is not None else (),
            names=tuple(dict.fromkeys(names)),
            is_whole=search is None and None not in known and len(names) <= most,
        )

    async def near(
        self, document: Document, id: PackageId, *, is_asked: bool, patience: float
    ) -> tuple[str, ...]:
        """The names that may have been meant by that of *id*, which its registry does not have:
        near ones that it does have, as far as that is known within *patience* seconds. It is asked
        for none where it need not be (unless it *is_asked*; the disk may know), and told as little
        as for :meth:`beginning`.
        """
        registry = self._registries.get(id.ecosystem)
        if registry is None:
            return ()
        refs = [each.alone for each in id.registry.in_turn()]
        lists = [_list(registry, id.ecosystem, each) for each in refs]
        beginning = id.name[: max(LEAST, len(id.name) - _MISTYPED)]
        searches = [
            _search(registry, id.ecosystem, refs[0], text)
            for text in dict.fromkeys((id.name, beginning))
            if may_be_told(document, replace(id, name=text))
        ]
        if is_asked:
            asked: list[Question[Any]] = [*lists, *searches]
            tasks = [asyncio.ensure_future(self._learn(each)) for each in asked]
            await asyncio.wait(tasks, timeout=patience)
        else:
            await self._answers.recall([*lists, *searches])
        pages = [self._answers.peek(each) for each in searches]
        found = [hit.name for page in pages if page is not None for hit in page.hits]
        for known in [self._answers.peek(each) for each in lists]:
            if known is not None:
                name = document.ecosystem.normalise(id.name)
                found += await in_thread(known.near, name)
        return tuple(dict.fromkeys(each for each in found if is_near(id.name, each)))

    async def _learn(self, question: Question[T]) -> T | Refusal | None:
        """The answer to *question*; None where it could not be had a while ago: what takes long to
        fetch is not fetched again and again in vain.
        """
        if time.monotonic() < self._given_up.get(question.key, 0.0):
            return None
        answer = await self._answers.answer(question)
        if question.kind is NameList and not isinstance(answer, NameList | Missing):
            self._given_up[question.key] = time.monotonic() + HOUR
        return answer


def may_be_told(document: Document, id: PackageId) -> bool:
    """Whether the half-typed name of *id* may be told to its registry.

    A whole name goes where the project would have it from, and what is typed goes nowhere else. A
    scope is whole, for half of it is another's. Nothing goes out that is how a name begins that
    the project has itself, or binds to another place than this one: its author may be typing
    that very name, and only the whole of it tells where it belongs.
    """
    name = id.name
    scope, slash, rest = name.partition("/")
    if len(rest if slash else name) < LEAST or (name.startswith("@") and not slash):
        return False
    if slash and not (scope.startswith("@") and len(scope) > 1):
        return False
    return not any(each.startswith(name) for each in _elsewhere(document, id.registry))


def _elsewhere(document: Document, registry: RegistryRef) -> set[str]:
    """The names that the project has from elsewhere than *registry*, now or as it was saved."""
    project = document.project
    names = set(project.members()) if project is not None else set()
    for manifest in (document.manifest, document.before):
        for each in manifest.dependencies if manifest is not None else ():
            if each.source in WITHIN:
                continue
            asked = document.routes.registry_for(each, document.manifest)
            if not each.source.is_looked_up or asked is None or asked.url != registry.url:
                names.update((each.name, each.display_name))
    names.add(document.manifest.name)
    return names - {""}


def _search(
    registry: Registry, ecosystem: str, ref: RegistryRef, text: str
) -> Question[SearchPage]:
    async def ask() -> Fetched[SearchPage] | Refusal:
        found = await registry.search(ref, text, size=MOST, start=0)
        return Missing() if found is None else found

    return Question(
        service=f"{ref.url}#search",
        key="\n".join(("search", ecosystem, records.place(ref), text)),
        kind=SearchPage,
        ask=ask,
        lasting=HOUR,
    )


def _list(registry: Registry, ecosystem: str, ref: RegistryRef) -> Question[NameList]:
    async def ask() -> Fetched[NameList] | Refusal:
        found = await registry.names(ref)
        return Missing() if found is None else found

    return Question(
        service=f"{ref.url}#names",
        key="\n".join(("names", ecosystem, records.place(ref))),
        kind=NameList,
        ask=ask,
        lasting=WEEK,
    )

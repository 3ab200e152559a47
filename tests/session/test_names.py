"""Half a name is told to nobody who would not have the whole, and lists are fetched once."""

import asyncio
from dataclasses import replace
from pathlib import PurePath

import pytest

from registry_lsp.core.names import NameList
from registry_lsp.core.packages import (
    PackageId,
    RegistryRef,
    SearchHit,
    SearchPage,
    Trouble,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.core.ports.project import Alone
from registry_lsp.core.text import Snapshot
from registry_lsp.net.cache import DiskCache
from registry_lsp.session.answers import Answers
from registry_lsp.session.documents import Document
from registry_lsp.session.names import LIST_PATIENCE, Names, may_be_told
from registry_lsp.session.opened import REST
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.session import Session
from support import toy
from support.clock import standing

PUBLIC = RegistryRef(url="https://public.example/")


@pytest.fixture
async def cache():
    it = DiskCache(None)
    yield it
    await it.close()


class Workspace(Alone):
    def members(self):
        return frozenset({"corp-ui"})


class Routes(toy.ToyRoutes):
    """By which some names are a private registry's."""

    def registry_for(self, dependency, manifest):
        is_private = dependency.name.startswith(("@mine/", "priv"))
        return RegistryRef(url="https://private.example/") if is_private else PUBLIC


def document(text="", project=None):
    return Document(
        snapshot=Snapshot(uri="file:///toy.txt", version=1, text=text),
        path=None,
        ecosystem=toy.ecosystem(toy.ToyRegistry({})),
        format=toy.ToyFormat(),
        routes=Routes(),
        project=project or Workspace(),
    )


def told(name, text="", registry=PUBLIC):
    return may_be_told(document(text), PackageId(ecosystem="toy", name=name, registry=registry))


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("re", True),
        ("react", True),
        ("r", False),  # nearly everything begins so
        ("", False),
        ("corp", False),  # a member of the workspace begins so
        ("corp-ui", False),
        ("corp-uix", True),
        ("@my", False),  # half a scope may be another's
        ("@mine", False),
        ("@mine/", False),
        ("@types/no", True),
        ("a/b", False),
    ],
)
def test_what_may_be_told(name, is_told):
    assert told(name) is is_told


def test_a_scope_is_told_to_its_own_registry():
    assert told("@mine/ui", registry=RegistryRef(url="https://private.example/"))


def test_no_name_of_another_registry_is_begun():
    assert told("pri")
    assert not told("pri", text="private-ui>=1\n")
    assert told("pri", text="private-ui>=1\n", registry=RegistryRef(url="https://private.example/"))


class Nobody:
    """An audience that is told nothing."""

    def publish(self, document, assessments):
        pass

    def retract(self, uri):
        pass

    def loading(self, document, done, total):
        pass


class Told:
    """A registry that has a search, and a list if that is its *answer*, and writes down what it is
    asked.
    """

    def __init__(self, answer=None):
        self.searched, self.listed = [], 0
        self.answer = answer

    async def search(self, registry, text, *, size, start):
        self.searched.append((registry.url, text))

    async def names(self, registry):
        self.listed += 1
        return self.answer


LIST = Fetched(value=NameList.of(["one", "onerous", "once-more", "two"]), fresh_for=1.0)


async def is_so():
    return True


async def beginning(names, name, subject=None, rests=is_so):
    id = PackageId(ecosystem="toy", name=name, registry=PUBLIC)
    return await names.beginning(subject or document(), id, most=5, patience=5.0, rests=rests)


async def test_a_list_is_fetched_once_and_tells_all_names(cache):
    registry = Told(LIST)
    names = Names(Answers(cache), {"toy": registry})
    found = await beginning(names, "on")
    assert (found.names, found.is_whole) == (("one", "onerous", "once-more"), True)
    await asyncio.gather(*(beginning(names, each) for each in ("one", "o", "tw")))
    assert registry.listed == 1
    assert registry.searched == []


async def test_who_has_no_list_is_searched(cache):
    registry = Told()
    names = Names(Answers(cache), {"toy": registry})
    assert not (await beginning(names, "on")).is_whole
    assert (await beginning(names, "o")).likely == ()
    assert registry.searched == [(PUBLIC.url, "on")]


async def test_what_is_typed_itself_and_what_everybody_knows_is_likely(cache):
    names = Names(Answers(cache), {"toy": Told(LIST)})
    some = ("onerous", "two", "one", "on-no-list")
    subject = document()
    subject = replace(subject, ecosystem=replace(subject.ecosystem, well_known=some))
    assert (await beginning(names, "on", subject)).likely == ("onerous", "one")
    assert (await beginning(names, "one", subject)).likely == ("one", "onerous")
    assert (await beginning(names, "once", subject)).likely == ()


def test_no_keystroke_waits_for_a_list_or_for_a_rest():
    class Slow(Told):
        def __init__(self):
            super().__init__(LIST)
            self.is_there = asyncio.Event()

        async def names(self, registry):
            await self.is_there.wait()
            return await super().names(registry)

    async def never():
        raise AssertionError

    async def typed():
        loop, registry, cache = asyncio.get_running_loop(), Slow(), DiskCache(None)
        answers = Answers(cache)
        names = Names(answers, {"toy": registry})
        for each in ("on", "one"):
            asking = asyncio.ensure_future(beginning(names, each, rests=never))
            await asyncio.sleep(0)  # it has begun
            await loop.move(LIST_PATIENCE)
            found = await asking
            assert (found.names, found.is_whole) == ((), False)
        registry.is_there.set()
        found = await beginning(names, "one", rests=never)
        assert (found.names, found.is_whole) == (("one", "onerous"), True)
        assert registry.listed == 1
        await answers.aclose()
        await cache.close()

    standing(typed())


def test_of_what_is_typed_without_a_rest_the_last_is_searched_for():
    async def typed():
        loop, registry, cache = asyncio.get_running_loop(), Told(), DiskCache(None)
        names = Names(Answers(cache), {"toy": registry})
        session = Session(
            ecosystems=(toy.ecosystem(toy.ToyRegistry({})),),
            packages=PackageIndex({"toy": toy.ToyRegistry({})}, cache),
            audience=Nobody(),
            routes=lambda ecosystem, folder: toy.ToyRoutes(),
            resources=(cache.close,),
        )

        async def search(text):
            if await session.rests(session.document("file:///toy.txt")):
                await beginning(names, text)

        session.open(Snapshot(uri="file:///toy.txt", version=0, text=""), PurePath("toy.txt"))
        await session.surveyed("file:///toy.txt")
        asking = []
        for end in range(1, 6):
            text = "react"[:end]
            session.update(Snapshot(uri="file:///toy.txt", version=end, text=text))
            asking.append(asyncio.ensure_future(search(text)))
            await loop.move(REST - 0.01)
        assert registry.searched == []
        await loop.move(0.02)
        await asyncio.gather(*asking)
        assert registry.searched == [(PUBLIC.url, "react")]
        await session.aclose()

    standing(typed())


async def test_what_could_not_be_fetched_is_not_fetched_again_and_again(cache):
    registry = Told(Unavailable(trouble=Trouble.TIMEOUT, host="public.example"))
    names = Names(Answers(cache, clock=lambda: 0.0), {"toy": registry})
    for each in ("on", "one", "oner"):
        assert (await beginning(names, each)).names == ()
    assert registry.listed == 1


async def test_a_private_name_is_searched_for_nowhere(cache):
    registry = Told()
    names = Names(Answers(cache), {"toy": registry})
    await beginning(names, "corp-u")
    assert registry.searched == []


class Finding(Told):
    """One whose search finds some names, whatever is asked for."""

    async def search(self, registry, text, *, size, start):
        await super().search(registry, text, size=size, start=start)
        hits = tuple(SearchHit(name=each) for each in ("react", "react-dom", "reacts"))
        return Fetched(value=SearchPage(hits=hits, total=3), fresh_for=1.0)


async def near(names, name, subject=None, registry=PUBLIC, **asked):
    id = PackageId(ecosystem="toy", name=name, registry=registry)
    subject = subject or document()
    return await names.near(subject, id, patience=5.0, **({"is_asked": True} | asked))


async def test_near_names_come_from_the_search_and_the_list(cache):
    registry = Finding(LIST)
    names = Names(Answers(cache), {"toy": registry})
    assert await near(names, "raect") == ("react", "reacts")
    assert {text for _, text in registry.searched} == {"raect", "rae"}
    assert await near(names, "reactt") == ("react", "reacts")
    assert await near(names, "onne") == ("one",)


async def test_nobody_is_asked_for_near_names_who_need_not_be(cache):
    registry = Finding()
    names = Names(Answers(cache), {"toy": registry})
    assert await near(names, "raect", is_asked=False) == ()
    assert (registry.searched, registry.listed) == ([], 0)
    await near(names, "raect")
    assert await near(names, "raect", is_asked=False) == ("react", "reacts")


async def test_near_names_of_a_private_one_are_asked_of_its_own_registry(cache):
    registry = Finding()
    names = Names(Answers(cache), {"toy": registry})
    private = RegistryRef(url="https://private.example/")
    await near(names, "private-uj", document("private-ui>=1\n"), registry=private)
    assert {url for url, _ in registry.searched} == {private.url}
    # half of it is how a name begins that the public one must not hear of
    await near(names, "private-uj", document("private-ui>=1\n"))
    assert (PUBLIC.url, "private-u") not in registry.searched

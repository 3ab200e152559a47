"""Where somebody is still typing, and until when, by a clock that the test moves."""

import asyncio
from pathlib import PurePath

import pytest

from registry_lsp.core.text import Snapshot
from registry_lsp.net.cache import DiskCache
from registry_lsp.session.opened import CALM, REST, SETTLE
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.session import Session
from support import toy
from support.clock import standing

URI = "file:///toy.txt"


class Watcher:
    """An audience that writes down what was published as unfinished."""

    def __init__(self):
        self.published = []

    def publish(self, document, assessments):
        at = self.session.unfinished(document)
        self.published.append((document.snapshot.version, at))

    def retract(self, uri):
        pass

    def loading(self, document, done, total):
        pass


def scene(play):
    """*play*, with a session in which ``one`` and ``two`` are open."""

    async def played():
        cache, watcher = DiskCache(None), Watcher()
        session = watcher.session = Session(
            ecosystems=(toy.ecosystem(toy.ToyRegistry({})),),
            packages=PackageIndex({"toy": toy.ToyRegistry({})}, cache),
            audience=watcher,
            routes=lambda ecosystem, folder: toy.ToyRoutes(),
            resources=(cache.close,),
        )
        session.open(Snapshot(uri=URI, version=0, text="one\ntwo\n"), PurePath("toy.txt"))
        await session.settled(URI)

        def type(text):
            version = session.document(URI).snapshot.version + 1
            session.update(Snapshot(uri=URI, version=version, text=text))

        try:
            await play(session, watcher, type, asyncio.get_running_loop())
        finally:
            await session.aclose()

    standing(played())


def where(session):
    return session.unfinished(session.document(URI))


def test_what_is_opened_is_all_meant():
    async def play(session, watcher, type, loop):
        assert where(session) is None
        assert {at for _, at in watcher.published} == {None}

    scene(play)


def test_the_last_change_is_unfinished_until_the_typing_has_rested_for_long():
    async def play(session, watcher, type, loop):
        type("one\nflas\ntwo\n")
        assert where(session) == len("one\nflas")
        await asyncio.sleep(0)  # the change has begun to settle
        await loop.move(SETTLE)
        await loop.turn(lambda: (1, len("one\nflas")) in watcher.published)
        await loop.move(CALM - SETTLE - 0.01)
        assert where(session) == len("one\nflas")
        await loop.move(0.02)
        await loop.turn(lambda: where(session) is None)
        assert watcher.published[-1] == (1, None)

    scene(play)


def test_every_change_begins_it_anew_and_one_elsewhere_ends_it():
    async def play(session, watcher, type, loop):
        type("one\nflas\ntwo\n")
        await loop.move(CALM - 0.1)
        type("one\nflask\ntwo\n")
        await loop.move(CALM - 0.1)
        assert where(session) == len("one\nflask")
        type("one>\nflask\ntwo\n")
        assert where(session) == len("one>")
        type("one>\nflask\ntwo\n")  # nothing has changed
        assert where(session) == len("one>")

    scene(play)


@pytest.mark.parametrize("end", ["saved", "close"])
def test_saving_ends_it(end):
    async def play(session, watcher, type, loop):
        type("one\nflas\ntwo\n")
        document = session.document(URI)
        getattr(session, end)(URI)
        assert session.unfinished(document) is None
        count = len(watcher.published)
        await session.settled(URI)
        await loop.move(CALM)
        assert {at for _, at in watcher.published[count:]} <= {None}

    scene(play)


def test_what_is_said_of_another_text_is_nothing():
    async def play(session, watcher, type, loop):
        before = session.document(URI)
        type("one\nflas\ntwo\n")
        assert session.unfinished(before) is None
        await loop.move(REST)

    scene(play)

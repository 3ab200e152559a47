import asyncio
import time
from pathlib import Path

import pytest

from registry_lsp.core.gates import Gate
from registry_lsp.core.packages import Release
from registry_lsp.core.text import Snapshot
from registry_lsp.net.cache import DiskCache
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.session import LONGEST, Session
from support import toy
from support.events import until

URI = "file:///project/toy.txt"
PATH = Path("/project/toy.txt")


class Recorder:
    """An audience that writes down what it is told."""

    def __init__(self):
        self.published = []
        self.retracted = []
        self.progress = []

    def publish(self, document, assessments):
        codes = {
            assessment.dependency.name: [each.code.value for each in assessment.verdict.findings]
            for assessment in assessments
        }
        self.published.append((document.snapshot.version, codes))

    def retract(self, uri):
        self.retracted.append(uri)

    def loading(self, document, done, total):
        self.progress.append((done, total))

    @property
    def last(self):
        return self.published[-1] if self.published else None


class Stage:
    """A session in front of a toy registry."""

    def __init__(self, answers, *, folder=None, gate=None, clock=time.time, **options):
        self.registry = toy.ToyRegistry(answers)
        self.ecosystem = toy.ecosystem(self.registry)
        self.audience = Recorder()
        self.cache = DiskCache(folder)
        self.session = Session(
            ecosystems=(self.ecosystem,),
            packages=PackageIndex({"toy": self.registry}, self.cache, clock=clock),
            audience=self.audience,
            routes=lambda ecosystem, folder: toy.ToyRoutes(gate),
            resources=(self.cache.close,),
            **options,
        )

    def open(self, text, version=1, uri=URI):
        return self.session.open(Snapshot(uri=uri, version=version, text=text), PATH)

    async def surveyed(self, text, version=1):
        self.open(text, version)
        return await self.session.surveyed(URI)

    def change(self, text, version):
        self.session.update(Snapshot(uri=URI, version=version, text=text))

    @property
    def parsed(self):
        return self.ecosystem.formats[0].parsed


@pytest.fixture
async def stage(request):
    stages = []

    def make(answers, **options):
        stages.append(Stage(answers, **options))
        return stages[-1]

    yield make
    for each in stages:
        await each.session.aclose()


def packages(*names):
    return {name: toy.fetched(toy.package(name, "2.0", "1.0")) for name in names}


async def test_opening_a_manifest_ends_with_all_its_verdicts(stage):
    it = stage(packages("one", "two"))
    it.open("one==1.0\ntwo>=1.0\nnope>=1\n")
    await it.session.settled(URI)
    assert it.audience.last == (
        1,
        {"one": ["outdated-major"], "two": [], "nope": ["package-not-found"]},
    )
    assert it.audience.progress[0] == (0, 3)
    assert it.audience.progress[-1] == (3, 3)


async def test_what_needs_no_network_is_published_before_any_answer(stage):
    it = stage(packages("one"))
    it.registry.gate.clear()
    it.open("one==1.0\ntwo==x\n")
    await until(lambda: it.audience.published)
    assert it.audience.last == (1, {"one": [], "two": ["invalid-requirement"]})
    it.registry.gate.set()
    await it.session.settled(URI)
    assert it.audience.last[1]["one"] == ["outdated-major"]


async def test_verdicts_stream_as_their_packages_arrive(stage):
    it = stage(packages("one", "two"))
    slow = asyncio.Event()
    quick = it.registry.package

    async def package(id, *, full, known=None):
        if id.name == "two":
            await slow.wait()
        return await quick(id, full=full, known=known)

    it.registry.package = package
    it.open("one==1.0\ntwo==1.0\n")
    await until(lambda: it.audience.last and it.audience.last[1]["one"])
    assert it.audience.last == (1, {"one": ["outdated-major"], "two": []})
    slow.set()
    await it.session.settled(URI)
    assert it.audience.last[1]["two"] == ["outdated-major"]


async def test_no_name_is_asked_for_while_it_is_typed(stage):
    it = stage(packages("requests"))
    it.open("", version=0)
    await it.session.settled(URI)
    for version, text in enumerate(("r", "re", "req", "requ", "reque", "requests"), start=1):
        it.change(text, version)
        await asyncio.sleep(0)
    await it.session.settled(URI)
    assert it.registry.asked == ["requests"]
    assert it.audience.last == (6, {"requests": []})


async def test_a_burst_of_changes_is_read_once_and_leaves_no_task(stage):
    it = stage(packages("one"))
    it.open("one==1.0\n", version=0)
    await it.session.settled(URI)
    parsed, tasks = it.parsed, len(asyncio.all_tasks())
    for version in range(1, 201):
        it.change("\n" * version + "one==1.0\n", version)
    assert len(asyncio.all_tasks()) <= tasks + 201  # cancelled ones go at the next turn
    await it.session.settled(URI)
    assert it.parsed == parsed + 1
    assert it.audience.last == (200, {"one": ["outdated-major"]})
    assert len(asyncio.all_tasks()) == tasks
    assert it.registry.asked == ["one"]


async def test_nothing_is_published_of_a_replaced_text(stage):
    it = stage(packages("one"))
    it.registry.gate.clear()
    it.open("one==1.0\n", version=1)
    await until(lambda: it.registry.asked)
    it.change("one==2.0\n", 2)
    it.registry.gate.set()
    await it.session.settled(URI)
    versions = [version for version, _ in it.audience.published]
    assert versions == sorted(versions)
    assert it.audience.last == (2, {"one": []})
    assert it.registry.asked == ["one"]  # the answer that was under way served


async def test_a_known_package_is_judged_at_once_when_its_version_changes(stage):
    it = stage(packages("one"))
    it.open("one==1.0\n")
    await it.session.settled(URI)
    it.change("one==2.0\n", 2)
    await it.session.settled(URI)
    assert it.audience.last == (2, {"one": []})
    assert it.registry.asked == ["one"]


async def test_closing_takes_everything_away(stage):
    it = stage(packages("one"))
    it.registry.gate.clear()
    it.open("one==1.0\n")
    await until(lambda: it.registry.at_once)
    it.session.close(URI)
    await until(lambda: not it.registry.at_once)
    assert it.audience.retracted == [URI]
    assert it.session.document(URI) is None
    it.session.close(URI)  # a second time is no harm
    it.change("one==1.0\n", 2)
    assert it.session.document(URI) is None


async def test_loading_can_be_stopped_and_what_is_known_stays(stage):
    it = stage(packages("one", "two"))
    it.open("one==1.0\n")
    await it.session.settled(URI)
    it.registry.gate.clear()
    it.change("one==1.0\ntwo==1.0\n", 2)
    await until(lambda: it.registry.at_once)
    it.session.stop_loading(URI)
    await until(lambda: not it.registry.at_once)
    assert it.audience.progress[-1] == (1, 1)
    assert it.audience.last == (2, {"one": ["outdated-major"], "two": []})


async def test_a_private_name_and_one_from_elsewhere_are_never_asked_for(stage):
    it = stage(packages("one"))
    document = it.open("secret==1.0\ntwo==x !git\n")
    await it.session.settled(URI)
    assert it.registry.asked == []
    assert it.audience.last == (1, {"secret": ["registry-unavailable"], "two": []})
    assert document.ids == (None, None)


async def test_ignored_packages_are_not_asked_for(stage):
    it = stage(packages("one", "two"), is_ignored=lambda ecosystem, *names: "two" in names)
    it.open("one==1.0\ntwo==1.0\n")
    await it.session.settled(URI)
    assert it.registry.asked == ["one"]


async def test_a_second_start_publishes_from_the_disk(stage, tmp_path):
    first = stage(packages("one"), folder=tmp_path)
    first.open("one==1.0\n")
    await first.session.settled(URI)
    await first.session.aclose()
    second = stage({}, folder=tmp_path)
    second.open("one==1.0\n")
    await second.session.settled(URI)
    assert second.audience.published[0] == (1, {"one": ["outdated-major"]})
    assert second.registry.asked == []


async def test_a_patient_session_asks_again_for_what_failed(stage):
    it = stage({"one": ValueError("down for now")}, is_patient=True)
    it.open("one==1.0\n")
    await it.session.settled(URI)
    assert it.audience.last[1] == {"one": ["registry-unavailable"]}
    it.registry.answers = packages("one")
    _, vigil = it.session._opened[URI].tasks
    assert not vigil.done()
    # Somebody else asks meanwhile (a hover, another document): the squiggle follows at once.
    await it.session.packages.fetch(toy.package("one").id, full=True)
    await until(lambda: it.audience.last[1] == {"one": ["outdated-major"]})


async def test_what_is_too_long_is_not_read_while_somebody_may_type(stage):
    it = stage(packages("one"), is_patient=True)
    text = "one==1.0\n"
    document = it.open(text + "#" * LONGEST)
    await it.session.settled(URI)
    assert (document.manifest.dependencies, document.problems, it.registry.asked) == ((), (), [])
    it.change(text, 2)
    await it.session.settled(URI)
    assert it.registry.asked
    assert len(it.session.document(URI).manifest.dependencies) == 1


async def test_it_is_read_for_the_command_line(stage):
    it = stage(packages("one"))
    document = it.open("one==1.0\n" + "#" * LONGEST)
    await it.session.settled(URI)
    assert len(document.manifest.dependencies) == 1


async def test_the_typing_rests_or_has_gone_on(stage):
    it = stage(packages("one"))
    document = it.open("one==1.0\n")
    assert await it.session.rests(document)
    it.change("one==2.0\n", 2)
    changed = it.session.document(URI)
    waiting = asyncio.create_task(it.session.rests(changed))
    await asyncio.sleep(0)
    it.change("one==2.1\n", 3)
    assert not await waiting


def then(document, text):
    return document.successor(Snapshot(uri=URI, version=document.snapshot.version + 1, text=text))


def asked(document):
    return [id and id.registry.host for id in document.ids]


async def test_a_binding_that_is_broken_for_a_moment_still_binds(stage):
    it = stage(packages("one"))
    document = await it.surveyed("one>=1 @mine\ntwo>=1\n")
    assert asked(document) == ["mine.example", "registry.example"]
    broken = then(document, "one>=1\ntwo>=1\n?broken\n")
    assert asked(broken) == [None, "registry.example"]
    whole = then(broken, "one>=1\ntwo>=1\n")
    assert asked(whole) == [None, "registry.example"]
    assert whole.is_withheld(whole.manifest.dependencies[0])
    assert asked(whole.saved()) == ["registry.example", "registry.example"]


async def test_closing_does_not_forget_a_binding(stage):
    it = stage(packages("one"))
    document = await it.surveyed("one>=1 @mine\n")
    assert asked(document) == ["mine.example"]
    it.session.close(URI)
    assert asked(await it.surveyed("one>=1\n?broken\n", version=2)) == [None]


@pytest.mark.parametrize("source", ["workspace", "path", "git", "url"])
async def test_what_came_from_elsewhere_is_not_asked_for_before_it_is_saved(stage, source):
    it = stage(packages("one"))
    document = await it.surveyed(f"one !{source}\n")
    assert asked(document) == [None]
    half = then(document, "one\n")
    assert asked(half) == [None]
    whole = then(half, "one>=1\n")
    assert asked(whole) == [None]
    assert asked(whole.saved()) == ["registry.example"]


async def test_what_a_catalog_named_may_be_asked_for_at_once(stage):
    it = stage(packages("one"))
    document = await it.surveyed("one !catalog\n")
    assert asked(then(document, "one>=1\n")) == ["registry.example"]


async def test_a_new_name_is_asked_for_where_the_saved_text_would_have_it_asked(stage):
    it = stage(packages("one"))
    document = await it.surveyed("one>=1 @mine\n")
    more = then(document, "one>=1 @mine\ntwo>=1\nthree>=1 @mine\n")
    assert asked(more) == ["mine.example", "registry.example", "mine.example"]


async def test_saving_asks_for_what_was_withheld(stage):
    it = stage(packages("one"))
    await it.surveyed("one !path\n")
    await it.session.settled(URI)
    it.change("one==1.0\n", 2)
    await it.session.settled(URI)
    assert it.audience.last == (2, {"one": []})
    assert it.registry.asked == []
    it.session.saved(URI)
    await it.session.settled(URI)
    assert it.audience.last == (2, {"one": ["outdated-major"]})


async def test_a_broken_text_that_is_saved_says_nothing_of_where_names_may_go(stage):
    it = stage(packages("one"))
    document = await it.surveyed("one>=1 @mine\n")
    broken = then(document, "one>=1\n?broken\n")
    assert asked(broken.saved()) == [None]


async def test_a_file_that_is_no_manifest_is_left_alone(stage):
    it = stage({})
    snapshot = Snapshot(uri="file:///project/my-toy.txt", version=1, text="one")
    assert it.session.open(snapshot, Path("/project/my-toy.txt")) is None
    assert it.session.documents == {}


async def test_a_file_may_become_a_manifest_and_then_remains_one(stage):
    it = stage(packages("one"))
    document = await it.surveyed("# no toy\none>=1\n")
    assert document.manifest.dependencies == ()
    it.session.update(Snapshot(uri=URI, version=2, text="one>=1\n"))
    document = await it.session.surveyed(URI)
    assert asked(document) == ["registry.example"]
    assert asked(then(document, "# no toy\none>=1\n")) == ["registry.example"]


async def test_reading_anew_asks_for_what_failed(stage):
    it = stage({"one": ValueError("broken for now")})
    it.open("one==1.0\n")
    await it.session.settled(URI)
    assert it.audience.last[1] == {"one": ["registry-unavailable"]}
    it.registry.answers = packages("one")
    await it.session.packages.clear()
    it.session.reload(URI)
    await it.session.settled(URI)
    assert it.audience.last[1] == {"one": ["outdated-major"]}


async def test_a_gate_asks_for_whole_documents_and_opens_as_time_goes_by(stage):
    day = 86_400.0
    now = 1_700_000_000.0
    newest = Release(version="2.0", published=now - 6 * day)
    answers = {"one": toy.fetched(toy.package("one", newest, "1.0"), fresh_for=2 * day)}
    gate = Gate(age=7 * day, by="a setting")
    it = stage(answers, gate=gate, clock=lambda: now)
    document = it.open("one==1.0\n")
    await it.session.settled(URI)
    assert it.registry.asked == ["one"]
    assert it.registry.whole == ["one"]
    assert it.audience.last == (1, {"one": []})
    now += 1.5 * day
    document = it.session.document(URI)
    (assessment,) = it.session.assessments(document)
    assert [each.code.value for each in assessment.verdict.findings] == ["outdated-major"]
    it.session.reload(URI)
    await it.session.settled(URI)
    assert it.registry.asked == ["one"]

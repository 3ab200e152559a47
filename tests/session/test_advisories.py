"""What is known against releases: who is asked, when, and what of it is remembered."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from registry_lsp.core.advisories import Advisory, Affected, Rating
from registry_lsp.core.packages import Missing, ReleaseId, Trouble, Unauthorized, Unavailable
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.core.text import Snapshot
from registry_lsp.net.cache import DiskCache
from registry_lsp.session.advisories import FAILURE_FRESH, SILENT_FRESH, AdvisoryIndex
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.session import Session
from support import toy
from support.clock import Clock
from support.events import until

URI = "file:///project/toy.txt"
PATH = Path("/project/toy.txt")
HIGH = Advisory(id="GHSA-1", rating=Rating.HIGH, ranges=(Affected(fixed="2.0"),))
LOW = Advisory(id="GHSA-2", rating=Rating.LOW, ranges=(Affected(),))


def release(name="one", version="1.0"):
    return ReleaseId(package=toy.package(name).id, version=version)


def found(*advisories, fresh_for=3600.0):
    return Fetched(value=advisories, fresh_for=fresh_for)


class Knower:
    """Knows of advisories when it is let: ``answers`` by name and version, ``gate`` to pass."""

    url = "https://osv.example/"

    def __init__(self, answers=None, *, hears=lambda _: True):
        self.answers = answers or {}
        self.hears = hears
        self.asked = []
        self.gate = asyncio.Event()
        self.gate.set()

    def may_hear(self, id):
        return self.hears(id.name)

    async def advisories(self, releases):
        self.asked.append([(each.package.name, each.version) for each in releases])
        await self.gate.wait()
        if isinstance(self.answers, Exception):
            raise self.answers
        return {
            each: self.answers.get((each.package.name, each.version), found()) for each in releases
        }


@pytest.fixture
async def index():
    made = []

    def make(service=None, registry=None, *, folder=None, clock=None, patience=30.0):
        registries = {"toy": registry} if registry is not None else {}
        clock = clock or Clock(now=1000.0)
        cache = DiskCache(folder, clock=clock)
        it = AdvisoryIndex(
            registries,
            cache,
            service=service,
            clock=clock,
            patience=patience,
        )
        made.append((it, cache))
        return it

    yield make
    for it, cache in made:
        await it.aclose()
        await cache.close()


# --- the index --------------------------------------------------------------------------------


async def test_many_are_asked_about_in_one_question_and_remembered(index):
    service = Knower({("one", "1.0"): found(HIGH)})
    it = index(service)
    releases = [release("one"), release("two"), release("one")]
    assert it.peek(releases[0]) == ()
    assert await it.refresh(releases)
    assert service.asked == [[("one", "1.0"), ("two", "1.0")]]
    assert (it.peek(releases[0]), it.peek(releases[1])) == ((HIGH,), ())
    assert not await it.refresh(releases)
    assert len(service.asked) == 1


async def test_two_who_ask_at_the_same_time_ask_once(index):
    service = Knower()
    it = index(service)
    await asyncio.gather(
        it.refresh([release("one"), release("two")]), it.refresh([release("two"), release("six")])
    )
    assert service.asked == [[("one", "1.0"), ("two", "1.0")], [("six", "1.0")]]


async def test_who_stops_waiting_leaves_the_question_to_the_next(index):
    service = Knower({("one", "1.0"): found(HIGH)})
    service.gate.clear()
    it = index(service)
    first = asyncio.create_task(it.refresh([release()]))
    await until(lambda: service.asked)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    second = asyncio.create_task(it.refresh([release()]))
    service.gate.set()
    await second
    assert (len(service.asked), it.peek(release())) == (1, (HIGH,))


async def test_what_a_service_may_not_hear_of_its_own_registry_is_asked(index):
    service = Knower(hears=lambda name: name == "public")
    registry = Knower({("private", "1.0"): found(LOW)})
    it = index(service, registry)
    await it.refresh([release("public"), release("private")])
    assert (service.asked, registry.asked) == ([[("public", "1.0")]], [[("private", "1.0")]])
    assert it.peek(release("private")) == (LOW,)


async def test_without_a_service_the_registries_are_asked_and_without_both_nobody(index):
    registry = Knower()
    it = index(None, registry)
    assert await it.refresh([release()])
    assert registry.asked == [[("one", "1.0")]]
    assert not await AdvisoryIndex.nobody().refresh([release()])


async def test_what_has_gone_stale_stands_until_it_is_known_anew(index):
    service, clock = Knower({("one", "1.0"): found(HIGH, fresh_for=60.0)}), Clock(now=1000.0)
    it = index(service, clock=clock)
    await it.refresh([release()])
    clock.now += 61.0
    service.answers = {("one", "1.0"): found(LOW)}
    service.gate.clear()
    asking = asyncio.create_task(it.refresh([release()]))
    await until(lambda: len(service.asked) == 2)
    assert it.peek(release()) == (HIGH,)
    service.gate.set()
    await asking
    assert it.peek(release()) == (LOW,)


async def test_what_is_known_is_there_for_the_next_process(index, tmp_path):
    clock = Clock(now=1000.0)
    first = index(Knower({("one", "1.0"): found(HIGH), ("two", "1.0"): found()}), folder=tmp_path)
    await first.refresh([release("one"), release("two")])
    await first._cache.flush()
    service = Knower()
    second = index(service, folder=tmp_path, clock=clock)
    assert await second.recall([release("one"), release("two")])
    assert second.peek(release("one")) == (HIGH,)
    assert not await second.refresh([release("one"), release("two")])
    clock.now += 3600.0
    assert await second.refresh([release("one")])
    assert service.asked == [[("one", "1.0")]]


async def test_one_service_does_not_speak_for_another(index, tmp_path):
    first = index(Knower({("one", "1.0"): found(HIGH)}), folder=tmp_path)
    await first.refresh([release()])
    await first._cache.flush()
    other = Knower()
    other.url = "https://other.example/"
    assert not await index(other, folder=tmp_path).recall([release()])
    assert not await index(None, Knower(), folder=tmp_path).recall([release()])


async def test_what_a_clock_that_was_wrong_wrote_is_shown_and_asked_for_anew(index, tmp_path):
    future = index(Knower({("one", "1.0"): found(HIGH)}), folder=tmp_path, clock=Clock(now=9e9))
    await future.refresh([release()])
    await future._cache.flush()
    now = index(Knower(), folder=tmp_path)
    await now.recall([release()])
    assert now.peek(release()) == (HIGH,)
    assert await now.refresh([release()])


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (Unavailable(trouble=Trouble.SERVER_ERROR, host="osv.example", status=500), FAILURE_FRESH),
        (Unavailable(trouble=Trouble.RATE_LIMITED, host="osv.example", retry_after=90.0), 90.0),
        (Unavailable(trouble=Trouble.RATE_LIMITED, host="osv.example", retry_after=9e9), 3600.0),
    ],
)
async def test_a_failure_displaces_nothing_and_is_soon_forgotten(index, answer, wait):
    service, clock = Knower({("one", "1.0"): found(HIGH, fresh_for=1.0)}), Clock(now=1000.0)
    it = index(service, clock=clock)
    await it.refresh([release()])
    clock.now += 2.0
    service.answers = {("one", "1.0"): answer}
    await it.refresh([release()])
    assert it.peek(release()) == (HIGH,)
    assert it.failed_until([release()]) == wait
    assert not await it.refresh([release()])
    clock.now += wait
    assert await it.refresh([release()])


@pytest.mark.parametrize(
    "answer",
    [
        Missing(),
        Unauthorized(status=401, host="registry.example"),
        Unavailable(trouble=Trouble.SERVER_ERROR, host="registry.example", status=500),
        Unavailable(trouble=Trouble.GARBAGE, host="registry.example"),
    ],
)
async def test_a_registry_that_keeps_no_advisories_is_not_asked_again_and_again(index, answer):
    registry, clock = Knower({("one", "1.0"): answer}), Clock(now=1000.0)
    it = index(None, registry, clock=clock)
    await it.refresh([release()])
    assert it.failed_until([release()]) is None
    assert it.trouble(release()) is None
    clock.now += SILENT_FRESH - 1.0
    assert not await it.refresh([release()])
    clock.now += 1.0
    assert await it.refresh([release()])


async def test_a_service_that_refuses_has_told_nothing(index):
    denied = Unauthorized(status=403, host="osv.example")
    it = index(Knower({("one", "1.0"): denied}))
    await it.refresh([release()])
    assert it.trouble(release()) is denied


async def test_who_breaks_costs_no_other_its_answer(index, caplog):
    service = Knower(RuntimeError("oh no"), hears=lambda name: name == "public")
    registry = Knower({("private", "1.0"): found(LOW)})
    it = index(service, registry)
    with caplog.at_level(logging.CRITICAL, logger="registry_lsp.session.advisories"):
        await it.refresh([release("public"), release("private")])
    assert it.peek(release("private")) == (LOW,)
    assert it.failed_until([release("public")]) == FAILURE_FRESH
    assert it.trouble(release("private")) is None


async def test_who_never_answers_is_not_waited_for_for_ever(index):
    service = Knower()
    service.gate.clear()
    it = index(service, patience=0.01)
    assert await it.refresh([release()])
    assert it.failed_until([release()]) == FAILURE_FRESH
    assert it.trouble(release()) == Unavailable(trouble=Trouble.TIMEOUT, host="osv.example")


async def test_ending_leaves_no_task(index):
    service = Knower()
    service.gate.clear()
    it = index(service)
    asking = asyncio.create_task(it.refresh([release()]))
    await until(lambda: service.asked)
    await it.aclose()
    await asking
    assert [each for each in asyncio.all_tasks() if "advisories" in each.get_name()] == []


# --- the session ------------------------------------------------------------------------------


class Recorder:
    """An audience that writes down what it is told."""

    def __init__(self):
        self.published = []

    def publish(self, document, assessments):
        self.published.append(
            {
                assessment.dependency.name: [
                    each.arg("id") or each.code.value for each in assessment.verdict.findings
                ]
                for assessment in assessments
            }
        )

    def retract(self, uri):
        pass

    def loading(self, document, done, total):
        pass


class Stage:
    """A session in front of a toy registry and somebody who knows of advisories."""

    def __init__(self, service, index, names=("one", "two"), **options):
        answers = {name: toy.fetched(toy.package(name, "2.0", "1.0")) for name in names}
        self.registry = toy.ToyRegistry(answers)
        self.audience = Recorder()
        self.cache = DiskCache(None)
        self.advisories = index(service)
        self.session = Session(
            ecosystems=(toy.ecosystem(self.registry),),
            packages=PackageIndex({"toy": self.registry}, self.cache),
            advisories=self.advisories,
            audience=self.audience,
            routes=lambda ecosystem, folder: toy.ToyRoutes(),
            resources=(self.cache.close,),
            **options,
        )

    def open(self, text, version=1):
        self.session.open(Snapshot(uri=URI, version=version, text=text), PATH)

    def change(self, text, version):
        self.session.update(Snapshot(uri=URI, version=version, text=text))


@pytest.fixture
async def stage(index):
    stages = []

    def make(service, **options):
        stages.append(Stage(service, index, **options))
        return stages[-1]

    yield make
    for each in stages:
        await each.session.aclose()


async def test_the_verdicts_do_not_wait_for_advisories(stage):
    service = Knower({("one", "1.0"): found(HIGH)})
    service.gate.clear()
    it = stage(service)
    it.open("one==1.0\ntwo>=1.0\n")
    await until(lambda: service.asked)
    assert it.audience.published[-1] == {"one": ["outdated-major"], "two": []}
    service.gate.set()
    await it.session.settled(URI)
    assert it.audience.published[-1] == {"one": ["GHSA-1", "outdated-major"], "two": []}
    assert service.asked == [[("one", "1.0"), ("two", "2.0")]]
    (exposed,) = it.session.assessments(it.session.document(URI))[0].exposed
    assert exposed.fix.version == "2.0"


async def test_a_package_that_hangs_holds_no_others_advisories_back(stage):
    service = Knower({("one", "1.0"): found(HIGH)})
    it = stage(service)
    it.registry.gates["two"] = asyncio.Event()
    it.open("one==1.0\ntwo>=1.0\n")
    await until(
        lambda: it.audience.published and it.audience.published[-1]["one"][:1] == ["GHSA-1"]
    )
    it.registry.gates["two"].set()
    await it.session.settled(URI)
    assert service.asked == [[("one", "1.0")], [("two", "2.0")]]


async def test_what_is_typed_is_asked_about_once_the_typing_rests(stage):
    service = Knower({("one", "1.0"): found(HIGH)})
    it = stage(service)
    it.open("one==2.0\n", version=0)
    await it.session.settled(URI)
    assert service.asked == [[("one", "2.0")]]
    for version, text in enumerate(("one==", "one==1", "one==1.", "one==1.0"), start=1):
        it.change(text, version)
        await asyncio.sleep(0)
    await it.session.settled(URI)
    assert service.asked == [[("one", "2.0")], [("one", "1.0")]]
    assert it.audience.published[-1]["one"][0] == "GHSA-1"


async def test_a_change_drops_what_was_known_of_another_version(stage):
    service = Knower({("one", "1.0"): found(HIGH)})
    service.gate.clear()
    it = stage(service)
    it.open("one==1.0\n", version=0)
    await until(lambda: service.asked)
    it.change("one==2.0\n", 1)
    service.gate.set()
    await it.session.settled(URI)
    assert it.audience.published[-1] == {"one": []}
    it.change("one==1.0\n", 2)
    await until(lambda: it.audience.published[-1]["one"])
    await it.session.settled(URI)
    assert it.audience.published[-1]["one"][0] == "GHSA-1"
    assert service.asked.count([("one", "1.0")]) == 1


async def test_a_keystroke_elsewhere_judges_no_advisory_again(stage):
    it = stage(Knower({("one", "1.0"): found(HIGH)}))
    it.open("one==1.0\n", version=0)
    await it.session.settled(URI)
    (before,) = it.session.assessments(it.session.document(URI))
    it.change("\n\none==1.0\n", 1)
    await it.session.settled(URI)
    (after,) = it.session.assessments(it.session.document(URI))
    assert after.exposed is before.exposed
    assert after.dependency.name_span.start == 2


async def test_a_package_that_is_not_there_is_not_asked_about(stage):
    service = Knower()
    it = stage(service)
    it.open("nope>=1\nsecret-thing==1.0\ntwo==1.0 !path\n")
    await it.session.settled(URI)
    assert service.asked == []


async def test_a_service_that_fails_is_heard_of_nowhere_and_asked_again(stage):
    service = Knower({("one", "1.0"): Unavailable(trouble=Trouble.TIMEOUT, host="osv.example")})
    it = stage(service)
    it.open("one==1.0\n")
    await it.session.settled(URI)
    assert it.audience.published[-1] == {"one": ["outdated-major"]}
    it.advisories._clock.now += FAILURE_FRESH
    service.answers = {("one", "1.0"): found(HIGH)}
    it.session.reload(URI)
    await it.session.settled(URI)
    assert it.audience.published[-1]["one"][0] == "GHSA-1"


async def test_a_package_that_somebody_else_has_asked_for_is_asked_about_too(stage):
    service = Knower({("one", "3.0"): found(HIGH)})
    it = stage(service)
    it.open("one>=1.0\n")
    await it.session.settled(URI)
    it.registry.answers["one"] = toy.fetched(toy.package("one", "3.0", "2.0", "1.0"))
    await it.session.packages.fetch(toy.package("one").id, full=True)
    await until(lambda: it.audience.published[-1]["one"] == ["GHSA-1"])
    assert service.asked == [[("one", "2.0")], [("one", "3.0")]]


async def test_an_advisory_that_comes_back_the_same_is_not_judged_again(index):
    service, clock = Knower({("one", "1.0"): found(HIGH, fresh_for=1.0)}), Clock(now=1000.0)
    it = index(service, clock=clock)
    await it.refresh([release()])
    before = it.peek(release())
    service.answers = {("one", "1.0"): found(replace(HIGH), fresh_for=1.0)}
    clock.now += 2.0
    await it.refresh([release()])
    assert it.peek(release()) is before

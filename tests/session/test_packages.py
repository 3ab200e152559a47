import asyncio
from dataclasses import replace

import pytest

from registry_lsp.core.clock import Onward
from registry_lsp.core.packages import (
    Found,
    Metadata,
    Missing,
    PackageId,
    RegistryRef,
    Release,
    Secret,
    Transport,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.net.cache import DiskCache
from registry_lsp.session import records
from registry_lsp.session.known import FAILURE_FRESH, MISSING_FRESH
from registry_lsp.session.packages import AT_ONCE, PackageIndex
from support import toy
from support.clock import Clock
from support.events import until

ONE = toy.package("one", "2.0", Release(version="1.0", yanked=True, published=1.5))
ID = ONE.id
TIMEOUT = Unavailable(trouble=Trouble.TIMEOUT, host="registry.example")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def cache(tmp_path, clock):
    cache = DiskCache(tmp_path, clock=clock)
    yield cache
    await cache.close()


def index(registry, cache, clock):
    return PackageIndex({"toy": registry}, cache, clock=clock)


def ids(*names):
    return [replace(ID, name=name) for name in names]


async def test_a_package_is_asked_for_once_while_it_is_fresh(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE, fresh_for=60)})
    packages = index(registry, cache, clock)
    assert packages.peek(ID) is None
    found = await packages.fetch(ID)
    assert found == Found(package=ONE, asked_at=1000.0)
    clock.now += 59
    assert await packages.fetch(ID) is found
    assert packages.peek(ID) is found
    assert registry.asked == ["one"]


async def test_whoever_waits_for_the_same_name_shares_one_request(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE)})
    registry.gate.clear()
    packages = index(registry, cache, clock)
    waiting = [asyncio.create_task(packages.fetch(ID)) for _ in range(5)]
    await until(lambda: registry.asked)
    registry.gate.set()
    assert {lookup.package.id for lookup in await asyncio.gather(*waiting)} == {ID}
    assert registry.asked == ["one"]


async def test_one_who_stops_waiting_leaves_the_answer_to_the_others(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE)})
    registry.gate.clear()
    packages = index(registry, cache, clock)
    leaving, staying = (asyncio.create_task(packages.fetch(ID)) for _ in range(2))
    await until(lambda: registry.asked)
    leaving.cancel()
    registry.gate.set()
    assert isinstance(await staying, Found)
    assert leaving.cancelled()


async def test_a_question_ends_with_the_last_who_waits(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE)})
    registry.gate.clear()
    packages = index(registry, cache, clock)
    waiting = [asyncio.create_task(packages.fetch(ID)) for _ in range(2)]
    await until(lambda: registry.at_once)
    waiting.pop().cancel()
    await asyncio.sleep(0)
    assert registry.at_once == 1  # somebody waits still
    waiting.pop().cancel()
    await until(lambda: not registry.at_once)
    assert packages.peek(ID) is None


async def test_what_a_document_asks_for_goes_on_until_it_is_abandoned(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE)})
    registry.gate.clear()
    packages = index(registry, cache, clock)
    loading = asyncio.create_task(packages.refresh([ID], lambda _: None))
    await until(lambda: registry.at_once)
    hovering = asyncio.create_task(packages.fetch(ID))
    await asyncio.sleep(0)
    for each in (hovering, loading):
        each.cancel()
        await asyncio.wait((each,))
    assert registry.at_once == 1  # the typing will rest, and then it is wanted
    packages.abandon([ID])
    await until(lambda: not registry.at_once)
    assert packages.peek(ID) is None


async def test_a_stale_answer_is_asked_for_anew_and_kept_where_it_is_unchanged(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE, fresh_for=60, etag='"1"')})
    packages = index(registry, cache, clock)
    first = await packages.fetch(ID)
    clock.now += 61
    assert packages.is_due(ID)
    assert packages.peek(ID) is first  # stale is still an answer
    again = await packages.fetch(ID)
    assert again.package is first.package
    assert again.asked_at == 1061.0
    assert not packages.is_due(ID)


@pytest.mark.parametrize("failure", [TIMEOUT, Unauthorized(status=401, host="registry.example")])
async def test_a_failure_never_displaces_what_was_known(cache, clock, failure):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE, fresh_for=60)})
    packages = index(registry, cache, clock)
    await packages.fetch(ID)
    registry.answers["one"] = failure
    clock.now += 61
    kept = await packages.fetch(ID)
    assert kept == Found(package=ONE, asked_at=1000.0, trouble=failure)
    registry.answers["one"] = toy.fetched(ONE, fresh_for=60)
    clock.now += FAILURE_FRESH + 1
    assert (await packages.fetch(ID)).trouble is None


async def test_a_failure_is_remembered_for_a_little_while(cache, clock):
    registry = toy.ToyRegistry({"one": TIMEOUT})
    packages = index(registry, cache, clock)
    assert await packages.fetch(ID) == TIMEOUT
    assert await packages.fetch(ID) == TIMEOUT
    assert registry.asked == ["one"]
    clock.now += FAILURE_FRESH + 1
    await packages.fetch(ID)
    assert registry.asked == ["one", "one"]


async def test_a_clock_that_is_set_back_makes_no_failure_last(cache, clock):
    registry, passed = toy.ToyRegistry({"one": TIMEOUT}), Clock()
    packages = index(registry, cache, Onward(clock, passed))
    await packages.fetch(ID)
    clock.now -= 86_400
    assert not packages.is_due(ID)
    passed.now += FAILURE_FRESH + 1
    assert packages.is_due(ID)
    assert packages.failed_until([ID]) == 0.0


async def test_a_registry_that_asks_to_wait_is_left_alone_that_long(cache, clock):
    limited = Unavailable(trouble=Trouble.RATE_LIMITED, host="registry.example", retry_after=500.0)
    registry = toy.ToyRegistry({"one": limited})
    packages = index(registry, cache, clock)
    await packages.fetch(ID)
    clock.now += 499
    await packages.fetch(ID)
    assert registry.asked == ["one"]


async def test_a_package_that_went_missing_is_missing(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE, fresh_for=60)})
    packages = index(registry, cache, clock)
    await packages.fetch(ID)
    registry.answers["one"] = Missing(detail="unpublished")
    clock.now += 61
    assert await packages.fetch(ID) == Missing(detail="unpublished")
    clock.now += MISSING_FRESH - 1
    assert not packages.is_due(ID)


async def test_an_adapter_that_breaks_breaks_one_package_only(cache, clock, caplog):
    registry = toy.ToyRegistry({"one": ValueError("oops"), "two": toy.fetched(ONE)})
    packages = index(registry, cache, clock)
    broken = await packages.fetch(ID)
    assert broken.trouble is Trouble.GARBAGE
    assert isinstance(await packages.fetch(replace(ID, name="two")), Found)
    assert "oops" in caplog.text


async def test_the_second_start_knows_what_the_first_learned(tmp_path, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE, fresh_for=60, etag='"1"')})
    for start in range(2):
        cache = DiskCache(tmp_path, clock=clock)
        packages = index(registry, cache, clock)
        await packages.recall(ids("one", "two"))
        if start:
            assert packages.peek(ID) == Found(package=ONE, asked_at=1000.0)
            assert packages.peek(replace(ID, name="two")) == Missing()
            assert not packages.is_due(ID)
            clock.now += 61
            assert packages.is_due(ID)
        for id in ids("one", "two"):
            await packages.fetch(id)
        await packages.aclose()
        await cache.close()
    assert registry.asked == ["one", "two", "one"]


async def test_a_dozen_at_a_time(cache, clock):
    names = [f"p{number}" for number in range(40)]
    registry = toy.ToyRegistry({name: toy.fetched(toy.package(name, "1.0")) for name in names})
    registry.gate.clear()
    packages = index(registry, cache, clock)
    arrived = []
    asking = asyncio.create_task(packages.refresh(ids(*names), lambda id: arrived.append(id.name)))
    await until(lambda: registry.at_once == AT_ONCE)
    registry.gate.set()
    await asking
    assert sorted(arrived) == sorted(names)
    assert registry.most_at_once == AT_ONCE


async def test_a_full_answer_serves_as_a_brief_one(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE)})
    packages = index(registry, cache, clock)
    full = await packages.fetch(ID, full=True)
    assert packages.peek(ID) is full
    assert not packages.is_due(ID)
    assert packages.is_due(replace(ID, name="two"))
    assert registry.asked == ["one"]


async def test_a_later_brief_answer_stands_over_an_older_full_one(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE, fresh_for=60)})
    packages = index(registry, cache, clock)
    await packages.fetch(ID, full=True)
    newer = toy.package("one", "3.0")
    registry.answers["one"] = toy.fetched(newer, fresh_for=60)
    clock.now += 61
    await packages.refresh([ID], lambda _: None)
    assert packages.peek(ID).package is newer
    registry.answers["one"] = Missing()
    clock.now += 61
    assert await packages.fetch(ID) == Missing()


async def test_who_comes_while_a_request_is_being_ended_asks_anew(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE)})
    registry.gate.clear()
    packages = index(registry, cache, clock)
    leaving = asyncio.create_task(packages.fetch(ID))
    await until(lambda: registry.at_once)
    leaving.cancel()
    packages.abandon([ID])
    coming = asyncio.create_task(packages.fetch(ID))
    registry.gate.set()
    assert isinstance(await coming, Found)


async def test_what_the_future_wrote_is_stale(tmp_path, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE)})
    cache = DiskCache(tmp_path, clock=clock)
    clock.now += 1e9
    first = index(registry, cache, clock)
    await first.fetch(ID)
    clock.now -= 1e9
    second = index(registry, cache, clock)
    await second.recall([ID])
    assert isinstance(second.peek(ID), Found)
    assert second.is_due(ID)
    await cache.close()


async def test_a_not_found_that_may_be_no_access_is_not_kept(cache, clock):
    registry = toy.ToyRegistry({"one": Missing(or_no_access=True)})
    await index(registry, cache, clock).fetch(ID)
    again = index(registry, cache, clock)
    await again.recall([ID])
    assert again.peek(ID) is None


async def test_metadata_that_breaks_is_none(cache, clock, caplog):
    class Broken(toy.ToyRegistry):
        async def metadata(self, id, version):
            raise ValueError("oops")

    assert await index(Broken({}), cache, clock).metadata(ID, "1.0") is None
    assert "oops" in caplog.text


async def test_a_failed_full_question_leaves_the_brief_answer(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE)})
    packages = index(registry, cache, clock)
    brief = await packages.fetch(ID)
    registry.answers["one"] = TIMEOUT
    full = await packages.fetch(ID, full=True)
    assert (full.package, full.trouble) == (ONE, TIMEOUT)
    assert packages.peek(ID).package is brief.package


async def test_an_answer_stands_for_a_minute_whatever_its_registry_says(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE, fresh_for=0, etag='"1"')})
    packages = index(registry, cache, clock)
    for _ in range(2):
        await packages.fetch(ID)
        clock.now += 59
        assert not packages.is_due(ID)
        clock.now += 2
        assert packages.is_due(ID)
    assert registry.asked == ["one", "one"]


async def test_what_was_learned_is_saved_without_a_farewell(tmp_path, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE)})
    first, second = (DiskCache(tmp_path, clock=clock) for _ in range(2))
    packages = index(registry, first, clock)
    await packages.fetch(ID)
    packages.save()
    await first.statistics()  # behind it in the same thread's queue
    again = index(registry, second, clock)
    await again.recall([ID])
    assert isinstance(again.peek(ID), Found)
    await first.close()
    await second.close()


async def test_forgetting_everything(cache, clock):
    registry = toy.ToyRegistry({"one": toy.fetched(ONE)})
    packages = index(registry, cache, clock)
    await packages.fetch(ID)
    await packages.clear()
    assert packages.peek(ID) is None
    await packages.recall([ID])
    assert packages.peek(ID) is None


def test_records_bring_back_what_they_were_made_of():
    metadata = Metadata(version="2.0", summary="does", keywords=("a", "b"))
    package = replace(ONE, metadata=metadata, dist_tags=(("latest", "2.0"),), status="archived")
    found = Found(package=package, asked_at=7.0)
    assert records.decode(records.encode(found), ID, 7.0) == found
    missing = Missing(detail="unpublished", or_no_access=True)
    assert records.decode(records.encode(missing), ID, 7.0) == missing


@pytest.mark.parametrize("payload", [b"", b"garbage", b"\xc0", records._ENCODER.encode([1, 2])])
def test_a_record_that_cannot_be_read_is_none(payload):
    assert records.decode(payload, ID, 0.0) is None


def test_no_credential_is_ever_written():
    private = PackageId(
        ecosystem="toy",
        name="one",
        registry=RegistryRef(url="https://registry.example/", authorization=Secret("Basic s3cret")),
    )
    found = Found(package=replace(ONE, id=private), asked_at=0.0)
    assert b"s3cret" not in records.encode(found)
    assert "s3cret" not in records.key(private, full=True)
    other = replace(private, registry=replace(private.registry, authorization=Secret("Basic x")))
    assert len({records.key(each, full=True) for each in (private, other, ID)}) == 3


def test_what_is_told_to_one_certificate_is_not_anothers():
    ways = [
        None,
        Transport(),
        Transport(certificate="/a.pem"),
        Transport(certificate="/b.pem"),
        Transport(key=Secret("/b.pem")),
        Transport(verify=False),
        Transport(proxy=Secret("http://me:s3cret@proxy.example")),
        Transport(authorities=("/a.pem",)),
        Transport(more_authorities=("/a.pem",)),
    ]
    ids = [replace(ID, registry=replace(ID.registry, transport=way)) for way in ways]
    keys = {records.key(id, full=True) for id in ids}
    assert len(keys) == len(ways)
    assert not any("s3cret" in key for key in keys)

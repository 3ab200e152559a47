"""Several registries of one package: who is asked, in which order, and what they come to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_lsp.core.packages import (
    Found,
    Missing,
    RegistryRef,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.services import may_tell
from registry_lsp.net.cache import DiskCache
from registry_lsp.session.known import FAILURE_FRESH, MISSING_FRESH
from registry_lsp.session.packages import PackageIndex
from support import toy

ID = toy.package("one").id
TIMEOUT = Unavailable(trouble=Trouble.TIMEOUT, host="a.example")
DENIED = Unauthorized(status=403, host="a.example")


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


class Registries(toy.ToyRegistry):
    """Several registries, by the first label of their hosts; it writes down who was asked."""

    def __init__(self, **answers):
        super().__init__({})
        self.said = answers

    async def package(self, id, *, full, known=None):
        host = id.registry.host.partition(".")[0]
        assert id.registry.otherwise is None
        self.asked.append(host if known is None else f"{host} {known.etag}")
        answer = self.said.get(host, Missing())
        return answer(known) if callable(answer) else answer


def at(host, *versions, etag=None):
    id = replace(ID, registry=RegistryRef(url=f"https://{host}.example/"))
    return toy.fetched(replace(toy.package("one", *versions), id=id), fresh_for=60, etag=etag)


def several(*hosts, merged=(), **fields):
    """The package in the registries at *hosts*, of which those *merged* count with the next."""
    ref = None
    for host in reversed(hosts):
        url = f"https://{host}.example/"
        ref = RegistryRef(url=url, otherwise=ref, is_merged=host in merged, **fields)
    return replace(ID, registry=ref)


@pytest.fixture
async def cache(tmp_path):
    cache = DiskCache(tmp_path, clock=Clock())
    yield cache
    await cache.close()


def index(registry, cache, clock=None):
    keys = {"toy": toy.ToyScheme().key}
    return PackageIndex({"toy": registry}, cache, keys=keys, clock=clock or Clock())


def versions(lookup):
    return [each.version for each in lookup.package.releases]


# --- in turn ----------------------------------------------------------------------------------


async def test_the_next_registry_is_told_only_what_the_one_before_lacks(cache):
    registry, clock = Registries(b=at("b", "1.0", etag='"1"'), c=at("c", "2.0")), Clock()
    packages, id = index(registry, cache, clock), several("a", "b", "c")
    found = await packages.fetch(id)
    assert versions(found) == ["1.0"]
    assert found.package.id.registry.url == "https://b.example/"
    assert found.package.id.registry.otherwise.url == "https://c.example/"
    assert registry.asked == ["a", "b"]
    clock.now += 61
    await packages.fetch(id)
    assert registry.asked[2:] == ['b "1"']  # that the first has none stands for longer
    clock.now += MISSING_FRESH
    await packages.fetch(id)
    assert registry.asked[3:] == ["a", 'b "1"']


async def test_what_each_has_said_is_known_on_disk(cache):
    registry, id = Registries(b=at("b", "1.0")), several("a", "b")
    found = await index(registry, cache).fetch(id)
    again = index(registry, cache)
    await again.recall([id])
    assert again.peek(id) == found
    assert not again.is_due(id)
    await again.recall([several("c", "b")])
    assert again.peek(several("c", "b")) is None  # nobody knows what the first would say


@pytest.mark.parametrize("failure", [TIMEOUT, DENIED])
async def test_one_that_cannot_be_asked_ends_the_turn(cache, failure):
    registry = Registries(a=failure, b=at("b", "1.0"))
    assert await index(registry, cache).fetch(several("a", "b")) == failure
    assert registry.asked == ["a"]


async def test_a_status_that_is_overlooked_is_as_good_as_not_there(cache):
    registry = Registries(a=DENIED, b=at("b", "1.0"))
    id = several("a", "b", overlooked=(401, 403))
    assert versions(await index(registry, cache).fetch(id)) == ["1.0"]
    registry.said["b"] = Missing()
    assert await index(registry, cache).fetch(replace(id, name="two")) == Missing(or_no_access=True)


async def test_a_failure_never_displaces_what_was_found_further_on(cache):
    registry, clock = Registries(b=at("b", "1.0")), Clock()
    packages, id = index(registry, cache, clock), several("a", "b")
    await packages.fetch(id)
    registry.said["a"] = TIMEOUT
    clock.now += MISSING_FRESH + 1
    kept = await packages.fetch(id)
    assert (versions(kept), kept.trouble, kept.is_partial) == (["1.0"], TIMEOUT, False)
    assert packages.failed_until([id]) == FAILURE_FRESH


# --- taken together ---------------------------------------------------------------------------


async def test_all_are_asked_whose_releases_count_together(cache):
    registry = Registries(a=at("a", "1.0"), b=at("b", "2.0"), c=at("c", "3.0"))
    found = await index(registry, cache).fetch(several("a", "b", "c", merged=("a",)))
    assert versions(found) == ["2.0", "1.0"]
    assert sorted(registry.asked) == ["a", "b"]
    assert [each.registry.host for each in found.package.places] == ["a.example", "b.example"]
    assert found.package.id.registry.otherwise.url == "https://c.example/"


async def test_those_behind_are_asked_where_none_of_those_together_has_it(cache):
    registry = Registries(c=at("c", "3.0"))
    found = await index(registry, cache).fetch(several("a", "b", "c", merged=("a",)))
    assert versions(found) == ["3.0"]
    assert found.package.places == ()


async def test_where_only_one_has_it_its_name_stands_alone(cache):
    registry = Registries(b=at("b", "2.0"))
    found = await index(registry, cache).fetch(several("a", "b", merged=("a",)))
    assert [each.registry.host for each in found.package.places] == ["b.example"]
    assert found.package.id.registry == RegistryRef(url="https://b.example/")


@pytest.mark.parametrize("failure", [TIMEOUT, DENIED])
async def test_one_that_fails_leaves_a_trouble_on_what_the_others_have(cache, failure):
    registry = Registries(a=failure, b=at("b", "2.0"))
    found = await index(registry, cache).fetch(several("a", "b", merged=("a",)))
    assert isinstance(found, Found)
    assert (versions(found), found.trouble, found.is_partial) == (["2.0"], failure, True)


async def test_where_one_fails_and_no_other_has_it_nobody_says_that_there_is_none(cache):
    registry = Registries(a=TIMEOUT)
    assert await index(registry, cache).fetch(several("a", "b", merged=("a",))) == TIMEOUT


async def test_what_comes_from_a_place_that_nobody_asks_is_not_missing(cache):
    registry, id = Registries(), several("a", "b", merged=("a",), is_partial=True)
    lookup = await index(registry, cache).fetch(id)
    assert isinstance(lookup, Unavailable)
    assert lookup.trouble is Trouble.NOWHERE
    registry.said["a"] = at("a", "1.0")
    assert (await index(registry, cache).fetch(replace(id, name="two"))).is_partial


async def test_the_only_one_to_be_asked_need_not_be_the_only_place(cache):
    registry, id = Registries(), several("a", is_partial=True)
    packages = index(registry, cache)
    assert (await packages.fetch(id)).trouble is Trouble.NOWHERE
    registry.said["a"] = at("a", "1.0")
    found = await packages.fetch(replace(id, name="two"))
    assert (versions(found), found.trouble, found.is_partial) == (["1.0"], None, True)
    again = index(registry, cache)
    await again.recall([replace(id, name="two")])
    assert again.peek(replace(id, name="two")).is_partial


async def test_what_lies_in_a_folder_counts_with_what_the_registries_have(cache):
    registry, id = Registries(a=at("a", "3.0", "1.0")), several("a", archives=("2.0", "1.0", "x"))
    packages = index(registry, cache)
    found = await packages.fetch(id)
    assert (versions(found), found.is_partial) == (["3.0", "2.0", "1.0"], False)
    assert [each.is_local for each in found.package.releases] == [False, True, False]
    again = index(registry, cache)
    await again.recall([id])
    assert versions(again.peek(id)) == ["3.0", "2.0", "1.0"]
    assert versions(await packages.fetch(replace(id, registry=id.registry.alone))) == ["3.0", "1.0"]


async def test_what_only_a_folder_has_is_found_and_told_to_no_service(cache):
    id = several("a", archives=("2.0",))
    assert await index(Registries(a=TIMEOUT), cache).fetch(id) == TIMEOUT
    found = await index(Registries(), cache).fetch(id)
    assert versions(found) == ["2.0"]
    assert not may_tell(found.package.id, is_own=True)


async def test_each_is_asked_again_with_its_own_validators_when_it_is_due(cache):
    registry, clock = Registries(a=at("a", "1.0", etag='"a"'), b=at("b", "2.0")), Clock()
    packages, id = index(registry, cache, clock), several("a", "b", merged=("a",))
    first = await packages.fetch(id)
    clock.now += 61
    again = await packages.fetch(id)
    assert sorted(registry.asked[2:]) == ['a "a"', "b None"]
    assert again.package is first.package  # who has judged it need not judge it again


async def test_a_full_answer_serves_for_a_brief_one(cache):
    registry = Registries(a=at("a", "1.0"), b=at("b", "2.0"))
    packages, id = index(registry, cache), several("a", "b", merged=("a",))
    await packages.fetch(several("a"), full=True)
    assert versions(await packages.fetch(id)) == ["2.0", "1.0"]
    assert registry.asked == ["a", "b"]

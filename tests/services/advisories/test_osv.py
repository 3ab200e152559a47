"""The client of OSV, in front of a scripted stub of it."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from registry_lsp.core.advisories import Affected, Rating
from registry_lsp.core.packages import (
    Missing,
    PackageId,
    RegistryRef,
    ReleaseId,
    Trouble,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.endpoints import NPM_REGISTRY, OSV
from registry_lsp.net.cache import DiskCache
from registry_lsp.net.http import HttpClient
from registry_lsp.services.advisories.osv import FRESH_FOR, UNREAD_FRESH_FOR
from registry_lsp.services.advisories.osv import Osv as Client
from support import toy
from support.loopback import HANG_UP, SILENCE, LoopbackServer, Reply, as_json
from support.osv import Osv, record

TOYS = replace(toy.ecosystem(toy.ToyRegistry({})), osv_name="Toys")
PRIVATE = RegistryRef(url="https://registry.example/")


def release(name="one", version="1.0", *, registry=PRIVATE, ecosystem="toy"):
    package = PackageId(ecosystem=ecosystem, name=name, registry=registry)
    return ReleaseId(package=package, version=version)


def about(**ids):
    """Which records are about version 1.0 of which package."""
    return {("Toys", name, "1.0"): some for name, some in ids.items()}


@asynccontextmanager
async def client(stub, *, folder=None, timeout=5.0, patience=5.0):
    http = HttpClient(user_agent="tests", timeout=timeout, retries=0)
    cache = DiskCache(folder)
    try:
        async with LoopbackServer(stub) as server:
            options = {"ecosystems": [TOYS], "cache": cache, "patience": patience}
            yield Client(http, server.url, **options), server
            await http.aclose()
    finally:
        await cache.close()


async def ask(stub, *releases, **options):
    async with client(stub, **options) as (osv, _):
        return await osv.advisories(releases)


async def test_what_is_known_against_releases():
    stub = Osv(
        records={
            "GHSA-1": record(
                "GHSA-1", "Toys", "one", fixed="1.1", summary="A fault", aliases=["CVE-1"]
            ),
            "PYSEC-1": record("PYSEC-1", "Toys", "one", fixed="1.2", aliases=["CVE-1"]),
            "MAL-1": record("MAL-1", "Toys", "bad"),
        },
        about=about(one=["PYSEC-1", "GHSA-1"], bad=["MAL-1"]),
    )
    one, two, bad = release("one"), release("two"), release("bad")
    answers = await ask(stub, one, two, bad)
    (fault,) = answers[one].value
    assert (fault.id, fault.aliases) == ("GHSA-1", ("CVE-1", "PYSEC-1"))
    assert set(fault.ranges) == {Affected(fixed="1.1"), Affected(fixed="1.2")}
    assert answers[two] == Fetched(value=(), fresh_for=FRESH_FOR)
    assert answers[bad].value[0].is_malware


async def test_all_are_asked_about_in_one_question():
    names = [f"toy-{at}" for at in range(50)]
    async with client(Osv()) as (osv, server):
        await osv.advisories([release(name) for name in names])
        (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/v1/querybatch")
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body)["queries"][0] == {
        "package": {"ecosystem": "Toys", "name": "toy-0"},
        "version": "1.0",
    }


async def test_a_thousand_are_asked_about_at_a_time():
    releases = [release(f"toy-{at}") for at in range(1001)]
    stub = Osv(
        records={"GHSA-1": record("GHSA-1", "Toys", "toy-1000")},
        about={("Toys", "toy-1000", "1.0"): ["GHSA-1"]},
    )
    async with client(stub) as (osv, server):
        answers = await osv.advisories(releases)
        assert len(server.requests) == 3
    assert [each.id for each in answers[releases[-1]].value] == ["GHSA-1"]
    assert len(answers) == 1001


async def test_pages_are_gone_through():
    ids = [f"GHSA-{at}" for at in range(5)]
    stub = Osv(
        records={id: record(id, "Toys", "one") for id in ids},
        about=about(one=ids, two=["GHSA-0"]),
        page=2,
    )
    one, two = release("one"), release("two")
    answers = await ask(stub, one, two)
    assert [each.id for each in answers[one].value] == ids
    assert len(answers[two].value) == 1
    assert stub.asked.count(("Toys", "one", "1.0")) == 3
    assert stub.asked.count(("Toys", "two", "1.0")) == 1


async def test_a_page_may_hold_nothing_but_the_next_ones_token():
    stub = Osv(about=about(one=["GHSA-1"]), records={"GHSA-1": record("GHSA-1", "Toys", "one")})
    whole = stub._result

    def result(release, token):
        return {"next_page_token": "0"} if token is None else whole(release, token)

    stub._result = result
    (answer,) = (await ask(stub, release())).values()
    assert len(answer.value) == 1


async def test_pages_without_an_end_come_to_one():
    stub = Osv(about=about(one=["GHSA-1"]), records={"GHSA-1": record("GHSA-1", "Toys", "one")})
    stub._result = lambda release, token: {"next_page_token": "again"}
    (answer,) = (await ask(stub, release())).values()
    assert answer.value == ()
    assert len(stub.asked) == 20


async def test_a_record_is_asked_for_once_for_all_packages_and_until_it_changes(tmp_path):
    both = record("GHSA-1", "Toys", "one", fixed="1.1")
    both["affected"] += record("GHSA-1", "Toys", "two", fixed="1.2")["affected"]
    stub = Osv(records={"GHSA-1": both}, about=about(one=["GHSA-1"], two=["GHSA-1"]))
    one, two = release("one"), release("two")
    async with LoopbackServer(stub) as server:

        async def known():
            cache = DiskCache(tmp_path)
            http = HttpClient(user_agent="tests")
            osv = Client(http, server.url, ecosystems=[TOYS], cache=cache)
            answers = await osv.advisories([one, two])
            await http.aclose()
            await cache.close()
            return [answers[each].value[0].ranges for each in (one, two)]

        expected = [(Affected(fixed="1.1"),), (Affected(fixed="1.2"),)]
        assert await known() == await known() == expected
        records = [request for request in server.requests if request.method == "GET"]
        assert [request.path for request in records] == ["/v1/vulns/GHSA-1"]
        stub.modified = "2027-01-01T00:00:00Z"
        assert await known() == expected
        assert len([request for request in server.requests if request.method == "GET"]) == 2


async def test_a_record_that_was_withdrawn_meanwhile_is_not_told(tmp_path):
    gone = {**record("GHSA-1", "Toys", "one"), "withdrawn": "2026-01-01T00:00:00Z"}
    faults = {"v1/vulns": as_json(gone)}
    stub = Osv(records={"GHSA-1": {}}, about=about(one=["GHSA-1"]), faults=faults)
    async with client(stub, folder=tmp_path) as (osv, server):
        for _ in range(2):
            (answer,) = (await osv.advisories([release()])).values()
            assert answer == Fetched(value=(), fresh_for=FRESH_FOR)
        assert len([each for each in server.requests if each.method == "GET"]) == 1


# --- who may be told --------------------------------------------------------------------------


def test_only_what_everybody_knows_is_told_to_the_public_service():
    http = HttpClient(user_agent="tests")
    public = Client(http, None, ecosystems=[TOYS], cache=DiskCache(None))
    own = Client(http, "https://osv.example/", ecosystems=[TOYS], cache=DiskCache(None))
    known = release(registry=RegistryRef(url=NPM_REGISTRY)).package
    private = release().package
    bound = replace(private, registry=replace(PRIVATE, is_bound=True))
    assert [public.may_hear(each) for each in (known, private, bound)] == [True, False, False]
    assert [own.may_hear(each) for each in (known, private, bound)] == [True, True, False]
    assert (public.url, own.url) == (OSV, "https://osv.example/")


async def test_nothing_is_asked_of_what_it_may_not_hear_of():
    bound = replace(PRIVATE, is_bound=True)
    async with client(Osv()) as (osv, server):
        answers = await osv.advisories([release(registry=bound), release(ecosystem="unknown")])
        assert (answers, server.requests) == ({}, [])


async def test_what_it_would_refuse_is_not_asked_about():
    odd = [
        release("one", ""),
        release(""),
        release("a\ud800b"),
        release("näme"),
        release("one", "1" * 1000),
        release("a b"),
    ]
    stub = Osv()
    answers = await ask(stub, *odd, release())
    assert stub.asked == [("Toys", "one", "1.0")]
    assert all(answers[each] == Missing() for each in odd)


async def test_one_query_that_is_refused_costs_no_other_its_answer():
    stub = Osv(
        records={"GHSA-1": record("GHSA-1", "Toys", "toy-7")},
        about={("Toys", "toy-7", "1.0"): ["GHSA-1"]},
        refused=frozenset({"toy-3"}),
    )
    releases = [release(f"toy-{at}") for at in range(10)]
    answers = await ask(stub, *releases)
    assert [each.id for each in answers[releases[7]].value] == ["GHSA-1"]
    refused = [each for each in releases if not isinstance(answers[each], Fetched)]
    assert refused == [releases[3]]


async def test_who_refuses_everything_is_not_asked_for_ever():
    stub = Osv(faults={"v1/querybatch": as_json({"code": 3}, status=400)})
    async with client(stub) as (osv, server):
        answers = await osv.advisories([release(f"toy-{at}") for at in range(1000)])
        assert len(server.requests) <= 100
    assert all(isinstance(each, Unavailable) for each in answers.values())


# --- faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (HANG_UP, Trouble.UNREACHABLE),
        (SILENCE, Trouble.TIMEOUT),
        (Reply(status=404), Trouble.REFUSED),
        (Reply(status=500), Trouble.SERVER_ERROR),
        (Reply(status=429, headers={"retry-after": "120"}), Trouble.RATE_LIMITED),
        (Reply(body=b"<html>"), Trouble.GARBAGE),
        (as_json({"results": [{}, {}, {}]}), Trouble.GARBAGE),
        (as_json({}), Trouble.GARBAGE),
        (Reply(body=[b"[" * 65_536] * 64), Trouble.GARBAGE),
    ],
)
async def test_who_cannot_answer_says_nothing(fault, trouble):
    stub = Osv(faults={"v1/querybatch": fault})
    (answer,) = (await ask(stub, release(), timeout=0.3)).values()
    assert isinstance(answer, Unavailable)
    assert answer.trouble is trouble


@pytest.mark.parametrize(
    "fault",
    [
        HANG_UP,
        Reply(status=404),
        Reply(status=500),
        Reply(body=b"\xff\xfe"),
        as_json({"id": "GHSA-9"}),
        as_json([]),
    ],
)
async def test_of_a_record_that_cannot_be_had_the_id_is_told_and_soon_asked_again(fault):
    records = {id: record(id, "Toys", "one", fixed="1.1") for id in ("GHSA-1", "MAL-2")}
    stub = Osv(records=records, about=about(one=["GHSA-1", "MAL-2"]))
    stub.faults = {"v1/vulns/MAL-2": fault}
    (answer,) = (await ask(stub, release())).values()
    malware, fault = answer.value
    assert (malware.id, malware.is_malware, malware.size) == ("MAL-2", True, 0)
    assert (fault.id, fault.ranges) == ("GHSA-1", (Affected(fixed="1.1"),))
    assert answer.fresh_for == UNREAD_FRESH_FOR


async def test_a_record_that_does_not_come_holds_back_no_id():
    records = {id: record(id, "Toys", "one", fixed="1.1") for id in ("GHSA-1", "MAL-2")}
    stub = Osv(records=records, about=about(one=["GHSA-1", "MAL-2"]))
    stub.faults = {"v1/vulns/MAL-2": SILENCE}
    (answer,) = (await ask(stub, release(), patience=0.5, timeout=600.0)).values()
    assert [each.id for each in answer.value] == ["MAL-2", "GHSA-1"]
    assert answer.fresh_for == UNREAD_FRESH_FOR


async def test_a_strange_record_loses_only_itself():
    stub = Osv(
        records={
            "GHSA-1": record(
                "GHSA-1", "Toys", "one", fixed="1.1", summary="a\ud800b", severity="high"
            ),
            "GHSA-2": {"id": "GHSA-2", "affected": [None, {"package": 7, "ranges": {"a": []}}]},
            "GHSA-3": record("GHSA-3", "Toys", "one", database_specific={"severity": "CRITICAL"}),
        },
        about=about(one=["GHSA-1", "GHSA-2", "GHSA-3"]),
    )
    (answer,) = (await ask(stub, release())).values()
    assert [each.id for each in answer.value] == ["GHSA-3", "GHSA-1", "GHSA-2"]
    assert answer.value[0].rating is Rating.CRITICAL
    assert answer.fresh_for == FRESH_FOR


async def test_records_are_asked_for_a_few_at_a_time():
    ids = [f"GHSA-{at}" for at in range(40)]
    stub = Osv(records={id: record(id, "Toys", "one") for id in ids}, about=about(one=ids))
    now, most = 0, 0

    async def slowly(request):
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        reply = await stub(request)
        now -= 1
        return reply

    (answer,) = (await ask(slowly, release())).values()
    assert len(answer.value) == 40
    assert most <= 8

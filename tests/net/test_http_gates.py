"""Who is left alone for a while: rate limits, and registries that are down."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import formatdate

import pytest

from registry_lsp.core.packages import Trouble, Unavailable
from registry_lsp.core.ports.http import Response
from registry_lsp.net.gates import ERRORS, FAILURES, LONGEST_HOLD, PROBES, REFUSALS, SHUT
from registry_lsp.net.http import REAL, HttpClient
from support.loopback import HANG_UP, SILENCE, Act, LoopbackServer, Reply, Request, paths
from support.waiting import Clock

HERE = ("https", "registry.example", None)
THERE = ("https", "registry.example", 8443)
PAGE = "https://registry.example/package"
PAGES = [f"https://registry.example/{at}" for at in range(REFUSALS)]
DOWN = Unavailable(trouble=Trouble.UNREACHABLE, host="registry.example")
SILENT = Unavailable(trouble=Trouble.TIMEOUT, host="registry.example")
BUSY = Unavailable(trouble=Trouble.RATE_LIMITED, host="registry.example", status=429)
WAITING = 1.0
"""Seconds that a silent answer is waited for where others must be heard, on a busy machine too."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client(clock: Clock) -> AsyncIterator[HttpClient]:
    client = HttpClient(user_agent="test/1", timeout=60.0, timing=clock.timing())
    yield client
    await client.aclose()


# --- rate limits ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("dated", [False, True])
async def test_a_short_wait_is_waited(
    client: HttpClient, clock: Clock, status: int, *, dated: bool
):
    wait = formatdate(clock.now + 4, usegmt=True) if dated else "4"
    replies: list[Act] = [Reply(status=status, headers={"retry-after": wait}), Reply(body=b"ok")]

    async def handle(_: Request) -> Act:
        return replies.pop(0)

    async with LoopbackServer(handle) as server:
        answer = await client.get(server.url, accept="*/*")
    assert answer.body == b"ok"
    assert sum(clock.slept) == pytest.approx(4.0)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("dated", [False, True])
async def test_a_long_wait_is_told_and_kept(
    client: HttpClient, clock: Clock, status: int, *, dated: bool
):
    wait = formatdate(clock.now + 60, usegmt=True) if dated else "60"
    replies: dict[str, Act] = {"/": Reply(status=status, headers={"retry-after": wait})}
    async with LoopbackServer(paths(replies)) as server:
        answer = await client.get(server.url, accept="*/*")
        assert answer == Unavailable(
            trouble=Trouble.RATE_LIMITED,
            host=f"127.0.0.1:{server.port}",
            status=status,
            retry_after=60.0,
        )
        clock.now += 50
        again = await client.get(server.url, accept="*/*")
        assert again.retry_after == pytest.approx(10.0)
        assert len(server.requests) == 1
        assert not clock.slept
        clock.now += 10
        replies["/"] = Reply(body=b"ok")
        assert (await client.get(server.url, accept="*/*")).body == b"ok"


@pytest.mark.parametrize("headers", [{}, {"retry-after": "1"}, {"retry-after": "900"}])
@pytest.mark.parametrize("status", [429, 503])
async def test_one_address_that_is_limited_does_not_silence_the_others(
    client: HttpClient, status: int, headers: dict[str, str]
):
    replies: dict[str, Act] = {"/limited": Reply(status=status, headers=headers)}
    async with LoopbackServer(paths({**replies, "/known": Reply(body=b"ok")})) as server:
        for _ in range(2 * REFUSALS):
            limited = await client.get(server.url + "limited", accept="*/*")
            assert isinstance(limited, Unavailable)
            assert (await client.get(server.url + "known", accept="*/*")).body == b"ok"
            assert (await client.get(server.url + "gone", accept="*/*")).status == 404


@pytest.mark.parametrize("status", [429, 503])
async def test_a_server_that_limits_three_in_a_row_is_left_alone(
    client: HttpClient, clock: Clock, status: int
):
    busy = Reply(status=status, headers={"retry-after": "60"})
    replies: dict[str, Act] = {"/known": Reply(body=b"ok")}
    async with LoopbackServer(paths(replies, otherwise=busy)) as server:
        for at in range(REFUSALS):
            await client.get(server.url + str(at), accept="*/*")
        asked = len(server.requests)
        assert asked == REFUSALS
        known = await client.get(server.url + "known", accept="*/*")
        assert known.trouble is Trouble.RATE_LIMITED
        assert known.retry_after == pytest.approx(60.0)
        assert len(server.requests) == asked
        clock.now += 60
        assert (await client.get(server.url + "known", accept="*/*")).body == b"ok"


async def test_a_busy_server_hears_of_few_of_a_hundred_dependencies(client: HttpClient):
    busy = Reply(status=429, headers={"retry-after": "60"})
    async with LoopbackServer(paths({}, otherwise=busy)) as server:
        answers = await asyncio.gather(
            *(client.get(server.url + str(at), accept="*/*") for at in range(100))
        )
    assert {answer.trouble for answer in answers} == {Trouble.RATE_LIMITED}
    assert len(server.requests) < REFUSALS + 16  # with those in flight at the third refusal


async def test_one_servers_wish_does_not_bind_another(client: HttpClient):
    busy = Reply(status=429, headers={"retry-after": "60"})
    async with LoopbackServer(paths({}, otherwise=busy)) as one, LoopbackServer(paths({})) as other:
        for at in range(REFUSALS):
            await client.get(one.url + str(at), accept="*/*")
        assert (await client.get(other.url, accept="*/*")).status == 404


@pytest.mark.parametrize("headers", [{}, {"retry-after": "0"}, {"retry-after": "soon"}])
async def test_a_limit_without_a_wait_is_asked_thrice_and_then_left_alone(
    client: HttpClient, headers: dict[str, str]
):
    async with LoopbackServer(paths({}, otherwise=Reply(status=429, headers=headers))) as server:
        for _ in range(4):
            answer = await client.get(server.url, accept="*/*")
            assert answer.trouble is Trouble.RATE_LIMITED
    assert len(server.requests) == 3


async def test_a_wait_longer_than_the_patience_left_is_not_waited(clock: Clock):
    busy = Reply(status=429, headers={"retry-after": "4"})
    client = HttpClient(user_agent="test/1", timeout=1.0, timing=clock.timing())
    async with LoopbackServer(paths({}, otherwise=busy)) as server:
        answer = await client.get(server.url, accept="*/*")
    await client.aclose()
    assert answer.trouble is Trouble.RATE_LIMITED
    assert len(server.requests) == 1


async def test_waits_do_not_add_up_beyond_the_patience(clock: Clock):
    busy = Reply(status=429, headers={"retry-after": "4"})
    client = HttpClient(user_agent="test/1", timeout=1.5, retries=5, timing=clock.timing())
    async with LoopbackServer(paths({}, otherwise=busy)) as server:
        answer = await client.get(server.url, accept="*/*")
    await client.aclose()
    assert answer.trouble is Trouble.RATE_LIMITED
    assert len(server.requests) == 3  # 9 seconds hold two waits of 4


async def test_nobody_is_told_to_wait_for_years(client: HttpClient):
    busy = Reply(status=429, headers={"retry-after": "9" * 30})
    async with LoopbackServer(paths({}, otherwise=busy)) as server:
        assert (await client.get(server.url, accept="*/*")).retry_after == LONGEST_HOLD


# --- a registry that is down ----------------------------------------------------------------------


async def ask_all(client: HttpClient, server: LoopbackServer, count: int) -> list[object]:
    asked = (client.get(server.url + str(at), accept="*/*") for at in range(count))
    return await asyncio.gather(*asked)


async def test_a_dead_registry_is_asked_a_few_times_and_probed_after_a_while(
    client: HttpClient, clock: Clock
):
    acts: list[Act] = [HANG_UP]

    async def handle(_: Request) -> Act:
        return acts[-1]

    async with LoopbackServer(handle) as server:
        answers = await ask_all(client, server, 100)
        assert {answer.trouble for answer in answers} == {Trouble.UNREACHABLE}
        first = len(server.requests)
        assert FAILURES <= first < FAILURES + 16 + PROBES  # with those in flight at the fifth

        answers = await ask_all(client, server, 100)
        assert {answer.trouble for answer in answers} == {Trouble.UNREACHABLE}
        assert len(server.requests) == first

        clock.now += SHUT
        answers = await ask_all(client, server, 100)
        assert {answer.trouble for answer in answers} == {Trouble.UNREACHABLE}
        assert len(server.requests) == first + PROBES + 1  # one of those that failed

        clock.now += SHUT
        acts.append(Reply(body=b"up"))
        answers = await ask_all(client, server, 100)
        assert all(isinstance(answer, Response) for answer in answers)


@pytest.mark.parametrize("broken", [HANG_UP, Reply(status=429)], ids=["hangs up", "limited"])
@pytest.mark.parametrize("count", [3, 6])
async def test_a_slow_answer_that_is_under_way_decides_for_those_who_come_later(
    client: HttpClient, broken: Act, count: int
):
    are_answered = asyncio.Event()

    async def handle(request: Request) -> Act:
        if request.path.startswith("/broken"):
            return broken
        await are_answered.wait()
        return Reply(body=b"ok")

    async with LoopbackServer(handle) as server:

        def asked(name: str, count: int) -> list[asyncio.Task[object]]:
            urls = [f"{server.url}{name}-{at}" for at in range(count)]
            return [asyncio.create_task(client.get(url, accept="*/*")) for url in urls]

        bad, early = asked("broken", count), asked("early", 4)
        await asyncio.wait(bad, return_when=asyncio.FIRST_COMPLETED)
        late = asked("late", 56)
        for _ in range(10):  # whoever is not let in has heard so by then
            await asyncio.sleep(0)
        are_answered.set()
        answers = await asyncio.gather(*early, *late)
        assert all(isinstance(answer, Response) for answer in answers)
        assert all(isinstance(answer, Unavailable) for answer in await asyncio.gather(*bad))


async def test_a_probe_that_is_cancelled_leaves_room_for_another(client: HttpClient, clock: Clock):
    acts: list[Act] = [HANG_UP]
    arrived = asyncio.Semaphore(0)

    async def handle(_: Request) -> Act:
        arrived.release()
        return acts[-1]

    async with LoopbackServer(handle) as server:
        await ask_all(client, server, 100)
        clock.now += SHUT
        acts.append(SILENCE)
        asked = (client.get(f"{server.url}probe-{at}", accept="*/*") for at in range(PROBES))
        before = len(server.requests)
        probes = [asyncio.create_task(probe) for probe in asked]
        for _ in range(before + PROBES):
            await arrived.acquire()
        acts.append(Reply(body=b"up"))
        waiting = asyncio.create_task(client.get(server.url, accept="*/*"))
        probes[0].cancel()
        assert (await waiting).body == b"up"
        for probe in probes:
            probe.cancel()
        await asyncio.wait(probes)


async def test_a_hundred_dependencies_do_not_wait_a_hundred_times():
    client = HttpClient(user_agent="test/1", timeout=0.2, concurrency=5)
    async with LoopbackServer(paths({}, otherwise=SILENCE)) as server:
        answers = await ask_all(client, server, 100)
        await client.aclose()
    assert {answer.trouble for answer in answers} == {Trouble.TIMEOUT}
    # with those let in before the fifth failed, and those that probe afterwards
    assert len(server.requests) < FAILURES + 5 + PROBES


async def test_a_few_silent_packages_do_not_silence_all_the_others():
    client = HttpClient(user_agent="test/1", timeout=WAITING, concurrency=12)
    silent = {f"/silent-{n}": SILENCE for n in range(12)}
    async with LoopbackServer(paths(silent, otherwise=Reply(body=b"ok"))) as server:
        names = [*silent, *(f"/healthy-{n}" for n in range(88))]
        asked = (client.get(server.url + name[1:], accept="*/*") for name in names)
        answers = await asyncio.gather(*asked)
        await client.aclose()
    assert {answer.trouble for answer in answers[:12]} == {Trouble.TIMEOUT}
    assert all(isinstance(answer, Response) for answer in answers[12:])


async def test_silent_names_that_hold_every_worker_do_not_silence_those_behind_them(clock: Clock):
    at_once = replace(clock.timing(), jitter=lambda: 0.0)  # no pause eats another's patience
    client = HttpClient(user_agent="test/1", timeout=WAITING, timing=at_once)
    silent = [f"/silent-{n}" for n in range(12)]
    names = [*silent, *(f"/healthy-{n}" for n in range(60))]
    queue, answers = iter(names), {}
    acts = paths(dict.fromkeys(silent, SILENCE), otherwise=Reply(body=b"ok"))
    async with LoopbackServer(acts) as server:

        async def work() -> None:
            for name in queue:
                answers[name] = await client.get(server.url + name[1:], accept="*/*")

        await asyncio.gather(*(work() for _ in silent))
        await client.aclose()
    assert {answers[name].trouble for name in silent} == {Trouble.TIMEOUT}
    assert all(isinstance(answers[name], Response) for name in names[12:])


async def test_names_that_were_silent_do_not_silence_the_others_for_ever(clock: Clock):
    """Sixteen of a scope whose upstream hangs stand before all others, as scopes do."""
    at_once = replace(clock.timing(), jitter=lambda: 0.0)
    client = HttpClient(user_agent="test/1", timeout=WAITING, timing=at_once)
    silent = [f"/silent-{n}" for n in range(16)]
    healthy = [f"/healthy-{n}" for n in range(10)]
    acts = paths(dict.fromkeys(silent, SILENCE), otherwise=Reply(body=b"ok"))
    async with LoopbackServer(acts) as server:
        for _ in range(2):
            queue, answers = iter([*silent, *healthy]), {}

            async def work() -> None:
                for name in queue:  # noqa: B023 - the round's own, which ends before the next
                    answers[name] = await client.get(server.url + name[1:], accept="*/*")  # noqa: B023

            await asyncio.gather(*(work() for _ in range(12)))
            clock.now += SHUT
        await client.aclose()
    assert {answers[name].trouble for name in silent} == {Trouble.TIMEOUT}
    assert all(isinstance(answers[name], Response) for name in healthy)


async def test_a_server_with_errors_of_its_own_is_not_asked_thrice_for_everything(
    client: HttpClient,
):
    async with LoopbackServer(paths({}, otherwise=Reply(status=502))) as server:
        for at in range(ERRORS + 10):
            answer = await client.get(f"{server.url}{at}", accept="*/*")
            assert answer.trouble is Trouble.SERVER_ERROR
        assert len(server.requests) == 3 * ERRORS + 10


async def test_packages_that_hang_up_do_not_silence_those_behind_them():
    async def handle(request: Request) -> Act:
        return HANG_UP if 20 <= int(request.path[1:]) < 60 else Reply(body=b"ok")

    client = HttpClient(user_agent="test/1", timing=replace(REAL, jitter=lambda: 0.0))
    async with LoopbackServer(handle) as server:
        names = iter(range(100))
        answered: list[int] = []

        async def ask() -> None:
            for at in names:
                answer = await client.get(f"{server.url}{at}", accept="*/*")
                answered.extend([at] if isinstance(answer, Response) else [])

        await asyncio.gather(*(ask() for _ in range(12)))
        await client.aclose()
    assert sorted(answered) == [*range(20), *range(60, 100)]

"""Who is left alone for a while: rate limits, and registries that are down."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import formatdate

import pytest

from registry_lsp.core.packages import Trouble, Unavailable
from registry_lsp.core.ports import Response
from registry_lsp.net.gates import FAILURES, LONGEST_HOLD, PROBES, REFUSALS, SHUT, Gates
from registry_lsp.net.http import HttpClient
from registry_lsp.net.patience import Patience
from support.loopback import HANG_UP, SILENCE, Act, LoopbackServer, Reply, Request, paths
from support.waiting import Clock

HERE = ("https", "registry.example", None)
THERE = ("https", "registry.example", 8443)
PAGE = "https://registry.example/package"
PAGES = [f"https://registry.example/{at}" for at in range(REFUSALS)]
DOWN = Unavailable(trouble=Trouble.UNREACHABLE, host="registry.example")
SILENT = Unavailable(trouble=Trouble.TIMEOUT, host="registry.example")
BUSY = Unavailable(trouble=Trouble.RATE_LIMITED, host="registry.example", status=429)


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


async def test_a_dead_registry_is_asked_five_times_and_probed_after_a_while(
    client: HttpClient, clock: Clock
):
    replies: dict[str, Act] = {}
    host_up = Reply(body=b"up")

    async def handle(request: Request) -> Act:
        return replies.get(request.path, HANG_UP)

    async with LoopbackServer(handle) as server:
        asked = [client.get(server.url, accept="*/*") for _ in range(30)]
        answers = await asyncio.gather(*asked)
        assert {answer.trouble for answer in answers} == {Trouble.UNREACHABLE}
        first = len(server.requests)
        assert FAILURES <= first < FAILURES + 16  # with those in flight when the fifth failed

        clock.now += SHUT
        answers = await asyncio.gather(*(client.get(server.url, accept="*/*") for _ in range(30)))
        assert {answer.trouble for answer in answers} == {Trouble.UNREACHABLE}
        assert len(server.requests) == first + 1

        clock.now += SHUT
        replies["/"] = host_up
        assert (await client.get(server.url, accept="*/*")).body == b"up"
        answers = await asyncio.gather(*(client.get(server.url, accept="*/*") for _ in range(30)))
        assert all(isinstance(answer, Response) for answer in answers)


async def test_a_probe_that_is_cancelled_leaves_room_for_another(client: HttpClient, clock: Clock):
    acts: list[Act] = [HANG_UP] * FAILURES + [SILENCE]
    arrived = asyncio.Event()

    async def handle(_: Request) -> Act:
        if acts == [SILENCE]:
            arrived.set()
        return acts.pop(0) if acts else Reply(body=b"up")

    async with LoopbackServer(handle) as server:
        while len(acts) > 1:
            await client.get(server.url, accept="*/*")
        clock.now += SHUT
        probe = asyncio.create_task(client.get(server.url, accept="*/*"))
        await arrived.wait()
        probe.cancel()
        await asyncio.wait({probe})
        assert (await client.get(server.url, accept="*/*")).body == b"up"


async def test_a_hundred_dependencies_do_not_wait_a_hundred_times():
    client = HttpClient(user_agent="test/1", timeout=0.2, concurrency=5)
    async with LoopbackServer(paths({}, otherwise=SILENCE)) as server:
        answers = await asyncio.gather(*(client.get(server.url, accept="*/*") for _ in range(100)))
        await client.aclose()
    assert {answer.trouble for answer in answers} == {Trouble.TIMEOUT}
    # with those let in before the fifth failed, and those that probe afterwards
    assert len(server.requests) < FAILURES + 5 + PROBES


async def test_a_few_silent_packages_do_not_silence_all_the_others():
    client = HttpClient(user_agent="test/1", timeout=0.3, concurrency=12)
    silent = {f"/silent-{n}": SILENCE for n in range(12)}
    async with LoopbackServer(paths(silent, otherwise=Reply(body=b"ok"))) as server:
        names = [*silent, *(f"/healthy-{n}" for n in range(88))]
        asked = (client.get(server.url + name[1:], accept="*/*") for name in names)
        answers = await asyncio.gather(*asked)
        await client.aclose()
    assert {answer.trouble for answer in answers[:12]} == {Trouble.TIMEOUT}
    assert all(isinstance(answer, Response) for answer in answers[12:])


# --- gates alone ----------------------------------------------------------------------------------


def gates_that_failed(clock: Clock, times: int = FAILURES) -> Gates:
    gates = Gates(lambda: clock.now)
    for _ in range(times):
        assert gates.admit(HERE, PAGE, 60.0) == 0.0
        gates.failed(HERE, PAGE, DOWN)
    return gates


def test_a_gate_shuts_with_the_fifth_failure_in_a_row(clock: Clock):
    gates = gates_that_failed(clock, FAILURES - 1)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    gates.failed(HERE, PAGE, DOWN)
    assert gates.admit(HERE, PAGE, 60.0) == DOWN
    assert gates.admit(THERE, PAGE, 60.0) == 0.0


def test_an_answer_between_begins_the_count_anew(clock: Clock):
    gates = gates_that_failed(clock, FAILURES - 1)
    gates.answered(HERE)
    gates.failed(HERE, PAGE, DOWN)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def test_one_probe_at_a_time(clock: Clock):
    gates = gates_that_failed(clock)
    clock.now += SHUT
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    assert gates.admit(HERE, PAGE, 60.0) == DOWN
    gates.failed(HERE, PAGE, DOWN)
    assert gates.admit(HERE, PAGE, 60.0) == DOWN
    clock.now += SHUT
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    gates.answered(HERE)
    assert gates.admit(HERE, PAGE, 60.0) == gates.admit(HERE, PAGE, 60.0) == 0.0


def test_a_probe_that_was_given_up_leaves_room_for_another(clock: Clock):
    gates = gates_that_failed(clock)
    clock.now += SHUT
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    gates.released(HERE, PAGE)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def gates_that_refused(clock: Clock, *pages: str) -> Gates:
    gates = Gates(lambda: clock.now)
    for page in pages:
        gates.refused(HERE, page, BUSY, 60.0)
    return gates


def test_a_refusal_holds_its_own_address(clock: Clock):
    gates = gates_that_refused(clock, *PAGES[:-1])
    assert gates.admit(HERE, PAGES[0], 60.0) == replace(BUSY, retry_after=60.0)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def test_the_third_in_a_row_holds_them_all(clock: Clock):
    gates = gates_that_refused(clock, *PAGES)
    assert gates.admit(HERE, PAGE, 60.0) == replace(BUSY, retry_after=60.0)
    assert gates.admit(THERE, PAGE, 60.0) == 0.0


def test_one_address_is_not_three(clock: Clock):
    gates = gates_that_refused(clock, *[PAGES[0]] * 9)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def test_an_answer_between_refusals_begins_their_count_anew(clock: Clock):
    gates = gates_that_refused(clock, *PAGES[:-1])
    gates.answered(HERE)
    gates.refused(HERE, PAGES[-1], BUSY, 60.0)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def test_a_time_out_between_refusals_is_no_answer(clock: Clock):
    gates = gates_that_refused(clock, *PAGES[:-1])
    gates.failed(HERE, PAGE, DOWN)
    gates.refused(HERE, PAGES[-1], BUSY, 60.0)
    assert isinstance(gates.admit(HERE, PAGE, 60.0), Unavailable)


def test_after_a_hold_one_refusal_more_is_enough(clock: Clock):
    gates = gates_that_refused(clock, *PAGES)
    clock.now += 60
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    gates.refused(HERE, PAGE, BUSY, 60.0)
    assert isinstance(gates.admit(HERE, "/other", 60.0), Unavailable)


def test_a_refusal_is_an_answer_to_who_thought_that_nobody_was_there(clock: Clock):
    gates = gates_that_failed(clock, FAILURES - 1)
    gates.refused(HERE, PAGES[0], BUSY, 60.0)
    gates.failed(HERE, PAGE, DOWN)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def test_a_hold_outlives_an_answer_that_was_under_way(clock: Clock):
    gates = Gates(lambda: clock.now)
    for page in PAGES:
        gates.refused(HERE, page, BUSY, 60.0)
    gates.answered(HERE)
    assert isinstance(gates.admit(HERE, PAGE, 60.0), Unavailable)


def test_the_longer_hold_stands_within_reason(clock: Clock):
    gates = Gates(lambda: clock.now)
    gates.refused(HERE, PAGE, BUSY, 1e9)
    gates.refused(HERE, PAGE, BUSY, 10.0)
    assert gates.admit(HERE, PAGE, 60.0).retry_after == LONGEST_HOLD


def test_the_end_of_a_hold_is_waited_for(clock: Clock):
    gates = Gates(lambda: clock.now)
    gates.refused(HERE, PAGE, BUSY, 60.0)
    clock.now += 56
    assert gates.admit(HERE, PAGE, 60.0) == pytest.approx(4.0)
    assert isinstance(gates.admit(HERE, PAGE, 3.0), Unavailable)
    clock.now += 4
    assert gates.admit(HERE, PAGE, 3.0) == 0.0


# --- gates that time-outs have shut -------------------------------------------------------------


def silenced_gates(clock: Clock) -> tuple[Gates, asyncio.Event]:
    """Gates whose probes are under way, and the event that everybody else waits for."""
    gates = Gates(lambda: clock.now)
    for _ in range(FAILURES):
        gates.failed(HERE, PAGE, SILENT)
    for at in range(PROBES):
        assert gates.admit(HERE, f"probe {at}", 60.0) == 0.0
    news = gates.admit(HERE, PAGE, 60.0)
    assert isinstance(news, asyncio.Event)
    assert not news.is_set()
    return gates, news


def test_one_answer_to_a_probe_opens_the_gate_for_all(clock: Clock):
    gates, news = silenced_gates(clock)
    gates.failed(HERE, "probe 0", SILENT)
    gates.answered(HERE)
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == gates.admit(HERE, PAGE, 60.0) == 0.0


def test_a_refusal_of_a_probe_is_an_answer_too(clock: Clock):
    gates, news = silenced_gates(clock)
    gates.refused(HERE, "probe 0", BUSY, 60.0)
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def test_probes_without_an_answer_shut_the_gate(clock: Clock):
    gates, news = silenced_gates(clock)
    for at in range(PROBES):
        assert not news.is_set()
        assert gates.admit(HERE, PAGE, 60.0) is news
        gates.failed(HERE, f"probe {at}", SILENT)
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == SILENT
    clock.now += SHUT
    for at in range(PROBES):
        assert gates.admit(HERE, f"probe {at}", 60.0) == 0.0
    assert isinstance(gates.admit(HERE, PAGE, 60.0), asyncio.Event)


def test_late_failures_of_those_let_in_before_are_no_probes(clock: Clock):
    gates, news = silenced_gates(clock)
    for _ in range(12):
        gates.failed(HERE, PAGE, SILENT)
    assert not news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) is news


def test_a_place_that_a_probe_gives_up_is_anothers(clock: Clock):
    gates, news = silenced_gates(clock)
    gates.released(HERE, PAGE)
    assert not news.is_set()
    gates.released(HERE, "probe 1")
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    assert isinstance(gates.admit(HERE, PAGE, 60.0), asyncio.Event)


# --- patience alone -------------------------------------------------------------------------------


def response(status: int) -> Response:
    return Response(status=status, url="https://registry.example/", headers={}, body=b"")


def test_pauses_double_up_to_a_bound():
    patience = Patience(seconds=1000.0, retries=6)
    assert [patience.pause(response(500), 1.0) for _ in range(6)] == [0.5, 1, 2, 4, 4, 4]
    assert patience.pause(response(500), 1.0) == response(500)


def test_chance_takes_a_part_of_a_pause():
    assert Patience(seconds=9.0, retries=1).pause(response(500), 0.25) == 0.125


def test_a_pause_beyond_what_is_left_is_not_made():
    assert Patience(seconds=0.5, retries=1).pause(response(500), 1.0) == response(500)


@pytest.mark.parametrize("trouble", [t for t in Trouble if t is not Trouble.UNREACHABLE])
def test_other_troubles_are_the_last_word(trouble: Trouble):
    patience = Patience(seconds=9.0, retries=2)
    answer = Unavailable(trouble=trouble, host="registry.example")
    if trouble is Trouble.TIMEOUT:
        assert isinstance(patience.pause(answer, 1.0), float)
    assert patience.pause(answer, 1.0) == answer


@pytest.mark.parametrize("status", [200, 304, 400, 401, 403, 404, 501])
def test_answers_are_the_last_word(status: int):
    assert Patience(seconds=9.0, retries=2).pause(response(status), 1.0) == response(status)

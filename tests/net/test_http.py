"""The client against a real server: answers, retries, redirects and manners."""

import asyncio
import gzip
import logging
import socket
from collections.abc import AsyncIterator, Callable

import pytest

from registry_lsp.core.packages import Secret, Trouble, Unavailable
from registry_lsp.core.ports.http import Http, Response, Validators
from registry_lsp.net.http import HttpClient
from support.loopback import (
    HANG_UP,
    SILENCE,
    Act,
    Handler,
    LoopbackServer,
    Reply,
    Request,
    as_json,
    paths,
)
from support.waiting import Clock

JSON = "application/json"
TOKEN = Secret("Bearer s3cret")

Make = Callable[..., HttpClient]


@pytest.fixture
async def make(clock: Clock) -> AsyncIterator[Make]:
    clients: list[HttpClient] = []

    def build(**settings: object) -> HttpClient:
        given = {"user_agent": "test/1", "timeout": 5.0, "timing": clock.timing(), **settings}
        clients.append(HttpClient(**given))
        return clients[-1]

    yield build
    for client in clients:
        await client.aclose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def in_turn(*acts: Act) -> Handler:
    """Each act once, the last for ever."""
    left = list(acts)

    async def handle(_: Request) -> Act:
        return left.pop(0) if len(left) > 1 else left[0]

    return handle


def closed_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


async def test_an_answer_comes_back_whole(make: Make):
    reply = as_json(
        {"name": "plain"}, headers={"ETag": '"1"', "Content-Type": "Application/JSON; x"}
    )
    async with LoopbackServer(paths({"/plain?q=1": reply})) as server:
        client: Http = make()
        answer = await client.get(server.url + "plain?q=1#part", accept=JSON, authorization=TOKEN)
    assert isinstance(answer, Response)
    assert answer.status == 200
    assert answer.body == b'{"name": "plain"}'
    assert answer.url == server.url + "plain?q=1"
    assert answer.headers["etag"] == '"1"'
    assert answer.content_type == JSON
    (request,) = server.requests
    assert request.headers["accept"] == JSON
    assert request.headers["accept-encoding"] == "gzip"
    assert request.headers["user-agent"] == "test/1"
    assert request.headers["authorization"] == "Bearer s3cret"
    assert "cookie" not in request.headers


@pytest.mark.parametrize("status", [204, 300, 400, 401, 403, 404, 405, 410, 418, 451])
async def test_other_statuses_are_answers_too(make: Make, clock: Clock, status: int):
    body = b"" if status == 204 else b"why"
    async with LoopbackServer(paths({}, otherwise=Reply(status=status, body=body))) as server:
        answer = await make().get(server.url, accept=JSON)
    assert isinstance(answer, Response)
    assert (answer.status, answer.body) == (status, body)
    assert len(server.requests) == 1
    assert not clock.slept


async def test_connections_and_cookies(make: Make):
    reply = Reply(headers={"set-cookie": "id=1; Path=/"}, body=b"x")
    async with LoopbackServer(paths({}, otherwise=reply)) as server:
        client = make()
        for _ in range(3):
            await client.get(server.url, accept=JSON)
    assert server.connections == 1
    assert not any("cookie" in request.headers for request in server.requests)


async def test_asks_again_with_validators(make: Make):
    async def handle(request: Request) -> Act:
        same = request.headers.get("if-none-match") == '"1"'
        return Reply(status=304) if same else Reply(body=b"new", headers={"etag": '"1"'})

    async with LoopbackServer(handle) as server:
        client = make()
        assert (await client.get(server.url, accept=JSON)).status == 200
        known = Validators(etag='"1"', last_modified="Sun, 06 Nov 1994 08:49:37 GMT")
        assert (await client.get(server.url, accept=JSON, validators=known)).status == 304
    assert server.requests[1].headers["if-modified-since"] == known.last_modified


async def test_a_304_that_nobody_asked_for_is_garbage(make: Make):
    async with LoopbackServer(paths({}, otherwise=Reply(status=304))) as server:
        answer = await make().get(server.url, accept=JSON)
    host = f"127.0.0.1:{server.port}"
    assert answer == Unavailable(trouble=Trouble.GARBAGE, host=host, status=304)


async def test_unpacks_gzip(make: Make):
    packed = Reply(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"hello" * 1000))
    async with LoopbackServer(paths({}, otherwise=packed)) as server:
        answer = await make().get(server.url, accept=JSON)
    assert answer.body == b"hello" * 1000


# --- retries --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_tries_again_what_may_pass(make: Make, clock: Clock, status: int):
    async with LoopbackServer(in_turn(Reply(status=status), Reply(body=b"well"))) as server:
        answer = await make().get(server.url, accept=JSON)
    assert answer.body == b"well"
    assert clock.slept == [0.5]


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(500, Trouble.SERVER_ERROR), (503, Trouble.SERVER_ERROR), (429, Trouble.RATE_LIMITED)],
)
async def test_gives_up_after_the_third_attempt(
    make: Make, clock: Clock, status: int, trouble: Trouble
):
    async with LoopbackServer(paths({}, otherwise=Reply(status=status))) as server:
        answer = await make().get(server.url, accept=JSON)
    assert answer == Unavailable(trouble=trouble, host=f"127.0.0.1:{server.port}", status=status)
    assert len(server.requests) == 3
    assert clock.slept == [0.5, 1.0]


@pytest.mark.parametrize("status", [501, 505, 520, 599])
async def test_other_server_errors_are_not_asked_again(make: Make, status: int):
    async with LoopbackServer(paths({}, otherwise=Reply(status=status))) as server:
        answer = await make().get(server.url, accept=JSON)
    assert answer.trouble is Trouble.SERVER_ERROR
    assert len(server.requests) == 1


async def test_a_408_that_stays_is_an_answer(make: Make):
    async with LoopbackServer(paths({}, otherwise=Reply(status=408))) as server:
        answer = await make().get(server.url, accept=JSON)
    assert answer.status == 408
    assert isinstance(answer, Response)


async def test_a_lost_connection_is_tried_again(make: Make):
    async with LoopbackServer(in_turn(HANG_UP, Reply(body=b"well"))) as server:
        answer = await make().get(server.url, accept=JSON)
    assert answer.body == b"well"


async def test_nobody_listens(make: Make, clock: Clock):
    port = closed_port()
    answer = await make().get(f"http://127.0.0.1:{port}/", accept=JSON)
    assert answer == Unavailable(trouble=Trouble.UNREACHABLE, host=f"127.0.0.1:{port}")
    assert len(clock.slept) == 2


async def test_a_silent_server_is_asked_once(make: Make):
    async with LoopbackServer(paths({}, otherwise=SILENCE)) as server:
        answer = await make(timeout=0.1, retries=5).get(server.url, accept=JSON)
    assert answer == Unavailable(trouble=Trouble.TIMEOUT, host=f"127.0.0.1:{server.port}")
    assert len(server.requests) == 1


async def test_no_retries_are_none(make: Make):
    async with LoopbackServer(in_turn(Reply(status=503), Reply())) as server:
        answer = await make(retries=0).get(server.url, accept=JSON)
    assert answer.trouble is Trouble.SERVER_ERROR


# --- redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_follows_at_home_with_the_authorization(make: Make, status: int):
    replies = {
        "/a/B": Reply(status=status, headers={"location": "../b/?x=1"}),
        "/b/?x=1": Reply(body=b"here"),
    }
    async with LoopbackServer(paths(replies)) as server:
        answer = await make().get(
            server.url + "a/B", accept=JSON, authorization=TOKEN, within=server.url
        )
    assert answer.body == b"here"
    assert answer.url == server.url + "b/?x=1"
    assert [each.headers["authorization"] for each in server.requests] == [TOKEN.value] * 2


async def test_another_path_of_the_same_server_is_asked_without_the_authorization(make: Make):
    replies = {
        "/team-a/npm/left": Reply(status=302, headers={"location": "/team-b/collect"}),
        "/team-b/collect": Reply(body=b"b"),
    }
    async with LoopbackServer(paths(replies)) as server:
        home = server.url + "team-a/npm/"
        answer = await make().get(home + "left", accept=JSON, authorization=TOKEN, within=home)
    assert answer.body == b"b"
    sent = [each.headers.get("authorization") for each in server.requests]
    assert sent == [TOKEN.value, None]


async def test_the_authorization_stays_at_its_origin_and_never_comes_back(make: Make):
    homes: dict[str, Act] = {"/end": Reply(body=b"end")}
    async with LoopbackServer(paths(homes)) as home:
        strangers = {"/x": Reply(status=302, headers={"location": home.url + "end"})}
        async with LoopbackServer(paths(strangers)) as stranger:
            homes["/start"] = Reply(status=302, headers={"location": stranger.url + "x"})
            answer = await make().get(
                home.url + "start", accept=JSON, authorization=TOKEN, within=home.url
            )
    assert answer.body == b"end"
    sent = [each.headers.get("authorization") for each in (*home.requests, *stranger.requests)]
    assert sent == [TOKEN.value, None, None]


async def test_user_information_is_never_sent(make: Make):
    target = "http://eve:pw@127.0.0.1:{}/b"
    replies: dict[str, Act] = {"/b": Reply(body=b"b")}
    async with LoopbackServer(paths(replies)) as server:
        replies["/a"] = Reply(status=302, headers={"location": target.format(server.port)})
        answer = await make().get(f"http://me:pw@127.0.0.1:{server.port}/a", accept=JSON)
    assert answer.url == server.url + "b"
    assert not any("authorization" in each.headers for each in server.requests)


async def test_a_circle_is_seen(make: Make):
    replies = {
        "/a": Reply(status=302, headers={"location": "/b"}),
        "/b": Reply(status=302, headers={"location": "/a#again"}),
    }
    async with LoopbackServer(paths(replies)) as server:
        answer = await make().get(server.url + "a", accept=JSON)
    assert answer.trouble is Trouble.REDIRECTS
    assert len(server.requests) == 2


@pytest.mark.parametrize(("hops", "arrives"), [(5, True), (6, False)])
async def test_five_redirects_are_enough(make: Make, hops: int, *, arrives: bool):
    async def handle(request: Request) -> Act:
        place = int(request.path[1:])
        if place == hops:
            return Reply(body=b"end")
        return Reply(status=301, headers={"location": f"/{place + 1}"})

    async with LoopbackServer(handle) as server:
        answer = await make().get(server.url + "0", accept=JSON)
    if arrives:
        assert answer.body == b"end"
    else:
        assert answer.trouble is Trouble.REDIRECTS


@pytest.mark.parametrize("location", ["ftp://127.0.0.1/", "file:///etc/passwd", "https:"])
async def test_a_redirect_to_what_is_no_web_address_is_refused(make: Make, location: str):
    reply = Reply(status=302, headers={"location": location})
    async with LoopbackServer(paths({}, otherwise=reply)) as server:
        answer = await make().get(server.url, accept=JSON)
    assert answer.trouble is Trouble.REFUSED
    assert len(server.requests) == 1


async def test_a_redirect_to_nowhere_is_an_answer(make: Make):
    async with LoopbackServer(paths({}, otherwise=Reply(status=302))) as server:
        assert (await make().get(server.url, accept=JSON)).status == 302


# --- manners --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "plain",
        "ftp://registry.example/",
        "http://",
        "http://\ud800/",
        "http://x\n/",
        "http://[::",
    ],
)
async def test_what_is_no_address_is_refused(make: Make, url: str):
    answer = await make().get(url, accept=JSON)
    assert isinstance(answer, Unavailable)
    assert answer.trouble is Trouble.MALFORMED


async def test_an_impossible_port_is_unreachable(make: Make):
    answer = await make().get("http://127.0.0.1:99999/", accept=JSON)
    assert answer.trouble is Trouble.UNREACHABLE


@pytest.mark.parametrize("value", ["Bearer a\r\nX-Evil: b", "Bearer \u00e9", "Bearer \ud800"])
async def test_a_credential_that_is_no_header_is_not_sent(make: Make, value: str):
    async with LoopbackServer(paths({})) as server:
        answer = await make().get(server.url, accept=JSON, authorization=Secret(value))
    assert answer == Unavailable(trouble=Trouble.MALFORMED, host=f"127.0.0.1:{server.port}")
    assert not server.requests


async def test_offline_touches_nothing(make: Make):
    async with LoopbackServer(paths({})) as server:
        answer = await make(offline=True).get(server.url, accept=JSON)
    assert answer == Unavailable(trouble=Trouble.OFFLINE, host=f"127.0.0.1:{server.port}")
    assert server.connections == 0


async def test_the_log_has_no_secrets(make: Make, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    reply = Reply(status=302, headers={"location": "http://eve:pw@127.0.0.1:1/?also=hidden"})
    async with LoopbackServer(paths({"/a%0Ab?key=hidden": reply})) as server:
        url = f"http://me:pw@127.0.0.1:{server.port}/a%0Ab?key=hidden"
        answer = await make().get(url, accept=JSON, authorization=TOKEN)
    lines = [r.getMessage() for r in caplog.records if r.name != "asyncio"]
    assert lines[0] == f"GET 127.0.0.1:{server.port}/a%0Ab 302 0 ms"
    told = "\n".join([*lines, repr(answer)])
    assert all(secret not in told for secret in ("pw", "eve", "me:", "hidden", "s3cret"))


async def test_no_more_than_so_many_at_once(make: Make):
    async with LoopbackServer(paths({}, otherwise=Reply(body=b"x")), latency=0.02) as server:
        client = make(concurrency=4)
        await asyncio.gather(*(client.get(f"{server.url}{n}", accept=JSON) for n in range(20)))
    assert server.peak == 4
    assert len(server.requests) == 20


async def test_a_cancelled_question_frees_its_slot(make: Make):
    arrived = asyncio.Event()

    async def handle(request: Request) -> Act:
        arrived.set()
        return SILENCE if request.path == "/stuck" else Reply(body=b"free")

    async with LoopbackServer(handle) as server:
        client = make(concurrency=1, timeout=600.0)
        stuck = asyncio.create_task(client.get(server.url + "stuck", accept=JSON))
        await arrived.wait()
        stuck.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stuck
        free = await asyncio.wait_for(client.get(server.url + "next", accept=JSON), 30)
        assert free.body == b"free"


async def test_waiting_to_try_again_holds_no_slot(clock: Clock):
    paused, go_on = asyncio.Event(), asyncio.Event()

    async def sleep(_: float) -> None:
        paused.set()
        await go_on.wait()

    async def handle(request: Request) -> Act:
        return Reply(body=b"ok") if go_on.is_set() or request.path == "/b" else Reply(status=500)

    timing = type(clock.timing())(sleep=sleep)
    client = HttpClient(user_agent="test/1", concurrency=1, timing=timing)
    async with LoopbackServer(handle) as server:
        first = asyncio.create_task(client.get(server.url + "a", accept=JSON))
        await paused.wait()
        assert (await client.get(server.url + "b", accept=JSON)).body == b"ok"
        go_on.set()
        assert (await first).body == b"ok"
    await client.aclose()


async def test_closing_ends_everything(make: Make):
    arrived = asyncio.Event()

    async def handle(_: Request) -> Act:
        arrived.set()
        return SILENCE

    async with LoopbackServer(handle) as server:
        client = make(concurrency=1)
        asked = [asyncio.create_task(client.get(server.url, accept=JSON)) for _ in range(3)]
        await arrived.wait()
        await client.aclose()
        await asyncio.wait(asked)
        assert all(task.cancelled() for task in asked)
        with pytest.raises(RuntimeError):
            await client.get(server.url, accept=JSON)
        await client.aclose()
    assert len(server.requests) == 1


# --- the environment ------------------------------------------------------------------------------


async def test_goes_by_way_of_the_environments_proxy(make: Make, monkeypatch: pytest.MonkeyPatch):
    async with LoopbackServer(
        paths({"http://registry.example/x": Reply(body=b"by proxy")})
    ) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        answer = await make().get("http://registry.example/x", accept=JSON)
    assert answer.body == b"by proxy"


@pytest.mark.parametrize(
    ("name", "value", "trouble"),
    [
        ("HTTPS_PROXY", "gopher://me:hidden@proxy.example", Trouble.UNREACHABLE),
        ("ALL_PROXY", "http://me:hidden@proxy.example:port", Trouble.UNREACHABLE),
        ("SSL_CERT_FILE", "/there/is/no/such/hidden/file", Trouble.INSECURE),
    ],
)
async def test_a_broken_environment_is_a_trouble_and_no_crash(
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    value: str,
    trouble: Trouble,
):
    monkeypatch.setenv(name, value)
    client = make()
    for _ in range(2):
        answer = await client.get("http://127.0.0.1:1/", accept=JSON)
        assert answer == Unavailable(trouble=trouble, host="127.0.0.1:1")
    (line,) = [record.getMessage() for record in caplog.records]
    assert name in line
    assert "hidden" not in line

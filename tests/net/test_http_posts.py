"""Questions that are asked by POST: as bounded and as patient as all others."""

from collections.abc import AsyncIterator

import pytest

from registry_lsp.core.packages import Secret, Trouble, Unavailable
from registry_lsp.core.ports.http import Http, Response
from registry_lsp.net.http import HttpClient
from support.loopback import HANG_UP, Act, LoopbackServer, Reply, Request, as_json, paths
from support.waiting import Clock

JSON = "application/json"
TOKEN = Secret("Bearer s3cret")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client(clock: Clock) -> AsyncIterator[HttpClient]:
    client = HttpClient(user_agent="test/1", timeout=5.0, timing=clock.timing())
    yield client
    await client.aclose()


async def post(client: Http, url: str, *, within: str | None = None) -> Response | Unavailable:
    return await client.post(
        url, body=b'{"a":1}', accept=JSON, content_type=JSON, authorization=TOKEN, within=within
    )


async def test_what_is_sent(client: HttpClient):
    async with LoopbackServer(paths({"/q": as_json([])})) as server:
        answer = await post(client, server.url + "q")
    assert answer.body == b"[]"
    (sent,) = server.requests
    assert (sent.method, sent.body) == ("POST", b'{"a":1}')
    assert sent.headers["content-type"] == JSON
    assert sent.headers["authorization"] == TOKEN.value


async def test_is_asked_again_with_its_body(client: HttpClient, clock: Clock):
    acts: list[Act] = [HANG_UP, Reply(status=503), Reply(body=b"well")]

    async def handle(_: Request) -> Act:
        return acts.pop(0)

    async with LoopbackServer(handle) as server:
        answer = await post(client, server.url)
    assert answer.body == b"well"
    assert [sent.body for sent in server.requests] == [b'{"a":1}'] * 3
    assert len(clock.slept) == 2


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_that_keeps_the_question_is_followed(client: HttpClient, status: int):
    async with LoopbackServer(paths({"/": as_json([])})) as stranger:
        away = Reply(status=status, headers={"location": stranger.url})
        async with LoopbackServer(paths({}, otherwise=away)) as home:
            answer = await post(client, home.url, within=home.url)
    assert answer.status == 200
    (sent,) = stranger.requests
    assert (sent.method, sent.body) == ("POST", b'{"a":1}')
    assert "authorization" not in sent.headers


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_redirect_that_changes_the_question_is_refused(client: HttpClient, status: int):
    replies = {"/q": Reply(status=status, headers={"location": "/elsewhere"})}
    async with LoopbackServer(paths(replies)) as server:
        answer = await post(client, server.url + "q")
    host = f"127.0.0.1:{server.port}"
    assert answer == Unavailable(trouble=Trouble.REFUSED, host=host, status=status)
    assert len(server.requests) == 1


async def test_a_server_that_gives_up_is_no_answer(client: HttpClient):
    async with LoopbackServer(paths({}, otherwise=Reply(status=500))) as server:
        assert (await post(client, server.url)).trouble is Trouble.SERVER_ERROR
    async with LoopbackServer(paths({}, otherwise=Reply(status=404))) as server:
        assert (await post(client, server.url)).status == 404


async def test_nothing_is_sent_offline():
    client = HttpClient(user_agent="test/1", offline=True)
    assert (await post(client, "https://registry.example/")).trouble is Trouble.OFFLINE
    await client.aclose()


async def test_what_is_no_address_or_no_header_is_sent_to_nobody(client: HttpClient):
    assert (await post(client, "ftp://registry.example/")).trouble is Trouble.MALFORMED
    answer = await client.post(
        "https://registry.example/", body=b"", accept=JSON, content_type="a\nb"
    )
    assert answer.trouble is Trouble.MALFORMED

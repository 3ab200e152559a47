"""The client over TLS: HTTP/2, certificates, and what is never sent in the clear."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme

from registry_lsp.core.packages import Secret, Trouble, Unavailable
from registry_lsp.core.ports.http import Validators
from registry_lsp.net.http import HttpClient
from support.http2 import Http2Server
from support.loopback import SILENCE, Act, LoopbackServer, Reply, Request, as_json, paths
from support.waiting import Clock


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """What a server on 127.0.0.1 has."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
async def client(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[HttpClient]:
    """A client that the environment tells to trust the authority."""
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    client = HttpClient(user_agent="test/1", timeout=5.0, timing=Clock().timing())
    yield client
    await client.aclose()


async def test_many_questions_share_one_connection_of_http2(
    client: HttpClient, tls: ssl.SSLContext
):
    async def handle(request: Request) -> Act:
        return Reply(headers={"etag": '"1"'}, body=request.path.encode() * 5000)

    async with Http2Server(handle, tls=tls) as server:
        asked = [client.get(f"{server.url}{at:02}", accept="*/*") for at in range(40)]
        answers = await asyncio.gather(*asked)
    assert [answer.body for answer in answers] == [b"/%02d" % at * 5000 for at in range(40)]
    assert server.connections == 1


async def test_http2_carries_what_is_needed_and_logs_none_of_it(
    client: HttpClient, tls: ssl.SSLContext, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    known = Validators(etag='"1"')
    async with Http2Server(paths({"/a": Reply(status=304)}), tls=tls) as server:
        answer = await client.get(
            server.url + "a", accept="x/y", authorization=Secret("Bearer s3cret"), validators=known
        )
    assert answer.status == 304
    sent = server.requests[0].headers
    assert (sent["authorization"], sent["if-none-match"], sent["accept"]) == (
        "Bearer s3cret",
        '"1"',
        "x/y",
    )
    assert not any("s3cret" in record.getMessage() for record in caplog.records)
    assert any("304" in record.getMessage() for record in caplog.records)


async def test_a_stream_that_is_reset_is_tried_again(client: HttpClient, tls: ssl.SSLContext):
    acts: list[Act] = [SILENCE, Reply(body=b"well")]

    async def handle(_: Request) -> Act:
        return acts.pop(0)

    async with Http2Server(handle, tls=tls) as server:
        assert (await client.get(server.url, accept="*/*")).body == b"well"


async def test_a_cancelled_question_leaves_the_connection_to_the_others(
    client: HttpClient, tls: ssl.SSLContext
):
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def handle(request: Request) -> Act:
        if request.path == "/slow":
            arrived.set()
            await go_on.wait()
        return Reply(body=b"ok")

    async with Http2Server(handle, tls=tls) as server:
        assert (await client.get(server.url, accept="*/*")).body == b"ok"
        slow = asyncio.create_task(client.get(server.url + "slow", accept="*/*"))
        await arrived.wait()
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        go_on.set()
        assert (await client.get(server.url + "next", accept="*/*")).body == b"ok"


async def test_a_server_without_http2_is_asked_the_old_way(client: HttpClient, tls: ssl.SSLContext):
    async with LoopbackServer(paths({"/": as_json([])}), tls=tls) as server:
        answers = await asyncio.gather(*(client.get(server.url, accept="*/*") for _ in range(20)))
    assert {answer.body for answer in answers} == {b"[]"}


async def test_a_certificate_of_nobody_known_is_refused_once(tls: ssl.SSLContext):
    clock = Clock()
    client = HttpClient(user_agent="test/1", timing=clock.timing())
    async with LoopbackServer(paths({}), tls=tls) as server:
        answer = await client.get(server.url, accept="*/*")
    await client.aclose()
    assert answer == Unavailable(trouble=Trouble.INSECURE, host=f"127.0.0.1:{server.port}")
    assert not clock.slept
    assert not server.requests


async def test_a_certificate_for_another_name_is_refused(client: HttpClient, authority: trustme.CA):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("registry.example").configure_cert(context)
    async with LoopbackServer(paths({}), tls=context) as server:
        answer = await client.get(server.url, accept="*/*")
    assert answer.trouble is Trouble.INSECURE


async def test_a_server_that_speaks_no_tls_is_insecure(client: HttpClient):
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        answer = await client.get(f"https://127.0.0.1:{port}/", accept="*/*")
    assert answer.trouble is Trouble.INSECURE


async def test_a_connection_lost_in_the_handshake_is_tried_again(client: HttpClient):
    greeted = 0

    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal greeted
        greeted += 1
        await reader.read(65_536)
        writer.close()

    async with await asyncio.start_server(leave, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        answer = await client.get(f"https://127.0.0.1:{port}/", accept="*/*")
    assert answer.trouble is Trouble.UNREACHABLE
    assert greeted == 3


async def test_what_is_asked_over_tls_is_never_asked_in_the_clear(
    client: HttpClient, tls: ssl.SSLContext
):
    async with LoopbackServer(paths({"/": Reply(body=b"in the clear")})) as plain:
        away = Reply(status=302, headers={"location": plain.url})
        async with LoopbackServer(paths({}, otherwise=away), tls=tls) as secure:
            answer = await client.get(secure.url, accept="*/*")
        assert answer == Unavailable(
            trouble=Trouble.REFUSED, host=f"127.0.0.1:{secure.port}", status=302
        )
        assert not plain.requests


async def test_the_way_up_to_tls_is_followed_without_the_authorization(
    client: HttpClient, tls: ssl.SSLContext
):
    async with LoopbackServer(paths({"/": Reply(body=b"safe")}), tls=tls) as secure:
        away = Reply(status=301, headers={"location": secure.url})
        async with LoopbackServer(paths({}, otherwise=away)) as plain:
            answer = await client.get(plain.url, accept="*/*", authorization=Secret("Bearer x"))
    assert answer.body == b"safe"
    assert "authorization" not in secure.requests[0].headers

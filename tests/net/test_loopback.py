"""The peer itself: what it counts, and that it ends."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import Iterable

import pytest

from support.loopback import (
    HANG_UP,
    SILENCE,
    Act,
    LoopbackServer,
    Reply,
    Request,
    as_json,
    cut_short,
    dribble,
    paths,
    serve_in_thread,
)

ASK = b"GET %b HTTP/1.1\r\nhost: peer\r\n\r\n"


async def test_keeps_a_connection_and_counts_its_requests():
    async with LoopbackServer(paths({"/a": as_json({"a": 1})})) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(ASK % b"/a")
        assert (await reader.readuntil(b'{"a": 1}')).startswith(b"HTTP/1.1 200")
        writer.write(ASK % b"/b")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 404")
        writer.close()
    assert [each.path for each in server.requests] == ["/a", "/b"]
    assert server.connections == 1
    assert server.peak == 1


@pytest.mark.parametrize("chunks", [[b"one", b"two"], (each for each in (b"one", b"two"))])
async def test_sends_iterators_in_chunks(chunks: Iterable[bytes]):
    async with LoopbackServer(paths({"/": Reply(body=chunks)})) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(ASK % b"/")
        answer = await reader.readuntil(b"0\r\n\r\n")
        writer.close()
    assert answer.partition(b"\r\n\r\n")[2] == b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"


@pytest.mark.parametrize("act", [HANG_UP, cut_short(b"abc", promised=10)])
async def test_closes_early(act: Act):
    async with LoopbackServer(paths({"/": act})) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(ASK % b"/")
        answer = b""
        try:
            answer = await reader.read()
        except ConnectionError:
            assert act is HANG_UP
        writer.close()
    assert answer.endswith(b"abc") or not answer


async def test_ends_while_it_is_silent_or_dribbling():
    forever = asyncio.Event()

    async def handle(request: Request) -> Act:
        return SILENCE if request.path == "/silent" else Reply(body=dribble(forever))

    async with LoopbackServer(handle) as server:
        writers = []
        for path in (b"/silent", b"/slow"):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(ASK % path)
            writers.append(writer)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        assert server.peak == 2
    for writer in writers:
        writer.close()


def test_serves_from_a_thread():
    with serve_in_thread(paths({"/x": Reply(body=b"hello")})) as server:
        with urllib.request.urlopen(server.url + "x") as answer:
            assert answer.read() == b"hello"
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(server.url + "y")
        caught.value.close()
        assert caught.value.code == 404
    assert [each.method for each in server.requests] == ["GET", "GET"]

"""The client against servers that send too much, too little, too slowly or nonsense."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.packages import Trouble
from registry_lsp.net.bodies import Body, BodyError
from registry_lsp.net.http import HttpClient
from support.loopback import (
    Act,
    LoopbackServer,
    Raw,
    Reply,
    Request,
    cut_short,
    dribble,
    paths,
)
from support.waiting import Clock

MIB = 2**20


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    client = HttpClient(
        user_agent="test/1", timeout=5.0, max_body=MIB, retries=1, timing=Clock().timing()
    )
    yield client
    await client.aclose()


def zeros(mebibytes: int) -> Iterator[bytes]:
    for _ in range(mebibytes):
        yield bytes(MIB)


async def test_the_rest_of_a_body_over_the_cap_is_not_read(client: HttpClient):
    sent = 0

    def hundred_megabytes() -> Iterator[bytes]:
        nonlocal sent
        for chunk in zeros(100):
            sent += len(chunk)
            yield chunk

    async with LoopbackServer(paths({"/": Reply(body=hundred_megabytes())})) as server:
        answer = await client.get(server.url, accept="*/*")
    assert answer.trouble is Trouble.TOO_LARGE
    assert sent < 50 * MIB
    assert len(server.requests) == 1


async def test_a_body_that_says_it_is_over_the_cap_is_not_begun(client: HttpClient):
    reply = Reply(headers={"content-length": str(MIB + 1)}, body=iter([b"x"]))
    async with LoopbackServer(paths({"/": reply})) as server:
        answer = await client.get(server.url, accept="*/*")
    assert answer.trouble is Trouble.TOO_LARGE


async def test_a_body_of_just_the_cap_is_taken(client: HttpClient):
    async with LoopbackServer(paths({"/": Reply(body=bytes(MIB))})) as server:
        answer = await client.get(server.url, accept="*/*")
    assert len(answer.body) == MIB


@pytest.mark.parametrize("size", [MIB, 5 * MIB])
async def test_many_large_bodies_at_once_wait_for_each_other_and_come_to_an_end(
    client: HttpClient, size: int
):
    async def handle(_: Request) -> Act:
        return Reply(body=(bytes(2**16) for _ in range(size // 2**16)))

    async with LoopbackServer(handle) as server:
        asked = (client.get(f"{server.url}{n}", accept="*/*") for n in range(12))
        answers = await asyncio.gather(*asked)
    if size == MIB:
        assert [len(answer.body) for answer in answers] == [MIB] * 12
    else:
        assert {answer.trouble for answer in answers} == {Trouble.TOO_LARGE}


async def test_a_bomb_does_not_go_off(client: HttpClient):
    bomb = gzip.compress(bytes(100 * MIB))
    reply = Reply(headers={"content-encoding": "gzip"}, body=bomb)
    async with LoopbackServer(paths({"/": reply})) as server:
        answer = await client.get(server.url, accept="*/*")
    assert len(bomb) < MIB
    assert answer.trouble is Trouble.TOO_LARGE


@pytest.mark.parametrize(
    ("coding", "body"),
    [("UTF-8", b"text"), ("br", b"\x00"), ("gzip, gzip", gzip.compress(gzip.compress(b"x")))],
    ids=["charset", "br", "twice"],
)
async def test_a_coding_that_nobody_asked_for_is_left_as_it_is(
    client: HttpClient, coding: str, body: bytes
):
    reply = Reply(headers={"content-encoding": coding}, body=body)
    async with LoopbackServer(paths({"/": reply})) as server:
        answer = await client.get(server.url, accept="*/*")
    assert answer.body == body


@pytest.mark.parametrize(
    "body",
    [b"not packed at all", gzip.compress(b"x" * 999)[:-9]],
    ids=["not packed", "cut short"],
)
async def test_what_does_not_decode_is_garbage(client: HttpClient, body: bytes):
    reply = Reply(headers={"content-encoding": "gzip"}, body=body)
    async with LoopbackServer(paths({"/": reply})) as server:
        answer = await client.get(server.url, accept="*/*")
    assert answer.trouble is Trouble.GARBAGE
    assert answer.host == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize(
    "act",
    [
        cut_short(b"abc", promised=10),
        Raw(b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\nabc"),
        Raw(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nabc"),
        Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc"),
        Raw(b"HTTP/1.1 200 OK\r\ncontent-length: " + b"9" * 5000 + b"\r\n\r\nabc"),
        Raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc"),
        Raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"),
        Raw(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 300_000 + b"\r\n\r\n"),
        Raw(b"HTTP/1.1 302 Found\r\nlocation: http://a:b:c/\r\ncontent-length: 0\r\n\r\n"),
        Raw(b"SSH-2.0-hello\r\n"),
        Raw(b"\x00" * 1000),
    ],
    ids=lambda act: repr(act.data[:60]),
)
async def test_a_broken_answer_is_as_good_as_none(client: HttpClient, act: Act):
    async with LoopbackServer(paths({"/": act})) as server:
        answer = await client.get(server.url, accept="*/*")
    assert answer.trouble is Trouble.UNREACHABLE
    assert len(server.requests) == 2


async def test_a_server_that_dribbles_does_not_hold_us_for_ever():
    over = asyncio.Event()

    async def handle(_: Request) -> Act:
        return Reply(body=dribble(over, every=0.01))

    client = HttpClient(user_agent="test/1", timeout=0.15, retries=1)
    async with LoopbackServer(handle) as server:
        answer = await asyncio.wait_for(client.get(server.url, accept="*/*"), 30)
        await client.aclose()
    assert answer.trouble is Trouble.TIMEOUT
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [302, 408, 429, 500])
async def test_a_body_that_nobody_wants_is_not_waited_for(status: int):
    over = asyncio.Event()

    async def handle(request: Request) -> Act:
        if request.path == "/x" or len(server.requests) > 1:
            return Reply(body=b"ok")
        return Reply(status=status, headers={"location": "/x"}, body=dribble(over))

    client = HttpClient(user_agent="test/1", timeout=600.0, timing=Clock().timing())
    async with LoopbackServer(handle) as server:
        answer = await asyncio.wait_for(client.get(server.url, accept="*/*"), 30)
        await client.aclose()
    assert answer.body == b"ok"


# --- the body alone -------------------------------------------------------------------------------


def unpack(data: bytes, *, size: int, limit: int, coding: str = "gzip") -> bytes:
    body = Body(encoding=coding, length="", limit=limit)
    for at in range(0, len(data), size):
        body.add(data[at : at + size])
    return body.complete()


@given(st.binary(max_size=400), st.integers(1, 30), st.sampled_from(["gzip", "X-GZip ", ""]))
def test_what_is_packed_comes_out_however_it_is_cut(data: bytes, size: int, coding: str):
    packed = gzip.compress(data) if coding else data
    assert unpack(packed, size=size, limit=len(data), coding=coding) == data
    if data:
        with pytest.raises(BodyError) as caught:
            unpack(packed, size=size, limit=len(data) - 1, coding=coding)
        assert caught.value.trouble is Trouble.TOO_LARGE


def test_a_bomb_takes_no_more_memory_than_the_cap():
    bomb = gzip.compress(bytes(64 * MIB))
    tracemalloc.start()
    try:
        with pytest.raises(BodyError):
            unpack(bomb, size=len(bomb), limit=MIB)
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=4), st.integers(1, 30))
def test_gzip_may_have_several_members(parts: list[bytes], size: int):
    packed = b"".join(gzip.compress(part) for part in parts)
    assert unpack(packed, size=size, limit=1000) == b"".join(parts)


def test_members_without_content_do_not_go_on_for_ever():
    with pytest.raises(BodyError) as caught:
        unpack(gzip.compress(b"") * 10_000, size=10_000, limit=1000)
    assert caught.value.trouble is Trouble.TOO_LARGE


@given(st.binary(max_size=200), st.integers(1, 30))
def test_no_bytes_break_the_unpacking(data: bytes, size: int):
    try:
        outcome = unpack(data, size=size, limit=1000)
    except BodyError as error:
        outcome = error.trouble
    assert outcome in (b"", Trouble.GARBAGE)


@pytest.mark.parametrize("length", ["101", "9" * 100_000, " 00000101 "])
def test_a_length_over_the_cap_is_refused_by_its_digits(length: str):
    with pytest.raises(BodyError) as caught:
        Body(encoding="", length=length, limit=100)
    assert caught.value.trouble is Trouble.TOO_LARGE


@pytest.mark.parametrize("length", ["", "0", "100", "0" * 5000 + "100", "-5", "many", "\u00b2"])
def test_a_length_within_the_cap_or_unreadable_is_not(length: str):
    assert Body(encoding="", length=length, limit=100).complete() == b""

"""What a client says is heard as pygls hears it, however it comes."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pygls.io_ import StdinAsyncReader, run_async

from registry_lsp.server.streams import MessageReader


class Heard:
    """A protocol that only listens."""

    def __init__(self, stop: threading.Event) -> None:
        self.messages = []
        self._stop = stop

    def structure_message(self, data):
        return data

    def handle_message(self, message):
        self.messages.append(message)
        if message == {"method": "exit"}:
            self._stop.set()


def said(*bodies: bytes, head: bytes = b"") -> bytes:
    return b"".join(b"%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body) for body in bodies)


ONE, TWO, EXIT = b'{"method": "one"}', '{"method": "zw\u00f6lf"}'.encode(), b'{"method": "exit"}'
STREAMS = {
    "nothing": b"",
    "one": said(ONE),
    "several": said(ONE, TWO, ONE),
    "another head": said(ONE, TWO, head=b"Content-Type: application/vscode-jsonrpc\r\n"),
    "nothing behind exit": said(ONE, EXIT, TWO),
    "no JSON": said(b"{half", ONE),
    "an end in the body": said(ONE) + b"Content-Length: 100\r\n\r\n{",
    "an end in the head": said(ONE) + b"Content-Length: 100\r\n",
    "no length": b"Content-Type: x\r\n\r\n" + said(ONE),
    "no length that is a number": b"Content-Length: x\r\n\r\n" + said(ONE),
    "two lengths": b"Content-Length: 17\r\nContent-Length: 3\r\n\r\n" + ONE + said(TWO),
    "blank lines": b"\r\n\r\n" + said(ONE) + b"\r\n" + said(TWO),
    "a long head": b"X: y\r\n" * 1000 + said(ONE),
    "a length and a long head": b"Content-Length: 17\r\n" + b"X: y\r\n" * 100 + b"\r\n" + ONE,
}


@pytest.mark.parametrize("name", STREAMS)
async def test_what_is_said_is_heard_as_by_pygls(name):
    heard = []
    for make in (StdinAsyncReader, lambda stream, pool: MessageReader(stream, lambda: pool)):
        stop = threading.Event()
        protocol = Heard(stop)
        with ThreadPoolExecutor(1) as pool:
            reader = make(io.BytesIO(STREAMS[name]), pool)
            await run_async(stop, reader, protocol)
        heard.append(protocol.messages)
    assert heard[0] == heard[1]
    if name != "nothing":
        assert heard[1]


async def test_a_message_takes_one_turn_of_a_thread():
    turns = []

    class Pool(ThreadPoolExecutor):
        def submit(self, work, /, *given):
            turns.append(work)
            return super().submit(work, *given)

    with Pool(1) as pool:
        reader = MessageReader(io.BytesIO(said(ONE, TWO)), lambda: pool)
        for body in (ONE, TWO):
            while (await reader.readline()).strip():
                pass
            assert await reader.readexactly(len(body)) == body
    assert len(turns) == 2

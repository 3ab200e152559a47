"""The client's messages as they come in: each in one turn of a thread.

pygls reads every line of a message's head in a turn of its own. While the loop is busy each of them
waits for it, and what somebody asks is heard only after four such waits.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from typing import BinaryIO

_LENGTH = re.compile(rb"Content-Length: (\d+)\r\n")
_LINES = 64
"""Lines that are read ahead at most: no message has such a head."""


class MessageReader:
    """A stream's lines and bytes as they are asked for, read a message at a time."""

    def __init__(self, stream: BinaryIO, threads: Callable[[], Executor]) -> None:
        """*threads* is asked once there is something to read."""
        self._stream = stream
        self._threads = threads
        self._lines: deque[bytes] = deque()
        self._body = b""

    async def readline(self) -> bytes:
        """The next line with its end; empty where the stream has ended."""
        if not self._lines:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._threads(), self._read_message)
        return self._lines.popleft()

    async def readexactly(self, count: int) -> bytes:
        """The next *count* bytes, or what is left of the stream."""
        if len(self._body) < count:
            loop = asyncio.get_running_loop()
            more = count - len(self._body)
            self._body += await loop.run_in_executor(self._threads(), self._stream.read, more)
        found, self._body = self._body[:count], self._body[count:]
        return found

    def _read_message(self) -> None:
        """Read a message's head, and its body where the head tells how long that is."""
        length, line = 0, b""
        for _ in range(_LINES):
            line = self._stream.readline()
            self._lines.append(line)
            match = _LENGTH.fullmatch(line)
            if match is not None and not length:
                length = int(match[1])
            if not line.strip():
                break
        if length and line and not line.strip():
            self._body = self._stream.read(length)

"""A program at a terminal of its own: what it shows is read, and its keys are pressed.

What it writes is read by a thread, so that nothing it shows waits for a test to look.
"""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyte

PATIENCE = 60
"""Seconds after which a test gives up: far more than any machine needs."""

ROWS, COLUMNS = 40, 120


class _Screen(pyte.Screen):
    def report_device_status(self, mode: int, private: bool = False) -> None:
        """Answer no private question: Helix 25.07 asks which colours there are."""
        if not private:
            super().report_device_status(mode)


class Terminal:
    """One that runs a program; made by :func:`terminal`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._screen = _Screen(COLUMNS, ROWS)
        self._screen.write_process_input = self.press  # what a program asks of its terminal
        self._stream = pyte.ByteStream(self._screen)
        self._news = threading.Condition(threading.RLock())
        self.has_ended = False

    def follow(self) -> None:
        """Show what the program writes until it ends."""
        with suppress(OSError):  # how Linux says that nobody writes any more
            while read := os.read(self._descriptor, 65536):
                with self._news:
                    self._stream.feed(read)
                    self._news.notify_all()
        with self._news:
            self.has_ended = True
            self._news.notify_all()

    def press(self, keys: str) -> None:
        """Send *keys* as a terminal does: ``\\x1b`` is Escape, ``\\r`` is Enter."""
        os.write(self._descriptor, keys.encode())

    def line(self) -> str:
        """What is shown in the line of the cursor."""
        with self._news:
            return self._screen.display[self._screen.cursor.y]

    def wait(self, what: str, holds: Callable[[str], object]) -> str:
        """What is shown once *holds* is true of it; *what* says in words what that is."""
        end = time.monotonic() + PATIENCE
        with self._news:
            while not holds(shown := "\n".join(self._screen.display)):
                left = end - time.monotonic()
                assert left > 0, f"waited in vain for {what}:\n{shown}"
                assert not self.has_ended, f"the program ended before {what}:\n{shown}"
                self._news.wait(left)
        return shown

    def wait_for_another_line(self, than: str) -> None:
        """Wait until the line of the cursor is another."""
        self.wait(f"another line than {than!r}", lambda _: self.line() != than)

    def see(self, *texts: str) -> str:
        """What is shown once all *texts* stand in it."""
        return self.wait(" and ".join(texts), lambda shown: all(each in shown for each in texts))


@contextmanager
def terminal(
    command: Sequence[str], folder: Path, environ: Mapping[str, str]
) -> Iterator[Terminal]:
    """A terminal in which *command* runs in *folder*; it is killed at the end."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**environ, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    it = Terminal(ours)
    reader = threading.Thread(target=it.follow)
    reader.start()
    try:
        yield it
    finally:
        process.kill()
        process.wait()
        reader.join()
        os.close(ours)

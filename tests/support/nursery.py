"""Servers that need not import what another one of the same tests has imported.

Two thirds of the time of a short test are spent on importing modules, the same for each server. So
one process of these tests imports them, and does nothing else; each server is a copy of it (a
fork), a process of its own with streams, environment and folder of its own, whose command line
begins then. What a start from nothing does is the business of the tests that start one so
(:mod:`support.wire`, :func:`support.editor.editor` where it ``is_cold``, and the command line's).

Only on Linux, where a fork is safe in a process that has one thread; elsewhere each starts from
nothing.
"""

from __future__ import annotations

import atexit
import importlib
import os
import pkgutil
import selectors
import socket
import subprocess
import sys
import traceback
from functools import cache
from pathlib import Path

_CALL = Path(__file__).with_name("nursery_call.py")
_STREAMS = 3


def command() -> tuple[str, ...]:
    """What starts a server: one that has its modules already, where there can be."""
    if sys.platform != "linux" or "COVERAGE_PROCESS_START" in os.environ:
        return fresh_command()
    return (sys.executable, "-I", "-S", str(_CALL), _address())


def fresh_command() -> tuple[str, ...]:
    """What starts a server from nothing."""
    return (sys.executable, "-W", "error", "-m", "registry_lsp")


@cache
def _address() -> str:
    """Where to ask for a server, in the abstract namespace of sockets, until these tests end."""
    address = f"registry-lsp-nursery-{os.getpid()}"
    path = {"PATH": os.environ["PATH"]} if "PATH" in os.environ else {}
    process = subprocess.Popen(
        [sys.executable, "-W", "error", __file__, address],
        env=path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n", "the nursery did not begin"
    atexit.register(process.communicate)
    return address


class _Nursery:
    """The process that is copied: it ends when its input does."""

    def __init__(self, address: str) -> None:
        self._callers: dict[int, tuple[int, socket.socket]] = {}
        """By the descriptor that tells of a server's end its process and who has asked for it."""
        self._ready = selectors.DefaultSelector()
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind("\0" + address)
        self._listening.listen()
        self._ready.register(self._listening, selectors.EVENT_READ)
        self._ready.register(0, selectors.EVENT_READ)

    def serve(self) -> None:
        while True:
            for key, _ in self._ready.select():
                if key.fd == 0:
                    return
                if key.fileobj is self._listening:
                    self._start(self._listening.accept()[0])
                else:
                    self._tell(key.fd)

    def _start(self, caller: socket.socket) -> None:
        said, streams, _, _ = socket.recv_fds(caller, 2**16, _STREAMS)
        while more := caller.recv(2**16):
            said += more
        process = os.fork()
        if process == 0:
            self._close()
            caller.close()
            _become(said.split(b"\0"), streams)
        for stream in streams:
            os.close(stream)
        end = os.pidfd_open(process)
        self._callers[end] = (process, caller)
        self._ready.register(end, selectors.EVENT_READ)

    def _tell(self, end: int) -> None:
        """Tell who has asked for a server how that has ended."""
        process, caller = self._callers.pop(end)
        self._ready.unregister(end)
        os.close(end)
        _, status = os.waitpid(process, 0)
        with caller:
            try:
                caller.sendall(str(os.waitstatus_to_exitcode(status)).encode())
            except OSError:
                return  # killed meanwhile

    def _close(self) -> None:
        """Let go of all that the others have, in a copy."""
        self._listening.close()
        self._ready.close()
        for end, (_, caller) in self._callers.items():
            os.close(end)
            caller.close()


def _become(said: list[bytes], streams: list[int]) -> None:
    """Be a server: with the folder and the environment that were *said*, and with *streams*."""
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        folder, *environ = said
        os.chdir(folder)
        os.environ.clear()
        for each in environ:
            name, _, value = each.partition(b"=")
            os.environb[name] = value
        sys.argv = ["registry-lsp"]
        os._exit(importlib.import_module("registry_lsp.cli").main([]))
    except BaseException:  # noqa: BLE001 - as the interpreter tells of what nobody has caught
        traceback.print_exc()
    finally:
        os._exit(1)


def _import_all() -> None:
    """Import the package, and with it what it needs."""
    package = importlib.import_module("registry_lsp")
    for module in pkgutil.walk_packages(package.__path__, "registry_lsp."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


if __name__ == "__main__":
    _import_all()
    nursery = _Nursery(sys.argv[1])
    os.write(1, b"ready\n")
    nursery.serve()

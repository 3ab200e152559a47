"""Real registry servers, installed once below ``.servers/`` and started on 127.0.0.1.

What is installed is pinned in ``tests/integration/servers``. ``scripts/test`` installs it, by::

    python tests/support/servers.py

A test only uses what is there: where a server is missing, the tests that ask it are skipped.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

_ROOT = Path(__file__).parents[2]
_CACHE = _ROOT / ".servers"
_PINS = _ROOT / "tests" / "integration" / "servers"
_INSTALL_SECONDS = 300
_READY_SECONDS = 60


def npm_servers() -> Path:
    """The folder with verdaccio's ``node_modules``. Skips the test without one."""
    if shutil.which("node") is None:
        pytest.skip("Node.js is not on the path")
    return _there(_npm_place())


def pypi_servers() -> Path:
    """The folder with the Python indexes, for ``PYTHONPATH``. Skips the test without one."""
    return _there(_pypi_place())


def install() -> list[str]:
    """Install what is missing; a sentence for each that could not be had."""
    complaints = []
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        complaints.append("Node.js and npm are not on the path: no npm registry will be tested")
    else:
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier"]
        complaints += _made(_npm_place(), _npm_pins(), [npm, "ci", *quiet])
    quiet = ["--quiet", "--disable-pip-version-check", "--no-warn-script-location"]
    pip = [sys.executable, "-m", "pip", "install", *quiet, "--target", "."]
    complaints += _made(_pypi_place(), _pypi_pins(), [*pip, "--requirement", "servers.txt"])
    return complaints


def _npm_pins() -> list[Path]:
    return [_PINS / "npm" / "package.json", _PINS / "npm" / "package-lock.json"]


def _pypi_pins() -> list[Path]:
    return [_PINS / "pypi" / "servers.txt"]


def _npm_place() -> Path:
    return _place("npm", _npm_pins())


def _pypi_place() -> Path:
    return _place(f"pypi-{sys.version_info.major}.{sys.version_info.minor}", _pypi_pins())


def _place(kind: str, pins: Sequence[Path]) -> Path:
    digest = hashlib.sha256(b"".join(pin.read_bytes() for pin in pins)).hexdigest()[:12]
    return _CACHE / f"{kind}-{digest}"


def _there(place: Path) -> Path:
    if not place.is_dir():
        pytest.skip(f"{place.name} is not in .servers: scripts/test installs it")
    return place


def _made(place: Path, pins: Sequence[Path], command: Sequence[str]) -> list[str]:
    """Make *place* by *command*, which finds *pins* in its working folder; what went wrong.

    It is made beside its place and then moved there, so that a run that was broken off, or
    another one at the same time, leaves nothing half done.
    """
    if place.is_dir():
        return []
    _CACHE.mkdir(exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=_CACHE))
    try:
        for pin in pins:
            shutil.copy(pin, making)
        done = subprocess.run(
            command,
            cwd=making,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_INSTALL_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            return [f"{place.name} could not be installed: {' '.join(last)}"]
        with suppress(OSError):  # another run has made it meanwhile
            making.rename(place)
    except subprocess.TimeoutExpired:
        return [f"{place.name} was not installed in {_INSTALL_SECONDS} s"]
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return []


@contextmanager
def running(command: Sequence[str], *, folder: Path, ready: str, **environ: str) -> Iterator[str]:
    """A server while it runs; gives its base address.

    ``{port}`` in *command* becomes a free port. It is ready when *ready*, below its address,
    answers with anything. *environ* is added to the environment.
    """
    port = _free_port()
    address = f"http://127.0.0.1:{port}/"
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [each.replace("{port}", str(port)) for each in command],
            cwd=folder,
            env=_environment(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(process, address + ready, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def running_python(
    *arguments: str, folder: Path, ready: str, **environ: str
) -> AbstractContextManager[str]:
    """A Python index while it runs, as ``python arguments``."""
    command = [sys.executable, *arguments]
    path = str(pypi_servers())
    return running(command, folder=folder, ready=ready, PYTHONPATH=path, **environ)


def run_python(*arguments: str, folder: Path) -> None:
    """Run ``python arguments`` with the Python indexes to its end."""
    subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=_environment({"PYTHONPATH": str(pypi_servers())}),
        check=True,
        timeout=_READY_SECONDS,
    )


def fetch(url: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> bytes:
    """The body of the answer; raises HTTPError for one that is a refusal."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with urlopen(Request(url, data=body, method=method, headers=named), timeout=30) as answer:
        return answer.read()


def _environment(added: dict[str, str]) -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    return own | added


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(process: subprocess.Popen, url: str, log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        try:
            fetch(url)
        except HTTPError:
            return
        except (URLError, OSError):
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            said = log.read_text(errors="replace")[-2000:]
            raise AssertionError(f"the server ended with {process.returncode}: {said}") from None
        else:
            return
    raise AssertionError(f"no answer in {_READY_SECONDS} s: {log.read_text(errors='replace')}")


if __name__ == "__main__":
    for complaint in install():
        print(complaint, file=sys.stderr)

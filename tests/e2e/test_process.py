"""The server's process: it starts, and it ends by itself whatever its client does."""

import asyncio
import json
import subprocess
import sys

import pytest

from support.editor import PATIENCE, editor, server_environ

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"capabilities": {}, "processId": None, "rootUri": None},
}


def message(document):
    body = json.dumps(document).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


async def start(folder, *arguments):
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "registry_lsp",
        *arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=server_environ(folder),
    )


WHOLE_LIFE = (
    INITIALIZE,
    {"jsonrpc": "2.0", "method": "initialized", "params": {}},
    {"jsonrpc": "2.0", "id": 2, "method": "shutdown"},
    {"jsonrpc": "2.0", "method": "exit"},
)
"""What a client says to a server that it has no use for."""


@pytest.mark.parametrize("arguments", [(), ("--stdio",)])
async def test_shutdown_and_exit(tmp_path, arguments):
    server = await start(tmp_path, *arguments)
    for document in WHOLE_LIFE:
        server.stdin.write(message(document))
    out, err = await asyncio.wait_for(server.communicate(), PATIENCE)
    assert server.returncode == 0
    assert b'"registry-lsp"' in out
    assert err == b""


BUSY = """
import asyncio, threading
from registry_lsp.app import serve
from registry_lsp.core.threads import in_thread

async def begin():
    await asyncio.wait((asyncio.ensure_future(in_thread(threading.Event().wait)),), timeout=0)

asyncio.run(begin())
serve()
"""
"""A server with a thread that never ends, as one that reads from a disk that does not answer."""


async def test_the_end_waits_for_no_thread(tmp_path):
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BUSY),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=server_environ(tmp_path),
    )
    for document in WHOLE_LIFE:
        server.stdin.write(message(document))
    _, err = await asyncio.wait_for(server.communicate(), PATIENCE)
    assert server.returncode == 0
    assert err == b""


@pytest.mark.parametrize("messages", [(), (INITIALIZE,)])
async def test_the_end_of_input_ends_it(tmp_path, messages):
    server = await start(tmp_path)
    for document in messages:
        server.stdin.write(message(document))
    server.stdin.close()
    _, err = await asyncio.wait_for(server.communicate(), PATIENCE)
    assert server.returncode == 1  # nobody asked it to shut down
    assert b"Traceback" not in err


async def test_it_ends_when_the_clients_process_is_gone(tmp_path):
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    async with editor(tmp_path, process_id=client.pid, is_cold=True) as it:
        client.stdin.close()
        await asyncio.wait_for(client.wait(), PATIENCE)
        await asyncio.wait_for(it.process.wait(), PATIENCE)
        assert it.process.returncode == 1
        it.client.error = RuntimeError("gone")  # so that nobody shuts it down again

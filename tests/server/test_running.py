"""The end of the server's event loop."""

import asyncio
import threading

import pytest

from registry_lsp.server.running import run


def test_the_end_waits_for_no_thread():
    end, ended = threading.Event(), []

    async def wait_for_a_thread():
        try:
            await asyncio.to_thread(end.wait)
        finally:
            ended.append("the task")

    async def work():
        asyncio.get_running_loop().create_task(wait_for_a_thread())
        await asyncio.sleep(0)

    run(work())
    assert ended == ["the task"]
    assert not end.is_set()
    end.set()


def test_what_ends_the_process_comes_through():
    async def leave():
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        run(leave())

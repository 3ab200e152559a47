"""Threads for what takes long."""

from __future__ import annotations

import asyncio
import threading

import pytest

from registry_lsp.core.threads import MOST, UnwantedError, check_wanted, in_thread


async def test_what_takes_long_runs_in_a_few_threads_and_nobody_waits():
    together = threading.Barrier(MOST + 1)

    def meet() -> str:
        together.wait(20)
        return threading.current_thread().name

    working = [asyncio.ensure_future(in_thread(meet)) for _ in range(MOST)]
    assert await asyncio.to_thread(lambda: "the event loop's own") == "the event loop's own"
    assert not any(each.done() for each in working)
    later = asyncio.ensure_future(in_thread(lambda: threading.current_thread().name))
    await asyncio.to_thread(together.wait, 20)
    names = set(await asyncio.gather(*working))
    assert len(names) == MOST
    assert await later in names


async def test_what_goes_wrong_there_goes_wrong_here():
    with pytest.raises(ZeroDivisionError):
        await in_thread(divmod, 1, 0)


async def test_work_in_pieces_ends_when_nobody_waits_any_more():
    begun, ended = threading.Event(), threading.Event()

    def pieces() -> None:
        try:
            while True:
                begun.set()
                check_wanted()
        except UnwantedError:
            ended.set()
            raise

    waiting = asyncio.ensure_future(in_thread(pieces))
    await asyncio.to_thread(begun.wait, 20)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await asyncio.to_thread(ended.wait, 20)
    await in_thread(check_wanted)  # what comes after it in the same thread is wanted


def test_what_runs_in_no_thread_is_wanted():
    check_wanted()

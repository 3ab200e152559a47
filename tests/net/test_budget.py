"""Bodies that are under way at the same time, and the memory that they share."""

import asyncio

from registry_lsp.net.budget import Budget, Share


def growing(share: Share) -> asyncio.Task[None]:
    return asyncio.create_task(share.room())


async def turn() -> None:
    """Let all that can go on do so."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_there_is_room_below_the_limit():
    budget = Budget(100)
    with budget.share() as one, budget.share() as other:
        for share in (one, other):
            await share.room()
            share.grow(49)
        await one.room()
        assert budget.held == 98
    assert budget.held == 0


async def test_one_body_goes_on_beyond_the_limit_and_the_others_wait_for_it():
    budget = Budget(100)
    with budget.share() as second, budget.share() as third:
        with budget.share() as first:
            second.grow(60)
            first.grow(60)
            await first.room()
            first.grow(500)
            await first.room()
            waiting = growing(second), growing(third)
            await turn()
            assert not any(task.done() for task in waiting)
        await asyncio.gather(*waiting)
        assert budget.held == 60


async def test_after_the_one_another_may_go_on():
    budget = Budget(100)
    with budget.share() as second, budget.share() as third:
        second.grow(100)
        third.grow(100)
        with budget.share() as first:
            await first.room()
            waiting = growing(second), growing(third)
            await turn()
        await turn()
        assert [task.done() for task in waiting] == [True, False]
        waiting[1].cancel()


async def test_a_body_that_ends_makes_room_though_another_goes_on():
    budget = Budget(100)
    with budget.share() as first, budget.share() as third:
        with budget.share() as second:
            second.grow(100)
            await first.room()
            waiting = growing(third)
            await turn()
            assert not waiting.done()
        await waiting


async def test_who_gives_up_waiting_leaves_nothing_behind():
    budget = Budget(100)
    with budget.share() as first:
        first.grow(100)
        await first.room()
        with budget.share() as second:
            second.grow(10)
            waiting = growing(second)
            await turn()
            waiting.cancel()
            await asyncio.wait({waiting})
        assert budget.held == 100
    with budget.share() as third:
        await third.room()
    assert budget.held == 0

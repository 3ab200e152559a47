"""What is asked beside the packages: who waits for it, for how long, and what is kept."""

import asyncio
from dataclasses import replace

import pytest

from registry_lsp.core.packages import Missing, Trouble, Unauthorized, Unavailable
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.core.services import Downloads
from registry_lsp.net.cache import DiskCache
from registry_lsp.session.answers import (
    FAILURE_FRESH,
    GRACE,
    LATE,
    LONGEST_MUTED,
    MUTED,
    Answers,
    Question,
)
from support.clock import Clock
from support.events import PATIENCE, until

URL = "https://counts.example/"
DAY = 86_400.0
SEVEN = Downloads(last_week=7)
DOWN = Unavailable(trouble=Trouble.TIMEOUT, host="counts.example")
LIMITED = Unavailable(trouble=Trouble.RATE_LIMITED, host="counts.example", status=429)
LONG = 20.0
"""Seconds of grace that no test waits for: what is awaited is an event."""
FOREVER = 10 * PATIENCE


async def at_once(waiting):
    """Wait for what must not wait: it would for longer than the test has."""
    await asyncio.wait_for(waiting, PATIENCE)


class Service:
    """Answers when it is let, and counts how often it is asked."""

    def __init__(self, answer=None):
        self.answer = answer or Fetched(value=SEVEN, fresh_for=60.0)
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def ask(self):
        self.asked += 1
        await self.gate.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def question(self, key="one", service=URL):
        return Question(service=service, key=key, kind=Downloads, ask=self.ask, lasting=DAY)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def cache(tmp_path, clock):
    cache = DiskCache(tmp_path, clock=clock)
    yield cache
    await cache.close()


@pytest.fixture
async def answers(cache, clock):
    answers = Answers(cache, clock=clock)
    yield answers
    await answers.aclose()


async def test_an_answer_is_asked_for_once_in_its_time(answers, clock):
    service = Service()
    one = service.question()
    assert answers.peek(one) is None
    await answers.wait([one], LONG)
    assert answers.peek(one) == SEVEN
    clock.now += DAY - 1
    await answers.wait([one], LONG)
    assert service.asked == 1
    clock.now += 2
    assert answers.peek(one) == SEVEN  # old, and good still
    await answers.wait([one], LONG)
    assert service.asked == 2


async def test_one_question_is_under_way_once(answers):
    service = Service()
    service.gate.clear()
    one = service.question()
    answers.begin([one])
    waiting = [asyncio.create_task(answers.wait([one], LONG)) for _ in range(3)]
    await until(lambda: service.asked)
    service.gate.set()
    await asyncio.gather(*waiting)
    assert (service.asked, answers.peek(one)) == (1, SEVEN)


async def test_the_disk_remembers_what_was_said_and_what_is_not_known(cache, clock):
    service, nobody = Service(), Service(Missing())
    first = Answers(cache, clock=clock)
    await first.wait([service.question("one"), nobody.question("two")], LONG)
    await first.aclose()
    clock.now += DAY - 1
    second = Answers(cache, clock=clock)
    one, two = service.question("one"), nobody.question("two")
    assert await second.answer(one) == SEVEN
    assert await second.answer(two) == Missing()
    assert second.peek(two) is None
    assert (service.asked, nobody.asked) == (1, 1)
    clock.now += 2
    assert await second.answer(two) == Missing()
    assert nobody.asked == 2


async def test_what_the_disk_holds_of_another_shape_or_from_the_future_is_asked_anew(cache, clock):
    clock.now += 10_000
    service = Service()
    first = Answers(cache, clock=clock)
    await first.wait([service.question("one"), service.question("two")], LONG)
    await first.aclose()
    odd = await cache.get_many([f"service\n1\n{URL}\none"])
    assert len(odd) == 1
    cache.put(replace(*odd.values(), payload=b"\xc1"))
    clock.now -= 5_000
    second = Answers(cache, clock=clock)
    await second.wait([service.question("one"), service.question("two")], LONG)
    assert service.asked == 4


async def test_a_slow_service_is_waited_for_once_and_then_not_at_all(answers, clock):
    service = Service()
    service.gate.clear()
    one = service.question()
    await answers.wait([one], 0.01)
    assert answers.peek(one) is None
    two = service.question("two")
    await at_once(answers.wait([one, two], FOREVER))
    service.gate.set()
    # what comes later is there the next time
    await until(lambda: answers.peek(one) and answers.peek(two))


async def test_a_slow_service_holds_no_other_up(answers):
    slow, quick = Service(), Service()
    slow.gate.clear()
    one, two = slow.question("one"), quick.question("two", "https://other.example/")
    await answers.wait([one], 0.01)
    await at_once(answers.wait([one, two], FOREVER))
    assert answers.peek(two) == SEVEN


async def test_a_service_that_was_slow_is_waited_for_again_when_it_is_quick(answers, clock):
    service = Service()
    service.gate.clear()
    one, two, three = (service.question(each) for each in ("one", "two", "three"))
    await answers.wait([one], 0.01)
    await until(lambda: service.asked)
    clock.now += 2 * GRACE
    service.gate.set()
    await until(lambda: answers.peek(one))
    await answers.wait([two], LONG)
    assert answers.peek(two) is None  # that it has answered late makes it no quicker
    await until(lambda: answers.peek(two))
    await answers.wait([three], LONG)
    assert answers.peek(three) == SEVEN


@pytest.mark.parametrize(
    "failure",
    [DOWN, Unauthorized(status=403, host="counts.example"), RuntimeError("odd")],
)
async def test_a_failure_is_remembered_for_a_moment_and_says_nothing(answers, clock, failure):
    service = Service(failure)
    one = service.question()
    await answers.wait([one], LONG)
    assert answers.peek(one) is None
    await answers.wait([one], LONG)
    assert service.asked == 1
    service.answer = Fetched(value=SEVEN, fresh_for=60.0)
    clock.now += max(FAILURE_FRESH, LATE) + 1
    await answers.wait([one], LONG)
    assert answers.peek(one) == SEVEN


async def test_a_failure_does_not_displace_what_is_known_while_that_is_good(answers, clock):
    service = Service()
    one = service.question()
    await answers.wait([one], LONG)
    service.answer = DOWN
    clock.now += DAY + 1
    assert await answers.answer(one) == SEVEN
    clock.now += DAY
    assert answers.peek(one) is None
    assert await answers.answer(one) == DOWN


@pytest.mark.parametrize(
    ("said", "seconds"), [(None, MUTED), (0.0, MUTED), (20.0, 20.0), (1e9, LONGEST_MUTED)]
)
async def test_who_wants_fewer_questions_is_asked_none_for_that_long(answers, clock, said, seconds):
    service = Service(replace(LIMITED, retry_after=said))
    await answers.wait([service.question("one")], LONG)
    refused = await answers.answer(service.question("two"))
    assert (refused.trouble, refused.retry_after) == (Trouble.RATE_LIMITED, seconds)
    assert refused.host == "counts.example"
    clock.now += seconds - 1
    await answers.answer(service.question("three"))
    assert service.asked == 1
    clock.now += 2
    service.answer = Fetched(value=SEVEN, fresh_for=60.0)
    assert await answers.answer(service.question("one")) == SEVEN
    await answers.wait([service.question("two")], LONG)  # it was not slow
    assert answers.peek(service.question("two")) == SEVEN


async def test_what_is_under_way_ends_with_the_session(cache, clock):
    service = Service()
    service.gate.clear()
    answers = Answers(cache, clock=clock)
    answers.begin([service.question()])
    await until(lambda: service.asked)
    await answers.aclose()
    assert answers.peek(service.question()) is None

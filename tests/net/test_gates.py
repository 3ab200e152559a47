"""Gates by themselves: who is let in, who waits, who hears why not."""

import asyncio
from dataclasses import replace

import pytest

from registry_lsp.core.packages import Trouble, Unavailable
from registry_lsp.net.gates import (
    ERRORS,
    FAILURES,
    LATELY,
    LONGEST_HOLD,
    PROBES,
    REFUSALS,
    SHUT,
    Gates,
)
from support.waiting import Clock

HERE = ("https", "registry.example", None)
THERE = ("https", "registry.example", 8443)
PAGE = "https://registry.example/package"
PAGES = [f"https://registry.example/{at}" for at in range(REFUSALS)]
DOWN = Unavailable(trouble=Trouble.UNREACHABLE, host="registry.example")
SILENT = Unavailable(trouble=Trouble.TIMEOUT, host="registry.example")
BUSY = Unavailable(
    trouble=Trouble.RATE_LIMITED, host="registry.example", status=429, retry_after=60.0
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def fail(gates: Gates, address: str, reason: Unavailable = DOWN) -> None:
    """Be let in, and find nobody."""
    assert gates.admit(HERE, address, 60.0) == 0.0
    gates.failed(HERE, address, reason)
    gates.released(HERE, address)


def gates_that_failed(clock: Clock, times: int, reason: Unavailable = DOWN) -> Gates:
    gates = Gates(lambda: clock.now)
    for at in range(times):
        fail(gates, f"failed {at}", reason)
    return gates


def test_an_address_that_failed_is_not_asked_again_while_in_doubt(clock: Clock):
    gates = gates_that_failed(clock, FAILURES - 1)
    assert gates.admit(HERE, "failed 0", 60.0) == 0.0
    gates.released(HERE, "failed 0")
    fail(gates, PAGE, SILENT)
    assert gates.admit(HERE, "failed 0", 60.0) == DOWN
    assert gates.admit(HERE, PAGE, 60.0) == SILENT
    assert gates.admit(HERE, "fresh", 60.0) == gates.admit(THERE, PAGE, 60.0) == 0.0


def test_a_doubt_that_nobody_settles_begins_anew_after_a_while(clock: Clock):
    gates = gates_that_failed(clock, FAILURES)
    clock.now += SHUT - 1
    assert gates.admit(HERE, "failed 0", 60.0) == DOWN
    clock.now += 1
    assert gates.admit(HERE, "failed 0", 60.0) == 0.0
    gates.answered(HERE)
    assert gates.admit(HERE, "failed 1", 60.0) == 0.0


def test_attempts_at_one_address_are_not_those_at_several(clock: Clock):
    gates = Gates(lambda: clock.now)
    for _ in range(3 * FAILURES):
        fail(gates, PAGE)


def test_an_answer_between_begins_the_count_anew(clock: Clock):
    gates = gates_that_failed(clock, FAILURES - 1)
    gates.answered(HERE)
    fail(gates, PAGE)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def gates_that_refused(clock: Clock, *pages: str) -> Gates:
    gates = Gates(lambda: clock.now)
    for page in pages:
        gates.refused(HERE, page, BUSY, 60.0)
    return gates


def test_a_refusal_holds_its_own_address(clock: Clock):
    gates = gates_that_refused(clock, *PAGES[:-1])
    assert gates.admit(HERE, PAGES[0], 60.0) == replace(BUSY, retry_after=60.0)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def test_the_third_in_a_row_holds_them_all(clock: Clock):
    gates = gates_that_refused(clock, *PAGES)
    assert gates.admit(HERE, PAGE, 60.0) == replace(BUSY, retry_after=60.0)
    assert gates.admit(THERE, PAGE, 60.0) == 0.0


def test_one_address_is_not_three(clock: Clock):
    gates = gates_that_refused(clock, *[PAGES[0]] * 9)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def test_an_answer_between_refusals_begins_their_count_anew(clock: Clock):
    gates = gates_that_refused(clock, *PAGES[:-1])
    gates.answered(HERE)
    gates.refused(HERE, PAGES[-1], BUSY, 60.0)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def test_a_time_out_between_refusals_is_no_answer(clock: Clock):
    gates = gates_that_refused(clock, *PAGES[:-1])
    gates.failed(HERE, PAGE, DOWN)
    gates.refused(HERE, PAGES[-1], BUSY, 60.0)
    assert isinstance(gates.admit(HERE, PAGE, 60.0), Unavailable)


def test_after_a_hold_one_refusal_more_is_enough(clock: Clock):
    gates = gates_that_refused(clock, *PAGES)
    clock.now += 60
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    gates.refused(HERE, PAGE, BUSY, 60.0)
    gates.released(HERE, PAGE)
    assert isinstance(gates.admit(HERE, "/other", 60.0), Unavailable)


def test_a_refusal_is_an_answer_to_who_thought_that_nobody_was_there(clock: Clock):
    gates = gates_that_failed(clock, FAILURES - 1)
    gates.refused(HERE, PAGES[0], BUSY, 60.0)
    fail(gates, PAGE)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


def gates_in_doubt_of_a_hold(clock: Clock) -> tuple[Gates, asyncio.Event]:
    """Gates where three were refused while another request is under way."""
    gates = Gates(lambda: clock.now)
    assert gates.admit(HERE, "slow", 60.0) == 0.0
    for page in PAGES:
        gates.refused(HERE, page, BUSY, 60.0)
    news = gates.admit(HERE, PAGE, 60.0)
    assert isinstance(news, asyncio.Event)
    assert not news.is_set()
    return gates, news


def test_an_answer_that_was_under_way_undoes_a_hold_of_all(clock: Clock):
    gates, news = gates_in_doubt_of_a_hold(clock)
    gates.answered(HERE)
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    assert {gates.admit(HERE, page, 60.0) for page in PAGES} == {replace(BUSY, retry_after=60.0)}


def test_a_hold_of_all_stands_when_what_was_under_way_is_not_answered(clock: Clock):
    gates, news = gates_in_doubt_of_a_hold(clock)
    gates.released(HERE, "slow")
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == replace(BUSY, retry_after=60.0)


def test_the_longer_hold_stands_within_reason(clock: Clock):
    gates = Gates(lambda: clock.now)
    gates.refused(HERE, PAGE, BUSY, 1e9)
    gates.refused(HERE, PAGE, BUSY, 10.0)
    assert gates.admit(HERE, PAGE, 60.0).retry_after == LONGEST_HOLD


def test_the_end_of_a_hold_is_waited_for(clock: Clock):
    gates = Gates(lambda: clock.now)
    gates.refused(HERE, PAGE, BUSY, 60.0)
    clock.now += 56
    assert gates.admit(HERE, PAGE, 60.0) == pytest.approx(4.0)
    assert isinstance(gates.admit(HERE, PAGE, 3.0), Unavailable)
    clock.now += 4
    assert gates.admit(HERE, PAGE, 3.0) == 0.0


# --- gates in doubt -------------------------------------------------------------------------------


def doubting_gates(clock: Clock, reason: Unavailable = DOWN) -> tuple[Gates, asyncio.Event]:
    """Gates whose probes are under way, and the event that everybody else waits for."""
    gates = gates_that_failed(clock, FAILURES, reason)
    for at in range(PROBES):
        assert gates.admit(HERE, f"probe {at}", 60.0) == 0.0
    news = gates.admit(HERE, PAGE, 60.0)
    assert isinstance(news, asyncio.Event)
    assert not news.is_set()
    return gates, news


def end_probe(gates: Gates, at: int, reason: Unavailable) -> None:
    gates.failed(HERE, f"probe {at}", reason)
    gates.released(HERE, f"probe {at}")


def test_one_answer_to_a_probe_opens_the_gate_for_all(clock: Clock):
    gates, news = doubting_gates(clock)
    end_probe(gates, 0, DOWN)
    gates.answered(HERE)
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == gates.admit(HERE, "failed 0", 60.0) == 0.0


def test_a_refusal_of_a_probe_is_an_answer_too(clock: Clock):
    gates, news = doubting_gates(clock)
    gates.refused(HERE, "probe 0", BUSY, 60.0)
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == 0.0


@pytest.mark.parametrize("reason", [DOWN, SILENT])
def test_probes_without_an_answer_shut_the_gate(clock: Clock, reason: Unavailable):
    gates, news = doubting_gates(clock, reason)
    for at in range(PROBES):
        assert not news.is_set()
        assert gates.admit(HERE, PAGE, 60.0) is news
        end_probe(gates, at, reason)
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == reason
    clock.now += SHUT
    for at in range(PROBES):
        assert gates.admit(HERE, f"fresh {at}", 60.0) == 0.0
    assert isinstance(gates.admit(HERE, PAGE, 60.0), asyncio.Event)


def test_what_was_sent_before_the_doubt_is_waited_for(clock: Clock):
    gates = Gates(lambda: clock.now)
    assert gates.admit(HERE, "slow", 60.0) == 0.0
    for name in [*range(FAILURES), *(f"probe {at}" for at in range(PROBES))]:
        fail(gates, str(name))
    news = gates.admit(HERE, PAGE, 60.0)
    assert isinstance(news, asyncio.Event)
    gates.failed(HERE, "slow", SILENT)
    gates.released(HERE, "slow")
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == SILENT


def test_a_place_that_a_probe_gives_up_is_anothers(clock: Clock):
    gates, news = doubting_gates(clock)
    gates.released(HERE, "probe 1")
    assert news.is_set()
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    assert isinstance(gates.admit(HERE, "another", 60.0), asyncio.Event)


# --- doubt after doubt ----------------------------------------------------------------------------


def gates_with_suspects(clock: Clock) -> Gates:
    """Gates that were shut, and may be tried again: all that has been asked so far had failed."""
    gates = gates_that_failed(clock, FAILURES + PROBES)
    assert gates.admit(HERE, PAGE, 60.0) == DOWN
    clock.now += SHUT
    return gates


def test_one_of_those_that_failed_is_tried_again_and_the_others_wait_for_it(clock: Clock):
    gates = gates_with_suspects(clock)
    assert gates.admit(HERE, "failed 0", 60.0) == 0.0
    news = gates.admit(HERE, "failed 1", 60.0)
    assert isinstance(news, asyncio.Event)
    gates.failed(HERE, "failed 0", SILENT)
    assert news.is_set()
    gates.released(HERE, "failed 0")
    assert gates.admit(HERE, "failed 0", 60.0) == SILENT
    assert gates.admit(HERE, "failed 1", 60.0) == DOWN


def test_those_that_failed_take_no_turn_of_those_that_have_not(clock: Clock):
    gates = gates_with_suspects(clock)
    fail(gates, "failed 0")
    assert all(gates.admit(HERE, f"failed {at}", 60.0) == DOWN for at in range(FAILURES))
    for at in range(PROBES):
        assert gates.admit(HERE, f"fresh {at}", 60.0) == 0.0
    gates.answered(HERE)
    assert gates.admit(HERE, "failed 1", 60.0) == 0.0


def test_when_one_that_failed_answers_again_the_gate_is_open(clock: Clock):
    gates = gates_with_suspects(clock)
    assert gates.admit(HERE, "failed 0", 60.0) == 0.0
    news = gates.admit(HERE, "failed 1", 60.0)
    gates.answered(HERE)
    assert news.is_set()
    assert gates.admit(HERE, "failed 1", 60.0) == 0.0


def test_a_trial_that_learns_nothing_is_anothers(clock: Clock):
    gates = gates_with_suspects(clock)
    assert gates.admit(HERE, "failed 0", 60.0) == 0.0
    gates.released(HERE, "failed 0")
    assert gates.admit(HERE, "failed 1", 60.0) == 0.0


def test_where_only_those_that_failed_ask_one_is_tried_each_time(clock: Clock):
    gates = gates_with_suspects(clock)
    for _ in range(3):
        fail(gates, "failed 3")
        assert gates.admit(HERE, "failed 0", 60.0) == DOWN
        clock.now += SHUT


def test_what_a_server_did_not_ask_for_is_not_called_its_wish(clock: Clock):
    gates = Gates(lambda: clock.now)
    unasked = replace(BUSY, retry_after=None)
    gates.refused(HERE, PAGE, unasked, SHUT)
    clock.now += 1
    assert gates.admit(HERE, PAGE, 60.0) == unasked


def test_an_attempt_more_at_what_has_failed_is_no_probe(clock: Clock):
    gates = gates_that_failed(clock, FAILURES)
    gates.answered(HERE)  # and nobody remembers that those have failed
    for at in range(FAILURES):
        fail(gates, f"another {at}")
    for at in range(FAILURES):
        assert gates.admit(HERE, f"failed {at}", 60.0, DOWN) == DOWN
    assert [gates.admit(HERE, f"fresh {at}", 60.0) for at in range(PROBES)] == [0.0] * PROBES


def test_a_server_that_has_answered_just_now_is_there(clock: Clock):
    gates = Gates(lambda: clock.now)
    gates.answered(HERE)
    for at in range(FAILURES + 3 * PROBES):
        clock.now += 0.1
        fail(gates, f"failed {at}")
    clock.now += LATELY
    for at in range(PROBES):
        fail(gates, f"late {at}")
    assert gates.admit(HERE, PAGE, 60.0) == DOWN


def test_an_error_of_the_servers_own_is_worth_another_attempt_until_several_stand(clock: Clock):
    gates = Gates(lambda: clock.now)
    for at in range(ERRORS):
        for _ in range(3):
            gates.answered(HERE, is_error=True)
        assert not gates.is_erring(HERE)
        gates.erred(HERE, str(at))
    assert gates.is_erring(HERE)
    assert not gates.is_erring(THERE)
    gates.answered(HERE, is_error=True)
    assert gates.is_erring(HERE)
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    gates.answered(HERE)
    assert not gates.is_erring(HERE)


def test_one_address_that_has_an_error_is_not_several(clock: Clock):
    gates = Gates(lambda: clock.now)
    for _ in range(2 * ERRORS):
        gates.erred(HERE, PAGE)
    assert not gates.is_erring(HERE)


def test_who_wants_everybody_asked_now_is_let_in_where_the_server_does_not_mind(clock: Clock):
    gates = gates_that_failed(clock, FAILURES)
    for at in range(PROBES):
        fail(gates, f"probe {at}")
    assert gates.admit(HERE, PAGE, 60.0) == DOWN
    for at in range(ERRORS):
        gates.erred(THERE, f"erred {at}")
    gates.refused(HERE, "refused", BUSY, 60.0)
    gates.failed(THERE, PAGE, DOWN)
    gates.reopen()
    assert gates.admit(HERE, PAGE, 60.0) == 0.0
    assert gates.admit(THERE, PAGE, 60.0) == 0.0
    assert not gates.is_erring(THERE)
    assert gates.admit(HERE, "refused", 0.0) == BUSY

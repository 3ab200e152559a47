"""scripts/fuzz: it finds what a reader cannot stand, says how to see it again, and ends in time."""

from __future__ import annotations

import ast
import re
import shlex
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from fuzz import __main__ as command
from fuzz.engine import (
    ROUND,
    StalledError,
    Target,
    for_rounds,
    for_seconds,
    run,
    try_once,
    try_round,
)
from fuzz.targets import targets
from registry_lsp.ecosystems import discover


def refuse_tabs(text: str) -> None:
    assert "\t" not in text, "tabs"


FAULTY = Target(name="faulty", inputs=st.text(alphabet="ab\t", max_size=50), check=refuse_tabs)


def test_a_failing_input_is_found_and_made_small():
    outcome = run(FAULTY, 1, for_seconds(60))
    assert outcome.failure is not None
    assert outcome.failure.input == "\t"
    assert "AssertionError: tabs" in outcome.failure.trace
    assert outcome.tried % ROUND == 0


def test_a_round_is_the_same_again():
    failure = run(FAULTY, 5, for_seconds(60)).failure
    assert failure is not None
    assert try_round(FAULTY, failure.seed) == failure


def test_a_target_that_holds_gets_at_least_one_round():
    seen = []
    target = replace(FAULTY, check=seen.append)
    assert run(target, 1, for_seconds(0)).failure is None
    assert ROUND / 2 < len(seen) <= ROUND


def test_a_target_gets_as_many_rounds_as_are_wanted():
    assert run(replace(FAULTY, check=bool), 1, for_rounds(3)).tried == 3 * ROUND


def test_an_input_that_takes_for_ever_is_a_failure():
    def stall(_: object) -> None:
        raise StalledError

    failure = try_round(replace(FAULTY, check=stall), 1)
    assert failure is not None
    assert "StalledError" in failure.trace


def test_there_is_a_target_for_every_format_and_scheme():
    names = set(targets())
    for ecosystem in discover():
        assert {f"{ecosystem.name}:{each.name}" for each in ecosystem.formats} <= names
        assert {f"{ecosystem.name}:version {dialect}" for dialect in ecosystem.schemes} <= names
        assert f"{ecosystem.name}:project" in names


@pytest.mark.parametrize("target", targets().values(), ids=targets())
def test_every_target_holds_for_a_round(target: Target):
    assert run(target, 1, for_seconds(0)).failure is None


def test_what_fails_can_be_seen_again(capsys: pytest.CaptureFixture[str]):
    failure = try_once(FAULTY, "é\t\ud800'\"", round_seed=3)
    assert failure is not None
    command.tell(failure)
    printed = capsys.readouterr().out
    assert "--seed 3 --seconds 0 faulty" in printed
    again = shlex.split(re.search("The input again: scripts/fuzz (.*)", printed)[1])
    assert again[0] == "--input"
    assert ast.literal_eval(again[1]) == failure.input


def test_the_command_runs_what_is_asked(capsys: pytest.CaptureFixture[str]):
    assert command.main(["--seconds", "0", "--seed", "4", "syntax:json"]) == 0
    printed = capsys.readouterr().out
    assert "seed 4" in printed
    assert re.search(r"syntax:json +40 inputs +held", printed)
    assert command.main(["--input", "'{'", "syntax:json"]) == 0
    assert command.main(["no-such-target"]) == 2
    assert "syntax:json" in capsys.readouterr().err


def test_a_key_of_more_parts_than_are_read_is_no_failure():
    key = ".".join(["a"] * 300)
    assert try_once(targets()["syntax:toml"], f"{key} = 1\n") is None

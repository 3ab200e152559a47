"""The command line behind scripts/fuzz."""

from __future__ import annotations

import argparse
import ast
import shlex
import sys
from random import SystemRandom

from fuzz.engine import Failure, Outcome, for_rounds, for_seconds, run, try_once
from fuzz.targets import targets


def main(arguments: list[str] | None = None) -> int:
    """Run the targets that are asked for; 1 where one of them fails."""
    every = targets()
    asked = _parser().parse_args(arguments)
    unknown = [name for name in asked.targets if name not in every]
    if unknown or asked.list:
        print(*every, sep="\n", file=sys.stderr if unknown else sys.stdout)
        return 2 if unknown else 0
    names = asked.targets or list(every)
    if asked.input is not None:
        given = ast.literal_eval(asked.input)
        failures = [try_once(every[name], given) for name in names]
    else:
        print(f"Fuzzing with seed {asked.seed}.", flush=True)
        share = asked.seconds / len(names)
        outcomes = [
            _told(
                run(
                    every[name],
                    asked.seed,
                    for_seconds(share) if asked.rounds is None else for_rounds(asked.rounds),
                )
            )
            for name in names
        ]
        failures = [outcome.failure for outcome in outcomes]
    for failure in filter(None, failures):
        tell(failure)
    return 1 if any(failures) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="target", help="all, unless some are named")
    parser.add_argument("--seconds", type=float, default=60.0, help="for all of them together")
    parser.add_argument(
        "--rounds", type=int, help="for each of them, in place of a time: the same again each time"
    )
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    parser.add_argument("--input", help="try this one input, a Python literal, and no other")
    parser.add_argument("--list", action="store_true", help="print the names of the targets")
    return parser


def _told(outcome: Outcome) -> Outcome:
    verdict = "failed" if outcome.failure is not None else "held"
    print(f"{outcome.target:48} {outcome.tried:7} inputs  {verdict}", flush=True)
    return outcome


def tell(failure: Failure) -> None:
    """Print what has failed, and two ways to see it again."""
    name = shlex.quote(failure.target)
    trace = failure.trace.encode("utf-8", "backslashreplace").decode()
    print(f"\n{failure.target} cannot stand an input.\n{trace}")
    print(f"The round again: scripts/fuzz --seed {failure.seed} --seconds 0 {name}")
    print(f"The input again: scripts/fuzz --input {shlex.quote(ascii(failure.input))} {name}")


if __name__ == "__main__":
    sys.exit(main())

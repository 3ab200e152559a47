"""The command line behind scripts/soak."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from support.clients import CLIENTS
from support.soak import soak

GROWTH = 0.1
"""How much more memory there may be at the end than early, as a share."""
PATIENCE = 90.0
"""Seconds that it may take to be at rest: what could not be asked waits for half a minute."""


def main(arguments: list[str] | None = None) -> int:
    """Type, compare, tell; 1 where anything has stuck."""
    asked = _parser().parse_args(arguments)
    print(f"Typing with seed {asked.seed}.", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(
            soak(
                Path(folder),
                seed=asked.seed,
                edits=asked.edits,
                client=asked.client,
                patience=PATIENCE,
                heals_itself=True,
                tell=lambda words: print(words, flush=True),
            )
        )
    for each in outcome.complaints:
        print(each)
    if outcome.stderr:
        print(f"The server says:\n{outcome.stderr}")
    growth = outcome.growth
    has_grown = growth is not None and growth > GROWTH
    if growth is not None:
        print(f"Memory at the end: {growth:+.1%} since {outcome.early} bytes early on.")
    print(f"{outcome.edits} edits, {outcome.answers} answers, {outcome.requests} requests.")
    return 1 if outcome.complaints or outcome.stderr or has_grown else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    parser.add_argument("--client", choices=CLIENTS, default="emacs")
    return parser


if __name__ == "__main__":
    sys.exit(main())

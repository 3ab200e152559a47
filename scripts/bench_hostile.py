"""How the time that hostile texts take grows with their length, for every format."""

from __future__ import annotations

import time

from support.corpus import Case, samples
from support.hostile import PIECES, infested, read_all

FEW, TIMES = 10_000, 4
"""Characters of the shorter text, and how many times as long the longer one is."""
ROUNDS = 2
LEAST = 0.001
"""Seconds: what is read sooner grows by chance."""


def hostile() -> None:
    """Of each format the text that takes longest, and the one whose time grows most: four times
    where it grows with the length, sixteen times where with its square.
    """
    for case in samples():
        taken = {}
        for piece in PIECES:
            texts = (infested(case, piece, size) for size in (FEW, TIMES * FEW))
            for (where, short), (_, long) in zip(*texts, strict=True):
                taken[piece, where] = seconds(case, short), seconds(case, long)
        piece, where = max(taken, key=lambda at: taken[at][1])
        what = f"hostile {case.id}, {TIMES * FEW} characters, at most"
        milliseconds = 1000 * taken[piece, where][1]
        print(f"{what:68} {milliseconds:8.1f} ms  ({piece!r} at the {where})")
        growth = {at: long / max(short, LEAST) for at, (short, long) in taken.items()}
        piece, where = max(growth, key=lambda at: growth[at])
        what = f"hostile {case.id}, the growth when {TIMES} times as long, at most"
        print(f"{what:68} {growth[piece, where]:8.1f}     ({piece!r} at the {where})", flush=True)


def seconds(case: Case, text: str) -> float:
    """Seconds of this process's own that its reading takes: the least of several."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        read_all(case.format, text)
        taken.append(time.process_time() - began)
    return min(taken)

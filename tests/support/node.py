"""npm's own packages, asked in a child process: what the differential tests hold ours against.

They are installed by ``npm ci --ignore-scripts --prefix tests/differential/npm``; where they or
Node.js are missing, the test that asks is skipped.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parents[1] / "differential" / "npm"
_INSTALL = "npm ci --ignore-scripts --prefix tests/differential/npm"
_TIMEOUT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a function of ``oracle.mjs`` by name, and its arguments."""

    ask: str
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a value, or the code or message of what was thrown."""

    value: Any = None
    error: str | None = None


def ask_npm(questions: Iterable[Question]) -> list[Answer]:
    """The answers of npm's packages to *questions*, in their order, from one process."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not on the path")
    if not (_FOLDER / "node_modules").is_dir():
        pytest.skip(f"npm's packages are not installed: {_INSTALL}")
    asked = [json.dumps({"ask": each.ask, "with": each.args}) for each in questions]
    process = subprocess.run(
        [node, str(_FOLDER / "oracle.mjs")],
        input="\n".join(asked),
        capture_output=True,
        encoding="utf-8",
        timeout=_TIMEOUT_SECONDS,
        check=True,
    )
    answers = [Answer(**json.loads(line)) for line in process.stdout.split("\n") if line]
    assert len(answers) == len(asked), process.stderr
    return answers

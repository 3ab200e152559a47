"""A loopback registry and a project's folder for every end-to-end test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.stages import Stage, staged


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The usual packages, with no latency and no faults."""
    with staged(tmp_path) as stage:
        yield stage

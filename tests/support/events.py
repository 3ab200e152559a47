"""Waiting for what will happen, without guessing how long it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 20.0
"""Seconds after which a test gives up: far more than any machine needs."""


async def until(condition: Callable[[], object]) -> None:
    """Let the event loop turn until *condition* holds."""

    async def turn() -> None:
        while not condition():  # noqa: ASYNC110 - a condition need not have an event
            await asyncio.sleep(0.001)

    await asyncio.wait_for(turn(), PATIENCE)

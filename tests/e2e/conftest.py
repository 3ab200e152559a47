"""A loopback registry and a project's folder for every end-to-end test, and one that waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.editor import PATIENCE
from support.events import until
from support.loopback import Act, LoopbackServer, Request, serve_in_thread
from support.stages import Stage, staged


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The usual packages, with no latency and no faults."""
    with staged(tmp_path) as stage:
        yield stage


@dataclass
class Held:
    """A registry that says nothing of uvicorn before it may."""

    server: LoopbackServer
    may_answer: threading.Event

    @property
    def options(self) -> dict[str, object]:
        registries = {"pypi": {"url": self.server.url + "simple/"}}
        return {"registries": registries, "network": {"timeoutSeconds": 600}}

    async def is_asked(self) -> None:
        await until(lambda: any("uvicorn" in each.path for each in self.server.requests))


@pytest.fixture
def held(stage) -> Iterator[Held]:
    may_answer = threading.Event()

    async def late(request: Request) -> Act:
        if "uvicorn" in request.path:
            await asyncio.to_thread(may_answer.wait, PATIENCE)
        return await stage.registries(request)

    with serve_in_thread(late) as server:
        yield Held(server, may_answer)
        may_answer.set()

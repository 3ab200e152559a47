"""Each version of Neovim that there is, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.neovim_desks import Desk
from support.neovims import VERSIONS
from support.stages import staged


@pytest.fixture(params=VERSIONS)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with staged(tmp_path) as stage:
        yield Desk(name=request.param, stage=stage, folder=tmp_path)

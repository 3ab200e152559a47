"""A few hundred of the edits that scripts/soak makes by the thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.soak import soak


@pytest.mark.parametrize(("client", "seed"), [("emacs", 1), ("vscode", 2)])
async def test_nothing_sticks_of_what_was_typed(client: str, seed: int, tmp_path: Path):
    outcome = await soak(tmp_path, seed=seed, edits=250, client=client)
    assert not outcome.complaints, "\n".join(outcome.complaints)
    assert outcome.stderr == ""
    assert outcome.answers

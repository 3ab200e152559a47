"""The public registries themselves, about four packages that will not go away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.live

MANIFESTS = {
    "package.json": '{"dependencies": {"left-pad": "1.0.0", "@types/node": ">=1"}}',
    "requirements.txt": "six==1.10.0\nrequests==2.32.0\n",
}


def test_the_public_registries_answer(tmp_path: Path):
    for name, text in MANIFESTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "registry_lsp", "check", "--no-cache", "--format", "json"],
        cwd=tmp_path,
        env={**os.environ, "REGISTRY_LSP_NETWORK_TIMEOUT_SECONDS": "30"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (result.returncode, result.stderr) == (1, "")
    files = json.loads(result.stdout)["files"]
    found = {
        each["name"]: {finding["code"] for finding in each["findings"]}
        for file in files
        for each in file["dependencies"]
    }
    assert "outdated-minor" in found["left-pad"]
    assert found["@types/node"] == set()
    assert "outdated-minor" in found["six"]
    assert "yanked" in found["requests"]

"""Which files ``UV_CONSTRAINT`` names and what they leave, held against uv itself."""

from __future__ import annotations

import os
import subprocess

import pytest

from ecosystems.pypi.project.test_constraints import held
from registry_lsp.ecosystems.pypi.versions.dialects import SCHEMES
from support.dists import Dist

uv = pytest.importorskip("uv", reason="uv is not installed here")

VERSIONS = ("1.0", "2.0", "3.0", "4.0")
FILES = {"a.txt": "acme<4\n", "b.txt": "acme!=3.0\n-c c.txt\n", "c.txt": "acme!=2.0\n"}


@pytest.mark.parametrize(
    "named", ["", "a.txt", "b.txt", "a.txt b.txt", " a.txt  c.txt ", "ABSOLUTE/a.txt ./c.txt"]
)
def test_what_a_variable_leaves_is_what_uv_takes(named, tmp_path):
    folder, dists = tmp_path / "project", tmp_path / "dists"
    folder.mkdir()
    dists.mkdir()
    for each in VERSIONS:
        Dist(name="acme", version=each).write(dists)
    for name, text in {**FILES, "requirements.txt": "acme>=1\n"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    named = named.replace("ABSOLUTE", str(folder))
    command = [uv.find_uv_bin(), "pip", "compile", "--no-index", "--find-links", str(dists)]
    said = subprocess.run(
        [*command, "--quiet", "--no-header", "--no-annotate", "requirements.txt"],
        cwd=folder,
        env={**os.environ, "UV_CONSTRAINT": named, "UV_CACHE_DIR": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    theirs = said.stdout.strip().removeprefix("acme==")
    found = held(folder / "requirements.txt", {"UV_CONSTRAINT": named})
    requirement = SCHEMES["pep440"].parse(found[0] if found is not None else "")
    ours = [each for each in VERSIONS if requirement.admits(each)]
    assert theirs == ours[-1], said.stderr

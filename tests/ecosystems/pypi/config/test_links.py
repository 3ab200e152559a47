"""Folders that archives are looked for in."""

import sys
from pathlib import PureWindowsPath

import pytest

from registry_lsp.ecosystems.pypi.config.links import Links, links_of

SHARE = r"\\evil.example\share\archives"


@pytest.mark.skipif(sys.platform == "win32", reason="here a share is only a name")
def test_a_stranger_has_no_other_machine_looked_at(tmp_path, monkeypatch):
    """A folder that is called what is a share on Windows stands for that."""
    (tmp_path / SHARE).mkdir()
    (tmp_path / SHARE / "one-1.0.tar.gz").touch()
    monkeypatch.chdir(tmp_path)
    base = PureWindowsPath("C:/project")
    assert links_of((SHARE,), base, is_ours=True).versions == {"one": ("1.0",)}
    assert links_of((SHARE,), base, is_ours=False) == Links(has_pages=True)

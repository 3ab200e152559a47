"""What starts the server's copy in the extension for VS Code finds the parts for its Python."""

from __future__ import annotations

import platform
import sys
import sysconfig
from runpy import run_path

import pytest

from support.editor_files import ROOT

START = run_path(str(ROOT / "editors" / "vscode" / "start.py"))


@pytest.mark.parametrize(
    ("system", "machine", "python", "host", "expected"),
    [
        ("linux", "x86_64", "linux-x86_64", "x86_64-pc-linux-gnu", "linux-x86_64"),
        ("linux", "aarch64", "linux-aarch64", "aarch64-alpine-linux-musl", "linux-arm64-musl"),
        ("darwin", "arm64", "macosx-10.13-universal2", "", "darwin-arm64"),
        ("win32", "AMD64", "win-amd64", None, "win32-x86_64"),
        ("win32", "ARM64", "win-arm64", None, "win32-arm64"),
        ("win32", "ARM64", "win-amd64", None, "win32-x86_64"),
    ],
)
def test_the_python_decides(monkeypatch, system, machine, python, host, expected):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(sysconfig, "get_platform", lambda: python)
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: host)
    assert START["this_system"]() == expected

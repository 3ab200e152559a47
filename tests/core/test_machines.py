"""Whose machine a path leads to."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from registry_lsp.core.machines import is_on_another_machine

HERE = PureWindowsPath("C:/project/requirements.txt")
THERE = PureWindowsPath("//files.example/share/requirements.txt")


@pytest.mark.parametrize(
    "path", ["//evil.example/x/y", r"\\evil.example\x\y", "//?/UNC/evil.example/x/y"]
)
def test_a_share_is_another_machines(path):
    assert is_on_another_machine(HERE.parent / path, HERE)
    assert is_on_another_machine(HERE.parent / path, THERE)


def test_the_projects_own_share_is_none():
    assert not is_on_another_machine(THERE.parent / ".." / "x", THERE)
    assert not is_on_another_machine(PureWindowsPath("//FILES.example/Share/x"), THERE)
    assert not is_on_another_machine(PureWindowsPath("D:/x"), HERE)
    assert not is_on_another_machine(PurePosixPath("//evil.example/x/y"), PurePosixPath("/x"))

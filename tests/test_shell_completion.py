"""The completion of the command line, asked of the shells themselves where the machine has them."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from registry_lsp.cli import main
from registry_lsp.terminal.arguments import _COMPLETION_EPILOG, SHELLS

BASH = """\
source "$1"; shift
function=$(complete -p registry-lsp | sed 's/.*-F \\([^ ]*\\).*/\\1/')
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); "$function"
printf '%s\\n' "${COMPREPLY[@]}"
"""

PATIENCE = 60
"""Seconds after which a test gives up: far more than any machine needs."""

OWNING = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs a program that owns the terminal it reads from: tcsh edits lines nowhere else."""

SYNTAX = {"bash": ["-n"], "zsh": ["-n"], "fish": ["--no-execute"], "tcsh": ["-n"]}
"""How each is asked whether it can read a script, without running it."""


BEGUN = {
    "zsh": (
        ["-f", "-i"],
        "autoload -U compinit; compinit -u -D; PS1='rea''dy> '; eval \"$(cat {path})\"",
    ),
    "tcsh": (["-f"], "set autolist prompt='rea''dy> '; source {path}"),
}
"""How each is started at a terminal, and what it is told there first."""


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


def asked(program: str, arguments: list[str], folder: Path) -> list[str]:
    found = shutil.which(program)
    if found is None or sys.platform == "win32":
        pytest.skip(f"there is no {program} here")
    answer = subprocess.run(
        [found, *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stderr == ""
    return answer.stdout.splitlines()


@contextmanager
def at_a_terminal(program: str, arguments: list[str], folder: Path) -> Iterator[int]:
    """The descriptor of a terminal at which *program* runs."""
    found = shutil.which(program)
    if found is None or sys.platform == "win32":
        pytest.skip(f"there is no {program} here")
    ours, theirs = os.openpty()
    environ = {**os.environ, "TERM": "xterm", "HOME": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-c", OWNING, found, *arguments],
        cwd=folder,
        env=environ,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield ours
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def shown(terminal: int, *wanted: str) -> str:
    """What the terminal shows until all that is *wanted* is there, without how it moves about."""
    seen, until = "", time.monotonic() + PATIENCE
    while not all(each in seen for each in wanted):
        ready, _, _ = select.select([terminal], [], [], until - time.monotonic())
        assert ready, f"waited in vain for {wanted}: {seen!r}"
        seen += os.read(terminal, 65536).decode(errors="replace")
        seen = re.sub(r"\x1b[\[=>?0-9;]*[A-Za-z]?|\x07", "", seen)
    return seen


@pytest.mark.parametrize("shell", SHELLS)
def test_the_help_says_where_each_belongs(shell):
    assert f"registry-lsp completion {shell}" in _COMPLETION_EPILOG


@pytest.mark.parametrize("shell", SHELLS)
def test_there_is_a_script_for_each_shell(shell: str, capsys: pytest.CaptureFixture[str]):
    text = script(shell, capsys)
    assert "registry-lsp" in text
    assert "maintainer" in text
    assert text.endswith("\n")


@pytest.mark.parametrize("shell", SYNTAX)
def test_the_shell_can_read_it(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "script"
    path.write_text(script(shell, capsys))
    assert asked(shell, [*SYNTAX[shell], str(path)], tmp_path) == []


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["ch"], ["check"]),
        (["check", "--form"], ["--format"]),
        (["check", "--format", ""], ["table", "json"]),
        (["check", "ex"], ["examples"]),
        (["check", "--offline", "here", "ex"], ["examples"]),
        (["package", ""], ["npm", "pypi"]),
        (["package", "npm", "react", "--js"], ["--json"]),
        (["downloads", "npm", "react", "--period", "last-w"], ["last-week"]),
        (["completion", "po"], ["powershell"]),
    ],
)
def test_bash_completes_commands_options_and_what_they_take(
    words: list[str], offered: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "script"
    path.write_text(script("bash", capsys))
    (tmp_path / "examples").mkdir()
    given = ["-c", BASH, "bash", str(path), "registry-lsp", *words]
    assert asked("bash", given, tmp_path) == offered


@pytest.mark.parametrize("shell", BEGUN)
@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("ch", ["check "]),
        ("check --form", ["--format "]),
        ("check --format ", ["table", "json"]),
        ("check --offline here ex", ["examples/"]),
        ("package ", ["npm", "pypi"]),
        ("downloads npm react --period last-w", ["last-week "]),
        ("completion po", ["powershell "]),
    ],
)
def test_shells_complete_them_at_a_terminal(
    shell: str,
    typed: str,
    wanted: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    path = tmp_path / "script"
    path.write_text(script(shell, capsys))
    (tmp_path / "examples").mkdir()
    arguments, told = BEGUN[shell]
    with at_a_terminal(shell, arguments, tmp_path) as terminal:
        os.write(terminal, f"{told.format(path=path)}\n".encode())
        shown(terminal, "ready> ")
        os.write(terminal, f"registry-lsp {typed}\t\t".encode())
        shown(terminal, *wanted)


def test_fish_completes_them_and_says_what_they_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "script"
    path.write_text(script("fish", capsys))
    given = ["--no-config", "-c", f"source {path}; complete -C 'registry-lsp ver'"]
    names = [line.split("\t")[0] for line in asked("fish", given, tmp_path)]
    assert sorted(names) == ["version", "versions"]


def test_a_shell_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["completion", "cmd"])
    assert left.value.code == 2
    assert "choose from" in capsys.readouterr().err

"""The completion of the command line, asked of the shells themselves where the machine has them."""

from __future__ import annotations

import shutil
import subprocess
import sys
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

SYNTAX = {"bash": ["-n"], "zsh": ["-n"], "fish": ["--no-execute"], "tcsh": ["-n"]}
"""How each is asked whether it can read a script, without running it."""


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
        (["package", ""], ["npm", "pypi"]),
        (["package", "npm", "react", "--js"], ["--json"]),
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

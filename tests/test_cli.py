"""The command line as a process: what it takes, what it says, how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from registry_lsp import __version__
from registry_lsp.cli import main

CLEAN = {key: value for key, value in os.environ.items() if not key.startswith("REGISTRY_LSP_")}


def registry_lsp(
    *arguments: str, cwd: Path | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-m", "registry_lsp", *arguments, cwd=cwd, **environ)


def run(*command: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env={**CLEAN, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_version(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"registry-lsp {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "examples"),
    [
        (["--help"], ["registry-lsp check"]),
        (["-h"], ["registry-lsp check"]),
        (["check", "-h"], ["registry-lsp check --format json", "exit codes:", "--no-cache"]),
    ],
)
def test_help_shows_examples(
    arguments: list[str], examples: list[str], capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert [each for each in examples if each not in text] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-such-option"],
        ["no-such-command"],
        ["check", "--no-such-option"],
        ["check", "--form", "json"],
        ["check", "--format", "xml"],
        ["check", "--color", "sometimes"],
    ],
)
def test_a_usage_error_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "usage: registry-lsp" in captured.err


def test_a_path_that_is_not_there(tmp_path: Path):
    result = registry_lsp("check", "nowhere", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "registry-lsp: nowhere: there is no such file or folder\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
def test_a_folder_that_is_gone(tmp_path: Path):
    gone = tmp_path / "gone"
    gone.mkdir()
    program = f'rmdir "$PWD"; exec "{sys.executable}" -P -m registry_lsp check . package.json'
    if sys.version_info < (3, 11):
        program = program.replace(" -P", "")
    result = run("/bin/sh", "-c", program, cwd=gone)
    assert (result.returncode, result.stdout) == (2, "")
    first, second = result.stderr.splitlines()
    assert first.startswith("registry-lsp: .: ")
    assert second.startswith("registry-lsp: package.json: ")


def test_a_folder_without_manifests(tmp_path: Path):
    result = registry_lsp("check", cwd=tmp_path)
    assert result.returncode == 0
    assert "no manifests below ." in result.stderr


def test_a_server_whose_client_is_gone_ends():
    result = registry_lsp("--stdio")
    assert result.returncode in (0, 1)
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_serving_by_hand_says_what_it_waits_for():
    master, slave = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "registry_lsp"],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=CLEAN,
        encoding="utf-8",
    ) as process:
        try:
            assert "waiting for an editor on standard input" in process.stderr.readline()
        finally:
            process.kill()
            os.close(slave)
            os.close(master)

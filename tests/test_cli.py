"""The command line as a process: what it takes, what it says, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from registry_lsp import __version__
from registry_lsp.cli import main

CLEAN = {
    key: value
    for key, value in os.environ.items()
    if not key.startswith("REGISTRY_LSP_") and key != "PYTHONUNBUFFERED"
}
"""The environment without settings of ours, and with the streams as users have them."""


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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["package", "--json"], "The following arguments are required: REGISTRY, NAME."),
        (["versions", "npm", "react", "--pag", "2", "--json"], "Unrecognized arguments: --pag 2."),
        (["version", "--json", "npm", "a", "1", "more"], "Unrecognized arguments: more."),
        (
            ["downloads", "npm", "a", "--period", "--json"],
            "Argument --period: expected one argument.",
        ),
        (["search", "npm", "--json"], "The following arguments are required: QUERY."),
        (["check", "--json", "--depth"], "Unrecognized arguments: --depth."),
        (["check", "--format=json", "--verbose"], "Unrecognized arguments: --verbose."),
        (["check", "--format", "json", "--verbose"], "Unrecognized arguments: --verbose."),
    ],
)
def test_programs_get_a_usage_error_as_a_record(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    captured = capsys.readouterr()
    said = {"code": "invalid-parameter", "message": message, "retryable": False}
    assert json.loads(captured.out) == {"error": said}
    assert "usage: registry-lsp" in captured.err


def test_what_follows_two_dashes_is_no_option(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["package", "npm", "--", "react", "--json"])
    assert capsys.readouterr().out == ""


def test_programs_get_a_path_that_is_not_there_as_a_record(tmp_path: Path):
    result = registry_lsp("check", "--json", "nowhere", cwd=tmp_path)
    assert result.returncode == 2
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "invalid-parameter"
    assert error["message"] == "nowhere: there is no such file or folder."


def test_a_path_that_is_not_there(tmp_path: Path):
    result = registry_lsp("check", "nowhere", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "registry-lsp: nowhere: there is no such file or folder\n"


@pytest.mark.skipif(sys.platform == "win32", reason="takes a POSIX shell")
@pytest.mark.parametrize(
    ("closed", "arguments", "said"),
    [
        (">&-", "check package.json", "standard output is closed"),
        (">&-", "", "one of them is closed"),
        ("<&-", "", "one of them is closed"),
        (">&- 2>&-", "check package.json", ""),
        (">/dev/full", "check package.json", "could not be written: No space left on device"),
        (">/dev/full", "check package.json --format json", "could not be written: No space"),
        (">/dev/full", "--version", "standard output: No space left on device"),
        (">/dev/full 2>&1", "check package.json nowhere", ""),
    ],
)
def test_a_stream_that_takes_nothing(tmp_path: Path, closed: str, arguments: str, said: str):
    if "/dev/full" in closed and not Path("/dev/full").exists():
        pytest.skip("no device is always full here")
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    program = f'"{sys.executable}" -m registry_lsp {arguments} {closed}'
    result = run("/bin/sh", "-c", program, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == bool(said), "a sentence, and nothing of the interpreter's"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes what nobody reads")
@pytest.mark.parametrize("option", ["--version", "--help"])
def test_a_reader_that_is_gone_is_no_error(option: str):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as out:
        result = subprocess.run(
            [sys.executable, "-m", "registry_lsp", option],
            stdout=out,
            stderr=subprocess.PIPE,
            env=CLEAN,
            timeout=60,
            check=False,
        )
    assert (result.returncode, result.stderr) == (0, b"")


def test_nobody_need_read_what_goes_wrong(tmp_path: Path):
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    program = "import sys; sys.stderr = None; from registry_lsp.cli import main; sys.exit(main())"
    result = run(sys.executable, "-c", program, "check", "package.json", "nowhere", cwd=tmp_path)
    assert result.returncode == 2
    assert "package.json (npm, 0 dependencies)" in result.stdout


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

"""The scripts, run with Pythons that only pretend: what is found, what is said to be missing.

Each test has a project folder with a space in its name and a PATH with nothing on it but the
few tools that the scripts need, and the Pythons of the test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts are for POSIX shells")

PYTEST = "-m pytest -n auto --maxprocesses 4 --dist loadfile"
"""As it is run: in a process for each processor."""

SCRIPTS = ("bench", "demo", "editors-install", "fuzz", "package", "soak", "test", "vscode")
TOOLS = ("sh", "dirname", "basename", "cat", "cksum", "mkdir", "cp", "chmod")

PYTHON = """\
#!/bin/sh
# Pretends to be a Python: --VERSION--. It logs what it is asked to run.
case "$*" in
*ensurepip*venv*) printf %s '--VERSION--'; exit --STATUS-- ;;
*version_info*) exit --TOO_OLD-- ;;
'-m pip --version') exit 0 ;;
esac
{
    printf %s "$0"
    for word; do
        case $word in *' '*) printf ' [%s]' "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    echo
} >>"$LOG"
case "$*" in
'-m venv --clear '*) shift 3; mkdir -p "$1/bin"; cp "$0" "$1/bin/python" ;;
'-m pip install '*) exit "${PIP_STATUS:-0}" ;;
'-m registry_lsp '*) exit "${CHECK_STATUS:-1}" ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A folder of programs and a copy of the project's scripts."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "a project"

    @property
    def log(self) -> list[str]:
        path = self.folder / "log"
        return path.read_text().splitlines() if path.exists() else []

    def add_python(self, name: str, version: str = "3.11", status: int = 0) -> Path:
        """A Python called *name*; *status* is 3 where it is too old, 4 where it lacks venv."""
        path = self.folder / "bin" / name
        text = PYTHON.replace("--VERSION--", version).replace("--STATUS--", str(status))
        path.write_text(text.replace("--TOO_OLD--", str(int(status == 3))))
        path.chmod(0o755)
        return path

    def run(
        self, script: str, *arguments: str, cwd: Path | None = None, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        path = str(self.folder / "bin")
        return subprocess.run(
            [str(self.project / "scripts" / script), *arguments],
            cwd=cwd or self.folder,
            env={"PATH": path, "LOG": str(self.folder / "log"), **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    shutil.copytree(ROOT / "scripts", machine.project / "scripts")
    (machine.project / "examples").mkdir()
    (machine.project / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    return machine


def modules(machine: Machine) -> list[str]:
    """The modules that the Pythons were asked to run, each by its name and the next word."""
    return [
        " ".join(line.partition(" -m ")[2].split()[:2]) for line in machine.log if " -m " in line
    ]


@pytest.mark.parametrize("script", ["demo", "test"])
@pytest.mark.parametrize("name", ["python3.13", "python3.12", "python3.11", "python3.10", "python"])
def test_a_python_is_found_by_any_of_its_names(machine: Machine, script: str, name: str):
    python = machine.add_python(name)
    result = machine.run(script)
    assert result.returncode == 0, result.stderr
    assert machine.log[0] == f"{python} -m venv --clear .venv"


def test_an_old_python3_does_not_hide_a_newer_one(machine: Machine):
    machine.add_python("python3", "3.8", 3)
    newer = machine.add_python("python3.12", "3.12")
    assert machine.run("test").returncode == 0
    assert machine.log[0].startswith(str(newer))


def test_a_python_without_venv_does_not_hide_one_with_it(machine: Machine):
    machine.add_python("python3.13", "3.13", 4)
    other = machine.add_python("python3", "3.11")
    assert machine.run("test").returncode == 0
    assert machine.log[0].startswith(str(other))


def test_a_shim_without_its_python_is_passed_over(machine: Machine):
    shim = machine.folder / "bin" / "python3.13"
    shim.write_text("#!/bin/sh\necho 'no such version' >&2\nexit 127\n")
    shim.chmod(0o755)
    machine.add_python("python3.10", "3.10")
    result = machine.run("test")
    assert result.returncode == 0
    assert "no such version" not in result.stderr


@pytest.mark.parametrize("script", ["demo", "test"])
def test_too_old_a_python_is_said_to_be(machine: Machine, script: str):
    machine.add_python("python3", "3.9", 3)
    machine.add_python("python", "2.7", 3)
    result = machine.run(script)
    assert result.returncode == 2
    assert result.stderr.startswith(
        f"{script}: Python 3.10 or newer is needed, and there is only python3 (3.9), python (2.7)"
    )
    assert machine.log == []


@pytest.mark.parametrize("script", ["demo", "test"])
def test_no_python_at_all(machine: Machine, script: str):
    result = machine.run(script)
    assert result.returncode == 2
    assert "Python 3.10 or newer is needed, and none is on the PATH" in result.stderr
    assert "PYTHON=" in result.stderr


@pytest.mark.parametrize("script", ["demo", "test"])
def test_a_python_without_venv_is_said_to_lack_it(machine: Machine, script: str):
    machine.add_python("python3", "3.11", 4)
    machine.add_python("python", "2.7", 3)
    result = machine.run(script)
    assert result.returncode == 2
    assert "python3 cannot make virtual environments" in result.stderr
    assert "python3-venv" in result.stderr
    assert machine.log == []


def test_the_variable_names_the_python(machine: Machine):
    machine.add_python("python3.13", "3.13")
    chosen = machine.add_python("my python", "3.10")
    assert machine.run("test", PYTHON=str(chosen)).returncode == 0
    assert machine.log[0].startswith(str(chosen))


@pytest.mark.parametrize(
    ("version", "status", "complaint"),
    [
        ("3.9", 3, "or newer is needed, and PYTHON is "),
        ("3.11", 4, "cannot make virtual environments"),
    ],
)
def test_the_variable_names_a_python_that_will_not_do(
    machine: Machine, version: str, status: int, complaint: str
):
    machine.add_python("python3.13", "3.13")
    chosen = machine.add_python("old", version, status)
    result = machine.run("test", PYTHON=str(chosen))
    assert result.returncode == 2
    assert complaint in result.stderr
    assert str(chosen) in result.stderr


def test_the_variable_names_nothing(machine: Machine):
    machine.add_python("python3.13", "3.13")
    result = machine.run("test", PYTHON="/nowhere/python")
    assert result.returncode == 2
    assert "PYTHON is /nowhere/python, which is no program" in result.stderr


def test_the_variable_names_what_says_nothing(machine: Machine):
    chosen = machine.folder / "bin" / "shim"
    chosen.write_text("#!/bin/sh\nexit 1\n")
    chosen.chmod(0o755)
    result = machine.run("test", PYTHON=str(chosen))
    assert result.returncode == 2
    assert result.stderr == f"test: PYTHON is {chosen}, which does not run\n"


def test_the_variable_names_what_does_not_run(machine: Machine):
    chosen = machine.folder / "bin" / "shim"
    chosen.write_text("#!/bin/sh\necho 'no such version is installed' >&2\nexit 127\n")
    chosen.chmod(0o755)
    result = machine.run("test", PYTHON=str(chosen))
    assert result.returncode == 2
    assert f"PYTHON is {chosen}, which does not run:\nno such version" in result.stderr


def test_the_second_run_installs_nothing(machine: Machine):
    machine.add_python("python3")
    assert machine.run("test", "-q").returncode == 0
    assert modules(machine) == ["venv --clear", "pip install", "pip install", "pytest -n"]
    assert machine.run("test", "-q", cwd=machine.project / "scripts").returncode == 0
    assert modules(machine)[4:] == ["pytest -n"]


def test_a_change_of_pyproject_installs_anew(machine: Machine):
    machine.add_python("python3")
    assert machine.run("test").returncode == 0
    (machine.project / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    count = len(modules(machine))
    assert machine.run("test").returncode == 0
    assert modules(machine)[count:] == ["pip install", "pip install", "pytest -n"]


def test_a_moved_project_installs_anew(machine: Machine):
    machine.add_python("python3")
    assert machine.run("test").returncode == 0
    count = len(modules(machine))
    moved = machine.folder / "moved"
    machine.project.rename(moved)
    machine.project.symlink_to(moved)
    assert machine.run("test").returncode == 0
    assert modules(machine)[count:] == ["pip install", "pip install", "pytest -n"]


def test_the_real_servers_are_installed_before_the_tests_run(machine: Machine):
    machine.add_python("python3")
    assert machine.run("test").returncode == 0
    assert machine.log[-2:] == [
        ".venv/bin/python tests/support/servers.py",
        f".venv/bin/python {PYTEST}",
    ]


def test_ci_names_the_environment(machine: Machine):
    python = machine.add_python("python3.12")
    assert machine.run("test", VENV=".venv-3.12").returncode == 0
    assert machine.log[0] == f"{python} -m venv --clear .venv-3.12"
    assert machine.log[-1] == f".venv-3.12/bin/python {PYTEST}"


def test_a_failed_installation_is_tried_again(machine: Machine):
    machine.add_python("python3")
    result = machine.run("test", PIP_STATUS="1")
    assert result.returncode == 2
    assert "pip could not install what is needed" in result.stderr
    assert machine.run("test").returncode == 0
    assert modules(machine)[-1] == "pytest -n"


def test_arguments_go_to_pytest_as_they_are(machine: Machine):
    machine.add_python("python3")
    assert machine.run("test", "--live", "-k", "a b").returncode == 0
    assert machine.log[-1] == f".venv/bin/python {PYTEST} --live -k [a b]"


@pytest.mark.parametrize(
    ("status", "code", "word"),
    [
        ("0", 0, "Nothing was found"),
        ("1", 0, "Exit code 1, as it should be"),
        ("2", 2, "not everything could be asked"),
        ("130", 130, ""),
    ],
)
def test_the_demo_explains_how_the_check_ended(machine: Machine, status: str, code: int, word: str):
    machine.add_python("python3")
    result = machine.run("demo", CHECK_STATUS=status)
    assert result.returncode == code
    assert word in result.stderr
    assert machine.log[-1] == ".venv/bin/python -m registry_lsp check examples"


@pytest.mark.parametrize("script", [*SCRIPTS, "environment.sh"])
def test_no_script_needs_more_than_a_posix_shell(script: str):
    dash = shutil.which("dash")
    if dash is None:
        pytest.skip("dash is not installed")
    subprocess.run([dash, "-n", str(ROOT / "scripts" / script)], check=True)


@pytest.mark.parametrize(
    "path",
    [*(f"scripts/{each}" for each in SCRIPTS), ".ci/run"],
)
def test_scripts_can_be_executed(path: str):
    assert os.access(ROOT / path, os.X_OK)

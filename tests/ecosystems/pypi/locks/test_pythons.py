"""Which Python a project is installed on, by the files that tell."""

import sys
import venv
from pathlib import Path

import pytest

from registry_lsp.ecosystems.pypi.locks.pythons import Python, python_of
from registry_lsp.session.files import FileStore, Sight
from support.locked import lock_of


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def python(folder, manifest="requirements.txt"):
    found = lock_of(folder / manifest).python
    return (found.version, found.by) if found is not None else None


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("home = /usr/bin\nversion = 3.11.2\n", "3.11.2"),
        ("home=/usr/bin\r\nversion=3.11.2\r\n", "3.11.2"),
        ("VERSION = 3.11.2", "3.11.2"),
        ("virtualenv = 20.26\nversion_info = 3.9.19.final.0\nversion = 3.9.19", "3.9.19"),
        ("uv = 0.5.4\nversion_info = 3.13.0rc1\n", "3.13.0"),
        ("version_info = 3.13\n", "3.13"),
        ("version_info = \nversion = 3.12.1\n", "3.12.1"),
        ("version = 2.7.18\n", None),
        ("version = three\n", None),
        ("version\n", None),
        ("version = 3.11111111111\n", None),
        ("", None),
        ("\xff\x00 = \x00", None),
    ],
)
def test_an_environment_says_which_it_has(text, version, tmp_path):
    write(tmp_path, ".venv/pyvenv.cfg", text)
    assert python(tmp_path) == (version and (version, ".venv"))


def test_an_environment_of_the_standard_library_says_it(tmp_path):
    venv.create(tmp_path / "venv", with_pip=False, symlinks=sys.platform != "win32")
    assert python(tmp_path) == ("{}.{}.{}".format(*sys.version_info), "venv")


def test_what_runs_these_tests_says_it():
    found = python_of(Path(sys.prefix), Sight(FileStore()))
    assert found is not None
    assert found.version.split(".")[:2] == [str(each) for each in sys.version_info[:2]]


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.11\n", "3.11"),
        ("3.11.4", "3.11.4"),
        ("# ours\n\n3.11.4\n3.9.1\n", "3.11.4"),
        ("3.11.4  # ours\n", "3.11.4"),
        ("3.9.1 3.8.2\n", "3.9.1"),
        ("cpython@3.12\n", "3.12"),
        ("cpython-3.12.3-linux-x86_64-gnu\n", "3.12.3"),
        ("python3.12\n", "3.12"),
        ("pypy3.10-7.3.16\n", "3.10"),
        ("pypy@3.10\n", "3.10"),
        ("3.13t\n", "3.13"),
        ("3.14.0a1\n", "3.14.0"),
        ("3.13-dev\n", "3.13"),
        ("system\n", None),
        ("miniconda3-24.1\n", None),
        (">=3.11,<3.13\n", None),
        ("3\n", None),
        ("3.1.2.3\n", None),
        ("2.7.18\n", None),
        ("", None),
    ],
)
def test_a_pin_says_which_is_taken(text, version, tmp_path):
    write(tmp_path, ".python-version", text)
    assert python(tmp_path) == (version and (version, ".python-version"))


def test_what_the_environment_has_stands_over_the_pin(tmp_path):
    write(tmp_path, ".python-version", "3.12\n")
    write(tmp_path, ".venv/pyvenv.cfg", "version = 3.11.2\n")
    assert python(tmp_path) == ("3.11.2", ".venv")
    assert python(tmp_path, "Pipfile") == ("3.11.2", ".venv")


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
def test_uv_makes_an_environment_anew_that_the_pin_does_not_fit(name, tmp_path):
    write(tmp_path, "pyproject.toml", "[project]\nname = 'own'\n")
    write(tmp_path, ".python-version", "3.12\n")
    write(tmp_path, ".venv/pyvenv.cfg", "version_info = 3.11.2\n")
    assert python(tmp_path, "pyproject.toml") == ("3.11.2", ".venv")
    if name == "uv.lock":
        write(tmp_path, name, 'version = 1\n[[package]]\nname = "idna"\nversion = "3.7"\n')
    else:
        write(tmp_path, name, "[project]\nname = 'own'\n[tool.uv]\npackage = false\n")
    assert python(tmp_path, "pyproject.toml") == ("3.12", ".python-version")
    write(tmp_path, ".venv/pyvenv.cfg", "version_info = 3.12.9\n")
    assert python(tmp_path, "pyproject.toml") == ("3.12.9", ".venv")


def test_they_are_looked_for_up_to_the_repository(tmp_path):
    write(tmp_path, ".python-version", "3.9\n")
    write(tmp_path, "one/.git/HEAD", "ref: refs/heads/main\n")
    write(tmp_path, "one/two/requirements.txt", "idna\n")
    assert python(tmp_path / "one/two") is None
    write(tmp_path, "one/.python-version", "3.10\n")
    assert python(tmp_path / "one/two") == ("3.10", ".python-version")
    write(tmp_path, "one/two/.python-version", "system\n")
    assert python(tmp_path / "one/two") is None
    write(tmp_path, "one/venv/pyvenv.cfg", "version = 3.11.2\n")
    assert python(tmp_path / "one/two") == ("3.11.2", "venv")


def test_scripts_and_the_environments_of_hatch_have_their_own(tmp_path):
    write(tmp_path, ".venv/pyvenv.cfg", "version = 3.11.2\n")
    write(tmp_path, ".python-version", "3.11\n")
    assert python(tmp_path, "run.py") is None
    assert python(tmp_path, "hatch.toml") is None


def test_its_requirement_is_it_alone():
    assert Python(version="3.11.2", by=".venv").requirement == "==3.11.2"
    assert Python(version="3.11", by=".venv").requirement == "==3.11.*"

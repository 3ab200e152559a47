"""What is installed in a project's virtual environment, and how far one is looked for."""

from __future__ import annotations

import importlib.metadata
import sys
import sysconfig
from pathlib import Path

import pytest

from registry_lsp.core.manifests import Locked, Source
from registry_lsp.ecosystems.pypi.locks.installed import installed_in
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.session.files import FileStore, Sight
from support.locked import dependency, install, lock_of


def test_what_runs_these_tests_is_what_the_standard_library_sees():
    """An environment that real installers have made: pip or uv, with an editable project in it."""
    found = installed_in(Path(sys.prefix), Sight(FileStore()))
    seen = {
        (normalise(each.metadata["Name"]), each.version)
        for each in importlib.metadata.distributions(path=[sysconfig.get_path("purelib")])
    }
    assert {(name, each.version) for name, its in found.items() for each in its} == seen


def versions(folder, name, *, manifest="requirements.txt", **more):
    return [each.version for each in lock_of(folder / manifest).locked(dependency(name, **more))]


@pytest.mark.parametrize(
    ("name", "project", "version"),
    [
        ("demo_mixed_case-0.3.dist-info", "Demo_Mixed.Case", "0.3"),
        ("Zope.Interface-5.0.post1.dist-info", "zope-interface", "5.0.post1"),
        ("old_style-1.0-py3.12.egg-info", "old-style", "1.0"),
        ("binary-1.0-py3.12-linux_x86_64.egg-info", "binary", "1.0"),
        ("bare-1.0.egg-info", "bare", "1.0"),
        ("local-1.0+cu118.dist-info", "local", "1.0+cu118"),
        ("epoch-1!2.0.dist-info", "epoch", "1!2.0"),
    ],
)
def test_the_names_of_folders_tell(name, project, version, tmp_path):
    install(tmp_path / ".venv", name)
    assert versions(tmp_path, project) == [version]


@pytest.mark.parametrize(
    "name",
    [
        "one-1.0",
        "one-1.0.dist-info.bak",
        "one.egg-info",
        "-1.0.dist-info",
        "one-.dist-info",
        "one-banana.dist-info",
        "~ne-1.0.dist-info",
        ".dist-info",
        "-info",
    ],
)
def test_other_names_tell_nothing(name, tmp_path):
    install(tmp_path / ".venv", name, "two-2.dist-info")
    lock = lock_of(tmp_path / "requirements.txt")
    assert set(lock.installed) == {"two"}


def test_metadata_tells_where_the_name_does_not(tmp_path):
    packages = install(tmp_path / ".venv", "one.dist-info", "two.dist-info", "three.dist-info")
    (packages / "one.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: One\nVersion: 1.5\n\nName: other\nVersion: 9\n"
    )
    (packages / "two.dist-info" / "METADATA").write_bytes(b"\xff\xfe\x00 no\nheaders")
    assert set(lock_of(tmp_path / "requirements.txt").installed) == {"one"}
    assert versions(tmp_path, "one") == ["1.5"]


@pytest.mark.parametrize(
    "python", ["lib/python3.12", "lib/python3.13t", "lib/pypy3.10", "Lib"], ids=str
)
def test_the_layouts_of_every_system(python, tmp_path):
    install(tmp_path / "venv", "one-1.0.dist-info", python=python)
    lock = lock_of(tmp_path / "requirements.txt")
    assert lock.locked(dependency("one")) == (Locked(version="1.0", by="venv"),)


def metadata(folder, name, *, manifest="requirements.txt", **more):
    pointers = lock_of(folder / manifest).entry(dependency(name, **more))
    return [
        (pointer.path, [each.name.slice(text) for each in pointer.find(text)])
        for pointer in pointers
        for text in [(folder / pointer.path).read_text("utf-8")]
    ]


def test_what_is_installed_is_told_of_by_its_own_metadata(tmp_path):
    packages = install(tmp_path / ".venv", "One-1.0.dist-info", "two-2.0-py3.12.egg-info")
    (packages / "One-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nname: One\nVersion: 1.0\n\nName: other\n"
    )
    (packages / "two-2.0-py3.12.egg-info" / "PKG-INFO").write_text("Version: 2.0\n\nName: x\n")
    place = packages.relative_to(tmp_path).as_posix()
    one = [(f"{place}/One-1.0.dist-info/METADATA", ["One"])]
    assert metadata(tmp_path, "one") == one
    assert metadata(tmp_path, "one", specifier="==1") == one
    assert metadata(tmp_path, "one", specifier="==1.1") == []
    assert metadata(tmp_path, "one", source=Source.GIT) == []
    assert metadata(tmp_path, "two") == [(f"{place}/two-2.0-py3.12.egg-info/PKG-INFO", [""])]
    assert metadata(tmp_path, "three") == []


def test_it_is_found_from_deeper_in_the_repository(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "a" / "b").mkdir(parents=True)
    packages = install(tmp_path / "venv", "one-1.0.dist-info")
    (packages / "one-1.0.dist-info" / "METADATA").write_text("Name: one\n")
    ((path, found),) = metadata(tmp_path / "a" / "b", "one")
    assert path.startswith("../../venv/")
    assert found == ["one"]


def test_a_folder_without_its_mark_is_no_environment(tmp_path):
    install(tmp_path / ".venv", "one-1.0.dist-info")
    (tmp_path / ".venv" / "pyvenv.cfg").unlink()
    assert versions(tmp_path, "one") == []
    install(tmp_path / "venv", "one-1.1.dist-info")
    assert versions(tmp_path, "one") == ["1.1"]


def test_a_pin_stands_over_what_is_installed(tmp_path):
    install(tmp_path / ".venv", "one-1.0.dist-info")
    assert versions(tmp_path, "one", specifier="==0.9") == []
    assert versions(tmp_path, "one", specifier="==0.*") == ["1.0"]
    assert versions(tmp_path, "one", specifier="no version") == ["1.0"]


def test_what_comes_from_elsewhere_is_not_judged_by_what_is_installed(tmp_path):
    install(tmp_path / ".venv", "one-1.0.dist-info")
    assert versions(tmp_path, "one", source=Source.GIT) == []


def test_an_environment_is_looked_for_as_far_as_the_repository(tmp_path):
    repository = tmp_path / "repository"
    folder = repository / "requirements" / "deep"
    folder.mkdir(parents=True)
    install(tmp_path / ".venv", "one-1.0.dist-info")
    (repository / ".git").mkdir()
    (repository / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert versions(folder, "one") == []
    install(repository / ".venv", "one-1.1.dist-info")
    assert versions(folder, "one") == ["1.1"]
    install(folder.parent / "venv", "one-1.2.dist-info")
    assert versions(folder, "one") == ["1.2"]


def test_a_submodule_is_a_repository(tmp_path):
    folder = tmp_path / "sub" / "deep"
    folder.mkdir(parents=True)
    install(tmp_path / ".venv", "one-1.0.dist-info")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert versions(folder, "one") == ["1.0"]
    (tmp_path / "sub" / ".git").write_text("gitdir: ../.git/modules/sub\n")
    assert versions(folder, "one") == []


def test_without_a_repository_no_other_folder_is_looked_into(tmp_path):
    (tmp_path / "folder").mkdir()
    install(tmp_path / ".venv", "one-1.0.dist-info")
    assert versions(tmp_path / "folder", "one") == []
    assert versions(tmp_path, "one") == ["1.0"]

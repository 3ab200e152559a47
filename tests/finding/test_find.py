"""Which manifests are found below a path, and what is passed over."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.ecosystems import discover
from registry_lsp.finding.find import Search, find_manifests, holds_everything
from support.checked import NPM, PYPI, NamedFormat, ecosystem

HOME = Path("/nonexistent-home")


def tree(root: Path, *names: str) -> None:
    """Make files (and the folders above them); a name that ends in a slash is a folder."""
    for name in names:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{}", encoding="utf-8")


def search(*paths: Path, home: Path = HOME, environ: dict[str, str] | None = None) -> Search:
    return find_manifests(paths, [NPM, PYPI], home=home, environ=environ or {})


def found_below(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path, _, _ in search(root).files]


def test_a_folder_is_walked_in_order(tmp_path: Path):
    tree(tmp_path, "b/package.json", "a/requirements.txt", "package.json", "a/deep/er/package.json")
    tree(tmp_path, "my-package.json", "a/setup.py", "pyproject.toml")
    assert found_below(tmp_path) == [
        "package.json",
        "pyproject.toml",
        "a/requirements.txt",
        "a/deep/er/package.json",
        "b/package.json",
    ]
    assert search(tmp_path).complaints == ()


def test_a_manifest_comes_with_what_reads_it(tmp_path: Path):
    tree(tmp_path, "pyproject.toml")
    ((path, ecosystem, format),) = search(tmp_path).files
    assert (path, ecosystem.name, format.name) == (
        tmp_path / "pyproject.toml",
        "pypi",
        "pyproject.toml",
    )


def test_other_peoples_manifests_are_passed_over(tmp_path: Path):
    others = ("node_modules/x", ".venv/lib", "venv/lib", ".tox/py", ".nox/py", "__pypackages__/3")
    tree(tmp_path, *(f"{folder}/package.json" for folder in others))
    tree(tmp_path, ".git/package.json", ".hg/package.json", "lib/site-packages/pyproject.toml")
    tree(tmp_path, "env/pyvenv.cfg", "env/lib/requirements.txt", "kept/package.json")
    assert found_below(tmp_path) == ["kept/package.json"]


def test_what_is_named_is_walked_all_the_same(tmp_path: Path):
    tree(tmp_path, "node_modules/x/package.json", "env/pyvenv.cfg", "env/lib/requirements.txt")
    assert found_below(tmp_path / "node_modules") == ["x/package.json"]
    assert found_below(tmp_path / "env") == ["lib/requirements.txt"]


def test_a_named_file_is_taken_even_where_git_ignores_it(tmp_path: Path):
    tree(tmp_path, ".git/", "package.json")
    (tmp_path / ".gitignore").write_text("package.json\n", encoding="utf-8")
    assert found_below(tmp_path) == []
    assert [path for path, _, _ in search(tmp_path / "package.json").files] == [
        tmp_path / "package.json"
    ]


def test_a_file_is_found_once(tmp_path: Path):
    tree(tmp_path, "a/package.json")
    files = search(tmp_path / "a/package.json", tmp_path, tmp_path / "a").files
    assert [path for path, _, _ in files] == [tmp_path / "a/package.json"]


def test_what_cannot_be_checked_is_said_and_stops_nothing_else(tmp_path: Path):
    tree(tmp_path, "setup.cfg", "package.json")
    wrong = [tmp_path / "setup.cfg", tmp_path / "nowhere", tmp_path / "setup.cfg" / "package.json"]
    result = search(*wrong, tmp_path / "package.json")
    kinds = "not a manifest (package.json, requirements.txt, pyproject.toml)"
    absent = "there is no such file or folder"
    assert result.complaints == tuple(
        f"{path}: {said}" for path, said in zip(wrong, (kinds, absent, absent), strict=True)
    )
    assert [path.name for path, _, _ in result.files] == ["package.json"]


LONGEST = 4095
"""Bytes of the longest path that Linux takes, and macOS takes fewer."""


@pytest.mark.skipif(sys.platform != "linux", reason="how long a path may be differs")
def test_what_the_system_refuses_to_look_at_is_said_and_stops_nothing_else(tmp_path: Path):
    tree(tmp_path, "package.json")
    long = tmp_path / ("x" * 300) / "package.json"
    result = search(long, tmp_path)
    assert result.complaints == (f"{long}: File name too long",)
    assert [path.parent for path, _, _ in result.files] == [tmp_path]


@pytest.mark.skipif(sys.platform != "linux", reason="how long a path may be differs")
def test_a_folder_in_which_nothing_can_be_looked_for_stops_nothing_else(tmp_path: Path):
    tree(tmp_path, "package.json")
    folder = tmp_path
    while (room := LONGEST - len(bytes(folder)) - 2) > 200:
        folder /= "d" * min(200, room)
    folder /= "d" * (room - 1)  # it is there, and no name of two letters fits into it
    folder.mkdir(parents=True)
    assert [path.parent for path, _, _ in search(tmp_path).files] == [tmp_path]


def test_paths_stay_as_they_were_given(tmp_path: Path):
    tree(tmp_path, "a/package.json")
    relative = Path(os.path.relpath(tmp_path)) / "a"
    assert [path for path, _, _ in search(relative).files] == [relative / "package.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_links_are_not_followed_unless_named(tmp_path: Path):
    tree(tmp_path, "outside/secret", "outside/package.json", "project/deep/")
    project = tmp_path / "project"
    (project / "deep" / "up").symlink_to(project, target_is_directory=True)
    (project / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
    (project / "requirements.txt").symlink_to(tmp_path / "outside" / "secret")
    (project / "package.json").symlink_to("package.json")
    assert found_below(project) == []
    assert len(search(project / "out").files) == 1
    assert len(search(project / "requirements.txt").files) == 1


ECOSYSTEMS = discover()
LISTED = ecosystem("listed", "listed/*.txt")


def test_a_manifest_by_its_folders_name_is_one_from_within(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tree(tmp_path, "listed/base.txt")
    monkeypatch.chdir(tmp_path / "listed")
    for path in (Path(), Path("base.txt"), Path("..", "listed", "base.txt")):
        result = find_manifests([path], [LISTED], home=HOME, environ={})
        assert [each[0].name for each in result.files] == ["base.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_manifest_by_its_folders_name_is_one_through_a_link(tmp_path: Path):
    tree(tmp_path, "listed/base.txt")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "listed", target_is_directory=True)
    for path in (link, link / "base.txt"):
        result = find_manifests([path], [LISTED], home=HOME, environ={})
        assert [each[0] for each in result.files] == [link / "base.txt"]


def test_a_source_of_requirements_is_taken_where_it_is_named(tmp_path: Path):
    tree(tmp_path, "dev.in", "configure.in", "requirements.in", "dev.txt")
    named = [tmp_path / "dev.in", tmp_path / "dev.txt"]
    result = find_manifests([*named, tmp_path], ECOSYSTEMS, home=HOME, environ={})
    found = [(path.name, ecosystem.name, format.name) for path, ecosystem, format in result.files]
    assert found == [
        ("dev.in", "pypi", "requirements.txt"),
        ("requirements.in", "pypi", "requirements.txt"),
    ]
    (complaint,) = result.complaints
    assert "dev.txt: not a manifest" in complaint
    assert search(tmp_path / "dev.in").files == (), "no format here has such files"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_only_regular_files_are_opened(tmp_path: Path):
    os.mkfifo(tmp_path / "package.json")
    tree(tmp_path, "requirements.txt/")
    assert found_below(tmp_path) == []


@contextmanager
def without_privileges() -> Iterator[None]:
    """As somebody whom permissions bind: the superuser may read everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
@pytest.mark.parametrize(("mode", "found"), [(0, ["b"]), (0o644, ["a", "b"])])
def test_a_folder_that_may_not_be_entered_hides_nothing_else(mode: int, found: list[str]):
    with TemporaryDirectory() as name:  # pytest's own folders are closed to others
        root = Path(name)
        root.chmod(0o755)
        tree(root, "a/package.json", "b/package.json")
        (root / "a").chmod(mode)
        with without_privileges():
            result = search(root / "a" / "package.json", root)
        (root / "a").chmod(0o700)
    assert [path.parent.name for path, _, _ in result.files] == found
    named, *below = result.complaints
    assert named == f"{root / 'a' / 'package.json'}: Permission denied"
    assert below == ([] if "a" in found else [f"{root / 'a'}: Permission denied"])


def test_a_deep_tree_is_no_trouble(tmp_path: Path):
    depth = 300
    folder = tmp_path
    for _ in range(depth):
        folder /= "d"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text("{}", encoding="utf-8")
    assert found_below(tmp_path) == ["d/" * depth + "package.json"]


# --- what a text decides --------------------------------------------------------------------------

SCRIPTS = replace(NPM, formats=(NamedFormat("*.py", mark="# /// script"),))


def scripts_at(path: Path) -> Search:
    return find_manifests([path], [SCRIPTS], home=HOME, environ={})


def test_of_a_format_that_asks_for_a_mark_only_files_with_it_are_found(tmp_path: Path):
    (tmp_path / "plain.py").write_text("print()\n")
    (tmp_path / "script.py").write_text("# /// script\n# ///\n")
    (tmp_path / "binary.py").write_bytes(b"# /// script\xff\n")
    found = scripts_at(tmp_path)
    assert [path.name for path, _, _ in found.files] == ["script.py"]
    assert found.complaints == ()


def test_a_named_file_without_the_mark_is_no_manifest(tmp_path: Path):
    (tmp_path / "plain.py").write_text("print()\n")
    found = scripts_at(tmp_path / "plain.py")
    assert found.files == ()
    assert "not a manifest" in found.complaints[0]


LISTS = replace(PYPI, formats=(NamedFormat("needs.txt", refused="==="),))


def test_a_file_by_its_name_is_none_where_its_text_says_so(tmp_path: Path):
    tree(tmp_path, "a/needs.txt", "b/needs.txt", "c/needs.txt")
    (tmp_path / "b" / "needs.txt").write_text("What is needed\n===", encoding="utf-8")
    (tmp_path / "c" / "needs.txt").write_bytes(b"=== \xff")
    found = find_manifests([tmp_path], [LISTS], home=HOME, environ={})
    assert [path.parent.name for path, _, _ in found.files] == ["a", "c"], "c cannot be judged"
    assert found.complaints == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
@pytest.mark.parametrize(("form", "is_found"), [(LISTS, True), (SCRIPTS, False)])
def test_a_file_that_may_not_be_read_is_one_where_its_name_says_so(form: Ecosystem, is_found: bool):
    with TemporaryDirectory() as name:  # pytest's own folders are closed to others
        root = Path(name)
        root.chmod(0o755)
        tree(root, "needs.txt", "script.py")
        for path in root.iterdir():
            path.chmod(0)
        with without_privileges():
            result = find_manifests([root], [form], home=HOME, environ={})
    assert [path.name for path, _, _ in result.files] == ["needs.txt"] * is_found
    said = [f"{root / 'script.py'}: Permission denied"]
    assert list(result.complaints) == ([] if is_found else said)


# --- where somebody waits -------------------------------------------------------------------------


def test_beyond_so_many_folders_nothing_is_looked_at_and_that_is_said(tmp_path: Path):
    tree(tmp_path, *(f"{name}/package.json" for name in "abcd"))
    found = find_manifests([tmp_path], ECOSYSTEMS, home=HOME, environ={}, most=3)
    assert [path.parent.name for path, _, _ in found.files] == ["a", "b"]
    assert found.complaints == (f"{tmp_path}: not all of its folders were looked through",)
    whole = find_manifests([tmp_path], ECOSYSTEMS, home=HOME, environ={}, most=5)
    assert len(whole.files) == 4
    assert whole.complaints == ()


def test_a_search_that_is_given_up_ends_at_the_next_folder(tmp_path: Path):
    tree(tmp_path, *(f"{name}/package.json" for name in "abcd"))
    answers = iter((False, False, True))
    found = find_manifests(
        [tmp_path], ECOSYSTEMS, home=HOME, environ={}, is_given_up=lambda: next(answers)
    )
    assert [path.parent.name for path, _, _ in found.files] == ["a"]
    assert len(found.complaints) == 1


def test_a_home_what_lies_around_it_and_a_disk_are_no_workspace(tmp_path: Path):
    home = tmp_path / "home" / "ada"
    for each in (home, home.parent, Path(tmp_path.anchor)):
        assert holds_everything(each, home)
    for each in (home / "project", home.parent / "bert", tmp_path / "work"):
        assert not holds_everything(each, home)

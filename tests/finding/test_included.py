"""Files that are manifests because others include them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from registry_lsp.ecosystems import discover
from registry_lsp.finding.find import find_manifests, manifests_below

HOME = Path("/nonexistent-home")


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("DOT", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(*paths: Path) -> list[tuple[str, str]]:
    search = find_manifests(paths, discover(), home=HOME, environ={})
    return [(path.as_posix(), format.name) for path, _, format in search.files]


def names(folder: Path) -> list[tuple[str, str]]:
    return [(path.removeprefix(f"{folder.as_posix()}/"), name) for path, name in found(folder)]


def test_what_is_included_comes_behind_the_others(tmp_path):
    write(
        tmp_path,
        requirementsDOTtxt="-r inner/base.reqs\n-c limits.txt\n-r requirements.txt\n-r gone.txt\n",
        limitsDOTtxt="acme<2\n-r deeper.txt\n",
        deeperDOTtxt="-r ../beyond.txt\n",
        inner__baseDOTreqs="acme\n",
        otherDOTtxt="acme\n",
        pyprojectDOTtoml="",
    )
    write(tmp_path.parent, beyondDOTtxt="acme\n")
    assert names(tmp_path) == [
        ("pyproject.toml", "pyproject.toml"),
        ("requirements.txt", "requirements.txt"),
        ("inner/base.reqs", "requirements.txt"),
        ("limits.txt", "constraints.txt"),
        ("deeper.txt", "requirements.txt"),
    ]


def test_what_a_walk_passes_over_is_passed_over(tmp_path):
    lines = ("node_modules/a.txt", "built/b.txt", "c.txt", "d", "kept.txt")
    write(
        tmp_path,
        requirementsDOTtxt="".join(f"-r {each}\n" for each in lines),
        DOTgitignore="built/\nc.txt\n",
        node_modules__aDOTtxt="acme\n",
        built__bDOTtxt="acme\n",
        cDOTtxt="acme\n",
        keptDOTtxt="acme\n",
    )
    (tmp_path / ".git").mkdir()
    (tmp_path / "d").mkdir()
    assert [name for name, _ in names(tmp_path)] == ["requirements.txt", "kept.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_are_not_followed(tmp_path):
    write(tmp_path, project__requirementsDOTtxt="-r link.txt\n", baseDOTtxt="acme\n")
    (tmp_path / "project" / "link.txt").symlink_to(tmp_path / "base.txt")
    assert [name for name, _ in names(tmp_path / "project")] == ["requirements.txt"]


def test_paths_are_told_as_they_were_named(tmp_path, monkeypatch):
    write(tmp_path, req__requirementsDOTtxt="-r base.txt\n", req__baseDOTtxt="acme\n")
    monkeypatch.chdir(tmp_path)
    assert [name for name, _ in found(Path("req"))] == ["req/requirements.txt", "req/base.txt"]


def test_a_named_file_is_what_another_includes_it_as(tmp_path):
    write(
        tmp_path,
        requirementsDOTtxt="-c req/limits.reqs\n",
        req__limitsDOTreqs="acme<2\n",
        req__aloneDOTtxt="acme<2\n",
        req__notesDOTtxt="Nothing that pip could read\nat all, as it is text.\n",
    )
    folder = tmp_path / "req"
    assert [name for _, name in found(folder / "limits.reqs")] == ["constraints.txt"]
    assert [name for _, name in found(folder / "alone.txt")] == ["requirements.txt"]
    assert found(folder / "notes.txt") == []


def test_who_asks_which_names_are_private_reads_them_too(tmp_path):
    write(tmp_path, requirementsDOTtxt="-r base.txt\n", baseDOTtxt="acme\n")
    found = manifests_below(tmp_path, discover(), home=HOME, environ={}, most=10)
    assert [path.name for path, _, _ in found or ()] == ["requirements.txt", "base.txt"]

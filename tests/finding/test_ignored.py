"""What git ignores: held to git itself where it is installed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from registry_lsp.finding.ignored import Ignored, ignored_at

HOME = Path("/nonexistent-home")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


def ignored_below(
    root: Path, *, home: Path = HOME, environ: Mapping[str, str] | None = None
) -> set[str]:
    """Every file and folder below *root* that is ignored, folders whole, with a slash."""
    found = set()
    real = os.path.realpath(root)

    def walk(folder: str, rules: Ignored) -> None:
        for entry in os.scandir(folder):
            if entry.name == ".git":
                continue
            name = os.path.relpath(entry.path, real).replace(os.sep, "/")
            if rules.covers(entry.path, is_folder=entry.is_dir()):
                found.add(name + "/" * entry.is_dir())
            elif entry.is_dir():
                walk(entry.path, rules.below(entry.path))

    walk(real, ignored_at(real, home=home, environ=environ or {}))
    return found


def test_nothing_is_ignored_outside_a_repository(tmp_path: Path):
    write(tmp_path / ".gitignore", "*\n")
    write(tmp_path / "package.json", "{}")
    assert ignored_below(tmp_path) == set()


def test_deeper_rules_come_first(tmp_path: Path):
    write(tmp_path / ".git/HEAD", "")
    write(tmp_path / ".gitignore", "*.json\nbuild/\n")
    write(tmp_path / "a/.gitignore", "!package.json\n")
    for name in (
        "package.json",
        "a/package.json",
        "a/other.json",
        "build/x",
        "a/build/x",
        "c/build",
    ):
        write(tmp_path / name, "")
    assert ignored_below(tmp_path) == {"package.json", "a/other.json", "build/", "a/build/"}


def test_rules_above_the_folder_hold_in_it(tmp_path: Path):
    write(tmp_path / ".git/HEAD", "")
    write(tmp_path / ".gitignore", "/a/b/*.json\n")
    write(tmp_path / "a/b/package.json", "")
    write(tmp_path / "a/b/c/package.json", "")
    assert ignored_below(tmp_path / "a" / "b") == {"package.json"}


def test_an_ignored_folder_that_is_named_is_seen(tmp_path: Path):
    write(tmp_path / ".git/HEAD", "")
    write(tmp_path / ".gitignore", "build/\n*.json\n")
    write(tmp_path / "build/.gitignore", "b.txt\n")
    for name in ("a.json", "b.txt", "c.txt"):
        write(tmp_path / "build" / name, "")
    assert ignored_below(tmp_path / "build") == {"b.txt"}


def test_a_repository_within_another_has_its_own_rules(tmp_path: Path):
    write(tmp_path / ".git/HEAD", "")
    write(tmp_path / ".gitignore", "*\n!.gitignore\n")
    write(tmp_path / "inner/.git/HEAD", "")
    write(tmp_path / "inner/.gitignore", "/b\n")
    write(tmp_path / "inner/sub/a", "")
    write(tmp_path / "inner/b", "")
    assert ignored_below(tmp_path / "inner") == {"b"}
    assert ignored_below(tmp_path / "inner" / "sub") == set()


def test_the_repositorys_own_excludes(tmp_path: Path):
    write(tmp_path / ".git/info/exclude", "a\nb\n")
    write(tmp_path / ".gitignore", "!b\n")
    for name in ("a", "b"):
        write(tmp_path / name, "")
    assert ignored_below(tmp_path) == {"a"}


def test_a_work_tree_has_the_excludes_of_its_repository(tmp_path: Path):
    write(tmp_path / "main/.git/info/exclude", "a\n")
    write(tmp_path / "main/.git/worktrees/one/commondir", "../..\n")
    write(tmp_path / "one/.git", "gitdir: ../main/.git/worktrees/one\n")
    write(tmp_path / "one/a", "")
    write(tmp_path / "one/b", "")
    assert ignored_below(tmp_path / "one") == {"a"}


@pytest.mark.parametrize(
    ("config", "excludes", "environ"),
    [
        ("", ".config/git/ignore", {}),
        ("", "elsewhere/git/ignore", {"XDG_CONFIG_HOME": "{home}/elsewhere"}),
        ("[core]\n\texcludesFile = ~/mine # a word\n", "mine", {}),
        ('[user]\nname = x\n[core "x"]\n[CORE] excludesfile = "~/mine"\n', "mine", {}),
        ("[core]\nexcludesfile = ~/first\nexcludesfile = ~/mine\n", "mine", {}),
        ("[core]\nexcludesfile = {home}/mine\n", "mine", {}),
    ],
)
def test_the_users_own_excludes(
    tmp_path: Path, config: str, excludes: str, environ: dict[str, str]
):
    home = tmp_path / "home"
    place = home.as_posix()
    write(home / ".gitconfig", config.replace("{home}", place))
    write(home / excludes, "a\n")
    write(tmp_path / "project/.git/HEAD", "")
    write(tmp_path / "project/a", "")
    variables = {name: value.replace("{home}", place) for name, value in environ.items()}
    assert ignored_below(tmp_path / "project", home=home, environ=variables) == {"a"}


def test_the_environment_names_the_users_configuration(tmp_path: Path):
    write(tmp_path / "config", "[core]\nexcludesfile = ~/mine\n")
    write(tmp_path / "home/mine", "a\n")
    write(tmp_path / "home/.gitconfig", "[core]\nexcludesfile = ~/other\n")
    write(tmp_path / "home/other", "b\n")
    write(tmp_path / "project/.git/HEAD", "")
    for name in ("a", "b"):
        write(tmp_path / "project" / name, "")
    environ = {"GIT_CONFIG_GLOBAL": str(tmp_path / "config")}
    found = ignored_below(tmp_path / "project", home=tmp_path / "home", environ=environ)
    assert found == {"a"}


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ("!\na\n", {"a"}),
        ("\ufeffa\r\n# b\r\n\r\n", {"a"}),
        ("x" * 2_000_000, set()),
        ("a\0\nb\n", {"b"}),
        ("\udcff\na\n", {"a"}),
    ],
    ids=["alone", "windows", "huge", "nul", "bytes"],
)
def test_lists_that_nobody_would_write(tmp_path: Path, patterns: str, expected: set[str]):
    write(tmp_path / ".git/HEAD", "")
    write(tmp_path / ".gitignore", patterns)
    for name in ("a", "b"):
        write(tmp_path / name, "")
    assert ignored_below(tmp_path) == expected


def test_a_list_of_what_is_kept(tmp_path: Path):
    write(tmp_path / ".git/HEAD", "")
    write(tmp_path / ".gitignore", "*\n!*/\n!package.json\n")
    for name in ("package.json", "a/package.json", "a/b/c", "d"):
        write(tmp_path / name, "")
    assert ignored_below(tmp_path) == {".gitignore", "a/b/c", "d"}


PATTERNS = [
    *("a", "b/", "/a", "*.txt", "!a", "!b/", "a/b", "**/c", "a/**", "!*.txt", "c*", "/b/*", "*"),
    *("!/b/a", "a/*/c", "[ab]", "?", r"\!x", "# no", "b/**/a.txt", "*/c/", "!c/", "!*/", "**"),
    *("[!a-b]", "[^c]*", "[[:alpha:]]", "a**", "*a*t*", "/**/b/**/", "a/", "/", "!", "a  ", r"a\ "),
    *("[]a]", "[a", "[[:no:]]", r"[\a]", "a//b", "b/a[/]b", "[z-a]", "**/", "!**/a.txt", "\\"),
]
NAMES = ["a", "b", "c", "a.txt", "!x", "a ", "]"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("seed", range(12))
def test_git_agrees(tmp_path: Path, seed: int):
    chance = random.Random(seed)
    root = tmp_path / "project"
    environ = {**os.environ, "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", str(root)], check=True, env=environ)
    for _ in range(60):
        path = root.joinpath(*chance.choices(NAMES, k=chance.randint(1, 4)))
        if not any(each.is_file() for each in (path, *path.parents)) and not path.is_dir():
            write(path, "")
    folders = [
        root,
        *(each for each in root.rglob("*") if each.is_dir() and ".git" not in each.parts),
    ]
    for folder in chance.sample(folders, min(4, len(folders))):
        lines = chance.sample(PATTERNS, chance.randint(1, 5))
        write(folder / ".gitignore", "\n".join(lines) + "\n")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"],
        cwd=root,
        env=environ,
        check=True,
        capture_output=True,
    )
    ours = files_below(root, ignored_below(root, home=tmp_path))
    theirs = files_below(root, set(filter(None, listed.stdout.decode().split("\0"))))
    assert ours == theirs


def files_below(root: Path, names: set[str]) -> set[str]:
    """The files that *names* cover: git lists a folder whole where all of it is ignored."""
    files = set()
    for name in names:
        path = root / name
        covered = [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]
        files |= {each.relative_to(root).as_posix() for each in covered}
    return files

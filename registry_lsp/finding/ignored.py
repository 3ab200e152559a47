"""What git ignores, read from its files: no process is started.

The rules are those of gitignore(5): patterns of a deeper ``.gitignore`` come before those of the
folders above, then the repository's ``info/exclude``, then the user's own excludes file. Whether
git already tracks a file is not looked at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_lsp.finding.gitignore import Pattern, parse

_MAX_BYTES = 1_000_000
"""What is longer than this is no list of patterns that a person wrote."""

_SECTION = re.compile(r'\s*\[\s*([^\]"\s]*)[^\]]*\]')
_EXCLUDES_FILE = re.compile(r"\s*excludesfile\s*=\s*(.*?)\s*$", re.IGNORECASE)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """One file's patterns, which hold for what lies below ``base``."""

    base: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """The rules that hold in one folder, the weakest first; none outside a repository.

    Paths are absolute, with the system's separators.
    """

    rules: tuple[_Rules, ...] = ()
    in_repository: bool = False
    user_rules: tuple[str, ...] = ()

    def below(self, folder: str) -> Ignored:
        """The rules in *folder*, which lies in the folder that these hold in."""
        git = _git_folder(folder)
        if git is not None:
            lists = (self.user_rules, _lines(git / "info" / "exclude"))
            rules = tuple(each for lines in lists for each in _rules(folder, lines))
        elif self.in_repository:
            rules = self.rules
        else:
            return self
        rules += tuple(_rules(folder, _lines(Path(folder, ".gitignore"))))
        return Ignored(rules=rules, in_repository=True, user_rules=self.user_rules)

    def covers(self, path: str, *, is_folder: bool) -> bool:
        """Whether git ignores *path*, of which no folder above is ignored."""
        for rules in reversed(self.rules):
            parts = path[len(rules.base) :].lstrip(os.sep).split(os.sep)  # noqa: PTH206 - text, for speed
            for pattern in reversed(rules.patterns):
                if pattern.matches(parts, is_folder=is_folder):
                    return not pattern.negated
        return False


def ignored_at(folder: str, *, home: Path, environ: Mapping[str, str]) -> Ignored:
    """The rules that hold in *folder*, an absolute path without links.

    Where git ignores the folder itself, only the rules within it count: who names a folder
    wants to see it.
    """
    ignored = Ignored(user_rules=_user_lines(home, environ))
    above = [str(each) for each in reversed(Path(folder).parents)]
    for each in (*above, folder):
        if _git_folder(each) is None and ignored.covers(each, is_folder=True):
            return Ignored(in_repository=True).below(folder)
        ignored = ignored.below(each)
    return ignored


def _rules(base: str, lines: tuple[str, ...]) -> Iterator[_Rules]:
    patterns = tuple(pattern for pattern in map(parse, lines) if pattern)
    if patterns:
        yield _Rules(base=base, patterns=patterns)


def _lines(path: Path) -> tuple[str, ...]:
    """The lines of a list of patterns; none where there is no such file."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError):
        return ()
    if len(data) > _MAX_BYTES:
        return ()
    text = data.decode("utf-8-sig", "surrogateescape")
    return tuple(line.removesuffix("\r") for line in text.split("\n"))


def _git_folder(folder: str) -> Path | None:
    """Where the repository whose root is *folder* keeps its ``info``; None if it is no root.

    In a work tree or a submodule ``.git`` is a file that says where (gitrepository-layout(5)).
    """
    git = Path(folder, ".git")
    if os.path.isdir(git):  # noqa: PTH112 - Path.is_dir raises where one may not look
        return git
    first = next(iter(_lines(git)), "")
    if not first.startswith("gitdir:"):
        return None
    git = Path(folder, first.removeprefix("gitdir:").strip())
    common = next(iter(_lines(git / "commondir")), "").strip()
    return git / common if common else git


def _user_lines(home: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The patterns of the user's excludes file: ``core.excludesFile`` of git-config(1)."""
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    named = environ.get("GIT_CONFIG_GLOBAL")
    sources = [Path(named)] if named else [config / "config", home / ".gitconfig"]
    excludes = config / "ignore"
    for source in sources:
        for value in _excludes_files(_lines(source)):
            text = value[2:] if value.startswith("~/") else value
            excludes = home / text
    return _lines(excludes)


def _excludes_files(lines: tuple[str, ...]) -> Iterator[str]:
    section = ""
    for line in lines:
        rest = line
        header = _SECTION.match(line)
        if header:
            section, rest = header[1].lower(), line[header.end() :]
        match = _EXCLUDES_FILE.match(rest) if section == "core" else None
        if match is None:
            continue
        quoted = _QUOTED.match(match[1])
        value = quoted[1] if quoted else re.split(r"\s*[#;]", match[1])[0]
        yield re.sub(r"\\(.)", r"\1", value)

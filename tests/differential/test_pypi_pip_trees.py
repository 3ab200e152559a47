"""Requirements files that include each other, held against pip's own parser of them."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from random import Random

import pytest

from registry_lsp.ecosystems.pypi.project.survey import survey
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS, REQUIREMENTS
from registry_lsp.session.files import FileStore, Sight
from support.pip_files import DEFAULT, PipReading, read_by_pip

NAMES = (
    "requirements.txt",
    "dev-requirements.txt",
    "constraints.txt",
    "requirements/base.txt",
    "requirements/prod.in",
    "deploy/all.txt",
    "other.txt",
)


def write_tree(random: Random, folder: Path) -> None:
    """A few files that include each other and name indexes, each of them a few lines."""
    for inner in ("requirements", "deploy"):
        (folder / inner).mkdir(parents=True)
    for name in random.sample(NAMES, random.randrange(2, len(NAMES) + 1)):
        path = folder / name
        lines = [random.choice(("acme", "acme==1", "# nothing"))]
        for _ in range(random.choice((0, 1, 1, 2, 3))):
            lines.insert(random.randrange(len(lines) + 1), _line(random, path, folder))
        path.write_text("\n".join(lines), encoding="utf-8")


def _line(random: Random, path: Path, folder: Path) -> str:
    if random.random() < 0.6:
        target = os.path.relpath(folder / random.choice(NAMES), path.parent)
        option = random.choice(("-r", "-r ", "--requirement=", "-c ", "--constraint "))
        return option + target + random.choice(("", "", " --pre", " -i https://registry.example/i"))
    url = f"https://registry.example/{random.randrange(9)}"
    return random.choice(
        (
            f"-i {url}",
            f"--extra-index-url {url}",
            f"--extra-index-url={url} -i {url}/x",
            "--no-index",
            "--pre",
            "--only-final acme",
            "--all-releases acme",
            "--only-final :all:",
        )
    )


def looked_at(path: Path):
    """The manifest at *path* as it says itself, and in its project."""
    form = CONSTRAINTS if CONSTRAINTS.matches(path) else REQUIREMENTS
    written = form.parse(path.read_text(encoding="utf-8"))
    return written, survey(path, written, Sight(FileStore())).resolve(written)


def includers(path: Path, folder: Path) -> list[Path]:
    """The outermost files of those that pip takes through *path*, by their own texts."""
    reached = {each: reach(each) for each in files(folder)}
    found = [each for each in reached if each != path and path in reached[each]]
    return [
        each
        for each in found
        if not any(each in reached[other] for other in found if other != each)
    ] or found


def files(folder: Path) -> list[Path]:
    return [folder / name for name in NAMES if (folder / name).exists()]


def reach(path: Path) -> set[Path]:
    """The files that the one at *path* includes, however deep."""
    found: set[Path] = set()
    left = [path]
    while left:
        here = left.pop()
        for link in REQUIREMENTS.parse(here.read_text(encoding="utf-8")).links:
            there = Path(os.path.normpath(here.parent / link.target))
            if there.exists() and link.role.value != "page" and there not in found:
                found.add(there)
                left.append(there)
    return found


def test_generated_trees_are_installed_as_pip_installs_them(tmp_path):
    logging.getLogger("pip").setLevel(logging.ERROR)
    random = Random(11)
    compared = refused = included = settled = constrained = 0
    for at in range(500):
        folder = tmp_path / str(at) / "project"
        write_tree(random, folder)
        for path in files(folder):
            around = includers(path, folder)
            if len(around) > 1:
                continue
            outermost = around[0] if around else path
            theirs = read_by_pip(outermost, is_constraints=CONSTRAINTS.matches(outermost))
            written, mine = looked_at(path)
            if theirs is None:
                refused += 1
                assert around or mine.problems
                continue
            if not around:
                assert mine.problems == ()
            compared += 1
            included += bool(around)
            # pip asks an index once that is named twice
            assert indexes(mine) == list(dict.fromkeys(theirs.index_urls)), path
            allowed = theirs.release_control.allows_prereleases("acme")
            own = {each.prereleases for each in written.dependencies} - {None}
            if own:  # the file's own word stands where another contradicts it
                allowed = own.pop()
            settled += allowed is not None
            assert all(each.prereleases is allowed for each in mine.dependencies), path
            asked, limits = constraints_by_pip(theirs, path)
            if asked and not CONSTRAINTS.matches(path):
                assert constraints(mine) == limits, path
                constrained += bool(limits)
    assert constrained > 20
    assert compared > 300
    assert included > 50
    assert refused > 100
    assert settled > 50


def constraints_by_pip(reading: PipReading, path: Path) -> tuple[bool, set[str]]:
    """Whether pip installs what *path* asks for, and the constraints of other files on that."""
    asked, limits = False, set()
    for each in reading.requirements:
        is_own = f" {path} (line" in each.comes_from
        asked = asked or (is_own and not each.constraint)
        if each.constraint and not is_own and str(each.specifier):
            limits.add(str(each.specifier))
    return asked, limits


def constraints(manifest) -> set[str]:
    return {each.constraint.specifier for each in manifest.dependencies if each.constraint}


def indexes(manifest) -> list[str]:
    default = [each.url for each in manifest.indexes if each.role == "default"]
    extras = [each.url for each in manifest.indexes if each.role == "extra"]
    return list(dict.fromkeys(each for each in (default or [DEFAULT]) + extras if each))


@pytest.mark.parametrize(
    "text", ["-r gone.txt", "-r requirements.txt", "-c gone/requirements.txt", "-r ."]
)
def test_what_pip_cannot_open_is_a_problem_where_it_is_named(text, tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text(f"acme\n{text}\n", encoding="utf-8")
    assert read_by_pip(path) is None
    _, mine = looked_at(path)
    (problem,) = mine.problems
    assert problem.span.slice(path.read_text(encoding="utf-8")) == text.partition(" ")[2]

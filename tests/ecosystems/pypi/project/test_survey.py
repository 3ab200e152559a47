"""What the files around a requirements file say of it: what is included, and by whom."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest

from registry_lsp.core.manifests import Role
from registry_lsp.ecosystems.pypi import ECOSYSTEM
from registry_lsp.ecosystems.pypi.config.routes import routes
from registry_lsp.endpoints import PYPI_INDEX
from registry_lsp.session.files import FileStore, Sight
from support.pypi_configs import machine

PUBLIC = PYPI_INDEX
BASE = "acme>=1\n"


def write(folder, **files):
    """Write files: 'a__b' is the folder a's b, without an ending it is one of '.txt'."""
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path = path if path.suffix else path.with_name(f"{path.name}.txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def project_of(path):
    format = next(each for each in ECOSYSTEM.formats if each.matches(path))
    written = format.parse(format.decode(path.read_bytes()))
    return written, ECOSYSTEM.survey(path, written, Sight(FileStore()))


def resolved(path):
    written, project = project_of(path)
    return project.resolve(written)


def indexes(manifest):
    return [(each.role, each.url.removeprefix("https://")) for each in manifest.indexes]


def asked(manifest):
    """The addresses that the first dependency's name goes to, in their order."""
    ref = routes(machine()).registry_for(manifest.dependencies[0], manifest)
    return [each.url for each in ref.in_turn()] if ref is not None else None


# --- what is included -------------------------------------------------------------------------


def test_a_file_alone_is_as_it_is_written(tmp_path):
    write(tmp_path, requirements=BASE)
    written, project = project_of(tmp_path / "requirements.txt")
    assert project.resolve(written) == written


def test_indexes_of_included_files_come_in_reading_order(tmp_path):
    write(
        tmp_path,
        requirements="--extra-index-url https://one\n-r base.txt\nacme\n"
        "--extra-index-url https://three\n",
        base="-i https://base\n--extra-index-url https://two\n",
    )
    manifest = resolved(tmp_path / "requirements.txt")
    assert indexes(manifest) == [("default", "base"), ("extra", "two"), ("extra", "three")]
    assert [each.span.end > 0 for each in manifest.indexes] == [False, False, True]


def test_the_last_index_counts_and_none_is_none(tmp_path):
    write(tmp_path, requirements="-r base.txt\n-i https://last\nacme\n", base="-i https://base")
    assert indexes(resolved(tmp_path / "requirements.txt")) == [("default", "last")]
    write(tmp_path, base="--no-index")
    assert indexes(resolved(tmp_path / "requirements.txt")) == [("default", "")]


@pytest.mark.parametrize("target", ["deps", "deps.pip", "sub/../deps.md", "{folder}/deps.x"])
def test_files_of_any_name_are_included(target, tmp_path):
    written = target.format(folder=tmp_path.as_posix())
    (tmp_path / "sub").mkdir()
    (tmp_path / written.rpartition("/")[2]).write_text("-i https://deps", encoding="utf-8")
    write(tmp_path, requirements=f"acme\n-r {written}\n")
    manifest = resolved(tmp_path / "requirements.txt")
    assert (indexes(manifest), manifest.problems) == ([("default", "deps")], ())


def test_an_included_file_is_read_in_its_own_encoding(tmp_path):
    write(tmp_path, requirements="acme\n-r base.txt\n")
    (tmp_path / "base.txt").write_bytes("\ufeff-i https://base\n".encode("utf-16-le"))
    assert indexes(resolved(tmp_path / "requirements.txt")) == [("default", "base")]


def test_what_is_on_the_web_is_not_fetched(tmp_path):
    write(tmp_path, requirements="acme\n-c https://u:p@registry.example/constraints.txt\n")
    manifest = resolved(tmp_path / "requirements.txt")
    (link,) = manifest.links
    assert (link.target, link.role) == (
        "https://registry.example/constraints.txt",
        Role.CONSTRAINTS,
    )
    assert (manifest.problems, asked(manifest)) == ((), [PUBLIC])


@pytest.mark.parametrize(
    ("line", "is_known"),
    [
        ("-r https://registry.example/base.txt", False),
        ("-r https://registry.example/${NAME}.txt", False),
        ("-c https://registry.example/${NAME}.txt", True),
        ("-r ${BASE}/base.txt", False),
        ("-c ${BASE}/base.txt", False),
        ("-r file://machine/base.txt", False),
        ("-r base.txt -c ${BASE}/base.txt", True),
        ("-c base.txt -r ${BASE}/base.txt", False),
    ],
)
def test_what_cannot_be_looked_into_may_name_any_index(line, is_known, tmp_path):
    write(tmp_path, requirements=f"acme\n{line}\n", base="")
    expected = [PUBLIC] if is_known else None
    assert asked(resolved(tmp_path / "requirements.txt")) == expected
    write(tmp_path, requirements="acme\n-r middle.txt\n", middle=line)
    assert asked(resolved(tmp_path / "requirements.txt")) == expected
    write(tmp_path, requirements=f"acme\n-i https://own\n{line}\n--no-index\n")
    assert indexes(resolved(tmp_path / "requirements.txt")) == [("default", "")]


def test_a_file_that_is_not_there_is_a_problem_and_silences_nobody(tmp_path):
    text = "acme\n-r gone.txt\n"
    write(tmp_path, requirements=text)
    manifest = resolved(tmp_path / "requirements.txt")
    (problem,) = manifest.problems
    assert problem.span.slice(text) == "gone.txt"
    assert problem.reason == "There is no file 'gone.txt', and pip installs nothing without it."
    assert asked(manifest) == [PUBLIC]


def test_a_problem_is_told_where_the_file_comes_in(tmp_path):
    text = "acme\n-r base.txt\n"
    write(tmp_path, requirements=text, base="-c gone.txt")
    (problem,) = resolved(tmp_path / "requirements.txt").problems
    assert (problem.span.slice(text), "gone.txt" in problem.reason) == ("base.txt", True)


def test_what_cannot_be_read_may_name_any_index(tmp_path):
    write(tmp_path, requirements="acme\n-r base.txt\n")
    (tmp_path / "base.txt").write_bytes(b"# coding: none-such\n-i https://base\n")
    manifest = resolved(tmp_path / "requirements.txt")
    assert asked(manifest) is None
    assert manifest.problems[0].reason == "The file 'base.txt' cannot be read."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path, requirements="acme\n-r pipe.txt\n")
    manifest = resolved(tmp_path / "requirements.txt")
    assert manifest.problems[0].reason == "The file 'pipe.txt' cannot be read."
    assert asked(manifest) is None


def test_circles_are_a_problem_and_end(tmp_path):
    text = "acme\n-r base.txt\n-i https://own\n"
    write(tmp_path, requirements=text, base="-r other.txt\n-i https://base", other="-r base.txt")
    manifest = resolved(tmp_path / "requirements.txt")
    assert [each.span.slice(text) for each in manifest.problems] == ["base.txt"]
    assert "includes itself" in manifest.problems[0].reason
    assert indexes(manifest) == [("default", "own")]


def test_no_more_files_are_gone_through_than_anybody_has(tmp_path):
    names = [f"level{at}" for at in range(30)]
    for name, below in pairwise(names):
        write(tmp_path, **{name: f"-r {below}.txt\n"})
    write(tmp_path, level29="-i https://deep", requirements="acme\n-r level9.txt")
    assert asked(resolved(tmp_path / "requirements.txt")) == ["https://deep/"]
    write(tmp_path, requirements="acme\n-r level0.txt")
    assert asked(resolved(tmp_path / "requirements.txt")) is None


def test_a_file_counts_as_often_as_it_is_included_and_is_gone_through_once(tmp_path):
    for at in range(20):
        write(tmp_path, **{f"level{at}": f"-r level{at + 1}.txt\n" * 2})
    write(tmp_path, level20="--extra-index-url https://deep\n-r requirements/own.txt")
    write(tmp_path, requirements__own="acme\n--extra-index-url https://own")
    write(tmp_path, requirements="-r level0.txt\nacme")
    expected = [("extra", "deep"), ("extra", "own")]
    assert indexes(resolved(tmp_path / "requirements.txt")) == expected
    assert indexes(resolved(tmp_path / "requirements" / "own.txt")) == expected


@pytest.mark.parametrize(("count", "is_known"), [(12, True), (60, False)])
def test_files_that_all_include_each_other_do_not_multiply(count, is_known, tmp_path):
    extras = "".join(f"--extra-index-url https://e{at}\n" for at in range(20))
    names = [f"r{at}" for at in range(count)]
    for name in names:
        others = "".join(f"-r {each}.txt\n" for each in names if each != name)
        write(tmp_path, **{f"requirements__{name}": f"acme\n{others}{extras}"})
    manifest = resolved(tmp_path / "requirements" / "r0.txt")
    known = [("extra", f"e{at}") for at in range(20)]
    assert indexes(manifest) == known if is_known else asked(manifest) is None
    assert len(manifest.indexes) <= 21
    assert manifest.problems


def test_a_file_that_is_included_on_thousands_of_lines_may_name_any_index(tmp_path):
    lines = "".join(f"--extra-index-url https://registry.example/{at}\n" for at in range(50))
    write(tmp_path, requirements="-r base.txt\n" * 9 + "acme", base=lines)
    assert len(asked(resolved(tmp_path / "requirements.txt"))) == 51
    write(tmp_path, requirements="-r base.txt\n" * 900 + "acme")
    assert asked(resolved(tmp_path / "requirements.txt")) is None


def test_many_options_are_not_all_taken(tmp_path):
    lines = "".join(f"--extra-index-url https://registry.example/{at}\n" for at in range(5_000))
    write(tmp_path, requirements="acme\n-r base.txt", base=lines)
    assert asked(resolved(tmp_path / "requirements.txt")) is None


def test_what_the_survey_has_not_seen_is_unknown(tmp_path):
    write(tmp_path, requirements=BASE)
    path = tmp_path / "requirements.txt"
    _, project = project_of(path)
    typed = ECOSYSTEM.formats[0].parse("acme\n-r private.txt\n")
    assert asked(project.resolve(typed)) is None


# --- who includes it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("includer", "included", "target"),
    [
        ("requirements-dev.txt", "base.txt", "base.txt"),
        ("requirements.txt", "requirements/base.txt", "requirements/base.txt"),
        ("requirements/prod.txt", "base.txt", "../base.txt"),
        ("requirements/prod.in", "requirements/base.txt", "./base.txt"),
        ("prod.txt", "requirements.txt", "requirements.txt"),
        ("deploy/prod.txt", "requirements.txt", "../requirements.txt"),
        (".ci/all.in", "requirements.txt", "../requirements.txt"),
        ("requirements/prod.txt", "app/requirements.txt", "../app/requirements.txt"),
        ("other/needs.txt", "app/requirements.txt", "../app/requirements.txt"),
        ("constraints.txt", "requirements.txt", "requirements.txt"),
    ],
)
def test_the_indexes_of_a_file_that_includes_it_hold(includer, included, target, tmp_path):
    write(
        tmp_path,
        **{
            includer.replace("/", "__"): f"-r {target}\n--index-url https://private\n",
            included.replace("/", "__"): BASE,
        },
    )
    path = tmp_path / included
    written = ECOSYSTEM.formats[0].parse(BASE)
    project = ECOSYSTEM.survey(path, written, Sight(FileStore()))
    assert indexes(project.resolve(written)) == [("default", "private")]


def test_the_outermost_file_counts(tmp_path):
    write(
        tmp_path,
        requirements__base=BASE,
        requirements__middle="-r base.txt\n-i https://middle\n",
        requirements="-r requirements/middle.txt\n-i https://outer\n",
    )
    assert indexes(resolved(tmp_path / "requirements" / "base.txt")) == [("default", "outer")]


def test_others_that_include_other_files_do_not(tmp_path):
    write(tmp_path, requirements=BASE, requirements__dev="-r other.txt\n-i https://dev\n")
    assert indexes(resolved(tmp_path / "requirements.txt")) == []


def test_where_they_disagree_no_name_goes_to_the_public_index(tmp_path):
    write(
        tmp_path,
        requirements__base=BASE,
        requirements__dev="-r base.txt\n--extra-index-url https://extra\n",
        requirements__prod="-r base.txt\n-i https://private\n",
    )
    manifest = resolved(tmp_path / "requirements" / "base.txt")
    assert indexes(manifest) == [("default", "private"), ("extra", "extra")]
    write(tmp_path, requirements__test="-r base.txt\n-i https://other\n")
    manifest = resolved(tmp_path / "requirements" / "base.txt")
    assert indexes(manifest) == [("default", "private"), ("extra", "extra"), ("extra", "other")]
    assert PUBLIC not in asked(manifest)


def test_one_that_asks_no_index_takes_the_public_one_away(tmp_path):
    write(
        tmp_path,
        requirements__base=BASE,
        requirements__dev="-r base.txt\n",
        requirements__prod="-r base.txt\n--no-index\n-f https://registry.example/files\n",
    )
    manifest = resolved(tmp_path / "requirements" / "base.txt")
    assert (indexes(manifest), asked(manifest)) == ([("default", "")], None)


def test_files_that_include_each_other_all_count(tmp_path):
    write(
        tmp_path,
        requirements__base=BASE,
        requirements__a="-r b.txt\n-i https://a\n",
        requirements__b="-r a.txt\n-r base.txt\n",
    )
    assert indexes(resolved(tmp_path / "requirements" / "base.txt")) == [("default", "a")]


# --- prereleases ------------------------------------------------------------------------------


def prereleases(manifest):
    return {each.name: each.prereleases for each in manifest.dependencies}


def test_prereleases_hold_for_the_whole_tree(tmp_path):
    write(
        tmp_path,
        requirements="acme\nother\n-r base.txt\n",
        base="--pre\n--only-final other\nbased\n",
    )
    assert prereleases(resolved(tmp_path / "requirements.txt")) == {"acme": True, "other": False}
    write(tmp_path, requirements="--pre\n-r base.txt\n", base="based\n--only-final based\n")
    assert prereleases(resolved(tmp_path / "requirements.txt")) == {}
    write(tmp_path, requirements="acme\n-r deps.txt\n", deps="--all-releases acme\n")
    assert prereleases(resolved(tmp_path / "requirements.txt")) == {"acme": True}


def test_prereleases_are_taken_where_all_that_include_it_take_them(tmp_path):
    write(
        tmp_path,
        requirements__base=BASE,
        requirements__dev="-r base.txt\n--pre\n",
        requirements__prod="-r base.txt\n",
    )
    path = tmp_path / "requirements" / "base.txt"
    assert prereleases(resolved(path)) == {"acme": None}
    write(tmp_path, requirements__prod="-r base.txt\n--all-releases acme\n")
    assert prereleases(resolved(path)) == {"acme": True}


# --- the project ------------------------------------------------------------------------------


def test_equal_surroundings_are_equal_projects(tmp_path):
    write(
        tmp_path,
        requirements__base="acme\n-r other.txt",
        requirements__other="-i https://other",
        requirements__dev="-r base.txt\n--pre\n",
    )
    path = tmp_path / "requirements" / "base.txt"
    one, other = project_of(path)[1], project_of(path)[1]
    assert one == other
    write(tmp_path, requirements__dev="-r base.txt\n")
    assert project_of(path)[1] != one


def test_a_project_says_what_is_locked(tmp_path):
    (tmp_path / "requirements.in").write_text("acme\n", encoding="utf-8")
    write(tmp_path, requirements="acme==1.2\n")
    written, project = project_of(tmp_path / "requirements.in")
    (locked,) = project.locked(project.resolve(written).dependencies[0])
    assert (locked.version, locked.by) == ("1.2", "requirements.txt")

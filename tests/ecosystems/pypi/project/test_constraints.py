"""Which constraints hold for a requirements file: those of all files that are read with it."""

from __future__ import annotations

import os
import sys

import pytest

from ecosystems.pypi.project.test_survey import write
from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi.project.survey import survey
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS, REQUIREMENTS
from registry_lsp.session.files import FileStore, Sight


def look(path, environ=None, shown=None):
    form = CONSTRAINTS if CONSTRAINTS.matches(path) else REQUIREMENTS
    written = form.parse(path.read_text(encoding="utf-8"))
    files = Sight(FileStore(), path, shown or {})
    return written, survey(path, written, files, environ=environ or {})


def held(path, environ=None, shown=None):
    """What constrains the first dependency of the file at *path*, and who says so."""
    written, project = look(path, environ, shown)
    constraint = project.resolve(written).dependencies[0].constraint
    return (constraint.specifier, constraint.by) if constraint is not None else None


def test_a_constraints_file_holds_for_the_file_that_names_it(tmp_path):
    write(tmp_path, requirements="Acme\nother\n-c constraints.txt\n", constraints="acme<2\nx==1\n")
    assert held(tmp_path / "requirements.txt") == ("<2", "constraints.txt")
    written, project = look(tmp_path / "requirements.txt")
    assert [each.constraint for each in project.resolve(written).dependencies][1:] == [None]


def test_constraints_of_files_that_are_included_hold_too(tmp_path):
    write(
        tmp_path,
        requirements="acme\n-r more/dev.txt\n",
        more__dev="-c ../limits.txt\n",
        limits="acme<3\n-c deeper.txt\n-r base.txt\n",
        deeper="acme!=1.5\n",
        base="acme>=1\n",
    )
    assert held(tmp_path / "requirements.txt") == ("<3,!=1.5", "limits.txt, deeper.txt")


def test_the_constraints_of_who_includes_the_file_hold(tmp_path):
    write(
        tmp_path,
        requirements__base="acme\n",
        requirements__dev="-r base.txt\n-c ../limits.txt\n",
        limits="acme<3\n",
    )
    assert held(tmp_path / "requirements/base.txt") == ("<3", "../limits.txt")
    write(tmp_path, requirements__prod="-r base.txt\n")
    assert held(tmp_path / "requirements/base.txt") is None
    write(tmp_path, requirements__prod="-r base.txt\n-c ../limits.txt\n")
    assert held(tmp_path / "requirements/base.txt") == ("<3", "../limits.txt")


def test_who_takes_the_file_as_constraints_says_nothing_of_it(tmp_path):
    write(
        tmp_path,
        requirements="acme==1\n",
        dev="acme\n-c requirements.txt\n-c limits.txt\n",
        limits="acme<3\n",
    )
    assert held(tmp_path / "requirements.txt") is None
    assert held(tmp_path / "dev.txt") == ("==1,<3", "requirements.txt, limits.txt")


def test_a_constraint_itself_stays_as_it_is(tmp_path):
    write(tmp_path, requirements="acme>2\n-c constraints.txt\n", constraints="acme<3\n-c b.txt\n")
    write(tmp_path, b="acme==1\n")
    assert held(tmp_path / "constraints.txt") is None


@pytest.mark.parametrize(
    "text",
    [
        "-c requirements.txt\n",
        "-c gone.txt\n",
        "-c https://registry.example/constraints.txt\n",
        "-c loop.txt\n",
    ],
)
def test_what_cannot_be_read_constrains_nothing(text, tmp_path):
    write(tmp_path, requirements="acme\n" + text, loop="-c loop.txt\n-r requirements.txt\n")
    assert held(tmp_path / "requirements.txt") is None


def test_a_variable_names_constraints_for_every_installation(tmp_path):
    write(tmp_path, requirements="acme\n", limits="acme<3\n", more__limits="acme>1\n")
    named = f"limits.txt {tmp_path / 'more' / 'limits.txt'}"
    assert held(tmp_path / "requirements.txt", {"PIP_CONSTRAINT": named}) == (
        "<3,>1",
        "limits.txt, more/limits.txt",
    )


def test_what_an_editor_shows_of_constraints_counts(tmp_path):
    write(tmp_path, requirements="acme\n-c a.txt\n-c new.txt\n", a="acme<3\n", b="acme!=1.5\n")
    path, limits = tmp_path / "requirements.txt", tmp_path / "a.txt"
    assert held(path, shown={limits: "acme<2\n-c b.txt\n"}) == ("<2,!=1.5", "a.txt, b.txt")
    assert held(path, shown={limits: ""}) is None
    assert held(path, shown={tmp_path / "new.txt": "acme>1\n"}) == ("<3,>1", "a.txt, new.txt")
    assert held(path, shown={path: "acme\n", tmp_path / "b.txt": "acme>1\n"}) == ("<3", "a.txt")


@pytest.mark.parametrize("shown", ["", "acme<3\n", "acme @ https://files.example/acme.zip\n"])
def test_what_is_not_saved_yet_leads_no_name_to_a_registry(shown, tmp_path):
    write(tmp_path, requirements="acme\n-c a.txt\n", a="-c b.txt\n", b="acme @ file:./own\n")
    for name in ("a.txt", "b.txt"):
        written, project = look(tmp_path / "requirements.txt", shown={tmp_path / name: shown})
        (dependency,) = project.resolve(written).dependencies
        assert not dependency.source.is_looked_up
    shown = {tmp_path / "a.txt": "--index-url https://other.example/simple\n"}
    written, project = look(tmp_path / "requirements.txt", shown=shown)
    assert project.resolve(written).indexes == ()


@pytest.mark.skipif(sys.platform == "win32", reason="its places are Windows' own there")
@pytest.mark.parametrize(
    ("configured", "environ", "limits"),
    [
        ("[global]\nconstraint = a.txt\n", {}, ("<3", "a.txt")),
        ("[install]\nconstraint =\n  a.txt\n  b.txt\n", {}, ("<3,>1", "a.txt, b.txt")),
        ("[global]\nconstraint = a.txt\n[install]\nconstraint = b.txt\n", {}, (">1", "b.txt")),
        ("[install]\nconstraint = a.txt\n", {"PIP_CONSTRAINT": "b.txt"}, (">1", "b.txt")),
        ("[install]\nconstraint = a.txt\n", {"PIP_CONSTRAINT": ""}, ("<3", "a.txt")),
        ("[install]\nconstraint = a.txt\n", {"UV_CONSTRAINT": "b.txt"}, ("<3,>1", "a.txt, b.txt")),
        ("[install]\nconstraint = a.txt\n", {"PIP_CONFIG_FILE": os.devnull}, None),
        ("[download]\nconstraint = a.txt\n", {}, None),
        ("constraint = a.txt\n", {"UV_CONSTRAINT": "b.txt"}, (">1", "b.txt")),
        ("", {"UV_CONSTRAINT": " b.txt  a.txt b.txt "}, (">1,<3", "b.txt, a.txt")),
        ("", {"UV_CONSTRAINT": "https://files.example/c.txt gone.txt"}, None),
    ],
)
def test_the_users_own_constraints_hold_for_every_installation(
    configured, environ, limits, tmp_path
):
    write(tmp_path, project__requirements="acme\n", project__a="acme<3\n", project__b="acme>1\n")
    config = tmp_path / ".config" / "pip" / "pip.conf"
    config.parent.mkdir(parents=True)
    config.write_text(configured, encoding="utf-8")
    found = held(tmp_path / "project/requirements.txt", {"HOME": str(tmp_path), **environ})
    assert found == limits


def test_a_line_that_is_taken_back_constrains_no_more(tmp_path):
    write(tmp_path, requirements="acme\n-c constraints.txt\n", constraints="acme<2\n")
    _, project = look(tmp_path / "requirements.txt")
    (left,) = project.resolve(REQUIREMENTS.parse("acme\n")).dependencies
    assert left.constraint is None


def test_a_constraint_on_a_path_leads_there_from_the_file_that_asks(tmp_path):
    write(tmp_path, requirements="acme\n-c more/limits.txt\n", more__limits="acme @ file:./own\n")
    written, project = look(tmp_path / "requirements.txt")
    (dependency,) = project.resolve(written).dependencies
    assert dependency.source is Source.PATH
    assert dependency.via == "more/limits.txt"


def test_long_constraints_are_looked_through_once(tmp_path):
    lines = "".join(f"name-{at}=={at}\n" for at in range(3_000))
    write(tmp_path, requirements="name-7\n-c constraints.txt\n-c more.txt\n", constraints=lines)
    write(tmp_path, more="-c constraints.txt\n")
    assert held(tmp_path / "requirements.txt") == ("==7", "constraints.txt")

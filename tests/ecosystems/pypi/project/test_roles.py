"""Which files are requirements or constraints files because others include them."""

from __future__ import annotations

import pytest

from ecosystems.pypi.project.test_survey import write
from registry_lsp.core.manifests import Role
from registry_lsp.ecosystems.pypi.project.roles import may_include, role_of
from registry_lsp.session.files import FileStore, Sight


def role(path):
    return role_of(path, Sight(FileStore()))


def offered(path, other):
    return may_include(path, other, Sight(FileStore()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-r base.reqs\n", Role.REQUIREMENTS),
        ("--constraint=./base.reqs\n", Role.CONSTRAINTS),
        ("-c base.reqs\n-r base.reqs\n", Role.REQUIREMENTS),
        ("-r middle.txt\n", Role.REQUIREMENTS),
        ("-r gone.txt\n", None),
        ("base.reqs\n", None),
    ],
)
def test_a_file_is_what_a_requirements_file_includes_it_as(text, expected, tmp_path):
    write(tmp_path, requirements=text, middle="-r base.reqs\n", notes="-r base.reqs\n")
    assert role(tmp_path / "base.reqs") == expected


def test_who_includes_it_may_lie_beside_it_or_above(tmp_path):
    write(tmp_path, requirements="-r inner/base.txt\n", inner__more="-r ../up.txt\n")
    assert role(tmp_path / "inner" / "base.txt") is Role.REQUIREMENTS
    assert role(tmp_path / "up.txt") is None
    write(tmp_path, **{"inner__dev.in": "-r ../up.txt\n"})
    assert role(tmp_path / "up.txt") is Role.REQUIREMENTS


def test_what_reads_as_requirements_may_be_included(tmp_path):
    write(
        tmp_path,
        requirements="acme\n",
        base="acme==1\nother\n",
        empty="# nothing\n",
        notes="This is a text of several words.\nIt is none.\n",
        constraints="what is that\n",
        **{"base.md": "acme\n", "dev.in": "acme\n"},
    )
    own = tmp_path / "requirements.txt"
    assert {each.name for each in tmp_path.iterdir() if offered(own, each)} == {
        "base.txt",
        "constraints.txt",
        "dev.in",
    }


def test_nothing_is_offered_that_would_come_back(tmp_path):
    write(tmp_path, requirements="acme\n", base="-r requirements.txt\n", dev="-c base.txt\n")
    own = tmp_path / "requirements.txt"
    assert not offered(own, own)
    assert not offered(own, tmp_path / "base.txt")
    assert not offered(own, tmp_path / "dev.txt")
    assert offered(tmp_path / "dev.txt", own)


def test_what_is_too_long_to_be_written_by_hand_is_not_offered(tmp_path):
    write(tmp_path, requirements="acme\n", long="acme\n" * 20_000)
    assert not offered(tmp_path / "requirements.txt", tmp_path / "long.txt")

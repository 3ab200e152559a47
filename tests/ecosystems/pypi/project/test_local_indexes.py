"""Indexes that are folders or pages of links, whose names no registry tells: as uv 0.13 takes
names from the first index that has them.
"""

from __future__ import annotations

import pytest

from registry_lsp.ecosystems.pypi import ECOSYSTEM
from registry_lsp.ecosystems.pypi.config.routes import routes
from registry_lsp.endpoints import PYPI_INDEX
from registry_lsp.session.files import FileStore, Sight
from support.pypi_configs import machine

PUBLIC = PYPI_INDEX[8:-1]

PROJECT = "[project]\nname = 'p'\ndependencies = ['own-lib', 'a.b', 'other', 'bound']\n"
BOUND = "[tool.uv.sources]\nbound = { index = 'b' }\n"
FOLDER = "[[tool.uv.index]]\nname = 'f'\nurl = '../wheels'\nformat = 'flat'\n"
CORP = "[[tool.uv.index]]\nname = 'b'\nurl = 'https://registry.example/b'\nexplicit = true\n"
EXTRA = "[[tool.uv.index]]\nname = 'e'\nurl = 'https://registry.example/e'\n"
PAGE = EXTRA + "format = 'flat'\n"


def asked(folder, text, *entries, inner="project"):
    """Who is asked for each dependency of a project, beside which the *entries* of an index lie."""
    for entry in entries:
        path = folder / "wheels" / entry
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    path = folder / inner / "pyproject.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return asked_in(path)


def asked_in(path):
    format = next(each for each in ECOSYSTEM.formats if each.matches(path))
    written = format.parse(path.read_text())
    manifest = ECOSYSTEM.survey(path, written, Sight(FileStore())).resolve(written)
    found_by = routes(machine())
    found = {}
    for each in manifest.dependencies:
        ref = found_by.registry_for(each, manifest)
        found[each.name] = [one.url[8:-1] for one in ref.in_turn()] if ref is not None else []
    return found


WHEELS = ("own_lib-1.0-py3-none-any.whl", "A.B-3d-1.tar.gz")


@pytest.mark.parametrize("kind", ["format = 'flat'", "default = false"])
def test_what_a_folder_has_is_asked_of_nobody_and_all_else_as_without_it(kind, tmp_path):
    index = FOLDER.replace("format = 'flat'", kind)
    assert asked(tmp_path, PROJECT + BOUND + index + CORP, *WHEELS) == {
        "own-lib": [],
        "a-b": [],
        "other": [PUBLIC],
        "bound": ["registry.example/b"],
    }


def test_a_folder_may_have_a_folder_for_each_name(tmp_path):
    found = asked(tmp_path, PROJECT + FOLDER + EXTRA, "own_lib/index.html")
    assert found["own-lib"] == []
    assert found["other"] == ["registry.example/e", PUBLIC]


@pytest.mark.parametrize("url", ["", "file://{}/wheels", "{}/wheels"])
def test_a_folder_has_many_addresses(url, tmp_path):
    index = FOLDER.replace("../wheels", url.format(tmp_path.as_posix()) or "../wheels")
    found = asked(tmp_path, PROJECT + index, *WHEELS)
    assert (found["own-lib"], found["other"]) == ([], [PUBLIC])


def test_a_folder_in_the_default_ones_place_leaves_the_extra_ones(tmp_path):
    found = asked(tmp_path, PROJECT + FOLDER + "default = true\n" + EXTRA, *WHEELS)
    assert (found["own-lib"], found["other"]) == ([], ["registry.example/e"])


def test_of_a_folder_that_is_empty_or_not_there_nobody_knows_the_names(tmp_path):
    found = asked(tmp_path, PROJECT + BOUND + FOLDER + CORP)
    assert found.pop("bound") == ["registry.example/b"]
    assert set(map(len, found.values())) == {0}


def test_what_is_bound_to_a_folder_is_asked_of_nobody(tmp_path):
    text = PROJECT + BOUND + FOLDER.replace("'f'", "'b'") + "explicit = true\n"
    found = asked(tmp_path, text, *WHEELS)
    assert (found["bound"], found["own-lib"]) == ([], [PUBLIC])


@pytest.mark.parametrize("more", ["", "default = true\n"])
def test_what_a_page_of_links_has_nobody_knows(more, tmp_path):
    assert set(map(len, asked(tmp_path, PROJECT + PAGE + more).values())) == {0}


def test_an_explicit_page_of_links_concerns_what_is_bound_to_it(tmp_path):
    page = CORP + "format = 'flat'\n"
    found = asked(tmp_path, PROJECT + BOUND + page)
    assert (found["bound"], found["other"]) == ([], [PUBLIC])


def test_the_folder_of_a_workspace_is_where_the_root_says(tmp_path):
    root = "[tool.uv.workspace]\nmembers = ['a/b']\n" + FOLDER.replace("../wheels", "./wheels")
    (tmp_path / "pyproject.toml").write_text(root)
    found = asked(tmp_path, PROJECT, *WHEELS, inner="a/b")
    assert (found["own-lib"], found["other"]) == ([], [PUBLIC])


def test_a_folder_that_was_not_there_when_it_was_looked_for_is_seen_later(tmp_path):
    text = PROJECT + FOLDER
    assert asked(tmp_path, text)["other"] == []
    assert asked(tmp_path, text, *WHEELS)["other"] == [PUBLIC]

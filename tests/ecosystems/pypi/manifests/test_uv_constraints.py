"""uv's constraints and overrides: which requirements of a project they hold for."""

from __future__ import annotations

import pytest

from ecosystems.pypi.project.test_survey import write
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT
from registry_lsp.ecosystems.pypi.manifests.scripts import SCRIPT
from registry_lsp.ecosystems.pypi.project.survey import survey
from registry_lsp.session.files import FileStore, Sight

UV = """\
[tool.uv]
constraint-dependencies = ["acme<2", "acme @ https://files.example/acme.zip", "="]
build-constraint-dependencies = ["acme<9"]
"""


def held(manifest):
    """By section the constraints on what stands there."""
    return {
        each.section: (each.constraint.specifier, each.constraint.by)
        for each in manifest.dependencies
        if each.constraint is not None
    }


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ('[project]\nname = "x"\ndependencies = ["acme"]\n', "project.dependencies"),
        ('[project.optional-dependencies]\ne = ["acme"]\n', "project.optional-dependencies.e"),
        ('[dependency-groups]\ndev = ["acme"]\n', "dependency-groups.dev"),
    ],
)
def test_constraints_hold_for_what_uv_resolves(text, section):
    written = text + UV.replace(', "acme @ https://files.example/acme.zip"', "")
    manifest = PYPROJECT.parse(written)
    assert held(manifest) == {section: ("<2", "tool.uv.constraint-dependencies")}


def test_what_a_build_needs_has_constraints_of_its_own():
    manifest = PYPROJECT.parse('[build-system]\nrequires = ["acme"]\n' + UV)
    assert held(manifest) == {
        "build-system.requires": ("<9", "tool.uv.build-constraint-dependencies")
    }


def test_an_override_stands_in_the_requirements_place():
    manifest = PYPROJECT.parse(
        '[project]\ndependencies = ["acme>=5"]\n'
        '[tool.uv]\noverride-dependencies = ["Acme==1", '
        '{ package = { name = "x" }, dependencies = ["acme==3"] }]\n'
    )
    constraint = manifest.dependencies[0].constraint
    assert (constraint.together, constraint.is_override) == ("==1", True)


def test_a_script_has_its_own():
    block = '[tool.uv]\n# constraint-dependencies = ["acme<2"]\n'
    text = f'# /// script\n# dependencies = ["acme"]\n# {block}# ///\n'
    assert held(SCRIPT.parse(text)) == {"dependencies": ("<2", "tool.uv.constraint-dependencies")}


def test_in_a_workspace_those_of_the_root_hold_and_no_others(tmp_path):
    write(
        tmp_path,
        **{
            "pyproject.toml": '[tool.uv]\nconstraint-dependencies = ["acme<2"]\n'
            '[tool.uv.workspace]\nmembers = ["a"]\n',
            "a__pyproject.toml": '[project]\nname = "a"\ndependencies = ["acme", "other"]\n'
            '[tool.uv]\nconstraint-dependencies = ["other<3"]\n',
        },
    )
    path = tmp_path / "a" / "pyproject.toml"
    written = PYPROJECT.parse(path.read_text(encoding="utf-8"))
    manifest = survey(path, written, Sight(FileStore()), environ={}).resolve(written)
    first, second, *_ = manifest.dependencies
    assert (first.constraint.specifier, first.constraint.by) == ("<2", "../pyproject.toml")
    assert second.constraint is None

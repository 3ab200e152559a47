"""Hatch's tables, below ``tool.hatch`` and in ``hatch.toml``."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi.manifests.hatch import HATCH_TOML, is_formatted
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT

WHOLE = """\
[tool.hatch.env]
requires = ["hatch-pip-compile>=1"]

[tool.hatch.envs.default]
dependencies = ["pytest>=8"]
extra-dependencies = ["coverage"]

[tool.hatch.envs.lint]
python = "3.12"
dependencies = ["ruff"]

[tool.hatch.envs.test.overrides]
matrix.django.dependencies = ["django", { value = "pytest-django", if = ["4.2"] }]
platform.windows.set-extra-dependencies = ["pywin32"]

[tool.hatch.build]
dependencies = ["cython"]

[tool.hatch.build.hooks.custom]
dependencies = ["jinja2"]

[tool.hatch.build.targets.wheel]
dependencies = ["setuptools"]

[tool.hatch.build.targets.wheel.hooks.mypyc]
dependencies = ["hatch-mypyc"]
"""

EXPECTED = [
    ("env.requires", "hatch-pip-compile"),
    ("envs.default.dependencies", "pytest"),
    ("envs.default.extra-dependencies", "coverage"),
    ("envs.lint.dependencies", "ruff"),
    ("envs.test.overrides.matrix.django.dependencies", "django"),
    ("envs.test.overrides.matrix.django.dependencies", "pytest-django"),
    ("envs.test.overrides.platform.windows.set-extra-dependencies", "pywin32"),
    ("build.dependencies", "cython"),
    ("build.hooks.custom.dependencies", "jinja2"),
    ("build.targets.wheel.dependencies", "setuptools"),
    ("build.targets.wheel.hooks.mypyc.dependencies", "hatch-mypyc"),
]


def found(manifest):
    return sorted((each.section, each.name) for each in manifest.dependencies)


def test_every_table_is_read():
    manifest = PYPROJECT.parse(WHOLE)
    assert manifest.problems == ()
    assert found(manifest) == sorted((f"tool.hatch.{section}", name) for section, name in EXPECTED)


def test_hatch_toml_has_the_same_tables_alone():
    manifest = HATCH_TOML.parse(WHOLE.replace("[tool.hatch.", "["))
    assert manifest.problems == ()
    assert found(manifest) == sorted(EXPECTED)
    assert HATCH_TOML.matches(PurePath("a", "hatch.toml"))
    assert not HATCH_TOML.matches(PurePath("a", "my-hatch.toml"))


def test_an_environment_may_have_a_python_of_its_own():
    text = f"[project]\nrequires-python = '>=3.9'\n{WHOLE}"
    runtimes = {each.name: each.runtime for each in PYPROJECT.parse(text).dependencies}
    assert runtimes["pytest"] == ">=3.9"
    assert runtimes["ruff"] == "3.12"
    assert runtimes["hatch-pip-compile"] is None


@pytest.mark.parametrize(
    ("requirement", "link"),
    [
        ("a @ {root:uri}/lib", "lib"),
        ("a @ {root:parent:uri}/lib", "../lib"),
        ("a @ {root:parent:parent:uri}", "../../"),
        ("a @ {home:uri}/lib", ""),
        ("a @ {env:FOO}/lib", ""),
    ],
)
def test_fields_may_stand_in_addresses(requirement, link):
    text = f"[envs.x]\ndependencies = ['{requirement}']\n"
    manifest = HATCH_TOML.parse(text)
    (a,) = manifest.dependencies
    assert manifest.problems == ()
    assert (a.source, a.link) == (Source.PATH, link)
    assert a.written_span.slice(text) == a.written == a.target


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("a=={env:VERSION:1.0}", True),
        ("{matrix:name}", True),
        ("a=={matrix:django}", True),
        ("a @ {root:uri}/x", False),
        ("a>=1", False),
        ("a{b}", False),
    ],
)
def test_what_a_field_comes_to_is_not_guessed(requirement, expected):
    assert is_formatted(requirement) is expected
    manifest = HATCH_TOML.parse(f"[envs.x]\ndependencies = ['{requirement}', 'b']\n")
    assert [each.name for each in manifest.dependencies][-1] == "b"
    assert not (expected and manifest.problems)


@pytest.mark.parametrize(
    "text",
    [
        "[envs.x]\ndependencies = [1]",
        "[envs.x]\ndependencies = [{value = 'a'}]",
        "[envs.x]\ndependencies = 'a'",
        "[envs.x.overrides]\nmatrix.y.dependencies = [{valu = 'a'}]",
    ],
)
def test_what_hatch_refuses_is_a_problem(text):
    assert len(HATCH_TOML.parse(text).problems) == 1


HATCHLING = "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n"


@pytest.mark.parametrize(
    ("more", "complaints"),
    [
        ("", 2),
        ("[tool.hatch.metadata]\nallow-direct-references = true\n", 0),
        ("[tool.hatch.metadata]\nallow-direct-references = false\n", 2),
        ("[tool.uv]\npackage = false\n", 0),
    ],
)
def test_hatchling_takes_an_address_only_where_it_is_told_to(more, complaints):
    lists = (
        "[project]\ndependencies = ['a @ https://files.example/a.zip', 'c']\n"
        "[project.optional-dependencies]\nd = ['e @ file:///e']\n"
    )
    found = PYPROJECT.parse(f"{HATCHLING}{lists}{more}").problems
    assert len(found) == complaints
    assert all("allow-direct-references" in each.reason for each in found)
    assert PYPROJECT.parse(f"{lists}{more}").problems == ()


def test_hatchling_formats_the_projects_own_lists():
    text = f"{HATCHLING}[project]\ndependencies = ['a=={{env:VERSION:1}}', 'b']\n"
    manifest = PYPROJECT.parse(text)
    assert [each.name for each in manifest.dependencies] == ["b", "hatchling"]
    assert manifest.problems == ()


@pytest.mark.parametrize(
    ("requirement", "is_refused"),
    [
        ("{root:uri}/here", True),
        ("{home}/here", True),
        ("here @ {root:uri}/here", False),
        ("{env:NAME:here}", False),
        ("{matrix:here}>=1", False),
    ],
)
def test_a_folder_without_a_name_is_no_requirement(requirement, is_refused):
    text = f"[envs.x]\ndependencies = ['{requirement}']\n"
    found = [each.span.slice(text) for each in HATCH_TOML.parse(text).problems]
    assert found == ([requirement] if is_refused else [])

"""What a dependency has to run on, where its manifest says nothing of it, or does."""

import pytest

from registry_lsp.ecosystems.pypi import ECOSYSTEM
from registry_lsp.session.files import FileStore, Sight

ENVIRONMENT = "version = 3.11.2\n"
OLD = 'python_version < "3.8"'

GROUP = """
[dependency-groups]
dev = ["one"]
[tool.uv.dependency-groups]
dev = {requires-python = ">=3.12"}
"""


def runtimes(folder, name, text, *, environment=ENVIRONMENT):
    """Each dependency with what it has to run on, and who says so."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    if environment is not None:
        (folder / ".venv").mkdir()
        (folder / ".venv" / "pyvenv.cfg").write_text(environment)
    format = next(each for each in ECOSYSTEM.formats if each.matches(path))
    written = format.parse(text)
    resolved = ECOSYSTEM.survey(path, written, Sight(FileStore())).resolve(written)
    assert resolved.runtime == written.runtime
    return [(each.runtime, each.runtime_by) for each in resolved.dependencies]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "one\n"),
        ("constraints.txt", "one<2\n"),
        ("requirements.in", "one\n"),
        ("Pipfile", '[packages]\none = "*"\n'),
        ("pyproject.toml", '[project]\nname = "own"\ndependencies = ["one"]\n'),
        ("pyproject.toml", '[dependency-groups]\ndev = ["one"]\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\none = "*"\n'),
    ],
)
def test_the_environment_says_it(name, text, tmp_path):
    assert runtimes(tmp_path, name, text) == [("==3.11.2", ".venv")]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "pyproject.toml",
            '[project]\nname = "own"\nrequires-python = ">=3.9"\ndependencies = ["one"]\n',
            (">=3.9", ""),
        ),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.9"\none = "*"\n', None),
        ("Pipfile", '[packages]\none = "*"\n[requires]\npython_version = "3.9"\n', ("==3.9.*", "")),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\none = {version = "*", python = ">=3.10"}\n',
            (">=3.10", ""),
        ),
        (
            "pyproject.toml",
            GROUP,
            (">=3.12", ""),
        ),
    ],
)
def test_the_manifests_own_word_stands_over_it(name, text, expected, tmp_path):
    assert runtimes(tmp_path, name, text) == [expected or ("^3.9", "")]


def test_what_has_an_environment_of_its_own_is_not_installed_in_that(tmp_path):
    text = '[build-system]\nrequires = ["one"]\n[project]\nname = "own"\ndependencies = ["two"]\n'
    assert runtimes(tmp_path, "pyproject.toml", text) == [("==3.11.2", ".venv"), (None, "")]


@pytest.mark.parametrize("name", ["requirements.txt", "Pipfile", "pyproject.toml"])
@pytest.mark.parametrize(
    ("marker", "alone", "installed"),
    [
        (OLD, ("==3.7.*", OLD), ("==3.7.*", OLD)),
        ('python_version < "3.12"', ("==3.11.*", ...), ("==3.11.2", ".venv")),
        ('python_version >= "3.8"', (None, ""), ("==3.11.2", ".venv")),
        ('python_version >= "3.12"', (None, ""), (">=3.12", ...)),
        ('sys_platform == "win32"', (None, ""), ("==3.11.2", ".venv")),
    ],
)
def test_a_marker_counts_where_it_says_more(name, marker, alone, installed, tmp_path):
    text = {
        "requirements.txt": f"one ; {marker}\n",
        "Pipfile": f"[packages]\none = {{version = '*', markers = '{marker}'}}\n",
        "pyproject.toml": f"[project]\nname = 'own'\ndependencies = ['one ; {marker}']\n",
    }[name]

    def said(expected):
        runtime, by = expected
        return [(runtime, marker if by is ... else by)]

    assert runtimes(tmp_path, name, text, environment=None) == said(alone)
    assert runtimes(tmp_path, name, text) == said(installed)


def test_a_marker_that_narrows_what_the_project_says_is_named(tmp_path):
    text = (
        "[project]\nname = 'own'\nrequires-python = '>=3.9'\n"
        "dependencies = ['one ; python_version >= \"3.12\"', 'two ; python_version >= \"3.8\"']\n"
    )
    assert runtimes(tmp_path, "pyproject.toml", text) == [
        (">=3.12", 'python_version >= "3.12"'),
        (">=3.9", ""),
    ]

"""PDM's own tables of ``pyproject.toml``."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT


def read(text):
    return PYPROJECT.parse(text)


def developing(*lines):
    items = ", ".join(f"'''{line}'''" for line in lines)
    return f"[tool.pdm.dev-dependencies]\ntest = [{items}]\n"


def test_groups_and_plugins_are_read():
    text = (
        "[project]\nrequires-python = '>=3.9'\n"
        "[tool.pdm]\nplugins = ['pdm-plugin>=1']\n"
        "[tool.pdm.dev-dependencies]\ntest = ['pytest>=8']\nlint = ['ruff']\n"
    )
    found = [(each.section, each.name, each.runtime) for each in read(text).dependencies]
    assert found == [
        ("tool.pdm.dev-dependencies.test", "pytest", ">=3.9"),
        ("tool.pdm.dev-dependencies.lint", "ruff", ">=3.9"),
        ("tool.pdm.plugins", "pdm-plugin", None),
    ]


@pytest.mark.parametrize(
    ("line", "name", "source", "link"),
    [
        ("-e file:///${PROJECT_ROOT}/sub#egg=sub-package", "sub-package", Source.PATH, "sub"),
        ("-e git+https://code.example/a.git@main#egg=a", "a", Source.GIT, "https://code.example/a"),
        ("git+https://code.example/a.git#egg=a", "a", Source.GIT, "https://code.example/a"),
        (
            "https://files.example/a-1.0-py3-none-any.whl",
            "a",
            Source.URL,
            "https://files.example/a-1.0-py3-none-any.whl",
        ),
        ("-e ./sub", "", Source.PATH, "./sub"),
        ("./sub", "", Source.PATH, "./sub"),
        ("-e a @ file:///${PROJECT_ROOT}/sub", "a", Source.PATH, "sub"),
        ("a @ file:///${PROJECT_ROOT}/", "a", Source.PATH, "."),
        ("a @ {root:uri}/sub", "a", Source.PATH, "sub"),
    ],
)
def test_addresses_and_paths_may_stand_without_a_name(line, name, source, link):
    text = developing(line)
    manifest = read(text)
    (found,) = manifest.dependencies
    assert manifest.problems == ()
    assert (found.name, found.source, found.link) == (name, source, link)
    assert found.written_span.slice(text) == found.written == found.target
    assert found.specifier_span is None
    if name:
        assert found.name_span.slice(text) == name


def test_an_address_may_have_a_marker():
    text = developing("-e git+https://code.example/a.git#egg=a ; python_version < '3.12'")
    (found,) = read(text).dependencies
    assert found.marker == "python_version < '3.12'"
    assert found.runtime == "==3.11.*"


@pytest.mark.parametrize(
    ("line", "where", "reason"),
    [
        (
            "-e https://files.example/a.zip",
            "https://files.example/a.zip",
            "Only a folder or a repository can be editable.",
        ),
        (
            "https://files.example/a.whl",
            "https://files.example/a.whl",
            "'a.whl' is not the name of a wheel.",
        ),
    ],
)
def test_what_pdm_refuses_is_a_problem(line, where, reason):
    text = developing(line)
    (problem,) = read(text).problems
    assert problem.span.slice(text) == where
    assert problem.reason == reason


def test_overrides_are_versions_or_addresses():
    text = (
        "[tool.pdm.resolution.overrides]\nasgiref = '3.2.10'\nurllib3 = '>=1.26.2'\n"
        "pytz = 'https://files.example/pytz-1.0-py3-none-any.whl'\nodd = 1\n'a b' = '1'\n"
    )
    manifest = read(text)
    found = [
        (each.name, each.specifier, each.dialect, each.source) for each in manifest.dependencies
    ]
    assert found == [
        ("asgiref", "3.2.10", "pipenv", Source.REGISTRY),
        ("urllib3", ">=1.26.2", "pipenv", Source.REGISTRY),
        ("pytz", "", "pipenv", Source.URL),
    ]
    assert [problem.span.slice(text) for problem in manifest.problems] == ["1", "a b"]


@pytest.mark.parametrize(("word", "expected"), [("true", True), ("false", False)])
def test_the_resolution_says_whether_prereleases_are_taken(word, expected):
    text = developing("a") + f"[tool.pdm.resolution]\nallow-prereleases = {word}\n"
    assert read(text).dependencies[0].prereleases is expected
    assert read(developing("a")).dependencies[0].prereleases is None


@pytest.mark.parametrize(
    ("line", "is_right"),
    [
        ("-e ./here", True),
        ("-e ..", True),
        ("-e file:///${PROJECT_ROOT}/here", True),
        ("-e git+https://code.example/a#egg=a", True),
        ("-e acme", False),
        ("-e https://files.example/a.zip", False),
        ("--editable ./here", False),
        ("-r ./here.txt", False),
    ],
)
def test_only_folders_and_repositories_are_editable(line, is_right):
    assert bool(read(developing(line)).problems) is not is_right


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[[tool.pdm.source]]\nurl = 'https://a/'\n", ["source"]),
        ("[[tool.pdm.source]]\nname = 'a'\n", []),
        ("[[tool.pdm.source]]\n", []),
        ("[tool.pdm.resolution.overrides]\na = '*'\n", ["*"]),
        ("[tool.pdm.resolution.overrides]\na = ''\nb = '==1.*'\n", []),
    ],
)
def test_what_pdm_refuses_of_sources_and_overrides(text, where):
    assert [each.span.slice(text) for each in read(text).problems] == where

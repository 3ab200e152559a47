"""What a manifest asks for twice, by the rules of those who install."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import pytest

from registry_lsp.core.duplicates import duplicates
from registry_lsp.ecosystems import discover
from registry_lsp.session.kinds import recogniser

RECOGNISE = recogniser(discover())


def doubled(name, text):
    """The entries that are too many: each as it is written, and the section of the first."""
    ecosystem, format = RECOGNISE(PurePosixPath("/project") / name)
    dependencies = format.parse(text).dependencies
    found = duplicates(dependencies, ecosystem.slot)
    return [(dependencies[at].display_name, twin.section) for at, twin in found.items()]


def package_json(**sections):
    return json.dumps(sections)


PYPROJECT = '[project]\nname = "own"\ndependencies = {}\n'


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        (
            "package.json",
            package_json(dependencies={"a": "1"}, devDependencies={"a": "2", "b": "1"}),
            [("a", "dependencies")],
        ),
        (
            "package.json",
            package_json(optionalDependencies={"a": "1"}, dependencies={"a": "1"}),
            [("a", "optionalDependencies")],
        ),
        (
            "package.json",
            '{"dependencies": {"a": "1", "b": "1", "a": "2"}}',
            [("a", "dependencies")],
        ),
        ("requirements.txt", "Zope.Interface>=5\nzope_interface==6\n", [("zope_interface",)]),
        ("requirements.txt", "a\na[more]\n", [("a",)]),
        ("requirements.txt", "a; os_name=='nt'\na>1 ; os_name == \"nt\"\n", [("a",)]),
        (
            "pyproject.toml",
            PYPROJECT.format('["Foo-Bar>=1", "foo_bar<3"]'),
            [("foo_bar", "project.dependencies")],
        ),
        (
            "pyproject.toml",
            '[dependency-groups]\ndev = ["a"]\n[tool.uv]\ndev-dependencies = ["a>1"]\n',
            [("a", "dependency-groups.dev")],
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nFoo-bar = "^1"\nfoo_bar = "^2"\n',
            [("foo_bar", "tool.poetry.dependencies")],
        ),
        (
            "pyproject.toml",
            (
                '[tool.poetry.dev-dependencies]\na = "^1"\n'
                '[tool.poetry.group.dev.dependencies]\na = "^2"\n'
            ),
            [("a", "tool.poetry.dev-dependencies")],
        ),
        ("Pipfile", '[packages]\nFoo = "*"\nfoo = "*"\n', [("foo", "packages")]),
    ],
)
def test_two_entries_that_hold_at_once_are_one_too_many(name, text, found):
    assert [each[: len(found[0])] for each in doubled(name, text)] == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", package_json(devDependencies={"a": "1"}, peerDependencies={"a": "*"})),
        ("package.json", package_json(dependencies={"a": "1"}, peerDependencies={"a": "*"})),
        ("package.json", package_json(dependencies={"old": "npm:a@1", "new": "npm:a@2"})),
        ("package.json", package_json(dependencies={"a": "1"}, overrides={"a": "1"})),
        ("package.json", package_json(dependencies={"a": "1"}, bundledDependencies=["a"])),
        ("requirements.txt", "a<2; python_version < '3.9'\na>=2; python_version >= '3.9'\n"),
        ("requirements.txt", "a>=1\na>=2; python_version >= '3.13'\n"),
        ("constraints.txt", "a>=1\na<2\n"),
        (
            "pyproject.toml",
            PYPROJECT.format('["a"]') + '[project.optional-dependencies]\nx = ["a>2"]\ny = ["a"]\n',
        ),
        (
            "pyproject.toml",
            PYPROJECT.format('["b"]')
            + '[project.optional-dependencies]\nx = ["a"]\ny = ["b"]\nall = ["own[x]", "own[y]"]\n',
        ),
        (
            "pyproject.toml",
            '[build-system]\nrequires = ["a"]\n'
            + PYPROJECT.format('["a"]')
            + '[dependency-groups]\ndev = ["a"]\ntest = ["a"]\n'
            '[tool.uv]\noverride-dependencies = ["a", "a"]\nconstraint-dependencies = ["a"]\n',
        ),
        (
            "pyproject.toml",
            PYPROJECT.format('["a"]') + '[tool.poetry.dependencies]\na = { source = "own" }\n',
        ),
        (
            "pyproject.toml",
            (
                "[tool.poetry.dependencies]\na = [\n"
                '  { version = "^1", python = "<3.9" },\n'
                '  { version = "^2", python = ">=3.9" },\n]\n'
            ),
        ),
        ("Pipfile", '[packages]\na = "*"\n[dev-packages]\na = "*"\n'),
    ],
)
def test_what_is_common_and_meant_is_no_duplicate(name, text):
    assert doubled(name, text) == []

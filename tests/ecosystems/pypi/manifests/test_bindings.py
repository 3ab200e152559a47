"""What else binds names in a ``pyproject.toml``: the patterns of PDM, and the sources of Hatch."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi.config.routes import routes as routes_of
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT
from registry_lsp.endpoints import PYPI_INDEX
from support.pypi_configs import machine

PRIVATE = '[[tool.pdm.source]]\nname = "private"\nurl = "https://registry.example/simple"\n'
SECOND = '[[tool.pdm.source]]\nname = "second"\nurl = "https://second.example/simple"\n'


def indexes(text, *names):
    listed = ", ".join(f"'{name}'" for name in names)
    found = PYPROJECT.parse(f"[project]\ndependencies = [{listed}]\n{text}").dependencies
    return [each.index for each in found]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ("", [None, None, None]),
        ('include_packages = ["Acme_*"]\n', ["private", None, None]),
        ('include_packages = ["foo", "acme-tools"]\n', ["private", "private", None]),
        ('exclude_packages = ["foo"]\n', [None, "pypi", None]),
        ('exclude_packages = ["*"]\ninclude_packages = ["acme-*"]\n', ["private", "pypi", "pypi"]),
        ("include_packages = []\n", [None, None, None]),
        ('include_packages = ["[ab]*", "fo?"]\n', ["private", "private", "private"]),
    ],
)
def test_pdms_patterns_bind_names_to_a_source(patterns, expected):
    assert indexes(PRIVATE + patterns, "acme.tools", "foo", "bar") == expected


def test_where_some_of_several_sources_are_left_nobody_is_asked():
    text = PRIVATE + 'include_packages = ["a"]\n' + SECOND + 'include_packages = ["a", "b"]\n'
    assert indexes(text, "a", "b", "c") == ["", "second", None]


def test_hatchs_sources_bind_names_too():
    text = (
        "[tool.hatch.sources]\nA = { index = 'https://registry.example/simple' }\nb = '../b'\n"
        "[tool.hatch.envs.x.sources]\nc = { git = 'https://code.example/c.git' }\n"
        "[project]\ndependencies = ['a', 'b', 'c', 'd']\n"
    )
    manifest = PYPROJECT.parse(text)
    a, b, c, d = manifest.dependencies
    routes = routes_of(machine())
    assert routes.registry_for(a, manifest).url == "https://registry.example/simple/"
    assert routes.registry_for(d, manifest).url == PYPI_INDEX
    assert (b.source, b.target, b.link) == (Source.PATH, "../b", "../b")
    assert (c.source, c.link) == (Source.GIT, "https://code.example/c")


@pytest.mark.parametrize("entry", ["{ inde = 'x' }", "{ index = ", "{}", "{ index = '' }"])
def test_half_a_binding_of_hatchs_binds_to_nobody(entry):
    text = f"[project]\ndependencies = ['a']\n[tool.hatch.sources]\na = {entry}\n"
    assert PYPROJECT.parse(text).dependencies[0].index == ""


def test_what_is_bound_by_more_patterns_than_anybody_writes_is_asked_of_that_source():
    patterns = ", ".join(f"'p{at}-*'" for at in range(2000))
    assert indexes(f"{PRIVATE}include_packages = [{patterns}]\n", "a") == ["private"]

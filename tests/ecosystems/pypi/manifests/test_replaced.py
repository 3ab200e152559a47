"""Names that uv and PDM take from an address, whoever asks for them: no registry hears of those."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT

ASKED = """\
[project]
dependencies = ["acme>=1", "free"]
optional-dependencies.x = ["Acme"]
[dependency-groups]
dev = ["acme"]
[build-system]
requires = ["acme"]
[tool.hatch.envs.x]
dependencies = ["acme"]
"""
ADDRESS = "https://files.example/acme-1.0.zip"


def found(more):
    return {each.section: each for each in PYPROJECT.parse(ASKED + more).dependencies[::-1]}


@pytest.mark.parametrize(
    ("tool", "entry", "section"),
    [
        (
            "uv",
            f"override-dependencies = ['ACME @ {ADDRESS}']",
            "tool.uv.override-dependencies",
        ),
        (
            "uv",
            f"constraint-dependencies = ['acme @ {ADDRESS} ; os_name == \"nt\"']",
            "tool.uv.constraint-dependencies",
        ),
        ("pdm", f"resolution.overrides.acme = '{ADDRESS}'", "tool.pdm.resolution.overrides"),
    ],
)
def test_what_an_address_stands_in_for_is_a_reference_to_it(tool, entry, section):
    by_section = found(f"[tool.{tool}]\n{entry}\n")
    for asked in ("project.dependencies", "project.optional-dependencies.x"):
        assert (by_section[asked].source, by_section[asked].target) == (Source.REFERENCE, section)
    assert by_section["dependency-groups.dev"].source is Source.REFERENCE
    assert by_section[section].target == ADDRESS
    # what is built and run apart from the project is not overridden
    assert by_section["build-system.requires"].source is Source.REGISTRY
    assert by_section["tool.hatch.envs.x.dependencies"].source is Source.REGISTRY


@pytest.mark.parametrize(
    "more",
    [
        "[tool.uv]\noverride-dependencies = ['acme==1', '', 1]\n",
        f"[tool.uv]\noverride-dependencies = ['other @ {ADDRESS}']\n",
        "[tool.pdm.resolution.overrides]\nacme = '1.0'\n",
    ],
)
def test_other_overrides_leave_the_name_to_the_registry(more):
    assert found(more)["project.dependencies"].source is Source.REGISTRY


def test_a_source_of_uv_stands_over_the_address():
    override = f"[tool.uv]\noverride-dependencies = ['acme @ {ADDRESS}']\n"
    asked = found(f"{override}sources.acme = {{index = 'private'}}\n")["project.dependencies"]
    assert (asked.source, asked.index) == (Source.REGISTRY, "private")


@pytest.mark.parametrize(
    ("address", "is_refused"),
    [
        (f"{ADDRESS};python_version > '3'", True),
        (f"{ADDRESS} ;python_version > '3'", False),
        (f"{ADDRESS};session=1", False),
    ],
)
def test_a_marker_right_behind_an_address_is_a_part_of_it(address, is_refused):
    text = f'[project]\ndependencies = ["acme @ {address}"]\n'
    reasons = [each.reason for each in PYPROJECT.parse(text).problems]
    assert ("A space is needed between the address and the semicolon." in reasons) is is_refused

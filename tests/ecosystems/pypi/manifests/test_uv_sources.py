"""Which of its several sources uv takes for a name: by extra, group and marker, as uv 0.13 does."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT

LISTS = """\
[project]
requires-python = ">=3.10"
dependencies = [{}]
[project.optional-dependencies]
CPU = ["torch"]
gpu = ["torch"]
other = ["torch"]
[dependency-groups]
g = ["torch"]
[tool.uv]
constraint-dependencies = ["torch<3"]
[tool.uv.sources]
"""
LINUX, WINDOWS = "sys_platform == 'linux'", "sys_platform == 'win32'"
NOT_LINUX = LINUX.replace("==", "!=")


def found(sources, requirement="torch", more=""):
    text = LISTS.format(repr(requirement)) + f"torch = {sources}\n{more}"
    return {each.section.rpartition(".")[2]: each for each in PYPROJECT.parse(text).dependencies}


def test_a_source_for_an_extra_or_a_group_is_only_for_that():
    sources = '[{index="c", extra="cpu"}, {index="g", extra="GPU"}, {path="../t", group="g"}]'
    torch = found(sources)
    indexes = {section: each.index for section, each in torch.items()}
    assert indexes.pop("constraint-dependencies") is None
    assert indexes == {"dependencies": None, "CPU": "c", "gpu": "g", "other": None, "g": None}
    paths = {section for section, each in torch.items() if each.source is Source.PATH}
    assert paths == {"g", "constraint-dependencies"}
    assert torch["g"].link == "../t"


def test_what_speaks_of_all_parts_is_asked_of_nobody_where_they_differ():
    torch = found('[{index="c", extra="cpu"}, {index="g", extra="gpu"}]')
    assert torch["constraint-dependencies"].index == ""
    assert found('{index="c", extra="cpu"}')["constraint-dependencies"].index == ""
    assert found('[{index="c", extra="cpu"}, {index="c"}]')["constraint-dependencies"].index == "c"


def test_a_group_that_others_include_may_be_installed_as_a_part_of_them():
    sources = '[{index="c", group="g"}, {index="d", group="h"}]'
    assert found(sources)["g"].index == "c"
    more = "[dependency-groups]\nh = [{include-group = 'G'}]\n"
    assert found(sources, more=more)["g"].index == ""


def by(marker, index="a"):
    return f'{{index="{index}", marker="{marker}"}}'


@pytest.mark.parametrize(
    ("sources", "marker", "expected"),
    [
        # several that differ: the dependency's own marker may tell which
        (f"[{by(LINUX)}, {by(NOT_LINUX, 'b')}]", "", ""),
        (f"[{by(LINUX)}, {by(NOT_LINUX, 'b')}]", LINUX, "a"),
        (f"[{by(LINUX)}, {by(NOT_LINUX, 'b')}]", WINDOWS, "b"),
        (f"[{by(LINUX)}, {by(NOT_LINUX)}]", "", "a"),
        # what they leave comes from the default index
        (by(LINUX), "", ""),
        (by(LINUX), LINUX, "a"),
        (by(LINUX), WINDOWS, None),
        (f"[{by(LINUX)}, {by(WINDOWS)}]", "", ""),
        (f"[{by(LINUX)}, {by(WINDOWS)}]", f"{LINUX} or {WINDOWS}", "a"),
        # the project's own Python is a condition too
        (by("python_version >= '3.8'"), "", "a"),
        (by("python_version >= '3.11'"), "", ""),
        (by("python_version < '3.9'"), "", None),
        # what cannot be read or is not on any list may hold or not
        (by("nonsense"), "", ""),
        (by("platform_release == 'x'"), "", ""),
        (f"[{by('nonsense')}, {by('nonsense')}]", "", ""),
        (by(LINUX), "nonsense", ""),
    ],
)
def test_markers_tell_which_index_is_asked(sources, marker, expected):
    requirement = f"torch; {marker}" if marker else "torch"
    torch = found(sources, requirement)["dependencies"]
    assert (torch.source, torch.index) == (Source.REGISTRY, expected)


@pytest.mark.parametrize(
    "sources",
    [
        f"[{{git = 'u', marker = \"{LINUX}\"}}, {by(NOT_LINUX)}]",
        f"[{by(NOT_LINUX)}, {{git = 'u', marker = \"{LINUX}\"}}]",
        f"{{git = 'u', marker = \"{LINUX}\"}}",
        "[{git = 'u', marker = 'x'}, {index = 'private', marker = 'x'}]",
    ],
)
def test_what_may_come_from_elsewhere_is_not_looked_up(sources):
    assert found(sources)["dependencies"].source is Source.GIT


@pytest.mark.parametrize("half", ["{ind = 'b'}", "{extra = 'cpu'}"])
def test_half_a_source_beside_others_binds_to_nobody(half):
    assert found(f"[{by(LINUX)}, {half}]")["CPU"].index == ""

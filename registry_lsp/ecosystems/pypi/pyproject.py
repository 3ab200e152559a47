"""``pyproject.toml``: the standard tables of dependencies, and the tools' own.

The standards are PEP 621 (``project``), PEP 735 (``dependency-groups``) and PEP 518
(``build-system``).
"""

from __future__ import annotations

from dataclasses import replace

from registry_lsp.core.manifests import Manifest
from registry_lsp.ecosystems.pypi.bindings import read_bindings
from registry_lsp.ecosystems.pypi.groups import read_groups
from registry_lsp.ecosystems.pypi.hatch import is_formatted, read_hatch
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.pdm import pdm_prereleases, read_pdm
from registry_lsp.ecosystems.pypi.poetry_tables import PoetryReader, poetry_runtime
from registry_lsp.ecosystems.pypi.project_indexes import read_indexes
from registry_lsp.ecosystems.pypi.reading import Reading, entries
from registry_lsp.ecosystems.pypi.requirement_lists import RequirementReader
from registry_lsp.ecosystems.pypi.toml_file import TomlFile
from registry_lsp.ecosystems.pypi.uv_tables import read_uv, uv_prereleases
from registry_lsp.ecosystems.pypi.versions import Pep440Scheme
from registry_lsp.syntax.nodes import Node, TableNode
from registry_lsp.syntax.toml import scan_toml

_HATCHLING = "hatchling.build"
_SCHEME = Pep440Scheme()


def read_pyproject(text: str) -> Manifest:
    """What a ``pyproject.toml`` says."""
    root = scan_toml(text)
    project = root.section("project")
    of_poetry = poetry_runtime(root)
    runtime = (project.string("requires-python") if project else "") or of_poetry
    poetry = PoetryReader(text=text, runtime=of_poetry or runtime)
    poetry.read(root)
    of_uv = uv_prereleases(root)
    reader = RequirementReader(
        text=text,
        reading=Reading(),
        runtime=runtime,
        bindings=read_bindings(root, poetry.origins),
        prereleases=pdm_prereleases(root) if of_uv is None else of_uv,
    )
    _read_standard(root, reader)
    read_uv(root, reader)
    read_pdm(root, reader)
    hatch = root.section("tool", "hatch")
    if hatch is not None:
        read_hatch(hatch, "tool.hatch.", reader)
    reader.reading.extend(poetry.reading)
    return reader.reading.manifest(indexes=read_indexes(root), runtime=runtime)


PYPROJECT = TomlFile(name="pyproject.toml", read=read_pyproject)


def _read_standard(root: TableNode, reader: RequirementReader) -> None:
    project, build = root.section("project"), root.section("build-system")
    is_hatchling = build is not None and build.string("build-backend") == _HATCHLING
    if project is not None:
        reader.reading.check_specifier(project.get("requires-python"), _SCHEME)
        value = project.get("dependencies")
        _project_list("project.dependencies", value, reader, is_hatchling=is_hatchling)
    if build is not None:
        # What a build needs is chosen without the tools' settings for what the project needs.
        replace(reader, prereleases=None).read("build-system.requires", build.get("requires"))
    if project is not None:
        _read_extras(project, reader, is_hatchling=is_hatchling)
    read_groups(root, reader)


def _read_extras(project: TableNode, reader: RequirementReader, *, is_hatchling: bool) -> None:
    first: dict[str, str] = {}
    for key, value in entries(project.section("optional-dependencies")):
        section = f"project.optional-dependencies.{key.value}"
        _project_list(section, value, reader, is_hatchling=is_hatchling)
        other = first.setdefault(normalise(key.value), key.value)
        if other != key.value:
            reader.reading.complain_of_twin(key, other)


def _project_list(
    section: str, value: Node | None, reader: RequirementReader, *, is_hatchling: bool
) -> None:
    """One of the project's own lists, in which Hatchling puts other things for its fields."""
    for string in reader.strings(section, value):
        if not is_hatchling or not is_formatted(string.value):
            reader.requirement(section, string)

"""``pyproject.toml``: the standard tables of dependencies, and the tools' own.

The standards are PEP 621 (``project``), PEP 735 (``dependency-groups``) and PEP 518
(``build-system``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from registry_lsp.core.manifests import Manifest
from registry_lsp.ecosystems.pypi.manifests.bindings import name_in, project_name, read_bindings
from registry_lsp.ecosystems.pypi.manifests.groups import read_groups
from registry_lsp.ecosystems.pypi.manifests.hatch import is_formatted, read_hatch
from registry_lsp.ecosystems.pypi.manifests.pdm import pdm_prereleases, read_pdm
from registry_lsp.ecosystems.pypi.manifests.poetry_tables import PoetryReader, poetry_runtime
from registry_lsp.ecosystems.pypi.manifests.project_indexes import read_indexes
from registry_lsp.ecosystems.pypi.manifests.reading import Reading, entries, is_true, text_of
from registry_lsp.ecosystems.pypi.manifests.requirement_lists import RequirementReader
from registry_lsp.ecosystems.pypi.manifests.toml_file import TomlFile
from registry_lsp.ecosystems.pypi.manifests.uv_constraints import (
    held_by_uv,
    read_uv_constraints,
)
from registry_lsp.ecosystems.pypi.manifests.uv_tables import read_uv, uv_prereleases
from registry_lsp.ecosystems.pypi.manifests.vocabulary import PYPROJECT_KEYS
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.ecosystems.pypi.versions.markers import stricter
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode
from registry_lsp.syntax.toml.scanner import scan_toml

_NO_ADDRESS = (
    "Hatchling takes an address here only where 'allow-direct-references' of "
    "'tool.hatch.metadata' is true."
)
_FIELDS = frozenset({"dependencies", "optional-dependencies", "requires-python"})
_SCHEME = Pep440Scheme()
_INSTALLERS = ("uv", "poetry", "pdm")


def read_pyproject(text: str) -> Manifest:
    """What a ``pyproject.toml`` says."""
    root = scan_toml(text)
    project = root.section("project")
    of_poetry = poetry_runtime(root)
    runtime = (project.string("requires-python") if project else "") or None
    if of_poetry is not None:  # Poetry locks for this one, which has to lie within the other
        runtime = stricter(runtime, of_poetry) or of_poetry
    poetry = PoetryReader(text=text, runtime=runtime)
    poetry.read(root)
    of_uv = uv_prereleases(root)
    reader = RequirementReader(
        text=text,
        reading=Reading(),
        project=project_name(root),
        runtime=runtime,
        bindings=read_bindings(root, poetry.origins),
        prereleases=pdm_prereleases(root) if of_uv is None else of_uv,
        settled=poetry.prereleases(),
    )
    _read_standard(root, reader)
    read_uv(root, reader)
    read_pdm(root, reader)
    hatch = root.section("tool", "hatch")
    if hatch is not None:
        read_hatch(hatch, "tool.hatch.", reader)
    reader.reading.extend(poetry.reading)
    manifest = reader.reading.manifest(
        root, indexes=read_indexes(root), runtime=runtime, installers=_installers(root)
    )
    name = name_in(root)
    return replace(
        manifest,
        dependencies=held_by_uv(manifest.dependencies, read_uv_constraints(root)),
        name=project_name(root),
        name_span=name.inner if name is not None else None,
        is_private=_is_private(project),
    )


def _is_private(project: TableNode | None) -> bool:
    """Whether a classifier has PyPI refuse it, as its documentation advises."""
    classifiers = project.get("classifiers") if project is not None else None
    items = classifiers.items if isinstance(classifiers, ArrayNode) else ()
    return any(isinstance(it, StringNode) and it.value.startswith("Private ::") for it in items)


def _installers(root: TableNode) -> tuple[str, ...]:
    """The tools that *root* has tables of. Hatch has pip or uv install."""
    return tuple(name for name in _INSTALLERS if root.section("tool", name) is not None)


PYPROJECT = TomlFile(
    name="pyproject.toml", read=read_pyproject, vocabulary=PYPROJECT_KEYS, has_groups=True
)


def _read_standard(root: TableNode, reader: RequirementReader) -> None:
    project, build = root.section("project"), root.section("build-system")
    hatchling = _Hatchling.of(root, build)
    if project is not None:
        reader.reading.check_specifier(project.get("requires-python"), _SCHEME)
        if root.section("tool", "poetry") is None:  # Poetry puts its own tables beside them
            _check_dynamic(project, reader.reading)
        for key, value in entries(project):
            if key.value == "dependencies":
                _project_list("project.dependencies", value, reader, hatchling)
    for key, value in entries(build):
        if key.value == "requires":
            # What a build needs is there before the project is, and is chosen without the tools'
            # settings for what the project needs.
            own = replace(reader, project="", prereleases=None)
            own.read("build-system.requires", value)
    if project is not None:
        extras = project.get("optional-dependencies")
        reader.reading.check_table("project.optional-dependencies", extras)
    first: dict[str, str] = {}
    for key, value in entries(project.section("optional-dependencies") if project else None):
        _project_list(f"project.optional-dependencies.{key.value}", value, reader, hatchling)
        if not is_valid_name(key.value):
            reader.reading.complain(key.inner, "An extra cannot have this name.")
        other = first.setdefault(normalise(key.value), key.value)
        if other != key.value:
            reader.reading.complain_of_twin(key, other)
    read_groups(root, reader)


def _check_dynamic(project: TableNode, reading: Reading) -> None:
    """Complain of what is written out though the build is said to tell it: PEP 621 has build
    backends refuse that, as setuptools and Hatchling do.
    """
    dynamic = project.get("dynamic")
    for item in dynamic.items if isinstance(dynamic, ArrayNode) else ():
        name = text_of(item)
        if isinstance(item, StringNode) and name in _FIELDS and project.get(name) is not None:
            reason = f"'{name}' cannot be dynamic, for the project says it itself."
            reading.complain(item.inner, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hatchling:
    """What the build backend makes of the project's own lists."""

    is_used: bool
    takes_addresses: bool

    @classmethod
    def of(cls, root: TableNode, build: TableNode | None) -> _Hatchling:
        """What *root* says; a project that uv does not take for a package is never built."""
        metadata, uv = root.section("tool", "hatch", "metadata"), root.section("tool", "uv")
        package = uv.get("package") if uv is not None else None
        return cls(
            is_used=build is not None and build.string("build-backend") == "hatchling.build",
            takes_addresses=(package is not None and not is_true(package))
            or (metadata is not None and metadata.is_true("allow-direct-references")),
        )


def _project_list(
    section: str, value: Node, reader: RequirementReader, hatchling: _Hatchling
) -> None:
    """One of the project's own lists. Hatchling puts other things in the place of its fields."""
    for string in reader.strings(section, value):
        if not hatchling.is_used:
            reader.requirement(section, string)
        elif not is_formatted(string.value):
            found = reader.requirement(section, string)
            if found is not None and found.url and not hatchling.takes_addresses:
                reader.reading.complain(string.inner, _NO_ADDRESS)

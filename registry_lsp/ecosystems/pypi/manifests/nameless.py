"""What a text without a name is among Python's manifests, by its language and its shape. Pure."""

from __future__ import annotations

from types import MappingProxyType

from registry_lsp.core.ports.manifest import Nameless
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT
from registry_lsp.ecosystems.pypi.manifests.scripts import SCRIPT
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import REQUIREMENTS
from registry_lsp.syntax.nodes import ArrayNode, TableNode
from registry_lsp.syntax.toml.scanner import scan_toml

SPOKEN = MappingProxyType(
    dict.fromkeys(("pip-requirements", "requirements", "requirementstxt"), REQUIREMENTS)
)
"""As VS Code and Emacs, Neovim, and Sublime Text call requirements files."""
_TOOLS = ("poetry", "uv", "pdm", "hatch")
_MARKS = ("project", "dependency-groups", "build-system", "tool")


def nameless(language: str, text: str) -> Nameless | None:
    """A requirements file where the language is theirs alone, a script where it has a block of
    metadata (PEP 723), a ``pyproject.toml`` where it has tables that nothing else has.
    """
    if language in SPOKEN:
        return Nameless(format=SPOKEN[language], file="requirements.txt")
    if language == "python" and SCRIPT.holds(text):
        return Nameless(format=SCRIPT, file="script.py")
    if language == "toml" and any(each in text for each in _MARKS) and _is_pyproject(text):
        return Nameless(format=PYPROJECT, file="pyproject.toml")
    return None


def _is_pyproject(text: str) -> bool:
    """By the tables of PEP 518, 621 and 735, and those of the tools. ``[project]`` alone is not
    enough beside ``[dependencies]``, which others have.
    """
    root = scan_toml(text)
    build, groups = root.table("build-system"), root.table("dependency-groups")
    if build is not None and isinstance(build.get("requires"), ArrayNode):
        return True
    if groups is not None and any(isinstance(each, ArrayNode) for _, each in groups.members):
        return True
    if any(root.section("tool", each) is not None for each in _TOOLS):
        return True
    project = root.table("project")
    if project is None or isinstance(root.get("dependencies"), TableNode):
        return False
    return bool(project.string("name")) or isinstance(project.get("dependencies"), ArrayNode)
